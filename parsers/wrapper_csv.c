/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of log lines: what CloudWatch, Azure Monitor, Cloud Logging and Splunk let one download.
 * The header says which column is the line, and when, where and by whom it was written.
 *
 *   timestamp,message
 *   1795332241123,"line, ""quoted"", maybe of several lines"
 */
#include <stdio.h>

#include "parsers/json_event.h"
#include "parsers/text.h"
#include "parsers/wrapper.h"

/* A cell in quotes that does not end within these bytes ends with its line. */
#define CELL_MAX (256 * 1024)
#define COLUMNS_MAX 250

typedef enum Role { MESSAGE, TIME, HOST, PROGRAM, STREAM, LEVEL, PID, _ROLES } Role;

static const struct {
        LimnSlice name;
        Role role;
        bool tells; /* no other table has such a column; of the time: it is in UTC */
} names[] = {
#define NAME(role, tells, text) {{text, sizeof(text) - 1}, role, tells}
        NAME(MESSAGE, true, "@message"), NAME(MESSAGE, true, "logentry"),
        NAME(MESSAGE, true, "logmessage"), NAME(MESSAGE, true, "textpayload"),
        NAME(MESSAGE, true, "message_s"), NAME(MESSAGE, true, "log_s"),
        NAME(MESSAGE, true, "msg_s"), NAME(MESSAGE, true, "_raw"),
        NAME(MESSAGE, true, "syslogmessage"), NAME(MESSAGE, true, "rawdata"),
        NAME(MESSAGE, true, "event.original"), NAME(MESSAGE, false, "message"),
        NAME(MESSAGE, false, "line"), NAME(MESSAGE, false, "log"),
        NAME(MESSAGE, false, "log_line"), NAME(MESSAGE, false, "msg"),
        NAME(MESSAGE, false, "body"), NAME(MESSAGE, false, "content"),
        NAME(TIME, true, "@timestamp"), NAME(TIME, true, "timegenerated"),
        NAME(TIME, true, "timegenerated [utc]"), NAME(TIME, true, "_time"),
        NAME(TIME, false, "timestamp"), NAME(TIME, false, "time"), NAME(TIME, false, "date"),
        NAME(TIME, false, "timestamp [utc]"), NAME(TIME, false, "datetime"),
        NAME(HOST, false, "computer"), NAME(HOST, false, "host"), NAME(HOST, false, "hostname"),
        NAME(HOST, false, "podname"), NAME(HOST, false, "logicalservername_s"),
        NAME(PROGRAM, false, "containername"), NAME(PROGRAM, false, "container_name"),
        NAME(PROGRAM, false, "service"), NAME(PROGRAM, false, "processname"),
        NAME(PROGRAM, false, "sourcetype"), NAME(PROGRAM, false, "program"),
        NAME(STREAM, true, "@logstream"), NAME(STREAM, true, "logstreamname"),
        NAME(STREAM, true, "logstream"), NAME(STREAM, true, "logname"),
        NAME(STREAM, true, "logentrysource"), NAME(STREAM, false, "logsource"),
        NAME(STREAM, false, "stream"), NAME(STREAM, false, "source"),
        NAME(LEVEL, false, "level"), NAME(LEVEL, false, "severity"),
        NAME(LEVEL, false, "severitylevel"), NAME(LEVEL, false, "loglevel"),
        NAME(LEVEL, false, "errorlevel_s"), NAME(PID, false, "processid"),
#undef NAME
};

/* Behind the cell at the start of `s`, at its separator or line feed; SIZE_MAX: more bytes are
 * needed. A quoted cell may hold both. */
static size_t cell_end(LimnSlice s, bool last, bool *ret_torn)
{
        LimnSlice seen = limn_slice_to(s, CELL_MAX);

        for (size_t i = 1; i < seen.n; i++) {
                if (seen.p[i] != '"')
                        continue;
                if (i + 1 < seen.n && seen.p[i + 1] == '"') {
                        i++;
                        continue;
                }
                if (i + 1 == seen.n && !last && seen.n < CELL_MAX)
                        break;
                return i + 1;
        }
        if (!last && s.n < CELL_MAX)
                return SIZE_MAX;
        *ret_torn = true;
        return limn_slice_chr(s, '\n');
}

static bool starts_cell(LimnSlice bytes, size_t i)
{
        return i == 0 || bytes.p[i - 1] == ',' || bytes.p[i - 1] == '\t' || bytes.p[i - 1] == ';';
}

static size_t cut_row(LimnSlice bytes, bool last)
{
        for (size_t i = 0; i < bytes.n; i++) {
                if (bytes.p[i] == '"' && starts_cell(bytes, i)) {
                        bool torn = false;
                        size_t n = cell_end(limn_slice_from(bytes, i), last, &torn);
                        if (n == SIZE_MAX)
                                return 0;
                        i += n;
                        if (i >= bytes.n)
                                break;
                }
                if (bytes.p[i] == '\n')
                        return i + 1;
        }
        return last ? bytes.n : 0;
}

/* Takes a cell off; its quotes go, what is doubled inside stays (*ret_doubled). False: no more. */
static bool take_cell(LimnSlice *row, char separator, LimnSlice *ret, bool *ret_doubled)
{
        bool torn = false;
        size_t end = 0;

        *ret_doubled = false;
        if (!row->p)
                return false;
        if (row->n && row->p[0] == '"') {
                end = cell_end(*row, true, &torn);
                bool closed = !torn && end > 1;
                *ret = limn_slice(row->p + 1, end ? end - 1 - closed : 0);
                *ret_doubled = ret->n && memchr(ret->p, '"', ret->n);
        }
        LimnSlice rest = limn_slice_from(*row, end);
        size_t n = limn_slice_chr(rest, separator);
        if (end == 0)
                *ret = limn_slice_to(rest, n);
        *row = n < rest.n ? limn_slice_from(rest, n + 1) : LIMN_NONE;
        return true;
}

