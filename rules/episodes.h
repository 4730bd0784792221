/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Episodes: the window that slides over the events of one group (docs/rules.md, "Episodes").
 *
 * Events enter in the order of their ends. The window at an event holds what began within the
 * timespan before its end (inclusive). An episode opens at the first event whose window meets the
 * condition, with the smallest part of it, counted back in time, that does; it takes each
 * following event while the window, within the episode, still meets it; the first that does not
 * begins a new search. What an episode took, and what began before it, is used up.
 */
#include "rules/correlation.h"

typedef struct LimnRun {
        const uint32_t *at; /* indexes in the events; die with the callback */
        size_t n;
        size_t opened; /* so many opened it, by rank; the rest followed, as they ended */
} LimnRun;
typedef int (*LimnRunFn)(void *arg, const LimnRun *run);

/*
 * `events`: one group, in the order of their ends; `by_rank[r]`: index of the event of rank r.
 * `state`: of the rule's type, zeroed or reset; is reset again. Events longer than the timespan
 * fit no window and are passed over. 0, what fn returned, or -ENOMEM. O(n).
 */
int limn_episodes(const LimnCorrelation *rule, void *state, const LimnCorrEvent *events, size_t n,
                  const uint32_t *by_rank, LimnRunFn fn, void *arg);
