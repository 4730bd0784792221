/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plain text: what no other format wants. Every line is a record, kept, searchable, and counted
 * as not understood; a stamp at its start gives it a place in time all the same.
 *
 * The smallest format, and the template for another one: copy this file, see parsers/README.md.
 */
#include "parsers/text.h"

static LimnBid bid(LimnSlice head, bool whole)
{
        return memchr(head.n ? head.p : "", '\0', head.n) ? LIMN_BID_NO : LIMN_BID_FALLBACK;
}

static bool starts_record(LimnSlice line)
{
        return true;
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        LimnSlice rest, line = limn_text_first(record, &rest);
        LimnSlice at = limn_slice_from(line, line.n && line.p[0] == '[');
        LimnStamp stamp;
        size_t n;

        ret->time = LIMN_TIME_NONE;
        if ((n = limn_stamp_iso(at, &stamp)) || (n = limn_stamp_slash(at, &stamp)) ||
            (n = limn_stamp_compact(at, &stamp)))
                limn_event_set_stamp(ret, parse, &stamp, limn_slice_to(at, n));
        ret->message = limn_slice_trim(line);
        return LIMN_PARSE_PLAIN;
}

const LimnFormat limn_format_plain = {
        .name = "plain",
        .title = "any other text, a record a line",
        .version = 1,
        .product = "",
        .service = "",
        .bid = bid,
        .starts_record = starts_record,
        .parse = parse,
};
