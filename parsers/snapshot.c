/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What clients print: SHOW VARIABLES and its like as a table, tab-separated (--batch), vertical
 * (\G) or as CSV, several results in one file, with prompts, errors and statements between; tables
 * of Markdown and of Spark too.
 *
 * One event a row, its columns as fields (parsers/snapshot_row.h); added: `errno` and `sqlstate`
 * (ERROR lines). A row of NOW() dates itself and the rows after it in the same source.
 */
#include <errno.h>
#include <stdio.h>

#include "core/limits.h"
#include "parsers/csv.h"
#include "parsers/snapshot_lines.h"
#include "parsers/snapshot_row.h"
#include "parsers/text.h"

#define COLUMNS_MAX 512
#define HEADER_MAX (LIMN_STATE_MAX - 80)

/* Any bytes are to be survived: a state may come from a case that somebody sent. */
typedef struct State {
        LimnClientState lines;
        LimnSnapshotClock clock;
        uint16_t header_n;
        char header[HEADER_MAX]; /* names of the table's columns, tabs between */
} State;

_Static_assert(sizeof(State) + sizeof(LimnClientState) <= LIMN_STATE_MAX, "limn_state_max");

typedef struct Row {
        LimnArena *arena;
        LimnFields fields;
        LimnSlice names; /* tabs between; empty: unknown */
        size_t column;
        char separator; /* of CSV */
} Row;

static LimnSlice next_cell(LimnSlice *rest, char separator)
{
        size_t end = limn_slice_chr(*rest, separator);
        LimnSlice cell = limn_slice_to(*rest, end);
        *rest = limn_slice_from(*rest, end + 1);
        return cell;
}

/* The name of the next column, as the header has it, else col1, col2, ... */
static LimnSlice next_name(Row *row)
{
        char text[24];
        int n;

        row->column++;
        if (row->names.n)
                return next_cell(&row->names, '\t');
        n = snprintf(text, sizeof text, "col%zu", row->column);
        return limn_arena_dup(row->arena, limn_slice(text, (size_t)n));
}

static int add_cell(Row *row, LimnSlice name, LimnSlice value)
{
        if (!name.p)
                return -ENOMEM;
        if (limn_slice_eq(value, LIMN_S("NULL")))
                value = LIMN_NONE;
        return limn_fields_add(&row->fields, row->arena, name, value);
}

/* `| a | b |` to its cells; `|a  |b  |` as Spark prints them. `bare`: no cell holds a bar. */
static LimnSlice take_cell(LimnSlice *line, bool last, bool bare)
{
        if (bare && !last)
                return limn_slice_trim(next_cell(line, '|'));
        bool spaced = line->n && line->p[0] == ' ';
        size_t end = last      ? line->n
                     : spaced ? limn_slice_find(*line, LIMN_S(" | "))
                              : limn_slice_chr(*line, '|');
        LimnSlice cell = limn_slice_trim(limn_slice_to(*line, end));
        *line = limn_slice_from(*line, end + (spaced ? 2 : 1));
        return cell;
}

static LimnSlice table_line(LimnSlice line)
{
        line = limn_slice_from(limn_text_chomp(limn_text_blanks(line)), 1);
        if (line.n && line.p[line.n - 1] == '|')
                line.n--;
        /* Every cell but the first now begins behind `|`, and ends before ` |`. */
        return line;
}

/* What tells the names in a header from each other, by the form of its table. */
static LimnSlice header_cell(LimnSlice *line, LimnClientMode mode)
{
        if (mode == LIMN_CLIENT_CSV)
                return limn_client_csv_name(line);
        return mode == LIMN_CLIENT_HEAD ? take_cell(line, false, false) : next_cell(line, '\t');
}

static void store_header(State *state, LimnSlice line, LimnClientMode mode)
{
        size_t n = 0;
        bool first = true;

        if (mode == LIMN_CLIENT_HEAD)
                line = table_line(line);
        while (line.n) {
                LimnSlice name = limn_slice_trim(header_cell(&line, mode));
                if (n + name.n + 1 > sizeof state->header)
                        break;
                if (!first)
                        state->header[n++] = '\t';
                memcpy(state->header + n, name.p, name.n);
                n += name.n;
                first = false;
        }
        state->header_n = (uint16_t)n;
}

