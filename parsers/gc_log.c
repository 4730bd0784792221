/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Garbage collector logs of the JVM, as far as they show when it stood still: unified logging
 * (JDK 9 on) and the older form.
 *
 *   [2026-11-22T07:24:02.399+0000][12.3s][info][gc] GC(3) Pause Full (Ergonomics) 240M->238M(256M)
 *   812.3ms
 *   2026-11-22T07:24:02.399+0000: 12.345: [Full GC (Ergonomics)  240K->238K(256K), 0.8123 secs]
 *
 * Fields: uptime (seconds), tags, gc_id, pause (what kind), pause_ms, heap_before, heap_after,
 * heap_size. Without a date a line has no time.
 */
#include <errno.h>
#include <stdio.h>

#include "parsers/text.h"

typedef struct Head {
        LimnStamp stamp;
        LimnSlice stamp_raw, uptime, level, tags;
        LimnSlice millis; /* since the start, or since 1970 */
        bool unified;
        LimnSlice rest;
} Head;

/* Where twelve digits of milliseconds stand, they count from 1970: no JVM runs so long. */
#define EPOCH_DIGITS 12

/* `12.345s`, in the older form `12.345`; `12,345s` where the locale writes it so. */
static bool is_uptime(LimnSlice s, LimnSlice unit)
{
        size_t n = limn_text_digits(s);

        if (n == 0)
                return false;
        if (n < s.n && (s.p[n] == '.' || s.p[n] == ','))
                n += 1 + limn_text_digits(limn_slice_from(s, n + 1));
        return limn_slice_eq(limn_slice_from(s, n), unit);
}

/* `578ms`, `103118962ns`. */
static bool is_count(LimnSlice s, LimnSlice unit)
{
        size_t n = limn_text_digits(s);

        return n && n < 19 && limn_slice_eq(limn_slice_from(s, n), unit);
}

/* What begins a line of the older form behind its stamps, or without any. */
static bool is_collection(LimnSlice line)
{
        return limn_slice_starts(line, LIMN_S("[GC")) ||
               limn_slice_starts(line, LIMN_S("[Full GC"));
}

static bool is_tag(LimnSlice s)
{
        return limn_slice_starts(s, LIMN_S("gc")) || limn_slice_starts(s, LIMN_S("safepoint"));
}

static bool read_unified(LimnSlice line, Head *ret)
{
        bool nanos = false;

        *ret = (Head){.unified = true};
        /* Java's default: neither date nor uptime; what was collected, and how long it took. */
        if (is_collection(line)) {
                *ret = (Head){.rest = limn_slice_trim(line)};
                return limn_slice_find(line, LIMN_S(" secs]")) < line.n;
        }
        while (line.n && line.p[0] == '[') {
                size_t end = limn_slice_chr(line, ']');
                LimnSlice in = limn_slice_trim(limn_slice(line.p + 1, end - 1));
                LimnStamp stamp;
                if (end == line.n || end > 80)
                        return false;
                if (!ret->stamp_raw.p && limn_stamp_iso(in, &stamp) == in.n) {
                        ret->stamp = stamp;
                        ret->stamp_raw = in;
                } else if (!ret->uptime.p && is_uptime(in, LIMN_S("s"))) {
                        ret->uptime = limn_slice_to(in, in.n - 1);
                } else if (!ret->millis.p && is_count(in, LIMN_S("ms"))) {
                        ret->millis = limn_slice_to(in, in.n - 2);
                } else if (is_count(in, LIMN_S("ns"))) {
                        nanos = true;
                } else if (is_tag(in)) {
                        ret->tags = in;
                } else if (limn_level_from_word(in) != LIMN_LEVEL_NONE) {
                        ret->level = in;
                }
                line = limn_slice_from(line, end + 1);
        }
        ret->rest = limn_slice_trim(line);
        /* Without tags where -Xlog's decorations leave them out. */
        return (ret->tags.p || limn_slice_starts(ret->rest, LIMN_S("GC(")) ||
                limn_slice_starts(ret->rest, LIMN_S("Allocation Stall ("))) &&
               (ret->stamp_raw.p || ret->uptime.p || ret->millis.p || nanos);
}

/* `stamp: uptime: [GC` or either of the two alone. */
static bool read_older(LimnSlice line, Head *ret)
{
        size_t n;

        *ret = (Head){0};
        if ((n = limn_stamp_iso(line, &ret->stamp)) && n < line.n && line.p[n] == ':') {
                ret->stamp_raw = limn_slice_to(line, n);
                line = limn_text_blanks(limn_slice_from(line, n + 1));
        }
        n = limn_slice_chr(line, ':');
        if (n < 24 && n < line.n && is_uptime(limn_slice_to(line, n), LIMN_S(""))) {
                ret->uptime = limn_slice_to(line, n);
                line = limn_text_blanks(limn_slice_from(line, n + 1));
        }
        ret->rest = limn_slice_trim(line);
        return (ret->stamp_raw.p || ret->uptime.p) &&
               (is_collection(line) ||
                limn_slice_starts(line, LIMN_S("[CMS")) ||
                limn_slice_starts(line, LIMN_S("Total time for which application threads")) ||
                limn_slice_starts(line, LIMN_S("Application time:")));
}

