/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "core/vec.h"
#include "rules/correlation.h"

/*
 * Ordered: the window holds a chain, one event of each rule of an alternative in the listed order,
 * each ending not after the next begins (equal stamps are accepted in any order: clocks are
 * coarse). A rule that must not be there must not stand between its neighbours in the list.
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
 *
 * What must not come behind a position ends all of its chains that stood before it: `best` begins
 * anew. What has the stamp of one of its neighbours is not between them.
 */
typedef struct Past {
        LimnTime time;
        int64_t best;
} Past;

typedef struct Position {
        uint32_t rule;
        int64_t best, now, latest;
        struct {
                Past *at;
                size_t n, cap;
        } past;
} Position;

/* A rule that must not come between position `after - 1` and the next. */
typedef struct Break {
        uint32_t after;
        const LimnForbidden *events;
        size_t next; /* events before this one have had their effect */
} Break;

typedef struct Chain {
        Position *at;
        size_t n;
        Break *breaks;
        size_t n_breaks;
} Chain;

typedef struct Ordered {
        LimnTime instant;
        bool started, spans, ready;
        Chain chain[]; /* by alternative */
} Ordered;

static size_t state_size(const LimnCorrelation *rule, size_t n_values)
{
        return sizeof(Ordered) + rule->n_alternatives * sizeof(Chain);
}

static int prepare(Ordered *o, const LimnCorrelation *rule)
{
        size_t i, k;

        for (i = 0; i < rule->n_rules; i++)
                o->spans |= rule->rules[i].is_correlation;
        for (i = 0; i < rule->n_alternatives; i++) {
                const LimnAlternative *way = &rule->alternatives[i];
                Chain *c = &o->chain[i];

                c->at = calloc(way->n_with, sizeof *c->at);
                c->breaks = calloc(way->n_without + 1, sizeof *c->breaks);
                if (!c->at || !c->breaks)
                        return -ENOMEM;
                c->n = way->n_with;
                for (k = 0; k < c->n; k++)
                        c->at[k].rule = way->with[k];
        }
        o->ready = true;
        return 0;
}

static int begin(void *state, const LimnCorrelation *rule, const LimnCorrGroup *group)
{
        Ordered *o = state;
        size_t i, k;
        int r = o->ready ? 0 : prepare(o, rule);

        for (i = 0; i < rule->n_alternatives && r == 0; i++) {
                const LimnAlternative *way = &rule->alternatives[i];
                Chain *c = &o->chain[i];

                /* What stands before the first or behind the last is the engine's to look for. */
                for (c->n_breaks = 0, k = 0; k < way->n_without; k++)
                        if (way->without[k].after > 0 && way->without[k].after < way->n_with)
                                c->breaks[c->n_breaks++] =
                                        (Break){way->without[k].after,
                                                &group->forbidden[way->without[k].rule], 0};
        }
        return r;
}

static int64_t max(int64_t a, int64_t b)
{
        return a > b ? a : b;
}

static int64_t min(int64_t a, int64_t b)
{
        return a < b ? a : b;
}

static int remember(const Ordered *o, Position *p, LimnTime time)
{
        if (!o->spans)
                return 0;
        if (limn_vec_room(&p->past) < 0)
                return -ENOMEM;
        p->past.at[p->past.n++] = (Past){time, p->best};
        return 0;
}

/* What must not be, before `until`, ends what ended before it. */
static int break_chains(Ordered *o, Chain *c, LimnTime until)
{
        size_t i;
        int r = 0;

        for (i = 0; i < c->n_breaks && r == 0; i++) {
                Break *b = &c->breaks[i];
                Position *p = &c->at[b->after - 1];
                size_t first = b->next;

                while (b->next < b->events->n && b->events->at[b->next].first < until)
                        b->next++;
                if (b->next > first && p->best) {
                        p->best = 0;
                        r = remember(o, p, b->events->at[first].first + 1);
                }
        }
        return r;
}

static int next_instant(Ordered *o, const LimnCorrelation *rule, LimnTime instant)
{
        size_t i, k;
        int r = 0;

        for (i = 0; i < rule->n_alternatives && r == 0; i++) {
                Chain *c = &o->chain[i];

                /* At the instant itself: it ends what ended before, not what ends now. */
                if (o->started)
                        r = break_chains(o, c, o->instant + 1);
                for (k = 0; k < c->n && r == 0 && o->started; k++) {
                        Position *p = &c->at[k];

                        if (p->now > p->best) {
                                p->best = p->now;
                                r = remember(o, p, o->instant);
                        }
                        p->now = p->latest = 0;
                }
                if (r == 0)
                        r = break_chains(o, c, instant);
        }
        o->instant = instant;
        o->started = true;
        return r;
}

/* The best chain up to position p that had ended at `time`. */
static int64_t best_at(const Position *p, LimnTime time)
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

static void enter_chain(Chain *c, const LimnCorrEvent *event)
{
        int64_t rank = (int64_t)event->rank + 1, chain;
        Position *at = c->at;
        size_t k;

        for (k = 0; k < c->n && at[k].rule != event->rule; k++)
                ;
        if (k == c->n)
                return;
        if (event->first < event->last) {
                chain = k ? min(best_at(&at[k - 1], event->first), rank) : rank;
                if (chain <= at[k].now)
                        return;
                at[k].now = chain;
                k++;
        } else {
                at[k].latest = max(at[k].latest, rank);
        }
        for (; k < c->n && at[k].latest; k++) {
                chain = k ? min(max(at[k - 1].best, at[k - 1].now), at[k].latest) : at[k].latest;
                if (chain <= at[k].now)
                        break;
                at[k].now = chain;
        }
}

static int enter(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        Ordered *o = state;
        size_t i;
        int r = 0;

        if (!o->started || event->last > o->instant)
                r = next_instant(o, rule, event->last);
        for (i = 0; i < rule->n_alternatives && r == 0; i++)
                enter_chain(&o->chain[i], event);
        return r;
}

static int64_t reach(const void *state, const LimnCorrelation *rule, size_t i)
{
        const Chain *c = &((const Ordered *)state)->chain[i];

        return c->at[c->n - 1].now;
}

static void reset(void *state, const LimnCorrelation *rule)
{
        Ordered *o = state;
        size_t i, k;

        o->started = false;
        for (i = 0; i < rule->n_alternatives; i++)
                for (k = 0; k < o->chain[i].n; k++) {
                        Position *p = &o->chain[i].at[k];

                        p->best = p->now = p->latest = 0;
                        p->past.n = 0;
                }
}

static void done(void *state, const LimnCorrelation *rule)
{
        Ordered *o = state;
        size_t i, k;

        for (i = 0; i < rule->n_alternatives; i++) {
                for (k = 0; k < o->chain[i].n; k++)
                        free(o->chain[i].at[k].past.at);
                free(o->chain[i].at);
                free(o->chain[i].breaks);
        }
}

const LimnCorrelationType limn_correlation_temporal_ordered = {
        .name = "temporal_ordered",
        .help = "every one of the rules, in the order of the list",
        .ordered = true,
        .state_size = state_size,
        .begin = begin,
        .enter = enter,
        .reach = reach,
        .reset = reset,
        .done = done,
};
