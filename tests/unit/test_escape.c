/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "reports/escape.h"

#define U_RLO "\xE2\x80\xAE"
#define U_ZWSP "\xE2\x80\x8B"

typedef void (*Escaper)(LimnSlice s, LimnBuf *out);

static void check(Escaper escape, LimnSlice in, const char *want)
{
        LimnBuf out = LIMN_BUF(1 << 20);
        escape(in, &out);
        assert_string_equal(limn_buf_str(&out), want);
        assert_int_equal(out.n, strlen(want));
        limn_buf_done(&out);
}

static void test_terminal(void **state)
{
        check(limn_escape_terminal, LIMN_S("plain \xC3\xA4 \xE6\x97\xA5"),
              "plain \xC3\xA4 \xE6\x97\xA5");
        check(limn_escape_terminal, LIMN_S("a\x1b[2Jb\x07\x9b"), "a\\x1b[2Jb\\x07\\x9b");
        check(limn_escape_terminal, LIMN_S("\xC2\x9b" "31m"), "\\u{9b}31m");
        check(limn_escape_terminal, LIMN_S("x" U_RLO "y\n\t"), "x\\u{202e}y\\x0a\\x09");
        check(limn_escape_terminal, LIMN_S("nul\0nul"), "nul\\x00nul");
}

static void test_html(void **state)
{
        check(limn_escape_html, LIMN_S("<script>\"'`&"), "&lt;script&gt;&quot;&#39;&#96;&amp;");
        check(limn_escape_html, LIMN_S("two\nlines\t" U_RLO "\x1b\xff\0"),
              "two\nlines\t\\u{202e}\\x1b\\xff\\x00");
}

static void test_csv(void **state)
{
        static const struct {
                LimnSlice in;
                const char *want;
        } rows[] = {
                {{"plain", 5}, "\"plain\""},
                {{"a,\"b\"", 5}, "\"a,\"\"b\"\"\""},
                {{"=1+1", 4}, "\"'=1+1\""},
                {{"+1", 2}, "\"'+1\""},
                {{"-1", 2}, "\"'-1\""},
                {{"@SUM(1)", 7}, "\"'@SUM(1)\""},
                {{"|calc", 5}, "\"'|calc\""},
                {{"  =1", 4}, "\"'  =1\""},
                {{"\t=1", 3}, "\"'\\x09=1\""},
                {{"\r\n=1", 4}, "\"'\\x0d\\x0a=1\""},
                {{U_ZWSP "=1", 5}, "\"'\\u{200b}=1\""},
                {{"\xEF\xBC\x9D" "1", 4}, "\"'\xEF\xBC\x9D" "1\""},
                {{"\xEF\xBC\x8B" "1", 4}, "\"'\xEF\xBC\x8B" "1\""},
                {{"\xEF\xBC\x8D" "1", 4}, "\"'\xEF\xBC\x8D" "1\""},
                {{"\xEF\xBC\xA0" "1", 4}, "\"'\xEF\xBC\xA0" "1\""},
                {{"\"=1", 3}, "\"'\"\"=1\""},
                {{"' +1", 4}, "\"'' +1\""},
                {{"\t@x", 3}, "\"'\\x09@x\""},
                {{"\"plain\"", 7}, "\"\"\"plain\"\"\""},
                {{"a\nb", 3}, "\"a\\x0ab\""},
                {{"", 0}, "\"\""},
        };
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
                check(limn_escape_csv, rows[i].in, rows[i].want);
}

static void test_markdown(void **state)
{
        check(limn_escape_markdown, LIMN_S("billing_invoices, db-prod-1 (mysqld)"),
              "billing_invoices, db-prod-1 (mysqld)");
        check(limn_escape_markdown, LIMN_S("[x](javascript:y) **b** <i> `c` |"),
              "\\[x\\](javascript:y) \\*\\*b\\*\\* \\<i\\> \\`c\\` \\|");
        check(limn_escape_markdown, LIMN_S("http://evil www.evil _a_"),
              "http\\://evil www\\.evil \\_a\\_");
        check(limn_escape_markdown, LIMN_S("- list\n# head\x1b"), "\\- list\\x0a\\# head\\x1b");
}

static void test_markdown_code(void **state)
{
        check(limn_escape_markdown_code, LIMN_S("plain"), "`plain`");
        check(limn_escape_markdown_code, LIMN_S("a``b"), "```a``b```");
        check(limn_escape_markdown_code, LIMN_S("`"), "`` ` ``");
        check(limn_escape_markdown_code, LIMN_S("two\nlines"), "`two\\x0alines`");
}

/* Whatever comes in: no control character, no bidirectional override, nothing unquoted. */
static void test_any_bytes(void **state)
{
        static const Escaper escapers[] = {limn_escape_terminal, limn_escape_html, limn_escape_csv,
                                           limn_escape_markdown, limn_escape_markdown_code};
        uint32_t seed = 1;
        for (int round = 0; round < 2000; round++) {
                char in[64];
                for (size_t i = 0; i < sizeof in; i++) {
                        seed = seed * 1664525u + 1013904223u;
                        in[i] = (char)(seed >> 24);
                }
                for (size_t e = 0; e < sizeof escapers / sizeof *escapers; e++) {
                        LimnBuf out = LIMN_BUF(1 << 20);
                        escapers[e](limn_slice(in, sizeof in), &out);
                        assert_int_equal(out.error, 0);
                        for (size_t i = 0; i < out.n; i++) {
                                unsigned char c = (unsigned char)out.p[i];
                                bool kept = e == 1 && (c == '\n' || c == '\t');
                                if (!kept && (c < 0x20 || c == 0x7f))
                                        fail_msg("escaper %zu let 0x%02x pass", e, c);
                                if (e == 1 && (c == '<' || c == '"' || c == '\''))
                                        fail_msg("html let %c pass", c);
                        }
                        assert_int_equal(limn_slice_find(limn_buf_slice(&out), LIMN_S(U_RLO)),
                                         out.n);
                        limn_buf_done(&out);
                }
        }
}

static void test_cut(void **state)
{
        LimnSlice s = LIMN_S("a\xC3\xA4\xE6\x97\xA5");
        static const size_t want[] = {0, 1, 1, 3, 3, 3, 6};
        for (size_t i = 0; i < sizeof want / sizeof *want; i++)
                assert_int_equal(limn_utf8_cut(s, i).n, want[i]);
        assert_int_equal(limn_utf8_cut(LIMN_S("\x80\x80\x80\x80\x80\x80"), 5).n, 5);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_terminal),      cmocka_unit_test(test_html),
                cmocka_unit_test(test_csv),           cmocka_unit_test(test_markdown),
                cmocka_unit_test(test_markdown_code), cmocka_unit_test(test_any_bytes),
                cmocka_unit_test(test_cut),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
