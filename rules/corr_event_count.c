/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/correlation.h"

/* State: how many events are in the window. */

static size_t state_size(const LimnCorrelation *rule, size_t n_values)
{
        return sizeof(long long);
}

static int enter(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        ++*(long long *)state;
        return 0;
}

static void leave(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        --*(long long *)state;
}

static bool met(const void *state, const LimnCorrelation *rule)
{
        return limn_corr_compare(rule, *(const long long *)state * LIMN_AMOUNT_ONE, 1);
}

static bool needs(const void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        return !limn_corr_compare(rule, (*(const long long *)state - 1) * LIMN_AMOUNT_ONE, 1);
}

const LimnCorrelationType limn_correlation_event_count = {
        .name = "event_count",
        .help = "so many events of any of the rules",
        .needs_condition = true,
        .state_size = state_size,
        .enter = enter,
        .leave = leave,
        .met = met,
        .needs = needs,
};
