/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/twin_text.h"

#include "core/ascii.h"

/* The longest code in brackets behind a class. */
#define CODE_MAX 80

static bool in_class(char c)
{
        return limn_ascii_alnum(c) || c == '.' || c == '_' || c == '$';
}

/* The bytes of a class and its colon at the beginning, or 0. */
static size_t error_class(LimnSlice s)
{
        size_t n = 0;

        while (n < s.n && in_class(s.p[n]))
                n++;
        LimnSlice word = limn_slice_to(s, n), rest = limn_slice_from(s, n);
        if (!limn_slice_ends(word, LIMN_S("Error")) &&
            !limn_slice_ends(word, LIMN_S("Exception")) &&
            !limn_slice_ends(word, LIMN_S("Throwable")))
                return 0;
        if (limn_slice_starts(rest, LIMN_S(" ["))) {
                LimnSlice code = limn_slice_to(rest, CODE_MAX);
                size_t close = limn_slice_chr(code, ']');
                n += close < code.n ? close + 1 : 0;
                rest = limn_slice_from(s, n);
        }
        return rest.n && rest.p[0] == ':' ? n + 1 : 0;
}

static LimnSlice without_marks(LimnSlice s)
{
        while (s.n && (limn_ascii_space(s.p[s.n - 1]) || s.p[s.n - 1] == ':' ||
                       s.p[s.n - 1] == '-' || s.p[s.n - 1] == ','))
                s.n--;
        return s;
}

LimnSlice limn_twin_text(LimnSlice message, LimnSlice *ret_error)
{
        LimnSlice line = limn_slice_trim(message);
        size_t n;

        line = limn_slice_trim(limn_slice_to(line, limn_slice_chr(line, '\n')));
        *ret_error = LIMN_NONE;
        n = error_class(line);
        if (n) {
                *ret_error = line;
                return without_marks(limn_slice_trim(limn_slice_from(line, n)));
        }
        for (size_t i = 1; i < line.n; i++) {
                if (!limn_ascii_space(line.p[i - 1]) || !error_class(limn_slice_from(line, i)))
                        continue;
                *ret_error = limn_slice_from(line, i);
                return without_marks(limn_slice_to(line, i));
        }
        return without_marks(line);
}
