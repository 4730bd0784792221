/* SPDX-License-Identifier: Apache-2.0 */
/* Text in UTF-16, as Windows tools write it, to UTF-8: all that reads logs reads bytes. What is no
 * character becomes U+FFFD. */
#include <errno.h>
#include <stdlib.h>

#include "ingest/decode.h"

#define IN_BYTES (64 * 1024)

typedef struct Utf16 {
        LimnInput *input;
        bool big, begun;
        unsigned high; /* surrogate that waits for its second half; 0: none */
        size_t n, at;
        char ready[8];
        size_t ready_n, ready_at;
        unsigned char in[IN_BYTES];
} Utf16;

static int utf16_open(void **ret, LimnInput *input)
{
        Utf16 *u = calloc(1, sizeof(*u));

        if (!u)
                return -ENOMEM;
        u->input = input;
        *ret = u;
        return 0;
}

static size_t put(char *p, unsigned c)
{
        if (c < 0x80) {
                p[0] = (char)c;
                return 1;
        }
        if (c < 0x800) {
                p[0] = (char)(0xc0 | c >> 6);
                p[1] = (char)(0x80 | (c & 0x3f));
                return 2;
        }
        if (c < 0x10000) {
                p[0] = (char)(0xe0 | c >> 12);
                p[1] = (char)(0x80 | (c >> 6 & 0x3f));
                p[2] = (char)(0x80 | (c & 0x3f));
                return 3;
        }
        p[0] = (char)(0xf0 | c >> 18);
        p[1] = (char)(0x80 | (c >> 12 & 0x3f));
        p[2] = (char)(0x80 | (c >> 6 & 0x3f));
        p[3] = (char)(0x80 | (c & 0x3f));
        return 4;
}

/* Another unit's bytes at hand? 1, 0 at the end, negative errno. An odd last byte is dropped. */
static int more(Utf16 *u)
{
        ssize_t got;

        if (u->at + 2 <= u->n)
                return 1;
        got = limn_input_read(u->input, u->in, sizeof(u->in));
        if (got < 0)
                return (int)got;
        u->n = (size_t)got;
        u->at = 0;
        return u->n >= 2;
}

/* The next character, or two, into `ready`. 1, 0 at the end, negative errno. */
static int next(Utf16 *u)
{
        int r = more(u);

        u->ready_n = u->ready_at = 0;
        if (r <= 0) {
                if (r == 0 && u->high)
                        u->ready_n = put(u->ready, 0xfffd);
                u->high = 0;
                return r < 0 ? r : u->ready_n > 0;
        }
        unsigned a = u->in[u->at], b = u->in[u->at + 1];
        unsigned unit = u->big ? a << 8 | b : b << 8 | a;
        u->at += 2;
        if (!u->begun) {
                u->begun = true;
                u->big = a == 0xfe;
                return 1; /* the mark itself */
        }
        bool low = unit >= 0xdc00 && unit < 0xe000;
        if (u->high && low) {
                u->ready_n = put(u->ready, 0x10000 + ((u->high - 0xd800) << 10) + unit - 0xdc00);
                u->high = 0;
                return 1;
        }
        if (u->high)
                u->ready_n = put(u->ready, 0xfffd);
        u->high = unit >= 0xd800 && unit < 0xdc00 ? unit : 0;
        if (!u->high)
                u->ready_n += put(u->ready + u->ready_n, low ? 0xfffd : unit);
        return 1;
}

static ssize_t utf16_read(void *self, char *p, size_t n, const char **why)
{
        Utf16 *u = self;
        size_t out = 0;

        while (out < n) {
                if (u->ready_at < u->ready_n) {
                        p[out++] = u->ready[u->ready_at++];
                        continue;
                }
                int r = next(u);
                if (r < 0 && out == 0) {
                        *why = strerror(-r);
                        return r;
                }
                if (r <= 0)
                        break;
        }
        return (ssize_t)out;
}

static void utf16_free(void *self)
{
        free(self);
}

const LimnDecoder limn_decoder_utf16 = {"utf-16", utf16_open, utf16_read, utf16_free};
