/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/loading.h"

#include <errno.h>

#include "core/vec.h"

#define KIND(name) extern const LimnKind limn_kind_##name;
#include "rules/kinds.list"
#undef KIND

#define KIND(name) &limn_kind_##name,
const LimnKind *const limn_kinds[] = {
#include "rules/kinds.list"
        NULL,
};
#undef KIND

void limn_loading_done(struct LimnLoading *loading)
{
        for (size_t i = 0; i < loading->regexes.n; i++)
                limn_regex_free(loading->regexes.at[i]);
        free(loading->regexes.at);
        free(loading->detections.at);
        free(loading->filters.at);
        free(loading->by_id);
        limn_names_done(&loading->names);
        limn_names_done(&loading->failed);
}

/* Appends to an array of pointers in the arena, which doubles whenever it is full. */
static const void **append(LimnArena *arena, const void *const *at, size_t n)
{
        if (n >= 16 && (n & (n - 1)))
                return (const void **)(uintptr_t)at;
        if (n && n < 16)
                return (const void **)(uintptr_t)at;
        const void **more = limn_arena_new_of(arena, const void *, n ? n * 2 : 16);
        if (more && n)
                memcpy(more, at, n * sizeof *more);
        return more;
}

int limn_loading_add_correlation(LimnRules *rules, const LimnCorrelation *correlation)
{
        const void **at = append(rules->arena, (const void *const *)rules->correlations,
                                 rules->n_correlations);
        if (!at)
                return -ENOMEM;
        at[rules->n_correlations++] = correlation;
        rules->correlations = (const LimnCorrelation *const *)at;
        return 0;
}

int limn_loading_add_diagnosis(LimnRules *rules, const LimnDiagnosis *diagnosis)
{
        const void **at = append(rules->arena, (const void *const *)rules->diagnoses,
                                 rules->n_diagnoses);
        if (!at)
                return -ENOMEM;
        at[rules->n_diagnoses++] = diagnosis;
        rules->diagnoses = (const LimnDiagnosis *const *)at;
        return 0;
}

int limn_loading_claim(LimnRules *rules, const LimnYamlFile *file, const LimnYaml *node,
                       LimnSlice name, LimnDiag *diag)
{
        const LimnName *taken = limn_names_find(&rules->loading->names, name);
        if (taken)
                return limn_yaml_error(file, node, diag,
                                       "ids and names are unique over all rules that are loaded",
                                       "\"%.*s\" is taken by %s:%d", LIMN_FMT(name),
                                       ((const LimnYamlFile *)taken->file)->path, taken->line);
        return limn_names_add(&rules->loading->names, (LimnName){name, file, node->line});
}

int limn_loading_fail(LimnRules *rules, LimnSlice name)
{
        if (!name.p || limn_loading_failed(rules, name))
                return 0;
        return limn_names_add(&rules->loading->failed, (LimnName){.name = name});
}

bool limn_loading_failed(const LimnRules *rules, LimnSlice name)
{
        return limn_names_find(&rules->loading->failed, name) != NULL;
}

int limn_loading_own(LimnRules *rules, LimnRegex *regex)
{
        int r = limn_vec_room(&rules->loading->regexes);
        if (r < 0) {
                limn_regex_free(regex);
                return r;
        }
        rules->loading->regexes.at[rules->loading->regexes.n++] = regex;
        return 0;
}
