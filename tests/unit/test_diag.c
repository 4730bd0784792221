/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include "core/diag.h"
#include "core/limits.h"

static void test_collects(void **state)
{
        LimnDiag *diag = limn_diag_new();
        char what[] = "gone after the call";
        limn_diag_add(diag, &(LimnMessage){.severity = LIMN_DIAG_WARNING, .what = what,
                                           .help = "h"});
        memset(what, 'x', sizeof what - 1);
        limn_diag_addf(diag, NULL, "%d of %s", 3, "them");
        LimnMessage rest = {.severity = LIMN_DIAG_NOTE, .where = "a:1"};
        limn_diag_addf(diag, &rest, "note");
        assert_int_equal(limn_diag_kept(diag), 3);
        assert_string_equal(limn_diag_at(diag, 0)->what, "gone after the call");
        assert_string_equal(limn_diag_at(diag, 0)->help, "h");
        assert_null(limn_diag_at(diag, 0)->where);
        assert_string_equal(limn_diag_at(diag, 1)->what, "3 of them");
        assert_int_equal(limn_diag_at(diag, 1)->severity, LIMN_DIAG_ERROR);
        assert_string_equal(limn_diag_at(diag, 2)->where, "a:1");
        assert_int_equal(limn_diag_count(diag, LIMN_DIAG_NOTE), 3);
        assert_int_equal(limn_diag_count(diag, LIMN_DIAG_WARNING), 2);
        assert_int_equal(limn_diag_count(diag, LIMN_DIAG_ERROR), 1);
        limn_diag_free(diag);
}

static void test_nobody_listens(void **state)
{
        limn_diag_add(NULL, &(LimnMessage){.what = "x"});
        limn_diag_addf(NULL, NULL, "x");
        limn_diag_move(NULL, NULL);
        assert_int_equal(limn_diag_count(NULL, LIMN_DIAG_NOTE), 0);
        assert_int_equal(limn_diag_kept(NULL), 0);
        assert_int_equal(limn_diag_dropped(NULL), 0);
        assert_null(limn_diag_free(NULL));
}

static void test_ceiling(void **state)
{
        LimnDiag *diag = limn_diag_new(), *more = limn_diag_new();
        for (int i = 0; i < LIMN_DIAG_MAX + 5; i++)
                limn_diag_addf(diag, NULL, "message %d", i);
        assert_int_equal(limn_diag_kept(diag), LIMN_DIAG_MAX);
        assert_int_equal(limn_diag_dropped(diag), 5);
        assert_int_equal(limn_diag_count(diag, LIMN_DIAG_ERROR), LIMN_DIAG_MAX + 5);
        limn_diag_addf(more, NULL, "first");
        limn_diag_addf(more, NULL, "second");
        limn_diag_move(more, diag);
        assert_int_equal(limn_diag_kept(more), LIMN_DIAG_MAX);
        assert_string_equal(limn_diag_at(more, 0)->what, "first");
        assert_string_equal(limn_diag_at(more, 2)->what, "message 0");
        assert_int_equal(limn_diag_dropped(more), 7);
        assert_int_equal(limn_diag_count(more, LIMN_DIAG_ERROR), LIMN_DIAG_MAX + 7);
        assert_int_equal(limn_diag_kept(diag), 0);
        assert_int_equal(limn_diag_count(diag, LIMN_DIAG_NOTE), 0);
        limn_diag_addf(diag, NULL, "usable still");
        limn_diag_move(diag, diag);
        assert_int_equal(limn_diag_kept(diag), 1);
        limn_diag_free(diag);
        limn_diag_free(more);
}

static void test_render(void **state)
{
        LimnBuf buf = LIMN_BUF(1000);
        LimnMessage message = {
                .severity = LIMN_DIAG_ERROR,
                .what = "rule has no detection",
                .where = "a.yml:7",
                .snippet = "\tdetektion:\n ^^^^^^^^^",
                .why = "unknown key",
                .help = "did you mean\n\"detection\"?",
        };
        assert_int_equal(limn_diag_render(&message, &buf), 0);
        assert_string_equal(limn_buf_str(&buf), "error: rule has no detection\n"
                                                "  --> a.yml:7\n"
                                                "   |  detektion:\n"
                                                "   |  ^^^^^^^^^\n"
                                                "  why: unknown key\n"
                                                "  help: did you mean\n"
                                                "        \"detection\"?\n");
        limn_buf_clear(&buf);
        message = (LimnMessage){.severity = LIMN_DIAG_WARNING, .what = "odd \x1b[31m \xe2\x80\xae"
                "name"};
        assert_int_equal(limn_diag_render(&message, &buf), 0);
        assert_string_equal(limn_buf_str(&buf), "warning: odd \\x1b[31m \\u{202e}name\n");
        limn_buf_clear(&buf);
        message = (LimnMessage){.severity = LIMN_DIAG_NOTE};
        assert_int_equal(limn_diag_render(&message, &buf), 0);
        assert_string_equal(limn_buf_str(&buf), "note: (no text)\n");
        limn_buf_done(&buf);
}

static void test_snippet(void **state)
{
        char dots[300];
        memset(dots, '.', sizeof dots);
        static const struct {
                const char *line;
                size_t from, n;
                const char *want;
        } table[] = {
                {"abcdef", 2, 3, "abcdef\n  ^^^"},
                {"abcdef", 2, 0, "abcdef\n  ^"},
                {"abcdef", 6, 1, "abcdef\n      ^"},
                {"abcdef", 99, 99, "abcdef\n      ^"},
                {"", 0, 1, "\n^"},
                {"\tx", 1, 1, " x\n ^"},
                {"\xc3\xa4x", 2, 1, "\xc3\xa4x\n ^"},
                {"\x1bx", 1, 1, "\\x1bx\n    ^"},
                {"\x1bx", 0, 1, "\\x1bx\n^^^^"},
        };
        LimnBuf buf = LIMN_BUF(1000);
        for (size_t i = 0; i < N_OF(table); i++) {
                limn_buf_clear(&buf);
                limn_snippet(&buf, limn_slice_str(table[i].line), table[i].from, table[i].n);
                assert_string_equal(limn_buf_str(&buf), table[i].want);
        }
        limn_buf_clear(&buf);
        dots[150] = '!';
        limn_snippet(&buf, limn_slice(dots, sizeof dots), 150, 1);
        LimnSlice rest = limn_buf_slice(&buf), line, carets;
        assert_true(limn_slice_line(&rest, &line));
        assert_true(limn_slice_line(&rest, &carets));
        assert_int_equal(line.n, 127);
        assert_int_equal(limn_slice_chr(line, '!'), limn_slice_chr(carets, '^'));
        limn_buf_clear(&buf);
        limn_snippet(&buf, LIMN_NONE, 0, 1);
        assert_string_equal(limn_buf_str(&buf), "\n^");
        limn_buf_done(&buf);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_collects),
                cmocka_unit_test(test_nobody_listens),
                cmocka_unit_test(test_ceiling),
                cmocka_unit_test(test_render),
                cmocka_unit_test(test_snippet),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
