/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "db/case_private.h"
#include "tests/unit/toy.h"

typedef struct Fixture {
        LimnCase *c;
        ToyIngest in;
        LimnZone *zone;
        LimnDiag *diag;
        char *text;
} Fixture;

static char *make_text(unsigned seed, size_t records)
{
        static const char *const levels[] = {"info", "info", "debug", "warning", "info", "error"};
        LimnBuf b = LIMN_BUF(64 * 1024 * 1024);
        long long t = 1000;
        for (size_t i = 0; i < records; i++) {
                seed = seed * 1664525u + 1013904223u;
                unsigned r = seed >> 8;
                t += r % 5;
                if (r % 17 == 0)
                        limn_buf_printf(&b, "- %s no stamp\n", levels[r % 6]);
                else if (r % 19 == 0)
                        limn_buf_printf(&b, "noise %u\n", r);
                else
                        limn_buf_printf(&b, "%lld %s message %u k=%u\n", t, levels[r % 6], r,
                                        r % 4);
                if (r % 23 == 0)
                        limn_buf_add_str(&b, "  trace 1\n  trace 2\n");
                if (i == records / 2)
                        limn_buf_printf(&b, "%lld fatal the \"end\" kk=<\\x>\"\n", t);
        }
        limn_buf_add_str(&b, "9999999 info last, without a line feed");
        return limn_buf_take(&b);
}

static int set_up(void **state)
{
        Fixture *f = calloc(1, sizeof *f);
        f->diag = limn_diag_new();
        f->text = make_text(1, 3000);
        assert_int_equal(limn_case_open(&f->c, ":memory:", LIMN_CASE_CREATE, f->diag), 0);
        assert_int_equal(limn_zone_new(&f->zone, "+02:00", f->diag), 0);
        toy_init(&f->in, f->c);
        f->in.diag = f->diag;
        f->in.segment_bytes = 4000;
        f->in.hits = true;
        assert_int_equal(toy_ingest(&f->in, "a.log", limn_slice_str(f->text)), 0);
        f->in.zone = f->zone;
        assert_int_equal(toy_ingest(&f->in, "dir/b.log", limn_slice_str(f->text)), 0);
        f->in.zone = NULL;
        assert_int_equal(toy_ingest(&f->in, "c.log", LIMN_S("what\nis this\n")), 0);
        assert_int_equal(limn_case_enable_events(f->c, toy_find, f->diag), 0);
        *state = f;
        return 0;
}

static int tear_down(void **state)
{
        Fixture *f = *state;
        toy_done(&f->in);
        limn_case_close(f->c);
        limn_zone_free(f->zone);
        limn_diag_free(f->diag);
        free(f->text);
        free(f);
        return 0;
}

static int append_row(void *arg, const LimnValue *values, size_t n)
{
        LimnBuf *b = arg;
        for (size_t i = 0; i < n; i++) {
                if (values[i].type == LIMN_VALUE_INT)
                        limn_buf_printf(b, "%lld", (long long)values[i].i);
                else if (values[i].type == LIMN_VALUE_TEXT)
                        limn_buf_add(b, values[i].s);
                else
                        limn_buf_add_str(b, values[i].type == LIMN_VALUE_NULL ? "NULL" : "?");
                limn_buf_add_char(b, i + 1 < n ? '|' : '\n');
        }
        return 0;
}

static void rows_of(Fixture *f, const char *sql, LimnBuf *ret)
{
        LimnQuery q = limn_case_query(f->c);
        limn_buf_clear(ret);
        if (q.run(q.ctx, sql, NULL, 0, append_row, ret, f->diag) != 0) {
                const LimnMessage *m = limn_diag_at(f->diag, limn_diag_kept(f->diag) - 1);
                fail_msg("%s: %s: %s", sql, m->what, m->why ? m->why : "");
        }
        assert_int_equal(ret->error, 0);
}

static int64_t number(Fixture *f, const char *sql)
{
        LimnBuf b = LIMN_BUF(1000);
        rows_of(f, sql, &b);
        long long i = -1;
        assert_true(limn_slice_i64(limn_slice_trim(limn_buf_slice(&b)), &i));
        limn_buf_done(&b);
        return i;
}

static void add_text(LimnBuf *b, LimnSlice s)
{
        if (s.p)
                limn_buf_add(b, s);
        else
                limn_buf_add_str(b, "NULL");
        limn_buf_add_char(b, '|');
}

