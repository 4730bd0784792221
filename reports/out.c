/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/out.h"

#include <errno.h>
#include <unistd.h>

#define SPILL_BYTES (256 * 1024)

static int empty(LimnOut *out)
{
        if (out->buf.error)
                return out->buf.error;
        if (!out->sink || out->buf.n == 0)
                return 0;
        int r = out->sink(out->ctx, limn_buf_slice(&out->buf));
        if (r < 0)
                return out->buf.error = r;
        limn_buf_clear(&out->buf);
        return 0;
}

int limn_out_spill(LimnOut *out)
{
        return out->buf.n >= SPILL_BYTES || out->buf.error ? empty(out) : 0;
}

int limn_out_end(LimnOut *out, LimnDiag *diag)
{
        int r = empty(out);
        if (r < 0 && r != -EPIPE)
                limn_diag_addf(diag,
                               &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                              .why = r == -E2BIG ? "it is larger than limn writes"
                                                                 : strerror(-r)},
                               "the report could not be written");
        return r;
}

void limn_out_done(LimnOut *out)
{
        limn_buf_done(&out->buf);
}

int limn_out_sink_fd(void *ctx, LimnSlice bytes)
{
        int fd = *(const int *)ctx;
        while (bytes.n) {
                ssize_t n = write(fd, bytes.p, bytes.n);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;
                bytes = limn_slice_from(bytes, (size_t)n);
        }
        return 0;
}
