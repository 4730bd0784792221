/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/log_head.h"

#include "parsers/jul.h"
#include "parsers/text.h"

LimnSlice limn_log_line(LimnSlice line)
{
        if (line.n == 0 || (line.p[0] != '\r' && line.p[0] != '['))
                return line;
        LimnSlice rest = line;
        for (;;) {
                while (rest.n && rest.p[0] == '\r')
                        rest = limn_text_blanks(limn_slice_from(rest, 1));
                if (!limn_slice_starts(rest, LIMN_S("[Stage ")))
                        return rest;
                size_t end = limn_slice_chr(rest, ']');
                if (end == rest.n)
                        return line;
                rest = limn_text_blanks(limn_slice_from(rest, end + 1));
        }
}

/* `CET`, as Java prints zones: not one to trust, so the stamp is one without a zone. */
static size_t zone_name(LimnSlice s)
{
        static const char names[] = " CET CEST EST EDT CST CDT MST MDT PST PDT IST JST KST BST "
                                    "EET EEST WET WEST MSK AEST AEDT SGT HKT BRT ART NZST NZDT ";
        size_t n = 1;

        while (n < s.n && n < 6 && limn_ascii_upper(s.p[n]))
                n++;
        if (s.n == 0 || s.p[0] != ' ' || n < 4 || n == s.n || s.p[n] != ' ')
                return 0;
        return limn_slice_find(limn_slice_str(names), limn_slice(s.p, n + 1)) < sizeof names - 1
                       ? n
                       : 0;
}

size_t limn_log_stamp(LimnSlice s, LimnStamp *ret)
{
        size_t n;

        if (s.n < 12)
                return 0;
        if (!limn_ascii_digit(s.p[0]))
                return limn_ascii_upper(s.p[0]) ? limn_stamp_named(s, ret) : 0;
        if (s.p[2] == ':') {
                bool fraction = s.p[8] == '.' || s.p[8] == ',';
                if (!limn_text_clock(s.p) || !fraction)
                        return 0;
                n = 9 + limn_text_digits(limn_slice_from(s, 9));
                *ret = (LimnStamp){0};
                return n > 9 ? n : 0;
        }
        if (s.p[1] == '-' || s.p[2] == '-' || s.p[2] == ' ' || s.p[1] == ' ')
                return limn_stamp_named(s, ret);
        n = s.p[2] == '/' || s.p[4] == '/' ? limn_stamp_slash(s, ret) : limn_stamp_iso(s, ret);
        if (n == 0)
                return 0;
        LimnSlice rest = limn_slice_from(s, n);
        /* `+01:00[Europe/Berlin]`: the offset has said it. */
        if (ret->has_offset && rest.n && rest.p[0] == '[') {
                size_t end = limn_slice_chr(rest, ']');
                return end < rest.n && end < 64 ? n + end + 1 : n;
        }
        return ret->has_offset ? n : n + zone_name(rest);
}

size_t limn_log_level(LimnSlice s, LimnLevel *ret, LimnSlice *ret_word)
{
        size_t box = s.n && s.p[0] == '[', n = box;

        while (box && n < s.n && s.p[n] == ' ')
                n++;
        size_t from = n;
        while (n < s.n && n < 20 && limn_ascii_alpha(s.p[n]))
                n++;
        *ret_word = limn_slice(s.p + from, n - from);
        if (n - from < 3)
                return 0;
        if (box) {
                while (n < s.n && s.p[n] == ' ')
                        n++;
                if (n == s.n || s.p[n] != ']' || limn_slice_eq(*ret_word, LIMN_S("Note")) ||
                    limn_slice_eq(*ret_word, LIMN_S("System")))
                        return 0; /* the last two are the MySQL server's */
                n++;
        } else {
                n += n < s.n && s.p[n] == ':';
        }
        if (n < s.n && s.p[n] != ' ' && s.p[n] != '\t' && (!box || s.p[n] != '['))
                return 0;
        *ret = limn_level_from_word(*ret_word);
        return *ret == LIMN_LEVEL_NONE ? 0 : n;
}

size_t limn_log_bracketed(LimnSlice s)
{
        size_t depth = 0;

        for (size_t i = 0; i < s.n && i < 256; i++) {
                depth += s.p[i] == '[';
                if (s.p[i] == ']' && --depth == 0)
                        return i + 1;
                if (depth == 0)
                        return 0;
        }
        return 0;
}

bool limn_log_is_class(LimnSlice s)
{
        size_t dots = 0, last = 0;

        if (s.n == 0 || !limn_ascii_alpha(s.p[0]))
                return false;
        for (size_t i = 0; i < s.n; i++) {
                if (s.p[i] == '.') {
                        dots++;
                        last = i + 1;
                } else if (!limn_ascii_alnum(s.p[i]) && s.p[i] != '_' && s.p[i] != '$') {
                        return false;
                }
        }
        return dots && last < s.n && limn_ascii_upper(s.p[last]);
}

