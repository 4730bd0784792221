/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Samples give the events beside them; how their bytes come in pieces changes nothing; an event
 * holds nothing but its record, its arena and static text.
 */
#include <unistd.h>

#include "tests/unit/samples.h"

#include "core/event_json.h"
#include "core/frame.h"
#include "core/limits.h"

typedef struct Parsing {
        const LimnFormat *format;
        LimnArena *arena;
        _Alignas(max_align_t) char frame_state[LIMN_STATE_MAX];
        _Alignas(max_align_t) char parse_state[LIMN_STATE_MAX];
} Parsing;

static void begin(Parsing *p, const LimnFormat *format)
{
        memset(p, 0, sizeof *p);
        p->format = format;
        p->arena = limn_arena_new(LIMN_RECORD_ARENA_MAX);
        assert_non_null(p->arena);
}

static int parse_record(Parsing *p, LimnSlice record, LimnEvent *ret)
{
        LimnParse parse = {.arena = p->arena, .reference = LIMN_TIME_NONE, .state = p->parse_state};

        *ret = (LimnEvent){.record = record, .time = LIMN_TIME_NONE};
        limn_arena_reset(p->arena);
        return p->format->parse(record, &parse, ret);
}

static void print_events(const Sample *s, LimnBuf *out)
{
        LimnSlice rest = limn_slice(s->text, s->n);
        uint64_t line = 1, offset = 0;
        Parsing p;

        begin(&p, s->format);
        while (rest.n) {
                size_t n = limn_frame_next(s->format, rest, true, p.frame_state);
                LimnEvent event;
                assert_true(n > 0 && n <= rest.n);
                LimnSlice record = limn_slice_to(rest, n);
                assert_true(parse_record(&p, record, &event) >= 0);
                assert_int_equal(limn_event_to_json(&event, s->name, line, offset, n, out), 0);
                limn_buf_add_char(out, '\n');
                for (size_t i = 0; i < n; i++)
                        line += record.p[i] == '\n';
                offset += n;
                rest = limn_slice_from(rest, n);
        }
        limn_arena_free(p.arena);
}

static void test_expected_events(void **state)
{
        Samples *samples = *state;

        for (size_t i = 0; i < samples->n; i++) {
                const Sample *s = &samples->at[i];
                LimnBuf out = LIMN_BUF(16 * 1024 * 1024);
                char path[1100];
                size_t n;

                snprintf(path, sizeof path, "%.*s.events.jsonl", (int)strlen(s->path) - 4, s->path);
                char *expected = sample_read(path, &n);
                print_events(s, &out);
                LimnSlice want = limn_slice(expected, n), is = limn_buf_slice(&out), a, b;
                for (size_t line = 1; want.n || is.n; line++) {
                        if (!limn_slice_line(&want, &a))
                                a = LIMN_S("(end)");
                        if (!limn_slice_line(&is, &b))
                                b = LIMN_S("(end)");
                        if (!limn_slice_eq(a, b))
                                fail_msg("%s:%zu\nwant %.*s\nis   %.*s", path, line, LIMN_FMT(a),
                                         LIMN_FMT(b));
                }
                free(expected);
                limn_buf_done(&out);
        }
}

/* Records as a list of their ends; fed with everything up to `cut` first, then with the rest. */
static size_t frame(const Sample *s, size_t cut, size_t *ends, size_t max)
{
        _Alignas(max_align_t) char frame_state[LIMN_STATE_MAX] = {0};
        size_t pos = 0, count = 0, have = cut;

        while (pos < s->n) {
                LimnSlice rest = limn_slice(s->text + pos, have - pos);
                size_t n = limn_frame_next(s->format, rest, have == s->n, frame_state);
                if (n == 0) {
                        assert_true(have < s->n);
                        have = s->n;
                        continue;
                }
                assert_true(n <= rest.n && count < max);
                pos += n;
                ends[count++] = pos;
        }
        return count;
}

