/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/inflate.h"

#include <errno.h>
#include <limits.h>
#include <zlib.h>

#define ANY_HEADER (15 + 32) /* gzip's or zlib's, as inflateInit2 has it */

int limn_inflate(LimnSlice packed, LimnBuf *out)
{
        z_stream z = {.next_in = (unsigned char *)packed.p,
                      .avail_in = packed.n < UINT_MAX ? (unsigned)packed.n : UINT_MAX};
        if (inflateInit2(&z, ANY_HEADER) != Z_OK)
                return -ENOMEM;
        char piece[4096];
        int status;
        do {
                z.next_out = (unsigned char *)piece;
                z.avail_out = sizeof piece;
                status = inflate(&z, Z_NO_FLUSH);
                size_t n = sizeof piece - z.avail_out, room = out->max - out->n - 1;
                limn_buf_add(out, limn_slice(piece, n < room ? n : room));
                if (n >= room)
                        break;
        } while (status == Z_OK && (z.avail_in || z.avail_out == 0));
        inflateEnd(&z);
        return out->error;
}
