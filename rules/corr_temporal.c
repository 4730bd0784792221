/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/correlation.h"

typedef struct Temporal {
        long long distinct;
        uint32_t count[]; /* of each rule */
} Temporal;

static size_t state_size(const LimnCorrelation *rule, size_t n_values)
{
        return sizeof(Temporal) + rule->n_rules * sizeof(uint32_t);
}

static int enter(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        Temporal *t = state;

        if (t->count[event->rule]++ == 0)
                t->distinct++;
        return 0;
}

static void leave(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        Temporal *t = state;

        if (--t->count[event->rule] == 0)
                t->distinct--;
}

static bool met(const void *state, const LimnCorrelation *rule)
{
        return limn_corr_compare(rule, ((const Temporal *)state)->distinct * LIMN_AMOUNT_ONE, 1);
}

static bool needs(const void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        const Temporal *t = state;

        return t->count[event->rule] == 1 &&
               !limn_corr_compare(rule, (t->distinct - 1) * LIMN_AMOUNT_ONE, 1);
}

const LimnCorrelationType limn_correlation_temporal = {
        .name = "temporal",
        .help = "every one of the rules (or so many different ones), in any order",
        .state_size = state_size,
        .enter = enter,
        .leave = leave,
        .met = met,
        .needs = needs,
};
