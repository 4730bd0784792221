/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables about pipelines as CSV or TSV with a header line: the event log and the system table as a
 * query result is downloaded (`origin`, `details`, `error` as JSON in quoted cells), the columns
 * that people select from them, the update timeline, and lag views.
 *
 * Every column is a field by its name in lower case. A record is a row, with the header above it if
 * it is the first.
 */
#include <errno.h>
#include <stdio.h>

#include "core/limits.h"
#include "parsers/columns.h"
#include "parsers/csv.h"
#include "parsers/json_event.h"
#include "parsers/pipeline_event.h"
#include "parsers/text.h"

typedef enum Table { NONE, EVENTS, UPDATES, LAG } Table;

/* Of the rows that are no events. */
static const char *const components[] = {NULL, NULL, "pipeline_update_timeline", "ingestion_lag"};

typedef struct Frame {
        char separator; /* 0: the header was not read yet */
} Frame;

typedef struct State {
        char separator;
        uint8_t table;
        LimnColumns columns;
} State;

static const char separators[] = {',', '\t', ';', '|'};

/* Cells of a header line that are one of `names`. */
static size_t count_names(LimnSlice line, char separator, const char *const *names)
{
        size_t n = 0;

        while (line.n) {
                LimnSlice cell = limn_slice_trim(
                        limn_slice_to(line, limn_slice_chr(line, separator)));
                line = limn_slice_from(line, limn_slice_chr(line, separator) + 1);
                if (cell.n >= 2 && (cell.p[0] == '"' || cell.p[0] == '`') &&
                    cell.p[cell.n - 1] == cell.p[0])
                        cell = limn_slice(cell.p + 1, cell.n - 2);
                for (size_t i = 0; names[i]; i++)
                        n += limn_slice_eq_nocase(cell, limn_slice_str(names[i]));
        }
        return n;
}

static bool has_lag(LimnSlice line, char separator)
{
        static const char *const lag[] = {"lag_seconds", "lag_minutes", "lag_hours", "lag",
                                          "ingestion_lag", "ingestion_lag_seconds",
                                          "ingestion_lag_minutes", "replication_lag",
                                          "minutes_behind", "seconds_behind",
                                          "minutes_since_update", "staleness_seconds",
                                          "staleness_minutes",
                                          "lag_in_minutes", "lag_in_seconds", "minutes_lag",
                                          "seconds_lag", "hours_lag", "hours_behind", NULL};
        return count_names(line, separator, lag) > 0;
}

static Table table_of(LimnSlice line, char separator, bool *ret_sure)
{
        static const char *const events[] = {
                "event_type", "origin", "details", "maturity_level", "sequence", "event_time",
                "pipeline_event_id", "pipeline_id", "pipeline_name", "update_id", "level",
                "message", "timestamp", "error_message", "error", NULL};
        static const char *const type[] = {"event_type", "maturity_level", "pipeline_name",
                                           "origin.pipeline_name", NULL};
        static const char *const stamp[] = {"timestamp", "event_time", NULL};
        static const char *const updates[] = {"period_start_time", "period_end_time",
                                              "result_state", "update_type", "trigger_type", NULL};
        static const char *const update[] = {"update_id", "pipeline_id", NULL};
        static const char *const lagging[] = {
                "table_name", "table", "dataset_name", "pipeline_name", "pipeline", "full_name",
                "target_table", "last_commit_timestamp", "last_ingested_at", "last_update",
                "max_commit_timestamp", "latest_commit", "last_commit", NULL};

        *ret_sure = true;
        if (count_names(line, separator, update) && count_names(line, separator, updates) >= 2)
                return UPDATES;
        if (count_names(line, separator, type) && count_names(line, separator, stamp) &&
            count_names(line, separator, events) >= 3)
                return EVENTS;
        *ret_sure = false;
        if (has_lag(line, separator) && count_names(line, separator, lagging))
                return LAG;
        return NONE;
}

/* The separator by which a header line has a table's names; ',' when none does. */
static char separator_of(LimnSlice line, Table *ret_table, bool *ret_sure)
{
        *ret_sure = false;
        for (size_t i = 0; i < sizeof separators; i++) {
                *ret_table = table_of(line, separators[i], ret_sure);
                if (*ret_table != NONE)
                        return separators[i];
        }
        return ',';
}

static char separator_in(char kept)
{
        return memchr(separators, kept, sizeof separators) ? kept : ',';
}

