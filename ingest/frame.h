/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Framing in bulk: all records of a buffer as a table, each line looked at once. Gives the same
 * records as limn_frame_next() called again and again (a test holds that).
 */
#include <stdint.h>

#include "core/frame.h"

typedef struct LimnCut {
        uint32_t length;
        uint32_t lines; /* line feeds inside; one more when the source's last line has none */
} LimnCut;

typedef struct LimnCuts {
        LimnCut *at;
        size_t n, cap;
        size_t bytes; /* the lengths' sum: where the first incomplete record begins */
        uint64_t lines;
} LimnCuts;

void limn_cuts_done(LimnCuts *cuts);

/*
 * Replaces *ret by the complete records at the start of `bytes`, at most `max` of them. With
 * `last` they cover all of `bytes`. 0 or -ENOMEM.
 */
int limn_frame_all(const LimnFormat *format, LimnSlice bytes, bool last, void *state, size_t max,
                   LimnCuts *ret);

/*
 * For what remains of a record that was ended because of its length: bytes from the start of
 * `bytes` that still belong to it. *mid_line says whether `bytes` begins within a line, and is
 * set to whether what follows the answer does. The answer is bytes.n when no record begins in
 * them as far as can be seen; then *ret_open is true unless `last`.
 */
size_t limn_frame_rest(const LimnFormat *format, LimnSlice bytes, bool last, bool *mid_line,
                       bool *ret_open);

/* Line feeds in `bytes`. */
uint32_t limn_count_lines(LimnSlice bytes);
