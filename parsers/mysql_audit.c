/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Audit logs of MySQL servers. An event is the statement, as in the general log, so that the same
 * rules read both.
 *
 *   JSON       Enterprise and Percona audit_log_filter: {"timestamp": ..., "general_data": {...}};
 *              Percona audit_log: {"audit_record": {...}}; McAfee: {"msg-type": "activity"}
 *   XML        <AUDIT_RECORD NAME="Query" TIMESTAMP="..." SQLTEXT="..."/>, and with elements
 *   columns    server_audit (MariaDB, RDS, Azure): 20261122 07:24:01,host,user,client,12,90,QUERY,
 *              harbour,'PURGE BINARY LOGS',0; Aurora with microseconds since 1970 for the stamp
 */
#include <errno.h>

#include "core/json_scan.h"
#include "parsers/json_event.h"
#include "parsers/text.h"

/* Stamp, host, user, client, connection, query, operation, database, object, status. */
enum { COLUMNS = 8 };

static bool is_columns(LimnSlice line)
{
        size_t commas = 0, n = limn_text_digits(line);

        if (!((n == 8 && line.n > 17 && line.p[8] == ' ' && limn_text_clock(line.p + 9) &&
               line.p[17] == ',') ||
              (n >= 13 && n <= 16 && n < line.n && line.p[n] == ',')))
                return false;
        for (size_t i = n; i < line.n && i < 1024 && commas < 8; i++)
                commas += line.p[i] == ',';
        return commas >= 8;
}

static bool starts_record(LimnSlice line)
{
        line = limn_text_blanks(limn_text_lead(line));
        return (line.n && line.p[0] == '{') || limn_slice_starts(line, LIMN_S("<AUDIT_RECORD")) ||
               (line.n && limn_ascii_digit(line.p[0]) && is_columns(line));
}

static int set_statement(LimnEvent *event, LimnFields *fields, LimnArena *arena, LimnSlice text)
{
        LimnSlice rest;

        event->message = limn_text_chomp(limn_text_first(limn_slice_trim(text), &rest));
        event->component = LIMN_S("Query");
        return limn_text_add_trace(fields, arena, rest, false);
}

/* -- JSON --------------------------------------------------------------------------------- */

static LimnSlice last_name(LimnSlice path)
{
        size_t n = path.n;

        while (n > 0 && path.p[n - 1] != '.')
                n--;
        return limn_slice_from(path, n);
}

static bool is_one_of(LimnSlice name, const LimnSlice *list, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (limn_slice_eq(name, list[i]))
                        return true;
        return false;
}

static int parse_json(LimnSlice text, LimnParse *parse, LimnEvent *ret)
{
        static const LimnSlice statements[] = {{"query", 5}, {"sqltext", 7}, {"sql_text", 8}};
        static const LimnSlice times[] = {{"timestamp", 9}, {"date", 4}, {"time", 4}};
        static const LimnSlice threads[] = {{"connection_id", 13}, {"thread-id", 9}};
        LimnSlice statement = LIMN_NONE;
        LimnFields fields = {0};
        LimnJsonError error;
        size_t used;
        int r = limn_json_flatten(text, LIMN_NONE, parse->arena, &fields, &used, &error);

        if (r < 0)
                return r;
        bool broken = r > 0;
        for (size_t i = 0; i < fields.n; i++) {
                LimnSlice name = last_name(fields.at[i].name), value = fields.at[i].value;
                if (!statement.p && is_one_of(name, statements, 3))
                        statement = value;
                else if (!ret->thread.p && is_one_of(name, threads, 2))
                        ret->thread = value;
                else if (ret->time_basis == LIMN_BASIS_NONE && is_one_of(name, times, 3))
                        limn_json_event_time(ret, parse, value);
        }
        r = 0;
        if (broken)
                r = limn_json_event_broken(ret, &fields, parse->arena, error.what, error.at);
        if (r >= 0 && statement.n)
                r = set_statement(ret, &fields, parse->arena, statement);
        limn_event_take_fields(ret, &fields);
        return r < 0 ? r : LIMN_PARSED;
}

/* -- XML ---------------------------------------------------------------------------------- */

