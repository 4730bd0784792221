/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pipeline events, in the shape of the REST interface and event log (id, origin, timestamp,
 * event_type, details) and in that of the system table (event_time, `details`, `origin` and
 * `error` as strings of JSON), and with the columns pipeline_name and error_message that people
 * select. Both come out with the same names.
 *
 * Every member is a field by its dotted path. Added: pipeline, pipeline_id, update_id, flow_name,
 * cluster_id, state (of an update or flow), cause (of an update), error_text (the messages of the
 * exceptions, outermost first, joined by ` | `) and error_class, which is also the code.
 */
#include "core/json_scan.h"
#include "parsers/json_event.h"
#include "parsers/pipeline_event.h"
#include "parsers/pipeline_frame.h"
#include "parsers/text.h"

/* An event that is JSON in a string (`events_json`) is read in place of it. 0 or -ENOMEM. */
static int decode(LimnSlice *text, LimnArena *arena)
{
        LimnFields fields = {0};
        LimnJsonError error;
        size_t used;
        int r = limn_json_flatten(*text, LIMN_S("event"), arena, &fields, &used, &error);

        if (r == 0 && fields.n == 1 && fields.at[0].value.p)
                *text = fields.at[0].value;
        return r < 0 ? r : 0;
}

static bool has(const LimnFields *fields, LimnSlice name)
{
        for (size_t i = 0; i < fields->n; i++)
                if (limn_slice_eq(fields->at[i].name, name))
                        return true;
        return false;
}

/* Of an object that broke at `at`: what stands behind that and can be told by its key alone. */
static int salvage(LimnSlice text, size_t at, LimnArena *arena, LimnFields *fields)
{
        static const LimnSlice keys[] = {
                {"\"timestamp\"", 11}, {"\"event_type\"", 12}, {"\"level\"", 7},
                {"\"message\"", 9},
        };
        LimnSlice broken = limn_slice_from(text, at);

        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
                LimnSlice rest = broken, name = limn_slice(keys[i].p + 1, keys[i].n - 2);
                LimnJsonError error;
                size_t used;
                rest = limn_slice_from(rest, limn_slice_find(rest, keys[i]) + keys[i].n);
                rest = limn_slice_trim(rest);
                if (has(fields, name) || rest.n < 2 || rest.p[0] != ':')
                        continue;
                rest = limn_slice_trim(limn_slice_from(rest, 1));
                if (rest.n == 0 || rest.p[0] != '"')
                        continue;
                size_t n = fields->n;
                int r = limn_json_flatten(rest, name, arena, fields, &used, &error);
                if (r < 0)
                        return r;
                if (r > 0)
                        fields->n = n;
        }
        return 0;
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        LimnSlice text = limn_pipeline_object(record);
        LimnFields fields = {0};
        LimnJsonError error;
        size_t used;
        int r, broken;

        ret->time = LIMN_TIME_NONE;
        if (text.n == 0) {
                ret->message = limn_slice_trim(limn_text_lead(record));
                return LIMN_PARSE_PLAIN;
        }
        if (text.p[0] == '"') {
                r = decode(&text, parse->arena);
                if (r < 0)
                        return r;
        }
        broken = limn_json_flatten(text, LIMN_NONE, parse->arena, &fields, &used, &error);
        if (broken < 0)
                return broken;
        if (broken) {
                r = salvage(text, error.at, parse->arena, &fields);
                if (r < 0)
                        return r;
        }
        ret->message = limn_slice_trim(text);
        r = limn_pipeline_read(ret, parse, &fields, broken);
        if (r != LIMN_PARSED)
                return r;
        return limn_json_event_end(ret, parse, &fields, broken ? &error : NULL);
}

static LimnBid bid(LimnSlice head, bool whole)
{
        LimnSlice text = limn_slice_trim(head);

        /* Events as strings: nothing else holds this outside of a message. */
        if (limn_slice_find(text, LIMN_S("\\\"event_type\\\"")) < text.n &&
            (limn_json_has_key(text, "\"events_json\"") ||
             (limn_slice_find(text, LIMN_S("\\\"origin\\\"")) < text.n &&
              !limn_json_has_key(text, "\"message\"") && !limn_json_has_key(text, "\"msg\"") &&
              !limn_json_has_key(text, "\"data_array\""))))
                return LIMN_BID_CERTAIN;
        if (text.n == 0 || !limn_json_has_key(text, "\"event_type\""))
                return LIMN_BID_NO;
        if (limn_json_looks_pipeline(text) &&
            (limn_json_has_key(text, "\"origin\"") || !limn_json_has_key(text, "\"logger\"")))
                return LIMN_BID_CERTAIN;
        return limn_json_has_key(text, "\"timestamp\"") ||
                               limn_json_has_key(text, "\"event_time\"")
                       ? LIMN_BID_LIKELY
                       : LIMN_BID_MAYBE;
}

const LimnFormat limn_format_pipeline_events = {
        .name = "pipeline_events",
        .title = "pipeline events as NDJSON, JSON array or REST page; event log and system table",
        .version = 2,
        .product = "databricks",
        .service = "pipeline_events",
        .steady = true,
        .bid = bid,
        .frame = limn_pipeline_frame,
        .frame_state_size = sizeof(LimnPipelineFrame),
        .parse = parse,
};