/* `- gateway.reader - WARNING - `: the name, when a level follows it. */
static size_t python_name(LimnSlice s, LimnSlice *ret)
{
        LimnLevel level;
        LimnSlice word;
        size_t n = limn_slice_chr(s, ' ');
        LimnSlice rest = limn_slice_from(s, n);

        if (n == 0 || !limn_slice_starts(rest, LIMN_S(" - ")) ||
            !limn_log_level(limn_slice_from(rest, 3), &level, &word))
                return 0;
        *ret = limn_slice_to(s, n);
        return n + 3;
}

/* The stamp at the start, in brackets or not; the bytes taken. */
static size_t take_stamp(LimnSlice s, LimnLogHead *head)
{
        bool boxed = s.n && s.p[0] == '[';
        LimnSlice in = limn_slice_from(s, boxed);
        size_t n = limn_log_stamp(in, &head->stamp);

        if (n == 0 || (boxed && (n == in.n || in.p[n] != ']')))
                return 0;
        if (!boxed && n < in.n && in.p[n] != ' ' && in.p[n] != '\t' && in.p[n] != '[')
                return 0;
        head->stamp_raw = limn_slice_to(in, n);
        head->boxed = boxed;
        return n + 2 * (size_t)boxed;
}

/* `-`, `--`, `---`, `|` and a blank behind it. */
static size_t take_separator(LimnSlice s, LimnLogHead *head)
{
        size_t n = 0;

        while (n < s.n && n < 3 && s.p[n] == '-')
                n++;
        bool bar = n == 0 && s.n && s.p[0] == '|';
        n += bar;
        if (n == 0 || n == s.n || (s.p[n] != ' ' && s.p[n] != '\t'))
                return 0;
        head->dashes |= n == 3;
        head->bars |= bar;
        return n;
}

bool limn_log_head(LimnSlice line, LimnLogHead *ret)
{
        LimnSlice s = limn_log_line(line);
        bool stamp = false, level = false, was_dash = false;

        *ret = (LimnLogHead){0};
        if (s.n > 24 && (limn_ascii_alpha(s.p[0]) || (signed char)s.p[0] < 0 ||
                         (signed char)s.p[1] < 0 || (signed char)s.p[2] < 0)) {
                LimnJulHead jul;
                if (limn_jul_head(s, &jul)) {
                        ret->jul = true;
                        ret->stamp = jul.stamp;
                        ret->stamp_raw = jul.stamp_raw;
                        ret->rest = jul.source;
                        return true;
                }
        }
        if (s.n < 12 || (!limn_ascii_digit(s.p[0]) && s.p[0] != '[' && !limn_ascii_alpha(s.p[0])))
                return false;
        for (unsigned items = 0; items < 12; items++) {
                size_t n;
                s = items ? limn_text_blanks(s) : s;
                if (s.n == 0)
                        break;
                if (!stamp && (n = take_stamp(s, ret))) {
                        stamp = true;
                } else if (!level && (n = limn_log_level(s, &ret->level, &ret->level_raw))) {
                        level = true;
                } else if (s.p[0] == '[') {
                        n = limn_log_bracketed(s);
                        if (n == 0 || ret->n_brackets == LIMN_HEAD_BRACKETS)
                                break;
                        ret->bracket[ret->n_brackets++] =
                                limn_slice_trim(limn_slice(s.p + 1, n - 2));
                } else if (stamp && (n = take_separator(s, ret))) {
                        was_dash = s.p[0] == '-';
                        if (was_dash && level && !ret->dashes) {
                                s = limn_slice_from(s, n);
                                break; /* `LEVEL - message` */
                        }
                } else if (stamp && was_dash && !level && (n = python_name(s, &ret->name))) {
                        /* the level is next */
                } else if (stamp && level && (n = limn_text_digits(s)) &&
                           limn_slice_starts(limn_text_blanks(limn_slice_from(s, n)),
                                             LIMN_S("--- "))) {
                        /* a process id */
                } else {
                        break;
                }
                /* Nothing but these stands before the stamp. */
                if (!stamp && !level && ret->n_brackets > 1)
                        return false;
                s = limn_slice_from(s, n);
        }
        ret->rest = s;
        if (stamp && level)
                return true;
        /* `Nov 22, 2026 7:24:01 AM a.b.Class method` */
        if (!stamp || level || ret->n_brackets || !limn_ascii_upper(ret->stamp_raw.p[0]) ||
            ret->stamp.year == 0)
                return false;
        ret->jul = limn_log_is_class(limn_slice_to(s, limn_slice_chr(s, ' ')));
        return ret->jul;
}
