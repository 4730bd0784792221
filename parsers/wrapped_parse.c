/* SPDX-License-Identifier: Apache-2.0 */
/* A record of envelopes to the event of what is inside, and what the envelopes say beside it. */
#include <errno.h>

#include "core/limits.h"
#include "parsers/envelope.h"
#include "parsers/text.h"
#include "parsers/wrapped.h"
#include "parsers/wrapped_inner.h"

/* Between the inner stamp and the envelope's: what a busy machine takes to pass a line on. */
#define DELAY_MAX (5 * LIMN_SECOND)

/* What is remembered before the inner formats' own states. */
typedef struct Memory {
        LimnTime last;     /* the last inner time: the year of envelopes that have none */
        LimnDuration zone; /* of the envelopes' stamps, once an inner one told it */
        uint8_t known, zone_known;
        LimnWrapperMemory wrapper;
} Memory;

_Static_assert(sizeof(Memory) <= LIMN_WRAPPED_MEMORY, "no room for the memory of envelopes");

/* The lines inside a record, put together; *ret_first is the first envelope. */
static int unwrap_all(const LimnWrapper *wrapper, LimnSlice record, LimnWrapperMemory *memory,
                      LimnArena *arena, LimnWrapped *ret_first, LimnSlice *ret_text)
{
        size_t max = record.n + LIMN_WRAPPED_MORE, n = 0;
        LimnRoom room = {NULL, 0, LIMN_ENVELOPE_DEPTH * max};
        char *text = limn_arena_alloc(arena, max), *first = NULL;
        bool partial = true, any = false;
        LimnSlice rest = record;

        room.p = limn_arena_alloc(arena, room.cap);
        if (!room.p || !text)
                return -ENOMEM;
        *ret_first = (LimnWrapped){0};
        while (rest.n) {
                LimnSlice line = limn_slice_to(rest, limn_envelope_cut(wrapper, rest, true));
                LimnWrapped wrapped;
                rest = limn_slice_from(rest, line.n);
                /* What the first one said is kept: its slices may point into the room. */
                room.n = first ? (size_t)(first - room.p) : 0;
                bool is = limn_envelope_open(wrapper, line, memory, &room, &wrapped);
                if (is && wrapped.noise)
                        continue;
                if (!is || wrapped.alone)
                        wrapped.text = limn_text_chomp(line);
                if (is && !any) {
                        *ret_first = wrapped;
                        first = room.p + room.n;
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

static int add_fields(LimnEvent *event, LimnArena *arena, const LimnWrapped *wrapped,
                      const LimnFormat *other)
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
        if (r >= 0 && other)
                r = limn_fields_add(&fields, arena, LIMN_S("wrapper.format"),
                                    limn_slice_str(other->name));
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

/* Punctuation alone, or a header. */
static int parse_alone(LimnSlice record, LimnEvent *ret)
{
        while (ret->message.n == 0 && limn_slice_line(&record, &ret->message))
                ret->message = limn_slice_trim(ret->message);
        return LIMN_PARSE_PLAIN;
}

/* The event of the text inside. *ret_bare: the format was given the envelope's stamp. */
static int parse_inner(const LimnFormat *format, LimnSlice text, bool bare, LimnTime stamp,
                       const LimnParse *parse, LimnEvent *ret)
{
        unsigned char before[LIMN_INNER_STATE];
        LimnParse with = *parse;
        LimnSlice given = text;
        /* A stamp that stands for none must not be remembered as the last one. */
        bool forget = bare && stamp == LIMN_TIME_NONE && format->state_size;
        int r = bare ? with_stamp(text, stamp, parse->arena, &given) : 0;

        if (r < 0)
                return r;
        with.state = (char *)parse->state + LIMN_WRAPPED_MEMORY +
                     limn_inner_number(format) * LIMN_INNER_STATE;
        if (forget)
                memcpy(before, with.state, format->state_size);
        *ret = (LimnEvent){.record = given, .time = LIMN_TIME_NONE};
        r = format->parse(given, &with, ret);
        if (forget)
                memcpy(with.state, before, format->state_size);
        ret->text = text;
        if (bare) {
                ret->time = LIMN_TIME_NONE;
                ret->time_basis = LIMN_BASIS_NONE;
                ret->time_raw = LIMN_NONE;
        }
        return r;
}

int limn_wrapped_parse(const LimnWrapper *wrapper, const LimnFormat *inner, LimnSlice record,
                       LimnParse *parse, LimnEvent *ret)
{
        LimnParse with = *parse;
        LimnWrapped wrapped;
        LimnEvent event;
        LimnSlice text;
        Memory memory;
        bool bare;

        memcpy(&memory, parse->state, sizeof memory);
        ret->time = LIMN_TIME_NONE;
        int r = unwrap_all(wrapper, record, &memory.wrapper, parse->arena, &wrapped, &text);
        if (r < 0)
                return r;
        if (wrapped.alone || (text.n == 0 && !wrapped.time_raw.p)) {
                memcpy(parse->state, &memory, sizeof memory);
                return parse_alone(record, ret);
        }
        if (with.reference == LIMN_TIME_NONE && memory.known)
                with.reference = memory.last;
        LimnEvent envelope = envelope_time(&wrapped, &with);
        LimnWrapped seen = wrapped;
        seen.text = text;
        const LimnFormat *format = limn_inner_begins(inner, &seen, &bare);
        r = parse_inner(format ? format : inner, text, bare, envelope.time, parse, &event);
        if (r < 0)
                return r;
        event.record = record;
        event.format = format;
        if (bare || event.time == LIMN_TIME_NONE || event.time_basis == LIMN_BASIS_INHERITED)
                take_time(&event, &envelope, &memory);
        else
                settle_zone(&event, &envelope, &memory);
        if (event.time != LIMN_TIME_NONE && event.time > 0 && event.time < INT64_MAX / 2) {
                memory.last = event.time;
                memory.known = 1;
        }
        memcpy(parse->state, &memory, sizeof memory);
        if (event.level == LIMN_LEVEL_NONE)
                event.level = wrapped.level;
        *ret = event;
        int added = add_fields(ret, parse->arena, &wrapped, format != inner ? format : NULL);
        return added < 0 ? added : r;
}