static bool read_header(LimnSlice row, LimnWrapperMemory *memory)
{
        LimnSlice first = limn_slice_to(row, 4096), cell;
        char separator = (char)(memchr(first.p, '\t', first.n)  ? '\t'
                                : memchr(first.p, ';', first.n) && !memchr(first.p, ',', first.n)
                                        ? ';'
                                        : ',');
        LimnWrapperMemory found = {.separator = (uint8_t)separator};
        bool tells = false, doubled;
        size_t best[_ROLES];

        for (size_t role = 0; role < _ROLES; role++)
                best[role] = sizeof names / sizeof *names;
        for (uint8_t i = 1; i < COLUMNS_MAX && take_cell(&row, separator, &cell, &doubled); i++) {
                cell = limn_slice_trim(cell);
                for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
                        if (!limn_slice_eq_nocase(cell, names[k].name))
                                continue;
                        tells |= names[k].tells;
                        if (k < best[names[k].role]) {
                                best[names[k].role] = k;
                                found.column[names[k].role] = i;
                                if (names[k].role == TIME)
                                        found.utc = names[k].tells;
                        }
                        break;
                }
        }
        if (!found.column[MESSAGE] || (!found.column[TIME] && !tells))
                return false;
        *memory = found;
        return true;
}

/* `11/22/2026, 7:24:01.123 AM`, as Azure's portal writes it. */
static bool portal_stamp(LimnSlice s, LimnStamp *ret)
{
        static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
        char text[64];
        size_t n = limn_text_digits(s), m = limn_text_digits(limn_slice_from(s, n + 1));
        long long month, day, year;

        if (n == 0 || n > 2 || m == 0 || m > 2 || n + m + 2 >= s.n || s.p[n] != '/' ||
            s.p[n + m + 1] != '/')
                return false;
        LimnSlice rest = limn_slice_from(s, n + m + 2);
        if (limn_text_digits(rest) != 4 || !limn_slice_i64(limn_slice_to(s, n), &month) ||
            !limn_slice_i64(limn_slice(s.p + n + 1, m), &day) ||
            !limn_slice_i64(limn_slice_to(rest, 4), &year) || month < 1 || month > 12)
                return false;
        rest = limn_slice_from(rest, 4);
        rest = limn_text_blanks(limn_slice_from(rest, rest.n && rest.p[0] == ','));
        int size = snprintf(text, sizeof text, "%.3s %d, %04d %.*s", months + (month - 1) * 3,
                            (int)day, (int)year, (int)(rest.n < 32 ? rest.n : 32), rest.p);
        return limn_stamp_named(limn_slice(text, (size_t)size), ret) > 0;
}

static void set_time(LimnSlice value, bool utc, LimnWrapped *ret)
{
        LimnParse parse = {.reference = LIMN_TIME_NONE};
        LimnEvent event = {.time = LIMN_TIME_NONE};

        if (limn_json_event_time(&event, &parse, value)) {
                ret->stated = event.time_basis == LIMN_BASIS_STATED;
                ret->time = event.time;
                if (!ret->stated && !limn_stamp_iso(value, &ret->stamp))
                        limn_stamp_slash(value, &ret->stamp);
        } else if (!portal_stamp(value, &ret->stamp) && !limn_stamp_named(value, &ret->stamp)) {
                return;
        }
        ret->time_raw = value;
        ret->stamp.has_offset |= utc;
}

static LimnSlice undouble(LimnSlice s, LimnRoom *room)
{
        size_t start = room->n;

        for (size_t i = 0; i < s.n && room->n < room->cap; i++) {
                room->p[room->n++] = s.p[i];
                i += s.p[i] == '"' && i + 1 < s.n && s.p[i + 1] == '"';
        }
        return limn_slice(room->p + start, room->n - start);
}

static bool unwrap_csv(LimnSlice line, LimnWrapperMemory *memory, LimnRoom *room,
                       LimnWrapped *ret)
{
        LimnSlice row = limn_text_lead(line), cell;
        LimnSlice level = LIMN_NONE, unused = LIMN_NONE;
        LimnSlice *const to[_ROLES] = {&ret->text, &unused, &ret->host, &ret->program,
                                       &ret->stream, &level, &ret->pid};
        bool doubled, any = false;

        if (row.n == 0)
                return false;
        if (read_header(row, memory)) {
                ret->alone = true;
                return true;
        }
        if (!memory->separator)
                return false;
        char separator = (char)memory->separator;
        for (unsigned i = 1; i < COLUMNS_MAX && take_cell(&row, separator, &cell, &doubled); i++) {
                for (size_t role = 0; role < _ROLES; role++) {
                        if (memory->column[role] != i)
                                continue;
                        if (role == TIME)
                                set_time(limn_slice_trim(cell), memory->utc, ret);
                        else if (role == MESSAGE && doubled)
                                *to[role] = undouble(cell, room);
                        else if (role == MESSAGE || cell.n)
                                *to[role] = cell;
                        any |= role == MESSAGE;
                }
        }
        ret->text = limn_text_chomp(ret->text);
        ret->level = limn_level_from_word(limn_slice_trim(level));
        ret->writer = ret->program.p ? ret->program : ret->stream;
        ret->outer = ret->program.p ? ret->stream : ret->host;
        return any && ret->time_raw.p;
}

const LimnWrapper limn_wrapper_csv = {
        .name = "csv",
        .title = "log lines in CSV of CloudWatch, Azure Monitor, Cloud Logging, Splunk",
        .needs_inner = true,
        .cut = cut_row,
        .unwrap = unwrap_csv,
};
