/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * TZif: a compiled tz database file (RFC 8536) as a table of periods of one UTC offset each.
 *
 * The footer's rule (a POSIX TZ string) is expanded over the 400 years after the last listed
 * change, a whole cycle of the calendar, so that reading a time is one search in one table.
 */
#include <stdint.h>

#include "core/slice.h"

typedef struct LimnTzPeriod {
        int64_t from;   /* seconds since the epoch; the first period has no beginning */
        int32_t offset; /* seconds east of UTC */
} LimnTzPeriod;

typedef struct LimnTzif {
        LimnTzPeriod *at; /* rising; never empty */
        size_t n, cap;
        /* From here on times repeat what was 400 years earlier; INT64_MAX: nothing changes. */
        int64_t end;
} LimnTzif;

/* -EINVAL when damaged (or counting leap seconds, as the right/ files do), -ENOMEM. On failure
 * there is nothing to free. */
int limn_tzif_read(LimnTzif *ret, LimnSlice bytes);
int limn_tzif_fixed(LimnTzif *ret, int32_t offset);
void limn_tzif_done(LimnTzif *tz);
