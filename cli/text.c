/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/text.h"

#include "core/buf.h"

static void pad(FILE *out, size_t from, size_t to)
{
        for (; from < to; from++)
                fputc(' ', out);
}

void limn_help_wrap(FILE *out, const char *text, size_t column, size_t indent, size_t width)
{
        bool first = true;

        pad(out, column, indent);
        if (column < indent)
                column = indent;
        while (*text) {
                size_t n = strcspn(text, " \n");

                if (!first && column + 1 + n > width) {
                        fputc('\n', out);
                        pad(out, 0, indent);
                        column = indent;
                } else if (!first) {
                        fputc(' ', out);
                        column++;
                }
                fwrite(text, 1, n, out);
                column += n;
                first = false;
                text += n;
                text += strspn(text, " \n");
        }
        fputc('\n', out);
}

void limn_paragraphs(FILE *out, const char *text, size_t width)
{
        LimnBuf paragraph = LIMN_BUF(64 * 1024);
        LimnSlice rest = limn_slice_str(text), line;

        while (limn_slice_line(&rest, &line)) {
                bool verbatim = line.n > 0 && line.p[0] == ' ';

                if ((line.n == 0 || verbatim) && paragraph.n > 0) {
                        limn_help_wrap(out, limn_buf_str(&paragraph), 0, 0, width);
                        limn_buf_clear(&paragraph);
                }
                if (line.n == 0 || verbatim) {
                        fprintf(out, "%.*s\n", LIMN_FMT(line));
                        continue;
                }
                if (paragraph.n > 0)
                        limn_buf_add_char(&paragraph, ' ');
                limn_buf_add(&paragraph, line);
        }
        if (paragraph.n > 0)
                limn_help_wrap(out, limn_buf_str(&paragraph), 0, 0, width);
        limn_buf_done(&paragraph);
}
