/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Registry: all formats (parsers/formats.list), and which of them a source is in.
 *
 * Detection goes by content alone, never by a file's name. It looks at the first bytes, asks
 * every format for its bid, and the highest wins; a tie is said. Where most lines are envelopes of
 * another log's (syslog, containers), the format is a wrapped one, which bids nothing itself.
 */
#include "core/format.h"

/* By name; NULL at the end. */
extern const LimnFormat *const limn_formats[];
extern const size_t limn_formats_n;

/* Wrapped ones too (parsers/wrapped.h). NULL: no format has this name. */
const LimnFormat *limn_format_find(const char *name);

typedef struct LimnFormatBid {
        const LimnFormat *format;
        LimnBid bid;
} LimnFormatBid;

/*
 * What every format bids for a source that begins with `head` (`whole`: that is all of it), highest
 * first, ties by name. At most LIMN_DETECT_BYTES are looked at, without the line that they cut.
 * `ret` has room for limn_formats_n.
 */
void limn_format_bids(LimnSlice head, bool whole, LimnFormatBid *ret);

/*
 * The format of a source, or NULL when it is binary. *ret_rival (may be NULL): another format that
 * bid the same, or NULL; the one whose name comes first is returned then.
 */
const LimnFormat *limn_format_detect(LimnSlice head, bool whole, const LimnFormat **ret_rival);
