/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Episodes: the window that slides over the events of one group (docs/rules.md, "Episodes").
 *
 * Events enter in the order of their ends. The window at an event holds what began within the
 * timespan before its end (inclusive). An episode opens at the first event whose window meets the
 * condition, with the smallest part of it, counted back in time, that does (the whole of it, where
 * more events may unmake the condition); it takes each following event while the window, within
 * the episode, holds more than that event and still meets it; the first that does not begins a new
 * search. What an episode took, and what began before it, is used up.
 *
 * A rule that must not be there must not lie in any window of the timespan that holds the set that
 * meets the rest; where the rules have an order, not between its neighbours in the list.
 */
#include "rules/correlation.h"

/* A set that meets an alternative, the rules it must do without as well. */
typedef struct LimnGood {
        int64_t reach; /* lowest rank + 1; 0: none */
        LimnTime first, last;
} LimnGood;

/* A stretch of time, both ends in it; `first` above `last`: empty. */
typedef struct LimnStretch {
        LimnTime first, last;
} LimnStretch;

/* Where a rule that must not be there must not be, of a set from first to last. */
LimnStretch limn_corr_without(const LimnCorrelation *rule, const LimnAlternative *way,
                              const LimnWithout *without, LimnTime first, LimnTime last);

typedef struct LimnRun {
        const uint32_t *at; /* indexes in the events; die with the callback */
        size_t n;
        size_t opened; /* so many opened it, by rank; the rest followed, as they ended */
        const LimnGood *good; /* by alternative; those that the opening meets have reach */
        bool doubtful; /* met only if the clocks err (rules/correlate_doubt.c) */
} LimnRun;
typedef int (*LimnRunFn)(void *arg, const LimnRun *run);

/*
 * `events`: one group, in the order of their ends; `by_rank[r]`: index of the event of rank r.
 * `state`: of the rule's type, zeroed or reset; is reset again. Events longer than the timespan
 * fit no window and are passed over. 0, what fn returned, or -ENOMEM. O(n), with rules that must
 * not be there O(n log n).
 */
int limn_episodes(const LimnCorrelation *rule, void *state, const LimnCorrGroup *group,
                  const LimnCorrEvent *events, size_t n, const uint32_t *by_rank, LimnRunFn fn,
                  void *arg);
