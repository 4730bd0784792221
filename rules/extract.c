/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/extract.h"

#include <errno.h>

#include "core/ascii.h"
#include "core/limits.h"
#include "rules/loading.h"

int limn_capture_add(LimnDetection *detection, LimnSlice name, LimnArena *arena)
{
        for (size_t i = 0; i < detection->n_captures; i++)
                if (limn_slice_eq(detection->captures[i], name))
                        return 0;
        size_t n = detection->n_captures;
        LimnSlice *at = (LimnSlice *)(uintptr_t)detection->captures;
        if (n % 8 == 0) {
                at = limn_arena_new_of(arena, LimnSlice, n + 8);
                if (!at)
                        return -ENOMEM;
                if (n)
                        memcpy(at, detection->captures, n * sizeof *at);
                detection->captures = at;
        }
        at[n] = name;
        detection->n_captures = n + 1;
        return 0;
}

int limn_capture_template(LimnDetection *detection, const LimnTemplate *t, LimnArena *arena)
{
        int r = 0;
        for (size_t i = 0; i < t->n && r == 0; i++)
                if (t->parts[i].name.p)
                        r = limn_capture_add(detection, t->parts[i].name, arena);
        return r;
}

int limn_loading_capture(LimnRules *rules, uint32_t detection, LimnSlice name)
{
        return limn_capture_add((LimnDetection *)(uintptr_t)&rules->detections[detection], name,
                                rules->arena);
}

static int extract_load(struct LimnExtract *ret, LimnDetection *detection, LimnRules *rules,
                        const LimnYaml *node, LimnDiag *diag)
{
        static const char *const known[] = {"field", "re", NULL};
        const LimnYamlFile *file = detection->file;
        if (node->type != LIMN_YAML_MAP)
                return limn_yaml_error(file, node, diag,
                                       "- field: message, and below it re: '(?<name>...)'",
                                       "an entry of extract is a map");
        int r = limn_yaml_known_keys(file, node, known, diag);
        if (r < 0)
                return r;
        const LimnYaml *field = limn_yaml_get(node, "field"), *re = limn_yaml_get(node, "re");
        if (field && (field->type != LIMN_YAML_SCALAR || field->scalar.n == 0))
                return limn_yaml_error(file, field, diag, NULL, "field is the name of a field");
        if (!re || re->type != LIMN_YAML_SCALAR)
                return limn_yaml_error(file, node, diag, "add re: '(?<name>...)'",
                                       "an entry of extract needs a regex");
        ret->field = limn_field_ref(field ? field->scalar : LIMN_S("message"));
        ret->node = node;
        LimnRegex *regex;
        LimnDiag *inner = limn_diag_new();
        r = limn_regex_new(&regex, re->scalar, 0, inner);
        if (r == -EINVAL) {
                const LimnMessage *m = limn_diag_at(inner, 0);
                limn_yaml_error(file, re, diag, NULL, "extract: bad pattern: %s",
                                m && m->why    ? m->why
                                : m && m->what ? m->what
                                               : "it does not compile");
        }
        limn_diag_free(inner);
        if (r == 0)
                r = limn_loading_own(rules, regex);
        if (r < 0)
                return r;
        ret->regex = regex;
        size_t n = limn_regex_names(regex);
        if (n == 0)
                return limn_yaml_error(file, re, diag, "name what it finds: (?<binlog_file>...)",
                                       "the pattern has no named group");
        for (size_t i = 0; i < n && r == 0; i++)
                r = limn_capture_add(detection, limn_regex_name(regex, i), rules->arena);
        return r;
}

/* `name` or `name as other` */
static int copy_load(struct LimnCopy *ret, LimnDetection *detection, LimnRules *rules,
                     const LimnYaml *node, LimnDiag *diag)
{
        LimnSlice text = node->type == LIMN_YAML_SCALAR ? limn_slice_trim(node->scalar) : LIMN_NONE;
        LimnSlice as = text;
        size_t at = limn_slice_find(text, LIMN_S(" as "));
        if (at < text.n) {
                as = limn_slice_trim(limn_slice_from(text, at + 4));
                text = limn_slice_trim(limn_slice_to(text, at));
        }
        if (text.n == 0 || as.n == 0)
                return limn_yaml_error(detection->file, node, diag, "user, or: user as account",
                                       "capture lists names of the event's fields");
        ret->from = limn_field_ref(text);
        ret->as = as;
        return limn_capture_add(detection, as, rules->arena);
}