static void test_any_read_boundary(void **state)
{
        enum { MAX = 65536 };
        Samples *samples = *state;
        size_t *whole = calloc(MAX, sizeof *whole), *split = calloc(MAX, sizeof *split);

        assert_true(whole && split);
        for (size_t i = 0; i < samples->n; i++) {
                const Sample *s = &samples->at[i];
                size_t n = frame(s, s->n, whole, MAX);
                assert_int_equal(whole[n - 1], s->n);
                for (size_t cut = 0; cut < s->n; cut++) {
                        size_t m = frame(s, cut, split, MAX);
                        if (m != n || memcmp(whole, split, n * sizeof *whole) != 0)
                                fail_msg("%s: other records when read in two at byte %zu", s->path,
                                         cut);
                }
        }
        free(whole);
        free(split);
}

/* The same, fed with pieces of `piece` bytes, each as soon as the format asks for more. */
static size_t frame_pieces(const Sample *s, size_t piece, size_t *ends, size_t max)
{
        _Alignas(max_align_t) char frame_state[LIMN_STATE_MAX] = {0};
        size_t pos = 0, count = 0, have = 0;

        while (pos < s->n) {
                LimnSlice rest = limn_slice(s->text + pos, have - pos);
                size_t n = limn_frame_next(s->format, rest, have == s->n, frame_state);
                if (n == 0) {
                        assert_true(have < s->n);
                        have = have + piece < s->n ? have + piece : s->n;
                        continue;
                }
                assert_true(n <= rest.n && count < max);
                pos += n;
                ends[count++] = pos;
        }
        return count;
}

static void test_any_piece_size(void **state)
{
        enum { MAX = 65536 };
        static const size_t pieces[] = {1, 2, 7, 64, 1000};
        Samples *samples = *state;
        size_t *whole = calloc(MAX, sizeof *whole), *split = calloc(MAX, sizeof *split);

        assert_true(whole && split);
        for (size_t i = 0; i < samples->n; i++) {
                const Sample *s = &samples->at[i];
                size_t n = frame(s, s->n, whole, MAX);
                for (size_t k = 0; k < N_OF(pieces); k++) {
                        size_t m = frame_pieces(s, pieces[k], split, MAX);
                        if (m != n || memcmp(whole, split, n * sizeof *whole) != 0)
                                fail_msg("%s: other records when read %zu bytes at a time", s->path,
                                         pieces[k]);
                }
        }
        free(whole);
        free(split);
}

static bool inside(LimnSlice s, LimnSlice record)
{
        return s.p >= record.p && s.p + s.n <= record.p + record.n;
}

/* Overwrites the record after parsing and parses again: what differs pointed into it, what does
 * not is arena or static. What must never happen is a slice that starts inside and ends outside. */
static void check_slice(LimnSlice s, LimnSlice record, const Sample *sample)
{
        if (!s.p || s.n == 0)
                return;
        bool starts_in = s.p >= record.p && s.p < record.p + record.n;
        if (starts_in && !inside(s, record))
                fail_msg("%s: a slice runs out of its record", sample->path);
}

static void test_slices_stay_inside(void **state)
{
        Samples *samples = *state;

        for (size_t i = 0; i < samples->n; i++) {
                const Sample *s = &samples->at[i];
                LimnSlice rest = limn_slice(s->text, s->n);
                Parsing p;

                begin(&p, s->format);
                while (rest.n) {
                        size_t n = limn_frame_next(s->format, rest, true, p.frame_state);
                        /* Memory of its own and of its size: sanitizers see what runs out. */
                        char *copy = malloc(n);
                        LimnEvent event;
                        assert_non_null(copy);
                        memcpy(copy, rest.p, n);
                        LimnSlice record = limn_slice(copy, n);
                        assert_true(parse_record(&p, record, &event) >= 0);
#define X(member) check_slice(event.member, record, s);
                        LIMN_EVENT_TEXTS(X)
#undef X
                        for (size_t j = 0; j < event.n_fields; j++) {
                                assert_non_null(event.fields[j].name.p);
                                check_slice(event.fields[j].name, record, s);
                                check_slice(event.fields[j].value, record, s);
                        }
                        free(copy);
                        rest = limn_slice_from(rest, n);
                }
                limn_arena_free(p.arena);
        }
}

