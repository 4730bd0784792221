/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/meaning.h"

#include <errno.h>

#include "rules/extract.h"
#include "rules/repeat.h"
#include "rules/try.h"

typedef struct Loader {
        LimnDetection *detection;
        LimnRules *rules;
        const LimnYamlFile *file;
        LimnDiag *diag;
} Loader;

static int bad(Loader *l, const LimnYaml *node, const char *help, const char *what)
{
        return limn_yaml_error(l->file, node, l->diag, help, "%s", what);
}

static int template_load(Loader *l, const LimnYaml *map, const LimnYaml *node, const char *key,
                         LimnTemplate *ret)
{
        if (!node)
                return limn_yaml_error(l->file, map, l->diag, NULL, "%s is missing", key);
        int r = limn_template_load(ret, l->file, node, l->rules->arena, l->diag);
        return r < 0 ? r : limn_capture_template(l->detection, ret, l->rules->arena);
}

static int word_load(Loader *l, const LimnYaml *map, const char *key, LimnSlice *ret)
{
        const LimnYaml *node = limn_yaml_get(map, key);
        if (!node)
                return limn_yaml_error(l->file, map, l->diag, NULL, "%s is missing", key);
        if (node->type != LIMN_YAML_SCALAR || node->scalar.n == 0)
                return limn_yaml_error(l->file, node, l->diag, NULL, "%s is a word", key);
        *ret = node->scalar;
        return 0;
}

static int one_of(Loader *l, const LimnYaml *node, const char *const *words, const char *help)
{
        for (size_t i = 0; words[i]; i++)
                if (node->type == LIMN_YAML_SCALAR &&
                    limn_slice_eq(node->scalar, limn_slice_str(words[i])))
                        return 0;
        return limn_yaml_error(l->file, node, l->diag, help, "unknown %.*s \"%.*s\"",
                               LIMN_FMT(node->key), LIMN_FMT(node->scalar));
}

static int instance_load(Loader *l, const LimnYaml *node)
{
        static const char *const known[] = {"kind", "role", "keys", NULL};
        static const char *const kinds[] = {"mysqld", "gateway", "pipeline", NULL};
        static const char *const roles[] = {"source", "replica", "target", NULL};
        LimnMeaning *m = &l->detection->meaning;
        int result = 0;
        if (node->type != LIMN_YAML_MAP)
                return bad(l, node, "instance: {kind: mysqld, keys: {port: \"{port}\"}}",
                           "instance is a map");
        TRY(limn_yaml_known_keys(l->file, node, known, l->diag));
        const LimnYaml *kind = limn_yaml_get(node, "kind"), *role = limn_yaml_get(node, "role");
        const LimnYaml *keys = limn_yaml_get(node, "keys");
        TRY(word_load(l, node, "kind", &m->instance_kind));
        if (kind)
                TRY(one_of(l, kind, kinds, "mysqld, gateway or pipeline"));
        if (role) {
                TRY(one_of(l, role, roles, "source, replica or target"));
                m->role = role->scalar;
        }
        if (!keys)
                return result;
        if (keys->type != LIMN_YAML_MAP)
                return bad(l, keys, NULL, "keys is a map of names and texts");
        m->keys = limn_arena_new_of(l->rules->arena, LimnNamed, keys->n + 1);
        if (!m->keys)
                return -ENOMEM;
        for (const LimnYaml *c = keys->child; c; c = c->next) {
                LimnNamed *named = &m->keys[m->n_keys++];
                named->name = c->key;
                TRY(template_load(l, keys, c, "", &named->value));
        }
        return result;
}

static int fact_load(Loader *l, const LimnYaml *node, struct LimnFactOf *ret)
{
        static const char *const known[] = {"key", "value", NULL};
        int result = limn_yaml_known_keys(l->file, node, known, l->diag);
        TRY(template_load(l, node, limn_yaml_get(node, "key"), "key", &ret->key));
        TRY(template_load(l, node, limn_yaml_get(node, "value"), "value", &ret->value));
        return result;
}

static int state_load(Loader *l, const LimnYaml *node, struct LimnStateOf *ret)
{
        static const char *const known[] = {"kind", "entity", "state", "from", NULL};
        int result = limn_yaml_known_keys(l->file, node, known, l->diag);
        const LimnYaml *entity = limn_yaml_get(node, "entity");
        const LimnYaml *from = limn_yaml_get(node, "from");
        TRY(word_load(l, node, "kind", &ret->kind));
        if (entity)
                TRY(template_load(l, node, entity, "entity", &ret->entity));
        if (from)
                TRY(template_load(l, node, from, "from", &ret->from));
        TRY(template_load(l, node, limn_yaml_get(node, "state"), "state", &ret->state));
        return result;
}

