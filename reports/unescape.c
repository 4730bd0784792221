/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/unescape.h"

#include <errno.h>
#include <stdlib.h>

#include "core/ascii.h"

#define CODE_OTHER '?' /* for what is no ASCII: names are searched by the letters they have */

/* What an escape stands for: a byte, or nothing. */
typedef struct Undone {
        size_t length; /* of the escape; 0: there is none */
        int code;      /* -1: nothing */
} Undone;

static const Undone NONE = {0, 0};

static bool trigger(unsigned char c)
{
        switch (c) {
        case '%': case '\\': case '&': case '=': case '[': case '(':
        case 0xc2: case 0xe2: case 0xef:
                return true;
        }
        return false;
}

/* The digits at p[0, n): their value, or -1. */
static int64_t digits(LimnSlice s, size_t n, int base)
{
        int64_t value = 0;
        if (s.n < n || n == 0)
                return -1;
        for (size_t i = 0; i < n; i++) {
                int digit = limn_ascii_hex(s.p[i]);
                if (digit < 0 || digit >= base)
                        return -1;
                value = value * base + digit;
        }
        return value;
}

static Undone as(size_t length, int64_t code)
{
        if (code < 0)
                return NONE;
        return (Undone){length, code < 0x80 ? (int)code : CODE_OTHER};
}

static Undone backslashed(LimnSlice s)
{
        size_t n = 1;
        while (n < s.n && s.p[n] == '\\')
                n++;
        if (n == s.n)
                return NONE;
        LimnSlice rest = limn_slice_from(s, n + 1);
        switch (s.p[n]) {
        case 'u':
                return as(n + 5, digits(rest, 4, 16));
        case 'U':
                return as(n + 9, digits(rest, 8, 16));
        case 'x':
                return as(n + 3, digits(rest, 2, 16));
        case '/':
                return as(n + 1, '/');
        case '0': case '1':
                return as(n + 3, digits(limn_slice_from(s, n), 3, 8));
        }
        return NONE;
}

static Undone entity(LimnSlice s)
{
        if (limn_slice_starts(s, LIMN_S("&amp;")))
                return as(5, '&');
        if (s.n < 4 || s.p[1] != '#')
                return NONE;
        bool hex = s.p[2] == 'x' || s.p[2] == 'X';
        size_t from = hex ? 3 : 2, n = 0;
        while (from + n < s.n && n < 7 && limn_ascii_hex(s.p[from + n]) >= 0 &&
               (hex || limn_ascii_digit(s.p[from + n])))
                n++;
        int64_t code = digits(limn_slice_from(s, from), n, hex ? 16 : 10);
        return as(from + n + (from + n < s.n && s.p[from + n] == ';'), code);
}

/* How addresses are written so that nobody clicks them. */
static Undone bracketed(LimnSlice s)
{
        static const struct {
                const char *text;
                char code;
        } forms[] = {{"[.]", '.'},   {"[:]", ':'},   {"[@]", '@'},  {"[dot]", '.'}, {"[at]", '@'},
                     {"(.)", '.'},   {"(dot)", '.'}, {"(at)", '@'}};
        for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
                LimnSlice form = limn_slice_str(forms[i].text);
                if (limn_slice_eq_nocase(limn_slice_to(s, form.n), form))
                        return as(form.n, forms[i].code);
        }
        return NONE;
}

static Undone beyond_ascii(LimnSlice s)
{
        static const Undone nothing2 = {2, -1}, nothing3 = {3, -1};
        const unsigned char *p = (const unsigned char *)s.p;
        if (s.n >= 2 && p[0] == 0xc2)
                return p[1] == 0xad ? nothing2 : NONE; /* soft hyphen */
        if (s.n < 3)
                return NONE;
        if (p[0] == 0xe2 && p[1] == 0x80 &&
            ((p[2] >= 0x8b && p[2] <= 0x8f) || (p[2] >= 0xaa && p[2] <= 0xae)))
                return nothing3; /* zero width, marks of direction */
        if (p[0] == 0xe2 && p[1] == 0x81 && p[2] >= 0xa0 && p[2] <= 0xaf)
                return nothing3; /* word joiner, isolates */
        if (p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf)
                return nothing3;
        unsigned code = (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
        if (p[0] == 0xef && code >= 0xff01 && code <= 0xff5e)
                return as(3, code - 0xff01 + '!'); /* full width */
        return NONE;
}

static Undone undo(LimnSlice s)
{
        switch ((unsigned char)s.p[0]) {
        case '%':
                return as(3, digits(limn_slice_from(s, 1), 2, 16));
        case '\\':
                return backslashed(s);
        case '&':
                return entity(s);
        case '=': /* quoted-printable writes capitals, and digits first */
                return s.n > 2 && limn_ascii_digit(s.p[1]) && !(s.p[2] >= 'a' && s.p[2] <= 'f')
                               ? as(3, digits(limn_slice_from(s, 1), 2, 16))
                               : NONE;
        case '[': case '(':
                return bracketed(s);
        default:
                return beyond_ascii(s);
        }
}

int limn_unescape(LimnSlice text, LimnUnescaped *v)
{
        size_t i = 0;
        while (i < text.n && !(trigger((unsigned char)text.p[i]) &&
                               undo(limn_slice_from(text, i)).length))
                i++;
        if (i == text.n)
                return 0;
        if (text.n >= v->cap) {
                free(v->from);
                v->cap = 0;
                v->from = malloc((text.n + 1) * sizeof *v->from);
                if (!v->from)
                        return -ENOMEM;
                v->cap = text.n + 1;
        }
        if (!v->text.max)
                v->text = LIMN_BUF(UINT32_MAX);
        limn_buf_clear(&v->text);
        if (limn_buf_reserve(&v->text, text.n) < 0)
                return -ENOMEM;
        size_t n = 0;
        for (i = 0; i < text.n;) {
                LimnSlice here = limn_slice_from(text, i);
                Undone u = trigger((unsigned char)text.p[i]) ? undo(here) : NONE;
                if (!u.length || u.code >= 0) {
                        v->from[n++] = (uint32_t)i;
                        limn_buf_add_char(&v->text, u.length ? (char)u.code : text.p[i]);
                }
                i += u.length ? u.length : 1;
        }
        v->from[n] = (uint32_t)text.n;
        return v->text.error ? v->text.error : 1;
}

void limn_unescaped_done(LimnUnescaped *v)
{
        limn_buf_done(&v->text);
        free(v->from);
        *v = (LimnUnescaped){0};
}