/* From any record on, with the state stored before it, the same events: segments parse alone. */
static void test_state_is_plain(void **state)
{
        Samples *samples = *state;

        for (size_t i = 0; i < samples->n; i++) {
                const Sample *s = &samples->at[i];
                LimnSlice rest = limn_slice(s->text, s->n);
                Parsing p, again;
                LimnEvent event, other;
                LimnBuf a = LIMN_BUF(16 * 1024 * 1024), b = LIMN_BUF(16 * 1024 * 1024);

                begin(&p, s->format);
                begin(&again, s->format);
                while (rest.n) {
                        memcpy(again.parse_state, p.parse_state, s->format->state_size);
                        memset(again.parse_state + s->format->state_size, 0x5a,
                               sizeof again.parse_state - s->format->state_size);
                        size_t n = limn_frame_next(s->format, rest, true, p.frame_state);
                        LimnSlice record = limn_slice_to(rest, n);
                        assert_true(parse_record(&p, record, &event) >= 0);
                        assert_true(parse_record(&again, record, &other) >= 0);
                        limn_buf_clear(&a);
                        limn_buf_clear(&b);
                        limn_event_to_json(&event, NULL, 1, 0, n, &a);
                        limn_event_to_json(&other, NULL, 1, 0, n, &b);
                        assert_string_equal(limn_buf_str(&a), limn_buf_str(&b));
                        rest = limn_slice_from(rest, n);
                }
                limn_buf_done(&a);
                limn_buf_done(&b);
                limn_arena_free(p.arena);
                limn_arena_free(again.arena);
        }
}

static LimnEvent parse_one(Parsing *p, const char *format, const char *text)
{
        LimnEvent event;

        begin(p, limn_format_find(format));
        assert_true(parse_record(p, limn_slice_str(text), &event) >= 0);
        return event;
}

static const char *field(const LimnEvent *event, const char *name)
{
        static char text[1024];
        LimnSlice value;
        char scratch[LIMN_TIME_ISO_MAX];

        if (!limn_event_get(event, limn_slice_str(name), scratch, &value) || !value.p)
                return "(absent)";
        snprintf(text, sizeof text, "%.*s", LIMN_FMT(value));
        return text;
}

/* What is easily got wrong, said one by one. */
static void test_fields(void **state)
{
        static const struct {
                const char *format, *text, *name, *value;
        } rows[] = {
                {"mysql_error", "2026-11-22 07:24:01 0x7f8b4c0d2700  InnoDB: x\n", "thread",
                 "0x7f8b4c0d2700"},
                {"mysql_error", "2026-11-22 07:24:01 deadbeef happened\n", "message", "happened"},
                {"mysql_error", "2026-11-22 07:24:01 8 plain message\r\n", "message",
                 "plain message"},
                {"mysql_error", "2026-11-22 07:24:01 8 [Note] [draft] x\n", "message",
                 "[draft] x"},
                {"mysql_error", "2026-13-22 07:24:01 8 [Note] x\n", "time", "(absent)"},
                {"mysql_error", "2026-13-22 07:24:01 8 [Note] x\n", "message", "x"},
                {"gateway_log", "26/11/22 07:24:02 INFO a.b.C$: x: y\n", "logger", "a.b.C$"},
                {"gateway_log", "26/11/22 07:24:02 INFO two words: y\n", "message",
                 "two words: y"},
                {"gateway_log", "26/11/22 07:24:02 ERROR\nbelow\nmore\n", "message", "below"},
                {"gateway_log", "2026-11-22 07:24:02,1 INFO Failed [FOO/1236]\n", "message",
                 "Failed [FOO/1236]"},
                {"json_lines", "{\"time\":1795332242123456789,\"msg\":\"x\"}", "time",
                 "2026-11-22T07:24:02.123456Z"},
                {"json_lines", "{\"time\":1795332242.5,\"msg\":\"x\"}", "time",
                 "2026-11-22T07:24:02.500000Z"},
                {"json_lines", "{\"msg\":\"x\"} trailing", "json_error", "text after the object"},
                {"pipeline_events",
                 "{\"timestamp\":\"x\",\"level\":\"INFO\",\"message\":\"is SETTING_UP_TABLES.\"}",
                 "error_class", "(absent)"},
                {"pipeline_events",
                 "{\"event_type\":\"a\",\"level\":\"ERROR\","
                 "\"message\":\"t 'MY_TABLE' AB_C.D_E: x\"}",
                 "error_class", "AB_C.D_E"},
                {"pipeline_events", "{\"event_type\":\"a\",\"details\":\"{broken\"}", "details",
                 "{broken"},
                {"pipeline_events", "{\"event_type\":\"a\",\"error\":\"lost\"}", "error_text",
                 "lost"},
                {"snapshot", "a\tb\n1\\t2\tNULL\n", "a", "1\t2"},
                {"snapshot", "a\tb\n1\\t2\tNULL\n", "b", "(absent)"},
                {"cnf", "Max-Allowed-Packet='64M' # big\n", "key", "max_allowed_packet"},
                {"cnf", "Max-Allowed-Packet='64M' # big\n", "value", "64M"},
                {"checkpoint", "{\"a\":1", "level", "error"},
        };
        for (size_t i = 0; i < N_OF(rows); i++) {
                Parsing p;
                LimnEvent event = parse_one(&p, rows[i].format, rows[i].text);
                if (strcmp(field(&event, rows[i].name), rows[i].value) != 0)
                        fail_msg("%s of %s is %s, want %s", rows[i].name, rows[i].text,
                                 field(&event, rows[i].name), rows[i].value);
                limn_arena_free(p.arena);
        }
}

