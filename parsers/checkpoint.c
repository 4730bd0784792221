/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole file that is one JSON object: a reader's checkpoint first of all.
 *
 * Sound, it is one event with all members as fields. Broken (cut short, written by two at once),
 * it is one event at level error that says where, with the members found before the fault: such
 * a file is evidence itself.
 */
#include <errno.h>
#include <stdio.h>

#include "core/json_scan.h"
#include "parsers/json_event.h"
#include "parsers/text.h"

#define MESSAGE_MAX 512

static size_t frame(LimnSlice bytes, bool last, void *state)
{
        return last ? bytes.n : 0;
}

/* The text on one line, without the blanks between its tokens, cut at MESSAGE_MAX. */
static int one_line(LimnSlice text, LimnArena *arena, LimnSlice *ret)
{
        size_t n = 0, max = text.n < MESSAGE_MAX ? text.n : MESSAGE_MAX;
        bool string = false;
        char *out = limn_arena_alloc(arena, max + 1);

        if (!out)
                return -ENOMEM;
        for (size_t i = 0; i < text.n && n < max; i++) {
                char c = text.p[i];
                if (!string && limn_ascii_space(c))
                        continue;
                out[n++] = c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
                if (c == '"')
                        string = !string;
                else if (c == '\\' && string && i + 1 < text.n && n < max)
                        out[n++] = text.p[++i];
        }
        *ret = limn_slice(out, n);
        return 0;
}

static void set_time(LimnEvent *event, LimnParse *parse, const LimnFields *fields)
{
        static const LimnSlice names[] = {
                {"updated_at", 10}, {"written_at", 10}, {"saved_at", 8}, {"last_updated", 12},
                {"checkpoint_time", 15}, {"committed_at", 12}, {"timestamp", 9}, {"@timestamp", 10},
                {"updatedAt", 9}, {"time", 4}, {"ts", 2}, {"ts_ms", 5}, {"created_at", 10},
        };
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
                for (size_t j = 0; j < fields->n; j++)
                        if (limn_slice_eq(fields->at[j].name, names[i]) &&
                            limn_json_event_time(event, parse, fields->at[j].value))
                                return;
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        LimnSlice text = limn_slice_trim(limn_text_lead(record));
        LimnFields fields = {0};
        LimnJsonError error = {0};
        size_t used = 0;
        char said[160];
        int r;

        ret->time = LIMN_TIME_NONE;
        ret->message = text;
        if (text.n == 0 || text.p[0] != '{')
                return LIMN_PARSE_PLAIN;
        r = limn_json_flatten(text, LIMN_NONE, parse->arena, &fields, &used, &error);
        if (r < 0)
                return r;
        bool broken = r > 0;
        if (!broken && used < text.n) {
                broken = true;
                error = (LimnJsonError){used, "text after the object"};
        }
        set_time(ret, parse, &fields);
        if (broken) {
                int n = snprintf(said, sizeof said, "JSON document broken: %s at byte %zu of %zu",
                                 error.what, error.at, text.n);
                ret->level = LIMN_LEVEL_ERROR;
                ret->message = limn_arena_dup(parse->arena, limn_slice(said, (size_t)n));
                if (!ret->message.p)
                        return -ENOMEM;
        } else {
                r = one_line(text, parse->arena, &ret->message);
        }
        return r < 0 ? r : limn_json_event_end(ret, parse, &fields, broken ? &error : NULL);
}

/* Lines that begin with a brace: more than one is not one document but many. */
static bool opens_object(LimnSlice line)
{
        return line.n > 1 && line.p[0] == '{' && line.p[1] == '"';
}

static LimnBid bid(LimnSlice head, bool whole)
{
        static const char *const own[] = {
                "\"binlog_file\"", "\"binlog_position\"", "\"binlog_pos\"", "\"gtid\"",
                "\"gtid_set\"", "\"gtid_executed\"", "\"offset\"", "\"checkpoint\"",
                "\"log_file\"", "\"source_offset\"", "\"resume_token\"", "\"lsn\"",
        };
        LimnSlice text = limn_slice_trim(head);

        if (!whole || text.n < 2 || text.p[0] != '{' || limn_json_looks_pipeline(text))
                return LIMN_BID_NO;
        if (limn_text_tally(text, opens_object).matched > 1)
                return LIMN_BID_NO;
        bool log = (limn_json_has_key(text, "\"msg\"") || limn_json_has_key(text, "\"message\"")) &&
                   limn_json_has_key(text, "\"level\"");
        for (size_t i = 0; !log && i < sizeof own / sizeof *own; i++)
                if (limn_json_has_key(text, own[i]))
                        return LIMN_BID_CERTAIN;
        bool lines = limn_slice_chr(text, '\n') < text.n;
        return lines && !log ? LIMN_BID_LIKELY : LIMN_BID_MAYBE;
}

const LimnFormat limn_format_checkpoint = {
        .name = "checkpoint",
        .title = "one JSON document a file, whole or broken: checkpoints",
        .version = 1,
        .product = "databricks",
        .service = "checkpoint",
        .bid = bid,
        .frame = frame,
        .parse = parse,
};
