/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Decode: the records of one segment again, from its bytes and the format's state before it.
 */
#include <stddef.h>
#include <stdint.h>

#include "core/format.h"
#include "core/limits.h"

/* Plain; zero it before the first use. Slices it was given must live while it is used. */
typedef struct LimnDecode {
        const LimnFormat *format;
        LimnArena *arena;
        LimnSlice rest;   /* what is not framed yet */
        LimnParse parse;
        _Alignas(max_align_t) char frame_state[LIMN_STATE_MAX];
        _Alignas(max_align_t) char parse_state[LIMN_STATE_MAX];
} LimnDecode;

/* `state` as in LimnSegmentInfo. -EBADMSG: it is not of this format's size; -ENOMEM. */
int limn_decode_begin(LimnDecode *decode, const LimnFormat *format, const LimnZone *zone,
                      LimnTime reference, LimnSlice state, LimnSlice bytes);
void limn_decode_done(LimnDecode *decode);

/* The next record's bytes; false: no more. */
bool limn_decode_next(LimnDecode *decode, LimnSlice *ret_record);
/*
 * What that record means; its slices live until the next call. Formats with a state want every
 * record parsed, in order. 0 or -ENOMEM.
 */
int limn_decode_parse(LimnDecode *decode, LimnSlice record, LimnEvent *ret);
