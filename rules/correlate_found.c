/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "core/bisect.h"
#include "core/vec.h"
#include "rules/correlate_work.h"

static LimnMoment moment(const LimnHit *hit)
{
        return (LimnMoment){hit->time, hit->uncertainty, hit->source, hit->offset};
}

LimnStep limn_corr_step(const LimnCorrWork *w, const LimnCorrEvent *e)
{
        const LimnEpisode *inner = limn_corr_inner(w, e);
        const LimnHit *first, *last;

        /* Of too few hits the moments are those of windows, and of nobody's clock. */
        if (inner && inner->rule->quiet)
                return (LimnStep){e->rule, {inner->first, 0, UINT32_MAX, 0},
                                  {inner->last, 0, UINT32_MAX, 1}};
        first = inner ? inner->hits[0] : &w->c->hits[e->hit];
        last = inner ? inner->hits[inner->n_hits - 1] : first;
        return (LimnStep){e->rule, moment(first), moment(last)};
}

/* The two best moments of different sources so far: the earliest that may begin, or the latest that
 * may end. */
static void outermost(const LimnMoment *best[2], const LimnMoment *m, int sign)
{
        LimnTime at = sign * m->time + m->uncertainty;

        if (!best[0] || at > sign * best[0]->time + best[0]->uncertainty) {
                if (best[0] && best[0]->source != m->source)
                        best[1] = best[0];
                best[0] = m;
        } else if (best[0]->source != m->source &&
                   (!best[1] || at > sign * best[1]->time + best[1]->uncertainty)) {
                best[1] = m;
        }
}

/* May two of the first n lie further apart than the timespan? Those of one source do not. */
static bool edge_in_doubt(const LimnCorrWork *w, size_t n)
{
        const LimnMoment *first[2] = {NULL, NULL}, *last[2] = {NULL, NULL};
        size_t i, k;

        for (i = 0; i < n; i++) {
                outermost(first, &w->steps[i].first, -1);
                outermost(last, &w->steps[i].last, 1);
        }
        for (i = 0; i < 2 && first[i]; i++)
                for (k = 0; k < 2 && last[k]; k++)
                        if (!limn_surely_within(first[i], last[k], w->rule->timespan))
                                return true;
        return false;
}

/* May a forbidden event near the edge of where none must be lie on its other side? */
static bool edge_near(const LimnCorrWork *w, const LimnCorrEvent *e, LimnTime edge,
                      const LimnMoment *by)
{
        LimnStep step = limn_corr_step(w, e);
        const LimnMoment *m = edge < e->first ? &step.first : &step.last;
        uint64_t doubt = (uint64_t)m->uncertainty + (uint64_t)by->uncertainty;
        uint64_t away = edge < m->time ? (uint64_t)m->time - (uint64_t)edge
                                       : (uint64_t)edge - (uint64_t)m->time;

        if (m->source == by->source)
                return false;
        return away <= doubt;
}

/* The first that begins no further before `edge` than two uncertainties can reach. */
static size_t first_near(const LimnForbidden *f, LimnTime edge, LimnDuration doubt)
{
        return LIMN_BISECT(f->n, k,
                           f->at[k].first < edge && (uint64_t)edge - (uint64_t)f->at[k].first >
                                                            2 * (uint64_t)doubt);
}

static bool absence_in_doubt(const LimnCorrWork *w, const LimnAlternative *way,
                             const LimnGood *good, const LimnMoment *first, const LimnMoment *last)
{
        size_t i, k;

        for (i = 0; i < way->n_without; i++) {
                const LimnForbidden *f = &w->forbidden[way->without[i].rule];
                LimnStretch s = limn_corr_without(w->rule, way, &way->without[i], good->first,
                                                  good->last);
                bool between = s.first == good->first && s.last == good->last;

                for (k = first_near(f, s.first, w->c->doubt); k < f->n; k++) {
                        const LimnCorrEvent *e = &f->at[k];

                        if (e->last < s.first && edge_near(w, e, s.first, last))
                                return true;
                        if (e->first > s.last && edge_near(w, e, s.last, first))
                                return true;
                        if (between && e->first >= s.first && e->last <= s.last)
                                return true; /* within, at a place that was no matter */
                        if (e->first > s.last &&
                            (uint64_t)e->first - (uint64_t)s.last > 2 * (uint64_t)w->c->doubt)
                                break;
                }
        }
        return false;
}

