/* SPDX-License-Identifier: Apache-2.0 */
/* Stamps as text to LimnStamp: one is read for every line of a log, so the usual shape is compared
 * eight bytes at a time and everything else goes a slower way. */
#include "core/ascii.h"
#include "core/time.h"

static inline unsigned digit(char c)
{
        return (unsigned)(unsigned char)c - '0';
}

/* Reads exactly two digits. */
static inline bool two(LimnSlice s, size_t at, int *ret)
{
        if (at + 2 > s.n || digit(s.p[at]) > 9 || digit(s.p[at + 1]) > 9)
                return false;
        *ret = (int)(digit(s.p[at]) * 10 + digit(s.p[at + 1]));
        return true;
}

static inline bool is(LimnSlice s, size_t at, char c)
{
        return at < s.n && s.p[at] == c;
}

static inline bool is_digit(LimnSlice s, size_t at)
{
        return at < s.n && digit(s.p[at]) <= 9;
}

static inline bool is_word(LimnSlice s, size_t at)
{
        return at < s.n && (limn_ascii_alnum(s.p[at]) || s.p[at] == '_');
}

/* +hh:mm, +hhmm and, unless `long_form`, +hh, with nothing numeric after them. */
static size_t offset(LimnSlice s, size_t at, bool long_form, LimnStamp *ret)
{
        int hours, minutes = 0;
        if (!(is(s, at, '+') || is(s, at, '-')) || !two(s, at + 1, &hours) || hours > 23)
                return at;
        size_t end = at + 3;
        bool colon = is(s, end, ':');
        if (two(s, end + colon, &minutes) && minutes < 60)
                end += colon + 2u;
        else if (long_form)
                return at;
        else
                minutes = 0;
        if (is_digit(s, end))
                return at;
        ret->has_offset = true;
        ret->offset_minutes = (hours * 60 + minutes) * (s.p[at] == '-' ? -1 : 1);
        return end;
}

static size_t zone(LimnSlice s, size_t at, LimnStamp *ret)
{
        if (at == s.n)
                return at;
        char c = s.p[at];
        if (c == 'Z' || c == 'z') {
                if (is_word(s, at + 1))
                        return at;
                ret->has_offset = true;
                return at + 1;
        }
        if (c == '+' || c == '-')
                return offset(s, at, false, ret);
        if (c != ' ' || at + 4 > s.n)
                return at;
        if ((memcmp(s.p + at + 1, "UTC", 3) == 0 || memcmp(s.p + at + 1, "GMT", 3) == 0) &&
            !is_word(s, at + 4) && !is(s, at + 4, '+') && !is(s, at + 4, '-')) {
                ret->has_offset = true;
                return at + 4;
        }
        size_t end = offset(s, at + 1, true, ret);
        return end == at + 1 ? at : end;
}

/* A fraction and a zone, both optional. Ten digits and more are no fraction but the next column
 * of a CSV export (a thread id). */
static size_t tail(LimnSlice s, size_t at, LimnStamp *ret)
{
        if (at + 1 < s.n && (s.p[at] == '.' || s.p[at] == ',') && digit(s.p[at + 1]) <= 9) {
                static const unsigned scale[] = {1, 100000, 10000, 1000, 100, 10, 1};
                size_t i = at + 1, n = 0;
                unsigned micros = 0;
                for (; i < s.n && n < 6 && digit(s.p[i]) <= 9; i++, n++)
                        micros = micros * 10 + digit(s.p[i]);
                micros *= scale[n];
                while (i < s.n && digit(s.p[i]) <= 9)
                        i++;
                if (i - at - 1 <= 9) {
                        ret->micros = (int)micros;
                        ret->resolution = scale[n];
                        at = i;
                }
        }
        return zone(s, at, ret);
}

/* HH:MM[:SS] and its tail; the hour may be one digit. */
static size_t time_of_day(LimnSlice s, size_t at, bool short_hour, LimnStamp *ret)
{
        if (two(s, at, &ret->hour)) {
                at += 2;
        } else if (short_hour && is_digit(s, at)) {
                ret->hour = (int)digit(s.p[at]);
                at += 1;
        } else {
                return 0;
        }
        if (!is(s, at, ':') || !two(s, at + 1, &ret->minute))
                return 0;
        at += 3;
        ret->resolution = LIMN_MINUTE;
        if (is(s, at, ':')) {
                if (!two(s, at + 1, &ret->second))
                        return 0;
                at += 3;
                ret->resolution = LIMN_SECOND;
                if (is_digit(s, at))
                        return 0;
                return tail(s, at, ret);
        }
        return is_digit(s, at) ? 0 : zone(s, at, ret);
}

