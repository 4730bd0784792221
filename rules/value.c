/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/value.h"

#include <errno.h>
#include <stdlib.h>

#include "core/ascii.h"

int limn_text_parse(LimnText *ret, LimnSlice s, LimnArena *arena)
{
        LimnToken *at = limn_arena_new_of(arena, LimnToken, s.n + 1);
        if (!at)
                return -ENOMEM;
        size_t n = 0;
        for (size_t i = 0; i < s.n; i++) {
                char c = s.p[i];
                char next = i + 1 < s.n ? s.p[i + 1] : '\0';
                if (c == '\\' && (next == '*' || next == '?' || next == '\\')) {
                        at[n++] = (unsigned char)next;
                        i++;
                } else if (c == '*') {
                        if (n == 0 || at[n - 1] != LIMN_TOKEN_STAR)
                                at[n++] = LIMN_TOKEN_STAR;
                } else if (c == '?') {
                        at[n++] = LIMN_TOKEN_ONE;
                } else {
                        at[n++] = (unsigned char)c;
                }
        }
        *ret = (LimnText){at, n};
        return 0;
}

int limn_text_literal(LimnText *ret, LimnSlice s, LimnArena *arena)
{
        LimnToken *at = limn_arena_new_of(arena, LimnToken, s.n + 1);
        if (!at)
                return -ENOMEM;
        for (size_t i = 0; i < s.n; i++)
                at[i] = (unsigned char)s.p[i];
        *ret = (LimnText){at, s.n};
        return 0;
}

int limn_text_open(LimnText *text, bool before, bool behind, LimnArena *arena)
{
        before = before && (text->n == 0 || text->at[0] != LIMN_TOKEN_STAR);
        behind = behind && (text->n == 0 || text->at[text->n - 1] != LIMN_TOKEN_STAR);
        if (text->n == 0)
                behind = behind && !before;
        if (!before && !behind)
                return 0;
        LimnToken *at = limn_arena_new_of(arena, LimnToken, text->n + 2);
        if (!at)
                return -ENOMEM;
        size_t n = 0;
        if (before)
                at[n++] = LIMN_TOKEN_STAR;
        for (size_t i = 0; i < text->n; i++)
                at[n++] = text->at[i];
        if (behind)
                at[n++] = LIMN_TOKEN_STAR;
        *text = (LimnText){at, n};
        return 0;
}

bool limn_text_wild(const LimnText *text)
{
        for (size_t i = 0; i < text->n; i++)
                if (text->at[i] > 255)
                        return true;
        return false;
}

static LimnSlice bytes_of(const LimnToken *at, size_t n, LimnArena *arena)
{
        char *p = limn_arena_alloc(arena, n + 1);
        if (!p)
                return LIMN_NONE;
        for (size_t i = 0; i < n; i++)
                p[i] = (char)at[i];
        p[n] = '\0';
        return limn_slice(p, n);
}

LimnSlice limn_text_bytes(const LimnText *text, LimnArena *arena)
{
        return limn_text_wild(text) ? LIMN_NONE : bytes_of(text->at, text->n, arena);
}

int limn_pattern_compile(LimnPattern *ret, const LimnText *text, bool cased, LimnArena *arena)
{
        size_t first = 0, end = text->n;
        bool before = end > 0 && text->at[0] == LIMN_TOKEN_STAR;
        bool behind = end > 0 && text->at[end - 1] == LIMN_TOKEN_STAR;
        first += before;
        if (behind && end > first)
                end--;
        LimnText middle = {text->at + first, end - first};
        *ret = (LimnPattern){.shape = LIMN_SHAPE_WILD, .cased = cased, .text = *text};
        if (limn_text_wild(&middle))
                return 0;
        ret->literal = bytes_of(middle.at, middle.n, arena);
        if (!ret->literal.p)
                return -ENOMEM;
        /* A lone star is both its beginning and its end: it contains the empty text. */
        ret->shape = before && behind ? LIMN_SHAPE_CONTAINS
                     : before         ? LIMN_SHAPE_ENDS
                     : behind         ? LIMN_SHAPE_STARTS
                                      : LIMN_SHAPE_EQUALS;
        return 0;
}

/* Bytes of the character at s.p[i]: a UTF-8 sequence, or one byte of whatever else stands there. */
static size_t char_len(LimnSlice s, size_t i)
{
        unsigned char lead = (unsigned char)s.p[i];
        size_t want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
        size_t n = 1;
        while (n < want && i + n < s.n && ((unsigned char)s.p[i + n] & 0xc0) == 0x80)
                n++;
        return n == want ? n : 1;
}