static bool read_head(LimnSlice line, Head *ret)
{
        return line.n && (line.p[0] == '[' ? read_unified(line, ret) : read_older(line, ret));
}

static bool starts_record(LimnSlice line)
{
        Head head;

        return read_head(limn_text_lead(line), &head);
}

/* `240M->238M(256M)`: the first of a line, or, in the older form, the last, which is the heap's. */
static void find_heap(LimnSlice s, bool last, LimnSlice ret[3])
{
        /* What stands behind the heap's own figures is of other spaces. */
        s = limn_slice_to(s, limn_slice_find(s, LIMN_S("[Metaspace")));
        s = limn_slice_to(s, limn_slice_find(s, LIMN_S("Perm")));
        for (size_t i = 1; i + 2 < s.n; i++) {
                if (s.p[i] != '-' || s.p[i + 1] != '>')
                        continue;
                size_t from = i, to = i + 2;
                while (from && limn_ascii_alnum(s.p[from - 1]))
                        from--;
                while (to < s.n && limn_ascii_alnum(s.p[to]))
                        to++;
                if (from == i || to == i + 2 || !limn_ascii_digit(s.p[from]))
                        continue;
                ret[0] = limn_slice(s.p + from, i - from);
                ret[1] = limn_slice(s.p + i + 2, to - i - 2);
                ret[2] = LIMN_NONE;
                if (to < s.n && s.p[to] == '(') {
                        LimnSlice in = limn_slice_from(s, to + 1);
                        ret[2] = limn_slice_to(in, limn_slice_chr(in, ')'));
                }
                if (!last)
                        return;
        }
}

/* The number before ` secs`, or before `ms` at the end, as milliseconds in the arena. */
static int find_pause(const Head *head, LimnArena *arena, LimnSlice *ret)
{
        LimnSlice s = head->rest;
        size_t end = s.n, from;

        /* How long the program ran between two pauses. */
        if (limn_slice_starts(s, LIMN_S("Application time:")))
                return 0;
        if (head->unified) {
                if (!limn_slice_ends(s, LIMN_S("ms")))
                        return 0;
                end -= 2;
                for (from = end; from && (limn_ascii_digit(s.p[from - 1]) ||
                                          s.p[from - 1] == '.' || s.p[from - 1] == ',');)
                        from--;
                if (from < end)
                        *ret = limn_slice(s.p + from, end - from);
                return 0;
        }
        end = limn_slice_find(s, LIMN_S("[Times:"));
        s = limn_slice_to(s, end);
        size_t at = s.n;
        for (LimnSlice rest = s;;) {
                size_t next = limn_slice_find(rest, LIMN_S(" sec"));
                if (next == rest.n)
                        break;
                at = (size_t)(rest.p - s.p) + next;
                rest = limn_slice_from(rest, next + 1);
                if (limn_slice_starts(s, LIMN_S("Total time")))
                        break;
        }
        if (at == s.n)
                return 0;
        long long whole = 0, fraction = 0, scale = 1000000;
        for (from = at; from && (limn_ascii_digit(s.p[from - 1]) || s.p[from - 1] == '.');)
                from--;
        LimnSlice number = limn_slice(s.p + from, at - from);
        size_t dot = limn_slice_chr(number, '.');
        if (dot > 9 || !limn_slice_i64(limn_slice_to(number, dot), &whole))
                return 0;
        for (size_t i = dot + 1; i < number.n && limn_ascii_digit(number.p[i]) && scale > 1; i++) {
                scale /= 10;
                fraction += (number.p[i] - '0') * scale;
        }
        char text[48];
        int n = snprintf(text, sizeof text, "%lld.%03lld", whole * 1000 + fraction / 1000,
                         fraction % 1000);
        *ret = limn_arena_dup(arena, limn_slice(text, (size_t)n));
        return ret->p ? 0 : -ENOMEM;
}

/* `Pause Full (Ergonomics)`, `Full GC (Ergonomics)`: what stopped the program. */
static LimnSlice find_kind(const Head *head, LimnSlice rest)
{
        size_t n = 0;

        if (!head->unified) {
                if (rest.n == 0 || rest.p[0] != '[')
                        return LIMN_NONE;
                rest = limn_slice_from(rest, 1);
                n = limn_slice_chr(rest, ')');
                n = n < rest.n && n < 100 ? n + 1 : limn_slice_chr(rest, ' ');
                return limn_slice_to(rest, n);
        }
        if (!limn_slice_starts(rest, LIMN_S("Pause ")))
                return LIMN_NONE;
        while (n < rest.n && !(rest.p[n] == ' ' && n + 1 < rest.n &&
                               limn_ascii_digit(rest.p[n + 1])))
                n++;
        return limn_slice_to(rest, n);
}

