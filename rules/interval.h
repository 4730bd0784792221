/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Interval: an entity was in a state, from one hit to the next.
 *
 * Built from hits whose rules carry `state:`. What is followed is the line (instance, kind,
 * entity). Hits are taken in the order of limn_hit_cmp:
 *   - a new state closes the interval before it: its end, and the next one's start, are that hit;
 *   - the same state again extends, it opens nothing;
 *   - the first hit of a line that says which state it ended (`from:`) gives one interval more,
 *     with an open start: the entity had been so since before the logs begin;
 *   - the last interval of a line has an open end.
 * Hits without a time are left out. A state or entity template with a missing name says nothing.
 * Twins must be left out before (their hits would only say everything twice).
 *
 * One hit may carry several states of several kinds; within one hit they apply in the rule's
 * order, and of `up` then `down` of the same line only the last is kept. Two hits of one instant
 * keep both: stamps of whole seconds make a short state look like none.
 */
#include "rules/hit.h"

typedef struct LimnInterval {
        int64_t instance;
        LimnSlice kind, entity, state; /* entity may be empty: the instance itself */
        LimnTime start;                /* LIMN_TIME_NONE: began before what was supplied */
        LimnTime end;                  /* LIMN_TIME_NONE: still so at the end of it */
        const LimnHit *start_hit, *end_hit; /* NULL where the time is NONE; into the input */
} LimnInterval;

/* The slices die with the callback. Non-zero stops. */
typedef int (*LimnIntervalFn)(void *arg, const LimnInterval *interval);

/* `hits` sorted by limn_hit_cmp. Calls fn by instance, kind, entity, then in order of time.
 * 0, what fn returned, or -ENOMEM. */
int limn_intervals(const LimnRules *rules, const LimnHit *hits, size_t n_hits, LimnIntervalFn fn,
                   void *arg);
