/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Correlate: groups of hits that meet a correlation rule, as episodes.
 *
 * Semantics: docs/rules.md (reference/sigma.md with every open point decided). O(h log h) in the
 * hits; the result depends neither on the order of hits given nor on that of the rules.
 */
#include "rules/hit.h"

/* A stretch of time for which a kind of log can testify; for absence and for counts below. */
typedef struct LimnCovered {
        LimnSlice product, service; /* product.p NULL: for every kind, of everyone */
        int64_t instance;
        LimnTime start, end;
} LimnCovered;

typedef struct LimnEpisode {
        const LimnCorrelation *rule;
        LimnTime first, last;
        bool ambiguous;      /* resolution or clock uncertainty could change it */
        bool doubtful;       /* ambiguous, and by the stamps as they are there is none */
        bool not_observable; /* an absence it needs was not covered */
        const LimnField *group;
        size_t n_group;
        const LimnHit *const *hits; /* in order; none where none were too few */
        size_t n_hits;
} LimnEpisode;
typedef int (*LimnEpisodeFn)(void *arg, const LimnEpisode *episode);

/* `hits` sorted by limn_hit_cmp. Calls fn by rule name, then first time, then group. The name
 * `instance` in group-by is the hit's instance. 0, what fn returned, or -ENOMEM. */
int limn_correlate(const LimnRules *rules, const LimnHit *hits, size_t n_hits,
                   const LimnCovered *covered, size_t n_covered, LimnEpisodeFn fn, void *arg);
