/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs with a JSON object a line: pino, bunyan, log4j2, logstash, ECS, zap and whatever else calls
 * its time, level and message by one of the names below. All keys become fields by dotted path,
 * and where an error object is there also `cause` and `trace`, as in gateway_log, so that a rule
 * reads both.
 */
#include <errno.h>

#include "core/json_scan.h"
#include "parsers/json_event.h"
#include "parsers/mysql_row.h"
#include "parsers/text.h"

typedef enum Role { TIME, LEVEL, MESSAGE, LOGGER, THREAD, STACK, _ROLES } Role;

/* The first name of a role that an object has is taken. */
static const struct {
        LimnSlice name;
        Role role;
} names[] = {
#define NAME(role, text) {{text, sizeof(text) - 1}, role}
        NAME(TIME, "@timestamp"), NAME(TIME, "timestamp"), NAME(TIME, "time"), NAME(TIME, "ts"),
        NAME(TIME, "timeMillis"), NAME(TIME, "datetime"), NAME(TIME, "asctime"),
        NAME(TIME, "@t"), NAME(TIME, "instant.epochSecond"), NAME(TIME, "t.$date"),
        NAME(TIME, "date"),
        NAME(LEVEL, "level"), NAME(LEVEL, "log.level"), NAME(LEVEL, "severity"),
        NAME(LEVEL, "levelname"), NAME(LEVEL, "lvl"), NAME(LEVEL, "log_level"),
        NAME(LEVEL, "loglevel"), NAME(LEVEL, "@l"), NAME(LEVEL, "severity_text"),
        NAME(MESSAGE, "message"), NAME(MESSAGE, "msg"), NAME(MESSAGE, "short_message"),
        NAME(MESSAGE, "@message"), NAME(MESSAGE, "@m"), NAME(MESSAGE, "text"),
        NAME(MESSAGE, "log"), NAME(MESSAGE, "body"), NAME(MESSAGE, "event"),
        NAME(MESSAGE, "textPayload"), NAME(MESSAGE, "jsonPayload.message"),
        NAME(MESSAGE, "jsonPayload.msg"), NAME(MESSAGE, "fields.message"),
        NAME(LOGGER, "logger"), NAME(LOGGER, "logger_name"), NAME(LOGGER, "loggerName"),
        NAME(LOGGER, "log.logger"), NAME(LOGGER, "logger.name"), NAME(LOGGER, "category"),
        NAME(LOGGER, "module"), NAME(LOGGER, "name"),
        NAME(THREAD, "thread"), NAME(THREAD, "thread_name"), NAME(THREAD, "threadName"),
        NAME(THREAD, "process.thread.name"), NAME(THREAD, "thread.name"),
        NAME(STACK, "err.stack"), NAME(STACK, "error.stack"), NAME(STACK, "error.stack_trace"),
        NAME(STACK, "thrown.extendedStackTrace"), NAME(STACK, "stack_trace"),
        NAME(STACK, "stacktrace"), NAME(STACK, "stackTrace"), NAME(STACK, "stack"),
        NAME(STACK, "exception.stacktrace"), NAME(STACK, "exception.stackTrace"),
        NAME(STACK, "exception.stack"), NAME(STACK, "exception.stack_trace"),
        NAME(STACK, "exc_info"), NAME(STACK, "exception"), NAME(STACK, "@x"),
#undef NAME
};

/* How deep a name is in the chain of causes of an error object: `err.cause.cause.message` is 2. */
static size_t cause_depth(LimnSlice name)
{
        static const LimnSlice objects[] = {
                {"err.", 4}, {"error.", 6}, {"exception.", 10}, {"thrown.", 7},
        };
        size_t depth = 0, i = 0;

        while (i < sizeof objects / sizeof *objects && !limn_slice_starts(name, objects[i]))
                i++;
        if (i == sizeof objects / sizeof *objects)
                return 0;
        if (!limn_slice_ends(name, LIMN_S(".message")))
                return 0;
        for (i = limn_slice_chr(name, '.'); i < name.n;) {
                LimnSlice rest = limn_slice_from(name, i + 1);
                size_t n = limn_slice_chr(rest, '.');
                LimnSlice part = limn_slice_to(rest, n);
                depth += limn_slice_eq(part, LIMN_S("cause")) ||
                         limn_slice_eq(part, LIMN_S("causedBy")) ||
                         limn_slice_eq(part, LIMN_S("caused_by"));
                i += 1 + n;
        }
        return depth;
}

