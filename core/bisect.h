/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Bisect: where in something sorted a condition ends.
 *
 *      size_t first = LIMN_BISECT(n, i, events[i].time < time);
 *
 * is the first of the indexes 0 to n - 1 for which the condition does not hold, or n. It must hold
 * for none behind one for which it does not. `i` names the index in the condition.
 */
#include <stddef.h>

#define LIMN_BISECT(count, i, condition)                                    \
        __extension__({                                                     \
                size_t bisect_lo = 0, bisect_hi = (count);                  \
                while (bisect_lo < bisect_hi) {                             \
                        size_t i = bisect_lo + (bisect_hi - bisect_lo) / 2; \
                        if (condition)                                      \
                                bisect_lo = i + 1;                          \
                        else                                                \
                                bisect_hi = i;                              \
                }                                                           \
                bisect_lo;                                                  \
        })