static int anchor_load(Loader *l, const LimnYaml *node, struct LimnAnchorOf *ret)
{
        static const char *const known[] = {"name", "key", NULL};
        int result = limn_yaml_known_keys(l->file, node, known, l->diag);
        TRY(word_load(l, node, "name", &ret->name));
        TRY(template_load(l, node, limn_yaml_get(node, "key"), "key", &ret->key));
        return result;
}

/* A list of maps, each read by `load` into a row of `at`. */
#define ROWS(limn, key, at, count, load)                                                    \
        do {                                                                                \
                const LimnYaml *list = limn_yaml_get(limn, key);                            \
                if (!list)                                                                  \
                        break;                                                              \
                if (list->type != LIMN_YAML_LIST) {                                         \
                        result = bad(l, list, "- {...}", key " is a list of maps");         \
                        break;                                                              \
                }                                                                           \
                (at) = limn_arena_calloc(l->rules->arena, sizeof *(at) * (list->n + 1));    \
                if (!(at))                                                                  \
                        return -ENOMEM;                                                     \
                for (const LimnYaml *c = list->child; c; c = c->next) {                     \
                        if (c->type != LIMN_YAML_MAP)                                       \
                                result = bad(l, c, "- {...}", key " is a list of maps");    \
                        else                                                                \
                                TRY(load(l, c, &(at)[(count)++]));                          \
                }                                                                           \
        } while (0)

static int parts_load(Loader *l, const LimnYaml *limn)
{
        LimnMeaning *m = &l->detection->meaning;
        int result = 0;
        const LimnYaml *instance = limn_yaml_get(limn, "instance");
        const LimnYaml *action = limn_yaml_get(limn, "action");
        const LimnYaml *noise = limn_yaml_get(limn, "noise");
        const LimnYaml *vague = limn_yaml_get(limn, "vague");
        const LimnYaml *explain = limn_yaml_get(limn, "explain");
        if (instance)
                TRY(instance_load(l, instance));
        ROWS(limn, "fact", m->facts, m->n_facts, fact_load);
        ROWS(limn, "state", m->states, m->n_states, state_load);
        ROWS(limn, "anchor", m->anchors, m->n_anchors, anchor_load);
        if (action)
                TRY(word_load(l, limn, "action", &m->action));
        if (noise && !limn_yaml_bool(noise, &m->noise))
                result = bad(l, noise, NULL, "noise is true or false");
        if (vague && !limn_yaml_bool(vague, &m->vague))
                result = bad(l, vague, NULL, "vague is true or false");
        if (explain)
                TRY(template_load(l, limn, explain, "explain", &m->explain));
        return result;
}

static int tests_load(Loader *l, const LimnYaml *tests)
{
        static const char *const known[] = {"match", "nomatch", "format", NULL};
        int result = 0;
        if (tests->type != LIMN_YAML_MAP)
                return bad(l, tests, "tests: {match: [...], nomatch: [...]}", "tests is a map");
        TRY(limn_yaml_known_keys(l->file, tests, known, l->diag));
        for (const LimnYaml *list = tests->child; list; list = list->next) {
                bool format = limn_slice_eq(list->key, LIMN_S("format"));
                if (list->type != (format ? LIMN_YAML_SCALAR : LIMN_YAML_LIST))
                        result = bad(l, list, NULL,
                                     format ? "format is the name of a format"
                                            : "match and nomatch are lists of records");
        }
        return result;
}

int limn_meaning_load(LimnDetection *detection, LimnRules *rules, const LimnYaml *limn,
                      LimnDiag *diag)
{
        static const char *const known[] = {"extract", "capture", "set",    "instance",
                                            "fact",    "state",   "anchor", "action",
                                            "noise",   "vague",   "explain", "repeat",
                                            "tests",   NULL};
        Loader l = {detection, rules, detection->file, diag};
        int result = 0;
        if (limn && limn->type != LIMN_YAML_MAP)
                return bad(&l, limn, "docs/rules.md lists its keys", "limn is a map");
        if (limn)
                TRY(limn_yaml_known_keys(l.file, limn, known, diag));
        TRY(limn_extraction_load(detection, rules, limn, diag));
        TRY(parts_load(&l, limn));
        TRY(limn_repeat_load(detection, rules, limn_yaml_get(limn, "repeat"), diag));
        detection->meaning.tests = limn_yaml_get(limn, "tests");
        if (detection->meaning.tests)
                TRY(tests_load(&l, detection->meaning.tests));
        return result;
}
