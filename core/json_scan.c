/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json_scan.h"

#include <errno.h>
#include <stdint.h>

#include "core/ascii.h"
#include "core/limits.h"
#include "core/printable.h"

/* The names of leaves are built in `path`, which every level extends by its own part and cuts back
 * again; only a leaf's whole name is copied to the arena. */
typedef struct Scan {
        const char *start, *p, *end;
        LimnArena *arena;
        LimnFields *fields;
        LimnJsonError *error;
        LimnSlice whole_key; /* p set: the path is this one key, and its bytes are in the text */
        size_t path_n;
        unsigned depth;
        char *pool; /* of the arena: small pieces are cut from here without calling it */
        size_t pool_n;
        char path[LIMN_JSON_PATH_MAX];
} Scan;

enum { NOT_JSON = 1, POOL = 1024 };

static int value(Scan *s);

static int fault_at(Scan *s, const char *at, const char *what)
{
        *s->error = (LimnJsonError){(size_t)(at - s->start), what};
        return NOT_JSON;
}

static int fault(Scan *s, const char *what)
{
        return fault_at(s, s->p, s->p == s->end ? "unexpected end" : what);
}

static inline void blanks(Scan *s)
{
        while (s->p < s->end &&
               (*s->p == ' ' || *s->p == '\n' || *s->p == '\r' || *s->p == '\t'))
                s->p++;
}

static inline bool take(Scan *s, char c)
{
        if (s->p == s->end || *s->p != c)
                return false;
        s->p++;
        return true;
}

static char *pool_take(Scan *s, size_t n)
{
        if (n > POOL / 4)
                return limn_arena_alloc(s->arena, n);
        if (n > s->pool_n) {
                s->pool = limn_arena_alloc(s->arena, POOL);
                if (!s->pool)
                        return NULL;
                s->pool_n = POOL;
        }
        char *p = s->pool;
        s->pool += n;
        s->pool_n -= n;
        return p;
}

/* The first byte that may not stand in a string as it is: a quote, a backslash, a control
 * character. Eight bytes at a time: borrows of the subtractions only add false alarms above a
 * true one, and the bytes of a word with an alarm are looked at one by one. */
