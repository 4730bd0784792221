/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/order_statistic.h"

/* Twice the median against twice the number: exact. */
static bool met(const void *state, const LimnCorrelation *rule)
{
        const LimnOrderStatistic *o = state;
        return o->n > 0 && limn_corr_compare(rule,
                                             limn_order_at(o, (o->n + 1) / 2) +
                                                     limn_order_at(o, o->n / 2 + 1),
                                             2);
}

const LimnCorrelationType limn_correlation_value_median = {
        .name = "value_median",
        .help = "the middle one of a field's numbers, or the mean of the middle two",
        .needs_condition = true,
        .values = true,
        .numbers = true,
        .statistic = true,
        .state_size = limn_order_state_size,
        .begin = limn_order_type_begin,
        .enter = limn_order_type_enter,
        .leave = limn_order_type_leave,
        .met = met,
        .done = limn_order_type_done,
};
