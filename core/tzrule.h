/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The rule in a TZif footer: a POSIX TZ string such as `CET-1CEST,M3.5.0,M10.5.0/3`, with the
 * wider hours of RFC 8536.
 */
#include <stdint.h>

#include "core/slice.h"

typedef struct LimnTzDate {
        /* 'M': month, week, weekday; 'J': day 1 to 365, no leap day; 'N': day 0 to 365 */
        char kind;
        int month, week, day;
        int32_t time; /* seconds after local midnight, may be negative */
} LimnTzDate;

typedef struct LimnTzRule {
        int32_t std, dst; /* seconds east of UTC */
        bool has_dst;
        LimnTzDate start, stop; /* of daylight saving time */
} LimnTzRule;

bool limn_tz_rule_parse(LimnSlice s, LimnTzRule *ret);
/* When daylight saving time starts and stops in a year: seconds since the epoch, UTC. */
int64_t limn_tz_rule_start(const LimnTzRule *rule, int year);
int64_t limn_tz_rule_stop(const LimnTzRule *rule, int year);
