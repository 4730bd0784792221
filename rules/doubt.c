/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/doubt.h"

bool limn_surely_before(const LimnMoment *a, const LimnMoment *b)
{
        if (a->source == b->source) {
                if (a->time != b->time)
                        return a->time < b->time;
                return a->offset < b->offset;
        }
        return a->time < b->time && (uint64_t)b->time - (uint64_t)a->time >
                                            (uint64_t)a->uncertainty + (uint64_t)b->uncertainty;
}

/* Would a before x hold for all x for which b before x holds? Then b need not be kept. */
static bool covers(const LimnMoment *a, const LimnMoment *b)
{
        if (a->source != b->source)
                return false;
        return a->uncertainty <= b->uncertainty &&
               (a->time < b->time || (a->time == b->time && a->offset <= b->offset));
}

/*
 * Position by position: `reached` holds the ends of chains up to here, without those that another
 * covers: with one uncertainty a source that is one for each source.
 */
bool limn_surely_ordered(const LimnStep *steps, size_t n, size_t n_rules, LimnMoment *scratch)
{
        LimnMoment *reached = scratch, *next = scratch + n;
        size_t n_reached = 0, n_next, k, i, j;

        for (k = 0; k < n_rules; k++) {
                LimnMoment *swap = reached;

                n_next = 0;
                for (i = 0; i < n; i++) {
                        bool ok = k == 0;

                        if (steps[i].rule != k)
                                continue;
                        for (j = 0; j < n_reached && !ok; j++)
                                ok = limn_surely_before(&reached[j], &steps[i].first);
                        for (j = 0; j < n_next && ok; j++)
                                ok = !covers(&next[j], &steps[i].last);
                        if (ok)
                                next[n_next++] = steps[i].last;
                }
                if (n_next == 0)
                        return false;
                reached = next;
                n_reached = n_next;
                next = swap;
        }
        return true;
}

bool limn_surely_earlier(const LimnMoment *a, const LimnMoment *b)
{
        return a->time < b->time && limn_surely_before(a, b);
}

/* Wider than a time: any two of them, and what their clocks may be off. */
__extension__ typedef __int128 Span;

static Span off(const LimnMoment *a, const LimnMoment *b)
{
        return a->source == b->source ? 0 : (Span)a->uncertainty + b->uncertainty;
}

bool limn_surely_within(const LimnMoment *first, const LimnMoment *last, LimnDuration timespan)
{
        return (Span)last->time - first->time + off(first, last) <= timespan;
}

bool limn_perhaps_within(const LimnMoment *first, const LimnMoment *last, LimnDuration timespan)
{
        return (Span)last->time - first->time - off(first, last) <= timespan;
}
