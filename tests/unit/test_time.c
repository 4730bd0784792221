/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include "core/time.h"

typedef size_t (*StampFn)(LimnSlice, LimnStamp *);

static const struct Row {
        StampFn read;
        const char *text;
        size_t taken;    /* 0: no stamp */
        const char *utc; /* NULL: the shape fits, but there is no such moment */
        LimnDuration resolution;
        bool zoned;
} rows[] = {
        /* MySQL 8 and pipeline events */
        {limn_stamp_iso, "2026-11-22T07:24:02.399120Z 0 [Note]", 27, "2026-11-22T07:24:02.399120Z",
         1, true},
        {limn_stamp_iso, "2026-11-22T07:24:02.399Z", 24, "2026-11-22T07:24:02.399000Z", 1000, true},
        {limn_stamp_iso, "2026-11-22T07:24:02Z", 20, "2026-11-22T07:24:02.000000Z", LIMN_SECOND,
         true},
        {limn_stamp_iso, "2026-11-22T07:24:02z", 20, "2026-11-22T07:24:02.000000Z", LIMN_SECOND,
         true},
        {limn_stamp_iso, "2026-11-22t07:24:02z", 20, "2026-11-22T07:24:02.000000Z", LIMN_SECOND,
         true},
        {limn_stamp_iso, "2026-11-22T07:24:02.399120+08:00 5", 32, "2026-11-21T23:24:02.399120Z", 1,
         true},
        {limn_stamp_iso, "2026-11-22T07:24:02-0330", 24, "2026-11-22T10:54:02.000000Z", LIMN_SECOND,
         true},
        {limn_stamp_iso, "2026-11-22T07:24:02+05", 22, "2026-11-22T02:24:02.000000Z", LIMN_SECOND,
         true},
        {limn_stamp_iso, "2026-11-22T07:24:02-00:00", 25, "2026-11-22T07:24:02.000000Z",
         LIMN_SECOND, true},
        {limn_stamp_iso, "2026-11-22T23:59:59.9+14:00", 27, "2026-11-22T09:59:59.900000Z", 100000,
         true},
        /* MySQL 5.6, Aurora, log4j: no zone */
        {limn_stamp_iso, "2026-11-22 07:24:02 1234 [ERROR]", 19, "2026-11-22T07:24:02.000000Z",
         LIMN_SECOND, false},
        {limn_stamp_iso, "2026-11-22 07:24:02.399120 [Note]", 26, "2026-11-22T07:24:02.399120Z", 1,
         false},
        {limn_stamp_iso, "2026-11-22 07:24:02,399 ERROR", 23, "2026-11-22T07:24:02.399000Z", 1000,
         false},
        {limn_stamp_iso, "2026-11-22T07:24:02,399 ERROR", 23, "2026-11-22T07:24:02.399000Z", 1000,
         false},
        /* MariaDB: the hour padded with a blank, and the same after a web page */
        {limn_stamp_iso, "2026-11-22  6:17:39 0 [Note]", 19, "2026-11-22T06:17:39.000000Z",
         LIMN_SECOND, false},
        {limn_stamp_iso, "2026-11-22 6:17:39 0 [Note]", 18, "2026-11-22T06:17:39.000000Z",
         LIMN_SECOND, false},
        {limn_stamp_iso, "2026-11-22  16:17:39 0 [Note]", 20, "2026-11-22T16:17:39.000000Z",
         LIMN_SECOND, false},
        {limn_stamp_iso, "2026-11-22 6:17:39.5", 20, "2026-11-22T06:17:39.500000Z", 100000, false},
        /* A zone behind a blank */
        {limn_stamp_iso, "2026-11-22 07:24:02 UTC [12]", 23, "2026-11-22T07:24:02.000000Z",
         LIMN_SECOND, true},
        {limn_stamp_iso, "2026-11-22 07:24:02.5 +0100 x", 27, "2026-11-22T06:24:02.500000Z", 100000,
         true},
        {limn_stamp_iso, "2026-11-22 07:24:02 +01 x", 19, "2026-11-22T07:24:02.000000Z",
         LIMN_SECOND, false},
        {limn_stamp_iso, "2026-11-22 07:24:02 UTCX", 19, "2026-11-22T07:24:02.000000Z", LIMN_SECOND,
         false},
        {limn_stamp_iso, "2026-11-22 07:24:02 EST", 19, "2026-11-22T07:24:02.000000Z", LIMN_SECOND,
         false},
        {limn_stamp_iso, "2026-11-22 07:24:02 - mysqld", 19, "2026-11-22T07:24:02.000000Z",
         LIMN_SECOND, false},
        {limn_stamp_iso, "2026-11-22 07:24:02+00:00 [Note] [Entrypoint]", 25,
         "2026-11-22T07:24:02.000000Z", LIMN_SECOND, true},
        /* Fractions */
        {limn_stamp_iso, "2026-11-22T07:24:02.1", 21, "2026-11-22T07:24:02.100000Z", 100000, false},
        {limn_stamp_iso, "2026-11-22T07:24:02.12", 22, "2026-11-22T07:24:02.120000Z", 10000, false},
        {limn_stamp_iso, "2026-11-22T07:24:02.1234", 24, "2026-11-22T07:24:02.123400Z", 100, false},
        {limn_stamp_iso, "2026-11-22T07:24:02.12345", 25, "2026-11-22T07:24:02.123450Z", 10, false},
        {limn_stamp_iso, "2026-11-22T07:24:02.123456789Z", 30, "2026-11-22T07:24:02.123456Z", 1,
         true},
        {limn_stamp_iso, "2026-11-22T07:24:02.000000001", 29, "2026-11-22T07:24:02.000000Z", 1,
         false},
        {limn_stamp_iso, "2026-11-22T07:24:02.Z", 19, "2026-11-22T07:24:02.000000Z", LIMN_SECOND,
         false},
        {limn_stamp_iso, "2026-11-22 07:24:02, 5, Note", 19, "2026-11-22T07:24:02.000000Z",
         LIMN_SECOND, false},
        {limn_stamp_iso, "2026-11-22 07:24:02,140237465839360,Note", 19,
         "2026-11-22T07:24:02.000000Z", LIMN_SECOND, false},
        /* No seconds */
        {limn_stamp_iso, "2026-11-22T07:24Z", 17, "2026-11-22T07:24:00.000000Z", LIMN_MINUTE, true},
        {limn_stamp_iso, "2026-11-22 07:24 up", 16, "2026-11-22T07:24:00.000000Z", LIMN_MINUTE,
         false},
        {limn_stamp_iso, "2026-11-22 07:24:x", 0, NULL, 0, false},
        {limn_stamp_iso, "2026-11-22 07:241", 0, NULL, 0, false},
        /* The ends of days, minutes and ranges */
        {limn_stamp_iso, "2016-12-31T23:59:60Z", 20, "2017-01-01T00:00:00.000000Z", LIMN_SECOND,
         true},
        {limn_stamp_iso, "2017-01-01T05:29:60+05:30", 25, "2017-01-01T00:00:00.000000Z",
         LIMN_SECOND, true},
        {limn_stamp_iso, "2026-11-22T07:24:60Z", 20, NULL, LIMN_SECOND, true},
        {limn_stamp_iso, "2026-11-22T23:59:61Z", 20, NULL, LIMN_SECOND, true},
        {limn_stamp_iso, "2026-11-22T24:00:00Z", 20, "2026-11-23T00:00:00.000000Z", LIMN_SECOND,
         true},
        {limn_stamp_iso, "2026-12-31 24:00:00", 19, "2027-01-01T00:00:00.000000Z", LIMN_SECOND,
         false},
        {limn_stamp_iso, "2026-11-22T24:00:01Z", 20, NULL, LIMN_SECOND, true},
        {limn_stamp_iso, "2026-11-22T24:00:00.000001Z", 27, NULL, 1, true},
        {limn_stamp_iso, "2026-11-22T25:00:00Z", 20, NULL, LIMN_SECOND, true},
        {limn_stamp_iso, "2026-11-22T07:60:00Z", 20, NULL, LIMN_SECOND, true},
        {limn_stamp_iso, "2026-13-22T07:24:00Z", 20, NULL, LIMN_SECOND, true},
        {limn_stamp_iso, "2026-00-22T07:24:00Z", 20, NULL, LIMN_SECOND, true},
        {limn_stamp_iso, "2026-11-31T07:24:00Z", 20, NULL, LIMN_SECOND, true},
        {limn_stamp_iso, "2026-11-00T07:24:00Z", 20, NULL, LIMN_SECOND, true},
        {limn_stamp_iso, "2026-02-29T00:00:00Z", 20, NULL, LIMN_SECOND, true},
        {limn_stamp_iso, "2100-02-29T00:00:00Z", 20, NULL, LIMN_SECOND, true},
        {limn_stamp_iso, "2000-02-29T00:00:00Z", 20, "2000-02-29T00:00:00.000000Z", LIMN_SECOND,
         true},
        {limn_stamp_iso, "0000-00-00 00:00:00", 19, NULL, LIMN_SECOND, false},
        {limn_stamp_iso, "0000-11-22 00:00:00", 19, NULL, LIMN_SECOND, false},
        {limn_stamp_iso, "2038-01-19T03:14:08Z", 20, "2038-01-19T03:14:08.000000Z", LIMN_SECOND,
         true},
        {limn_stamp_iso, "2106-02-07T06:28:16Z", 20, "2106-02-07T06:28:16.000000Z", LIMN_SECOND,
         true},
        {limn_stamp_iso, "9999-12-31T23:59:59Z", 20, "9999-12-31T23:59:59.000000Z", LIMN_SECOND,
         true},
        {limn_stamp_iso, "1969-12-31T23:59:59.5Z", 22, "1969-12-31T23:59:59.500000Z", 100000, true},
        {limn_stamp_iso, "0001-01-01T00:00:00Z", 20, "0001-01-01T00:00:00.000000Z", LIMN_SECOND,
         true},
        /* What only looks like an offset */
        {limn_stamp_iso, "2026-11-22 07:24:02-12345", 19, "2026-11-22T07:24:02.000000Z",
         LIMN_SECOND, false},
        {limn_stamp_iso, "2026-11-22 07:24:02+99", 19, "2026-11-22T07:24:02.000000Z", LIMN_SECOND,
         false},
        {limn_stamp_iso, "2026-11-22 07:24:02+05:99", 22, "2026-11-22T02:24:02.000000Z",
         LIMN_SECOND, true},
        {limn_stamp_iso, "2026-11-22 07:24:02+", 19, "2026-11-22T07:24:02.000000Z", LIMN_SECOND,
         false},
        {limn_stamp_iso, "2026-11-22T07:24:02Zebra", 19, "2026-11-22T07:24:02.000000Z", LIMN_SECOND,
         false},
        /* No stamps */
        {limn_stamp_iso, "", 0, NULL, 0, false},
        {limn_stamp_iso, "2", 0, NULL, 0, false},
        {limn_stamp_iso, "2026-11-22", 0, NULL, 0, false},
        {limn_stamp_iso, "2026-11-22 ", 0, NULL, 0, false},
        {limn_stamp_iso, "2026-11-22 7:24:0", 0, NULL, 0, false},
        {limn_stamp_iso, "2026-11-22T7:24:02", 0, NULL, 0, false},
        {limn_stamp_iso, "2026-11-22   7:24:02", 0, NULL, 0, false},
        {limn_stamp_iso, "2026-11-22X07:24:02Z", 0, NULL, 0, false},
        {limn_stamp_iso, "2026-11-22T07:24:021", 0, NULL, 0, false},
        {limn_stamp_iso, "2026-11-22T07:24-02Z", 19, "2026-11-22T09:24:00.000000Z", LIMN_MINUTE,
         true},
        {limn_stamp_iso, "2026/11/22 07:24:02", 0, NULL, 0, false},
        {limn_stamp_iso, "20261122T072402Z   ", 0, NULL, 0, false},
        {limn_stamp_iso, "-026-11-22T07:24:02Z", 0, NULL, 0, false},
        {limn_stamp_iso, "2\xb0" "26-11-22T07:24:02Z", 0, NULL, 0, false},
        {limn_stamp_iso,
         "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 0, NULL, 0,
         false},
        {limn_stamp_iso, "2026-11-22T07:24:0:", 0, NULL, 0, false},
        {limn_stamp_iso, "2026-11-22T/7:24:02", 0, NULL, 0, false},
        /* log4j yy/MM/dd, Go */
        {limn_stamp_slash, "26/11/22 07:24:02 INFO", 17, "2026-11-22T07:24:02.000000Z", LIMN_SECOND,
         false},
        {limn_stamp_slash, "26/11/22 07:24:02.399 INFO", 21, "2026-11-22T07:24:02.399000Z", 1000,
         false},
        {limn_stamp_slash, "2026/11/22 07:24:02 [mysql]", 19, "2026-11-22T07:24:02.000000Z",
         LIMN_SECOND, false},
        {limn_stamp_slash, "69/12/31 23:59:59", 17, "2069-12-31T23:59:59.000000Z", LIMN_SECOND,
         false},
        {limn_stamp_slash, "70/01/01 00:00:00", 17, "1970-01-01T00:00:00.000000Z", LIMN_SECOND,
         false},
        {limn_stamp_slash, "99/02/29 00:00:00", 17, NULL, LIMN_SECOND, false},
        {limn_stamp_slash, "00/02/29 00:00:00", 17, "2000-02-29T00:00:00.000000Z", LIMN_SECOND,
         false},
        {limn_stamp_slash, "0000/01/01 00:00:00", 19, NULL, LIMN_SECOND, false},
        {limn_stamp_slash, "26/11/22T07:24:02", 0, NULL, 0, false},
        {limn_stamp_slash, "26/11/2 07:24:02", 0, NULL, 0, false},
        {limn_stamp_slash, "262/11/22 07:24:02", 0, NULL, 0, false},
        {limn_stamp_slash, "26/11/22", 0, NULL, 0, false},
        /* MySQL to 5.5 */
        {limn_stamp_compact, "261122  7:24:01 [Note]", 15, "2026-11-22T07:24:01.000000Z",
         LIMN_SECOND, false},
        {limn_stamp_compact, "261122 17:24:01InnoDB: x", 15, "2026-11-22T17:24:01.000000Z",
         LIMN_SECOND, false},
        {limn_stamp_compact, "261122 7:24:01 [Note]", 14, "2026-11-22T07:24:01.000000Z",
         LIMN_SECOND, false},
        {limn_stamp_compact, "261122 07:24:01 mysqld_safe", 15, "2026-11-22T07:24:01.000000Z",
         LIMN_SECOND, false},
        {limn_stamp_compact, "261322  7:24:01", 15, NULL, LIMN_SECOND, false},
        {limn_stamp_compact, "261122", 0, NULL, 0, false},
        {limn_stamp_compact, "2611221 7:24:01", 0, NULL, 0, false},
        {limn_stamp_compact, "261122   7:24:01", 0, NULL, 0, false},
        {limn_stamp_compact, "26112a  7:24:01", 0, NULL, 0, false},

        {limn_stamp_named, "Nov 22, 2026 7:24:01 AM a.B c", 23, "2026-11-22T07:24:01.000000Z",
         LIMN_SECOND, false},
        {limn_stamp_named, "Nov 22, 2026 12:24:01 PM a.B c", 24, "2026-11-22T12:24:01.000000Z",
         LIMN_SECOND, false},
        {limn_stamp_named, "Nov 22, 2026, 12:24:01 AM", 25, "2026-11-22T00:24:01.000000Z",
         LIMN_SECOND, false},
        {limn_stamp_named, "Nov 22, 2026, 7:24:01\xe2\x80\xafPM", 26,
         "2026-11-22T19:24:01.000000Z", LIMN_SECOND, false},
        {limn_stamp_named, "22-Nov-2026 07:24:01.123 INFO", 24, "2026-11-22T07:24:01.123000Z",
         1000, false},
        {limn_stamp_named, "22 Nov 2026 07:24:01,123", 24, "2026-11-22T07:24:01.123000Z", 1000,
         false},
        {limn_stamp_named, "November 2, 2026 07:24:01 UTC", 29, "2026-11-02T07:24:01.000000Z",
         LIMN_SECOND, true},
        {limn_stamp_named, "31-Feb-2026 07:24:01", 20, NULL, LIMN_SECOND, false},
        {limn_stamp_named, "Nov  2 07:24:01 host", 15, NULL, LIMN_SECOND, false},
        {limn_stamp_named, "Nov 22, 26 7:24:01 AM", 0, NULL, 0, false},
        {limn_stamp_named, "None 22, 2026 7:24:01", 0, NULL, 0, false},
        {limn_stamp_named, "22-Nov 2026 07:24:01", 0, NULL, 0, false},
};

