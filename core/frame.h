/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Framing: bytes to records, by the format's starts_record() or frame(). Records joined give the
 * bytes back, and how the bytes came in pieces changes nothing.
 *
 * In core because both the ingest and the `event` virtual table cut the same bytes.
 */
#include "core/format.h"

/*
 * The length of the record at the start of `bytes`, or 0 when more bytes are needed to know;
 * never 0 for non-empty bytes with `last`. Length is not limited here: a caller that holds
 * LIMN_SEGMENT_BYTES and is answered 0 ends the record itself (ingest/frame.h).
 * `state`: format->frame_state_size bytes, zero at the start of a source, advanced only when the
 * answer is not 0.
 */
size_t limn_frame_next(const LimnFormat *format, LimnSlice bytes, bool last, void *state);

/*
 * Does the line at the start of `bytes` begin a record? 1 yes, 0 no, -1 more bytes are needed.
 * At most LIMN_LINE_HEAD bytes of the line are looked at, so that an endless line is decided too.
 */
int limn_frame_starts(const LimnFormat *format, LimnSlice bytes, bool last);
