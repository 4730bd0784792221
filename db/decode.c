/* SPDX-License-Identifier: Apache-2.0 */
#include "db/decode.h"

#include <errno.h>

#include "core/frame.h"

int limn_decode_begin(LimnDecode *decode, const LimnFormat *format, const LimnZone *zone,
                      LimnTime reference, LimnSlice state, LimnSlice bytes)
{
        size_t frame_size = format->frame_state_size, parse_size = format->state_size;

        if (frame_size > LIMN_STATE_MAX || parse_size > LIMN_STATE_MAX ||
            state.n != frame_size + parse_size)
                return -EBADMSG;
        if (!decode->arena && !(decode->arena = limn_arena_new(LIMN_RECORD_ARENA_MAX)))
                return -ENOMEM;
        if (frame_size)
                memcpy(decode->frame_state, state.p, frame_size);
        if (parse_size)
                memcpy(decode->parse_state, state.p + frame_size, parse_size);
        decode->format = format;
        decode->rest = bytes;
        decode->parse = (LimnParse){.arena = decode->arena,
                                    .zone = zone,
                                    .reference = reference,
                                    .state = decode->parse_state};
        return 0;
}

void limn_decode_done(LimnDecode *decode)
{
        decode->arena = limn_arena_free(decode->arena);
        decode->rest = LIMN_NONE;
}

bool limn_decode_next(LimnDecode *decode, LimnSlice *ret_record)
{
        if (decode->rest.n == 0)
                return false;
        /* Segments are cut between records, so that a segment's end ends a record too. */
        size_t n = limn_frame_next(decode->format, decode->rest, true, decode->frame_state);
        *ret_record = limn_slice_to(decode->rest, n ? n : decode->rest.n);
        decode->rest = limn_slice_from(decode->rest, ret_record->n);
        return true;
}

int limn_decode_parse(LimnDecode *decode, LimnSlice record, LimnEvent *ret)
{
        *ret = (LimnEvent){.record = record};
        limn_arena_reset(decode->arena);
        int r = decode->format->parse(record, &decode->parse, ret);
        if (r < 0)
                return r;
        if (ret->time_basis == LIMN_BASIS_NONE)
                ret->time = LIMN_TIME_NONE;
        return 0;
}