/* What a plain parse of the whole text says, in the columns' order. */
static void parse_straight(const char *path, LimnSlice all, const LimnZone *zone, LimnBuf *b)
{
        LimnArena *arena = limn_arena_new(LIMN_RECORD_ARENA_MAX);
        ToyState state = {.last = LIMN_TIME_NONE};
        LimnParse parse = {.arena = arena, .zone = zone, .state = &state};
        unsigned long long line = 1, offset = 0;
        while (offset < all.n) {
                LimnSlice rest = limn_slice_from(all, offset);
                LimnEvent e = {.record = limn_slice_to(
                                       rest, limn_frame_next(&toy_format, rest, true, NULL))};
                limn_arena_reset(arena);
                assert_in_range(toy_parse(e.record, &parse, &e), LIMN_PARSED, LIMN_PARSE_PLAIN);
                limn_buf_printf(b, "%s|%llu|%llu|%zu|", path, line, offset, e.record.n);
                if (e.time_basis == LIMN_BASIS_NONE)
                        limn_buf_add_str(b, "NULL|");
                else
                        limn_buf_printf(b, "%lld|", (long long)e.time);
                add_text(b, e.time_raw);
                add_text(b, e.time_basis ? limn_slice_str(limn_basis_to_string(e.time_basis))
                                         : LIMN_NONE);
                add_text(b, e.level ? limn_slice_str(limn_level_to_string(e.level)) : LIMN_NONE);
                add_text(b, e.level_raw);
                add_text(b, e.component);
                add_text(b, e.thread);
                add_text(b, e.code);
                add_text(b, e.logger);
                add_text(b, e.message);
                limn_buf_printf(b, "%d|", (int)e.level);
                limn_buf_add(b, e.record);
                limn_buf_add_char(b, '\n');
                for (size_t i = 0; i < e.record.n; i++)
                        line += e.record.p[i] == '\n';
                offset += e.record.n;
        }
        limn_arena_free(arena);
}

static void test_rows_equal_a_straight_parse(void **state)
{
        Fixture *f = *state;
        LimnBuf is = LIMN_BUF(1 << 26), want = LIMN_BUF(1 << 26);

        rows_of(f, "SELECT source, line, offset, length, time, time_raw, time_basis, level,"
                   " level_raw, component, thread, code, logger, message, level_no, record"
                   " FROM event", &is);
        parse_straight("a.log", limn_slice_str(f->text), NULL, &want);
        parse_straight("dir/b.log", limn_slice_str(f->text), f->zone, &want);
        parse_straight("c.log", LIMN_S("what\nis this\n"), NULL, &want);
        assert_true(want.n > 200000);
        assert_int_equal(is.n, want.n);
        assert_string_equal(is.p, want.p);
        limn_buf_done(&is);
        limn_buf_done(&want);
}

static void test_visible_columns(void **state)
{
        Fixture *f = *state;
        LimnBuf b = LIMN_BUF(4096);
        rows_of(f, "SELECT group_concat(name, ' ') FROM pragma_table_xinfo('event')"
                   " WHERE hidden = 0", &b);
        assert_slice(limn_buf_slice(&b),
                     "source line offset length time time_raw time_basis level level_raw component"
                     " thread code logger message fields\n");
        limn_buf_done(&b);
}

static void test_fields_are_json(void **state)
{
        Fixture *f = *state;
        LimnBuf b = LIMN_BUF(4096);
        assert_int_equal(number(f, "SELECT count(*) FROM event WHERE NOT json_valid(fields)"), 0);
        rows_of(f,
                "SELECT fields ->> 'kk', message, time FROM event"
                " WHERE level = 'fatal' AND source = 'a.log'",
                &b);
        assert_true(limn_slice_starts(limn_buf_slice(&b),
                                      LIMN_S("<\\x>\"|the \"end\" kk=<\\x>\"|")));
        /* The count comes from the state, so each segment was begun with its own. */
        assert_int_equal(number(f, "SELECT count(*) FROM (SELECT"
                                   " CAST(fields ->> 'n' AS INTEGER) AS n, row_number() OVER (ORDER BY event_id) AS want FROM event"
                                   " WHERE source = 'a.log') WHERE n IS NOT NULL AND n <> want"),
                         0);
        limn_buf_done(&b);
}

