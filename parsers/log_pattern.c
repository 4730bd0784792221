/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/log_pattern.h"

#include <stdio.h>

#include "parsers/log_head.h"
#include "parsers/text.h"

/* Threads and loggers longer than this are none. */
#define NAME_MAX_BYTES 200

static const char *const patterns[] = {
#define PATTERN(program, text) text,
#include "parsers/log_patterns.list"
#undef PATTERN
};

/* A stamp rewritten in the shape that limn_stamp_iso() knows: `n` bytes of the line. */
static size_t rewritten(const char *text, int size, size_t n, LimnStamp *ret)
{
        LimnSlice s = limn_slice(text, size > 0 ? (size_t)size : 0);

        return s.n && limn_stamp_iso(s, ret) == s.n ? n : 0;
}

/* `20261122 072402`, `261122 072402` */
static size_t packed(LimnSlice s, LimnStamp *ret)
{
        size_t day = limn_text_digits(s);
        char text[40];

        if ((day != 6 && day != 8) || s.n < day + 7 || s.p[day] != ' ' ||
            limn_text_digits(limn_slice_from(s, day + 1)) != 6)
                return 0;
        const char *d = s.p + day - 6, *t = s.p + day + 1;
        int n = snprintf(text, sizeof text, "%.2s%.2s-%.2s-%.2s %.2s:%.2s:%.2s",
                         day == 8 ? s.p : d[0] < '7' ? "20" : "19", d, d + 2, d + 4, t, t + 2,
                         t + 4);
        size_t taken = rewritten(text, n, day + 7, ret);
        ret->short_year = taken && day == 6;
        return taken;
}

/* `Sun Nov 22 07:24:02.123456 2026` */
static size_t ctime_stamp(LimnSlice s, LimnStamp *ret)
{
        LimnSlice rest = limn_slice_from(s, 4);
        char text[64];
        size_t n = 15;

        if (s.n < 24 || s.p[3] != ' ' || !limn_ascii_upper(s.p[0]) || !limn_text_clock(rest.p + 7))
                return 0;
        while (n < rest.n && n < 24 && rest.p[n] != ' ')
                n++;
        if (n + 5 > rest.n || rest.p[n] != ' ' ||
            limn_text_digits(limn_slice_from(rest, n + 1)) != 4)
                return 0;
        int size = snprintf(text, sizeof text, "%.6s, %.4s %.*s", rest.p, rest.p + n + 1,
                            (int)(n - 7), rest.p + 7);
        LimnSlice named = limn_slice(text, (size_t)size);
        return limn_stamp_named(named, ret) == named.n ? 4 + n + 5 : 0;
}

/* `22.11.2026 07:24:02,123` */
static size_t dotted(LimnSlice s, LimnStamp *ret)
{
        char text[64];
        size_t n = 19;

        if (s.n < 19 || limn_text_digits(s) != 2 || s.p[2] != '.' || s.p[5] != '.' ||
            s.p[10] != ' ' || !limn_text_clock(s.p + 11))
                return 0;
        if (n + 1 < s.n && (s.p[n] == ',' || s.p[n] == '.') && limn_ascii_digit(s.p[n + 1]))
                for (n++; n < s.n && n < 29 && limn_ascii_digit(s.p[n]); n++)
                        ;
        int size = snprintf(text, sizeof text, "%.4s-%.2s-%.2s %.*s", s.p + 6, s.p + 3, s.p,
                            (int)(n - 11), s.p + 11);
        return rewritten(text, size, n, ret);
}

static LimnLevel level_of_letter(char c)
{
        static const char letters[] = "DTIWEF";
        static const LimnLevel levels[] = {LIMN_LEVEL_DEBUG,   LIMN_LEVEL_DEBUG, LIMN_LEVEL_INFO,
                                           LIMN_LEVEL_WARNING, LIMN_LEVEL_ERROR, LIMN_LEVEL_FATAL};
        const char *at = c ? strchr(letters, c) : NULL;

        return at ? levels[at - letters] : LIMN_LEVEL_NONE;
}