static int set_load(struct LimnSet *ret, LimnDetection *detection, LimnRules *rules,
                    const LimnYaml *node, LimnDiag *diag)
{
        ret->named.name = node->key;
        int r = limn_template_load(&ret->named.value, detection->file, node, rules->arena, diag);
        if (r == 0)
                r = limn_capture_template(detection, &ret->named.value, rules->arena);
        return r < 0 ? r : limn_capture_add(detection, node->key, rules->arena);
}

/* Loads each child with `load`; all errors are reported. */
#define EACH(node, load, array, count)                                                       \
        do {                                                                                 \
                (array) = limn_arena_calloc(rules->arena, sizeof *(array) * ((node)->n + 1)); \
                if (!(array))                                                                \
                        return -ENOMEM;                                                      \
                for (const LimnYaml *c = (node)->child; c; c = c->next) {                    \
                        int e = load(&(array)[(count)++], detection, rules, c, diag);        \
                        if (e == -ENOMEM)                                                    \
                                return e;                                                    \
                        if (e < 0)                                                           \
                                result = e;                                                  \
                }                                                                            \
        } while (0)

static int typed(const LimnDetection *detection, const LimnYaml *node, LimnYamlType type,
                 const char *what, LimnDiag *diag)
{
        return !node || node->type == type
                       ? 0
                       : limn_yaml_error(detection->file, node, diag, NULL, "%s", what);
}

int limn_extraction_load(LimnDetection *detection, LimnRules *rules, const LimnYaml *limn,
                         LimnDiag *diag)
{
        LimnExtraction *x = limn_arena_new_of(rules->arena, LimnExtraction, 1);
        if (!x)
                return -ENOMEM;
        detection->extraction = x;
        const LimnYaml *extract = limn_yaml_get(limn, "extract");
        const LimnYaml *capture = limn_yaml_get(limn, "capture");
        const LimnYaml *set = limn_yaml_get(limn, "set");
        int result = 0;
        if (typed(detection, extract, LIMN_YAML_LIST, "extract is a list", diag) < 0 ||
            typed(detection, capture, LIMN_YAML_LIST, "capture is a list of names", diag) < 0 ||
            typed(detection, set, LIMN_YAML_MAP, "set is a map of names and texts", diag) < 0)
                return -EINVAL;
        if (extract)
                EACH(extract, extract_load, x->extracts, x->n_extracts);
        if (capture)
                EACH(capture, copy_load, x->copies, x->n_copies);
        if (set)
                EACH(set, set_load, x->sets, x->n_sets);
        return result;
}

static int by_name(const void *a, const void *b)
{
        return limn_slice_cmp(*(const LimnSlice *)a, *(const LimnSlice *)b);
}

static uint32_t slot_of(const LimnDetection *detection, LimnSlice name)
{
        const LimnSlice *found = bsearch(&name, detection->captures, detection->n_captures,
                                         sizeof name, by_name);
        return (uint32_t)(found - detection->captures);
}

int limn_extraction_finish(LimnDetection *detection, LimnArena *arena)
{
        LimnExtraction *x = (LimnExtraction *)(uintptr_t)detection->extraction;
        size_t n = detection->n_captures;
        if (n)
                qsort((LimnSlice *)(uintptr_t)detection->captures, n, sizeof(LimnSlice), by_name);
        x->fallback = limn_arena_new_of(arena, LimnFieldRef, n + 1);
        if (!x->fallback)
                return -ENOMEM;
        for (size_t i = 0; i < n; i++)
                x->fallback[i] = limn_field_ref(detection->captures[i]);
        for (size_t i = 0; i < x->n_extracts; i++) {
                struct LimnExtract *e = &x->extracts[i];
                size_t groups = limn_regex_names(e->regex);
                e->slot = limn_arena_new_of(arena, uint32_t, groups);
                if (!e->slot)
                        return -ENOMEM;
                for (size_t g = 0; g < groups; g++) {
                        e->slot[g] = slot_of(detection, limn_regex_name(e->regex, g));
                        x->fallback[e->slot[g]].name = LIMN_NONE;
                }
        }
        for (size_t i = 0; i < x->n_copies; i++) {
                x->copies[i].slot = slot_of(detection, x->copies[i].as);
                x->fallback[x->copies[i].slot].name = LIMN_NONE;
        }
        for (size_t i = 0; i < x->n_sets; i++)
                x->sets[i].slot = slot_of(detection, x->sets[i].named.name);
        return 0;
}

