/* SPDX-License-Identifier: Apache-2.0 */
/* Values of a diagnosis document: texts, names, spans of time. */
#include <errno.h>

#include "rules/diagnosis_load.h"
#include "rules/kinds.h"

int limn_diagnosis_fail(LimnDiagnosisLoad *l, const LimnYaml *node, const char *help,
                        const char *what)
{
        return limn_yaml_error(l->file, node, l->diag, help, "%s", what);
}

int limn_diagnosis_text(LimnDiagnosisLoad *l, const LimnYaml *map, const char *key, bool required,
                        LimnSlice *ret)
{
        const LimnYaml *node = limn_yaml_get(map, key);
        if (!node || limn_yaml_is_null(node)) {
                if (!required)
                        return 0;
                return limn_yaml_error(l->file, map, l->diag, NULL, "\"%s\" is missing", key);
        }
        if (node->type != LIMN_YAML_SCALAR || node->scalar.n == 0)
                return limn_yaml_error(l->file, node, l->diag, NULL, "\"%s\" must be text", key);
        *ret = node->scalar;
        return 0;
}

int limn_diagnosis_template(LimnDiagnosisLoad *l, const LimnYaml *map, const char *key,
                            LimnTemplate *ret)
{
        LimnSlice text = LIMN_NONE;
        int r = limn_diagnosis_text(l, map, key, true, &text);
        if (r < 0)
                return r;
        return limn_template_load(ret, l->file, limn_yaml_get(map, key), l->arena, l->diag);
}

int limn_diagnosis_duration(LimnDiagnosisLoad *l, const LimnYaml *map, const char *key,
                            LimnDuration *ret)
{
        LimnSlice text = LIMN_NONE;
        int r = limn_diagnosis_text(l, map, key, false, &text);
        if (r < 0 || !text.p)
                return r;
        if (limn_slice_eq(text, LIMN_S("any"))) {
                *ret = LIMN_TIME_NONE;
                return 0;
        }
        if (!limn_duration_parse(text, ret))
                return limn_diagnosis_fail(l, limn_yaml_get(map, key),
                                           "a number and s, m, h or d, or \"any\"",
                                           "not a time span");
        return 0;
}

int limn_diagnosis_names(LimnDiagnosisLoad *l, const LimnYaml *map, const char *key,
                         const LimnSlice **ret, size_t *ret_n)
{
        const LimnYaml *node = limn_yaml_get(map, key);
        if (!node || limn_yaml_is_null(node))
                return 0;
        size_t n = node->type == LIMN_YAML_LIST ? node->n : 1;
        LimnSlice *names = limn_arena_new_of(l->arena, LimnSlice, n + 1);
        if (!names)
                return -ENOMEM;
        const LimnYaml *item = node->type == LIMN_YAML_LIST ? node->child : node;
        for (size_t i = 0; i < n; i++, item = item->next) {
                if (item->type != LIMN_YAML_SCALAR)
                        return limn_diagnosis_fail(l, item, NULL, "a name is expected");
                names[i] = item->scalar;
        }
        *ret = names;
        *ret_n = n;
        return 0;
}

int limn_severity_rank(LimnSlice word)
{
        static const char *const words[] = {"informational", "low", "medium", "high", "critical"};
        for (int i = 0; i < (int)(sizeof words / sizeof *words); i++)
                if (limn_slice_eq(word, limn_slice_str(words[i])))
                        return i;
        return -1;
}

int limn_diagnosis_severity(LimnDiagnosisLoad *l, const LimnYaml *map, bool required,
                            LimnSlice *ret)
{
        int r = limn_diagnosis_text(l, map, "severity", required, ret);
        if (r >= 0 && ret->p && limn_severity_rank(*ret) < 0)
                r = limn_diagnosis_fail(l, limn_yaml_get(map, "severity"),
                                        "critical, high, medium, low, informational",
                                        "not a severity");
        return r;
}
