/* SPDX-License-Identifier: Apache-2.0 */
/* Sigma strings: the escape table of the specification, wildcards, numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/buf.h"
#include "rules/value.h"

#define ARENA (1 << 20)

/* Tokens as text: <*> and <?> are wildcards, everything else itself. */
static void spell(const LimnText *text, LimnBuf *out)
{
        for (size_t i = 0; i < text->n; i++) {
                if (text->at[i] == LIMN_TOKEN_STAR)
                        limn_buf_add_str(out, "<*>");
                else if (text->at[i] == LIMN_TOKEN_ONE)
                        limn_buf_add_str(out, "<?>");
                else
                        limn_buf_add_char(out, (char)text->at[i]);
        }
}

static void test_escapes(void **state)
{
        static const struct {
                const char *written, *means;
        } rows[] = {
                {"", ""},
                {"plain", "plain"},
                {"*", "<*>"},
                {"a*b?c", "a<*>b<?>c"},
                {"**", "<*>"},
                {"\\*", "*"},
                {"\\?", "?"},
                {"\\\\", "\\"},
                {"\\\\*", "\\<*>"},
                {"\\\\\\*", "\\*"},
                {"\\\\\\", "\\\\"},
                {"\\\\\\\\", "\\\\"},
                {"C:\\Windows\\x.exe", "C:\\Windows\\x.exe"},
                {"\\n", "\\n"},
                {"end\\", "end\\"},
                {"\\\\server\\share\\*", "\\server\\share*"},
                {"\\\\\\\\server\\\\*", "\\\\server\\<*>"},
                {"caf\xc3\xa9?", "caf\xc3\xa9<?>"},
        };
        LimnArena *arena = limn_arena_new(ARENA);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                LimnText text;
                LimnBuf buf = LIMN_BUF(1000);
                assert_int_equal(limn_text_parse(&text, limn_slice_str(rows[i].written), arena), 0);
                spell(&text, &buf);
                assert_string_equal(limn_buf_str(&buf), rows[i].means);
                limn_buf_done(&buf);
        }
        limn_arena_free(arena);
}

static bool matches(LimnArena *arena, const char *pattern, const char *value, bool cased)
{
        LimnText text;
        LimnPattern p;
        assert_int_equal(limn_text_parse(&text, limn_slice_str(pattern), arena), 0);
        assert_int_equal(limn_pattern_compile(&p, &text, cased, arena), 0);
        return limn_pattern_match(&p, limn_slice_str(value));
}

static void test_matching(void **state)
{
        static const struct {
                const char *pattern, *value;
                bool yes;
        } rows[] = {
                {"abc", "abc", true},
                {"abc", "ABC", true},
                {"abc", "xabc", false}, /* the whole value */
                {"abc", "abcx", false},
                {"", "", true},
                {"", "x", false},
                {"*", "", true},
                {"*", "anything", true},
                {"a*", "abc", true},
                {"a*", "ba", false},
                {"*c", "abc", true},
                {"*c", "abcd", false},
                {"*b*", "abc", true},
                {"*b*", "", false},
                {"**b", "ab", true},
                {"?", "x", true},
                {"?", "", false},
                {"?", "xy", false},
                {"?", "\xc3\xa9", true}, /* one character, two bytes */
                {"??", "\xc3\xa9", false},
                {"?", "\xff", true}, /* no UTF-8: a byte is a character */
                {"a?c", "abc", true},
                {"a?c", "ac", false},
                {"a*b*c", "a1b2b3c", true},
                {"a*b*c", "a1c2b", false},
                {"*ab", "aab", true},
                {"*a?b", "aaxaab", true},
                {"a*?b", "a\xc3\xa9"
                         "b",
                 true},
                {"a*?b", "ab", false},
                {"*\\**", "a*b", true},
                {"*\\**", "ab", false},
                {"\\\\*", "\\share", true},
                {"caf\xc3\xa9", "CAF\xc3\x89", false}, /* only ASCII is folded */
        };
        LimnArena *arena = limn_arena_new(ARENA);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
                if (matches(arena, rows[i].pattern, rows[i].value, false) != rows[i].yes)
                        fail_msg("\"%s\" on \"%s\"", rows[i].pattern, rows[i].value);
        assert_false(matches(arena, "abc", "ABC", true));
        assert_true(matches(arena, "a?C*", "abCD", true));
        assert_false(matches(arena, "a?C*", "abcD", true));
        limn_arena_free(arena);
}