/* What an entity stands for, and its length; 0: none. */
static size_t entity(LimnSlice s, char *ret)
{
        static const struct {
                LimnSlice name;
                char c;
        } list[] = {
                {{"&quot;", 6}, '"'}, {{"&apos;", 6}, '\''}, {{"&lt;", 4}, '<'},
                {{"&gt;", 4}, '>'},   {{"&amp;", 5}, '&'},   {{"&#10;", 5}, '\n'},
                {{"&#9;", 4}, '\t'},  {{"&#13;", 5}, '\r'},  {{"&#xA;", 5}, '\n'},
        };
        for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
                if (limn_slice_starts(s, list[i].name)) {
                        *ret = list[i].c;
                        return list[i].name.n;
                }
        }
        return 0;
}

static int decode(LimnSlice s, LimnArena *arena, LimnSlice *ret)
{
        char *p = limn_arena_alloc(arena, s.n + 1);
        size_t n = 0;

        if (!p)
                return -ENOMEM;
        for (size_t i = 0; i < s.n;) {
                char c = s.p[i];
                size_t used = c == '&' ? entity(limn_slice_from(s, i), &c) : 0;
                p[n++] = c;
                i += used ? used : 1;
        }
        *ret = limn_slice(p, n);
        return 0;
}

/* The attribute or element of a name; p NULL: none. */
static LimnSlice xml_get(LimnSlice record, const char *attribute, const char *element)
{
        LimnSlice name = limn_slice_str(attribute);
        size_t at = limn_slice_find(record, name);

        if (at < record.n) {
                LimnSlice rest = limn_slice_from(record, at + name.n);
                return limn_slice_to(rest, limn_slice_chr(rest, '"'));
        }
        name = limn_slice_str(element);
        at = limn_slice_find(record, name);
        if (at == record.n)
                return LIMN_NONE;
        LimnSlice rest = limn_slice_from(record, at + name.n);
        return limn_slice_to(rest, limn_slice_chr(rest, '<'));
}

static int parse_xml(LimnSlice text, LimnParse *parse, LimnEvent *ret)
{
        LimnSlice raw = xml_get(text, " SQLTEXT=\"", "<SQLTEXT>");
        LimnSlice time = xml_get(text, " TIMESTAMP=\"", "<TIMESTAMP>");
        LimnSlice statement = LIMN_NONE;
        LimnFields fields = {0};
        int r = 0;

        if (!raw.p)
                raw = xml_get(text, "\nSQLTEXT=\"", "<SQLTEXT>");
        if (!time.p)
                time = xml_get(text, "\nTIMESTAMP=\"", "<TIMESTAMP>");
        limn_json_event_time(ret, parse, time);
        ret->thread = xml_get(text, "CONNECTION_ID=\"", "<CONNECTION_ID>");
        r = limn_text_field(&fields, parse->arena, LIMN_S("name"),
                            xml_get(text, " NAME=\"", "<NAME>"));
        LimnSlice name = xml_get(text, " NAME=\"", "<NAME>"),
                  user = xml_get(text, " USER=\"", "<USER>");
        /* `root[root] @ localhost [127.0.0.1]` */
        user = limn_slice_trim(limn_slice_to(user, limn_slice_chr(user, '[')));
        if (r >= 0 && user.n)
                r = limn_text_field(&fields, parse->arena, LIMN_S("user"), user);
        if (name.n && !raw.n) /* a record of no statement says what it is about */
                ret->message = name;
        if (r >= 0 && raw.n)
                r = decode(raw, parse->arena, &statement);
        if (r >= 0 && statement.n)
                r = set_statement(ret, &fields, parse->arena, statement);
        limn_event_take_fields(ret, &fields);
        return r < 0 ? r : LIMN_PARSED;
}

/* -- columns ------------------------------------------------------------------------------ */