static int first_value(const LimnFieldRef *ref, const LimnEvent *event, LimnArena *arena,
                       LimnSlice *ret)
{
        LimnFieldWalk walk = LIMN_FIELD_WALK(ref, event);
        LimnSlice value;
        while (limn_field_next(&walk, &value)) {
                if (!value.p)
                        continue;
                *ret = value.p == walk.scratch ? limn_arena_dup(arena, value) : value;
                return ret->p ? 0 : -ENOMEM;
        }
        return 0;
}

static int run_regexes(const LimnExtraction *x, const LimnEvent *event, LimnRegexScratch *scratch,
                       LimnArena *arena, LimnField *fields)
{
        for (size_t i = 0; i < x->n_extracts; i++) {
                const struct LimnExtract *e = &x->extracts[i];
                LimnFieldWalk walk = LIMN_FIELD_WALK(&e->field, event);
                LimnSlice subject;
                while (limn_field_next(&walk, &subject)) {
                        if (!subject.p)
                                continue;
                        int r = limn_regex_match(e->regex, scratch, subject);
                        if (r < 0)
                                return r;
                        if (r != LIMN_REGEX_YES)
                                continue;
                        size_t groups = limn_regex_names(e->regex);
                        for (size_t g = 0; g < groups; g++) {
                                LimnSlice value = limn_regex_group(e->regex, scratch, subject, g);
                                LimnSlice *to = &fields[e->slot[g]].value;
                                if (!value.p || to->p)
                                        continue;
                                *to = subject.p == walk.scratch ? limn_arena_dup(arena, value)
                                                                : value;
                                if (!to->p)
                                        return -ENOMEM;
                        }
                        break;
                }
        }
        return 0;
}

static int run_sets(const LimnExtraction *x, LimnArena *arena, LimnField *fields, size_t n)
{
        LimnBuf buf = LIMN_BUF(LIMN_RECORD_ARENA_MAX);
        for (size_t i = 0; i < x->n_sets; i++) {
                limn_buf_clear(&buf);
                if (!limn_template_expand(&x->sets[i].named.value, fields, n, &buf))
                        continue;
                LimnSlice *to = &fields[x->sets[i].slot].value;
                *to = buf.error ? LIMN_NONE : limn_arena_dup(arena, limn_buf_slice(&buf));
                if (!to->p) {
                        limn_buf_done(&buf);
                        return -ENOMEM;
                }
        }
        limn_buf_done(&buf);
        return 0;
}

int limn_extraction_run(const LimnDetection *detection, const LimnEvent *event,
                        LimnRegexScratch *scratch, LimnArena *arena, LimnField *ret, size_t *ret_n)
{
        const LimnExtraction *x = detection->extraction;
        size_t n = detection->n_captures;
        for (size_t i = 0; i < n; i++)
                ret[i] = (LimnField){.name = detection->captures[i]};
        int r = run_regexes(x, event, scratch, arena, ret);
        for (size_t i = 0; i < x->n_copies && r == 0; i++)
                if (!ret[x->copies[i].slot].value.p)
                        r = first_value(&x->copies[i].from, event, arena,
                                        &ret[x->copies[i].slot].value);
        for (size_t i = 0; i < n && r == 0; i++)
                if (!ret[i].value.p && x->fallback[i].name.p)
                        r = first_value(&x->fallback[i], event, arena, &ret[i].value);
        if (r == 0)
                r = run_sets(x, arena, ret, n);
        if (r < 0)
                return r;
        size_t kept = 0;
        for (size_t i = 0; i < n; i++)
                if (ret[i].value.p)
                        ret[kept++] = ret[i];
        *ret_n = kept;
        return 0;
}
