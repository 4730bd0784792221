/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/correlation.h"

/* A count for each value, so that a window costs nothing to move (recounting it for every event
 * would be quadratic). */
typedef struct ValueCount {
        long long distinct;
        uint32_t count[];
} ValueCount;

static size_t state_size(const LimnCorrelation *rule, size_t n_values)
{
        return sizeof(ValueCount) + n_values * sizeof(uint32_t);
}

static int enter(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        ValueCount *v = state;

        if (v->count[event->value]++ == 0)
                v->distinct++;
        return 0;
}

static void leave(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        ValueCount *v = state;

        if (--v->count[event->value] == 0)
                v->distinct--;
}

static bool met(const void *state, const LimnCorrelation *rule)
{
        return limn_corr_compare(rule, ((const ValueCount *)state)->distinct * LIMN_AMOUNT_ONE, 1);
}

static bool needs(const void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        const ValueCount *v = state;

        return v->count[event->value] == 1 &&
               !limn_corr_compare(rule, (v->distinct - 1) * LIMN_AMOUNT_ONE, 1);
}

const LimnCorrelationType limn_correlation_value_count = {
        .name = "value_count",
        .help = "so many different values of a field (or tuples of several fields)",
        .needs_condition = true,
        .values = true,
        .state_size = state_size,
        .enter = enter,
        .leave = leave,
        .met = met,
        .needs = needs,
};
