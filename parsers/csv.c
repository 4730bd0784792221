/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/csv.h"

#include <errno.h>
#include <stdint.h>

#include "core/ascii.h"

#define MORE SIZE_MAX

static bool is_end(char c, char separator)
{
        return c == separator || c == '\n' || c == '\r';
}

/* `9f1c...-....-` and a separator: 36 digits and dashes, in quotes or not. */
static size_t uuid_row(LimnSlice s, char separator)
{
        size_t i = s.n && s.p[0] == '"';

        for (size_t k = 0; k < 36; k++, i++) {
                bool dash = k == 8 || k == 13 || k == 18 || k == 23;
                if (i == s.n)
                        return MORE;
                if (dash ? s.p[i] != '-' : limn_ascii_hex(s.p[i]) < 0)
                        return 0;
        }
        i += i < s.n && s.p[i] == '"';
        return i == s.n ? MORE : s.p[i] == separator;
}

/*
 * Behind the closing quote of the cell whose opening quote stands at i; or the line feed at which
 * it is torn; or MORE. *ret_backslash: inner quotes stand behind one.
 */
static size_t quoted_end(LimnSlice s, size_t i, char separator, bool last, bool *ret_backslash)
{
        bool known = false, backslash = false;

        for (i++; i < s.n; i++) {
                char c = s.p[i];
                if (c == '\\' && backslash) {
                        i++;
                        continue;
                }
                if (c == '\n') {
                        size_t row = uuid_row(limn_slice_from(s, i + 1), separator);
                        if (row == MORE && !last)
                                return MORE;
                        if (row == 1)
                                return i;
                }
                if (c != '"')
                        continue;
                if (i + 1 == s.n)
                        return last ? s.n : MORE;
                char next = s.p[i + 1];
                if (!known) {
                        known = true;
                        backslash = s.p[i - 1] == '\\' && next != '"' && !is_end(next, separator);
                        *ret_backslash = backslash;
                        if (backslash)
                                continue;
                }
                if (backslash || next != '"')
                        return i + 1;
                i++;
        }
        return MORE;
}

size_t limn_csv_row(LimnSlice bytes, char separator, bool last)
{
        bool backslash, start = true; /* of a cell */

        for (size_t i = 0; i < bytes.n; i++) {
                char c = bytes.p[i];
                if (c == '"' && start) {
                        i = quoted_end(bytes, i, separator, last, &backslash);
                        if (i == MORE)
                                break;
                        if (i == bytes.n)
                                break;
                        c = bytes.p[i];
                }
                if (c == '\n')
                        return i + 1;
                start = c == separator;
        }
        return last ? bytes.n : MORE;
}

static int unescape(LimnSlice text, bool backslash, LimnArena *arena, LimnSlice *ret)
{
        char *p = limn_arena_alloc(arena, text.n + 1);
        size_t n = 0;

        if (!p)
                return -ENOMEM;
        for (size_t i = 0; i < text.n; i++) {
                bool pair = i + 1 < text.n &&
                            (backslash ? text.p[i] == '\\' && (text.p[i + 1] == '"' ||
                                                               text.p[i + 1] == '\\')
                                       : text.p[i] == '"' && text.p[i + 1] == '"');
                i += pair;
                p[n++] = text.p[i];
        }
        *ret = limn_slice(p, n);
        return 0;
}

int limn_csv_cell(LimnSlice *row, char separator, LimnArena *arena, LimnSlice *ret,
                  bool *ret_more)
{
        LimnSlice text, s = *row;
        bool backslash = false, quoted = s.n && s.p[0] == '"';
        size_t end = 0;
        int r = 0;

        if (quoted) {
                end = quoted_end(s, 0, separator, true, &backslash);
                if (end > s.n)
                        end = s.n;
                bool closed = end > 1 && s.p[end - 1] == '"';
                text = limn_slice(s.p + 1, end - 1 - closed);
        }
        end += limn_slice_chr(limn_slice_from(s, end), separator);
        if (!quoted)
                text = limn_slice_to(s, end);
        *ret_more = end < s.n;
        *row = limn_slice_from(s, end + 1);
        if (quoted && limn_slice_chr(text, '"') < text.n)
                r = unescape(text, backslash, arena, &text);
        else if (!quoted && (text.n == 0 || limn_slice_eq_nocase(text, LIMN_S("null"))))
                text = LIMN_NONE;
        *ret = text;
        return r;
}
