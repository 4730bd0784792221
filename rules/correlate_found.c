/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "core/vec.h"
#include "rules/correlate_work.h"

static LimnMoment moment(const LimnHit *hit)
{
        return (LimnMoment){hit->time, hit->uncertainty, hit->source, hit->offset};
}

static LimnStep step_of(const LimnCorrWork *w, const LimnCorrEvent *e)
{
        const LimnEpisode *inner = limn_corr_inner(w, e);
        const LimnHit *first = inner ? inner->hits[0] : &w->c->hits[e->hit];
        const LimnHit *last = inner ? inner->hits[inner->n_hits - 1] : first;

        return (LimnStep){e->rule, moment(first), moment(last)};
}

/* The opening's outermost moments: steps are by beginning, ends are not. */
static bool edge_in_doubt(const LimnCorrWork *w, size_t opened)
{
        const LimnMoment *last = &w->steps[0].last;
        size_t i;

        for (i = 1; i < opened; i++)
                if (w->steps[i].last.time >= last->time)
                        last = &w->steps[i].last;
        return !limn_surely_within(&w->steps[0].first, last, w->rule->timespan);
}

/* Judged by what opened it: later hits only prolong. */
static int ambiguous(LimnCorrWork *w, const LimnRun *run, bool *ret)
{
        size_t n = run->opened, i;

        if (n > w->steps_cap) {
                LimnStep *steps = reallocarray(w->steps, n, sizeof *steps);
                LimnMoment *moments;

                if (!steps)
                        return -ENOMEM;
                w->steps = steps;
                moments = reallocarray(w->moments, n * 2, sizeof *moments);
                if (!moments)
                        return -ENOMEM;
                w->moments = moments;
                w->steps_cap = n;
        }
        *ret = false;
        for (i = 0; i < n; i++) {
                const LimnEpisode *inner = limn_corr_inner(w, &w->group[run->at[i]]);

                w->steps[i] = step_of(w, &w->group[run->at[i]]);
                *ret |= inner && inner->ambiguous;
        }
        if (w->rule->type->ordered)
                *ret |= !limn_surely_ordered(w->steps, n, w->rule->n_rules, w->moments);
        *ret |= edge_in_doubt(w, n);
        return 0;
}

static int by_pointer(const void *a, const void *b)
{
        const LimnHit *x = *(const LimnHit *const *)a, *y = *(const LimnHit *const *)b;

        return (x > y) - (x < y);
}

/* The hits of the run, inner ones included, in order and once each. */
static int collect(LimnCorrWork *w, const LimnRun *run, LimnEpisode *episode)
{
        const LimnHit **hits;
        size_t n = 0, i, k;
        bool sorted = true;

        for (i = 0; i < run->n; i++) {
                const LimnEpisode *inner = limn_corr_inner(w, &w->group[run->at[i]]);

                n += inner ? inner->n_hits : 1;
        }
        hits = limn_arena_alloc(w->c->arena, n * sizeof *hits);
        if (!hits)
                return -ENOMEM;
        for (n = 0, i = 0; i < run->n; i++) {
                const LimnCorrEvent *e = &w->group[run->at[i]];
                const LimnEpisode *inner = limn_corr_inner(w, e);

                for (k = 0; inner && k < inner->n_hits; k++)
                        hits[n++] = inner->hits[k];
                if (!inner)
                        hits[n++] = &w->c->hits[e->hit];
        }
        for (i = 1; i < n && sorted; i++)
                sorted = hits[i - 1] < hits[i];
        if (!sorted) {
                qsort(hits, n, sizeof *hits, by_pointer);
                for (i = 1, k = 1; i < n; i++)
                        if (hits[i] != hits[k - 1])
                                hits[k++] = hits[i];
                n = n ? k : 0;
        }
        episode->hits = hits;
        episode->n_hits = n;
        return 0;
}

int limn_corr_found(void *arg, const LimnRun *run)
{
        LimnCorrWork *w = arg;
        LimnEpisode episode = {.rule = w->rule, .n_group = w->rule->n_group_by};
        const LimnCorrEvent *first = &w->group[run->at[0]];
        LimnField *group;
        size_t i;
        int r;

        r = ambiguous(w, run, &episode.ambiguous);
        if (r == 0)
                r = collect(w, run, &episode);
        if (r < 0)
                return r;
        episode.first = episode.last = first->first;
        for (i = 0; i < run->n; i++)
                if (w->group[run->at[i]].last > episode.last)
                        episode.last = w->group[run->at[i]].last;
        group = limn_arena_new_of(w->c->arena, LimnField, episode.n_group + 1);
        if (!group || limn_vec_room(w->found) < 0)
                return -ENOMEM;
        for (i = 0; i < episode.n_group; i++)
                group[i] = (LimnField){w->rule->group_by[i],
                                       w->groups.at[first->group * w->groups.width + i]};
        episode.group = group;
        w->found->at[w->found->n++] = episode;
        return 0;
}

/* By first time, then group, then what is left: one rule's episodes never share all of it. */
static int by_first_then_group(const void *a, const void *b)
{
        const LimnEpisode *x = a, *y = b;
        size_t i;

        if (x->first != y->first)
                return (x->first > y->first) - (x->first < y->first);
        for (i = 0; i < x->n_group; i++) {
                int c = limn_slice_cmp(x->group[i].value, y->group[i].value);

                if (c)
                        return c;
        }
        if (x->last != y->last)
                return (x->last > y->last) - (x->last < y->last);
        return (x->hits[0] > y->hits[0]) - (x->hits[0] < y->hits[0]);
}

void limn_corr_sort_found(LimnFound *found)
{
        if (found->n)
                qsort(found->at, found->n, sizeof *found->at, by_first_then_group);
}
