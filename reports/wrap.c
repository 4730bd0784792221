/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/wrap.h"

#include "core/limits.h"
#include "reports/escape.h"

static void spaces(LimnWrap *w, unsigned n)
{
        for (unsigned i = 0; i < n; i++)
                limn_buf_add_char(w->out, ' ');
        w->column += n;
}

void limn_wrap_begin(LimnWrap *w, unsigned first, unsigned rest)
{
        w->indent = rest;
        w->column = 0;
        w->blank = false;
        spaces(w, first);
        w->start = first;
}

static void turn(LimnWrap *w)
{
        limn_buf_add_char(w->out, '\n');
        w->column = 0;
        spaces(w, w->indent);
        w->start = w->indent;
        w->blank = false;
}

static unsigned width_of(LimnSlice s)
{
        unsigned n = 0;
        while (s.n)
                n += limn_utf8_width(limn_utf8_next(&s));
        return n;
}

static const char *const CODES[] = {[LIMN_STYLE_BOLD] = "1",    [LIMN_STYLE_DIM] = "2",
                                    [LIMN_STYLE_RED] = "1;31",  [LIMN_STYLE_YELLOW] = "33",
                                    [LIMN_STYLE_GREEN] = "32",  [LIMN_STYLE_CYAN] = "36"};

static void styled(LimnWrap *w, LimnStyle style, LimnSlice s)
{
        bool on = w->color && style != LIMN_STYLE_PLAIN;
        if (on)
                limn_buf_printf(w->out, "\x1b[%sm", CODES[style]);
        limn_buf_add(w->out, s);
        if (on)
                limn_buf_add_str(w->out, "\x1b[0m");
}

/* `s` is escaped and holds no blank. */
static void word(LimnWrap *w, LimnStyle style, LimnSlice s)
{
        unsigned n = width_of(s);
        if (w->column > w->start && w->column + w->blank + n > w->width)
                turn(w);
        if (w->blank && w->column > w->start)
                spaces(w, 1);
        w->blank = false;
        while (w->column + n > w->width) {
                LimnSlice rest = s;
                unsigned room = w->width > w->column ? w->width - w->column : 1, taken = 0;
                while (rest.n) {
                        LimnSlice next = rest;
                        unsigned cell = limn_utf8_width(limn_utf8_next(&next));
                        if (taken + cell > room)
                                break;
                        taken += cell;
                        rest = next;
                }
                if (rest.n == s.n) /* not even one fits: a line narrower than a character */
                        limn_utf8_next(&rest);
                styled(w, style, limn_slice_to(s, s.n - rest.n));
                s = rest;
                n = width_of(s);
                if (s.n == 0)
                        break;
                turn(w);
        }
        if (s.n) {
                styled(w, style, s);
                w->column += n;
        }
}

void limn_wrap(LimnWrap *w, LimnStyle style, LimnSlice text)
{
        LimnBuf safe = LIMN_BUF(LIMN_OUTPUT_MAX);
        limn_escape_terminal(text, &safe);
        if (safe.error && !w->out->error)
                w->out->error = safe.error;
        LimnSlice rest = limn_buf_slice(&safe);
        while (rest.n) {
                size_t end = limn_slice_chr(rest, ' ');
                if (end)
                        word(w, style, limn_slice_to(rest, end));
                if (end < rest.n)
                        w->blank = true;
                rest = limn_slice_from(rest, end + 1);
        }
        w->blank = true;
        limn_buf_done(&safe);
}

void limn_wrap_verbatim(LimnWrap *w, LimnStyle style, LimnSlice text)
{
        LimnBuf safe = LIMN_BUF(LIMN_OUTPUT_MAX);
        limn_escape_terminal(text, &safe);
        if (safe.error && !w->out->error)
                w->out->error = safe.error;
        styled(w, style, limn_buf_slice(&safe));
        w->column += width_of(limn_buf_slice(&safe));
        w->blank = true;
        limn_buf_done(&safe);
}

void limn_wrap_str(LimnWrap *w, LimnStyle style, const char *text)
{
        limn_wrap(w, style, limn_slice_str(text));
}

void limn_wrap_glue(LimnWrap *w, LimnStyle style, const char *text)
{
        w->blank = false;
        limn_wrap_str(w, style, text);
}

void limn_wrap_to(LimnWrap *w, unsigned column)
{
        if (w->column < column)
                spaces(w, column - w->column);
        else
                spaces(w, 1);
        w->blank = false;
}

void limn_wrap_end(LimnWrap *w)
{
        limn_buf_add_char(w->out, '\n');
        w->column = 0;
        w->blank = false;
}
