/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include "core/ascii.h"

static void test_parts(void **state)
{
        LimnSlice s = LIMN_S("abcdef");
        assert_slice(limn_slice_from(s, 2), "cdef");
        assert_slice(limn_slice_from(s, 6), "");
        assert_slice(limn_slice_from(s, 99), "");
        assert_slice(limn_slice_to(s, 2), "ab");
        assert_slice(limn_slice_to(s, 99), "abcdef");
        assert_null(limn_slice_from(LIMN_NONE, 3).p);
        assert_true(limn_slice_starts(s, LIMN_S("abc")));
        assert_true(limn_slice_starts(s, LIMN_NONE));
        assert_false(limn_slice_starts(s, LIMN_S("abcdefg")));
        assert_true(limn_slice_ends(s, LIMN_S("def")));
        assert_true(limn_slice_ends(s, LIMN_S("")));
        assert_false(limn_slice_ends(LIMN_NONE, LIMN_S("f")));
        assert_int_equal(limn_slice_str(NULL).n, 0);
}

static void test_find(void **state)
{
        LimnSlice s = LIMN_S("Zug\0um Zug");
        assert_int_equal(limn_slice_chr(s, 'm'), 5);
        assert_int_equal(limn_slice_chr(s, '\0'), 3);
        assert_int_equal(limn_slice_chr(s, 'x'), s.n);
        assert_int_equal(limn_slice_chr(LIMN_NONE, 'x'), 0);
        assert_int_equal(limn_slice_find(s, LIMN_S("um")), 4);
        assert_int_equal(limn_slice_find(s, LIMN_S("\0u")), 3);
        assert_int_equal(limn_slice_find(s, LIMN_S("Zugg")), s.n);
        assert_int_equal(limn_slice_find(s, LIMN_NONE), 0);
        assert_int_equal(limn_slice_find(LIMN_NONE, LIMN_S("a")), 0);
        assert_int_equal(limn_slice_find_nocase(s, LIMN_S(" zUG")), 6);
        assert_int_equal(limn_slice_find_nocase(s, LIMN_S("zugz")), s.n);
        assert_int_equal(limn_slice_find_nocase(s, LIMN_S("a very long needle")), s.n);
        assert_int_equal(limn_slice_find_nocase(s, LIMN_NONE), 0);
}

static void test_compare(void **state)
{
        assert_true(limn_slice_eq(LIMN_NONE, LIMN_S("")));
        assert_false(limn_slice_eq(LIMN_S("a"), LIMN_S("A")));
        assert_true(limn_slice_eq_nocase(LIMN_S("aZ09"), LIMN_S("Az09")));
        assert_false(limn_slice_eq_nocase(LIMN_S("@["), LIMN_S("`{")));
        assert_false(limn_slice_eq_nocase(LIMN_S("\xc4"), LIMN_S("\xe4")));
        assert_true(limn_slice_cmp(LIMN_S("a"), LIMN_S("b")) < 0);
        assert_true(limn_slice_cmp(LIMN_S("a"), LIMN_S("ab")) < 0);
        assert_true(limn_slice_cmp(LIMN_S("\xff"), LIMN_S("a")) > 0);
        assert_int_equal(limn_slice_cmp(LIMN_NONE, LIMN_S("")), 0);
}

static void test_trim(void **state)
{
        assert_slice(limn_slice_trim(LIMN_S(" \t a b \r\n")), "a b");
        assert_slice(limn_slice_trim(LIMN_S(" \r\n")), "");
        assert_int_equal(limn_slice_trim(LIMN_NONE).n, 0);
}

static void test_lines(void **state)
{
        LimnSlice rest = LIMN_S("one\r\n\ntwo\rhalf\nlast"), line;
        assert_true(limn_slice_line(&rest, &line));
        assert_slice(line, "one");
        assert_true(limn_slice_line(&rest, &line));
        assert_slice(line, "");
        assert_true(limn_slice_line(&rest, &line));
        assert_slice(line, "two\rhalf");
        assert_true(limn_slice_line(&rest, &line));
        assert_slice(line, "last");
        assert_false(limn_slice_line(&rest, &line));
}

static void test_numbers(void **state)
{
        static const struct {
                const char *text;
                bool ok;
                long long n;
        } table[] = {
                {"0", true, 0},
                {"-0", true, 0},
                {"+7", true, 7},
                {"007", true, 7},
                {"9223372036854775807", true, INT64_MAX},
                {"-9223372036854775808", true, INT64_MIN},
                {"9223372036854775808", false, 0},
                {"-9223372036854775809", false, 0},
                {"99999999999999999999", false, 0},
                {"", false, 0},
                {"-", false, 0},
                {"+", false, 0},
                {" 1", false, 0},
                {"1 ", false, 0},
                {"1a", false, 0},
                {"0x1", false, 0},
        };
        for (size_t i = 0; i < N_OF(table); i++) {
                long long n = 0;
                bool ok = limn_slice_i64(limn_slice_str(table[i].text), &n);
                if (ok != table[i].ok || n != table[i].n)
                        fail_msg("\"%s\": %d, %lld", table[i].text, ok, n);
        }
}

static void test_ascii(void **state)
{
        for (int i = -128; i < 256; i++) {
                char c = (char)i;
                bool digit = c >= '0' && c <= '9', hex = memchr("abcdefABCDEF", c, 12) != NULL;
                assert_int_equal(limn_ascii_hex(c) >= 0, digit || hex);
                assert_int_equal(limn_ascii_alnum(c), digit || limn_ascii_alpha(c));
        }
        assert_int_equal(limn_ascii_hex('f'), 15);
        assert_int_equal(limn_ascii_hex('A'), 10);
        assert_int_equal(limn_ascii_lower('Z'), 'z');
        assert_int_equal(limn_ascii_lower('['), '[');
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parts),
                cmocka_unit_test(test_find),
                cmocka_unit_test(test_compare),
                cmocka_unit_test(test_trim),
                cmocka_unit_test(test_lines),
                cmocka_unit_test(test_numbers),
                cmocka_unit_test(test_ascii),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