static size_t dash_len(LimnSlice s, size_t i)
{
        if (s.p[i] == '-' || s.p[i] == '/')
                return 1;
        if (s.n - i >= 3 && memcmp(s.p + i, "\xe2\x80", 2) == 0 &&
            (unsigned char)s.p[i + 2] >= 0x93 && (unsigned char)s.p[i + 2] <= 0x95)
                return 3;
        return 0;
}

/* Bytes of `s` at `i` that one token takes; 0: it does not fit. */
static size_t token_len(LimnToken token, bool cased, LimnSlice s, size_t i)
{
        if (i >= s.n)
                return 0;
        if (token == LIMN_TOKEN_ONE)
                return char_len(s, i);
        if (token == LIMN_TOKEN_DASH)
                return dash_len(s, i);
        char want = (char)token, have = s.p[i];
        return want == have ||
               (!cased && limn_ascii_lower(want) == limn_ascii_lower(have));
}

/*
 * The usual walk with one point of return: when the tokens behind the last star do not fit, the
 * star takes one character more. An earlier star never needs to be tried again.
 */
static bool wild_match(const LimnPattern *pattern, LimnSlice s)
{
        const LimnToken *at = pattern->text.at;
        size_t n = pattern->text.n, t = 0, i = 0;
        size_t star = SIZE_MAX, star_i = 0;
        for (;;) {
                if (t < n && at[t] == LIMN_TOKEN_STAR) {
                        star = t++;
                        star_i = i;
                        continue;
                }
                if (t == n && i == s.n)
                        return true;
                size_t taken = t < n ? token_len(at[t], pattern->cased, s, i) : 0;
                if (taken) {
                        t++;
                        i += taken;
                        continue;
                }
                if (star == SIZE_MAX || star_i >= s.n)
                        return false;
                star_i += char_len(s, star_i);
                i = star_i;
                t = star + 1;
        }
}

static bool equal(const LimnPattern *pattern, LimnSlice s)
{
        return pattern->cased ? limn_slice_eq(pattern->literal, s)
                              : limn_slice_eq_nocase(pattern->literal, s);
}

bool limn_pattern_match(const LimnPattern *pattern, LimnSlice value)
{
        size_t n = pattern->literal.n;
        switch (pattern->shape) {
        case LIMN_SHAPE_EQUALS:
                return equal(pattern, value);
        case LIMN_SHAPE_STARTS:
                return value.n >= n && equal(pattern, limn_slice_to(value, n));
        case LIMN_SHAPE_ENDS:
                return value.n >= n && equal(pattern, limn_slice_from(value, value.n - n));
        case LIMN_SHAPE_CONTAINS:
                /* The finders answer value.n for "nowhere", which is right for an empty value. */
                if (n == 0)
                        return true;
                return (pattern->cased ? limn_slice_find(value, pattern->literal)
                                       : limn_slice_find_nocase(value, pattern->literal)) < value.n;
        case LIMN_SHAPE_WILD:
                break;
        }
        return wild_match(pattern, value);
}

static size_t digits(LimnSlice s, size_t i)
{
        size_t n = 0;
        while (i + n < s.n && limn_ascii_digit(s.p[i + n]))
                n++;
        return n;
}

bool limn_number(LimnSlice s, LimnNumber *ret)
{
        char text[64];
        if (s.n == 0 || s.n >= sizeof text)
                return false;
        size_t i = s.p[0] == '-' || s.p[0] == '+';
        size_t whole = digits(s, i), fraction = 0;
        i += whole;
        if (i < s.n && s.p[i] == '.') {
                fraction = digits(s, i + 1);
                i += 1 + fraction;
        }
        if (whole + fraction == 0)
                return false;
        if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
                i++;
                if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
                        i++;
                size_t exponent = digits(s, i);
                if (exponent == 0)
                        return false;
                i += exponent;
        }
        if (i != s.n)
                return false;
        memcpy(text, s.p, s.n);
        text[s.n] = '\0';
        long long integer;
        *ret = (LimnNumber){.d = strtod(text, NULL)};
        if (limn_slice_i64(s, &integer))
                *ret = LIMN_NUMBER_OF(integer);
        return true;
}

int limn_number_cmp(const LimnNumber *a, const LimnNumber *b)
{
        if (a->whole && b->whole)
                return (a->i > b->i) - (a->i < b->i);
        return (a->d > b->d) - (a->d < b->d);
}