/* The error of slog, zap, zerolog or logrus is a text; of others an object without a chain. */
static bool is_error_text(LimnSlice name)
{
        static const LimnSlice names_of_text[] = {
                {"err", 3}, {"error", 5}, {"err.message", 11}, {"error.message", 13},
                {"exception.message", 17}, {"thrown.message", 14}, {"error_message", 13},
                {"errorMessage", 12}, {"errmsg", 6},
        };

        for (size_t i = 0; i < sizeof names_of_text / sizeof *names_of_text; i++)
                if (limn_slice_eq(name, names_of_text[i]))
                        return true;
        return false;
}

static int add_cause(LimnFields *fields, LimnArena *arena, LimnSlice stack)
{
        LimnSlice cause = LIMN_NONE, text = LIMN_NONE;
        size_t deepest = 0;

        for (size_t i = 0; i < fields->n; i++) {
                size_t depth = cause_depth(fields->at[i].name);
                if (depth > deepest && fields->at[i].value.n) {
                        deepest = depth;
                        cause = fields->at[i].value;
                }
                if (!text.p && fields->at[i].value.n && is_error_text(fields->at[i].name))
                        text = fields->at[i].value;
        }
        if (!cause.p)
                cause = limn_text_cause(stack);
        if (!cause.p)
                cause = text;
        return limn_text_field(fields, arena, LIMN_S("cause"), cause);
}

/* Nanoseconds of log4j2's instant, added to its seconds. */
static void add_nanos(LimnEvent *event, const LimnFields *fields)
{
        long long nanos;

        for (size_t i = 0; i < fields->n; i++)
                if (limn_slice_eq(fields->at[i].name, LIMN_S("instant.nanoOfSecond")) &&
                    limn_slice_i64(fields->at[i].value, &nanos) && nanos >= 0 &&
                    nanos < 1000000000)
                        event->time += nanos / 1000;
}

int limn_json_log_read(LimnEvent *event, LimnParse *parse, LimnFields *fields)
{
        enum { COUNT = sizeof names / sizeof *names };
        size_t best[_ROLES], at[_ROLES];
        LimnSlice value[_ROLES] = {{0}};
        int r;

        for (size_t role = 0; role < _ROLES; role++)
                best[role] = COUNT;
        for (size_t i = 0; i < fields->n; i++) {
                LimnSlice name = fields->at[i].name;
                for (size_t j = 0; j < COUNT; j++) {
                        Role role = names[j].role;
                        if (name.n != names[j].name.n || j >= best[role] ||
                            memcmp(name.p, names[j].name.p, name.n) != 0)
                                continue;
                        if (!fields->at[i].value.n)
                                break;
                        best[role] = j;
                        at[role] = i;
                        value[role] = fields->at[i].value;
                        break;
                }
        }
        if (limn_json_event_time(event, parse, value[TIME]) && best[TIME] < COUNT &&
            limn_slice_eq(names[best[TIME]].name, LIMN_S("instant.epochSecond")))
                add_nanos(event, fields);
        event->level_raw = value[LEVEL];
        event->level = limn_level_from_word(limn_slice_trim(value[LEVEL]));
        event->logger = value[LOGGER];
        event->thread = value[THREAD];

        /* Of a message of several lines the first is the message, as in a text log. */
        LimnSlice stack = value[STACK], rest = value[MESSAGE];
        if (rest.p) {
                event->message = limn_text_chomp(limn_text_first(rest, &rest));
                if (!stack.p)
                        stack = limn_text_trace(rest);
        }
        /* A name that the event has itself would be read from there and nowhere else. */
        for (size_t role = 0; role < STACK; role++) {
                static const LimnSlice own[] = {
                        {"time", 4}, {"level", 5}, {"message", 7}, {"logger", 6}, {"thread", 6}};
                if (value[role].p && limn_slice_eq(fields->at[at[role]].name, own[role]))
                        fields->at[at[role]].name = LIMN_NONE;
        }
        r = add_cause(fields, parse->arena, stack);
        if (r < 0)
                return r;
        return limn_text_field(fields, parse->arena, LIMN_S("trace"), stack);
}