/* `I1122 07:24:02.123456`: a letter, month and day; the year is not written. */
static size_t glog(LimnSlice s, LimnLogPattern *ret)
{
        char text[64];
        size_t n = 14;

        ret->level = s.n ? level_of_letter(s.p[0]) : LIMN_LEVEL_NONE;
        if (s.n < 21 || ret->level == LIMN_LEVEL_NONE ||
            limn_text_digits(limn_slice_from(s, 1)) != 4 || s.p[5] != ' ' ||
            !limn_text_clock(s.p + 6) || s.p[14] != '.')
                return 0;
        for (n++; n < s.n && n < 24 && limn_ascii_digit(s.p[n]); n++)
                ;
        int size = snprintf(text, sizeof text, "2000-%.2s-%.2s %.*s", s.p + 1, s.p + 3,
                            (int)(n - 6), s.p + 6);
        if (!rewritten(text, size, n, &ret->stamp))
                return 0;
        ret->stamp.year = 0;
        ret->level_raw = limn_slice_to(s, 1);
        return n;
}

static size_t take_stamp(LimnSlice s, char kind, LimnLogPattern *ret)
{
        size_t n = kind == 't'   ? limn_log_stamp(s, &ret->stamp)
                   : kind == 'y' ? packed(s, &ret->stamp)
                   : kind == 'a' ? ctime_stamp(s, &ret->stamp)
                   : kind == 'e' ? dotted(s, &ret->stamp)
                                 : glog(s, ret);

        ret->stamp_raw = limn_slice_to(s, n);
        if (kind == 'g' && n)
                ret->stamp_raw = limn_slice_from(ret->stamp_raw, 1);
        return n;
}

static size_t take_level(LimnSlice s, char kind, LimnLogPattern *ret)
{
        size_t n = 0;

        if (kind == 'L') {
                ret->level_raw = limn_slice_to(s, 1);
                ret->level = s.n ? level_of_letter(s.p[0]) : LIMN_LEVEL_NONE;
                return ret->level != LIMN_LEVEL_NONE;
        }
        while (n < s.n && n < 12 && limn_ascii_alpha(s.p[n]))
                n++;
        ret->level_raw = limn_slice_to(s, n);
        ret->level = n > 2 ? limn_level_from_word(ret->level_raw) : LIMN_LEVEL_NONE;
        return ret->level == LIMN_LEVEL_NONE ? 0 : n;
}

/* Up to the byte that follows in the pattern. A logger has no blanks in it, but maybe at its end.
 * */
static size_t take_name(LimnSlice s, char kind, char until, LimnSlice *ret)
{
        size_t n = 0;

        while (n < s.n && n < NAME_MAX_BYTES && s.p[n] != until)
                n++;
        if (until == ':' && kind == 'c' && n + 1 < s.n && limn_ascii_digit(s.p[n + 1]))
                /* `a.cpp:12:f(): ` */
                while (n + 1 < s.n && n < NAME_MAX_BYTES && !(s.p[n] == ':' && s.p[n + 1] == ' '))
                        n++;
        if (n == 0 || n == s.n || s.p[n] != until)
                return 0;
        *ret = limn_slice_trim(limn_slice_to(s, n));
        if (kind == 'c' && limn_slice_chr(*ret, ' ') < ret->n)
                return 0;
        return ret->n ? n : 0;
}

static bool is_in(LimnSlice s, const char *pattern, LimnLogPattern *ret)
{
        *ret = (LimnLogPattern){0};
        for (const char *p = pattern; *p; p++) {
                size_t n;
                if (*p == ' ') {
                        if (s.n == 0 || (s.p[0] != ' ' && s.p[0] != '\t'))
                                return false;
                        s = limn_text_blanks(s);
                        continue;
                }
                if (*p != '%') {
                        if (s.n == 0 || s.p[0] != *p)
                                return false;
                        s = limn_slice_from(s, 1);
                        continue;
                }
                p++;
                switch (*p) {
                case 'm':
                        ret->message = s;
                        return true;
                case 'n':
                        n = limn_text_digits(s);
                        break;
                case 'l':
                case 'L':
                        n = take_level(s, *p, ret);
                        break;
                case 'h':
                case 'c':
                        n = take_name(s, *p, p[1], *p == 'h' ? &ret->thread : &ret->logger);
                        break;
                default:
                        n = take_stamp(s, *p, ret);
                        break;
                }
                if (n == 0)
                        return false;
                s = limn_slice_from(s, n);
        }
        return true;
}

bool limn_log_pattern(LimnSlice line, LimnLogPattern *ret)
{
        /* All begin with a digit, a bracket, or glog's letter before digits. */
        if (line.n < 20 || !(limn_ascii_digit(line.p[0]) || line.p[0] == '[' ||
                             (limn_ascii_upper(line.p[0]) && limn_ascii_digit(line.p[1]))))
                return false;
        for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
                if (is_in(line, patterns[i], ret))
                        return true;
        return false;
}