static void test_rows(void **state)
{
        for (size_t i = 0; i < N_OF(rows); i++) {
                const struct Row *row = &rows[i];
                LimnStamp stamp;
                LimnTime t = LIMN_TIME_NONE;
                char text[LIMN_TIME_ISO_MAX];
                size_t taken = row->read(limn_slice_str(row->text), &stamp);
                if (taken != row->taken)
                        fail_msg("\"%s\": takes %zu, not %zu", row->text, taken, row->taken);
                if (!taken)
                        continue;
                bool ok = limn_stamp_to_utc(&stamp, &t);
                if (ok != (row->utc != NULL))
                        fail_msg("\"%s\": moment %d", row->text, ok);
                if (ok && strcmp(limn_time_iso_str(t, text), row->utc) != 0)
                        fail_msg("\"%s\": %s, not %s", row->text, text, row->utc);
                if (stamp.resolution != row->resolution)
                        fail_msg("\"%s\": resolution %lld", row->text,
                                 (long long)stamp.resolution);
                if (stamp.has_offset != row->zoned)
                        fail_msg("\"%s\": zone %d", row->text, stamp.has_offset);
        }
}

/* Every cut of every row: never reads beyond its end (the sanitizers watch an exact copy), never
 * takes more than there is, and leaves the result alone when there is no stamp. */