static size_t count(LimnSlice s, char c)
{
        size_t n = 0;

        for (size_t i = 0; i < s.n; i++)
                n += s.p[i] == c;
        return n;
}

static int read_table_row(Row *row, LimnSlice text)
{
        text = table_line(text);
        /* As many bars as columns: a table that was edited, whose cells are not where they were. */
        bool bare = row->names.n && count(text, '|') == count(row->names, '\t');
        while (text.n && row->column < COLUMNS_MAX) {
                bool last = row->column > 0 && row->names.n &&
                            limn_slice_chr(row->names, '\t') == row->names.n;
                LimnSlice name = next_name(row);
                int r = add_cell(row, name, take_cell(&text, last, bare));
                if (r < 0)
                        return r;
        }
        return 0;
}

/* \n, \t, \0 and \\ are how --batch prints what would break its lines. */
static LimnSlice unescape(LimnSlice cell, LimnArena *arena)
{
        if (limn_slice_chr(cell, '\\') == cell.n)
                return cell;
        char *text = limn_arena_alloc(arena, cell.n);
        size_t n = 0;
        if (!text)
                return LIMN_NONE;
        for (size_t i = 0; i < cell.n; i++) {
                static const char from[] = "nt0\\", to[] = "\n\t\0\\";
                const char *at = i + 1 < cell.n && cell.p[i] == '\\' && cell.p[i + 1]
                                         ? strchr(from, cell.p[i + 1])
                                         : NULL;
                text[n++] = at ? to[at - from] : cell.p[i];
                i += at != NULL;
        }
        return limn_slice(text, n);
}

static int read_tabs(Row *row, LimnSlice line)
{
        bool more = true;

        while (more && row->column < COLUMNS_MAX) {
                more = limn_slice_chr(line, '\t') < line.n;
                LimnSlice value = unescape(next_cell(&line, '\t'), row->arena);
                if (!value.p)
                        return -ENOMEM;
                int r = add_cell(row, next_name(row), value);
                if (r < 0)
                        return r;
        }
        return 0;
}

static int read_csv(Row *row, LimnSlice text)
{
        char separator = limn_client_csv_separator(row->separator);
        size_t n = limn_csv_row(text, separator, true);
        LimnSlice line = limn_text_chomp(limn_slice_to(text, n)), cell;
        bool more = true;

        while (more && row->column < COLUMNS_MAX) {
                bool null = limn_slice_starts(line, LIMN_S("NULL")) ||
                            limn_slice_starts(line, LIMN_S("null"));
                int r = limn_csv_cell(&line, separator, row->arena, &cell, &more);
                if (r < 0)
                        return r;
                if (limn_slice_eq(cell, LIMN_S("\\N")))
                        null = true, cell = LIMN_NONE;
                if (!cell.p && !null) /* an empty value is one */
                        cell = LIMN_S("");
                r = add_cell(row, next_name(row), cell);
                if (r < 0)
                        return r;
        }
        return 0;
}

/* Names end at the same column in all lines of a row; a line without a colon there continues the
 * value above it. */
static int read_vertical(Row *row, LimnSlice text)
{
        LimnSlice line, name = LIMN_NONE, value = LIMN_NONE;
        size_t colon = 0;
        int r;

        while (row->column < COLUMNS_MAX && limn_slice_line(&text, &line)) {
                if (limn_client_is_footer(line))
                        break;
                if (!name.p) {
                        colon = limn_slice_chr(line, ':');
                        if (colon == line.n)
                                continue;
                }
                if (colon < line.n && line.p[colon] == ':' &&
                    (colon + 1 == line.n || line.p[colon + 1] == ' ')) {
                        if (name.p && (r = add_cell(row, name, limn_text_chomp(value))) < 0)
                                return r;
                        name = limn_slice_trim(limn_slice_to(line, colon));
                        value = limn_slice_from(line, colon + 2);
                        row->column++;
                } else if (name.p && !limn_client_is_border(line)) {
                        value.n = (size_t)(line.p + line.n - value.p);
                }
        }
        return name.p ? add_cell(row, name, limn_text_chomp(value)) : 0;
}

