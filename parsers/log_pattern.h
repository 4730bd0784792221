/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Log patterns: heads of log lines that a table spells out (parsers/log_patterns.list), for
 * programs that order stamp, level and the rest in a way that log_head.h does not find by itself.
 */
#include "core/format.h"

typedef struct LimnLogPattern {
        LimnStamp stamp;
        LimnSlice stamp_raw; /* p NULL: the line has none */
        LimnLevel level;
        LimnSlice level_raw, thread, logger;
        LimnSlice message;
} LimnLogPattern;

/* False: the line is in no pattern of the table. The first that it is in counts. */
bool limn_log_pattern(LimnSlice line, LimnLogPattern *ret);
