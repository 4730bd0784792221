/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Quiet: conditions that no event at all would meet (fewer than three, none, not five).
 *
 * Asked of every window of the timespan, wherever it begins, that lies within a stretch in which
 * all logs of the rules were there: beyond that few events prove nothing. Windows that meet the
 * condition and begin next to each other are one episode, from the beginning of the first to the
 * end of the last; its hits are those within. One pass over the moments at which the content of
 * the window changes: an event is in the windows that begin from its end less the timespan to its
 * beginning.
 */
#include <errno.h>
#include <stdlib.h>

#include "core/bisect.h"
#include "core/vec.h"
#include "rules/correlate_work.h"

typedef struct Quiet {
        LimnCorrWork *w;
        void *state;
        const LimnCorrEvent *events; /* of the group, by end */
        size_t n;
        const uint32_t *by_rank;
        const LimnSlice *group;
} Quiet;

static bool fits(const Quiet *q, const LimnCorrEvent *e)
{
        return (uint64_t)e->last - (uint64_t)e->first <= (uint64_t)q->w->rule->timespan;
}

static int by_pointer(const void *a, const void *b)
{
        const LimnHit *x = *(const LimnHit *const *)a, *y = *(const LimnHit *const *)b;

        return (x > y) - (x < y);
}

/* The first event that ends at `time` or later. */
static size_t ends_from(const Quiet *q, LimnTime time)
{
        return LIMN_BISECT(q->n, k, q->events[k].last < time);
}

/* The first rank that begins at `time` or later. */
static size_t begins_from(const Quiet *q, LimnTime time)
{
        return LIMN_BISECT(q->n, k, q->events[q->by_rank[k]].first < time);
}

static int keep(Quiet *q, LimnTime first, LimnTime last)
{
        LimnCorrWork *w = q->w;
        LimnEpisode episode = {.rule = w->rule, .first = first, .last = last};
        size_t from = ends_from(q, first), n = 0, i, k;
        const LimnHit **hits;

        for (i = from; i < q->n && q->events[i].last <= last; i++) {
                const LimnEpisode *inner = limn_corr_inner(w, &q->events[i]);

                n += inner ? inner->n_hits : 1;
        }
        hits = limn_arena_alloc(w->c->arena, (n + 1) * sizeof *hits);
        if (!hits)
                return -ENOMEM;
        for (n = 0, i = from; i < q->n && q->events[i].last <= last; i++) {
                const LimnCorrEvent *e = &q->events[i];
                const LimnEpisode *inner = limn_corr_inner(w, e);

                if (e->first < first || !fits(q, e))
                        continue;
                for (k = 0; inner && k < inner->n_hits; k++)
                        hits[n++] = inner->hits[k];
                if (!inner)
                        hits[n++] = &w->c->hits[e->hit];
        }
        if (n)
                qsort(hits, n, sizeof *hits, by_pointer);
        for (i = 1, k = 1; i < n; i++)
                if (hits[i] != hits[k - 1])
                        hits[k++] = hits[i];
        episode.hits = hits;
        episode.n_hits = n ? k : 0;
        return limn_corr_add_found(w, &episode, q->group);
}

/* The windows that begin from `from` to `until`. What fits and begins before the window has been
 * in it: it ends before the window does. */
static int sweep(Quiet *q, LimnTime from, LimnTime until)
{
        const LimnCorrelation *rule = q->w->rule;
        const LimnCorrelationType *type = rule->type;
        LimnDuration timespan = rule->timespan;
        size_t in = ends_from(q, from), out = begins_from(q, from);
        LimnTime at = from, since = 0;
        bool open = false;
        int r = 0;

        for (;;) {
                LimnTime next = INT64_MAX;

                for (; in < q->n && q->events[in].last <= at + timespan && r == 0; in++)
                        if (fits(q, &q->events[in]) && q->events[in].first >= from)
                                r = type->enter(q->state, rule, &q->events[in]);
                for (; out < q->n && q->events[q->by_rank[out]].first < at; out++)
                        if (fits(q, &q->events[q->by_rank[out]]))
                                type->leave(q->state, rule, &q->events[q->by_rank[out]]);
                if (r == 0 && type->met(q->state, rule) != open) {
                        if (open)
                                r = keep(q, since, at - 1 + timespan);
                        open = !open;
                        since = at;
                }
                if (in < q->n)
                        next = q->events[in].last - timespan;
                if (out < q->n && q->events[q->by_rank[out]].first + 1 < next)
                        next = q->events[q->by_rank[out]].first + 1;
                if (r < 0 || next > until)
                        break;
                at = next;
        }
        if (r == 0 && open)
                r = keep(q, since, until + timespan);
        for (; out < q->n; out++)
                if (q->by_rank[out] < in && fits(q, &q->events[q->by_rank[out]]))
                        type->leave(q->state, rule, &q->events[q->by_rank[out]]);
        return r;
}