/* `ERROR 1146 (42S02) at line 1: ...` */
static int read_error(Row *row, LimnEvent *event, LimnSlice line)
{
        LimnSlice rest = limn_slice_from(line, 6);
        size_t n = limn_text_digits(rest);
        int r;

        event->component = LIMN_S("error");
        event->level = LIMN_LEVEL_ERROR;
        event->level_raw = limn_slice_to(line, 5);
        if (n == 0)
                return 0;
        event->code = limn_slice_to(rest, n);
        r = limn_text_field(&row->fields, row->arena, LIMN_S("errno"), event->code);
        rest = limn_slice_from(rest, n);
        if (r < 0 || rest.n < 8 || rest.p[1] != '(' || rest.p[7] != ')')
                return r;
        return limn_text_field(&row->fields, row->arena, LIMN_S("sqlstate"),
                               limn_slice(rest.p + 2, 5));
}

static int read_text(Row *row, LimnEvent *event, LimnSlice text)
{
        LimnSlice line;
        int r = 0;

        limn_slice_line(&text, &line);
        if (limn_client_is_dashes(line)) {
                /* The statement stands between this line and the next of its kind. */
                LimnSlice statement = limn_slice_to(text, limn_slice_find(text, LIMN_S("\n---")));
                event->message = limn_slice_trim(statement);
                event->component = LIMN_S("statement");
                return LIMN_PARSED;
        }
        size_t prompt = limn_client_prompt(line);
        event->message = limn_slice_trim(limn_slice_from(line, prompt));
        if (limn_slice_starts(line, LIMN_S("ERROR")) && line.n > 6) {
                r = read_error(row, event, line);
        } else if (prompt) {
                event->component = LIMN_S("statement");
        } else if (limn_slice_starts(line, LIMN_S("GRANT "))) {
                event->component = LIMN_S("grants");
                r = limn_text_field(&row->fields, row->arena, LIMN_S("grant"), event->message);
        } else if (limn_slice_starts(line, LIMN_S("-- "))) {
                event->component = LIMN_S("comment");
        } else if (limn_slice_starts(line, LIMN_S("CREATE "))) {
                event->component = LIMN_S("create");
        } else {
                return LIMN_PARSE_PLAIN;
        }
        if (r >= 0)
                r = limn_text_add_trace(&row->fields, row->arena, text, false);
        return r < 0 ? r : LIMN_PARSED;
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        State *state = parse->state;
        Row row = {.arena = parse->arena};
        LimnSlice rest = limn_text_lead(record), header = LIMN_NONE, body = LIMN_NONE;
        LimnClientLine found = LIMN_CLIENT_LINE_BLANK;
        LimnClientMode mode = LIMN_CLIENT_NONE, header_mode = LIMN_CLIENT_NONE;
        int r;

        ret->time = LIMN_TIME_NONE;
        if (state->header_n > sizeof state->header)
                state->header_n = 0;
        while (rest.n) {
                LimnClientLine kind = limn_client_line(rest, &state->lines);
                LimnSlice at = rest, line;
                limn_slice_line(&rest, &line);
                if (kind == LIMN_CLIENT_LINE_HEADER) {
                        header = line;
                        header_mode = (LimnClientMode)state->lines.mode;
                }
                if (!body.p && (kind == LIMN_CLIENT_LINE_ROW || kind == LIMN_CLIENT_LINE_TEXT)) {
                        found = kind;
                        body = at;
                        mode = (LimnClientMode)state->lines.mode;
                }
        }
        if (header.p)
                store_header(state, header, header_mode);
        if (found == LIMN_CLIENT_LINE_BLANK) {
                ret->message = limn_slice_trim(header.p ? header : record);
                return LIMN_PARSE_PLAIN;
        }
        if (found == LIMN_CLIENT_LINE_TEXT) {
                r = read_text(&row, ret, body);
                if (r == LIMN_PARSED)
                        limn_event_take_fields(ret, &row.fields);
                limn_snapshot_inherit(ret, &state->clock);
                return r;
        }
        if (mode != LIMN_CLIENT_VERTICAL && state->header_n) {
                row.names = limn_arena_dup(parse->arena,
                                           limn_slice(state->header, state->header_n));
                if (!row.names.p)
                        return -ENOMEM;
        }
        LimnSlice line = body;
        if (mode == LIMN_CLIENT_VERTICAL) {
                limn_slice_line(&body, &line);
                r = read_vertical(&row, body);
        } else if (mode == LIMN_CLIENT_TABS) {
                limn_slice_line(&body, &line);
                r = read_tabs(&row, line);
        } else if (mode == LIMN_CLIENT_CSV) {
                row.separator = (char)state->lines.separator;
                r = read_csv(&row, body);
        } else {
                /* The row's lines up to the border below it. */
                LimnSlice below = body;
                size_t n = 0;
                while (limn_slice_line(&below, &line) && !limn_client_is_border(line)) {
                        bool ends = line.n && line.p[line.n - 1] == '|';
                        n = (size_t)(line.p + line.n - body.p);
                        if (ends)
                                break;
                }
                r = read_table_row(&row, limn_slice_to(body, n));
        }
        if (r < 0)
                return r;
        if (row.fields.n == 0) {
                ret->message = limn_slice_trim(line);
                return LIMN_PARSE_PLAIN;
        }
        return limn_snapshot_row(ret, parse, &row.fields, &state->clock);
}

