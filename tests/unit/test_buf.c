/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdlib.h>

#include "core/buf.h"
#include "core/printable.h"

static void test_appends(void **state)
{
        LimnBuf buf = LIMN_BUF(1000);
        assert_string_equal(limn_buf_str(&buf), "");
        assert_int_equal(limn_buf_add(&buf, LIMN_NONE), 0);
        assert_int_equal(limn_buf_add_str(&buf, "one"), 0);
        assert_int_equal(limn_buf_add_char(&buf, ','), 0);
        assert_int_equal(limn_buf_printf(&buf, "%d-%s", 2, "two"), 0);
        assert_int_equal(limn_buf_add(&buf, LIMN_S("\0x")), 0);
        assert_int_equal(buf.n, 11);
        assert_memory_equal(limn_buf_str(&buf), "one,2-two\0x", 12);
        limn_buf_clear(&buf);
        assert_string_equal(limn_buf_str(&buf), "");
        limn_buf_done(&buf);
        limn_buf_done(&buf);
}

static void test_ceiling_is_sticky(void **state)
{
        LimnBuf buf = LIMN_BUF(5);
        assert_int_equal(limn_buf_add_str(&buf, "12345"), 0);
        assert_int_equal(limn_buf_add_char(&buf, '6'), -E2BIG);
        assert_int_equal(limn_buf_add_str(&buf, ""), -E2BIG);
        assert_int_equal(limn_buf_printf(&buf, "%s", ""), -E2BIG);
        assert_string_equal(limn_buf_str(&buf), "12345");
        assert_null(limn_buf_take(&buf));
        buf = LIMN_BUF(5);
        assert_int_equal(limn_buf_printf(&buf, "%s", "123456"), -E2BIG);
        limn_buf_clear(&buf);
        assert_int_equal(limn_buf_add_str(&buf, "ok"), 0);
        limn_buf_done(&buf);
        buf = LIMN_BUF(SIZE_MAX / 2);
        assert_int_equal(limn_buf_reserve(&buf, SIZE_MAX), -E2BIG);
        limn_buf_done(&buf);
}

static void test_take(void **state)
{
        LimnBuf buf = LIMN_BUF(100);
        assert_null(limn_buf_take(&buf));
        limn_buf_add_str(&buf, "mine");
        char *text = limn_buf_take(&buf);
        assert_string_equal(text, "mine");
        assert_int_equal(buf.n, 0);
        free(text);
        limn_buf_add_str(&buf, "next");
        assert_string_equal(limn_buf_str(&buf), "next");
        limn_buf_done(&buf);
}

static void test_printable(void **state)
{
        static const struct {
                const char *text, *want;
        } table[] = {
                {"plain \\ text", "plain \\ text"},
                {"a\x1b[31mred\a\r\n\t", "a\\x1b[31mred\\x07\\x0d\\x0a\\x09"},
                {"\x7f\xc2\x9b", "\\x7f\\u{9b}"},
                {"Gr\xc3\xbc\xc3\x9f" "e \xf0\x9f\x98\x80", "Gr\xc3\xbc\xc3\x9f"
                 "e \xf0\x9f\x98\x80"},
                {"\xe2\x80\xae" "txt\xe2\x81\xa6\xe2\x80\x8b\xef\xbb\xbf",
                 "\\u{202e}txt\\u{2066}\\u{200b}\\u{feff}"},
                {"\xff\xc3", "\\xff\\xc3"},
                {"\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80",
                 "\\xc0\\x80\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80"},
        };
        LimnBuf buf = LIMN_BUF(1000);
        for (size_t i = 0; i < N_OF(table); i++) {
                limn_buf_clear(&buf);
                assert_int_equal(limn_printable(limn_slice_str(table[i].text), &buf), 0);
                assert_string_equal(limn_buf_str(&buf), table[i].want);
        }
        limn_buf_clear(&buf);
        limn_printable(LIMN_S("a\0b"), &buf);
        assert_string_equal(limn_buf_str(&buf), "a\\x00b");
        limn_buf_done(&buf);
}

static void test_utf8_all(void **state)
{
        for (uint32_t c = 0; c < 0x110000; c++) {
                char bytes[4];
                uint32_t back = 0;
                unsigned n = limn_utf8_encode(c, bytes);
                bool surrogate = c >= 0xd800 && c < 0xe000;
                if (limn_utf8_decode(limn_slice(bytes, n), &back) != (surrogate ? 0 : n) ||
                    (!surrogate && back != c))
                        fail_msg("U+%04X", (unsigned)c);
                for (unsigned cut = 1; cut < n; cut++)
                        assert_int_equal(limn_utf8_decode(limn_slice(bytes, cut), &back), 0);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_appends),
                cmocka_unit_test(test_ceiling_is_sticky),
                cmocka_unit_test(test_take),
                cmocka_unit_test(test_printable),
                cmocka_unit_test(test_utf8_all),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
