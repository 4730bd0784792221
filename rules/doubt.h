/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Doubt: could clock uncertainty or coarse stamps change an episode?
 *
 * Two moments of one source never do: its file order is the order. Two of different sources are
 * in doubt when they lie within the sum of their uncertainties.
 */
#include "rules/correlation.h"

/* One end of an event. Of an inner episode: its first or last hit's. */
typedef struct LimnMoment {
        LimnTime time;
        LimnDuration uncertainty;
        uint32_t source;
        uint64_t offset;
} LimnMoment;

/* Is a before b whatever the clocks did? */
bool limn_surely_before(const LimnMoment *a, const LimnMoment *b);

typedef struct LimnStep {
        uint32_t rule; /* position in the correlation's list */
        LimnMoment first, last;
} LimnStep;

/* Is there a chain, one step of each of n_rules positions, each surely before the next?
 * `scratch`: 2 n moments. O(n * n_rules * sources). */
bool limn_surely_ordered(const LimnStep *steps, size_t n, size_t n_rules, LimnMoment *scratch);

/* The same, but equal stamps are neither before the other, of one source either. */
bool limn_surely_earlier(const LimnMoment *a, const LimnMoment *b);

/* Is `last` surely, may it be, at most the timespan behind `first`? (Before it: always.) */
bool limn_surely_within(const LimnMoment *first, const LimnMoment *last, LimnDuration timespan);
bool limn_perhaps_within(const LimnMoment *first, const LimnMoment *last, LimnDuration timespan);
