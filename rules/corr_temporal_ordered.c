/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/vec.h"
#include "rules/correlation.h"

/*
 * Ordered: the window holds a chain, one event of each rule in the listed order, each ending not
 * after the next begins (equal stamps are accepted in any order: clocks are coarse).
 *
 * Events leave by rank, so of a chain only its lowest rank matters, and of all chains up to a
 * position in the list only the one whose lowest rank is highest: it breaks last. For each
 * position we keep that rank, as rank + 1, so that zeroed memory means "none":
 *
 *     best     chains whose event of this position ended before the current instant
 *     now      chains whose event of this position ends at the current instant
 *     latest   highest rank of an event that is the current instant: it may still get a
 *              predecessor of the same instant that stands later in the file order
 *
 * An event that spans time (an inner episode) enters when it ends, but may only follow what had
 * ended when it began: `past` keeps how `best` grew, for correlations that have inner ones.
 */
typedef struct Past {
        LimnTime time;
        int64_t best;
} Past;

typedef struct Ordered {
        LimnTime instant;
        int64_t left; /* of the last event that left: rank + 1 */
        bool started, spans;
        struct Position {
                int64_t best, now, latest;
                struct {
                        Past *at;
                        size_t n, cap;
                } past;
        } at[];
} Ordered;

static size_t state_size(const LimnCorrelation *rule, size_t n_values)
{
        return sizeof(Ordered) + rule->n_rules * sizeof(struct Position);
}

static int64_t max(int64_t a, int64_t b)
{
        return a > b ? a : b;
}

static int64_t min(int64_t a, int64_t b)
{
        return a < b ? a : b;
}

static int next_instant(Ordered *o, const LimnCorrelation *rule, LimnTime instant)
{
        size_t k;

        for (k = 0; k < rule->n_rules && o->started; k++) {
                struct Position *p = &o->at[k];

                if (p->now > p->best) {
                        p->best = p->now;
                        if (o->spans) {
                                if (limn_vec_room(&p->past) < 0)
                                        return -ENOMEM;
                                p->past.at[p->past.n++] = (Past){o->instant, p->best};
                        }
                }
                p->now = p->latest = 0;
        }
        o->instant = instant;
        o->started = true;
        return 0;
}

/* The best chain up to position p that had ended at `time`. */
static int64_t best_at(const struct Position *p, LimnTime time)
{
        size_t lo = 0, hi = p->past.n;

        while (lo < hi) {
                size_t mid = lo + (hi - lo) / 2;

                if (p->past.at[mid].time <= time)
                        lo = mid + 1;
                else
                        hi = mid;
        }
        return lo ? p->past.at[lo - 1].best : 0;
}

static int enter(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        Ordered *o = state;
        int64_t rank = (int64_t)event->rank + 1, chain;
        size_t k = event->rule;
        int r;

        if (!o->started) {
                size_t i;

                for (i = 0; i < rule->n_rules; i++)
                        o->spans |= rule->rules[i].is_correlation;
        }
        if (!o->started || event->last > o->instant) {
                r = next_instant(o, rule, event->last);
                if (r < 0)
                        return r;
        }
        if (event->first < event->last) {
                chain = k ? min(best_at(&o->at[k - 1], event->first), rank) : rank;
                if (chain <= o->at[k].now)
                        return 0;
                o->at[k].now = chain;
                k++;
        } else {
                o->at[k].latest = max(o->at[k].latest, rank);
        }
        for (; k < rule->n_rules && o->at[k].latest; k++) {
                chain = k ? min(max(o->at[k - 1].best, o->at[k - 1].now), o->at[k].latest)
                          : o->at[k].latest;
                if (chain <= o->at[k].now)
                        break;
                o->at[k].now = chain;
        }
        return 0;
}

static void leave(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        ((Ordered *)state)->left = (int64_t)event->rank + 1;
}

static int64_t whole(const Ordered *o, const LimnCorrelation *rule)
{
        const struct Position *p = &o->at[rule->n_rules - 1];

        return max(p->best, p->now);
}

static bool met(const void *state, const LimnCorrelation *rule)
{
        return whole(state, rule) > ((const Ordered *)state)->left;
}

static bool needs(const void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        return whole(state, rule) == (int64_t)event->rank + 1;
}

static void reset(void *state, const LimnCorrelation *rule)
{
        Ordered *o = state;
        size_t k;

        o->started = false;
        o->left = 0;
        for (k = 0; k < rule->n_rules; k++) {
                o->at[k].best = o->at[k].now = o->at[k].latest = 0;
                o->at[k].past.n = 0;
        }
}

static void done(void *state, const LimnCorrelation *rule)
{
        Ordered *o = state;
        size_t k;

        for (k = 0; k < rule->n_rules; k++)
                free(o->at[k].past.at);
}

const LimnCorrelationType limn_correlation_temporal_ordered = {
        .name = "temporal_ordered",
        .help = "every one of the rules, in the order of the list",
        .ordered = true,
        .state_size = state_size,
        .enter = enter,
        .leave = leave,
        .met = met,
        .needs = needs,
        .reset = reset,
        .done = done,
};
