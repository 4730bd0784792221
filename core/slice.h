/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Slice: a view of bytes that somebody else owns.
 *
 * Never owning, never NUL-terminated, may hold any byte. Whoever hands one out says until when
 * it is valid. An absent value is LIMN_NONE (p NULL); an empty one has p set and n 0.
 */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct LimnSlice {
        const char *p;
        size_t n;
} LimnSlice;

#define LIMN_S(literal) ((LimnSlice){(literal), sizeof(literal) - 1})
#define LIMN_NONE ((LimnSlice){NULL, 0})
/* For printf: "%.*s", LIMN_FMT(slice) */
#define LIMN_FMT(s) (int)(s).n, (s).p ? (s).p : ""

static inline LimnSlice limn_slice(const char *p, size_t n)
{
        return (LimnSlice){p, n};
}

static inline LimnSlice limn_slice_str(const char *s)
{
        return (LimnSlice){s, s ? strlen(s) : 0};
}

/* From byte `from` to the end; empty when `from` lies beyond. */
static inline LimnSlice limn_slice_from(LimnSlice s, size_t from)
{
        if (from > s.n)
                from = s.n;
        return (LimnSlice){s.p ? s.p + from : NULL, s.n - from};
}

static inline LimnSlice limn_slice_to(LimnSlice s, size_t to)
{
        return (LimnSlice){s.p, to < s.n ? to : s.n};
}

static inline bool limn_slice_eq(LimnSlice a, LimnSlice b)
{
        return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool limn_slice_starts(LimnSlice s, LimnSlice prefix)
{
        return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

static inline bool limn_slice_ends(LimnSlice s, LimnSlice suffix)
{
        return s.n >= suffix.n &&
               (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

/* Index of the first `c`, or s.n. */
static inline size_t limn_slice_chr(LimnSlice s, char c)
{
        const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
        return at ? (size_t)(at - s.p) : s.n;
}

/* Index of the first occurrence of `needle`, or s.n. */
size_t limn_slice_find(LimnSlice s, LimnSlice needle);

/* ASCII case is folded, nothing else. */
bool limn_slice_eq_nocase(LimnSlice a, LimnSlice b);
size_t limn_slice_find_nocase(LimnSlice s, LimnSlice needle);

/* Bytewise order, shorter first when one is a prefix of the other: <0, 0, >0. */
int limn_slice_cmp(LimnSlice a, LimnSlice b);

/* Without blanks, tabs, CR and LF at both ends. */
LimnSlice limn_slice_trim(LimnSlice s);

/* Takes the first line off *rest, without its LF or CRLF. False when *rest is empty. */
bool limn_slice_line(LimnSlice *rest, LimnSlice *ret_line);

/* The whole slice as a decimal number. False: not one, or it does not fit. */
bool limn_slice_i64(LimnSlice s, long long *ret);
