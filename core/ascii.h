/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Character classes that depend on no locale. <ctype.h> is banned: it does, and dislikes signs. */
#include <stdbool.h>

static inline bool limn_ascii_digit(char c)
{
        return c >= '0' && c <= '9';
}

static inline bool limn_ascii_upper(char c)
{
        return c >= 'A' && c <= 'Z';
}

static inline bool limn_ascii_alpha(char c)
{
        return (c >= 'a' && c <= 'z') || limn_ascii_upper(c);
}

static inline bool limn_ascii_alnum(char c)
{
        return limn_ascii_alpha(c) || limn_ascii_digit(c);
}

static inline bool limn_ascii_space(char c)
{
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

static inline char limn_ascii_lower(char c)
{
        return limn_ascii_upper(c) ? (char)(c | 0x20) : c;
}

/* Value of a hexadecimal digit, or -1. */
static inline int limn_ascii_hex(char c)
{
        if (limn_ascii_digit(c))
                return c - '0';
        c = limn_ascii_lower(c);
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
