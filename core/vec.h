/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Growing arrays of any type: `struct { T *at; size_t n, cap; }`.
 *
 * limn_vec_room(&vec) makes room for one more and returns 0 or -ENOMEM; then vec.at[vec.n++] = x.
 */
#include <errno.h>
#include <stdlib.h>

#define limn_vec_room(vec)                                                                       \
        ((vec)->n < (vec)->cap                                                                   \
                 ? 0                                                                             \
                 : limn_vec_grow((void **)&(vec)->at, &(vec)->cap, sizeof *(vec)->at))

static inline int limn_vec_grow(void **at, size_t *cap, size_t size)
{
        size_t want = *cap ? *cap * 2 : 16;
        void *p = reallocarray(*at, want, size);
        if (!p)
                return -ENOMEM;
        *at = p;
        *cap = want;
        return 0;
}
