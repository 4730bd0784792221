/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include "core/buf.h"
#include "rules/coverage.h"

#define M LIMN_MINUTE

static int write_stretch(void *arg, size_t source, LimnTime start, LimnTime end)
{
        return limn_buf_printf(arg, "%zu:%g-%g ", source, (double)start / (double)M,
                               (double)end / (double)M);
}

static void expect(const LimnCoverageSource *sources, size_t n, const char *want)
{
        LimnBuf out = LIMN_BUF(1 << 16);

        assert_int_equal(limn_coverage(sources, n, write_stretch, &out), 0);
        assert_string_equal(limn_buf_str(&out), want);
        limn_buf_done(&out);
}

static LimnCoverage *every(bool steady, LimnTime from, LimnTime to, LimnDuration step)
{
        LimnCoverage *c = limn_coverage_new(steady);

        assert_non_null(c);
        for (; from <= to; from += step)
                assert_int_equal(limn_coverage_add(c, from, from), 0);
        return c;
}

static void add(LimnCoverage *c, LimnTime at)
{
        assert_int_equal(limn_coverage_add(c, at, at), 0);
}

static void test_steady(void **state)
{
        LimnCoverage *c = every(true, 0, 300 * M, M);
        LimnCoverageSource s = {.coverage = c, .collected = 900 * M};

        add(c, 315 * M); /* 15 minutes: not above */
        add(c, 330 * M + 1);
        for (LimnTime t = 331 * M; t <= 400 * M; t += M)
                add(c, t);
        expect(&s, 1, "0:0-315 0:330-400 "); /* collection extends no steady source */
        assert_int_equal(limn_coverage_hole(c), 15 * M);
        limn_coverage_free(c);
}

/* Every 5 minutes is its rhythm: only more than 50 minutes are a hole (7 % more, as said). */
static void test_own_rhythm(void **state)
{
        LimnCoverage *c = every(true, 0, 1000 * M, 5 * M);
        LimnCoverageSource s = {.coverage = c};

        add(c, 1049 * M);
        add(c, 1104 * M);
        assert_true(limn_coverage_hole(c) >= 50 * M && limn_coverage_hole(c) < 54 * M);
        expect(&s, 1, "0:0-1049 0:1104-1104 ");
        limn_coverage_free(c);
}

/* The one hole of a short log is not its own measure. */
static void test_short(void **state)
{
        LimnCoverage *two = limn_coverage_new(true), *some = every(true, 0, 5 * M, M);
        LimnCoverage *one = limn_coverage_new(true), *none = limn_coverage_new(true);
        LimnCoverageSource s[] = {{.coverage = two}, {.coverage = some}, {.coverage = one},
                                  {.coverage = none}, {.coverage = NULL}};

        add(two, 0);
        add(two, 300 * M);
        add(some, 300 * M);
        add(one, 7 * M);
        add(none, LIMN_TIME_NONE);
        expect(s, 5, "0:0-0 0:300-300 1:0-5 1:300-300 2:7-7 ");
        for (size_t i = 0; i < 4; i++)
                limn_coverage_free((LimnCoverage *)(uintptr_t)s[i].coverage);
        assert_null(limn_coverage_free(NULL));
}

static void test_sparse(void **state)
{
        LimnCoverage *c = limn_coverage_new(false);
        LimnCoverageSource s = {.coverage = c, .collected = LIMN_TIME_NONE};

        add(c, 10 * M);
        add(c, 900 * M);
        add(c, 500 * M); /* goes back: moves nothing */
        expect(&s, 1, "0:10-900 ");
        s.collected = 1000 * M;
        expect(&s, 1, "0:10-1000 ");
        s.collected = 20 * M; /* a snapshot taken before the log's end */
        expect(&s, 1, "0:10-900 ");
        limn_coverage_free(c);
}

