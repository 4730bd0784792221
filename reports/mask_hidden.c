/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/mask_hidden.h"

#include <errno.h>

#include "core/ascii.h"
#include "reports/inflate.h"
#include "reports/unescape.h"

#define DEPTH_MAX 4
#define RUN_MIN 16 /* fewer digits hold no name that could be proved, in a second encoding */
#define RUN_MAX (64 * 1024)
#define HEAD 9 /* bytes by which it is told whether a run is worth decoding */
#define DECODED_MAX (1024 * 1024)
#define PAIRS_MIN 6

typedef struct Look {
        const LimnMask *mask;
        LimnHiddenFn fn;
        void *arg;
        unsigned depth;
} Look;

static int look(const Look *l, LimnSlice text);

/* -- decoding ------------------------------------------------------------------------------- */

typedef enum Digits { BASE64, BASE32, HEX } Digits;
static const unsigned char bits_of[] = {[BASE64] = 6, [BASE32] = 5, [HEX] = 4};

static int digit(Digits digits, char c)
{
        switch (digits) {
        case BASE64:
                return limn_ascii_upper(c)          ? c - 'A'
                       : limn_ascii_alpha(c)        ? c - 'a' + 26
                       : limn_ascii_digit(c)        ? c - '0' + 52
                       : c == '+' || c == '-'       ? 62
                       : c == '/' || c == '_'       ? 63
                                                    : -1;
        case BASE32:
                return limn_ascii_upper(c) ? c - 'A' : c >= '2' && c <= '7' ? c - '2' + 26 : -1;
        default:
                return limn_ascii_hex(c);
        }
}

/* At most `most` bytes; ends at what is no digit. */
static size_t decode(Digits digits, LimnSlice run, unsigned char *out, size_t most)
{
        unsigned held = 0, bits = 0;
        size_t n = 0;
        for (size_t i = 0; i < run.n && n < most; i++) {
                int value = digit(digits, run.p[i]);
                if (value < 0)
                        break;
                held = held << bits_of[digits] | (unsigned)value;
                bits += bits_of[digits];
                if (bits >= 8) {
                        bits -= 8;
                        out[n++] = (unsigned char)(held >> bits);
                }
        }
        return n;
}

static bool printable(unsigned char c)
{
        return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t';
}

static bool packed(const unsigned char *p)
{
        return (p[0] == 0x1f && p[1] == 0x8b) ||
               (p[0] == 0x78 && (p[0] * 256 + p[1]) % 31 == 0);
}

/* Every second byte is zero. */
static bool wide(const unsigned char *p, size_t n)
{
        size_t zeros[2] = {0};
        for (size_t i = 0; i < n; i++)
                zeros[i % 2] += p[i] == 0;
        return n >= 8 && (zeros[0] >= n / 2 - 1 || zeros[1] >= n / 2 - 1) &&
               zeros[0] + zeros[1] <= n / 2 + 1;
}

/* Is what these digits begin with a text, or a known encoding of one? Identifiers are not. */
static bool promising(Digits digits, LimnSlice run)
{
        unsigned char head[HEAD];
        size_t n = decode(digits, run, head, HEAD), plain = 0;
        while (plain < n && printable(head[plain]))
                plain++;
        return n == HEAD && (plain == n || packed(head) || wide(head, n));
}

/* -- what is inside --------------------------------------------------------------------------- */

static int any(void *arg, size_t from, size_t to, size_t value)
{
        *(size_t *)arg = value;
        return 1;
}

/* Names as they stand, or in an encoded form: the provable ones that are no accident. */
static int names(const Look *l, LimnSlice text, LimnHiddenFn fn, void *arg)
{
        const LimnNeedles *const both[] = {&l->mask->plain, &l->mask->encoded};
        int r = 0;
        for (size_t k = 0; r == 0 && k < 2; k++) {
                for (size_t i = 0; r == 0; i++) {
                        const LimnNeedle *needle = limn_needles_next(both[k], text, &i, text.n);
                        if (!needle)
                                break;
                        if (!needle->common && needle->text.n >= LIMN_MASK_HIDDEN_MIN)
                                r = fn(arg, i, i + needle->text.n, needle->value);
                }
        }
        return r;
}

/* 1: a name is in it, plain or hidden again. */
static int inside(const Look *l, LimnSlice text, size_t *ret)
{
        int r = names(l, text, any, ret);
        const Look deeper = {l->mask, any, ret, l->depth + 1};
        return r ? r : look(&deeper, text);
}

static int decoded(const Look *l, Digits digits, LimnSlice run, size_t *ret)
{
        LimnBuf bytes = LIMN_BUF(2 * RUN_MAX), text = LIMN_BUF(DECODED_MAX);
        int r = limn_buf_reserve(&bytes, run.n);
        if (r == 0) {
                bytes.n = decode(digits, run, (unsigned char *)bytes.p, run.n);
                const unsigned char *p = (const unsigned char *)bytes.p;
                if (packed(p)) {
                        r = limn_inflate(limn_buf_slice(&bytes), &text);
                } else {
                        bool squeeze = wide(p, bytes.n);
                        for (size_t i = 0; i < bytes.n; i++)
                                if (p[i] || !squeeze)
                                        limn_buf_add_char(&text, (char)p[i]);
                        r = text.error;
                }
        }
        if (r == 0)
                r = inside(l, limn_buf_slice(&text), ret);
        limn_buf_done(&bytes);
        limn_buf_done(&text);
        return r;
}

