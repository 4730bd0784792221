/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/wrapped.h"

#include <errno.h>

#include "core/limits.h"
#include "parsers/text.h"

/* A record's end is looked for no further: what a shipper interleaves is far shorter. */
#define RECORD_MAX (512 * 1024)
/* How much of an inner line is looked at to see whether it begins a record. */
#define BEGINNING 512
/* Decoded text of one envelope while records are cut: a piece of Docker's is at most 16 KiB. */
#define ROOM_MAX (20 * 1024)
/* Between the inner stamp and the envelope's: what a busy machine takes to pass a line on. */
#define DELAY_MAX (5 * LIMN_SECOND)

/* Room for the largest inner state; a test holds that there is. */
#define INNER_STATE 64

/* What is remembered beside the inner format's own state. */
typedef struct Memory {
        LimnTime last;     /* the last inner time: the year of envelopes that have none */
        LimnDuration zone; /* of the envelopes' stamps, once an inner one told it */
        uint8_t known, zone_known;
} Memory;

static bool unwrap(const LimnWrapper *wrapper, LimnSlice line, LimnRoom *room, LimnWrapped *ret)
{
        *ret = (LimnWrapped){0};
        /* Blanks at the end may be within a line that goes on. */
        while (line.n && (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\r'))
                line.n--;
        return line.n > 0 && wrapper->unwrap(line, room, ret);
}

/* Servers that give the stamp to their syslog: the inner line begins with the level, or at once. */
static bool is_server(LimnSlice program)
{
        static const LimnSlice names[] = {
                {"mysqld", 6}, {"mariadbd", 8}, {"mariadb", 7}, {"mysql", 5},
        };
        size_t slash = program.n;

        while (slash > 0 && program.p[slash - 1] != '/')
                slash--;
        program = limn_slice_from(program, slash);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
                if (limn_slice_starts(program, names[i]))
                        return true;
        return false;
}

/* Without the stamp that the inner format looks for, because the envelope has it? */
static bool begins_bare(const LimnFormat *inner, const LimnWrapped *wrapped)
{
        static const char stamp[] = "2000-01-01T00:00:00.000000Z ";
        char text[sizeof stamp + BEGINNING];
        size_t n = wrapped->text.n < BEGINNING ? wrapped->text.n : BEGINNING;

        if (n == 0 || limn_ascii_space(wrapped->text.p[0]) || !wrapped->time_raw.p)
                return false;
        if (strcmp(inner->service, "error") == 0 && !is_server(wrapped->program))
                return false;
        memcpy(text, stamp, sizeof stamp - 1);
        memcpy(text + sizeof stamp - 1, wrapped->text.p, n);
        return inner->starts_record(limn_slice(text, sizeof stamp - 1 + n));
}

static bool begins(const LimnFormat *inner, const LimnWrapped *wrapped)
{
        return inner->starts_record(limn_slice_to(wrapped->text, LIMN_LINE_HEAD)) ||
               begins_bare(inner, wrapped);
}

/* The first line of `bytes` with its line feed; 0: it does not end in them. */
static size_t line_of(LimnSlice bytes, bool last)
{
        size_t n = limn_slice_chr(bytes, '\n');
        return n < bytes.n ? n + 1 : last ? bytes.n : 0;
}

static size_t frame(const LimnWrapper *wrapper, const LimnFormat *inner, LimnSlice bytes, bool last)
{
        char memory[ROOM_MAX];
        LimnWrapped first, next;
        size_t pos = line_of(bytes, last);

        if (pos == 0)
                return 0;
        LimnRoom room = {memory, 0, sizeof memory};
        if (!unwrap(wrapper, limn_slice_to(bytes, pos), &room, &first))
                return pos;
        bool open = first.noise || begins(inner, &first), partial = first.partial;
        while (pos < bytes.n && pos < RECORD_MAX) {
                LimnSlice rest = limn_slice_from(bytes, pos);
                size_t n = line_of(rest, last);
                if (n == 0)
                        return 0;
                room = (LimnRoom){memory, 0, sizeof memory};
                if (unwrap(wrapper, limn_slice_to(rest, n), &room, &next)) {
                        if (!next.noise && !limn_slice_eq(first.writer, next.writer))
                                return pos;
                        if (!next.noise && !partial &&
                            (!open || first.noise || begins(inner, &next)))
                                return pos;
                        if (!next.noise)
                                partial = next.partial;
                } else if (!open) {
                        return pos; /* else a line feed inside a message that was not escaped */
                }
                pos += n;
        }
        return pos < bytes.n || last ? pos : 0;
}

/* The lines inside a record, put together; *ret_first is the first envelope. */
static int unwrap_all(const LimnWrapper *wrapper, LimnSlice record, LimnArena *arena,
                      LimnWrapped *ret_first, LimnSlice *ret_text)
{
        size_t max = record.n + LIMN_WRAPPED_MORE;
        LimnRoom room = {limn_arena_alloc(arena, max), 0, max};
        char *text = limn_arena_alloc(arena, max);
        LimnSlice rest = record, line;
        bool partial = true, any = false;
        size_t n = 0;

        if (!room.p || !text)
                return -ENOMEM;
        *ret_first = (LimnWrapped){0};
        while (limn_slice_line(&rest, &line)) {
                LimnWrapped wrapped;
                room.n = 0;
                bool is = unwrap(wrapper, line, &room, &wrapped);
                if (is && wrapped.noise)
                        continue;
                if (!is)
                        wrapped.text = limn_text_chomp(line);
                if (is && !any) {
                        *ret_first = wrapped;
                        any = true;
                }
                /* The text is never longer than its line, but a line feed is added to it. */
                if (!partial && n < max)
                        text[n++] = '\n';
                if (wrapped.text.n > max - n)
                        wrapped.text.n = max - n;
                if (wrapped.text.n)
                        memcpy(text + n, wrapped.text.p, wrapped.text.n);
                n += wrapped.text.n;
                partial = is && wrapped.partial;
        }
        *ret_text = limn_slice(text, n);
        return 0;
}

/* The envelope's own time, as an event would have it. */
static LimnEvent envelope_time(const LimnWrapped *wrapped, const LimnParse *parse)
{
        LimnEvent event = {.time = LIMN_TIME_NONE};

        if (wrapped->stated) {
                event.time = wrapped->time;
                event.time_basis = LIMN_BASIS_STATED;
                event.time_raw = wrapped->time_raw;
        } else if (wrapped->time_raw.p) {
                limn_event_set_stamp(&event, parse, &wrapped->stamp, wrapped->time_raw);
        }
        return event;
}

static void take_time(LimnEvent *event, const LimnEvent *envelope, const Memory *memory)
{
        if (!envelope->time_raw.p)
                return;
        event->time = envelope->time;
        event->time_basis = envelope->time_basis;
        event->time_raw = envelope->time_raw;
        event->quality |= envelope->quality;
        if (memory->zone_known && event->time_basis == LIMN_BASIS_ASSUMED &&
            event->time > LIMN_DAY && memory->zone < LIMN_DAY && memory->zone > -LIMN_DAY) {
                event->time -= memory->zone;
                event->time_basis = LIMN_BASIS_STATED;
        }
}

/* How far east of `stated` the clock of `naive` is, if it can be told: one of the two is written a
 * moment after the other. */
static bool zone_between(LimnTime naive, LimnTime stated, LimnDuration early, LimnDuration late,
                         LimnDuration *ret)
{
        const LimnDuration quarter = 15 * LIMN_MINUTE;

        if (naive < 0 || stated < 0 || naive > INT64_MAX / 2 || stated > INT64_MAX / 2)
                return false;
        LimnDuration away = naive - stated;
        LimnDuration zone = (away + (away < 0 ? -quarter / 2 : quarter / 2)) / quarter * quarter;
        if (zone > 14 * LIMN_HOUR || zone < -14 * LIMN_HOUR || away - zone < early ||
            away - zone > late)
                return false;
        *ret = zone;
        return true;
}

/* One of the two says its zone, the other does not: does it tell? */
static void settle_zone(LimnEvent *event, const LimnEvent *envelope, Memory *memory)
{
        LimnDuration zone;

        if (event->time_basis == LIMN_BASIS_ASSUMED && envelope->time_basis == LIMN_BASIS_STATED) {
                if (!zone_between(event->time, envelope->time, -DELAY_MAX, LIMN_SECOND, &zone))
                        return;
                event->time -= zone;
                event->time_basis = LIMN_BASIS_STATED;
        } else if (event->time_basis == LIMN_BASIS_STATED &&
                   envelope->time_basis == LIMN_BASIS_ASSUMED) {
                if (!zone_between(envelope->time, event->time, -LIMN_SECOND, DELAY_MAX, &zone))
                        return;
                memory->zone = zone;
                memory->zone_known = 1;
        }
}

static int add_fields(LimnEvent *event, LimnArena *arena, const LimnWrapped *wrapped)
{
        LimnFields fields = {0};
        int r = 0;

        for (size_t i = 0; i < event->n_fields && r >= 0; i++)
                r = limn_fields_add(&fields, arena, event->fields[i].name, event->fields[i].value);
        if (r >= 0)
                r = limn_text_field(&fields, arena, LIMN_S("wrapper.host"), wrapped->host);
        if (r >= 0)
                r = limn_text_field(&fields, arena, LIMN_S("wrapper.program"), wrapped->program);
        if (r >= 0)
                r = limn_text_field(&fields, arena, LIMN_S("wrapper.pid"), wrapped->pid);
        if (r >= 0)
                r = limn_text_field(&fields, arena, LIMN_S("wrapper.stream"), wrapped->stream);
        limn_event_take_fields(event, &fields);
        return r;
}

/* The inner line with the envelope's stamp before it. */
static int with_stamp(LimnSlice text, LimnTime time, LimnArena *arena, LimnSlice *ret)
{
        char stamp[LIMN_TIME_ISO_MAX];
        LimnSlice head = limn_slice_str(
                limn_time_iso_str(time == LIMN_TIME_NONE ? 0 : time, stamp));
        char *p = limn_arena_alloc(arena, head.n + 1 + text.n);

        if (!p)
                return -ENOMEM;
        memcpy(p, head.p, head.n);
        p[head.n] = ' ';
        if (text.n)
                memcpy(p + head.n + 1, text.p, text.n);
        *ret = limn_slice(p, head.n + 1 + text.n);
        return 0;
}

static int parse_wrapped(const LimnWrapper *wrapper, const LimnFormat *inner, LimnSlice record,
                         LimnParse *parse, LimnEvent *ret)
{
        unsigned char before[LIMN_STATE_MAX];
        LimnEvent event = {.time = LIMN_TIME_NONE};
        LimnParse with = *parse;
        LimnWrapped wrapped;
        LimnSlice text, given;
        Memory memory;
        int r = unwrap_all(wrapper, record, parse->arena, &wrapped, &text);

        ret->time = LIMN_TIME_NONE;
        if (r < 0)
                return r;
        if (text.n == 0 && !wrapped.time_raw.p) { /* punctuation alone */
                LimnSlice lines = record;
                while (ret->message.n == 0 && limn_slice_line(&lines, &ret->message))
                        ret->message = limn_slice_trim(ret->message);
                return LIMN_PARSE_PLAIN;
        }
        memcpy(&memory, (char *)parse->state + INNER_STATE, sizeof memory);
        if (with.reference == LIMN_TIME_NONE && memory.known)
                with.reference = memory.last;
        LimnEvent envelope = envelope_time(&wrapped, &with);
        LimnSlice line = limn_slice_to(text, limn_slice_chr(text, '\n'));
        LimnWrapped seen = wrapped;
        seen.text = line;
        bool bare = !inner->starts_record(limn_slice_to(line, LIMN_LINE_HEAD)) &&
                    begins_bare(inner, &seen);
        given = text;
        if (bare)
                r = with_stamp(text, envelope.time, parse->arena, &given);
        if (r < 0)
                return r;
        /* A stamp that stands for none must not be remembered as the last one. */
        bool forget = bare && envelope.time == LIMN_TIME_NONE;
        if (forget && inner->state_size)
                memcpy(before, parse->state, inner->state_size);
        event.record = given;
        r = inner->parse(given, parse, &event);
        if (r < 0)
                return r;
        if (forget && inner->state_size)
                memcpy(parse->state, before, inner->state_size);
        event.record = record;
        event.text = text;
        if (bare) {
                event.time = LIMN_TIME_NONE;
                event.time_basis = LIMN_BASIS_NONE;
                event.time_raw = LIMN_NONE;
        }
        if (bare || event.time == LIMN_TIME_NONE || event.time_basis == LIMN_BASIS_INHERITED)
                take_time(&event, &envelope, &memory);
        else
                settle_zone(&event, &envelope, &memory);
        if (event.time != LIMN_TIME_NONE && event.time > 0 && event.time < INT64_MAX / 2) {
                memory.last = event.time;
                memory.known = 1;
        }
        memcpy((char *)parse->state + INNER_STATE, &memory, sizeof memory);
        if (event.level == LIMN_LEVEL_NONE)
                event.level = wrapped.level;
        *ret = event;
        int added = add_fields(ret, parse->arena, &wrapped);
        return added < 0 ? added : r;
}

static LimnBid no_bid(LimnSlice head, bool whole)
{
        return LIMN_BID_NO; /* limn_wrapped_detect() speaks for all of them */
}

/* X(wrapper, inner, product, service, steady): every pair, with what the inner format says. */
#define INNERS(X, wrapper)                                        \
        X(wrapper, gateway_log, "databricks", "gateway", true)    \
        X(wrapper, json_lines, "databricks", "gateway", true)     \
        X(wrapper, mysql_error, "mysql", "error", false)          \
        X(wrapper, mysql_general, "mysql", "general", false)      \
        X(wrapper, mysql_json, "mysql", "error", false)           \
        X(wrapper, plain, "", "", false)

#define X(wrapper, inner_, product_, service_, steady_)                                         \
        extern const LimnFormat limn_format_##inner_;                                           \
        static size_t frame_##wrapper##_##inner_(LimnSlice bytes, bool last, void *state)       \
        {                                                                                       \
                return frame(&limn_wrapper_##wrapper, &limn_format_##inner_, bytes, last);      \
        }                                                                                       \
        static int parse_##wrapper##_##inner_(LimnSlice record, LimnParse *parse,               \
                                              LimnEvent *ret)                                   \
        {                                                                                       \
                return parse_wrapped(&limn_wrapper_##wrapper, &limn_format_##inner_, record,    \
                                     parse, ret);                                               \
        }                                                                                       \
        static const LimnFormat format_##wrapper##_##inner_ = {                                 \
                .name = #wrapper "+" #inner_,                                                   \
                .title = #inner_ " within " #wrapper,                                           \
                .version = 1,                                                                   \
                .product = product_,                                                            \
                .service = service_,                                                            \
                .steady = steady_,                                                              \
                .bid = no_bid,                                                                  \
                .frame = frame_##wrapper##_##inner_,                                            \
                .state_size = INNER_STATE + sizeof(Memory),                                     \
                .parse = parse_##wrapper##_##inner_,                                            \
        };
#define ALL(wrapper) INNERS(X, wrapper)
LIMN_WRAPPERS(ALL)
#undef X
#undef ALL

const LimnFormat *const limn_wrapped_formats[] = {
#define X(wrapper, inner, product, service, steady) &format_##wrapper##_##inner,
#define ALL(wrapper) INNERS(X, wrapper)
        LIMN_WRAPPERS(ALL)
#undef ALL
#undef X
        NULL,
};

static const struct {
        const LimnWrapper *wrapper;
        const LimnFormat *inner, *format;
} pairs[] = {
#define X(wrapper, inner, product, service, steady) \
        {&limn_wrapper_##wrapper, &limn_format_##inner, &format_##wrapper##_##inner},
#define ALL(wrapper) INNERS(X, wrapper)
        LIMN_WRAPPERS(ALL)
#undef ALL
#undef X
};

static const LimnFormat *pair(const LimnWrapper *wrapper, const LimnFormat *inner)
{
        for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
                if (pairs[i].wrapper == wrapper && pairs[i].inner == inner)
                        return pairs[i].format;
        return NULL;
}

/* What the envelopes of a head hold, and how many lines are such. */
typedef struct Unwrapped {
        size_t lines, envelopes, texts, servers;
        size_t n;
        char text[LIMN_DETECT_BYTES];
} Unwrapped;

static void unwrap_head(const LimnWrapper *wrapper, LimnSlice head, Unwrapped *ret)
{
        char memory[LIMN_DETECT_BYTES];
        LimnSlice line;
        bool partial = true;

        ret->lines = ret->envelopes = ret->texts = ret->servers = ret->n = 0;
        while (limn_slice_line(&head, &line)) {
                LimnRoom room = {memory, 0, sizeof memory};
                LimnWrapped wrapped;
                if (limn_slice_trim(line).n == 0)
                        continue;
                ret->lines++;
                if (unwrap(wrapper, line, &room, &wrapped)) {
                        ret->envelopes++;
                        if (wrapped.noise)
                                continue;
                } else {
                        /* Hopeless after some lines: no wrapper has that much between. */
                        if (ret->lines >= 64 && ret->envelopes * 4 < ret->lines)
                                return;
                        continue;
                }
                ret->texts++;
                ret->servers += is_server(wrapped.program);
                if (!partial && ret->n < sizeof ret->text)
                        ret->text[ret->n++] = '\n';
                if (wrapped.text.n > sizeof ret->text - ret->n)
                        wrapped.text.n = sizeof ret->text - ret->n;
                if (wrapped.text.n)
                        memcpy(ret->text + ret->n, wrapped.text.p, wrapped.text.n);
                ret->n += wrapped.text.n;
                partial = wrapped.partial;
        }
}

const LimnFormat *limn_wrapped_detect(LimnSlice head, bool whole,
                                      const LimnFormat *(*detect)(LimnSlice head, bool whole))
{
        static const LimnWrapper *const wrappers[] = {
#define X(name) &limn_wrapper_##name,
                LIMN_WRAPPERS(X)
#undef X
        };
        Unwrapped seen;

        for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++) {
                unwrap_head(wrappers[i], head, &seen);
                if (seen.texts == 0 || seen.envelopes * 10 < seen.lines * 6)
                        continue;
                const LimnFormat *inner = detect(limn_slice(seen.text, seen.n), whole);
                if (inner == &limn_format_plain && seen.servers > 0)
                        inner = &limn_format_mysql_error;
                if (inner == &limn_format_plain && wrappers[i]->keep_json)
                        continue;
                const LimnFormat *format = inner ? pair(wrappers[i], inner) : NULL;
                if (format)
                        return format;
                /* Known, but no format of lines: better whole than not at all. */
                if (!wrappers[i]->keep_json)
                        return pair(wrappers[i], &limn_format_plain);
        }
        return NULL;
}