/* error.log.3, .2 and error.log; .1 is missing. */
static void test_rotation(void **state)
{
        LimnCoverage *c[4];
        LimnCoverageSource s[4];
        size_t i;

        for (i = 0; i < 4; i++) {
                c[i] = limn_coverage_new(false);
                s[i] = (LimnCoverageSource){c[i], 2000 * M, 1, 0};
        }
        s[0].rotation = 0;
        add(c[0], 1000 * M);
        s[1].rotation = 3;
        add(c[1], 0);
        add(c[1], 10 * M);
        s[2].rotation = 2;
        add(c[2], 400 * M);
        add(c[2], 500 * M);
        s[3].series = 2; /* another log */
        s[3].rotation = 1;
        add(c[3], 700 * M);
        expect(s, 4, "0:1000-2000 1:0-400 2:400-500 3:700-700 ");
        for (i = 0; i < 4; i++)
                limn_coverage_free(c[i]);
}

/* Rotated gateway logs: bridged unless the silence between them is a hole. */
static void test_steady_rotation(void **state)
{
        LimnCoverage *old = every(true, 0, 100 * M, M), *next = every(true, 110 * M, 200 * M, M);
        LimnCoverage *late = every(true, 400 * M, 500 * M, M);
        LimnCoverageSource s[] = {{old, LIMN_TIME_NONE, 1, 2}, {next, LIMN_TIME_NONE, 1, 1},
                                  {late, LIMN_TIME_NONE, 1, 0}};

        expect(s, 3, "0:0-110 1:110-200 2:400-500 ");
        limn_coverage_free(old);
        limn_coverage_free(next);
        limn_coverage_free(late);
}

static void test_segments(void **state)
{
        LimnCoverage *c = limn_coverage_new(true);
        LimnCoverageSource s = {.coverage = c};

        assert_int_equal(limn_coverage_add(c, 0, 100 * M), 0);
        assert_int_equal(limn_coverage_add(c, 100 * M, 300 * M), 0);
        assert_int_equal(limn_coverage_add(c, 900 * M, 800 * M), 0); /* turned round */
        expect(&s, 1, "0:0-300 0:800-900 ");
        limn_coverage_free(c);
}

static void test_names(void **state)
{
        static const struct {
                const char *path, *base;
                int number;
        } rows[] = {
                {"a/mysql-error.log", "a/mysql-error.log", 0},
                {"a/mysql-error.log.1", "a/mysql-error.log", 1},
                {"a/mysql-error.log.12.gz", "a/mysql-error.log", 12},
                {"a/mysql-error.log.gz", "a/mysql-error.log", 0},
                {"a/log.20261122", "a/log.20261122", 0},
                {"a/.1", "a/.1", 0},
                {"log4j-active.log", "log4j", 0},
                {"d/log4j-1970-01-02-05.log.gz", "d/log4j", INT32_MAX / 2 - 29},
                {"d/log4j-1970-01-02-06.log.gz", "d/log4j", INT32_MAX / 2 - 30},
                {"stdout--1970-01-01--09-00", "stdout", INT32_MAX / 2 - 9},
                {"error.log-19700103.xz", "error.log", INT32_MAX / 2 - 2},
                {"status-19700103", "status-19700103", 0},
                {"error.log-19701303", "error.log-19701303", 0},
                {"7", "7", 0},
                {"", "", 0},
        };

        for (size_t i = 0; i < N_OF(rows); i++) {
                int number;
                LimnSlice base = limn_rotation(limn_slice_str(rows[i].path), &number);

                assert_slice(base, rows[i].base);
                assert_int_equal(number, rows[i].number);
        }
}

static void test_extremes(void **state)
{
        LimnCoverage *c = limn_coverage_new(true);

        add(c, INT64_MIN + 1);
        add(c, INT64_MAX);
        add(c, 0);
        assert_true(limn_coverage_hole(c) >= 15 * M);
        limn_coverage_free(c);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_steady),   cmocka_unit_test(test_own_rhythm),
                cmocka_unit_test(test_short),    cmocka_unit_test(test_sparse),
                cmocka_unit_test(test_rotation), cmocka_unit_test(test_steady_rotation),
                cmocka_unit_test(test_segments), cmocka_unit_test(test_names),
                cmocka_unit_test(test_extremes),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
