/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The MySQL server's slow-query log.
 *
 *   # Time: 2026-11-22T07:24:01.123456Z          5.7 on
 *   # Time: 261122  7:24:01                      older, and only when the second changes
 *   # User@Host: app[app] @ quay-3 [10.20.0.9]  Id:    12
 *   # Query_time: 1.2  Lock_time: 0.0 Rows_sent: 1  Rows_examined: 90
 *   use harbour;
 *   SET timestamp=1795332241;
 *   ALTER TABLE orders ADD total int;            or: # administrator command: Ping;
 *
 * An event is the statement, as in the general log, so that the same rules read both; the lines
 * above it are its fields. SET timestamp is in UTC, which the older stamp is not.
 */
#include "parsers/text.h"

/* A record's end is looked for no further; what lies beyond is a record that is not understood. */
#define STATEMENT_MAX (512 * 1024)

typedef struct State {
        LimnTime last;
        uint8_t known;
} State;

static bool is_time(LimnSlice line)
{
        return limn_slice_starts(line, LIMN_S("# Time: "));
}

static bool is_user(LimnSlice line)
{
        return limn_slice_starts(line, LIMN_S("# User@Host: "));
}

static bool starts_record(LimnSlice line)
{
        line = limn_text_lead(line);
        return is_time(line) || is_user(line);
}

/* `# Time:` stands above `# User@Host:`, where it stands. */
static bool joins(LimnSlice line, LimnSlice next)
{
        return is_time(limn_text_lead(line)) && is_user(next);
}

/* A record goes to the next `# Time:` or, unless that was its only line, `# User@Host:`. */
static size_t frame(LimnSlice bytes, bool last, void *state)
{
        bool only_time = false;
        size_t pos = 0;

        while (pos < bytes.n) {
                LimnSlice rest = limn_slice_from(bytes, pos);
                size_t n = limn_slice_chr(rest, '\n') + 1;
                if (n > rest.n && !last)
                        return 0;
                LimnSlice line = limn_slice_to(rest, n);
                if (pos == 0)
                        line = limn_text_lead(line);
                if (pos && (is_time(line) || (is_user(line) && !only_time)))
                        return pos;
                only_time = pos == 0 && is_time(line);
                pos += n < rest.n ? n : rest.n;
                if (pos >= STATEMENT_MAX)
                        return pos;
        }
        return last ? pos : 0;
}

/* `Name: value` pairs of a comment line. */
static int add_pairs(LimnSlice line, LimnEvent *event, LimnFields *fields, LimnArena *arena)
{
        line = limn_text_blanks(limn_slice_from(line, 1));
        while (line.n) {
                size_t colon = limn_slice_chr(line, ':');
                LimnSlice name = limn_slice_trim(limn_slice_to(line, colon));
                if (colon == line.n || name.n == 0 || limn_slice_chr(name, ' ') < name.n)
                        return 0;
                line = limn_text_blanks(limn_slice_from(line, colon + 1));
                size_t end = 0;
                while (end < line.n && !limn_ascii_space(line.p[end]))
                        end++;
                LimnSlice value = limn_slice_to(line, end);
                /* `Schema:   Last_errno: 0`: no value. */
                if (value.n > 1 && value.p[value.n - 1] == ':')
                        continue;
                line = limn_text_blanks(limn_slice_from(line, end));
                if (!event->thread.p && (limn_slice_eq(name, LIMN_S("Id")) ||
                                         limn_slice_eq(name, LIMN_S("Thread_id")))) {
                        event->thread = value;
                        continue;
                }
                int r = limn_fields_add(fields, arena, name, value);
                if (r < 0)
                        return r;
        }
        return 0;
}

/* `app[app] @ quay-3 [10.20.0.9]  Id:    12` */
static int add_user(LimnSlice rest, LimnEvent *event, LimnFields *fields, LimnArena *arena)
{
        size_t at = limn_slice_find(rest, LIMN_S(" @ "));
        LimnSlice user = limn_slice_to(rest, at), host = limn_slice_from(rest, at + 3);
        size_t open = limn_slice_chr(host, '['), close = limn_slice_chr(host, ']');
        LimnSlice ip = open < close ? limn_slice(host.p + open + 1, close - open - 1) : LIMN_NONE;
        LimnSlice tail = limn_slice_from(host, close + 1), id = LIMN_S("Id:");
        int r;

        user = limn_slice_to(user, limn_slice_chr(user, '['));
        host = limn_slice_trim(limn_slice_to(host, open));
        at = limn_slice_find(tail, id);
        if (at < tail.n) {
                tail = limn_text_blanks(limn_slice_from(tail, at + id.n));
                event->thread = limn_slice_to(tail, limn_text_digits(tail));
        }
        r = limn_fields_add(fields, arena, LIMN_S("user"), limn_slice_trim(user));
        if (r < 0 || (!host.n && !ip.n))
                return r;
        return limn_fields_add(fields, arena, LIMN_S("client"), host.n ? host : ip);
}