static size_t frame(LimnSlice bytes, bool last, void *state)
{
        Frame *frame = state;
        size_t at = 0, n;
        char separator = frame->separator;
        Table table;
        bool sure;

        while (at < bytes.n && (bytes.p[at] == '\n' || bytes.p[at] == '\r'))
                at++;
        if (separator == 0) {
                LimnSlice line = limn_slice_from(bytes, at);
                size_t end = limn_slice_chr(line, '\n');
                if (end == line.n && !last)
                        return 0;
                line = limn_text_lead(limn_slice_to(line, end));
                separator = separator_of(line, &table, &sure);
                at += end + 1;
                if (at > bytes.n)
                        at = bytes.n;
        }
        separator = separator_in(separator);
        n = limn_csv_row(limn_slice_from(bytes, at), separator, last);
        if (n == SIZE_MAX)
                return 0;
        at += n;
        while (at < bytes.n && (bytes.p[at] == '\n' || bytes.p[at] == '\r'))
                at++;
        if (at == bytes.n && !last)
                return 0;
        frame->separator = separator;
        return at;
}

/* Keeps the names of the header at the start of `text`; returns what is below it. */
static int read_header(LimnSlice text, State *state, LimnArena *arena, LimnSlice *ret_rest)
{
        LimnSlice cell, rest = text, line = LIMN_NONE;
        bool sure, more = true;
        Table table;

        while (line.n == 0 && limn_slice_line(&rest, &line))
                ;
        *state = (State){0};
        state->separator = separator_of(line, &table, &sure);
        state->table = (uint8_t)table;
        while (more && state->columns.n < LIMN_FIELDS_MAX) {
                int r = limn_csv_cell(&line, state->separator, arena, &cell, &more);
                if (r < 0)
                        return r;
                limn_columns_add(&state->columns, cell);
        }
        *ret_rest = rest;
        return 0;
}

static int read_row(LimnSlice row, const State *state, LimnArena *arena, LimnFields *fields,
                    bool *ret_short)
{
        char separator = separator_in(state->separator);
        LimnSlice name, value;
        bool more = true;
        size_t at = 0;
        int r = 0;

        while (r == 0 && more && limn_columns_next(&state->columns, &at, &name)) {
                r = limn_csv_cell(&row, separator, arena, &value, &more);
                if (r == 0 && value.p && name.n)
                        r = limn_fields_add(fields, arena, name, value);
        }
        *ret_short = limn_columns_next(&state->columns, &at, &name);
        return r;
}

static LimnSlice value_of(const LimnFields *fields, const char *name)
{
        for (size_t i = 0; i < fields->n; i++)
                if (limn_slice_eq(fields->at[i].name, limn_slice_str(name)))
                        return fields->at[i].value;
        return LIMN_NONE;
}

/* The lag in seconds and what lags, by the names that rules ask for. */
static int add_lag(LimnFields *fields, LimnArena *arena)
{
        static const struct {
                const char *name;
                long long unit;
        } lags[] = {
                {"lag_minutes", 60}, {"lag_in_minutes", 60}, {"minutes_lag", 60},
                {"ingestion_lag_minutes", 60}, {"minutes_behind", 60},
                {"minutes_since_update", 60}, {"staleness_minutes", 60}, {"lag_hours", 3600},
                {"hours_lag", 3600}, {"hours_behind", 3600}, {"ingestion_lag_seconds", 1},
                {"lag_in_seconds", 1}, {"seconds_lag", 1}, {"seconds_behind", 1},
                {"staleness_seconds", 1},
        };
        static const char *const whats[] = {"flow_name", "table_name", "full_name", "dataset_name",
                                            "target_table", "table", "pipeline_name"};
        LimnSlice what = LIMN_NONE, lag = LIMN_NONE;
        int r = 0;

        for (size_t i = 0; !what.p && i < sizeof whats / sizeof *whats; i++)
                what = value_of(fields, whats[i]);
        if (!value_of(fields, "flow_name").p)
                r = limn_text_field(fields, arena, LIMN_S("flow_name"), what);
        for (size_t i = 0; r >= 0 && !value_of(fields, "lag_seconds").p &&
                           i < sizeof lags / sizeof *lags; i++) {
                LimnSlice value = value_of(fields, lags[i].name);
                long long whole;
                char text[32];
                /* Whole units: a fraction of a minute decides nothing. */
                if (!limn_slice_i64(limn_slice_to(value, limn_slice_chr(value, '.')), &whole) ||
                    whole < 0 || whole > 1000000000)
                        continue;
                int n = snprintf(text, sizeof text, "%lld", whole * lags[i].unit);
                lag = limn_arena_dup(arena, limn_slice(text, (size_t)n));
                r = lag.p ? limn_text_field(fields, arena, LIMN_S("lag_seconds"), lag) : -ENOMEM;
        }
        return r < 0 ? r : 0;
}

