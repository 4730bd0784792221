/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Near: what a correlation that did not fire came nearest to.
 *
 * The rule is asked again with one thing eased at a time, so that the answer is the engine's own:
 * without what must not be there, in any order, with a longer timespan, with another number,
 * without one of its steps. Each time all groups are asked; the episode says whose it is.
 */
#include "rules/correlate.h"
#include "rules/correlation.h"

typedef enum LimnNearKind {
        LIMN_NEAR_FIRES,     /* it did fire */
        LIMN_NEAR_FORBIDDEN, /* what must not be there was there */
        LIMN_NEAR_ORDER,     /* all of it is there, within the timespan, in another order */
        LIMN_NEAR_WINDOW,    /* in a longer timespan: `needed` */
        LIMN_NEAR_NUMBER,    /* the nearest window misses the condition's number by `off` */
        LIMN_NEAR_STEPS,     /* all but `missing` */
        LIMN_NEAR_UNCOVERED, /* few prove nothing: no window in which all of its logs were there */
        LIMN_NEAR_NOTHING,   /* not even a part */
} LimnNearKind;

enum { LIMN_NEAR_MISSING_MAX = 8 };

typedef struct LimnNear {
        LimnNearKind kind;
        LimnDuration needed;
        LimnAmount off;
        uint32_t missing[LIMN_NEAR_MISSING_MAX]; /* positions in the list of rules */
        size_t n_missing;
        size_t way; /* the alternative that the answer speaks of */
} LimnNear;

/*
 * Calls fn with the episodes of the nearest: those of the rule itself where it fires, else of the
 * eased one (their ->rule is a copy that dies with the callback). 0, what fn returned, -ENOMEM.
 * About a hundred times the work of limn_correlate() over the rule's own hits.
 */
int limn_near(const LimnRules *rules, const LimnCorrelation *rule, const LimnHit *hits, size_t n,
              const LimnCovered *covered, size_t n_covered, LimnNear *ret, LimnEpisodeFn fn,
              void *arg);