/* While the logs of all the rules were there. */
static int covered(Quiet *q, LimnStretches *ret)
{
        LimnCorrWork *w = q->w;
        size_t i, k, m;
        int r = 0;

        for (i = 0; i < w->rule->n_rules && r == 0; i++) {
                LimnStretches one = {0}, all = {0};

                r = limn_corr_covered(w->c, w->rule, i, q->group, &one);
                if (i == 0) {
                        *ret = one;
                        continue;
                }
                for (k = 0, m = 0; k < ret->n && m < one.n && r == 0;) {
                        LimnStretch *a = &ret->at[k], *b = &one.at[m];
                        LimnStretch both = {a->first > b->first ? a->first : b->first,
                                            a->last < b->last ? a->last : b->last};

                        if (both.first <= both.last) {
                                r = limn_vec_room(&all);
                                if (r == 0)
                                        all.at[all.n++] = both;
                        }
                        if (a->last < b->last)
                                k++;
                        else
                                m++;
                }
                free(one.at);
                free(ret->at);
                *ret = all;
        }
        return r;
}

static int one_group(LimnCorrWork *w, void *state, uint32_t number, size_t start, size_t end,
                     uint32_t *by_rank)
{
        LimnCorrGroup group = {w->amounts.at, w->values.n, NULL};
        LimnStretches stretches = {0};
        Quiet q = {.w = w,
                   .state = state,
                   .events = w->events.at + start,
                   .n = end - start,
                   .by_rank = by_rank,
                   .group = w->groups.at + (size_t)number * w->groups.width};
        size_t i;
        int r;

        w->group = q.events;
        r = q.n ? limn_corr_rank(w->events.at + start, q.n, by_rank) : 0;
        if (r == 0 && w->rule->type->begin)
                r = w->rule->type->begin(state, w->rule, &group);
        if (r == 0)
                r = covered(&q, &stretches);
        for (i = 0; i < stretches.n && r == 0; i++) {
                LimnStretch *s = &stretches.at[i];

                if ((uint64_t)s->last - (uint64_t)s->first >= (uint64_t)w->rule->timespan)
                        r = sweep(&q, s->first, s->last - w->rule->timespan);
        }
        free(stretches.at);
        return r;
}

/* Who has no hit at all can only be known where everybody is one group, or by the logs. */
static int number_silent(LimnCorrWork *w)
{
        const LimnCorrelation *rule = w->rule;
        uint32_t ignored;
        size_t i;
        int r = 0;

        if (rule->n_group_by == 0)
                return limn_tuples_number(&w->groups, &(LimnSlice){0}, &ignored, NULL);
        if (rule->n_group_by > 1 || !limn_slice_eq(rule->group_by[0], LIMN_S("instance")))
                return 0;
        for (i = 0; i < w->c->n_covered && r == 0; i++) {
                char text[24];
                LimnSlice name;

                if (w->c->covered[i].instance <= 0)
                        continue;
                snprintf(text, sizeof text, "%lld", (long long)w->c->covered[i].instance);
                name = limn_arena_dup(w->c->arena, limn_slice_str(text));
                r = name.p ? limn_tuples_number(&w->groups, &name, &ignored, NULL) : -ENOMEM;
        }
        return r;
}

int limn_corr_quiet(LimnCorrWork *w)
{
        const LimnCorrelationType *type = w->rule->type;
        uint32_t *by_rank = calloc(w->events.n + 1, sizeof *by_rank), group;
        void *state = calloc(1, type->state_size(w->rule, w->values.n));
        size_t start = 0, end;
        int r = by_rank && state ? number_silent(w) : -ENOMEM;

        for (group = 0; group < w->groups.n && r == 0; group++, start = end) {
                for (end = start; end < w->events.n && w->events.at[end].group == group; end++)
                        ;
                r = one_group(w, state, group, start, end, by_rank);
        }
        if (state && type->done)
                type->done(state, w->rule);
        free(state);
        free(by_rank);
        return r;
}