/* -- constraints ------------------------------------------------------------------------- */

/* `+column` hides a constraint from the virtual table, so SQLite alone decides. */
static void test_constraints_change_nothing(void **state)
{
        Fixture *f = *state;
        static const char *const conditions[][2] = {
                {"time >= 3000000000", "+time >= 3000000000"},
                {"time > 3000000000 AND time <= 4000000000",
                 "+time > 3000000000 AND +time <= 4000000000"},
                {"time < 2000000000", "+time < 2000000000"},
                {"time = 2500000000", "+time = 2500000000"},
                {"time BETWEEN -1e20 AND 1e20", "+time BETWEEN -1e20 AND 1e20"},
                {"time > 9223372036854775807", "+time > 9223372036854775807"},
                {"time < -9223372036854775807 - 1", "+time < -9223372036854775807 - 1"},
                {"time <= 2500000000.5", "+time <= 2500000000.5"},
                {"time > '3000000000'", "CAST(+time AS INTEGER) > 3000000000"},
                {"time < 'abc'", "+time < 'abc'"},
                {"time IN (2500000000, 3000000000, 'x')",
                 "+time IN (2500000000, 3000000000, 'x')"},
                {"time IN (2500000000, 3000000000, NULL)",
                 "+time IN (2500000000, 3000000000, NULL)"},
                {"time = NULL", "+time = NULL"},
                {"time IS NULL", "+time IS NULL"},
                {"time > (SELECT min(time) FROM hit)", "+time > (SELECT min(time) FROM hit)"},
                {"level = 'error'", "+level = 'error'"},
                {"level = 'fatal'", "+level = 'fatal'"},
                {"level = 'ERROR'", "+level = 'ERROR'"},
                {"level = 'ERROR' COLLATE NOCASE", "+level = 'ERROR' COLLATE NOCASE"},
                {"level = ''", "+level = ''"},
                {"level = 5", "+level = 5"},
                {"level IN ('error', 'fatal')", "+level IN ('error', 'fatal')"},
                {"level IN ('error', 5)", "+level IN ('error', 5)"},
                {"level IN ('error', NULL)", "+level IN ('error', NULL)"},
                {"level IN (SELECT 'error' UNION SELECT 'debug')",
                 "+level IN (SELECT 'error' UNION SELECT 'debug')"},
                {"level NOT IN ('info')", "+level NOT IN ('info')"},
                {"level IS NULL", "+level IS NULL"},
                {"level = 'error' OR time < 1500000000", "+level = 'error' OR +time < 1500000000"},
                {"level_no >= 5", "+level_no >= 5"},
                {"level_no > 5", "+level_no > 5"},
                {"level_no < 2", "+level_no < 2"},
                {"level_no <= 0", "+level_no <= 0"},
                {"level_no = 4 AND level = 'warning'", "+level_no = 4 AND +level = 'warning'"},
                {"level_no = 99", "+level_no = 99"},
                {"level_no >= -4611686018427387904", "+level_no >= -4611686018427387904"},
                {"level_no IN (0, 6)", "+level_no IN (0, 6)"},
                {"level_no = '5'", "CAST(+level_no AS INTEGER) = 5"},
                {"source = 'a.log'", "+source = 'a.log'"},
                {"source = 'A.LOG' COLLATE NOCASE", "+source = 'A.LOG' COLLATE NOCASE"},
                {"source IN ('c.log', 'a.log', 'x')", "+source IN ('c.log', 'a.log', 'x')"},
                {"source IN ('c.log', 7)", "+source IN ('c.log', 7)"},
                {"source_id = 2", "+source_id = 2"},
                {"source_id IN (1, 3)", "+source_id IN (1, 3)"},
                {"source_id IN (3, '1')", "CAST(+source_id AS INTEGER) IN (3, 1)"},
                {"source_id = '2'", "CAST(+source_id AS INTEGER) = 2"},
                {"source_id = 2.0", "+source_id = 2.0"},
                {"source_id = 1 AND source = 'dir/b.log'",
                 "+source_id = 1 AND +source = 'dir/b.log'"},
                {"source_id = 1 AND source_id IN (1, 2)", "+source_id = 1"},
                {"source LIKE 'dir/%'", "+source LIKE 'dir/%'"},
                {"event_id = (2 << 20 | 3)", "+event_id = (2 << 20 | 3)"},
                {"rowid = (2 << 20 | 3)", "+event_id = (2 << 20 | 3)"},
                {"event_id = (2 << 20 | 1048575)", "+event_id = (2 << 20 | 1048575)"},
                {"event_id = (77777 << 20)", "+event_id = (77777 << 20)"},
                {"event_id = -1", "+event_id = -1"},
                {"event_id IN (2 << 20 | 3, 5 << 20 | 9, 2 << 20 | 1)",
                 "+event_id IN (2 << 20 | 3, 5 << 20 | 9, 2 << 20 | 1)"},
                {"event_id = 'x'", "+event_id = 'x'"},
                {"event_id = (2 << 20 | 3) AND level = 'error'",
                 "+event_id = (2 << 20 | 3) AND +level = 'error'"},
                {"event_id IN (SELECT event_id FROM hit)",
                 "+event_id IN (SELECT event_id FROM hit)"},
                {"contains = 'k=3'", "instr(record, 'k=3') > 0"},
                {"contains = ''", "1"},
                {"contains = 'trace 2' AND level = 'info' AND source_id = 2",
                 "instr(record, 'trace 2') > 0 AND +level = 'info' AND +source_id = 2"},
                {"contains = 'is this' AND event_id = (1 << 20)", "0"},
                {"contains = 'end'||'\"'", "instr(record, 'end\"') > 0"},
                {"contains = 7", "instr(record, '7') > 0"},
                {"contains = NULL", "0"},
                {"source_id = 1 AND level_no >= 4 AND time > 2000000000",
                 "+source_id = 1 AND +level_no >= 4 AND +time > 2000000000"},
        };
        LimnBuf pushed = LIMN_BUF(1 << 26), plain = LIMN_BUF(1 << 26);
        char sql[512];
        size_t some = 0;

        for (size_t i = 0; i < N_OF(conditions); i++) {
                static const char select[] = "SELECT event_id, line, offset, length, time, level,"
                                             " source, message, fields FROM event WHERE %s"
                                             " ORDER BY event_id";
                snprintf(sql, sizeof sql, select, conditions[i][0]);
                rows_of(f, sql, &pushed);
                snprintf(sql, sizeof sql, select, conditions[i][1]);
                rows_of(f, sql, &plain);
                if (!limn_slice_eq(limn_buf_slice(&pushed), limn_buf_slice(&plain)))
                        fail_msg("%s: %zu bytes of rows, without push-down %zu", conditions[i][0],
                                 pushed.n, plain.n);
                some += pushed.n > 0;
        }
        assert_true(some > 35);
        limn_buf_done(&pushed);
        limn_buf_done(&plain);
}

