/* SPDX-License-Identifier: Apache-2.0 */
/* Stamps that spell their month: few logs have them, so they are read the plain way. */
#include "core/ascii.h"
#include "core/time.h"

/* 1 to 12 by the first three letters, whatever their case; 0: none. */
static int month_of(LimnSlice s)
{
        static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

        if (s.n < 3)
                return 0;
        for (int m = 0; m < 12; m++)
                if (limn_ascii_lower(s.p[0]) == names[m * 3] &&
                    limn_ascii_lower(s.p[1]) == names[m * 3 + 1] &&
                    limn_ascii_lower(s.p[2]) == names[m * 3 + 2])
                        return m + 1;
        return 0;
}

/* A number of at most `max` digits; the digits taken. */
static size_t number(LimnSlice s, size_t max, int *ret)
{
        size_t n = 0;

        *ret = 0;
        for (; n < s.n && n < max && limn_ascii_digit(s.p[n]); n++)
                *ret = *ret * 10 + (s.p[n] - '0');
        return n < s.n && limn_ascii_digit(s.p[n]) ? 0 : n;
}

/* AM or PM behind blanks, of which newer Java writes a narrow one (U+202F). */
static size_t half_day(LimnSlice s, LimnStamp *stamp)
{
        size_t i = 0;

        if (limn_slice_starts(s, LIMN_S("\xe2\x80\xaf")))
                i = 3;
        while (i < s.n && s.p[i] == ' ')
                i++;
        if (i + 2 > s.n || limn_ascii_lower(s.p[i + 1]) != 'm' ||
            (i + 2 < s.n && limn_ascii_alnum(s.p[i + 2])))
                return 0;
        char c = limn_ascii_lower(s.p[i]);
        if ((c != 'a' && c != 'p') || stamp->hour < 1 || stamp->hour > 12)
                return 0;
        stamp->hour = stamp->hour % 12 + (c == 'p' ? 12 : 0);
        return i + 2;
}

/* Blanks, then a time of day with what may follow it, read as that of an ISO stamp; 0: none. */
static size_t time_of_day(LimnSlice s, LimnStamp *stamp)
{
        char text[64] = "2000-01-01 ";
        LimnStamp read;
        size_t blanks = 0, n = 0, taken;

        while (blanks < s.n && s.p[blanks] == ' ')
                blanks++;
        if (blanks == 0 || blanks > 2)
                return 0;
        for (; n < 40 && blanks + n < s.n; n++)
                text[11 + n] = s.p[blanks + n];
        taken = limn_stamp_iso(limn_slice(text, 11 + n), &read);
        if (taken < 11 + 7)
                return 0;
        read.year = stamp->year;
        read.month = stamp->month;
        read.day = stamp->day;
        *stamp = read;
        taken += blanks - 11;
        return taken + half_day(limn_slice_from(s, taken), stamp);
}

/* `Nov 22, 2026 7:24:01 AM`, `Nov 22 07:24:01`: a month first. */
static size_t month_first(LimnSlice s, LimnStamp *stamp)
{
        size_t n, i = 3;

        stamp->month = month_of(s);
        while (i < s.n && i < 9 && limn_ascii_alpha(s.p[i])) /* November */
                i++;
        i += i < s.n && s.p[i] == '.';
        if (i == s.n || s.p[i] != ' ')
                return 0;
        i += 1 + (i + 1 < s.n && s.p[i + 1] == ' ');
        n = number(limn_slice_from(s, i), 2, &stamp->day);
        if (n == 0)
                return 0;
        i += n;
        if (i < s.n && s.p[i] == ',') {
                i += 1 + (i + 1 < s.n && s.p[i + 1] == ' ');
                n = number(limn_slice_from(s, i), 4, &stamp->year);
                if (n != 4)
                        return 0;
                i += 4;
                i += i < s.n && s.p[i] == ','; /* newer Java */
        }
        n = time_of_day(limn_slice_from(s, i), stamp);
        return n ? i + n : 0;
}

/* `22-Nov-2026 07:24:01`, `22 Nov 2026 07:24:01`: a day first. */
static size_t day_first(LimnSlice s, LimnStamp *stamp)
{
        size_t n, i = number(s, 2, &stamp->day);

        if (i == 0 || i == s.n || (s.p[i] != '-' && s.p[i] != ' '))
                return 0;
        char between = s.p[i++];
        stamp->month = month_of(limn_slice_from(s, i));
        i += 3;
        if (!stamp->month || i >= s.n || s.p[i] != between)
                return 0;
        n = number(limn_slice_from(s, ++i), 4, &stamp->year);
        if (n != 4)
                return 0;
        i += 4;
        n = time_of_day(limn_slice_from(s, i), stamp);
        return n ? i + n : 0;
}

size_t limn_stamp_named(LimnSlice s, LimnStamp *ret)
{
        LimnStamp stamp = {0};
        size_t n = 0;

        if (s.n < 15)
                return 0;
        if (limn_ascii_digit(s.p[0]))
                n = day_first(s, &stamp);
        else if (month_of(s))
                n = month_first(s, &stamp);
        if (n)
                *ret = stamp;
        return n;
}
