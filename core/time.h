/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Time: microseconds since 1970-01-01 UTC, leap seconds not counted, in a signed 64-bit number.
 *
 * limn never asks the clock. Zones are known here and at the edge of reports, nowhere else.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/slice.h"

typedef int64_t LimnTime;     /* microseconds */
typedef int64_t LimnDuration; /* microseconds */

#define LIMN_TIME_NONE INT64_MIN
#define LIMN_SECOND ((LimnDuration)1000000)
#define LIMN_MINUTE (60 * LIMN_SECOND)
#define LIMN_HOUR (60 * LIMN_MINUTE)
#define LIMN_DAY (24 * LIMN_HOUR)

/* A stamp as written: a calendar date, a time of day, and what it says of its zone. */
typedef struct LimnStamp {
        int year, month, day; /* year 0: none was written */
        bool short_year;      /* two digits were written: 70 to 99 is 19xx, 00 to 69 20xx */
        int hour, minute, second; /* second may be 60 (leap), hour 24 with 0:0 (end of day) */
        int micros;
        bool has_offset;
        int offset_minutes; /* east positive; only with has_offset */
        LimnDuration resolution; /* of the last digit written: a second, a millisecond, ... */
} LimnStamp;

/*
 * ISO 8601 and its relatives at the start of `s`: `2026-11-22T07:24:02.399Z`, a blank or two for
 * the T, an hour padded with a blank (MariaDB), a comma for the dot, 1 to 9 fraction digits
 * (beyond microseconds cut), Z, +hh:mm, +hhmm, +hh or nothing; also a blank and then UTC, GMT,
 * +hh:mm or +hhmm. Without seconds the resolution is a minute. The shape alone is checked: month 13
 * passes here and fails in limn_stamp_to_utc. Returns the bytes taken, or 0.
 */
size_t limn_stamp_iso(LimnSlice s, LimnStamp *ret);
/* `26/11/22 07:24:02` (log4j yy/MM/dd; four-digit year too); what may follow as above. */
size_t limn_stamp_slash(LimnSlice s, LimnStamp *ret);
/* `261122  7:24:01` (MySQL to 5.5, crash headers, mysqld_safe); what may follow as above. */
size_t limn_stamp_compact(LimnSlice s, LimnStamp *ret);

/*
 * Stamps with the month's English name: `Nov 22, 2026 7:24:01 AM` (java.util.logging),
 * `22-Nov-2026 07:24:01.123` (Tomcat), `22 Nov 2026 07:24:01,123` (log4j DATE), `Nov 22 07:24:01`
 * (syslog, no year); what may follow as above.
 */
size_t limn_stamp_named(LimnSlice s, LimnStamp *ret);

/* Days from 1970-01-01 of a proleptic Gregorian date. */
int64_t limn_days_from_civil(int year, int month, int day);
void limn_civil_from_days(int64_t days, int *ret_year, int *ret_month, int *ret_day);

/* Reads the stamp as UTC (after its own offset, if it has one). False: no such moment. */
bool limn_stamp_to_utc(const LimnStamp *stamp, LimnTime *ret);

/* `2026-11-22T07:24:02.399000Z`, always six digits. "-" for LIMN_TIME_NONE. */
int limn_time_iso(LimnTime t, LimnBuf *out);
/* The same into a caller's array; returns it. */
#define LIMN_TIME_ISO_MAX 40
char *limn_time_iso_str(LimnTime t, char out[LIMN_TIME_ISO_MAX]);
/* `3 d 4 h`, `12 min 5 s`, `640 ms`: the two largest units, for sentences. */
int limn_duration_text(LimnDuration d, LimnBuf *out);
/* `90s`, `15m`, `2h`, `7d`, `1w`, `1M` (2629746 s), `1y` (31556952 s): Sigma's timespans. */
bool limn_duration_parse(LimnSlice s, LimnDuration *ret);