static void test_cut_short(void **state)
{
        for (size_t i = 0; i < N_OF(rows); i++) {
                size_t n = strlen(rows[i].text);
                for (size_t cut = 0; cut <= n; cut++) {
                        char *copy = malloc(cut ? cut : 1);
                        assert_non_null(copy);
                        memcpy(copy, rows[i].text, cut);
                        LimnStamp stamp = {.year = 4711};
                        size_t taken = rows[i].read(limn_slice(copy, cut), &stamp);
                        assert_true(taken <= cut);
                        assert_int_equal(taken == 0, stamp.year == 4711);
                        free(copy);
                }
        }
}

static void test_short_year(void **state)
{
        LimnStamp stamp;
        assert_int_equal(limn_stamp_slash(LIMN_S("26/11/22 07:24:02"), &stamp), 17);
        assert_true(stamp.short_year);
        assert_int_equal(limn_stamp_slash(LIMN_S("2026/11/22 07:24:02"), &stamp), 19);
        assert_false(stamp.short_year);
        assert_int_equal(limn_stamp_compact(LIMN_S("261122 07:24:02"), &stamp), 15);
        assert_true(stamp.short_year);
}

/* Counting days one by one, by the rule for leap years, must agree with the arithmetic. */
static void test_calendar(void **state)
{
        static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        int64_t days = limn_days_from_civil(1, 1, 1);
        assert_int_equal(days, -719162);
        assert_int_equal(limn_days_from_civil(1970, 1, 1), 0);
        for (int year = 1; year <= 2500; year++) {
                bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
                for (int month = 1; month <= 12; month++) {
                        int length = lengths[month - 1] + (month == 2 && leap);
                        for (int day = 1; day <= length; day++, days++) {
                                int y, m, d;
                                assert_int_equal(limn_days_from_civil(year, month, day), days);
                                limn_civil_from_days(days, &y, &m, &d);
                                if (y != year || m != month || d != day)
                                        fail_msg("%d-%d-%d: %d-%d-%d", year, month, day, y, m, d);
                        }
                }
        }
}

