/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The error log of MySQL 8 and later as JSON (log_sink_json): an object a line, or pretty-printed.
 *
 *   { "prio" : 3, "err_code" : 10462, "subsystem" : "Repl", "SQL_state" : "HY000",
 *     "msg" : "...", "time" : "2026-11-22T07:24:01.123456Z", "ts" : 1795332241123, "thread" : 8,
 *     "err_symbol" : "ER_...", "label" : "Note" }
 *
 * The events are those that mysql_error gives of the same lines as text, so that a rule reads both.
 * The label says the level; prio is numbered differently by different versions.
 */
#include <errno.h>

#include "core/json_scan.h"
#include "parsers/json_event.h"
#include "parsers/text.h"

static bool starts_record(LimnSlice line)
{
        line = limn_text_blanks(limn_text_lead(line));
        return line.n && line.p[0] == '{';
}

static LimnSlice *member(LimnEvent *event, LimnSlice name)
{
        if (limn_slice_eq(name, LIMN_S("label")))
                return &event->level_raw;
        if (limn_slice_eq(name, LIMN_S("subsystem")) || limn_slice_eq(name, LIMN_S("component")))
                return &event->component;
        if (limn_slice_eq(name, LIMN_S("thread")))
                return &event->thread;
        return limn_slice_eq(name, LIMN_S("msg")) ? &event->message : NULL;
}

/* `10462` to `MY-010462`. */
static int set_code(LimnEvent *event, LimnArena *arena, LimnSlice number)
{
        char text[16] = "MY-000000";

        if (number.n == 0 || number.n > 6 || limn_text_digits(number) != number.n)
                return 0;
        memcpy(text + 9 - number.n, number.p, number.n);
        event->code = limn_arena_dup(arena, limn_slice(text, 9));
        return event->code.p ? 0 : -ENOMEM;
}

static LimnLevel level_of(LimnSlice label, LimnSlice prio)
{
        static const LimnLevel levels[] = {
                LIMN_LEVEL_INFO, LIMN_LEVEL_ERROR, LIMN_LEVEL_WARNING, LIMN_LEVEL_INFO,
        };
        if (label.p)
                return limn_level_from_word(label);
        if (prio.n == 1 && prio.p[0] >= '0' && prio.p[0] <= '3')
                return levels[prio.p[0] - '0'];
        return LIMN_LEVEL_NONE;
}

static int read_event(LimnEvent *event, LimnParse *parse, LimnFields *fields)
{
        LimnSlice prio = LIMN_NONE, number = LIMN_NONE, time = LIMN_NONE, ts = LIMN_NONE, rest;

        event->message = LIMN_NONE;
        for (size_t i = 0; i < fields->n; i++) {
                LimnField *field = &fields->at[i];
                LimnSlice *to = member(event, field->name);
                if (to) {
                        if (to->p)
                                continue;
                        *to = field->value;
                        field->name = LIMN_NONE;
                } else if (limn_slice_eq(field->name, LIMN_S("prio"))) {
                        prio = field->value;
                } else if (limn_slice_eq(field->name, LIMN_S("err_code"))) {
                        number = field->value;
                } else if (limn_slice_eq(field->name, LIMN_S("time"))) {
                        time = field->value;
                        field->name = LIMN_NONE;
                } else if (limn_slice_eq(field->name, LIMN_S("ts"))) {
                        ts = field->value;
                }
        }
        if (!limn_json_event_time(event, parse, time))
                limn_json_event_time(event, parse, ts);
        event->level = level_of(event->level_raw, prio);

        /* Deadlock sections begin with a line feed, others end with one. */
        rest = limn_slice_trim(event->message);
        if (event->message.p)
                event->message = limn_text_chomp(limn_text_first(rest, &rest));
        int r = set_code(event, parse->arena, number);
        return r < 0 ? r : limn_text_add_trace(fields, parse->arena, rest, false);
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        LimnSlice text = limn_slice_trim(limn_text_lead(record));
        LimnFields fields = {0};
        LimnJsonError error;
        size_t used;
        int r;

        ret->time = LIMN_TIME_NONE;
        ret->message = text;
        if (text.n == 0 || text.p[0] != '{')
                return LIMN_PARSE_PLAIN;
        r = limn_json_flatten(text, LIMN_NONE, parse->arena, &fields, &used, &error);
        if (r < 0)
                return r;
        /* Behind the object: a comma or the bracket of an array that somebody made of the log. */
        LimnSlice after = r ? LIMN_NONE : limn_slice_trim(limn_slice_from(text, used));
        while (after.n && (after.p[0] == ',' || after.p[0] == ']'))
                after = limn_slice_trim(limn_slice_from(after, 1));
        if (r == 0 && after.n)
                error = (LimnJsonError){used, "text after the object"};
        bool broken = r > 0 || after.n;

        r = read_event(ret, parse, &fields);
        if (r >= 0 && !ret->message.p)
                ret->message = text;
        return r < 0 ? r : limn_json_event_end(ret, parse, &fields, broken ? &error : NULL);
}

static LimnBid bid(LimnSlice head, bool whole)
{
        static const char *const own[] = {
                "\"err_code\"", "\"err_symbol\"", "\"SQL_state\"", "\"subsystem\"", "\"label\"",
        };
        LimnTally objects = limn_text_tally(head, starts_record);
        size_t known = 0;

        if (objects.matched == 0 || !limn_json_has_key(head, "\"msg\"") ||
            !limn_json_has_key(head, "\"prio\""))
                return LIMN_BID_NO;
        for (size_t i = 0; i < sizeof own / sizeof *own; i++)
                known += limn_json_has_key(head, own[i]);
        return known >= 2 ? LIMN_BID_CERTAIN : known ? LIMN_BID_LIKELY : LIMN_BID_NO;
}

const LimnFormat limn_format_mysql_json = {
        .name = "mysql_json",
        .title = "MySQL error log as JSON (log_sink_json, 8.0 to 9)",
        .version = 1,
        .product = "mysql",
        .service = "error",
        .bid = bid,
        .starts_record = starts_record,
        .parse = parse,
};