/* A decimal comma as a dot, so that rules can compare. */
static int with_dot(LimnSlice *number, LimnArena *arena)
{
        size_t comma = number->p ? limn_slice_chr(*number, ',') : 0;

        if (!number->p || comma == number->n)
                return 0;
        LimnSlice copy = limn_arena_dup(arena, *number);
        if (!copy.p)
                return -ENOMEM;
        ((char *)copy.p)[comma] = '.';
        *number = copy;
        return 0;
}

/* Milliseconds: a time, or seconds since the start. */
static int set_millis(LimnEvent *event, Head *head, LimnArena *arena)
{
        long long millis;
        char text[32];

        if (!head->millis.p || !limn_slice_i64(head->millis, &millis))
                return 0;
        if (head->millis.n >= EPOCH_DIGITS) {
                if (head->stamp_raw.p || millis > INT64_MAX / 2000)
                        return 0;
                event->time = millis * 1000;
                event->time_basis = LIMN_BASIS_STATED;
                event->time_raw = head->millis;
                return 0;
        }
        if (head->uptime.p)
                return 0;
        int n = snprintf(text, sizeof text, "%lld.%03lld", millis / 1000, millis % 1000);
        head->uptime = limn_arena_dup(arena, limn_slice(text, (size_t)n));
        return head->uptime.p ? 0 : -ENOMEM;
}

static int add_fields(const Head *head, LimnArena *arena, LimnFields *fields)
{
        LimnSlice heap[3] = {{0}}, pause = LIMN_NONE, id = LIMN_NONE, rest = head->rest;
        int r = find_pause(head, arena, &pause);

        if (r >= 0)
                r = with_dot(&pause, arena);
        if (r < 0)
                return r;
        if (limn_slice_starts(rest, LIMN_S("GC("))) {
                size_t end = limn_slice_chr(rest, ')');
                id = limn_slice_to(limn_slice_from(rest, 3), end - 3);
                rest = limn_text_blanks(limn_slice_from(rest, end + 1));
        }
        LimnSlice kind = find_kind(head, rest);
        find_heap(rest, !head->unified, heap);
        const struct {
                LimnSlice name, value;
        } rows[] = {
                {LIMN_S("uptime"), head->uptime},   {LIMN_S("tags"), head->tags},
                {LIMN_S("gc_id"), id},              {LIMN_S("pause"), kind},
                {LIMN_S("pause_ms"), kind.p || !head->unified ? pause : LIMN_NONE},
                {LIMN_S("heap_before"), heap[0]},   {LIMN_S("heap_after"), heap[1]},
                {LIMN_S("heap_size"), heap[2]},
        };
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                r = limn_text_field(fields, arena, rows[i].name, rows[i].value);
                if (r < 0)
                        return r;
        }
        return 0;
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        LimnSlice rest, line = limn_text_chomp(limn_text_first(record, &rest));
        LimnFields fields = {0};
        Head head;
        int r;

        ret->time = LIMN_TIME_NONE;
        if (!read_head(line, &head)) {
                ret->message = limn_slice_trim(line);
                return LIMN_PARSE_PLAIN;
        }
        if (head.stamp_raw.p)
                limn_event_set_stamp(ret, parse, &head.stamp, head.stamp_raw);
        ret->level_raw = head.level;
        ret->level = limn_level_from_word(head.level);
        ret->component = LIMN_S("gc");
        ret->message = head.rest;
        r = set_millis(ret, &head, parse->arena);
        if (r >= 0)
                r = with_dot(&head.uptime, parse->arena);
        if (r >= 0)
                r = add_fields(&head, parse->arena, &fields);
        if (r >= 0 && rest.n)
                r = limn_text_add_trace(&fields, parse->arena, rest, false);
        if (r < 0)
                return r;
        limn_event_take_fields(ret, &fields);
        return LIMN_PARSED;
}

static LimnBid bid(LimnSlice head, bool whole)
{
        LimnTally mine = limn_text_tally(head, starts_record);

        if (mine.matched == 0)
                return LIMN_BID_NO;
        return mine.matched * 2 >= mine.lines ? LIMN_BID_CERTAIN : LIMN_BID_MAYBE;
}

const LimnFormat limn_format_gc_log = {
        .name = "gc_log",
        .title = "JVM garbage collector logs: unified (JDK 9 on) and older",
        .version = 3,
        .product = "jvm",
        .service = "gc",
        .bid = bid,
        .starts_record = starts_record,
        .parse = parse,
};
