/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Text: what the parsers of line formats share. Everything returned points into what was given.
 */
#include "core/ascii.h"
#include "core/format.h"

/* Without a UTF-8 byte order mark and without NUL bytes at the start (a file that was truncated
 * while its writer kept its offset begins with them). */
static inline LimnSlice limn_text_lead(LimnSlice s)
{
        if (s.n && (s.p[0] == '\xEF' || s.p[0] == '\0')) {
                while (s.n && s.p[0] == '\0')
                        s = limn_slice_from(s, 1);
                if (limn_slice_starts(s, LIMN_S("\xEF\xBB\xBF")))
                        s = limn_slice_from(s, 3);
                while (s.n && s.p[0] == '\0')
                        s = limn_slice_from(s, 1);
        }
        return s;
}

static inline LimnSlice limn_text_blanks(LimnSlice s)
{
        while (s.n && (s.p[0] == ' ' || s.p[0] == '\t')) {
                s.p++;
                s.n--;
        }
        return s;
}

/* Without blanks and line feeds at the start. */
static inline LimnSlice limn_text_blanks_and_lines(LimnSlice s)
{
        while (s.n && limn_ascii_space(s.p[0])) {
                s.p++;
                s.n--;
        }
        return s;
}

/* Without blanks and CR at the end. */
static inline LimnSlice limn_text_chomp(LimnSlice s)
{
        while (s.n && limn_ascii_space(s.p[s.n - 1]))
                s.n--;
        return s;
}

static inline size_t limn_text_digits(LimnSlice s)
{
        size_t n = 0;
        while (n < s.n && limn_ascii_digit(s.p[n]))
                n++;
        return n;
}

/* `hh:mm:ss` at the start: two digits and a colon thrice, the hour maybe padded with a blank. */
static inline bool limn_text_clock(const char *p)
{
        return (limn_ascii_digit(p[0]) || p[0] == ' ') && limn_ascii_digit(p[1]) && p[2] == ':' &&
               limn_ascii_digit(p[3]) && limn_ascii_digit(p[4]) && p[5] == ':' &&
               limn_ascii_digit(p[6]) && limn_ascii_digit(p[7]);
}

/* `2026-11-22T07:24:01` or `2026-11-22  7:24:01` at the start, its digits not checked for sense. */
static inline bool limn_text_iso_date(LimnSlice s)
{
        return s.n >= 19 && limn_ascii_digit(s.p[0]) && limn_ascii_digit(s.p[1]) &&
               limn_ascii_digit(s.p[2]) && limn_ascii_digit(s.p[3]) && s.p[4] == '-' &&
               limn_ascii_digit(s.p[5]) && limn_ascii_digit(s.p[6]) && s.p[7] == '-' &&
               limn_ascii_digit(s.p[8]) && limn_ascii_digit(s.p[9]) &&
               (s.p[10] == 'T' || s.p[10] == ' ');
}

/* Splits a record at its first line feed: the line without LF or CRLF, and what follows. */
LimnSlice limn_text_first(LimnSlice record, LimnSlice *ret_rest);

/* The lines after a record's first as the field `trace` is to have them: without blank lines at
 * both ends, p NULL when nothing is left. */
LimnSlice limn_text_trace(LimnSlice rest);

/* What the last `Caused by:` (Java) or `[cause]:` (node) line of a trace says, or the first
 * exception of a Python traceback; p NULL: none. */
LimnSlice limn_text_cause(LimnSlice trace);

/* Adds a field unless value.p is NULL. */
int limn_text_field(LimnFields *fields, LimnArena *arena, LimnSlice name, LimnSlice value);

/*
 * `trace` and `cause` of the lines after a record's first. 0 or -ENOMEM.
 */
int limn_text_add_trace(LimnFields *fields, LimnArena *arena, LimnSlice rest, bool with_cause);

/* How many lines of a head have a shape; for bids. */
typedef struct LimnTally {
        size_t lines;   /* not blank */
        size_t matched; /* of them */
} LimnTally;
LimnTally limn_text_tally(LimnSlice head, bool (*shape)(LimnSlice line));