/* What stands between date and time of day: a T, or one or two blanks and a free-width hour. */
static size_t after_date(LimnSlice s, size_t at, bool letter, LimnStamp *ret)
{
        if (letter && (is(s, at, 'T') || is(s, at, 't')))
                return time_of_day(s, at + 1, false, ret);
        if (!is(s, at, ' '))
                return 0;
        return time_of_day(s, at + 1 + is(s, at + 1, ' '), true, ret);
}

/* A written year 0 names no moment, whereas LimnStamp's 0 is "none was written". */
static inline int written_year(int year)
{
        return year ? year : -1;
}

/* Eight bytes as one word; digits become 0 to 9 and separators 0 under `shape`. */
static inline uint64_t under(const char *p, const char shape[9])
{
        uint64_t word, mask;
        memcpy(&word, p, 8);
        memcpy(&mask, shape, 8);
        return word ^ mask;
}

/* The high bit of each byte of the result: set where `word` is above what `room` leaves. No byte
 * carries into the next: one that could is above 0x7f, and then the answer is set anyway. */
static inline uint64_t misfits(uint64_t word, const char room[9])
{
        uint64_t add;
        memcpy(&add, room, 8);
        return ((word + add) | word) & 0x8080808080808080u;
}

static inline int pair(const unsigned char *digits)
{
        return digits[0] * 10 + digits[1];
}

size_t limn_stamp_iso(LimnSlice s, LimnStamp *ret)
{
        LimnStamp stamp = {0};
        if (s.n >= 19) {
                uint64_t date = under(s.p, "0000-00-");
                uint64_t time = under(s.p + 11, "00:00:00");
                uint64_t bad = misfits(date, "\x76\x76\x76\x76\x7f\x76\x76\x7f") |
                               misfits(time, "\x76\x76\x7f\x76\x76\x7f\x76\x76");
                unsigned day1 = digit(s.p[8]), day2 = digit(s.p[9]);
                char between = s.p[10];
                if (!bad && day1 <= 9 && day2 <= 9 && (between == 'T' || between == ' ') &&
                    !is_digit(s, 19)) {
                        unsigned char d[8], t[8];
                        memcpy(d, &date, 8);
                        memcpy(t, &time, 8);
                        stamp.year = written_year(pair(d) * 100 + pair(d + 2));
                        stamp.month = pair(d + 5);
                        stamp.day = (int)(day1 * 10 + day2);
                        stamp.hour = pair(t);
                        stamp.minute = pair(t + 3);
                        stamp.second = pair(t + 6);
                        stamp.resolution = LIMN_SECOND;
                        size_t n = tail(s, 19, &stamp);
                        *ret = stamp;
                        return n;
                }
        }
        int century, year;
        if (!two(s, 0, &century) || !two(s, 2, &year) || !is(s, 4, '-') ||
            !two(s, 5, &stamp.month) || !is(s, 7, '-') || !two(s, 8, &stamp.day))
                return 0;
        stamp.year = written_year(century * 100 + year);
        size_t n = after_date(s, 10, true, &stamp);
        if (n)
                *ret = stamp;
        return n;
}

static int full_year(int two_digits)
{
        return two_digits + (two_digits < 70 ? 2000 : 1900);
}

size_t limn_stamp_slash(LimnSlice s, LimnStamp *ret)
{
        LimnStamp stamp = {0};
        int first, second;
        size_t at = 2;
        if (!two(s, 0, &first))
                return 0;
        if (two(s, 2, &second)) {
                stamp.year = written_year(first * 100 + second);
                at = 4;
        } else {
                stamp.year = full_year(first);
                stamp.short_year = true;
        }
        if (!is(s, at, '/') || !two(s, at + 1, &stamp.month) || !is(s, at + 3, '/') ||
            !two(s, at + 4, &stamp.day))
                return 0;
        size_t n = after_date(s, at + 6, false, &stamp);
        if (n)
                *ret = stamp;
        return n;
}

size_t limn_stamp_compact(LimnSlice s, LimnStamp *ret)
{
        LimnStamp stamp = {0};
        int year;
        if (!two(s, 0, &year) || !two(s, 2, &stamp.month) || !two(s, 4, &stamp.day))
                return 0;
        stamp.year = full_year(year);
        stamp.short_year = true;
        size_t n = after_date(s, 6, false, &stamp);
        if (n)
                *ret = stamp;
        return n;
}