static bool has_form(LimnSlice line)
{
        LimnSlice t = limn_text_chomp(limn_text_blanks(line));
        size_t colon = limn_slice_chr(t, ':');

        return limn_client_is_border(t) || limn_client_is_row_mark(t) ||
               limn_client_known_header(t) || limn_client_prompt(t) > 0 ||
               limn_client_is_dashes(t) || limn_client_is_footer(t) ||
               (t.n > 2 && t.p[0] == '|' && t.p[t.n - 1] == '|') ||
               limn_slice_starts(t, LIMN_S("GRANT ")) ||
               (colon < 48 && colon + 1 < t.n && limn_ascii_space(line.p[0]));
}

static bool is_mark(LimnSlice line)
{
        return limn_client_is_border(line) || limn_client_is_row_mark(line);
}

/* `ERROR 1040 (08004): ` */
static bool is_client_error(LimnSlice line)
{
        return line.n > 18 && limn_slice_starts(line, LIMN_S("ERROR ")) &&
               limn_text_digits(limn_slice_from(line, 6)) == 4 && line.p[10] == ' ' &&
               line.p[11] == '(' && line.p[17] == ')';
}

static LimnBid bid(LimnSlice head, bool whole)
{
        LimnTally forms = limn_text_tally(head, has_form), marks = limn_text_tally(head, is_mark);
        LimnSlice rest = head, line, first = LIMN_NONE;
        size_t tabs = 0, steady = 0, tabbed = 0, headers = 0;

        while (limn_slice_line(&rest, &line)) {
                line = limn_text_chomp(line);
                if (line.n == 0)
                        continue;
                if (!first.p) {
                        first = line;
                        tabs = limn_client_count_tabs(line);
                }
                size_t n = limn_client_count_tabs(line);
                steady += n == tabs;
                tabbed += n > 0;
                headers += n > 0 && limn_client_known_header(line);
        }
        if (!first.p)
                return LIMN_BID_NO;
        if (limn_client_csv_header(first))
                return LIMN_BID_CERTAIN;
        if (limn_client_known_header(first) && (tabs || first.n > 9))
                return LIMN_BID_CERTAIN;
        if (marks.matched && forms.matched * 2 > forms.lines)
                return LIMN_BID_CERTAIN;
        if (headers && tabbed * 2 > forms.lines)
                return LIMN_BID_LIKELY;
        if (is_mark(first) || limn_client_prompt(first))
                return LIMN_BID_LIKELY;
        if (limn_text_tally(head, is_client_error).matched * 10 >= forms.lines)
                return LIMN_BID_LIKELY;
        if (limn_slice_starts(first, LIMN_S("GRANT ")) ||
            limn_slice_starts(first, LIMN_S("CREATE TABLE ")))
                return LIMN_BID_LIKELY;
        if (limn_slice_starts(first, LIMN_S("-- SHOW ")))
                return LIMN_BID_MAYBE;
        if (marks.matched && limn_text_tally(head, limn_client_bar_header).matched)
                return LIMN_BID_MAYBE; /* a text that holds results */
        if (tabs && steady > 1 && steady == forms.lines)
                return LIMN_BID_MAYBE;
        return LIMN_BID_NO;
}

const LimnFormat limn_format_snapshot = {
        .name = "snapshot",
        .title = "results of clients: SHOW ... as table, tab-separated, vertical or CSV",
        .version = 5,
        .product = "mysql",
        .service = "snapshot",
        .bid = bid,
        .frame = limn_client_frame,
        .frame_state_size = sizeof(LimnClientState),
        .state_size = sizeof(State),
        .parse = parse,
};
