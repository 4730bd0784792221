/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/json_page.h"

#include "core/json_scan.h"
#include "parsers/text.h"

/* No object with one log line or one row is longer, nor is what opens a page. */
#define OBJECT_MAX (512 * 1024)
#define OPENING_MAX 256

static bool is_list(LimnSlice name, const LimnSlice *lists)
{
        if (!lists)
                return true;
        for (; lists->p; lists++)
                if (limn_slice_eq(name, *lists))
                        return true;
        return false;
}

/* What opens a page: `{"events": [`. The bytes up to behind the bracket; 0: the object at the start
 * is none. */
static size_t opening(LimnSlice s, const LimnSlice *lists)
{
        LimnSlice rest = limn_text_blanks_and_lines(limn_slice_from(s, 1));

        if (rest.n == 0 || rest.p[0] != '"')
                return 0;
        size_t n = 1 + limn_slice_chr(limn_slice_from(rest, 1), '"');
        LimnSlice name = limn_slice(rest.p + 1, n - 1);
        rest = limn_text_blanks_and_lines(limn_slice_from(rest, n + 1));
        if (rest.n == 0 || rest.p[0] != ':')
                return 0;
        rest = limn_text_blanks_and_lines(limn_slice_from(rest, 1));
        if (rest.n == 0 || rest.p[0] != '[' || !is_list(name, lists))
                return 0;
        LimnSlice first = limn_text_blanks_and_lines(limn_slice_from(rest, 1));
        return first.n && first.p[0] == '{' ? (size_t)(rest.p + 1 - s.p) : 0;
}

/* Behind the comma and the line feed at `at`, or 0: more bytes are needed. */
static size_t line_end(LimnSlice bytes, size_t at, bool last)
{
        size_t i = at;

        while (i < bytes.n && (bytes.p[i] == ' ' || bytes.p[i] == ',' || bytes.p[i] == '\r' ||
                               bytes.p[i] == '\t'))
                i++;
        if (i == bytes.n)
                return last ? i : 0;
        return bytes.p[i] == '\n' ? i + 1 : at;
}

size_t limn_json_page_cut(LimnSlice bytes, const LimnSlice *lists, bool last)
{
        size_t pos = 0, n;

        while (pos < bytes.n && pos < OBJECT_MAX) {
                LimnSlice rest = limn_slice_from(bytes, pos);
                if (rest.p[0] != '{') {
                        pos++;
                        continue;
                }
                /* Its first member must be seen whole. */
                if (!last && rest.n < OPENING_MAX && limn_json_skip(rest) == 0)
                        return 0;
                n = opening(limn_slice_to(rest, OPENING_MAX), lists);
                if (n) {
                        pos += n;
                        continue;
                }
                n = limn_json_skip(limn_slice_to(rest, OBJECT_MAX));
                if (n == 0 && !last && rest.n < OBJECT_MAX)
                        return 0;
                if (n == 0) /* torn */
                        n = limn_slice_chr(rest, '\n') + 1;
                return line_end(bytes, pos + n < bytes.n ? pos + n : bytes.n, last);
        }
        return last || pos >= OBJECT_MAX ? pos : 0;
}

bool limn_json_page_object(LimnSlice piece, const LimnSlice *lists, LimnSlice *ret)
{
        size_t at = limn_slice_chr(piece, '{'), n;

        *ret = LIMN_NONE;
        for (size_t i = 0; i < at; i++)
                if (!limn_ascii_space(piece.p[i]) && !strchr(",[]}", piece.p[i]) &&
                    piece.p[0] != ']')
                        return false;
        while (at < piece.n && (n = opening(limn_slice_from(piece, at), lists)))
                at += n + limn_slice_chr(limn_slice_from(piece, at + n), '{');
        *ret = limn_slice_from(piece, at);
        return true;
}