static LimnEventStats stats_of(Fixture *f, const char *sql)
{
        LimnBuf b = LIMN_BUF(1 << 26);
        limn_event_stats(f->c->events);
        rows_of(f, sql, &b);
        limn_buf_done(&b);
        return limn_event_stats(f->c->events);
}

static void test_segments_are_skipped(void **state)
{
        Fixture *f = *state;
        uint64_t all = (uint64_t)number(f, "SELECT count(*) FROM segment"),
                 of_a = (uint64_t)number(f, "SELECT count(*) FROM segment WHERE source_id = 1");
        LimnEventStats s;

        assert_true(of_a > 20);
        s = stats_of(f, "SELECT message FROM event");
        assert_int_equal(s.read, all);
        assert_int_equal(s.skipped, 0);
        assert_int_equal(s.parsed, number(f, "SELECT sum(records) FROM source"));

        s = stats_of(f, "SELECT message FROM event WHERE level = 'fatal'");
        assert_int_equal(s.read, 2);
        assert_int_equal(s.skipped, all - 2);
        s = stats_of(f, "SELECT message FROM event WHERE level IN ('fatal', 'none such')");
        assert_int_equal(s.read, 2);
        s = stats_of(f, "SELECT message FROM event WHERE level_no >= 6");
        assert_int_equal(s.read, 2);
        s = stats_of(f, "SELECT message FROM event WHERE source = 'c.log'");
        assert_int_equal(s.read, 1);
        s = stats_of(f, "SELECT message FROM event WHERE source_id = 1");
        assert_int_equal(s.read, of_a);
        s = stats_of(f, "SELECT message FROM event WHERE source_id = 1 AND time < 1100000000");
        assert_in_range(s.read, 1, 2);
        s = stats_of(f, "SELECT message FROM event WHERE time > 1e15");
        assert_int_equal(s.read, all);
        s = stats_of(f, "SELECT message FROM event WHERE time > 1000000000000000");
        assert_int_equal(s.read, 0);
        assert_int_equal(s.skipped, all);
        s = stats_of(f, "SELECT message FROM event WHERE level = 'none such'");
        assert_int_equal(s.read, 0);
        s = stats_of(f, "SELECT fields FROM event WHERE contains = 'nowhere to be found'");
        assert_int_equal(s.read, all);
        assert_int_equal(s.parsed, 0);
        s = stats_of(f, "SELECT message FROM event LIMIT 1");
        assert_int_equal(s.read, 1);
        assert_int_equal(s.parsed, 1);
}

