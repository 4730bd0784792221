/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "reports/escape.h"
#include "reports/report.h"
#include "tests/support/case_fixture.h"

static void render(CaseFixture *fixture, unsigned width, bool color, LimnOut *out)
{
        LimnReportInput input = {.query = case_fixture_query(fixture),
                                 .version = "0.1.0",
                                 .width = width,
                                 .color = color};
        *out = LIMN_OUT_MEMORY;
        assert_int_equal(limn_reporter_terminal.write(&input, out, NULL), 0);
        assert_int_equal(limn_out_end(out, NULL), 0);
}

static size_t find(const LimnOut *out, const char *text)
{
        return limn_slice_find(limn_buf_slice(&out->buf), limn_slice_str(text));
}

static void assert_has(const LimnOut *out, const char *text)
{
        if (find(out, text) == out->buf.n)
                fail_msg("not there: %s", text);
}

static void test_order(void **state)
{
        CaseFixture *fixture = case_fixture_new(false, NULL);
        LimnOut out;
        render(fixture, 96, false, &out);
        assert_int_equal(find(&out, "LOOKED AT 8 sources in evidence/,"), 0);
        static const char *const order[] = {"LOOKED AT", "WHAT HAPPENED", "It began",
                                            "At the end", "FOUND",  "CRITICAL CDC-12",
                                            "manual-purge", "MEDIUM CDC-17", "LOW CDC-07",
                                            "ERRORS THAT", "ASSUMED", "ASK FOR NEXT",
                                            "SHOW BINARY LOGS;"};
        size_t last = 0;
        for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
                LimnSlice rest = limn_slice_from(limn_buf_slice(&out.buf), last);
                size_t at = limn_slice_find(rest, limn_slice_str(order[i]));
                if (at == rest.n)
                        fail_msg("out of order: %s", order[i]);
                last += at;
        }
        assert_has(&out, "up to 7 a minute, from");
        assert_has(&out, "likely, 0.93");
        assert_has(&out, "(confidence 0.97)");
        assert_has(&out, "(mysql/general.log:77)");
        assert_has(&out, "[risk: data loss]");
        assert_has(&out, "200 bytes");
        assert_has(&out, "stream broke");
        assert_has(&out, "counted: it grew");
        assert_has(&out, "clock 2 min 17 s ahead");
        assert_has(&out, "stamps in -05:00 (snapshot)");
        assert_has(&out, "Would decide: Was the gateway stopped on purpose?");
        limn_out_done(&out);
        case_fixture_free(fixture);
}

/* No line is wider than asked (but commands, to be copied), and nothing acts on the terminal. */
static void test_hostile(void **state)
{
        CaseFixture *fixture = case_fixture_new(false, NULL);
        static const unsigned widths[] = {48, 60, 80, 100};
        for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
                LimnOut out;
                render(fixture, widths[i], false, &out);
                LimnSlice rest = limn_buf_slice(&out.buf), line;
                while (limn_slice_line(&rest, &line)) {
                        LimnSlice left = line;
                        unsigned columns = 0;
                        while (left.n) {
                                uint32_t c = limn_utf8_next(&left);
                                assert_true(c >= 0x20 && (c < 0x7f || c >= 0xa0));
                                assert_true(c < 0x202a || c > 0x202e);
                                columns += limn_utf8_width(c);
                        }
                        if (columns > widths[i])
                                fail_msg("%u columns of %u: %.*s", columns, widths[i],
                                         LIMN_FMT(line));
                }
                limn_out_done(&out);
        }
        case_fixture_free(fixture);
}

static void test_color(void **state)
{
        CaseFixture *fixture = case_fixture_new(false, NULL);
        LimnOut plain, color, bare = LIMN_OUT_MEMORY;
        render(fixture, 80, false, &plain);
        render(fixture, 80, true, &color);
        assert_int_equal(limn_slice_chr(limn_buf_slice(&plain.buf), '\x1b'), plain.buf.n);
        LimnSlice rest = limn_buf_slice(&color.buf);
        size_t codes = 0;
        while (rest.n) {
                size_t at = limn_slice_chr(rest, '\x1b');
                limn_buf_add(&bare.buf, limn_slice_to(rest, at));
                rest = limn_slice_from(rest, at);
                if (rest.n == 0)
                        break;
                codes++;
                assert_true(limn_slice_starts(rest, LIMN_S("\x1b[")));
                rest = limn_slice_from(rest, limn_slice_chr(rest, 'm') + 1);
        }
        assert_true(codes > 20);
        assert_string_equal(limn_buf_str(&bare.buf), limn_buf_str(&plain.buf));
        limn_out_done(&plain);
        limn_out_done(&color);
        limn_out_done(&bare);
        case_fixture_free(fixture);
}

static void test_healthy(void **state)
{
        CaseFixture *fixture = case_fixture_new(
                true, "INSERT INTO source (source_id, path, size, format, format_version, complete,"
                      " first_time, last_time, lines, records) VALUES"
                      " (1, 'gateway.log', 10, 'gateway_log', 1, 1, 0, 60000000, 2, 2);"
                      "INSERT INTO ledger VALUES (1, 10, 0, 0, 0);");
        LimnOut out;
        render(fixture, 96, false, &out);
        assert_has(&out, "Nothing that calls for action, in 1 source");
        assert_has(&out, "1970-01-01 00:00:00 to 00:01:00");
        assert_has(&out, "In all 10 bytes in 2 records; 0 bytes not understood, 0 left out.");
        assert_int_equal(find(&out, "ERRORS THAT"), out.buf.n);
        limn_out_done(&out);
        case_fixture_free(fixture);

        fixture = case_fixture_new(true, NULL);
        render(fixture, 96, false, &out);
        assert_has(&out, "the case holds no sources");
        limn_out_done(&out);
        case_fixture_free(fixture);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_order),
                cmocka_unit_test(test_hostile),
                cmocka_unit_test(test_color),
                cmocka_unit_test(test_healthy),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
