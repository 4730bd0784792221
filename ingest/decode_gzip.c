/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gzip by zlib itself. Through libarchive a stream that breaks off loses the last 64 KiB that
 * could be read, which for most logs is all of it (docs/decisions.md).
 */
#include <errno.h>
#include <zlib.h>

#include "ingest/decode.h"

#define IN_BYTES (128 * 1024)

typedef struct Gzip {
        LimnInput *input;
        z_stream z;
        bool ended;    /* a member ended; another may follow */
        bool finished; /* nothing more will come */
        const char *note; /* said with the end */
        Bytef in[IN_BYTES];
} Gzip;

static int gzip_open(void **ret, LimnInput *input)
{
        Gzip *g = calloc(1, sizeof(*g));

        if (!g || inflateInit2(&g->z, 15 + 16) != Z_OK) {
                free(g);
                return -ENOMEM;
        }
        g->input = input;
        *ret = g;
        return 0;
}

static void gzip_free(void *self)
{
        Gzip *g = self;

        if (!g)
                return;
        inflateEnd(&g->z);
        free(g);
}

/* 1 there is input, 0 there is none left, negative errno. */
static int more(Gzip *g)
{
        ssize_t n;

        if (g->z.avail_in > 0)
                return 1;
        n = limn_input_read(g->input, g->in, sizeof(g->in));
        if (n <= 0)
                return (int)n;
        g->z.next_in = g->in;
        g->z.avail_in = (uInt)n;
        return 1;
}

/* Behind a member's end: 1 another member begins, 0 the end. */
static int next_member(Gzip *g)
{
        int r = more(g);

        if (r <= 0)
                return r;
        if (*g->z.next_in == 0x1f) {
                inflateReset(&g->z);
                g->ended = false;
                return 1;
        }
        /* Tapes and block devices pad with zeros. */
        while ((r = more(g)) > 0 && *g->z.next_in == 0) {
                g->z.next_in++;
                g->z.avail_in--;
        }
        if (r > 0)
                g->note = "bytes behind the end of the gzip stream were left out";
        /* What is left is still received, and part of its hash. */
        while (r > 0) {
                g->z.avail_in = 0;
                r = more(g);
        }
        return r;
}

static ssize_t gzip_read(void *self, char *p, size_t n, const char **why)
{
        Gzip *g = self;

        g->z.next_out = (Bytef *)p;
        g->z.avail_out = (uInt)n;
        while (g->z.avail_out > 0 && !g->finished) {
                int r = g->ended ? next_member(g) : more(g);

                if (r < 0) {
                        *why = strerror(-r);
                        break;
                }
                if (g->ended) {
                        g->finished = r == 0;
                        continue;
                }
                if (r == 0) {
                        *why = "the gzip stream ends early";
                        break;
                }
                r = inflate(&g->z, Z_NO_FLUSH);
                if (r == Z_STREAM_END) {
                        g->ended = true;
                } else if (r == Z_MEM_ERROR) {
                        return -ENOMEM;
                } else if (r != Z_OK && r != Z_BUF_ERROR) {
                        *why = "the gzip stream is damaged";
                        break;
                }
        }
        n -= g->z.avail_out;
        /* What could be read first; the next call fails again and says why there is no more. */
        if (n > 0)
                return (ssize_t)n;
        if (!g->finished)
                return -EBADMSG;
        *why = g->note;
        return 0;
}

const LimnDecoder limn_decoder_gzip = {"gzip", gzip_open, gzip_read, gzip_free};
