/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Order statistic: the k-th smallest number of a window that moves, in O(log n).
 *
 * A tree of counts over the numbers that occur at all, sorted (Fenwick): a window costs nothing to
 * move, however many events it holds.
 */
#include "rules/correlation.h"

typedef struct LimnOrderStatistic {
        const LimnAmount *amounts; /* by value, as the group has them */
        uint32_t *place;           /* of each value among the sorted */
        uint32_t *sorted;          /* values by amount */
        long long *tree;
        size_t n_values, n;        /* n: events inside */
} LimnOrderStatistic;

/* Of a zeroed one, or once more for another group. 0 or -ENOMEM. */
int limn_order_begin(LimnOrderStatistic *o, const LimnCorrGroup *group);
void limn_order_add(LimnOrderStatistic *o, uint32_t value, int by);
/* k from 1 to n. */
LimnAmount limn_order_at(const LimnOrderStatistic *o, size_t k);
void limn_order_done(LimnOrderStatistic *o);

/* The parts that types over it share. */
size_t limn_order_state_size(const LimnCorrelation *rule, size_t n_values);
int limn_order_type_begin(void *state, const LimnCorrelation *rule, const LimnCorrGroup *group);
int limn_order_type_enter(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event);
void limn_order_type_leave(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event);
void limn_order_type_done(void *state, const LimnCorrelation *rule);
