/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/order_statistic.h"

/* The smallest number that at least so many in a hundred do not exceed. */
static bool met(const void *state, const LimnCorrelation *rule)
{
        const LimnOrderStatistic *o = state;
        size_t k = (o->n * rule->percentile + 99) / 100;

        return o->n > 0 && limn_corr_compare(rule, limn_order_at(o, k ? k : 1), 1);
}

const LimnCorrelationType limn_correlation_value_percentile = {
        .name = "value_percentile",
        .help = "a percentile of a field's numbers, by nearest rank",
        .needs_condition = true,
        .values = true,
        .numbers = true,
        .statistic = true,
        .percentile = true,
        .state_size = limn_order_state_size,
        .begin = limn_order_type_begin,
        .enter = limn_order_type_enter,
        .leave = limn_order_type_leave,
        .met = met,
        .done = limn_order_type_done,
};
