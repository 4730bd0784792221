/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/correlation.h"

typedef struct Sum {
        const LimnAmount *amounts;
        LimnAmount sum;
} Sum;

static size_t state_size(const LimnCorrelation *rule, size_t n_values)
{
        return sizeof(Sum);
}

static int begin(void *state, const LimnCorrelation *rule, const LimnCorrGroup *group)
{
        ((Sum *)state)->amounts = group->amounts;
        return 0;
}

static int enter(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        Sum *s = state;

        s->sum += s->amounts[event->value];
        return 0;
}

static void leave(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        Sum *s = state;

        s->sum -= s->amounts[event->value];
}

static bool met(const void *state, const LimnCorrelation *rule)
{
        return limn_corr_compare(rule, ((const Sum *)state)->sum, 1);
}

static bool needs(const void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        const Sum *s = state;

        return !limn_corr_compare(rule, s->sum - s->amounts[event->value], 1);
}

const LimnCorrelationType limn_correlation_value_sum = {
        .name = "value_sum",
        .help = "the sum of a field's numbers",
        .needs_condition = true,
        .values = true,
        .numbers = true,
        .state_size = state_size,
        .begin = begin,
        .enter = enter,
        .leave = leave,
        .met = met,
        .needs = needs,
};
