/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Discover over a whole case: every value that is to be masked, then sealed. */
#include "core/query.h"
#include "reports/discover.h"

/* The bytes of the case's sources, as db/ has them: a source's, in order, in pieces that die when
 * fn returns. */
typedef struct LimnSourceBytes {
        void *ctx;
        int (*extract)(void *ctx, int64_t source, int (*fn)(void *arg, LimnSlice bytes), void *arg,
                       LimnDiag *diag);
} LimnSourceBytes;

/* Three times over all sources: for names, for what they qualify, for what hides them. The mask
 * is sealed then. 0 or negative with a message. */
int limn_discover_case(LimnMask *mask, const LimnQuery *query, const LimnSourceBytes *bytes,
                       LimnDiag *diag);
/* Calls fn with whole lines, some hundred KiB at once; a line beyond 4 MiB in pieces. */
int limn_source_lines(const LimnSourceBytes *bytes, int64_t source,
                      int (*fn)(void *arg, LimnSlice lines), void *arg, LimnDiag *diag);