static bool is_object(LimnSlice line)
{
        line = limn_slice_trim(line);
        return line.n > 4 && line.p[0] == '{' && line.p[line.n - 1] == '}' &&
               limn_slice_trim(limn_slice_from(line, 1)).p[0] == '"';
}

/* Every line, but for those within an object that was printed over several (log4j2's JsonLayout
 * does so unless told otherwise): they are indented, or close it. */
static bool starts_record(LimnSlice line)
{
        if (line.n == 0)
                return true;
        if (line.p[0] == '}' || line.p[0] == ']')
                return false;
        return (line.p[0] != ' ' && line.p[0] != '\t') || is_object(line);
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
        LimnSlice after = r ? LIMN_NONE : limn_text_blanks(limn_slice_from(text, used));
        /* Below the object: a trace that was not put into it; commas between objects are none. */
        if (limn_slice_starts(after, LIMN_S(",")))
                after = limn_text_blanks(limn_slice_from(after, 1));
        bool below = after.n && (after.p[0] == '\n' || after.p[0] == '\r');
        bool broken = r > 0 || (after.n && !below);
        if (r == 0 && broken)
                error = (LimnJsonError){used, "text after the object"};
        if (below && limn_text_add_trace(&fields, parse->arena, after, true) < 0)
                return -ENOMEM;

        r = limn_mysql_row_read(ret, parse, &fields) ? 0 : limn_json_log_read(ret, parse, &fields);
        return r < 0 ? r : limn_json_event_end(ret, parse, &fields, broken ? &error : NULL);
}

static bool opens_object(LimnSlice line)
{
        return line.n > 0 && line.p[0] == '{' && limn_text_chomp(line).n == 1;
}

/* Objects over several lines, of a log: with a message and a level. */
static bool is_printed_log(LimnSlice head)
{
        return limn_text_tally(head, opens_object).matched > 0 && opens_object(
                       limn_slice_to(head, limn_slice_chr(head, '\n'))) &&
               (limn_json_has_key(head, "\"message\"") || limn_json_has_key(head, "\"msg\"")) &&
               (limn_json_has_key(head, "\"level\"") || limn_json_has_key(head, "\"severity\"") ||
                limn_json_has_key(head, "\"log.level\"") ||
                limn_json_has_key(head, "\"levelname\"")) &&
               !limn_json_looks_pipeline(head);
}

static LimnBid bid(LimnSlice head, bool whole)
{
        static const char *const says[] = {
                "\"msg\"", "\"message\"", "\"level\"", "\"log.level\"", "\"severity\"",
                "\"@message\"", "\"short_message\"", "\"log\"", "\"@m\"",
        };
        LimnTally objects = limn_text_tally(head, is_object);
        size_t known = 0;

        if (is_printed_log(head))
                return LIMN_BID_LIKELY;
        if (objects.matched == 0 || objects.matched * 2 < objects.lines)
                return LIMN_BID_NO;
        for (size_t i = 0; i < sizeof says / sizeof *says; i++)
                known += limn_json_has_key(head, says[i]);
        if (known >= 1)
                return LIMN_BID_LIKELY;
        return objects.matched > 1 ? LIMN_BID_MAYBE : LIMN_BID_NO;
}

const LimnFormat limn_format_json_lines = {
        .name = "json_lines",
        .title = "JSON log lines (pino, bunyan, log4j2, logstash, ECS, zap)",
        .version = 2,
        .product = "databricks",
        .service = "gateway",
        .steady = true,
        .bid = bid,
        .starts_record = starts_record,
        .parse = parse,
};
