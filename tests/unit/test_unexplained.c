/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/unexplained.h"
#include "core/limits.h"

static void test_templates(void **state)
{
        static const struct {
                const char *message, *expected;
        } rows[] = {
                {"", ""},
                {"Out of memory", "Out of memory"},
                {"Aborted connection 12 to db: 'shop' user: 'a b'",
                 "Aborted connection <*> to db: <*> user: <*>"},
                {"Can't open file: './x/y.frm' (errno: 13)", "Can't open file: <*> (errno: <*>)"},
                {"Table `a`.`b` doesn't exist.", "Table <*>.<*> doesn't exist."},
                {"at 10.0.0.7:3306, gone", "at <*>, gone"},
                {"id 6b1a9c0e-3f2d-4c11-9a55-000000000007 0x7f12ab", "id <*> <*>"},
                {"wrote mysql-bin.000017: /var/log/x", "wrote <*>: <*>"},
                {"and/or", "<*>"},
                {"an 'open quote of 5", "an 'open quote of <*>"},
                {"first line 1\n\tat Foo(Bar.java:12)", "first line <*>"},
                {"tab\tand\rCR", "tab and CR"},
                {"escape \x1b[31m", "escape \\x1b[<*>"},
                {"caf\xc3\xa9 \xff", "caf\xc3\xa9 \\xff"},
        };

        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                LimnBuf out = LIMN_BUF(4096);

                assert_int_equal(limn_message_template(limn_slice_str(rows[i].message), &out), 0);
                assert_string_equal(limn_buf_str(&out), rows[i].expected);
                limn_buf_done(&out);
        }
}

static void add(LimnUnexplained *u, const char *message, LimnTime time, LimnLevel level,
                uint64_t line)
{
        LimnEvent event = {.record = limn_slice_str(message), .message = limn_slice_str(message),
                           .time = time, .level = level};

        assert_int_equal(limn_unexplained_add(u, &event, line, line * 100), 0);
}

typedef struct Got {
        LimnUnexplainedRow rows[3];
        size_t n;
        uint64_t count;
} Got;

static int collect(void *arg, const LimnUnexplainedRow *row)
{
        Got *got = arg;

        if (got->n < 3)
                got->rows[got->n] = *row;
        got->n++;
        got->count += row->count;
        return 0;
}

/* One sentence for whatever fails is told apart by the cause behind it. */
static void test_causes(void **state)
{
        static const char *const causes[] = {"x.FirstError: no 7", "x.FirstError: no 8", "Other"};
        LimnUnexplained *u = limn_unexplained_new();
        Got got = {0};

        for (size_t i = 0; i < 3; i++) {
                LimnField fields[] = {{LIMN_S("trace"), LIMN_S("at x")},
                                      {LIMN_S("cause"), limn_slice_str(causes[i])}};
                LimnEvent event = {.record = LIMN_S("r"), .message = LIMN_S("Task failed"),
                                   .time = 1, .level = LIMN_LEVEL_ERROR,
                                   .fields = fields, .n_fields = 2};

                assert_int_equal(limn_unexplained_add(u, &event, i, i), 0);
        }
        assert_int_equal(limn_unexplained_each(u, collect, &got), 0);
        assert_int_equal(got.n, 2);
        assert_true(limn_slice_eq(got.rows[1].template,
                                  LIMN_S("Task failed: x.FirstError: no <*>")));
        assert_int_equal(got.rows[1].count, 2);
        assert_true(limn_slice_eq(got.rows[0].template, LIMN_S("Task failed: Other")));
        limn_unexplained_free(u);
}

static void test_counts(void **state)
{
        LimnUnexplained *u = limn_unexplained_new(), *part = limn_unexplained_new();
        Got got = {0};

        add(u, "lost 7 rows", 50, LIMN_LEVEL_ERROR, 1);
        add(u, "lost 8 rows", LIMN_TIME_NONE, LIMN_LEVEL_FATAL, 2);
        add(part, "lost 9 rows", 40, LIMN_LEVEL_ERROR, 3);
        add(part, "a\nb\xff", LIMN_TIME_NONE, LIMN_LEVEL_ERROR, 4);
        assert_int_equal(limn_unexplained_take(u, part), 0);
        add(part, "lost 1 rows", 60, LIMN_LEVEL_ERROR, 5);
        assert_int_equal(limn_unexplained_take(u, part), 0);
        assert_int_equal(limn_unexplained_each(u, collect, &got), 0);
        assert_int_equal(got.n, 2);
        assert_true(limn_slice_eq(got.rows[0].template, LIMN_S("a")));
        assert_true(limn_slice_eq(got.rows[0].text, LIMN_S("a\nb\xef\xbf\xbd")));
        assert_true(got.rows[0].first == LIMN_TIME_NONE);
        assert_true(limn_slice_eq(got.rows[1].template, LIMN_S("lost <*> rows")));
        assert_true(limn_slice_eq(got.rows[1].text, LIMN_S("lost 7 rows")));
        assert_int_equal(got.rows[1].count, 4);
        assert_int_equal(got.rows[1].first, 40);
        assert_int_equal(got.rows[1].last, 60);
        assert_int_equal(got.rows[1].line, 1);
        assert_int_equal(got.rows[1].offset, 100);
        assert_int_equal(got.rows[1].level, LIMN_LEVEL_FATAL);
        limn_unexplained_free(u);
        limn_unexplained_free(part);
}

/* However many kinds there are, memory is bounded and nothing goes uncounted. */
static void test_bounded(void **state)
{
        LimnUnexplained *u = limn_unexplained_new();
        char message[2 * LIMN_UNEXPLAINED_TEXT_MAX];
        Got got = {0};

        for (unsigned i = 0; i < 3 * LIMN_UNEXPLAINED_MAX; i++) {
                memset(message, i % 2 ? 'x' : '\x01', sizeof(message) - 1);
                message[sizeof(message) - 1] = '\0';
                for (unsigned bit = 0; bit < 12; bit++)
                        message[bit] = i >> bit & 1 ? 'a' : 'b';
                add(u, message, 1, LIMN_LEVEL_ERROR, i);
        }
        assert_int_equal(limn_unexplained_each(u, collect, &got), 0);
        assert_int_equal(got.n, LIMN_UNEXPLAINED_MAX + 1);
        assert_int_equal(got.count, 3 * LIMN_UNEXPLAINED_MAX);
        assert_true(limn_slice_eq(got.rows[0].template, LIMN_S("<*>")));
        for (size_t i = 0; i < 3; i++)
                assert_in_range(got.rows[i].template.n, 1, LIMN_TEMPLATE_MAX);
        limn_unexplained_free(u);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_templates),
                cmocka_unit_test(test_causes),
                cmocka_unit_test(test_counts),
                cmocka_unit_test(test_bounded),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
