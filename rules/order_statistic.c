/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/order_statistic.h"

#include <errno.h>
#include <stdlib.h>

static int by_amount(const void *a, const void *b, void *arg)
{
        const LimnAmount *amounts = arg;
        uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

        if (amounts[x] != amounts[y])
                return (amounts[x] > amounts[y]) - (amounts[x] < amounts[y]);
        return (x > y) - (x < y);
}

int limn_order_begin(LimnOrderStatistic *o, const LimnCorrGroup *group)
{
        size_t i;

        if (o->tree) /* empty again, and of the same values */
                return 0;
        o->amounts = group->amounts;
        o->n_values = group->n_values;
        o->place = calloc(o->n_values + 1, sizeof *o->place);
        o->sorted = calloc(o->n_values + 1, sizeof *o->sorted);
        o->tree = calloc(o->n_values + 1, sizeof *o->tree);
        if (!o->place || !o->sorted || !o->tree)
                return -ENOMEM;
        for (i = 0; i < o->n_values; i++)
                o->sorted[i] = (uint32_t)i;
        qsort_r(o->sorted, o->n_values, sizeof *o->sorted, by_amount, (void *)o->amounts);
        for (i = 0; i < o->n_values; i++)
                o->place[o->sorted[i]] = (uint32_t)i;
        return 0;
}

void limn_order_add(LimnOrderStatistic *o, uint32_t value, int by)
{
        size_t i;

        for (i = (size_t)o->place[value] + 1; i <= o->n_values; i += i & -i)
                o->tree[i] += by;
        o->n += (size_t)by;
}

LimnAmount limn_order_at(const LimnOrderStatistic *o, size_t k)
{
        size_t at = 0, step = 1;

        while (step * 2 <= o->n_values)
                step *= 2;
        for (; step; step /= 2)
                if (at + step <= o->n_values && o->tree[at + step] < (long long)k) {
                        at += step;
                        k -= (size_t)o->tree[at];
                }
        return o->amounts[o->sorted[at]];
}

void limn_order_done(LimnOrderStatistic *o)
{
        free(o->place);
        free(o->sorted);
        free(o->tree);
}

size_t limn_order_state_size(const LimnCorrelation *rule, size_t n_values)
{
        return sizeof(LimnOrderStatistic);
}

int limn_order_type_begin(void *state, const LimnCorrelation *rule, const LimnCorrGroup *group)
{
        return limn_order_begin(state, group);
}

int limn_order_type_enter(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        limn_order_add(state, event->value, 1);
        return 0;
}

void limn_order_type_leave(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event)
{
        limn_order_add(state, event->value, -1);
}

void limn_order_type_done(void *state, const LimnCorrelation *rule)
{
        limn_order_done(state);
}