static void test_extremes(void **state)
{
        char text[LIMN_TIME_ISO_MAX];
        assert_string_equal(limn_time_iso_str(LIMN_TIME_NONE, text), "-");
        assert_string_equal(limn_time_iso_str(0, text), "1970-01-01T00:00:00.000000Z");
        assert_string_equal(limn_time_iso_str(-1, text), "1969-12-31T23:59:59.999999Z");
        assert_string_equal(limn_time_iso_str(INT64_MAX, text), "294247-01-10T04:00:54.775807Z");
        assert_string_equal(limn_time_iso_str(INT64_MIN + 1, text),
                            "-290308-12-21T19:59:05.224193Z");
        assert_string_equal(limn_time_iso_str(253402300800 * LIMN_SECOND, text),
                            "10000-01-01T00:00:00.000000Z");
        LimnBuf buf = LIMN_BUF(100);
        assert_int_equal(limn_time_iso(LIMN_SECOND, &buf), 0);
        assert_string_equal(limn_buf_str(&buf), "1970-01-01T00:00:01.000000Z");
        limn_buf_done(&buf);
}

static void test_duration_text(void **state)
{
        static const struct {
                LimnDuration d;
                const char *text;
        } table[] = {
                {0, "0 s"},
                {7, "7 us"},
                {640 * 1000, "640 ms"},
                {640 * 1000 + 12, "640 ms 12 us"},
                {LIMN_SECOND, "1 s"},
                {90 * LIMN_SECOND, "1 min 30 s"},
                {12 * LIMN_MINUTE + 5 * LIMN_SECOND, "12 min 5 s"},
                {LIMN_HOUR + 59 * LIMN_SECOND, "1 h"},
                {3 * LIMN_DAY + 4 * LIMN_HOUR + 5 * LIMN_MINUTE, "3 d 4 h"},
                {-90 * LIMN_SECOND, "-1 min 30 s"},
                {INT64_MIN, "-106751991 d 4 h"},
        };
        for (size_t i = 0; i < N_OF(table); i++) {
                LimnBuf buf = LIMN_BUF(100);
                assert_int_equal(limn_duration_text(table[i].d, &buf), 0);
                assert_string_equal(limn_buf_str(&buf), table[i].text);
                limn_buf_done(&buf);
        }
}

