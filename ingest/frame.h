/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Framing: bytes to records, by the format's starts_record() or frame(). Records joined give the
 * bytes back.
 */
#include "core/format.h"

/*
 * The length of the record at the start of `bytes`, or 0 when more bytes are needed; never 0 for
 * non-empty bytes with `last`. A record longer than `max` is ended at max (0 is not answered
 * then); *ret_cut says so, and the rest of it comes as further records.
 * `state`: format->frame_state_size bytes, zero at the start of a source.
 */
size_t limn_frame_next(const LimnFormat *format, LimnSlice bytes, bool last, void *state);
