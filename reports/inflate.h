/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Inflate: what a short gzip or zlib stream in memory holds, as far as it goes: a stream that
 * breaks off, or holds more than `out` may take, gives its beginning. */
#include "core/buf.h"

/* Appends. -ENOMEM, or 0. */
int limn_inflate(LimnSlice packed, LimnBuf *out);
