/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results of SHOW statements and their like as JSON: an object a row, one after another (mysqlsh,
 * --result-format=json), in an array (desktop clients), or in a member named after the statement.
 *
 *   {"Variable_name": "log_bin", "Value": "ON"}
 */
#include <errno.h>

#include "core/json_scan.h"
#include "parsers/json_event.h"
#include "parsers/json_page.h"
#include "parsers/snapshot_row.h"
#include "parsers/text.h"

static size_t frame(LimnSlice bytes, bool last, void *state)
{
        return limn_json_page_cut(bytes, NULL, last);
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        LimnSlice piece = limn_text_lead(record), object;
        LimnFields fields = {0};
        LimnJsonError error;
        size_t used;

        ret->time = LIMN_TIME_NONE;
        ret->message = limn_slice_trim(piece);
        if (!limn_json_page_object(piece, NULL, &object) || object.n == 0)
                return LIMN_PARSE_PLAIN;
        int r = limn_json_flatten(object, LIMN_NONE, parse->arena, &fields, &used, &error);
        if (r < 0)
                return r;
        if (r > 0) { /* broken: what was read of it is no row */
                r = limn_json_event_end(ret, parse, &fields, &error);
                return r < 0 ? r : LIMN_PARSE_PLAIN;
        }
        if (fields.n == 0)
                return LIMN_PARSE_PLAIN;
        return limn_snapshot_row(ret, parse, &fields, parse->state);
}

/* Does the text begin with a row? */
static LimnBid bid_of(LimnSlice head)
{
        /* Names that a row of each statement has. */
        static const char *const known[][2] = {
                {"\"Variable_name\"", "\"Value\""},
                {"\"VARIABLE_NAME\"", "\"VARIABLE_VALUE\""},
                {"\"variable_name\"", "\"variable_value\""},
                {"\"Log_name\"", "\"File_size\""},
                {"\"File\"", "\"Position\""},
                {"\"Slave_IO_State\"", "\"Master_Host\""},
                {"\"Replica_IO_State\"", "\"Source_Host\""},
                {"\"Field\"", "\"Type\""},
                {"\"Table\"", "\"Create Table\""},
                {"\"Command\"", "\"User\""},
                {"\"COMMAND\"", "\"USER\""},
                {"\"name\"", "\"value\""},
                {"\"NOW()\"", "\"NOW()\""},
        };
        LimnSlice text = limn_text_blanks_and_lines(limn_text_lead(head)), object;
        size_t n = limn_json_page_cut(text, NULL, true);

        if (text.n == 0 || (text.p[0] != '{' && text.p[0] != '[') ||
            !limn_json_page_object(limn_slice_to(text, n), NULL, &object))
                return LIMN_BID_NO;
        LimnSlice first = limn_slice_to(object, 32);
        if (limn_slice_find(first, LIMN_S("\"Grants for ")) < first.n ||
            limn_slice_find(first, LIMN_S("\"CREATE USER for ")) < first.n ||
            limn_slice_find(first, LIMN_S("\"Tables_in_")) < first.n)
                return LIMN_BID_CERTAIN;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
                if (limn_json_has_key(object, known[i][0]) &&
                    limn_json_has_key(object, known[i][1]))
                        /* Many programs have names and values; RDS' have a description too. */
                        return known[i][0][1] != 'n' || known[i][0][2] != 'a' ||
                                               limn_json_has_key(object, "\"description\"")
                                       ? LIMN_BID_CERTAIN
                                       : LIMN_BID_NO;
        return LIMN_BID_NO;
}

static LimnBid bid(LimnSlice head, bool whole)
{
        LimnBid is = bid_of(head);

        /* The first line may have been cut. */
        return is ? is : bid_of(limn_slice_from(head, limn_slice_chr(head, '\n') + 1));
}

const LimnFormat limn_format_snapshot_json = {
        .name = "snapshot_json",
        .title = "results of SHOW statements as JSON",
        .version = 2,
        .product = "mysql",
        .service = "snapshot",
        .bid = bid,
        .frame = frame,
        .state_size = sizeof(LimnSnapshotClock),
        .parse = parse,
};
