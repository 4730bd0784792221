/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json_write.h"

#include <assert.h>
#include <math.h>

#include "core/json_scan.h"
#include "core/printable.h"

static void escape(LimnBuf *out, uint32_t c)
{
        static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
        const char *at = c && c < 0x80 ? memchr(from, (int)c, sizeof from - 1) : NULL;
        if (at) {
                limn_buf_add_char(out, '\\');
                limn_buf_add_char(out, to[at - from]);
        } else if (c < 0x10000) {
                limn_buf_printf(out, "\\u%04x", (unsigned)c);
        } else {
                c -= 0x10000;
                limn_buf_printf(out, "\\u%04x\\u%04x", 0xd800u + (c >> 10), 0xdc00u + (c & 0x3ff));
        }
}

/* Bytes that stand for themselves: printable ASCII but for quote, backslash, <, > and &. */
static inline bool plain(char c)
{
        /* A bit a byte, from blank to DEL: one look in place of seven comparisons. */
        static const uint32_t not_plain[3] = {
                1u << ('"' - 32) | 1u << ('&' - 32) | 1u << ('<' - 32) | 1u << ('>' - 32),
                1u << ('\\' - 64), 1u << (127 - 96)};
        unsigned at = (unsigned char)c - 32u;
        return at < 96 && !(not_plain[at / 32] >> (at % 32) & 1);
}

/* What begins with a byte that does not stand for itself, and the closing quote. */
static int quote_rest(LimnBuf *out, LimnSlice s)
{
        for (size_t i = 0; i < s.n;) {
                size_t start = i;
                while (i < s.n && plain(s.p[i]))
                        i++;
                limn_buf_add(out, limn_slice(s.p + start, i - start));
                if (i == s.n)
                        break;
                uint32_t c;
                unsigned n = limn_utf8_decode(limn_slice_from(s, i), &c);
                if (n == 0)
                        limn_buf_add_str(out, "\xef\xbf\xbd");
                else if (c < 0x80 || limn_is_deceptive(c))
                        escape(out, c);
                else
                        limn_buf_add(out, limn_slice(s.p + i, n));
                i += n ? n : 1;
        }
        return limn_buf_add_char(out, '"');
}

int limn_json_quote(LimnBuf *out, LimnSlice s)
{
        size_t n = 0;
        while (n < s.n && plain(s.p[n]))
                n++;
        /* Most texts need nothing: room once, and the two quotes as they are. */
        if (limn_buf_reserve(out, n + 2) < 0)
                return out->error;
        char *p = out->p + out->n;
        *p = '"';
        if (n)
                memcpy(p + 1, s.p, n);
        p[n + 1] = n == s.n ? '"' : '\0';
        out->n += n + 1 + (n == s.n);
        out->p[out->n] = '\0';
        return n == s.n ? 0 : quote_rest(out, limn_slice_from(s, n));
}

static uint64_t level_bit(const LimnJsonWriter *w)
{
        return (uint64_t)1 << w->depth;
}

static void new_line(LimnJsonWriter *w)
{
        if (w->indent)
                limn_buf_printf(w->out, "\n%*s", (int)(w->indent * w->depth), "");
}

/* Before a key or an array's element: comma and line. */
static void separate(LimnJsonWriter *w)
{
        if (w->used & level_bit(w))
                limn_buf_add_char(w->out, ',');
        w->used |= level_bit(w);
        if (w->depth)
                new_line(w);
}

static void before_value(LimnJsonWriter *w)
{
        if (w->after_key) {
                w->after_key = false;
                return;
        }
        /* A value stands behind its key, in an array, or alone as the document. */
        assert(w->array & level_bit(w) || (w->depth == 0 && !(w->used & 1)));
        separate(w);
}

static void open_level(LimnJsonWriter *w, bool array)
{
        before_value(w);
        limn_buf_add_char(w->out, array ? '[' : '{');
        assert(w->depth < 63);
        w->depth++;
        w->used &= ~level_bit(w);
        w->array &= ~level_bit(w);
        if (array)
                w->array |= level_bit(w);
}

void limn_json_object(LimnJsonWriter *w)
{
        open_level(w, false);
}

void limn_json_array(LimnJsonWriter *w)
{
        open_level(w, true);
}

void limn_json_end(LimnJsonWriter *w)
{
        assert(w->depth > 0 && !w->after_key);
        bool array = w->array & level_bit(w), used = w->used & level_bit(w);
        w->depth--;
        if (used)
                new_line(w);
        limn_buf_add_char(w->out, array ? ']' : '}');
}

void limn_json_key_slice(LimnJsonWriter *w, LimnSlice key)
{
        assert(w->depth > 0 && !(w->array & level_bit(w)) && !w->after_key);
        separate(w);
        limn_json_quote(w->out, key);
        limn_buf_add_str(w->out, w->indent ? ": " : ":");
        w->after_key = true;
}

void limn_json_key(LimnJsonWriter *w, const char *key)
{
        limn_json_key_slice(w, limn_slice_str(key));
}

void limn_json_string(LimnJsonWriter *w, LimnSlice s)
{
        before_value(w);
        if (s.p)
                limn_json_quote(w->out, s);
        else
                limn_buf_add_str(w->out, "null");
}

void limn_json_str(LimnJsonWriter *w, const char *s)
{
        limn_json_string(w, limn_slice_str(s));
}

void limn_json_int(LimnJsonWriter *w, int64_t i)
{
        before_value(w);
        limn_buf_printf(w->out, "%lld", (long long)i);
}

void limn_json_real(LimnJsonWriter *w, double d, int decimals)
{
        before_value(w);
        if (!isfinite(d)) {
                limn_buf_add_str(w->out, "null");
                return;
        }
        size_t at = w->out->n;
        limn_buf_printf(w->out, "%.*f", decimals, d);
        /* What rounds to zero has no sign. */
        LimnSlice text = limn_slice_from(limn_buf_slice(w->out), at);
        if (w->out->error || text.n == 0 || text.p[0] != '-')
                return;
        for (size_t i = 1; i < text.n; i++)
                if (text.p[i] != '0' && text.p[i] != '.')
                        return;
        memmove(w->out->p + at, w->out->p + at + 1, text.n);
        w->out->n--;
}

void limn_json_bool(LimnJsonWriter *w, bool b)
{
        before_value(w);
        limn_buf_add_str(w->out, b ? "true" : "false");
}

void limn_json_null(LimnJsonWriter *w)
{
        before_value(w);
        limn_buf_add_str(w->out, "null");
}

void limn_json_time(LimnJsonWriter *w, LimnTime t)
{
        char text[LIMN_TIME_ISO_MAX];
        limn_json_str(w, t == LIMN_TIME_NONE ? NULL : limn_time_iso_str(t, text));
}

void limn_json_raw(LimnJsonWriter *w, LimnSlice json)
{
        before_value(w);
        limn_buf_add(w->out, json);
}
