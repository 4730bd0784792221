/* SPDX-License-Identifier: Apache-2.0 */
/* The terms of a diagnosis document: what is asked for, and what it weighs. */
#include <errno.h>

#include "rules/diagnosis_load.h"

static int get_points(LimnDiagnosisLoad *l, const LimnYaml *term, double *ret)
{
        LimnSlice word = LIMN_NONE;
        int r = limn_diagnosis_text(l, term, "points", true, &word);
        if (r < 0)
                return r;
#define X(constant, name, points)                \
        if (limn_slice_eq(word, LIMN_S(name))) { \
                *ret = points;                   \
                return 0;                        \
        }
        LIMN_WEIGHTS(X)
#undef X
        return limn_diagnosis_fail(l, limn_yaml_get(term, "points"),
                                   "decisive, strong, supporting or weak", "not a weight");
}

static int get_when(LimnDiagnosisLoad *l, const LimnYaml *node, LimnTerm *term)
{
        static const struct {
                const char *key;
                LimnTermKind kind;
        } kinds[] = {
                {"rule", LIMN_TERM_RULE},
                {"episode", LIMN_TERM_EPISODE},
                {"absence", LIMN_TERM_ABSENCE},
                {"sql", LIMN_TERM_SQL},
        };
        static const char *const known[] = {"term",     "points", "text",   "rule",   "episode",
                                            "absence",  "sql",    "before", "after",  "same",
                                            "at_least", "needs",  "joins",  "entity", "unseen",
                                            "severity", NULL};
        int r = limn_yaml_known_keys(l->file, node, known, l->diag);
        if (r < 0)
                return r;
        const LimnYaml *found = NULL;
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
                const LimnYaml *value = limn_yaml_get(node, kinds[i].key);
                if (!value)
                        continue;
                if (found)
                        return limn_diagnosis_fail(l, value, NULL,
                                                   "a term has one of rule, episode, absence, sql");
                found = value;
                term->kind = kinds[i].kind;
        }
        if (!found)
                return limn_diagnosis_fail(l, node, NULL,
                                           "a term needs one of rule, episode, absence, sql");
        if (term->kind == LIMN_TERM_SQL)
                return limn_diagnosis_text(l, node, "sql", true, &term->sql);
        return limn_diagnosis_names(l, node, kinds[term->kind].key, &term->names, &term->n_names);
}

static int load_term(LimnDiagnosisLoad *l, const LimnYaml *node, LimnTerm *term)
{
        if (node->type != LIMN_YAML_MAP)
                return limn_diagnosis_fail(l, node, NULL, "a term is a map");
        *term = (LimnTerm){.before = LIMN_HOUR, .after = 10 * LIMN_MINUTE, .at_least = 1};
        int r = get_when(l, node, term);
        if (r >= 0)
                r = limn_diagnosis_text(l, node, "term", true, &term->name);
        if (r >= 0)
                r = get_points(l, node, &term->points);
        if (r >= 0)
                r = limn_diagnosis_template(l, node, "text", &term->text);
        if (r >= 0)
                r = limn_diagnosis_duration(l, node, "before", &term->before);
        if (r >= 0)
                r = limn_diagnosis_duration(l, node, "after", &term->after);
        if (r >= 0)
                r = limn_diagnosis_names(l, node, "same", &term->same, &term->n_same);
        if (r >= 0)
                r = limn_diagnosis_text(l, node, "entity", false, &term->entity);
        if (r >= 0)
                r = limn_diagnosis_text(l, node, "unseen", false, &term->unseen);
        if (r >= 0)
                r = limn_diagnosis_severity(l, node, false, &term->severity);
        if (r < 0)
                return r;
        const LimnYaml *joins = limn_yaml_get(node, "joins");
        if (joins && !limn_yaml_bool(joins, &term->joins))
                return limn_diagnosis_fail(l, joins, NULL, "\"joins\" is true or false");
        const LimnYaml *at_least = limn_yaml_get(node, "at_least");
        long long count = 1;
        if (at_least && (!limn_yaml_int(at_least, &count) || count < 1))
                return limn_diagnosis_fail(l, at_least, NULL,
                                           "at_least is a whole number from 1 on");
        term->at_least = (size_t)count;
        r = limn_diagnosis_names(l, node, "needs", &term->needs, &term->n_needs);
        if (r < 0)
                return r;
        if (term->kind == LIMN_TERM_ABSENCE && term->n_needs == 0)
                return limn_diagnosis_fail(
                        l, node, "needs: [mysql_error]",
                        "absence proves nothing unless some log was there to show it");
        return 0;
}

int limn_diagnosis_terms(LimnDiagnosisLoad *l, const LimnYaml *map, const char *key,
                         const LimnTerm **ret, size_t *ret_n)
{
        const LimnYaml *list = limn_yaml_get(map, key);
        if (!list || limn_yaml_is_null(list))
                return 0;
        if (list->type != LIMN_YAML_LIST)
                return limn_diagnosis_fail(l, list, NULL, "a list of terms is expected");
        LimnTerm *terms = limn_arena_new_of(l->arena, LimnTerm, list->n + 1);
        if (!terms)
                return -ENOMEM;
        size_t n = 0;
        for (const LimnYaml *item = list->child; item; item = item->next, n++) {
                int r = load_term(l, item, &terms[n]);
                if (r < 0)
                        return r;
                for (size_t i = 0; i < n; i++)
                        if (limn_slice_eq(terms[i].name, terms[n].name))
                                return limn_diagnosis_fail(l, item, NULL, "two terms of one name");
        }
        *ret = terms;
        *ret_n = n;
        return 0;
}
