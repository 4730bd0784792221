/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/escape.h"

#include "core/ascii.h"

#include "core/printable.h"

#define REPLACEMENT 0xFFFDu

uint32_t limn_utf8_next(LimnSlice *rest)
{
        uint32_t c = REPLACEMENT;
        unsigned n = limn_utf8_decode(*rest, &c);
        *rest = limn_slice_from(*rest, n ? n : 1);
        return n ? c : REPLACEMENT;
}

LimnSlice limn_utf8_cut(LimnSlice s, size_t max)
{
        if (s.n <= max)
                return s;
        /* At most three bytes back: beyond that it is no UTF-8 and any place will do. */
        size_t at = max;
        for (int i = 0; i < 3 && at > 0 && ((unsigned char)s.p[at] & 0xC0) == 0x80; i++)
                at--;
        return limn_slice_to(s, ((unsigned char)s.p[at] & 0xC0) == 0x80 ? max : at);
}

typedef struct Range {
        uint32_t first, last;
} Range;

static bool in(const Range *ranges, size_t n, uint32_t c)
{
        for (size_t i = 0; i < n; i++)
                if (c >= ranges[i].first && c <= ranges[i].last)
                        return true;
        return false;
}

unsigned limn_utf8_width(uint32_t c)
{
        static const Range combining[] = {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},
                                          {0x064B, 0x065F}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A},
                                          {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF},
                                          {0x302A, 0x302D}, {0xFE20, 0xFE2F}};
        static const Range wide[] = {{0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0xA4CF},
                                     {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0xFE30, 0xFE6F},
                                     {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF},
                                     {0x20000, 0x3FFFD}};
        if (c < 0x300)
                return 1;
        if (in(combining, sizeof combining / sizeof *combining, c))
                return 0;
        return in(wide, sizeof wide / sizeof *wide, c) ? 2 : 1;
}

void limn_escape_terminal(LimnSlice s, LimnBuf *out)
{
        limn_printable(s, out);
}

/* The character that was taken off `before`, leaving `after`. */
static void one(LimnSlice before, LimnSlice after, LimnBuf *out)
{
        limn_printable(limn_slice(before.p, before.n - after.n), out);
}

void limn_escape_html(LimnSlice s, LimnBuf *out)
{
        while (s.n) {
                LimnSlice before = s;
                uint32_t c = limn_utf8_next(&s);
                switch (c) {
                case '&':
                        limn_buf_add(out, LIMN_S("&amp;"));
                        break;
                case '<':
                        limn_buf_add(out, LIMN_S("&lt;"));
                        break;
                case '>':
                        limn_buf_add(out, LIMN_S("&gt;"));
                        break;
                case '"':
                        limn_buf_add(out, LIMN_S("&quot;"));
                        break;
                case '\'':
                        limn_buf_add(out, LIMN_S("&#39;"));
                        break;
                case '`':
                        limn_buf_add(out, LIMN_S("&#96;"));
                        break;
                case '\n':
                case '\t':
                        limn_buf_add_char(out, (char)c);
                        break;
                default:
                        one(before, s, out);
                }
        }
}

/* Spreadsheets skip blanks before a formula, some importers quotes, and take the full-width signs
 * too. */
static bool formula(LimnSlice s)
{
        while (s.n) {
                uint32_t c = limn_utf8_next(&s);
                if (c == '\t' || c == '\r' || c == '\n')
                        return true;
                if (c <= ' ' || (c >= 0x7F && c <= 0xA0) || c == 0xAD || c == 0x3000 ||
                    (c >= 0x2000 && c <= 0x206F) || c == 0xFEFF || c == '"' ||
                    c == '\'' || c == '`')
                        continue;
                return c == '=' || c == '+' || c == '-' || c == '@' || c == '|' || c == '%' ||
                       c == 0xFF1D || c == 0xFF0B || c == 0xFF0D || c == 0xFF20 || c == 0x2212;
        }
        return false;
}

void limn_escape_csv(LimnSlice s, LimnBuf *out)
{
        limn_buf_add_char(out, '"');
        if (formula(s))
                limn_buf_add_char(out, '\'');
        while (s.n) {
                LimnSlice before = s;
                uint32_t c = limn_utf8_next(&s);
                if (c == '"')
                        limn_buf_add(out, LIMN_S("\"\""));
                else
                        one(before, s, out);
        }
        limn_buf_add_char(out, '"');
}

static bool word(LimnSlice whole, size_t at)
{
        return at < whole.n && (limn_ascii_alnum(whole.p[at]) || (whole.p[at] & 0x80));
}

/* A backslash only where it matters, so that the source reads well too. */
static bool markdown_special(LimnSlice whole, size_t at, uint32_t c)
{
        switch (c) {
        case '\\':
        case '`':
        case '*':
        case '[':
        case ']':
        case '<':
        case '>':
        case '|':
        case '~':
        case '&':
        case '$':
        case '!':
        case '#':
                return true;
        case '_':
                return at == 0 || !word(whole, at - 1) || !word(whole, at + 1);
        case ':': /* http://... links by itself */
                return limn_slice_starts(limn_slice_from(whole, at), LIMN_S("://"));
        case '.': /* so does www. */
                return at >= 3 &&
                       limn_slice_eq_nocase(limn_slice(whole.p + at - 3, 3), LIMN_S("www"));
        case '-':
        case '+':
        case '=':
                return at == 0; /* a list or a heading, were it to begin a line */
        default:
                return false;
        }
}

void limn_escape_markdown(LimnSlice s, LimnBuf *out)
{
        LimnSlice whole = s;
        while (s.n) {
                LimnSlice before = s;
                size_t at = whole.n - s.n;
                uint32_t c = limn_utf8_next(&s);
                /* What is made visible (\x1b) needs no more: before a letter it is a backslash. */
                if (markdown_special(whole, at, c))
                        limn_buf_add_char(out, '\\');
                one(before, s, out);
        }
}

void limn_escape_markdown_code(LimnSlice s, LimnBuf *out)
{
        size_t longest = 0, run = 0;
        for (size_t i = 0; i < s.n; i++) {
                run = s.p[i] == '`' ? run + 1 : 0;
                if (run > longest)
                        longest = run;
        }
        for (size_t i = 0; i <= longest; i++)
                limn_buf_add_char(out, '`');
        /* A blank on each side is taken off again, and keeps a backtick at an end apart. */
        bool pad = s.n && (s.p[0] == '`' || s.p[s.n - 1] == '`' || s.p[0] == ' ');
        if (pad || s.n == 0)
                limn_buf_add_char(out, ' ');
        limn_escape_terminal(s, out);
        if (pad)
                limn_buf_add_char(out, ' ');
        for (size_t i = 0; i <= longest; i++)
                limn_buf_add_char(out, '`');
}
