/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logfmt: `time=... level=info msg="..." key=value`, a record a line, its keys in any order. Keys
 * become fields; time, level, message, logger and thread are told by the names that JSON logs use.
 */
#include <errno.h>

#include "parsers/json_event.h"
#include "parsers/text.h"

static bool is_key_char(char c)
{
        return limn_ascii_alnum(c) || c == '_' || c == '.' || c == '-' || c == '@' || c == '/';
}

/* Takes `key=` off; p NULL when none stands there. */
static LimnSlice take_key(LimnSlice *s)
{
        size_t n = 0;

        while (n < s->n && n < 128 && is_key_char(s->p[n]))
                n++;
        if (n == 0 || n == s->n || s->p[n] != '=' || limn_ascii_digit(s->p[0]))
                return LIMN_NONE;
        LimnSlice key = limn_slice_to(*s, n);
        *s = limn_slice_from(*s, n + 1);
        return key;
}

/* Takes a value off; *ret_escaped when a backslash stands in its quotes. */
static LimnSlice take_value(LimnSlice *s, bool *ret_escaped)
{
        size_t n = 0;

        *ret_escaped = false;
        if (s->n == 0 || s->p[0] != '"') {
                while (n < s->n && s->p[n] != ' ' && s->p[n] != '\t')
                        n++;
                LimnSlice value = limn_slice_to(*s, n);
                *s = limn_slice_from(*s, n);
                return value;
        }
        for (n = 1; n < s->n && s->p[n] != '"'; n++) {
                if (s->p[n] == '\\') {
                        *ret_escaped = true;
                        n++;
                }
        }
        if (n > s->n)
                n = s->n;
        LimnSlice value = limn_slice(s->p + 1, n - 1);
        *s = limn_slice_from(*s, n + 1);
        return value;
}

static int unescape(LimnSlice *value, LimnArena *arena)
{
        char *p = limn_arena_alloc(arena, value->n + 1);
        size_t n = 0;

        if (!p)
                return -ENOMEM;
        for (size_t i = 0; i < value->n; i++) {
                char c = value->p[i];
                if (c == '\\' && i + 1 < value->n) {
                        c = value->p[++i];
                        c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
                }
                p[n++] = c;
        }
        *value = limn_slice(p, n);
        return 0;
}

static bool is_time(LimnSlice key)
{
        return limn_slice_eq(key, LIMN_S("time")) || limn_slice_eq(key, LIMN_S("ts")) ||
               limn_slice_eq(key, LIMN_S("timestamp")) || limn_slice_eq(key, LIMN_S("t")) ||
               limn_slice_eq(key, LIMN_S("@timestamp")) || limn_slice_eq(key, LIMN_S("at"));
}

static bool is_level(LimnSlice key)
{
        return limn_slice_eq(key, LIMN_S("level")) || limn_slice_eq(key, LIMN_S("lvl")) ||
               limn_slice_eq(key, LIMN_S("severity"));
}

static bool is_message(LimnSlice key)
{
        return limn_slice_eq(key, LIMN_S("msg")) || limn_slice_eq(key, LIMN_S("message"));
}

/* Pairs from the line's start on, with at least two of time, level and message among the first. */
static bool starts_record(LimnSlice line)
{
        bool time = false, level = false, message = false, escaped;

        line = limn_text_lead(line);
        for (unsigned i = 0; i < 8; i++) {
                LimnSlice key = take_key(&line);
                if (!key.p)
                        break;
                time |= is_time(key);
                level |= is_level(key);
                message |= is_message(key);
                take_value(&line, &escaped);
                line = limn_text_blanks(line);
        }
        return (int)time + level + message >= 2;
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        LimnSlice rest, line = limn_text_chomp(limn_text_first(record, &rest)), s = line;
        LimnFields fields = {0};
        bool escaped;
        int r = 0;

        ret->time = LIMN_TIME_NONE;
        ret->message = limn_slice_trim(line);
        if (!starts_record(line))
                return LIMN_PARSE_PLAIN;
        while (r >= 0 && s.n) {
                LimnSlice key = take_key(&s);
                LimnSlice value = take_value(&s, &escaped); /* without a key: a stray word */
                if (key.p && escaped)
                        r = unescape(&value, parse->arena);
                if (r >= 0 && key.p)
                        r = limn_fields_add(&fields, parse->arena,
                                            limn_slice_eq(key, LIMN_S("t")) ? LIMN_S("time") : key,
                                            value);
                s = limn_text_blanks(s);
        }
        if (r >= 0)
                r = limn_json_log_read(ret, parse, &fields);
        if (r >= 0 && rest.n)
                r = limn_text_add_trace(&fields, parse->arena, rest, true);
        return r < 0 ? r : limn_json_event_end(ret, parse, &fields, NULL);
}

static LimnBid bid(LimnSlice head, bool whole)
{
        LimnTally mine = limn_text_tally(head, starts_record);

        if (mine.matched == 0)
                return LIMN_BID_NO;
        return mine.matched * 2 >= mine.lines ? LIMN_BID_LIKELY : LIMN_BID_MAYBE;
}

const LimnFormat limn_format_logfmt = {
        .name = "logfmt",
        .title = "key=value lines (logfmt: Go services, operators, proxies)",
        .version = 1,
        .product = "databricks",
        .service = "gateway",
        .steady = true,
        .bid = bid,
        .starts_record = starts_record,
        .parse = parse,
};
