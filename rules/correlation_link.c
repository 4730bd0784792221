/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "core/limits.h"
#include "rules/correlation_link.h"

const LimnCorrelation *limn_rules_correlation(const LimnRules *rules, LimnSlice name_or_id)
{
        size_t i;

        for (i = 0; i < rules->n_correlations; i++)
                if (limn_slice_eq(rules->correlations[i]->name, name_or_id) ||
                    (rules->correlations[i]->id.p &&
                     limn_slice_eq(rules->correlations[i]->id, name_or_id)))
                        return rules->correlations[i];
        return NULL;
}

static int link_names(LimnRules *rules, LimnCorrelation *c, LimnDiag *diag)
{
        size_t i, k;

        for (i = 0; i < c->n_rules; i++) {
                LimnCorrelated *named = &c->rules[i];
                const LimnDetection *detection = limn_rules_detection(rules, named->name);
                const LimnCorrelation *inner = limn_rules_correlation(rules, named->name);

                if (!detection && !inner) {
                        if (limn_loading_failed(rules, named->name))
                                return -EINVAL;
                        return limn_yaml_error(c->file, named->node, diag, NULL,
                                               "there is no rule %.*s", LIMN_FMT(named->name));
                }
                named->is_correlation = !detection;
                named->index = detection ? detection->index : inner->index;
                for (k = 0; k < i; k++)
                        if (c->rules[k].is_correlation == named->is_correlation &&
                            c->rules[k].index == named->index)
                                return limn_yaml_error(c->file, named->node, diag, NULL,
                                                       "rule %.*s is named twice",
                                                       LIMN_FMT(named->name));
        }
        return 0;
}

static int ask_captures(LimnRules *rules, const LimnCorrelation *c)
{
        size_t i, k;
        int e = 0;

        for (i = 0; i < c->n_rules; i++) {
                if (c->rules[i].is_correlation)
                        continue;
                for (k = 0; k < c->n_group_by && e == 0; k++)
                        e = limn_loading_capture(rules, c->rules[i].index, c->rules[i].group[k]);
                for (k = 0; k < c->n_fields && e == 0; k++)
                        e = limn_loading_capture(rules, c->rules[i].index, c->rules[i].values[k]);
        }
        return e;
}

/*
 * Depth of each: 0 when it names no correlation, else one above the deepest it names. Repeated
 * passes settle in as many rounds as the deepest chain is long; a circle never does.
 */
static int settle_depths(LimnRules *rules, size_t *depth, LimnDiag *diag)
{
        size_t n = rules->n_correlations, round, i, k;
        const LimnCorrelation *moved = NULL;

        for (round = 0; round <= LIMN_CORRELATION_DEPTH_MAX; round++) {
                moved = NULL;
                for (i = 0; i < n; i++) {
                        const LimnCorrelation *c = rules->correlations[i];
                        size_t d = 0;

                        for (k = 0; k < c->n_rules; k++)
                                if (c->rules[k].is_correlation &&
                                    depth[c->rules[k].index] + 1 > d)
                                        d = depth[c->rules[k].index] + 1;
                        if (d > depth[i]) {
                                depth[i] = d;
                                moved = c;
                        }
                }
                if (!moved)
                        return 0;
        }
        return limn_yaml_error(moved->file, moved->rules[0].node, diag, NULL,
                               "correlation %.*s names itself, through others or at once, or "
                               "stands above more than %d others",
                               LIMN_FMT(moved->name), LIMN_CORRELATION_DEPTH_MAX);
}

static int cmp_by_name(const void *a, const void *b)
{
        const LimnCorrelation *x = *(const LimnCorrelation *const *)a;
        const LimnCorrelation *y = *(const LimnCorrelation *const *)b;

        return limn_slice_cmp(x->name, y->name);
}

/* Numbers them in the order of the list. The objects are ours; the list hands them out const. */
static void number_all(LimnRules *rules)
{
        size_t i;

        for (i = 0; i < rules->n_correlations; i++)
                ((LimnCorrelation *)(uintptr_t)rules->correlations[i])->index = (uint32_t)i;
}

/* By depth, then name; `sorted` is by name already. */
static void order_by_depth(const LimnRules *rules, const size_t *depth,
                           const LimnCorrelation **ret)
{
        size_t n = rules->n_correlations, filled = 0, level, i;

        for (level = 0; filled < n; level++)
                for (i = 0; i < n; i++)
                        if (depth[i] == level)
                                ret[filled++] = rules->correlations[i];
}

int limn_correlation_link(LimnRules *rules, LimnArena *arena, LimnDiag *diag)
{
        size_t n = rules->n_correlations, i, k;
        const LimnCorrelation **list = limn_arena_new_of(arena, const LimnCorrelation *, n + 1);
        const LimnCorrelation **ordered = limn_arena_new_of(arena, const LimnCorrelation *, n + 1);
        size_t *depth = limn_arena_new_of(arena, size_t, n + 1);
        int worst = 0, e;

        if (!list || !ordered || !depth)
                return -ENOMEM;
        for (i = 0; i < n; i++)
                list[i] = rules->correlations[i];
        qsort(list, n, sizeof *list, cmp_by_name);
        rules->correlations = list;
        number_all(rules);
        for (i = 0; i < n; i++) {
                e = link_names(rules, (LimnCorrelation *)(uintptr_t)list[i], diag);
                if (e == 0)
                        e = ask_captures(rules, list[i]);
                if (e == -ENOMEM)
                        return e;
                worst = worst ? worst : e;
        }
        if (worst < 0)
                return worst;
        e = settle_depths(rules, depth, diag);
        if (e < 0)
                return e;
        order_by_depth(rules, depth, ordered);
        rules->correlations = ordered;
        number_all(rules);
        for (i = 0; i < n; i++)
                for (k = 0; k < ordered[i]->n_rules; k++)
                        if (ordered[i]->rules[k].is_correlation) /* list: index before */
                                ordered[i]->rules[k].index =
                                        list[ordered[i]->rules[k].index]->index;
        return 0;
}

static bool generates(const LimnRules *rules, bool is_correlation, uint32_t index)
{
        bool named = false;
        size_t i, k;

        for (i = 0; i < rules->n_correlations; i++) {
                const LimnCorrelation *c = rules->correlations[i];

                for (k = 0; k < c->n_rules; k++) {
                        if (c->rules[k].is_correlation != is_correlation ||
                            c->rules[k].index != index)
                                continue;
                        if (c->generate)
                                return true;
                        named = true;
                }
        }
        return !named;
}

bool limn_detection_generates(const LimnRules *rules, uint32_t detection)
{
        return generates(rules, false, detection);
}

bool limn_correlation_generates(const LimnRules *rules, uint32_t correlation)
{
        return generates(rules, true, correlation);
}
