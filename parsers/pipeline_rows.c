/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event log as the SQL statement interface answers (format JSON_ARRAY): the columns' names in
 * `manifest`, the rows as lists of strings in `result.data_array`; several answers may follow one
 * another.
 *
 * A record is a row; what stands before the first row belongs to it, what closes the list to the
 * last.
 */
#include <errno.h>
#include <stdint.h>

#include "core/json_scan.h"
#include "parsers/columns.h"
#include "parsers/json_event.h"
#include "parsers/pipeline_event.h"
#include "parsers/text.h"

#define MORE SIZE_MAX

typedef struct Frame {
        uint8_t inside; /* the list of rows */
} Frame;

static bool is_between(char c)
{
        return limn_ascii_space(c) || c == ',';
}

/* Behind the bracket of the next `"data_array": [`, or MORE. */
static size_t list_opening(LimnSlice s, size_t i)
{
        while (i < s.n) {
                if (s.p[i] != '"') {
                        i++;
                        continue;
                }
                size_t end = limn_json_string_end(s, i);
                if (end == MORE)
                        return MORE;
                bool found = limn_slice_eq(limn_slice(s.p + i, end - i), LIMN_S("\"data_array\""));
                i = end;
                if (!found)
                        continue;
                while (i < s.n && (limn_ascii_space(s.p[i]) || s.p[i] == ':'))
                        i++;
                if (i < s.n && s.p[i] == '[')
                        return i + 1;
        }
        return MORE;
}

/* What closes the answer whose list ended before i: up to the next answer's brace, or MORE. */
static size_t answer_end(LimnSlice s, size_t i)
{
        bool closed = false;

        while (i < s.n) {
                char c = s.p[i];
                if (c == '"') {
                        i = limn_json_string_end(s, i);
                        if (i == MORE)
                                return MORE;
                        closed = false;
                        continue;
                }
                if (c == '{' && closed)
                        return i;
                if (!is_between(c))
                        closed = c == '}';
                i++;
        }
        return MORE;
}

static size_t frame(LimnSlice bytes, bool last, void *state)
{
        Frame *frame = state;
        size_t i = 0, more = last ? bytes.n : 0;
        bool inside = frame->inside;

        if (!inside) {
                i = list_opening(bytes, 0);
                if (i == MORE)
                        return more;
        }
        while (i < bytes.n && is_between(bytes.p[i]))
                i++;
        if (i == bytes.n)
                return more;
        if (bytes.p[i] == '[') {
                size_t n = limn_json_skip(limn_slice_from(bytes, i));
                if (n == 0)
                        return more;
                i += n;
        } else if (bytes.p[i] != ']') {
                i += limn_slice_chr(limn_slice_from(bytes, i), '\n');
        }
        while (i < bytes.n && is_between(bytes.p[i]))
                i++;
        if (i == bytes.n)
                return more;
        inside = bytes.p[i] != ']';
        if (!inside) {
                i = answer_end(bytes, i + 1);
                if (i == MORE)
                        return more;
        }
        frame->inside = inside;
        return i;
}

/* The names that `manifest` gives the columns, in their order. */
static int read_manifest(LimnSlice text, LimnColumns *columns, LimnArena *arena)
{
        static const LimnSlice column = {"manifest.schema.columns.", 24};
        LimnFields fields = {0};
        LimnJsonError error;
        size_t used;
        int r = limn_json_flatten(text, LIMN_NONE, arena, &fields, &used, &error);

        if (r < 0)
                return r;
        for (size_t i = 0; i < fields.n; i++) {
                LimnSlice name = fields.at[i].name;
                if (limn_slice_starts(name, column) && limn_slice_ends(name, LIMN_S(".name")) &&
                    limn_text_digits(limn_slice_from(name, column.n)) + column.n + 5 == name.n)
                        limn_columns_add(columns, fields.at[i].value);
        }
        return 0;
}

/* The event log's own columns, for a later part of an answer, which names none. */
static void name_as_event_log(LimnColumns *columns)
{
        static const char *const names[] = {"id", "sequence", "origin", "timestamp", "message",
                                            "level", "maturity_level", "error", "details",
                                            "event_type"};

        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
                limn_columns_add(columns, limn_slice_str(names[i]));
}

/* Fields "0", "1", ... get their columns' names. */
static void name_fields(LimnFields *fields, const LimnColumns *columns)
{
        size_t at = 0;
        LimnSlice name;

        for (size_t i = 0; i < fields->n; i++) {
                if (!limn_columns_next(columns, &at, &name))
                        return;
                if (name.n)
                        fields->at[i].name = name;
        }
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        LimnColumns *columns = parse->state;
        LimnFields fields = {0};
        LimnJsonError error;
        size_t used, at = 0;
        int r, broken;

        ret->time = LIMN_TIME_NONE;
        ret->message = limn_slice_trim(limn_text_lead(record));
        if (ret->message.n && ret->message.p[0] == '{') {
                size_t open = list_opening(ret->message, 0);
                *columns = (LimnColumns){0};
                r = read_manifest(ret->message, columns, parse->arena);
                if (r < 0)
                        return r;
                if (open == MORE)
                        return LIMN_PARSE_PLAIN;
                at = (size_t)(ret->message.p + open - record.p);
        }
        while (at < record.n && is_between(record.p[at]))
                at++;
        LimnSlice row = limn_slice_from(record, at);
        if (row.n == 0 || row.p[0] != '[')
                return LIMN_PARSE_PLAIN;
        if (columns->n == 0)
                name_as_event_log(columns);
        broken = limn_json_flatten(row, LIMN_NONE, parse->arena, &fields, &used, &error);
        if (broken < 0)
                return broken;
        name_fields(&fields, columns);
        r = limn_pipeline_read(ret, parse, &fields, broken);
        if (r != LIMN_PARSED)
                return r;
        return limn_json_event_end(ret, parse, &fields, broken ? &error : NULL);
}

static LimnBid bid(LimnSlice head, bool whole)
{
        static const char *const names[] = {"event_type", "update_id", "pipeline_id",
                                            "pipeline_name", "maturity_level"};
        bool events = false;

        if (!limn_json_has_key(head, "\"data_array\""))
                return LIMN_BID_NO;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
                events |= limn_slice_find(head, limn_slice_str(names[i])) < head.n;
        return events ? LIMN_BID_CERTAIN : LIMN_BID_MAYBE;
}

const LimnFormat limn_format_pipeline_rows = {
        .name = "pipeline_rows",
        .title = "the event log as the SQL statement interface answers (JSON_ARRAY)",
        .version = 1,
        .product = "databricks",
        .service = "pipeline_events",
        .steady = true,
        .bid = bid,
        .frame = frame,
        .frame_state_size = sizeof(Frame),
        .state_size = sizeof(LimnColumns),
        .parse = parse,
};