/* Real exports beside the checkout, where they are: each is known, and all of it is understood but
 * for `plain` lines. */
static void test_real_exports(void **state)
{
        static const struct {
                const char *name, *format;
                size_t events, plain;
        } rows[] = {
                {"bundle-run-output.txt", "pipeline_text", 10, 2},
                {"cli-list-pipeline-events-jq.json", "pipeline_events", 4, 0},
                {"driver-log4j-lines.txt", "gateway_log", 3, 0},
                {"gateway-event-flow_progress-cdc.json", "pipeline_events", 1, 0},
                {"gateway-event-operation_progress-cdc_snapshot.json", "pipeline_events", 1, 0},
                {"rest-event-create_update-dltctl.json", "pipeline_events", 1, 0},
                {"rest-runlog-text.txt", "pipeline_text", 6, 0},
                {"sql-user_action-result.txt", "plain", 0, 4},
                {"stream_progress-doc-example.json", "pipeline_events", 1, 0},
        };
        size_t found = 0;

        for (size_t i = 0; i < N_OF(rows); i++) {
                static _Alignas(max_align_t) char frame[LIMN_STATE_MAX], kept[LIMN_STATE_MAX];
                char path[1024];
                size_t n, events = 0, plain = 0;
                snprintf(path, sizeof path, "%s/../shared/corpus/pipeline-events/%s",
                         getenv("LIMN_SOURCE_ROOT"), rows[i].name);
                if (access(path, R_OK) != 0)
                        continue;
                found++;
                char *text = sample_read(path, &n);
                const LimnFormat *format = limn_format_detect(limn_slice(text, n), true, NULL);
                assert_string_equal(format->name, rows[i].format);
                LimnArena *arena = limn_arena_new(LIMN_RECORD_ARENA_MAX);
                memset(frame, 0, sizeof frame);
                memset(kept, 0, sizeof kept);
                for (size_t at = 0; at < n;) {
                        LimnSlice rest = limn_slice(text + at, n - at);
                        rest.n = limn_frame_next(format, rest, true, frame);
                        LimnParse parse = {.arena = arena, .reference = LIMN_TIME_NONE,
                                           .state = kept};
                        LimnEvent event = {.record = rest, .time = LIMN_TIME_NONE};
                        int r = format->parse(rest, &parse, &event);
                        assert_true(r == LIMN_PARSED || r == LIMN_PARSE_PLAIN);
                        assert_true(r == LIMN_PARSE_PLAIN || event.time != LIMN_TIME_NONE);
                        events += r == LIMN_PARSED;
                        plain += r == LIMN_PARSE_PLAIN;
                        at += rest.n;
                }
                if (events != rows[i].events || plain != rows[i].plain)
                        fail_msg("%s: %zu events and %zu plain", rows[i].name, events, plain);
                limn_arena_free(arena);
                free(text);
        }
        if (!found)
                skip();
}

int main(void)
{
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_expected_events),    cmocka_unit_test(test_any_read_boundary),
                cmocka_unit_test(test_any_piece_size),
                cmocka_unit_test(test_slices_stay_inside), cmocka_unit_test(test_state_is_plain),
                cmocka_unit_test(test_fields),         cmocka_unit_test(test_real_exports),
        };
        return cmocka_run_group_tests(tests, samples_load, samples_free);
}
