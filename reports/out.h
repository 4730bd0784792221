/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Out: where a report goes. A LimnBuf to write into, and a sink that it is emptied into now and
 * then, so that an export of any size needs little memory.
 *
 * Reporters append to `buf` and call limn_out_spill() between two pieces; whoever made the Out
 * calls limn_out_end(). Errors are the buffer's sticky error.
 */
#include "core/buf.h"
#include "core/diag.h"
#include "core/limits.h"

/* 0 or negative errno. */
typedef int (*LimnSinkFn)(void *ctx, LimnSlice bytes);

typedef struct LimnOut {
        LimnBuf buf;
        LimnSinkFn sink; /* NULL: everything stays in buf */
        void *ctx;
} LimnOut;

#define LIMN_OUT(fn, context) \
        ((LimnOut){.buf = LIMN_BUF(LIMN_OUTPUT_MAX), .sink = (fn), .ctx = (context)})
#define LIMN_OUT_MEMORY LIMN_OUT(NULL, NULL)

int limn_out_spill(LimnOut *out); /* empties it when it is worth a write */
/* Empties it; says what went wrong, if anything. -EPIPE: nobody reads any more, nothing is said. */
int limn_out_end(LimnOut *out, LimnDiag *diag);
void limn_out_done(LimnOut *out);

/* Writes all of it, whatever the interruptions. ctx: pointer to an int, the file descriptor. */
int limn_out_sink_fd(void *ctx, LimnSlice bytes);