static void test_duration_parse(void **state)
{
        static const struct {
                const char *text;
                LimnDuration d; /* -1: refused */
        } table[] = {
                {"90s", 90 * LIMN_SECOND},
                {"15m", 15 * LIMN_MINUTE},
                {"2h", 2 * LIMN_HOUR},
                {"7d", 7 * LIMN_DAY},
                {"1w", 7 * LIMN_DAY},
                {"1M", 2629746 * LIMN_SECOND},
                {"1y", 31556952 * LIMN_SECOND},
                {"0s", 0},
                {"9223372036854s", 9223372036854 * LIMN_SECOND},
                {"9223372036855s", -1},
                {"99999999999999999999s", -1},
                {"9223372036854775807y", -1},
                {"", -1},
                {"s", -1},
                {"15", -1},
                {"-15m", -1},
                {"+15m", -1},
                {"15 m", -1},
                {"1.5h", -1},
                {"1h30m", -1},
                {"15min", -1},
                {"1D", -1},
        };
        for (size_t i = 0; i < N_OF(table); i++) {
                LimnDuration d = -1;
                bool ok = limn_duration_parse(limn_slice_str(table[i].text), &d);
                if (ok != (table[i].d >= 0) || d != table[i].d)
                        fail_msg("\"%s\": %d %lld", table[i].text, ok, (long long)d);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_rows),
                cmocka_unit_test(test_cut_short),
                cmocka_unit_test(test_short_year),
                cmocka_unit_test(test_calendar),
                cmocka_unit_test(test_extremes),
                cmocka_unit_test(test_duration_text),
                cmocka_unit_test(test_duration_parse),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
