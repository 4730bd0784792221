/* SPDX-License-Identifier: Apache-2.0 */
#include "core/slice.h"

#include <limits.h>

#include "core/ascii.h"

size_t limn_slice_find(LimnSlice s, LimnSlice needle)
{
        if (needle.n == 0)
                return 0;
        const char *at = s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;
        return at ? (size_t)(at - s.p) : s.n;
}

bool limn_slice_eq_nocase(LimnSlice a, LimnSlice b)
{
        if (a.n != b.n)
                return false;
        for (size_t i = 0; i < a.n; i++)
                if (limn_ascii_lower(a.p[i]) != limn_ascii_lower(b.p[i]))
                        return false;
        return true;
}

size_t limn_slice_find_nocase(LimnSlice s, LimnSlice needle)
{
        if (needle.n == 0)
                return 0;
        char first = limn_ascii_lower(needle.p[0]);
        for (size_t i = 0; i + needle.n <= s.n; i++)
                if (limn_ascii_lower(s.p[i]) == first &&
                    limn_slice_eq_nocase(limn_slice(s.p + i, needle.n), needle))
                        return i;
        return s.n;
}

int limn_slice_cmp(LimnSlice a, LimnSlice b)
{
        size_t n = a.n < b.n ? a.n : b.n;
        int c = n ? memcmp(a.p, b.p, n) : 0;
        if (c)
                return c;
        return (a.n > b.n) - (a.n < b.n);
}

LimnSlice limn_slice_trim(LimnSlice s)
{
        while (s.n && limn_ascii_space(s.p[0])) {
                s.p++;
                s.n--;
        }
        while (s.n && limn_ascii_space(s.p[s.n - 1]))
                s.n--;
        return s;
}

bool limn_slice_line(LimnSlice *rest, LimnSlice *ret_line)
{
        if (rest->n == 0)
                return false;
        size_t end = limn_slice_chr(*rest, '\n');
        LimnSlice line = limn_slice_to(*rest, end);
        *rest = limn_slice_from(*rest, end + 1);
        if (line.n && line.p[line.n - 1] == '\r')
                line.n--;
        *ret_line = line;
        return true;
}

bool limn_slice_i64(LimnSlice s, long long *ret)
{
        bool negative = s.n && s.p[0] == '-';
        size_t i = negative || (s.n && s.p[0] == '+');
        if (i == s.n)
                return false;
        unsigned long long value = 0, limit = (unsigned long long)LLONG_MAX + negative;
        for (; i < s.n; i++) {
                if (!limn_ascii_digit(s.p[i]))
                        return false;
                unsigned d = (unsigned)(s.p[i] - '0');
                if (value > (limit - d) / 10)
                        return false;
                value = value * 10 + d;
        }
        *ret = negative ? (long long)(0 - value) : (long long)value;
        return true;
}
