/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The MySQL server's general query log.
 *
 *   5.7 on          2026-11-22T07:24:01.123456Z<TAB>    8 Query<TAB>SELECT 1
 *   MariaDB, 5.6    261122  7:24:01<TAB>     8 Query<TAB>SELECT 1
 *                   <TAB><TAB>     8 Query<TAB>SELECT 2
 *
 * The older shape writes its stamp only when the second changes; the lines between inherit it.
 * Statements run over as many lines as they have; only a line that names a command of the
 * protocol begins a record. Every start and FLUSH writes three lines of header.
 */
#include "parsers/text.h"

typedef struct State {
        LimnTime last;
        uint32_t quality;
        uint8_t known;
} State;

/* Longer names before those they begin with. */
static const LimnSlice commands[] = {
        {"Query", 5}, {"Prepare", 7}, {"Execute", 7}, {"Close stmt", 10}, {"Reset stmt", 10},
        {"Connect Out", 11}, {"Connect", 7}, {"Quit", 4}, {"Init DB", 7}, {"Field List", 10},
        {"Statistics", 10}, {"Ping", 4}, {"Binlog Dump GTID", 16}, {"Binlog Dump", 11},
        {"Register Slave", 14}, {"Register Replica", 16}, {"Table Dump", 10},
        {"Change user", 11}, {"Reset Connection", 16}, {"Set option", 10}, {"Kill", 4},
        {"Processlist", 11}, {"Refresh", 7}, {"Shutdown", 8}, {"Debug", 5}, {"Sleep", 5},
        {"Create DB", 9}, {"Drop DB", 7}, {"Time", 4}, {"Delayed insert", 14}, {"Fetch", 5},
        {"Long Data", 9}, {"Daemon", 6}, {"Clone", 5}, {"Error", 5}, {"Bulk execute", 12},
        {"Execute Immediate", 17}, {"Subscribe Group Replication Stream", 34},
};

/* Cuts a line into its parts. False: it does not begin a record of a command. */
static bool cut(LimnSlice line, LimnSlice *ret_stamp, LimnSlice *ret_id, LimnSlice *ret_command,
                LimnSlice *ret_argument)
{
        size_t tab, n;

        line = limn_text_lead(line);
        tab = limn_slice_chr(limn_slice_to(line, 48), '\t');
        if (line.n < 8 || tab >= line.n || line.p[tab] != '\t')
                return false;
        if (tab == 0) {
                if (line.p[1] != '\t' && line.p[1] != ' ')
                        return false;
        } else if (tab < 14 || !limn_ascii_digit(line.p[0])) {
                return false;
        }
        *ret_stamp = limn_slice_to(line, tab);
        line = limn_text_blanks(limn_slice_from(line, tab));
        n = limn_text_digits(line);
        if (n == 0 || n >= line.n || line.p[n] != ' ')
                return false;
        *ret_id = limn_slice_to(line, n);
        line = limn_slice_from(line, n + 1);
        for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
                if (!limn_slice_starts(line, commands[i]))
                        continue;
                n = commands[i].n;
                if (n < line.n && line.p[n] != '\t' && line.p[n] != '\r')
                        continue;
                *ret_command = limn_slice_to(line, n);
                *ret_argument = limn_text_chomp(limn_slice_from(line, n < line.n ? n + 1 : n));
                return true;
        }
        return false;
}

static bool is_header(LimnSlice line)
{
        line = limn_text_chomp(line);
        return limn_slice_ends(line, LIMN_S(". started with:")) &&
               limn_slice_find(line, LIMN_S(", Version: ")) < line.n;
}

static bool is_stamp(LimnSlice s, LimnStamp *ret)
{
        return limn_stamp_iso(s, ret) == s.n || limn_stamp_compact(s, ret) == s.n;
}

static bool starts_record(LimnSlice line)
{
        LimnSlice stamp, id, command, argument;
        LimnStamp unused;

        if (line.n && (line.p[0] == '\t' || limn_ascii_digit(line.p[0]) ||
                       (unsigned char)line.p[0] == 0xEF || line.p[0] == '\0') &&
            cut(line, &stamp, &id, &command, &argument))
                return stamp.n == 0 || is_stamp(stamp, &unused);
        return is_header(line);
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        State *state = parse->state;
        LimnSlice rest, line = limn_text_first(record, &rest);
        LimnSlice raw = LIMN_NONE, argument;
        LimnFields fields = {0};
        LimnStamp stamp;
        int r;

        ret->time = LIMN_TIME_NONE;
        if (cut(line, &raw, &ret->thread, &ret->component, &argument)) {
                ret->message = argument;
                r = limn_fields_add(&fields, parse->arena, LIMN_S("command"), ret->component);
                if (r < 0)
                        return r;
        } else {
                raw = LIMN_NONE;
                ret->thread = ret->component = LIMN_NONE;
                ret->message = limn_slice_trim(line);
                if (!is_header(line))
                        return LIMN_PARSE_PLAIN;
        }
        if (raw.n && is_stamp(raw, &stamp)) {
                limn_event_set_stamp(ret, parse, &stamp, raw);
                state->last = ret->time;
                state->quality = ret->quality;
                state->known = ret->time != LIMN_TIME_NONE;
        } else if (state->known) {
                ret->time = state->last;
                ret->time_basis = LIMN_BASIS_INHERITED;
                ret->quality |= state->quality;
        }
        r = limn_text_add_trace(&fields, parse->arena, rest, false);
        if (r < 0)
                return r;
        limn_event_take_fields(ret, &fields);
        return LIMN_PARSED;
}

static LimnBid bid(LimnSlice head, bool whole)
{
        size_t records = 0, others = 0;
        bool header = false;
        LimnSlice line;
        LimnStamp stamp;

        /* The slow-query log begins with the same header. */
        if (limn_slice_find(head, LIMN_S("\n# User@Host: ")) < head.n)
                return LIMN_BID_NO;
        while (limn_slice_line(&head, &line)) {
                bool is = starts_record(line);
                records += is;
                others += !is && limn_stamp_iso(line, &stamp);
                header |= is_header(line);
        }
        if (records == 0)
                return LIMN_BID_NO;
        /* Between the lines of an error log. */
        if (records < 2 * others)
                return LIMN_BID_MAYBE;
        return header || records > 2 ? LIMN_BID_CERTAIN : LIMN_BID_LIKELY;
}

const LimnFormat limn_format_mysql_general = {
        .name = "mysql_general",
        .title = "MySQL general query log (5.5 to 8.4, MariaDB)",
        .version = 1,
        .product = "mysql",
        .service = "general",
        .bid = bid,
        .starts_record = starts_record,
        .state_size = sizeof(State),
        .parse = parse,
};