static void test_no_more_work_than_columns_need(void **state)
{
        Fixture *f = *state;
        LimnEventStats s;

        s = stats_of(f, "SELECT count(*), max(event_id) FROM event");
        assert_int_equal(s.read, 0);
        s = stats_of(f, "SELECT source, count(*) FROM event GROUP BY source_id");
        assert_int_equal(s.read, 0);
        s = stats_of(f, "SELECT sum(length), max(line), max(offset) FROM event");
        assert_true(s.read > 0);
        assert_int_equal(s.parsed, 0);
        assert_int_equal(number(f, "SELECT count(*) FROM event"),
                         number(f, "SELECT sum(records) FROM source"));
        assert_int_equal(number(f, "SELECT sum(length) FROM event"),
                         number(f, "SELECT sum(size) FROM source"));
        /* Events looked up one by one in order: each segment is read once. */
        s = stats_of(f, "SELECT e.message FROM hit h CROSS JOIN event e"
                        " ON e.event_id = h.event_id ORDER BY h.hit_id");
        assert_true(s.read <= (uint64_t)number(f, "SELECT count(*) FROM segment"));
        assert_true(s.parsed <= (uint64_t)number(f, "SELECT sum(records) FROM source"));
}

static void test_joins(void **state)
{
        Fixture *f = *state;
        assert_int_equal(number(f, "SELECT count(*) FROM hit"),
                         number(f, "SELECT count(*) FROM event WHERE level = 'error'"));
        assert_int_equal(number(f, "SELECT count(*) FROM hit h JOIN event e USING (event_id)"
                                   " WHERE e.line = h.line AND e.offset = h.offset"
                                   "   AND e.length = h.length AND e.time IS h.time"
                                   "   AND e.level = 'error'"),
                         number(f, "SELECT count(*) FROM hit"));
        /* Two cursors at once, and the order that the scan promises. */
        assert_int_equal(number(f, "SELECT count(*) FROM event a JOIN event b USING (event_id)"
                                   " WHERE a.source_id = 3 AND a.record = b.record"),
                         2);
        assert_int_equal(number(f, "SELECT count(*) FROM (SELECT event_id, lag(event_id) OVER ()"
                                   " AS before FROM (SELECT event_id FROM event"
                                   " ORDER BY event_id)) WHERE before >= event_id"),
                         0);
        assert_int_equal(number(f, "SELECT (SELECT event_id FROM event ORDER BY event_id DESC"
                                   " LIMIT 1) = (SELECT max(event_id) FROM event)"),
                         1);
}

/* What SQLite keeps of a row must survive the scan's next step. */
static void test_values_outlive_their_row(void **state)
{
        Fixture *f = *state;
        LimnBuf a = LIMN_BUF(1 << 20), b = LIMN_BUF(1 << 20);
        rows_of(f, "SELECT max(message), min(message), max(fields), max(record) FROM event", &a);
        rows_of(f, "SELECT (SELECT message FROM event ORDER BY message DESC LIMIT 1),"
                   " (SELECT message FROM event WHERE message IS NOT NULL"
                   "   ORDER BY message LIMIT 1),"
                   " (SELECT fields FROM event ORDER BY fields DESC LIMIT 1),"
                   " (SELECT record FROM event ORDER BY record DESC LIMIT 1)", &b);
        assert_string_equal(limn_buf_str(&a), limn_buf_str(&b));
        limn_buf_done(&a);
        limn_buf_done(&b);
}

