/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Near: what a correlation that did not fire came nearest to.
 *
 * The rule is asked again with one thing eased at a time, so that the answer is the engine's own:
 * without what must not be there, with a longer timespan, with fewer hits or steps.
 */
#include "rules/correlate.h"
#include "rules/correlation.h"

typedef enum LimnNearKind {
        LIMN_NEAR_FIRES,     /* it did fire */
        LIMN_NEAR_FORBIDDEN, /* what must not be there was there */
        LIMN_NEAR_WINDOW,    /* in a longer timespan: `needed` */
        LIMN_NEAR_FEWER,     /* so many are the most in one window: `most` */
        LIMN_NEAR_STEPS,     /* so many steps in order, the next is missing: `most` */
        LIMN_NEAR_NOTHING,   /* not even a part */
} LimnNearKind;

typedef struct LimnNear {
        LimnNearKind kind;
        LimnDuration needed;
        long long most;
} LimnNear;

/*
 * Calls fn with the episodes of the nearest: those of the rule itself where it fires, else of the
 * eased one (their ->rule is a copy that dies with the callback). 0, what fn returned, -ENOMEM.
 */
int limn_near(const LimnRules *rules, const LimnCorrelation *rule, const LimnHit *hits, size_t n,
              const LimnCovered *covered, size_t n_covered, LimnNear *ret, LimnEpisodeFn fn,
              void *arg);
