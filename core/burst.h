/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Burst: the most that came within one minute of the clock, in constant memory.
 *
 * Moments come in the order of a file, which is nearly that of time: a minute ends when another
 * begins, and one that is taken up again later counts anew. So a burst is never told too large.
 */
#include "core/time.h"

typedef struct LimnBurst { /* zeroed: nothing came */
        uint64_t most;     /* 0: nothing with a time */
        LimnTime at;       /* the beginning of that minute, the earliest of equal ones */
        uint64_t in_head, in_tail; /* of the first minute, and of the one that is open */
        LimnTime head, tail;
        bool one; /* all of it came in the first one */
} LimnBurst;

/* LIMN_TIME_NONE is left out. */
void limn_burst_add(LimnBurst *burst, LimnTime time);
/* What came behind it, counted apart. */
void limn_burst_join(LimnBurst *burst, const LimnBurst *then);
