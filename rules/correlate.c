/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "core/limits.h"
#include "rules/correlate_work.h"

/*
 * Each correlation in turn, inner before outer: gather the events of its rules, number their
 * groups and values, sort by group (in time order within), slide the window over each group.
 * Episodes are kept until all are known, since the order of output is by name.
 */

static int index_hits(LimnCorrelating *c)
{
        size_t n_rules = c->rules->n_detections, i;
        uint32_t *fill;

        c->start_of_rule = calloc(n_rules + 2, sizeof *c->start_of_rule);
        c->of_rule = calloc(c->n_hits + 1, sizeof *c->of_rule);
        if (!c->start_of_rule || !c->of_rule)
                return -ENOMEM;
        fill = c->start_of_rule + 1;
        for (i = 0; i < c->n_hits; i++)
                if (c->hits[i].time != LIMN_TIME_NONE && c->hits[i].rule < n_rules)
                        fill[c->hits[i].rule + 1]++;
        for (i = 1; i <= n_rules; i++)
                fill[i] += fill[i - 1];
        for (i = 0; i < c->n_hits; i++)
                if (c->hits[i].time != LIMN_TIME_NONE && c->hits[i].rule < n_rules)
                        c->of_rule[fill[c->hits[i].rule]++] = (uint32_t)i;
        return 0; /* start_of_rule[r] is now where r begins, start_of_rule[r + 1] where it ends */
}

static int slide_groups(LimnCorrWork *w)
{
        const LimnCorrelationType *type = w->rule->type;
        size_t n = w->events.n, start, end;
        uint32_t *by_rank = calloc(n + 1, sizeof *by_rank);
        void *state = calloc(1, type->state_size(w->rule, w->values.n));
        LimnCorrGroup group = {w->amounts.at, w->values.n, w->forbidden};
        int r;

        w->taken = calloc(n + 1, sizeof *w->taken);
        r = by_rank && state && w->taken ? 0 : -ENOMEM;
        for (start = 0; start < n && r == 0; start = end) {
                for (end = start + 1; end < n; end++)
                        if (w->events.at[end].group != w->events.at[start].group)
                                break;
                w->group = &w->events.at[start];
                limn_corr_forbid(w, w->group->group);
                r = limn_corr_rank(&w->events.at[start], end - start, by_rank);
                if (r == 0)
                        r = limn_episodes(w->rule, state, &group, w->group, end - start, by_rank,
                                          limn_corr_found, w);
                if (r == 0)
                        r = limn_corr_doubtful(w, end - start);
        }
        if (state && type->done)
                type->done(state, w->rule);
        free(state);
        free(by_rank);
        return r;
}

static int correlate_one(LimnCorrelating *c, const LimnCorrelation *rule)
{
        LimnCorrWork w = {.c = c, .rule = rule, .found = &c->found[rule->index]};
        int r;

        w.groups.width = rule->n_group_by;
        w.values.width = rule->n_fields;
        w.forbidden = calloc(rule->n_rules, sizeof *w.forbidden);
        r = w.forbidden ? limn_corr_gather(&w) : -ENOMEM;
        if (r == 0 && w.events.n)
                r = limn_corr_sort(&w);
        if (r == 0 && rule->quiet)
                r = limn_corr_quiet(&w);
        else if (r == 0 && w.events.n)
                r = slide_groups(&w);
        limn_corr_sort_found(w.found);
        free(w.events.at);
        free(w.absent.at);
        free(w.absent.least_last);
        free(w.amounts.at);
        free(w.amounts.is);
        free(w.forbidden);
        free(w.taken);
        free(w.steps);
        free(w.moments);
        limn_tuples_done(&w.groups);
        limn_tuples_done(&w.values);
        return r;
}

static int by_name(const void *a, const void *b)
{
        const LimnCorrelation *x = *(const LimnCorrelation *const *)a;
        const LimnCorrelation *y = *(const LimnCorrelation *const *)b;

        return limn_slice_cmp(x->name, y->name);
}

static int emit(LimnCorrelating *c, LimnEpisodeFn fn, void *arg)
{
        size_t n = c->rules->n_correlations, i, k;
        const LimnCorrelation **order = calloc(n + 1, sizeof *order);
        int r = 0;

        if (!order)
                return -ENOMEM;
        for (i = 0; i < n; i++)
                order[i] = c->rules->correlations[i];
        qsort(order, n, sizeof *order, by_name);
        for (i = 0; i < n && r == 0; i++) {
                const LimnFound *found = &c->found[order[i]->index];

                for (k = 0; k < found->n && r == 0; k++)
                        r = fn(arg, &found->at[k]);
        }
        free(order);
        return r;
}

int limn_correlate(const LimnRules *rules, const LimnHit *hits, size_t n_hits,
                   const LimnCovered *covered, size_t n_covered, LimnEpisodeFn fn, void *arg)
{
        LimnCorrelating c = {.rules = rules,
                             .hits = hits,
                             .n_hits = n_hits,
                             .covered = covered,
                             .n_covered = n_covered};
        size_t i;
        int r;

        if (rules->n_correlations == 0)
                return 0;
        for (i = 0; i < n_hits; i++)
                if (hits[i].uncertainty > c.doubt)
                        c.doubt = hits[i].uncertainty;
        c.found = calloc(rules->n_correlations, sizeof *c.found);
        c.arena = limn_arena_new(LIMN_EPISODES_ARENA_MAX);
        r = c.found && c.arena ? index_hits(&c) : -ENOMEM;
        for (i = 0; i < rules->n_correlations && r == 0; i++)
                r = correlate_one(&c, rules->correlations[i]);
        if (r == 0)
                r = emit(&c, fn, arg);
        for (i = 0; i < rules->n_correlations && c.found; i++)
                free(c.found[i].at);
        free(c.found);
        free(c.start_of_rule);
        free(c.of_rule);
        limn_arena_free(c.arena);
        return r;
}
