/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plain text: what no other format wants. Every line is a record, kept, searchable, and counted
 * as not understood; a stamp near its start gives it a place in time all the same.
 *
 * The smallest format, and the template for another one: copy this file, see parsers/README.md.
 */
#include "parsers/text.h"

/* Where in a line its own stamp may begin. */
#define SEARCHED 64

static LimnBid bid(LimnSlice head, bool whole)
{
        return memchr(head.n ? head.p : "", '\0', head.n) ? LIMN_BID_NO : LIMN_BID_FALLBACK;
}

static bool starts_record(LimnSlice line)
{
        return true;
}

/* A stamp at the start of `s`, of any shape that is plainly one. */
static size_t stamp_at(LimnSlice s, LimnStamp *ret)
{
        size_t n = limn_stamp_iso(s, ret);

        if (n == 0)
                n = limn_stamp_slash(s, ret);
        if (n == 0)
                n = limn_stamp_compact(s, ret);
        return n ? n : limn_stamp_named(s, ret);
}

static bool may_begin(LimnSlice s, size_t i)
{
        return (i == 0 || !limn_ascii_alnum(s.p[i - 1])) &&
               (limn_ascii_digit(s.p[i]) || limn_ascii_upper(s.p[i]));
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        LimnSlice rest, line = limn_text_first(record, &rest);
        LimnStamp stamp;
        size_t n = 0;

        ret->time = LIMN_TIME_NONE;
        for (size_t i = 0; n == 0 && i < line.n && i < SEARCHED; i++) {
                LimnSlice at = limn_slice_from(line, i);
                if (may_begin(line, i) && (n = stamp_at(at, &stamp)))
                        limn_event_set_stamp(ret, parse, &stamp, limn_slice_to(at, n));
        }
        ret->message = limn_slice_trim(line);
        return LIMN_PARSE_PLAIN;
}

const LimnFormat limn_format_plain = {
        .name = "plain",
        .title = "any other text, a record a line",
        .version = 2,
        .product = "",
        .service = "",
        .bid = bid,
        .starts_record = starts_record,
        .parse = parse,
};
