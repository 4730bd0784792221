/* SPDX-License-Identifier: Apache-2.0 */
/* All formats over any bytes, with any state: a case that somebody sent holds both. */
#include "tests/fuzz/fuzz.h"

#include "core/event_json.h"
#include "core/frame.h"
#include "core/limits.h"
#include "ingest/frame.h"
#include "parsers/registry.h"
#include "parsers/wrapped.h"

/* What begins in the record ends in it; the rest is the arena's or static. */
static unsigned touch_slice(LimnSlice s, LimnSlice record)
{
        PROMISE(!(s.n && s.p >= record.p && s.p < record.p + record.n) || fuzz_inside(s, record));
        return fuzz_touch(s);
}

static void touch_event(const LimnEvent *event, LimnSlice record)
{
        volatile unsigned sum = 0;
#define X(member) sum += touch_slice(event->member, record);
        LIMN_EVENT_TEXTS(X)
#undef X
        (void)sum;
        PROMISE(event->n_fields <= LIMN_FIELDS_MAX);
        for (size_t i = 0; i < event->n_fields; i++) {
                PROMISE(event->fields[i].name.p);
                sum += touch_slice(event->fields[i].name, record);
                sum += touch_slice(event->fields[i].value, record);
        }
        PROMISE(!event->format || limn_format_find(event->format->name) == event->format);
        PROMISE((event->time == LIMN_TIME_NONE) == (event->time_basis == LIMN_BASIS_NONE));
        PROMISE(event->level >= 0 && event->level < _LIMN_LEVEL_MAX);
}

static void parse_one(const LimnFormat *format, LimnSlice bytes, void *state, LimnArena *arena,
                      LimnBuf *json)
{
        /* Exactly its size, so that a read beyond it is seen. */
        char *copy = malloc(bytes.n);
        LimnSlice record = limn_slice(copy, bytes.n);
        LimnParse parse = {.arena = arena, .reference = LIMN_TIME_NONE, .state = state};
        LimnEvent event = {.record = record, .time = LIMN_TIME_NONE};

        PROMISE(copy);
        memcpy(copy, bytes.p, bytes.n);
        limn_arena_reset(arena);
        int r = format->parse(record, &parse, &event);
        PROMISE(r == LIMN_PARSED || r == LIMN_PARSE_PLAIN);
        touch_event(&event, record);
        limn_buf_clear(json);
        PROMISE(limn_event_to_json(&event, "x", 1, 0, bytes.n, json) == 0);
        free(copy);
}

/* In bulk, as the ingest cuts, in two reads and some at a time: the same records, each line counted
 * once. */
static void run_bulk(const LimnFormat *format, LimnSlice bytes, const void *state)
{
        _Alignas(max_align_t) char one[LIMN_STATE_MAX], bulk[LIMN_STATE_MAX];
        size_t pos = 0, have = bytes.n / 3;
        uint64_t lines = 0;
        LimnCuts cuts = {0};

        memcpy(one, state, sizeof one);
        memcpy(bulk, state, sizeof bulk);
        while (pos < bytes.n) {
                bool last = have == bytes.n;
                LimnSlice rest = limn_slice(bytes.p + pos, have - pos);
                PROMISE(limn_frame_all(format, rest, last, bulk, last ? 3 : 1, &cuts) == 0);
                PROMISE(!last || cuts.n);
                for (size_t i = 0; i < cuts.n; i++) {
                        size_t n = limn_frame_next(format, limn_slice_from(bytes, pos), true, one);
                        PROMISE(cuts.at[i].length == n);
                        lines += cuts.at[i].lines;
                        pos += n;
                }
                if (cuts.n == 0)
                        have = bytes.n;
        }
        PROMISE(lines == limn_count_lines(bytes) + (bytes.n && bytes.p[bytes.n - 1] != '\n'));
        limn_cuts_done(&cuts);
}

/* Records joined give the bytes back (no byte is lost, none counted twice), and are the same when
 * the bytes come in two pieces. */
static void run(const LimnFormat *format, LimnSlice bytes, bool any_state, LimnArena *arena,
                LimnBuf *json)
{
        _Alignas(max_align_t) char frame[LIMN_STATE_MAX] = {0}, pieces[LIMN_STATE_MAX] = {0},
                parse[LIMN_STATE_MAX] = {0};
        size_t have = bytes.n / 2;

        if (any_state)
                for (size_t i = 0; bytes.n && i < LIMN_STATE_MAX; i++)
                        frame[i] = pieces[i] = parse[i] = bytes.p[(i * 7) % bytes.n];
        run_bulk(format, bytes, frame);
        for (size_t pos = 0; pos < bytes.n;) {
                LimnSlice rest = limn_slice_from(bytes, pos);
                size_t n = limn_frame_next(format, rest, true, frame), m = 0;
                PROMISE(n > 0 && n <= rest.n);
                if (pos < have)
                        m = limn_frame_next(format, limn_slice(rest.p, have - pos), false, pieces);
                if (m == 0) {
                        have = bytes.n;
                        m = limn_frame_next(format, rest, true, pieces);
                }
                if (m != n)
                        fprintf(stderr, "%s at %zu: %zu, in pieces %zu\n", format->name, pos, n, m);
                PROMISE(m == n);
                parse_one(format, limn_slice_to(rest, n), parse, arena, json);
                pos += n;
        }
}

/* There are many formats. All of them in the replay of the corpus; while libFuzzer searches, some
 * by each input's length, and the one that it is in. */
static bool is_chosen(size_t i, const uint8_t *data, size_t size)
{
#ifdef FUZZ_ALL
        return true;
#else
        return i % 64 == size % 64;
#endif
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        LimnSlice bytes = limn_slice((const char *)data, size);
        LimnArena *arena = limn_arena_new(LIMN_RECORD_ARENA_MAX);
        LimnBuf json = LIMN_BUF(LIMN_OUTPUT_MAX);
        const LimnFormat *rival = NULL;

        PROMISE(arena);
        if (size > 64 * 1024)
                bytes.n = 64 * 1024;
        const LimnFormat *format = limn_format_detect(bytes, true, &rival);
        PROMISE(format || !rival);
        PROMISE(!format || format != rival);
        limn_format_detect(bytes, false, &rival);
        for (size_t i = 0; limn_formats[i]; i++) {
                if (!is_chosen(4 * i, data, size) && limn_formats[i] != format)
                        continue;
                run(limn_formats[i], bytes, false, arena, &json);
                run(limn_formats[i], bytes, true, arena, &json);
        }
        for (size_t i = 0; limn_wrapped_formats[i]; i++) {
                if (!is_chosen(i, data, size) && limn_wrapped_formats[i] != format)
                        continue;
                run(limn_wrapped_formats[i], bytes, false, arena, &json);
                run(limn_wrapped_formats[i], bytes, true, arena, &json);
        }
        limn_buf_done(&json);
        limn_arena_free(arena);
        return 0;
}
