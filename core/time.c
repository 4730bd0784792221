/* SPDX-License-Identifier: Apache-2.0 */
#include "core/time.h"

#include "core/ascii.h"

/* Whole 400-year cycles before the epoch, enough to make every `int` year positive. */
enum { CYCLES = 6000000, CYCLE_YEARS = 400, CYCLE_DAYS = 146097 };
/* From 0000-03-01, where the arithmetic begins its years, to 1970-01-01. */
enum { MARCH_0_TO_EPOCH = 719468 };

int64_t limn_days_from_civil(int year, int month, int day)
{
        /* The year begins in March, so that the leap day is its last and months follow a line. */
        unsigned m = (unsigned)(month > 2 ? month - 3 : month + 9);
        uint64_t y = (uint64_t)((int64_t)year - (month <= 2) + (int64_t)CYCLES * CYCLE_YEARS);
        uint64_t days = y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5;
        return (int64_t)days + day - 1 - MARCH_0_TO_EPOCH - (int64_t)CYCLES * CYCLE_DAYS;
}

void limn_civil_from_days(int64_t days, int *ret_year, int *ret_month, int *ret_day)
{
        uint64_t n = (uint64_t)(days + MARCH_0_TO_EPOCH + (int64_t)CYCLES * CYCLE_DAYS);
        uint64_t cycle = n / CYCLE_DAYS;
        unsigned of_cycle = (unsigned)(n % CYCLE_DAYS);
        unsigned year = (of_cycle - of_cycle / 1460 + of_cycle / 36524 - of_cycle / 146096) / 365;
        unsigned of_year = of_cycle - (365 * year + year / 4 - year / 100);
        unsigned m = (5 * of_year + 2) / 153;
        *ret_day = (int)(of_year - (153 * m + 2) / 5 + 1);
        *ret_month = (int)(m < 10 ? m + 3 : m - 9);
        *ret_year = (int)((int64_t)cycle * CYCLE_YEARS + year + (m >= 10) -
                          (int64_t)CYCLES * CYCLE_YEARS);
}

static int month_days(int year, int month)
{
        static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return days[month - 1] + (month == 2 && leap);
}

bool limn_stamp_to_utc(const LimnStamp *s, LimnTime *ret)
{
        if (s->year < 1 || s->year > 9999 || s->month < 1 || s->month > 12 || s->day < 1 ||
            (s->day > 28 && s->day > month_days(s->year, s->month)))
                return false;
        if (s->minute < 0 || s->minute > 59 || s->second < 0 || s->micros < 0 ||
            s->micros > 999999 || s->hour < 0)
                return false;
        if (s->hour > 23 && (s->hour > 24 || s->minute || s->second || s->micros))
                return false;
        /* A leap second ends a UTC day, and zones are whole quarters of an hour from UTC. */
        if (s->second > 59 && (s->second > 60 || s->minute % 15 != 14))
                return false;
        int64_t minutes = limn_days_from_civil(s->year, s->month, s->day) * 1440 +
                          s->hour * 60 + s->minute;
        if (s->has_offset)
                minutes -= s->offset_minutes;
        *ret = minutes * LIMN_MINUTE + s->second * LIMN_SECOND + s->micros;
        return true;
}

static char *put_digits(char *p, unsigned value, unsigned n)
{
        for (unsigned i = n; i > 0; i--, value /= 10)
                p[i - 1] = (char)('0' + value % 10);
        return p + n;
}

char *limn_time_iso_str(LimnTime t, char out[LIMN_TIME_ISO_MAX])
{
        char *p = out;
        if (t == LIMN_TIME_NONE) {
                p[0] = '-';
                p[1] = '\0';
                return out;
        }
        int64_t days = t / LIMN_DAY, of_day = t % LIMN_DAY;
        if (of_day < 0) {
                days--;
                of_day += LIMN_DAY;
        }
        int year, month, day;
        limn_civil_from_days(days, &year, &month, &day);
        if (year < 0)
                *p++ = '-';
        unsigned y = year < 0 ? (unsigned)-year : (unsigned)year;
        p = put_digits(p, y, y > 99999 ? 6 : y > 9999 ? 5 : 4);
        *p++ = '-';
        p = put_digits(p, (unsigned)month, 2);
        *p++ = '-';
        p = put_digits(p, (unsigned)day, 2);
        *p++ = 'T';
        unsigned seconds = (unsigned)(of_day / 1000000);
        p = put_digits(p, seconds / 3600, 2);
        *p++ = ':';
        p = put_digits(p, seconds / 60 % 60, 2);
        *p++ = ':';
        p = put_digits(p, seconds % 60, 2);
        *p++ = '.';
        p = put_digits(p, (unsigned)(of_day % 1000000), 6);
        *p++ = 'Z';
        *p = '\0';
        return out;
}

int limn_time_iso(LimnTime t, LimnBuf *out)
{
        char text[LIMN_TIME_ISO_MAX];
        return limn_buf_add_str(out, limn_time_iso_str(t, text));
}

int limn_duration_text(LimnDuration d, LimnBuf *out)
{
        static const struct {
                uint64_t micros;
                const char *name;
        } units[] = {{86400000000, "d"}, {3600000000, "h"}, {60000000, "min"},
                     {1000000, "s"},     {1000, "ms"},      {1, "us"}};
        uint64_t left = d < 0 ? 0 - (uint64_t)d : (uint64_t)d;
        if (left == 0)
                return limn_buf_add_str(out, "0 s");
        if (d < 0)
                limn_buf_add_char(out, '-');
        size_t i = 0;
        while (left < units[i].micros)
                i++;
        limn_buf_printf(out, "%llu %s", (unsigned long long)(left / units[i].micros),
                        units[i].name);
        left %= units[i].micros;
        if (++i < sizeof units / sizeof *units && left >= units[i].micros)
                limn_buf_printf(out, " %llu %s", (unsigned long long)(left / units[i].micros),
                                units[i].name);
        return out->error;
}

bool limn_duration_parse(LimnSlice s, LimnDuration *ret)
{
        int64_t unit;
        switch (s.n ? s.p[s.n - 1] : '\0') {
        case 's': unit = 1; break;
        case 'm': unit = 60; break;
        case 'h': unit = 3600; break;
        case 'd': unit = 86400; break;
        case 'w': unit = 604800; break;
        case 'M': unit = 2629746; break;
        case 'y': unit = 31556952; break;
        default: return false;
        }
        long long n;
        if (!limn_ascii_digit(s.p[0]) || !limn_slice_i64(limn_slice_to(s, s.n - 1), &n) ||
            n > INT64_MAX / LIMN_SECOND / unit)
                return false;
        *ret = n * unit * LIMN_SECOND;
        return true;
}
