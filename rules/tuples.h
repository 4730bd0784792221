/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Tuples: small numbers for lists of texts, the same number for equal lists, in the order in
 * which they first came.
 *
 * Copies nothing: the texts must outlive it. Results must not depend on the numbers' order, only
 * on their equality; sort by content before anything is shown.
 */
#include <stdint.h>

#include "core/slice.h"

typedef struct LimnTuples {
        size_t width; /* texts in a tuple; set by the user, the rest zeroed */
        LimnSlice *at; /* tuple i: at[i * width] and on */
        uint64_t *hash;
        uint32_t n, cap;
        uint32_t *table; /* number + 1; 0: free */
        size_t table_size;
} LimnTuples;

/* `tuple`: width texts; p NULL is a text of its own. 0 or -ENOMEM; *ret_new may be NULL. */
int limn_tuples_number(LimnTuples *tuples, const LimnSlice *tuple, uint32_t *ret, bool *ret_new);
void limn_tuples_done(LimnTuples *tuples);
int limn_tuple_cmp(const LimnSlice *a, const LimnSlice *b, size_t width);