/* A row that is no event: its own component, and a time where a column says when it was taken. */
static void read_other(LimnEvent *event, const LimnParse *parse, const LimnFields *fields,
                       Table table)
{
        static const char *const taken[] = {"timestamp", "event_time", "checked_at", "as_of",
                                            "measured_at", "snapshot_time", "current_time",
                                            "current_timestamp", "query_time", "now"};

        event->component = limn_slice_str(components[table]);
        for (size_t i = 0; table == LAG && event->time == LIMN_TIME_NONE &&
                           i < sizeof taken / sizeof *taken; i++)
                limn_json_event_time(event, parse, value_of(fields, taken[i]));
        if (table == UPDATES) {
                LimnSlice state = value_of(fields, "result_state");
                bool failed = limn_slice_eq(state, LIMN_S("FAILED"));
                event->level_raw = state;
                event->level = failed ? LIMN_LEVEL_ERROR
                               : limn_slice_eq(state, LIMN_S("CANCELED")) ? LIMN_LEVEL_WARNING
                                                                          : LIMN_LEVEL_INFO;
        }
}

/* A column of the row itself is repeated in a part file that was appended. */
static bool is_header_again(const LimnFields *fields)
{
        return fields->n > 1 && limn_slice_eq_nocase(fields->at[0].name, fields->at[0].value) &&
               limn_slice_eq_nocase(fields->at[1].name, fields->at[1].value);
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        State *state = parse->state;
        LimnSlice row = limn_text_lead(record);
        LimnFields fields = {0};
        bool cut = false;
        int r;

        ret->time = LIMN_TIME_NONE;
        if (state->columns.n == 0) {
                r = read_header(row, state, parse->arena, &row);
                if (r < 0)
                        return r;
        }
        while (row.n && (row.p[0] == '\n' || row.p[0] == '\r'))
                row = limn_slice_from(row, 1);
        while (row.n && (row.p[row.n - 1] == '\n' || row.p[row.n - 1] == '\r'))
                row.n--;
        ret->message = row.n ? row : limn_slice_trim(limn_text_lead(record));
        if (row.n == 0)
                return LIMN_PARSE_PLAIN;
        r = read_row(row, state, parse->arena, &fields, &cut);
        if (r < 0)
                return r;
        if (is_header_again(&fields))
                return LIMN_PARSE_PLAIN;
        Table table = state->table <= LAG ? (Table)state->table : NONE;
        r = limn_pipeline_read(ret, parse, &fields, false);
        if (r < 0 || (r == LIMN_PARSE_PLAIN && (table == EVENTS || table == NONE)))
                return r;
        if (table == UPDATES || table == LAG)
                read_other(ret, parse, &fields, table);
        r = table == LAG ? add_lag(&fields, parse->arena) : 0;
        if (r < 0)
                return r;
        if (cut)
                ret->quality |= LIMN_Q_BROKEN;
        return limn_json_event_end(ret, parse, &fields, NULL);
}

static LimnBid bid(LimnSlice head, bool whole)
{
        LimnSlice line = limn_text_lead(head);
        Table table;
        bool sure;

        line = limn_slice_to(line, limn_slice_chr(line, '\n'));
        separator_of(line, &table, &sure);
        /* A table with bars around its cells is another format's. */
        if (line.n && line.p[0] == '|')
                return LIMN_BID_NO;
        return table == NONE ? LIMN_BID_NO : sure ? LIMN_BID_CERTAIN : LIMN_BID_LIKELY;
}

const LimnFormat limn_format_pipeline_csv = {
        .name = "pipeline_csv",
        .title = "pipeline tables as CSV or TSV: event log, system table, update timeline, lag",
        .version = 1,
        .product = "databricks",
        .service = "pipeline_events",
        .steady = true,
        .bid = bid,
        .frame = frame,
        .frame_state_size = sizeof(Frame),
        .state_size = sizeof(State),
        .parse = parse,
};