static void test_no_explosion(void **state)
{
        /* Exponential in engines that try every star again. */
        char value[4001];
        memset(value, 'a', sizeof value - 1);
        value[sizeof value - 1] = '\0';
        LimnArena *arena = limn_arena_new(ARENA);
        assert_false(matches(arena, "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", value, false));
        limn_arena_free(arena);
}

static void test_open(void **state)
{
        LimnArena *arena = limn_arena_new(ARENA);
        static const struct {
                const char *text;
                bool before, behind;
                const char *means;
        } rows[] = {
                {"x", true, true, "<*>x<*>"},  {"x", false, true, "x<*>"},
                {"x", true, false, "<*>x"},    {"*x*", true, true, "<*>x<*>"},
                {"", true, true, "<*>"},       {"", false, true, "<*>"},
                {"\\*", true, true, "<*>*<*>"},
        };
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                LimnText text;
                LimnBuf buf = LIMN_BUF(100);
                assert_int_equal(limn_text_parse(&text, limn_slice_str(rows[i].text), arena), 0);
                assert_int_equal(limn_text_open(&text, rows[i].before, rows[i].behind, arena), 0);
                spell(&text, &buf);
                assert_string_equal(limn_buf_str(&buf), rows[i].means);
                limn_buf_done(&buf);
        }
        limn_arena_free(arena);
}

static void test_numbers(void **state)
{
        static const struct {
                const char *text;
                bool yes;
                double value;
        } rows[] = {
                {"0", true, 0},          {"-17", true, -17},  {"+4", true, 4},
                {"4.50", true, 4.5},    {"1e3", true, 1000}, {".5", true, 0.5},
                {"5.", true, 5},         {"", false, 0},      {"-", false, 0},
                {".", false, 0},         {"1e", false, 0},    {"0x10", false, 0},
                {"nan", false, 0},       {"inf", false, 0},   {"1,5", false, 0},
                {" 1", false, 0},        {"1 ", false, 0},    {"1.2.3", false, 0},
                {"99999999999999999999", true, 1e20},
        };
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                LimnNumber value = {0};
                bool yes = limn_number(limn_slice_str(rows[i].text), &value);
                if (yes != rows[i].yes || value.d != rows[i].value)
                        fail_msg("\"%s\"", rows[i].text);
        }
        static const struct {
                const char *a, *b;
                int order;
        } pairs[] = {
                {"9007199254740993", "9007199254740992", 1}, /* no double tells them apart */
                {"9223372036854775807", "9223372036854775806", 1},
                {"-9223372036854775808", "9223372036854775807", -1},
                {"4", "4.0", 0},
                {"4e0", "4", 0},
                {"99999999999999999999", "9223372036854775807", 1},
                {"-0", "0", 0},
                {"0.1", "0.2", -1},
        };
        for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
                LimnNumber a, b;
                assert_true(limn_number(limn_slice_str(pairs[i].a), &a));
                assert_true(limn_number(limn_slice_str(pairs[i].b), &b));
                int order = limn_number_cmp(&a, &b);
                if ((order > 0) - (order < 0) != pairs[i].order)
                        fail_msg("%s against %s", pairs[i].a, pairs[i].b);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_escapes),      cmocka_unit_test(test_matching),
                cmocka_unit_test(test_no_explosion), cmocka_unit_test(test_open),
                cmocka_unit_test(test_numbers),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