static void test_superseded_and_incomplete_have_no_rows(void **state)
{
        Fixture *f = *state;
        LimnSourceInfo info = {.path = LIMN_S("d.log"), .format = &toy_format};
        LimnSourceTotals totals;

        f->in.supersedes = 3;
        assert_int_equal(toy_ingest(&f->in, "c.log", LIMN_S("what\nis this\nnow\n")), 0);
        assert_int_equal(number(f, "SELECT count(*) FROM event WHERE source = 'c.log'"), 3);
        assert_int_equal(number(f, "SELECT count(*) FROM event WHERE source_id = 3"), 0);
        assert_int_equal(limn_case_source_begin(f->c, &info, &f->in.source, NULL), 0);
        assert_int_equal(toy_segments(&f->in, LIMN_S("5 info x\n"), &totals), 0);
        assert_int_equal(number(f, "SELECT count(*) FROM event WHERE source = 'd.log'"), 0);
}

static void fails_with(Fixture *f, const char *sql, const char *why)
{
        LimnQuery q = limn_case_query(f->c);
        assert_int_equal(q.run(q.ctx, sql, NULL, 0, NULL, NULL, f->diag), -EINVAL);
        const LimnMessage *m = limn_diag_at(f->diag, limn_diag_kept(f->diag) - 1);
        if (!strstr(m->why, why))
                fail_msg("said: %s, want: %s", m->why, why);
}

static void test_damage_is_said(void **state)
{
        Fixture *f = *state;
        static const char *const ways[][2] = {
                {"UPDATE segment SET length = length + 1 WHERE segment_id = 3", "segment 3"},
                {"UPDATE segment SET data = zeroblob(10) WHERE segment_id = 3", "damaged"},
                {"UPDATE segment SET length = -1 WHERE segment_id = 3", "damaged"},
                {"UPDATE segment SET length = 1 << 40 WHERE segment_id = 3", "damaged"},
                {"UPDATE segment SET records = 1 << 40 WHERE segment_id = 3", "damaged"},
                {"UPDATE segment SET state = x'00' WHERE segment_id = 3", "another version"},
                {"UPDATE source SET format = 'other' WHERE source_id = 2", "unknown to this limn"},
                {"UPDATE source SET zone = 'Mars/Base' WHERE source_id = 2", "time zone"},
        };
        for (size_t i = 0; i < N_OF(ways); i++) {
                assert_int_equal(sqlite3_exec(f->c->db, "SAVEPOINT s", NULL, NULL, NULL), 0);
                assert_int_equal(sqlite3_exec(f->c->db, ways[i][0], NULL, NULL, NULL), 0);
                fails_with(f, "SELECT message FROM event", ways[i][1]);
                assert_int_equal(sqlite3_exec(f->c->db, "ROLLBACK TO s; RELEASE s", NULL, NULL,
                                              NULL),
                                 0);
        }
        assert_true(number(f, "SELECT count(message) FROM event") > 5000);
}

/* It is an argument, not a value: what cannot be meant is refused, not answered with no rows. */
static void test_contains_is_an_argument(void **state)
{
        Fixture *f = *state;
        fails_with(f, "SELECT contains FROM event", "condition of its own");
        fails_with(f, "SELECT 1 FROM event WHERE contains = 'a' OR line = 1",
                   "condition of its own");
        fails_with(f, "SELECT 1 FROM event WHERE contains LIKE 'a%'", "condition of its own");
        fails_with(f, "SELECT 1 FROM event WHERE contains = 'a' AND contains = 'b'", "once");
}

static void test_event_cannot_be_written(void **state)
{
        Fixture *f = *state;
        assert_int_not_equal(sqlite3_exec(f->c->db, "DELETE FROM event", NULL, NULL, NULL), 0);
        assert_int_not_equal(sqlite3_exec(f->c->db, "CREATE VIRTUAL TABLE e USING event", NULL,
                                          NULL, NULL),
                             0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        const struct CMUnitTest tests[] = {
                T(test_rows_equal_a_straight_parse),
                T(test_visible_columns),
                T(test_fields_are_json),
                T(test_constraints_change_nothing),
                T(test_segments_are_skipped),
                T(test_no_more_work_than_columns_need),
                T(test_joins),
                T(test_values_outlive_their_row),
                T(test_superseded_and_incomplete_have_no_rows),
                T(test_damage_is_said),
                T(test_contains_is_an_argument),
                T(test_event_cannot_be_written),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