static inline const char *plain_end(const char *p, const char *end)
{
        const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
        while (end - p >= 8) {
                uint64_t w;
                memcpy(&w, p, 8);
                uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\';
                uint64_t alarm = ((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
                                 ((w - ones * 0x20) & ~w);
                if (alarm & highs)
                        break;
                p += 8;
        }
        while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
                p++;
        return p;
}

/* Passes over a string whose opening quote was taken; *ret is what stands between the quotes. */
static int string(Scan *s, LimnSlice *ret, bool *ret_escaped)
{
        const char *start = s->p;
        *ret_escaped = false;
        for (;;) {
                s->p = plain_end(s->p, s->end);
                if (s->p == s->end)
                        return fault_at(s, start - 1, "unterminated string");
                if (*s->p == '"')
                        break;
                if (*s->p != '\\')
                        return fault(s, "control character in a string");
                *ret_escaped = true;
                s->p++;
                if (s->p == s->end)
                        return fault_at(s, start - 1, "unterminated string");
                if (*s->p == 'u') {
                        for (int i = 1; i <= 4; i++)
                                if (s->end - s->p <= i || limn_ascii_hex(s->p[i]) < 0)
                                        return fault_at(s, s->p - 1, "malformed \\u escape");
                        s->p += 5;
                } else if (memchr("\"\\/bfnrt", *s->p, 8)) {
                        s->p++;
                } else {
                        return fault_at(s, s->p - 1, "unknown escape");
                }
        }
        *ret = limn_slice(start, (size_t)(s->p - start));
        s->p++;
        return 0;
}

static uint32_t hex4(const char *p)
{
        uint32_t c = 0;
        for (int i = 0; i < 4; i++)
                c = c << 4 | (uint32_t)limn_ascii_hex(p[i]);
        return c;
}

/* What `in`, checked by string(), means; never longer than it. A surrogate without its other half
 * becomes U+FFFD. */
static size_t decode(LimnSlice in, char *out)
{
        const char *p = in.p, *end = in.p + in.n;
        char *o = out;
        while (p < end) {
                const char *slash = memchr(p, '\\', (size_t)(end - p));
                size_t plain = (size_t)((slash ? slash : end) - p);
                memcpy(o, p, plain);
                o += plain;
                p += plain;
                if (!slash)
                        break;
                static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
                const char *control = memchr(from, p[1], 5);
                if (p[1] != 'u') {
                        *o++ = control ? to[control - from] : p[1];
                        p += 2;
                        continue;
                }
                uint32_t c = hex4(p + 2);
                p += 6;
                if (c >= 0xd800 && c < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
                        uint32_t low = hex4(p + 2);
                        if (low >= 0xdc00 && low < 0xe000) {
                                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                                p += 6;
                        }
                }
                if (c >= 0xd800 && c < 0xe000)
                        c = 0xfffd;
                o += limn_utf8_encode(c, o);
        }
        return (size_t)(o - out);
}

static int decoded(Scan *s, LimnSlice raw, LimnSlice *ret)
{
        char *out = pool_take(s, raw.n);
        if (!out)
                return -ENOMEM;
        *ret = limn_slice(out, decode(raw, out));
        return 0;
}

static bool full(const Scan *s)
{
        return s->fields->n >= LIMN_FIELDS_MAX;
}

static int leaf(Scan *s, LimnSlice text)
{
        LimnSlice name = s->whole_key;
        if (!name.p && s->path_n == 0)
                name = LIMN_S("");
        if (!name.p && !full(s)) {
                char *copy = pool_take(s, s->path_n);
                if (!copy)
                        return -ENOMEM;
                memcpy(copy, s->path, s->path_n);
                name = limn_slice(copy, s->path_n);
        }
        return limn_fields_add(s->fields, s->arena, name, text);
}

static void extend(Scan *s, LimnSlice part)
{
        size_t n = s->path_n, dot = n > 0, room = sizeof s->path - n;
        if (part.n > room || part.n + dot > room) {
                s->fields->cut = true;
                if (room <= dot)
                        return;
                part.n = room - dot;
        }
        if (dot)
                s->path[n++] = '.';
        if (part.n)
                memcpy(s->path + n, part.p, part.n);
        s->path_n = n + part.n;
}

static int extend_key(Scan *s, LimnSlice raw, bool escaped, bool alone)
{
        LimnSlice key = raw;
        s->whole_key = LIMN_NONE;
        if (escaped) {
                int r = decoded(s, raw, &key);
                if (r < 0)
                        return r;
        } else if (alone && key.n && key.n <= sizeof s->path) {
                s->whole_key = key;
        }
        extend(s, key);
        return 0;
}

static void extend_index(Scan *s, size_t i)
{
        char digits[20], *p = digits + sizeof digits;
        do {
                *--p = (char)('0' + i % 10);
                i /= 10;
        } while (i);
        s->whole_key = LIMN_NONE;
        extend(s, limn_slice(p, (size_t)(digits + sizeof digits - p)));
}

static int object(Scan *s)
{
        blanks(s);
        if (take(s, '}'))
                return leaf(s, LIMN_S("{}"));
        size_t outer = s->path_n;
        for (;;) {
                LimnSlice key;
                bool escaped;
                if (!take(s, '"'))
                        return fault(s, "expected a key in quotes");
                int r = string(s, &key, &escaped);
                if (r)
                        return r;
                blanks(s);
                if (!take(s, ':'))
                        return fault(s, "expected a colon");
                r = extend_key(s, key, escaped, outer == 0);
                if (r == 0)
                        r = value(s);
                if (r)
                        return r;
                s->path_n = outer;
                blanks(s);
                if (take(s, '}'))
                        return 0;
                if (!take(s, ','))
                        return fault(s, "expected a comma or }");
                blanks(s);
        }
}

static int array(Scan *s)
{
        blanks(s);
        if (take(s, ']'))
                return leaf(s, LIMN_S("[]"));
        size_t outer = s->path_n;
        for (size_t i = 0;; i++) {
                extend_index(s, i);
                int r = value(s);
                if (r)
                        return r;
                s->path_n = outer;
                blanks(s);
                if (take(s, ']'))
                        return 0;
                if (!take(s, ','))
                        return fault(s, "expected a comma or ]");
        }
}

static inline bool digits(Scan *s)
{
        const char *start = s->p;
        while (s->p < s->end && limn_ascii_digit(*s->p))
                s->p++;
        return s->p > start;
}

static int number(Scan *s)
{
        const char *start = s->p;
        take(s, '-');
        if (!take(s, '0') && !digits(s))
                return fault(s, "expected a value");
        if (take(s, '.') && !digits(s))
                return fault(s, "expected a digit");
        if (s->p < s->end && (*s->p | 0x20) == 'e') {
                s->p++;
                if (!take(s, '-'))
                        take(s, '+');
                if (!digits(s))
                        return fault(s, "expected a digit");
        }
        return leaf(s, limn_slice(start, (size_t)(s->p - start)));
}

static int word(Scan *s, LimnSlice text, LimnSlice meaning)
{
        if (!limn_slice_starts(limn_slice(s->p, (size_t)(s->end - s->p)), text))
                return fault(s, "expected a value");
        s->p += text.n;
        return leaf(s, meaning);
}

static int string_value(Scan *s)
{
        LimnSlice raw;
        bool escaped;
        int r = string(s, &raw, &escaped);
        if (r == 0 && escaped && !full(s))
                r = decoded(s, raw, &raw);
        return r ? r : leaf(s, raw);
}

static int nested(Scan *s, int (*inside)(Scan *))
{
        if (s->depth == LIMN_JSON_DEPTH_MAX)
                return fault_at(s, s->p - 1, "nested too deeply");
        s->depth++;
        int r = inside(s);
        s->depth--;
        return r;
}

static int value(Scan *s)
{
        blanks(s);
        switch (s->p < s->end ? *s->p : '\0') {
        case '"':
                s->p++;
                return string_value(s);
        case '{':
                s->p++;
                return nested(s, object);
        case '[':
                s->p++;
                return nested(s, array);
        case 't':
                return word(s, LIMN_S("true"), LIMN_S("true"));
        case 'f':
                return word(s, LIMN_S("false"), LIMN_S("false"));
        case 'n':
                return word(s, LIMN_S("null"), LIMN_NONE);
        default:
                return number(s);
        }
}

int limn_json_flatten(LimnSlice text, LimnSlice prefix, LimnArena *arena, LimnFields *fields,
                      size_t *ret_used, LimnJsonError *ret_error)
{
        const char *start = text.p ? text.p : "";
        Scan s; /* path is large and needs no clearing */
        s.start = s.p = start;
        s.end = start + text.n;
        s.arena = arena;
        s.fields = fields;
        s.error = ret_error;
        s.whole_key = LIMN_NONE;
        s.path_n = 0;
        s.depth = 0;
        s.pool = NULL;
        s.pool_n = 0;
        if (limn_slice_ends(prefix, LIMN_S(".")))
                prefix.n--;
        if (prefix.n)
                extend(&s, prefix);
        int r = value(&s);
        if (r == 0)
                *ret_used = (size_t)(s.p - start);
        return r;
}
