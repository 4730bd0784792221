/* SPDX-License-Identifier: Apache-2.0 */
/* The key `repeat` of a detection's `limn:` block. */
#include <errno.h>

#include "rules/correlation.h"
#include "rules/extract.h"
#include "rules/loading.h"
#include "rules/repeat.h"
#include "rules/try.h"

static int names_load(LimnDetection *d, LimnRules *rules, const LimnYaml *map, const char *key,
                      LimnSlice **ret, size_t *ret_n, LimnDiag *diag)
{
        const LimnYaml *list = limn_yaml_get(map, key);
        int result = 0;

        if (!list)
                return 0;
        if (list->type != LIMN_YAML_LIST)
                return limn_yaml_error(d->file, list, diag, "[name, ...]", "%s is a list of names",
                                       key);
        *ret = limn_arena_new_of(rules->arena, LimnSlice, list->n + 1);
        if (!*ret)
                return -ENOMEM;
        for (const LimnYaml *name = list->child; name; name = name->next) {
                if (name->type == LIMN_YAML_SCALAR && name->scalar.n)
                        (*ret)[(*ret_n)++] = name->scalar;
                else
                        result = limn_yaml_error(d->file, name, diag, NULL, "%s is a list of names",
                                                 key);
        }
        return result;
}

/* What the engines read of each hit must be stored of each hit. */
static const char *means_more(const LimnMeaning *m)
{
        return m->instance_kind.p || m->role.p ? "instance"
               : m->n_facts                    ? "fact"
               : m->n_states                   ? "state"
               : m->n_anchors                  ? "anchor"
               : m->action.p                   ? "action"
                                               : NULL;
}

int limn_repeat_load(LimnDetection *d, LimnRules *rules, const LimnYaml *node, LimnDiag *diag)
{
        static const char *const known[] = {"by", "change", "follow", "until", "every", NULL};
        LimnRepeat *repeat = &d->meaning.repeat;
        const LimnYaml *every = limn_yaml_get(node, "every");
        const char *more = means_more(&d->meaning);
        int result = 0;

        if (!node)
                return 0;
        if (node->type != LIMN_YAML_MAP)
                return limn_yaml_error(d->file, node, diag, "repeat: {by: [flow_name]}",
                                       "repeat is a map");
        repeat->node = node;
        TRY(limn_yaml_known_keys(d->file, node, known, diag));
        TRY(names_load(d, rules, node, "by", &repeat->by, &repeat->n_by, diag));
        TRY(names_load(d, rules, node, "change", &repeat->change, &repeat->n_change, diag));
        TRY(names_load(d, rules, node, "follow", &repeat->follow, &repeat->n_follow, diag));
        TRY(names_load(d, rules, node, "until", &repeat->until, &repeat->n_until, diag));
        for (size_t i = 0; i < repeat->n_by; i++)
                TRY(limn_capture_add(d, repeat->by[i], rules->arena));
        for (size_t i = 0; i < repeat->n_change; i++)
                TRY(limn_capture_add(d, repeat->change[i], rules->arena));
        for (size_t i = 0; i < repeat->n_follow; i++)
                TRY(limn_capture_add(d, repeat->follow[i], rules->arena));
        if (repeat->n_follow > LIMN_RUN_FOLLOWS)
                result = limn_yaml_error(d->file, node, diag, NULL, "follow has at most %d names",
                                         LIMN_RUN_FOLLOWS);
        if (every && (every->type != LIMN_YAML_SCALAR ||
                      !limn_duration_parse(every->scalar, &repeat->every) || repeat->every <= 0))
                result = limn_yaml_error(d->file, every, diag, "1h", "every is a length of time");
        if (more)
                result = limn_yaml_error(d->file, node, diag, "leave one of the two out",
                                         "a rule with %s has no repeat: each of its hits is needed",
                                         more);
        return result;
}

static int add_end(LimnRules *rules, LimnDetection *closer, uint32_t repeated)
{
        uint32_t *at = limn_arena_new_of(rules->arena, uint32_t, closer->n_ends + 1);

        if (!at)
                return -ENOMEM;
        if (closer->n_ends)
                memcpy(at, closer->ends, closer->n_ends * sizeof *at);
        at[closer->n_ends++] = repeated;
        closer->ends = at;
        return 0;
}

static int link_until(LimnRules *rules, LimnDetection *d, LimnDiag *diag)
{
        const LimnRepeat *repeat = &d->meaning.repeat;
        int result = 0;

        for (size_t i = 0; i < repeat->n_until; i++) {
                const LimnDetection *closer = limn_rules_detection(rules, repeat->until[i]);

                if (closer)
                        TRY(add_end(rules, (LimnDetection *)(uintptr_t)closer, d->index));
                else if (!limn_loading_failed(rules, repeat->until[i]))
                        result = limn_yaml_error(d->file, repeat->node, diag,
                                                 "until lists names of detections",
                                                 "no rule is called \"%.*s\"",
                                                 LIMN_FMT(repeat->until[i]));
        }
        return result;
}

int limn_repeat_link(LimnRules *rules, LimnDiag *diag)
{
        int result = 0;

        for (size_t i = 0; i < rules->n_detections; i++)
                TRY(link_until(rules, &rules->loading->detections.at[i], diag));
        for (size_t i = 0; i < rules->n_correlations; i++) {
                const LimnCorrelation *c = rules->correlations[i];

                for (size_t k = 0; k < c->n_rules; k++) {
                        const LimnDetection *d = limn_rules_detection(rules, c->rules[k].name);

                        if (d && d->meaning.repeat.node)
                                result = limn_yaml_error(
                                        c->file, c->rules[k].node, diag,
                                        "take `repeat` out of that rule",
                                        "not every hit of %.*s is stored: it has `repeat`",
                                        LIMN_FMT(d->name));
                }
        }
        return result;
}