static void columns_time(LimnSlice raw, LimnParse *parse, LimnEvent *ret)
{
        LimnStamp stamp = {.resolution = LIMN_SECOND};

        if (raw.n != 17) {
                limn_json_event_time(ret, parse, raw);
                return;
        }
        const char *p = raw.p;
#define TWO(at) ((p[at] - '0') * 10 + p[(at) + 1] - '0')
        stamp.year = TWO(0) * 100 + TWO(2);
        stamp.month = TWO(4);
        stamp.day = TWO(6);
        stamp.hour = (p[9] == ' ' ? 0 : p[9] - '0') * 10 + p[10] - '0';
        stamp.minute = TWO(12);
        stamp.second = TWO(15);
#undef TWO
        limn_event_set_stamp(ret, parse, &stamp, raw);
}

static int parse_columns(LimnSlice text, LimnParse *parse, LimnEvent *ret)
{
        static const LimnSlice names[COLUMNS] = {
                {"", 0}, {"server", 6}, {"user", 4}, {"client", 6}, {"", 0}, {"query_id", 8},
                {"operation", 9}, {"database", 8},
        };
        LimnFields fields = {0};
        int r = 0;

        for (size_t i = 0; i < COLUMNS && r >= 0; i++) {
                size_t n = limn_slice_chr(text, ',');
                LimnSlice value = limn_slice_to(text, n);
                text = limn_slice_from(text, n + 1);
                if (i == 0)
                        columns_time(value, parse, ret);
                else if (i == 4)
                        ret->thread = value;
                else if (value.n)
                        r = limn_fields_add(&fields, parse->arena, names[i], value);
        }
        /* 'statement',status: the statement's quotes are behind backslashes. */
        text = limn_text_chomp(text);
        size_t end = text.n;
        while (end > 0 && text.p[end - 1] != ',')
                end--;
        text = limn_slice_trim(limn_slice_to(text, end ? end - 1 : text.n));
        if (text.n > 1 && text.p[0] == '\'' && text.p[text.n - 1] == '\'')
                text = limn_slice(text.p + 1, text.n - 2);
        char *p = limn_arena_alloc(parse->arena, text.n + 1);
        size_t n = 0;
        if (r < 0 || !p)
                return -ENOMEM;
        for (size_t i = 0; i < text.n; i++) {
                char c = text.p[i];
                if (c == '\\' && i + 1 < text.n) {
                        c = text.p[++i];
                        c = (char)(c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c);
                }
                p[n++] = c;
        }
        if (n)
                r = set_statement(ret, &fields, parse->arena, limn_slice(p, n));
        limn_event_take_fields(ret, &fields);
        return r < 0 ? r : LIMN_PARSED;
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        LimnSlice text = limn_slice_trim(limn_text_lead(record));

        ret->time = LIMN_TIME_NONE;
        ret->message = limn_slice_to(text, limn_slice_chr(text, '\n'));
        if (!starts_record(text))
                return LIMN_PARSE_PLAIN;
        return text.p[0] == '{'   ? parse_json(text, parse, ret)
               : text.p[0] == '<' ? parse_xml(text, parse, ret)
                                  : parse_columns(text, parse, ret);
}

static LimnBid bid(LimnSlice head, bool whole)
{
        LimnTally tally = limn_text_tally(head, starts_record);

        if (limn_slice_find(head, LIMN_S("<AUDIT_RECORD")) < head.n)
                return LIMN_BID_CERTAIN;
        if (tally.matched == 0)
                return LIMN_BID_NO;
        if (limn_json_has_key(head, "\"audit_record\"") ||
            (limn_json_has_key(head, "\"connection_id\"") &&
             (limn_json_has_key(head, "\"general_data\"") ||
              limn_json_has_key(head, "\"connection_data\"") ||
              limn_json_has_key(head, "\"table_access_data\""))) ||
            (limn_json_has_key(head, "\"msg-type\"") && limn_json_has_key(head, "\"query-id\"")))
                return LIMN_BID_CERTAIN;
        return limn_text_tally(head, is_columns).matched * 2 >= tally.lines ? LIMN_BID_CERTAIN
                                                                            : LIMN_BID_NO;
}

const LimnFormat limn_format_mysql_audit = {
        .name = "mysql_audit",
        .title = "MySQL audit logs (Enterprise, Percona, McAfee, server_audit, Aurora)",
        .version = 2,
        .product = "mysql",
        .service = "general",
        .bid = bid,
        .starts_record = starts_record,
        .parse = parse,
};