/* Of the first n of the run. */
static int judge(LimnCorrWork *w, const LimnRun *run, size_t n, const LimnAlternative *way,
                 const LimnGood *good, bool *ret)
{
        size_t i, k;

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

                w->steps[i] = limn_corr_step(w, &w->group[run->at[i]]);
                *ret |= inner && inner->ambiguous;
        }
        *ret |= edge_in_doubt(w, n);
        if (way && way->n_without)
                *ret |= absence_in_doubt(w, way, good, &w->steps[0].first, &w->steps[n - 1].last);
        if (!way || !w->rule->type->ordered)
                return 0;
        for (i = 0; i < n; i++) { /* to positions in the chain; others to none */
                for (k = 0; k < way->n_with && way->with[k] != w->steps[i].rule; k++)
                        ;
                w->steps[i].rule = (uint32_t)k;
        }
        *ret |= !limn_surely_ordered(w->steps, n, way->n_with, w->moments);
        return 0;
}

/* By what opened it, since later hits only prolong; but among them may be some whose order is sure,
 * and then the clocks could not unmake it. */
static int ambiguous(LimnCorrWork *w, const LimnRun *run, const LimnAlternative *way,
                     const LimnGood *good, bool *ret)
{
        int r = judge(w, run, run->opened, way, good, ret);

        if (r == 0 && *ret && way && w->rule->type->ordered && way->n_without == 0 &&
            run->n > run->opened)
                r = judge(w, run, run->n, way, good, ret);
        return r;
}

/* Were the logs there that would have shown what must not be? */
static int observable(LimnCorrWork *w, const LimnAlternative *way, const LimnGood *good,
                      const LimnSlice *group, bool *ret)
{
        size_t i;
        int r = 0;

        *ret = true;
        for (i = 0; i < way->n_without && *ret && r == 0; i++) {
                LimnStretches covered = {0};

                r = limn_corr_covered(w->c, w->rule, way->without[i].rule, group, &covered);
                if (r == 0)
                        *ret = limn_corr_holds(&covered,
                                               limn_corr_without(w->rule, way, &way->without[i],
                                                                 good->first, good->last));
                free(covered.at);
        }
        return r;
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

int limn_corr_add_found(LimnCorrWork *w, LimnEpisode *episode, const LimnSlice *values)
{
        LimnField *group;
        size_t i;

        episode->n_group = w->rule->n_group_by;
        group = limn_arena_new_of(w->c->arena, LimnField, episode->n_group + 1);
        if (!group || limn_vec_room(w->found) < 0)
                return -ENOMEM;
        for (i = 0; i < episode->n_group; i++)
                group[i] = (LimnField){w->rule->group_by[i], values[i]};
        episode->group = group;
        w->found->at[w->found->n++] = *episode;
        return 0;
}

int limn_corr_found(void *arg, const LimnRun *run)
{
        LimnCorrWork *w = arg;
        LimnEpisode episode = {.rule = w->rule};
        const LimnCorrEvent *first = &w->group[run->at[0]];
        const LimnSlice *group = w->groups.at + (size_t)first->group * w->groups.width;
        const LimnAlternative *way = NULL;
        const LimnGood *good = NULL;
        bool proved = false;
        size_t i;
        int r = 0;

        /* Of several ways to meet it the first that is proved. */
        for (i = 0; i < w->rule->n_alternatives && !proved && r == 0; i++) {
                if (run->good[i].reach == 0)
                        continue;
                r = observable(w, &w->rule->alternatives[i], &run->good[i], group, &proved);
                if (proved || !way) {
                        way = &w->rule->alternatives[i];
                        good = &run->good[i];
                }
        }
        episode.not_observable = way && !proved;
        episode.ambiguous = episode.doubtful = run->doubtful;
        if (r == 0 && !run->doubtful)
                r = ambiguous(w, run, way, good, &episode.ambiguous);
        if (r == 0)
                r = collect(w, run, &episode);
        if (r < 0)
                return r;
        episode.first = episode.last = first->first;
        for (i = 0; i < run->n; i++) {
                const LimnEpisode *inner = limn_corr_inner(w, &w->group[run->at[i]]);

                w->taken[(w->group - w->events.at) + run->at[i]] = true;
                if (w->group[run->at[i]].last > episode.last)
                        episode.last = w->group[run->at[i]].last;
                episode.not_observable |= inner && i < run->opened && inner->not_observable;
        }
        return limn_corr_add_found(w, &episode, group);
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
        if (x->n_hits == 0 || y->n_hits == 0)
                return (x->n_hits > y->n_hits) - (x->n_hits < y->n_hits);
        return (x->hits[0] > y->hits[0]) - (x->hits[0] < y->hits[0]);
}

void limn_corr_sort_found(LimnFound *found)
{
        if (found->n)
                qsort(found->at, found->n, sizeof *found->at, by_first_then_group);
}
