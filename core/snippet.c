/* SPDX-License-Identifier: Apache-2.0 */
#include "core/diag.h"
#include "core/printable.h"

/* Bytes of a line shown before and behind the fault. */
enum { AROUND = 60 };

static bool continues_character(char c)
{
        return ((unsigned char)c & 0xc0) == 0x80;
}

/* Appends text as a terminal may have it; returns the columns it takes there, counting a column
 * for each character. */
static size_t show(LimnBuf *out, LimnSlice s)
{
        size_t start = out->n, width = 0;
        while (s.n) {
                size_t tab = limn_slice_chr(s, '\t');
                limn_printable(limn_slice_to(s, tab), out);
                if (tab < s.n)
                        limn_buf_add_char(out, ' ');
                s = limn_slice_from(s, tab + 1);
        }
        for (size_t i = start; i < out->n; i++)
                width += !continues_character(out->p[i]);
        return width;
}

int limn_snippet(LimnBuf *out, LimnSlice line, size_t from, size_t n)
{
        if (from > line.n)
                from = line.n;
        if (n > line.n - from)
                n = line.n - from;
        if (n > AROUND)
                n = AROUND;
        size_t begin = from > AROUND ? from - AROUND : 0;
        size_t end = line.n - from - n > AROUND ? from + n + AROUND : line.n;
        while (begin > 0 && continues_character(line.p[begin]))
                begin--;
        while (end < line.n && continues_character(line.p[end]))
                end++;

        size_t before = 0, under;
        if (begin > 0)
                before += show(out, LIMN_S("..."));
        before += show(out, limn_slice(line.p ? line.p + begin : "", from - begin));
        under = show(out, limn_slice(line.p + from, n));
        show(out, limn_slice(line.p + from + n, end - from - n));
        if (end < line.n)
                limn_buf_add_str(out, "...");
        limn_buf_printf(out, "\n%*s", (int)before, "");
        for (size_t i = 0; i < (under ? under : 1); i++)
                limn_buf_add_char(out, '^');
        return out->error;
}
