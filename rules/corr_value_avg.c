/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/correlation.h"

typedef struct Average {
        const LimnAmount *amounts;
        LimnAmount sum;
        long long n;
} Average;

static size_t state_size(const LimnCorrelation *rule, size_t n_values)
{
        return sizeof(Average);
}

static int begin(void *state, const LimnCorrelation *rule, const LimnCorrGroup *group)
{
        ((Average *)state)->amounts = group->amounts;
        return 0;
}

static int enter(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        Average *a = state;

        a->sum += a->amounts[event->value];
        a->n++;
        return 0;
}

static void leave(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        Average *a = state;

        a->sum -= a->amounts[event->value];
        a->n--;
}

/* Exact: the sum against so many times the number. */
static bool met(const void *state, const LimnCorrelation *rule)
{
        const Average *a = state;

        return a->n > 0 && limn_corr_compare(rule, a->sum, a->n);
}

const LimnCorrelationType limn_correlation_value_avg = {
        .name = "value_avg",
        .help = "the mean of a field's numbers",
        .needs_condition = true,
        .values = true,
        .numbers = true,
        .statistic = true,
        .state_size = state_size,
        .begin = begin,
        .enter = enter,
        .leave = leave,
        .met = met,
};