/* -- runs of digits --------------------------------------------------------------------------- */

static bool all_of(Digits digits, LimnSlice run)
{
        for (size_t i = 0; i < run.n; i++)
                if (digit(digits, run.p[i]) < 0)
                        return false;
        return true;
}

static int run_at(const Look *l, LimnSlice text, size_t from, size_t to)
{
        LimnSlice run = limn_slice(text.p + from, to - from);
        size_t value;
        if (run.n >= 2 * HEAD && all_of(HEX, limn_slice_to(run, 2 * HEAD)) && promising(HEX, run)) {
                int r = decoded(l, HEX, run, &value);
                return r > 0 ? l->fn(l->arg, from, to, value) : r;
        }
        if (all_of(BASE32, run) && promising(BASE32, run)) {
                int r = decoded(l, BASE32, run, &value);
                return r > 0 ? l->fn(l->arg, from, to, value) : r;
        }
        /* It may begin behind what only looks like a digit of it: path/H4sI..., key-aGVs... */
        for (size_t i = 0; i + RUN_MIN <= run.n; i++) {
                LimnSlice rest = limn_slice_from(run, i);
                if ((i == 0 || !limn_ascii_alnum(run.p[i - 1])) && promising(BASE64, rest)) {
                        int r = decoded(l, BASE64, rest, &value);
                        if (r)
                                return r > 0 ? l->fn(l->arg, from + i, to, value) : r;
                }
        }
        return 0;
}

static int runs(const Look *l, LimnSlice text)
{
        int r = 0;
        for (size_t i = 0; r == 0 && i < text.n;) {
                /* A run of that length has a digit in the middle of any stretch of it. */
                size_t from = i;
                while (i < text.n && i - from < RUN_MAX && digit(BASE64, text.p[i]) >= 0)
                        i++;
                if (i - from >= RUN_MIN)
                        r = run_at(l, text, from, i);
                i += i == from;
        }
        return r;
}

/* 67 77 2d 37, as dumps and debuggers write bytes. */
static int pairs(const Look *l, LimnSlice text)
{
        int r = 0;
        for (size_t i = 0; r == 0 && i + 3 * PAIRS_MIN <= text.n; i++) {
                char between = text.p[i + 2];
                if ((between != ' ' && between != ':' && between != ',') ||
                    (i > 0 && limn_ascii_alnum(text.p[i - 1])))
                        continue;
                LimnBuf bytes = LIMN_BUF(RUN_MAX);
                size_t at = i, end = i;
                while (at + 2 <= text.n && limn_ascii_hex(text.p[at]) >= 0 &&
                       limn_ascii_hex(text.p[at + 1]) >= 0 && at - i < RUN_MAX) {
                        limn_buf_add_char(&bytes, (char)(limn_ascii_hex(text.p[at]) << 4 |
                                                         limn_ascii_hex(text.p[at + 1])));
                        end = at + 2;
                        if (end >= text.n || text.p[end] != between)
                                break;
                        at = end + 1;
                }
                if (bytes.n >= PAIRS_MIN && bytes.error == 0) {
                        size_t value;
                        r = inside(l, limn_buf_slice(&bytes), &value);
                        if (r > 0)
                                r = l->fn(l->arg, i, end, value);
                        i = end;
                }
                r = bytes.error ? bytes.error : r;
                limn_buf_done(&bytes);
        }
        return r;
}

/* -- escapes ---------------------------------------------------------------------------------- */

typedef struct Relay {
        const Look *above;
        const LimnUnescaped *v;
        LimnSlice line;
        size_t base;
} Relay;

static int relay(void *arg, size_t from, size_t to, size_t value)
{
        Relay *r = arg;
        return r->above->fn(r->above->arg, r->base + r->v->from[from], r->base + r->v->from[to],
                            value);
}

/* Those that stand there as they are, or in one of their own spellings, are found without us. */
static int if_changed(void *arg, size_t from, size_t to, size_t value)
{
        const Relay *r = arg;
        size_t at = r->v->from[from], n = r->v->from[to] - at;
        if (n == to - from)
                return 0;
        const LimnNeedle *spelled = limn_needles_find(&r->above->mask->plain, r->line, at);
        return spelled && spelled->text.n >= n ? 0 : relay(arg, from, to, value);
}

static int escapes(const Look *l, LimnSlice text)
{
        LimnUnescaped v = {0};
        LimnSlice rest = text, line;
        int r = 0;
        while (r == 0 && limn_slice_line(&rest, &line)) {
                r = limn_unescape(line, &v);
                if (r <= 0)
                        continue;
                Relay up = {l, &v, line, (size_t)(line.p - text.p)};
                LimnSlice shown = limn_buf_slice(&v.text);
                r = names(l, shown, if_changed, &up);
                const Look deeper = {l->mask, relay, &up, l->depth + 1};
                if (r == 0)
                        r = look(&deeper, shown);
        }
        limn_unescaped_done(&v);
        return r;
}

static int look(const Look *l, LimnSlice text)
{
        if (l->depth == DEPTH_MAX)
                return 0;
        int r = runs(l, text);
        if (r == 0)
                r = pairs(l, text);
        return r ? r : escapes(l, text);
}

int limn_mask_hidden(const LimnMask *mask, LimnSlice text, LimnHiddenFn fn, void *arg)
{
        const Look l = {mask, fn, arg, 0};
        return mask->n ? look(&l, text) : 0;
}
