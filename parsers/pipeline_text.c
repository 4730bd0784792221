/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pipeline events as text, an event a line: what `databricks bundle run` prints, and run logs that
 * people make of the REST interface. An error's exceptions stand on the lines below it.
 *
 *   2026-11-22T07:24:02.163Z update_progress INFO "Update 096257 is RUNNING."
 *   2026-11-22T07:24:02.163Z [INFO ] update_progress    Update 096257 is RUNNING.
 *
 * update_id is the six digits that are printed of it.
 */
#include "parsers/pipeline_event.h"
#include "parsers/text.h"

static bool is_level(LimnSlice word)
{
        static const LimnSlice levels[] = {{"INFO", 4}, {"WARN", 4}, {"ERROR", 5}, {"METRICS", 7},
                                           {"DEBUG", 5}};
        for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
                if (limn_slice_eq(word, levels[i]))
                        return true;
        return false;
}

/* An event's type: the known ones, so that other logs are not taken for this. */
static bool is_type(LimnSlice word)
{
        static const char *const types[] = {
                "create_update", "user_action", "runtime_details", "flow_progress",
                "update_progress", "flow_definition", "dataset_definition", "sink_definition",
                "deprecation", "cluster_resources", "autoscale", "planning_information",
                "hook_progress", "operation_progress", "stream_progress", "maintenance_progress",
                "graph_created", "advisory", "behavior_change_in_spark_connect"};
        for (size_t i = 0; i < sizeof types / sizeof *types; i++)
                if (limn_slice_eq(word, limn_slice_str(types[i])))
                        return true;
        return false;
}

static LimnSlice take_word(LimnSlice *s)
{
        LimnSlice word;

        *s = limn_text_blanks(*s);
        word = limn_slice_to(*s, limn_slice_chr(*s, ' '));
        *s = limn_slice_from(*s, word.n);
        return word;
}

static bool read_head(LimnSlice line, LimnEvent *ret, LimnStamp *ret_stamp)
{
        LimnSlice rest, word;
        size_t n = limn_stamp_iso(line, ret_stamp);

        if (n == 0)
                return false;
        ret->time_raw = limn_slice_to(line, n);
        rest = limn_text_blanks(limn_slice_from(line, n));
        if (rest.n && rest.p[0] == '[') {
                size_t end = limn_slice_chr(rest, ']');
                ret->level_raw = limn_slice_trim(limn_slice(rest.p + 1, end - 1));
                rest = limn_slice_from(rest, end + 1);
                ret->component = take_word(&rest);
        } else {
                word = take_word(&rest);
                ret->component = is_level(word) ? take_word(&rest) : word;
                ret->level_raw = is_level(word) ? word : take_word(&rest);
        }
        if (!is_level(ret->level_raw) || !is_type(ret->component))
                return false;
        rest = limn_slice_trim(rest);
        if (rest.n >= 2 && rest.p[0] == '"' && rest.p[rest.n - 1] == '"')
                rest = limn_slice(rest.p + 1, rest.n - 2);
        ret->message = rest;
        return true;
}

static bool starts_record(LimnSlice line)
{
        LimnEvent event;
        LimnStamp stamp;

        return read_head(limn_text_lead(line), &event, &stamp);
}

static int add_fields(LimnEvent *event, LimnArena *arena, LimnSlice rest, LimnFields *fields)
{
        LimnPipelineSaid said = limn_pipeline_said(event->component, event->message);
        LimnSlice text = limn_text_trace(rest);
        bool error = event->level >= LIMN_LEVEL_ERROR;
        int r;

        event->code = limn_pipeline_class(event->message, error);
        if (!event->code.p && text.p)
                event->code = limn_pipeline_class(text, error);
        const struct {
                LimnSlice name, value;
        } rows[] = {
                {LIMN_S("update_id"), said.update_id},
                {LIMN_S("flow_name"), said.flow_name},
                {LIMN_S("state"), said.state},
                {LIMN_S("cause"), said.cause},
                {LIMN_S("error_text"), text},
                {LIMN_S("error_class"), event->code},
        };
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                r = limn_text_field(fields, arena, rows[i].name, rows[i].value);
                if (r < 0)
                        return r;
        }
        return 0;
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        LimnSlice rest, line = limn_text_first(record, &rest);
        LimnEvent event = {.record = record, .time = LIMN_TIME_NONE};
        LimnFields fields = {0};
        LimnStamp stamp;
        int r;

        ret->time = LIMN_TIME_NONE;
        if (!read_head(line, &event, &stamp)) {
                ret->message = limn_slice_trim(line);
                return LIMN_PARSE_PLAIN;
        }
        *ret = event;
        ret->level = limn_level_from_word(ret->level_raw);
        limn_event_set_stamp(ret, parse, &stamp, ret->time_raw);
        r = add_fields(ret, parse->arena, rest, &fields);
        if (r < 0)
                return r;
        limn_event_take_fields(ret, &fields);
        return LIMN_PARSED;
}

static LimnBid bid(LimnSlice head, bool whole)
{
        return limn_text_tally(head, starts_record).matched ? LIMN_BID_CERTAIN : LIMN_BID_NO;
}

const LimnFormat limn_format_pipeline_text = {
        .name = "pipeline_text",
        .title = "pipeline events as text (databricks bundle run, run logs)",
        .version = 1,
        .product = "databricks",
        .service = "pipeline_events",
        .steady = true,
        .bid = bid,
        .starts_record = starts_record,
        .parse = parse,
};
