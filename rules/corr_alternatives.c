/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "rules/correlation.h"

/*
 * temporal with a condition of and, or, not. Events leave by rank, so of each rule only the
 * highest rank that entered matters: the smallest part of the window that holds an alternative
 * begins at the lowest of those.
 */
typedef struct Alternatives {
        uint32_t entered; /* rule of the event that entered last */
        int64_t latest[]; /* by rule: rank + 1, so that zeroed memory means none */
} Alternatives;

static size_t state_size(const LimnCorrelation *rule, size_t n_values)
{
        return sizeof(Alternatives) + rule->n_rules * sizeof(int64_t);
}

static int enter(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        Alternatives *a = state;

        a->entered = event->rule;
        if ((int64_t)event->rank + 1 > a->latest[event->rule])
                a->latest[event->rule] = (int64_t)event->rank + 1;
        return 0;
}

static int64_t reach(const void *state, const LimnCorrelation *rule, size_t i)
{
        const Alternatives *a = state;
        const LimnAlternative *way = &rule->alternatives[i];
        int64_t lowest = INT64_MAX;
        bool ends = false;

        for (size_t k = 0; k < way->n_with; k++) {
                ends |= way->with[k] == a->entered;
                if (a->latest[way->with[k]] < lowest)
                        lowest = a->latest[way->with[k]];
        }
        return ends ? lowest : 0;
}

static void reset(void *state, const LimnCorrelation *rule)
{
        Alternatives *a = state;

        for (size_t i = 0; i < rule->n_rules; i++)
                a->latest[i] = 0;
}

const LimnCorrelationType limn_correlation_alternatives = {
        .name = "temporal",
        .help = "what a condition of and, or, not says of the rules, in any order",
        .state_size = state_size,
        .enter = enter,
        .reach = reach,
        .reset = reset,
};