static void take_timestamp(LimnSlice line, LimnEvent *event)
{
        LimnSlice value = limn_slice_from(line, 14);
        long long seconds;
        size_t n = limn_text_digits(value);

        if (event->time_basis == LIMN_BASIS_STATED || n == 0 || n > 11 ||
            !limn_slice_i64(limn_slice_to(value, n), &seconds))
                return;
        event->time = seconds * LIMN_SECOND;
        event->time_basis = LIMN_BASIS_STATED;
        event->time_raw = limn_slice_to(value, n);
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        State *state = parse->state;
        LimnSlice rest = limn_text_lead(record), line, after = LIMN_NONE;
        LimnFields fields = {0};
        LimnStamp stamp;
        bool headed = false;
        int r = 0;

        ret->time = LIMN_TIME_NONE;
        while (r >= 0 && limn_slice_line(&rest, &line)) {
                if (is_time(line)) {
                        LimnSlice at = limn_text_blanks(limn_slice_from(line, 8));
                        size_t n = limn_stamp_iso(at, &stamp);
                        if (n == 0)
                                n = limn_stamp_compact(at, &stamp);
                        if (n)
                                limn_event_set_stamp(ret, parse, &stamp, limn_slice_to(at, n));
                        headed = true;
                } else if (is_user(line)) {
                        r = add_user(limn_slice_from(line, 13), ret, &fields, parse->arena);
                        headed = true;
                } else if (limn_slice_starts(line, LIMN_S("# administrator command: "))) {
                        ret->message = limn_text_chomp(limn_slice_from(line, 2));
                        after = rest;
                        break;
                } else if (headed && line.n && line.p[0] == '#') {
                        r = add_pairs(line, ret, &fields, parse->arena);
                } else if (headed && limn_slice_starts(line, LIMN_S("SET timestamp="))) {
                        take_timestamp(line, ret);
                } else if (headed && limn_slice_starts(line, LIMN_S("use "))) {
                        LimnSlice name = limn_slice_from(line, 4);
                        r = limn_fields_add(&fields, parse->arena, LIMN_S("database"),
                                            limn_slice_to(name, limn_slice_chr(name, ';')));
                } else if (limn_slice_trim(line).n || !headed) {
                        ret->message = limn_text_chomp(line);
                        ret->component = headed ? LIMN_S("Query") : LIMN_NONE;
                        after = rest;
                        break;
                }
        }
        if (r < 0)
                return r;
        while (headed && ret->message.n && ret->message.p[ret->message.n - 1] == ';')
                ret->message.n--;
        if (ret->time_basis == LIMN_BASIS_NONE && ret->quality == 0 && state->known) {
                ret->time = state->last;
                ret->time_basis = LIMN_BASIS_INHERITED;
        }
        if (ret->time != LIMN_TIME_NONE) {
                state->last = ret->time;
                state->known = 1;
        }
        r = limn_text_add_trace(&fields, parse->arena, after, false);
        if (r < 0)
                return r;
        limn_event_take_fields(ret, &fields);
        return headed ? LIMN_PARSED : LIMN_PARSE_PLAIN;
}

static LimnBid bid(LimnSlice head, bool whole)
{
        size_t users = 0, times = 0;
        LimnSlice line;

        while (limn_slice_line(&head, &line)) {
                users += is_user(line) || limn_slice_starts(line, LIMN_S("# administrator com"));
                times += limn_slice_starts(line, LIMN_S("# Query_time: "));
        }
        return users && times ? LIMN_BID_CERTAIN : users || times ? LIMN_BID_LIKELY : LIMN_BID_NO;
}

const LimnFormat limn_format_mysql_slow = {
        .name = "mysql_slow",
        .title = "MySQL slow-query log (5.1 to 9, Percona, MariaDB)",
        .version = 1,
        .product = "mysql",
        .service = "general",
        .bid = bid,
        .starts_record = starts_record,
        .joins = joins,
        .frame = frame,
        .state_size = sizeof(State),
        .parse = parse,
};
