/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <errno.h>

#include "core/limits.h"
#include "core/regex.h"

static LimnRegex *compile(const char *pattern, unsigned flags)
{
        LimnRegex *regex = NULL;
        if (limn_regex_new(&regex, limn_slice_str(pattern), flags, NULL) < 0)
                fail_msg("%s does not compile", pattern);
        return regex;
}

static void test_matches(void **state)
{
        static const struct {
                const char *pattern;
                unsigned flags;
                const char *subject;
                int want;
        } table[] = {
                {"b+", 0, "abbc", LIMN_REGEX_YES},
                {"^b", 0, "abbc", LIMN_REGEX_NO},
                {"", 0, "", LIMN_REGEX_YES},
                {"x", 0, "", LIMN_REGEX_NO},
                {"ABB", 0, "abbc", LIMN_REGEX_NO},
                {"ABB", LIMN_REGEX_NOCASE, "abbc", LIMN_REGEX_YES},
                {"^b$", 0, "a\nb\nc", LIMN_REGEX_NO},
                {"^b$", LIMN_REGEX_MULTILINE, "a\nb\nc", LIMN_REGEX_YES},
                {"a.b", 0, "a\nb", LIMN_REGEX_NO},
                {"a.b", LIMN_REGEX_DOTALL, "a\nb", LIMN_REGEX_YES},
                {"\\xff.", 0, "\xff\xfe", LIMN_REGEX_YES},
                {"^..$", 0, "\xc3\xa9", LIMN_REGEX_YES}, /* bytes, not characters */
                {"(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)(l)(m)(n)(o)(p)(q)(r)(s)(t)(u)(v)(w)(x)(y)(z)"
                 "(0)(1)(2)(3)(4)(5)(6)(7)", 0, "abcdefghijklmnopqrstuvwxyz01234567",
                 LIMN_REGEX_YES},
        };
        LimnRegexScratch *scratch = limn_regex_scratch_new();
        assert_non_null(scratch);
        for (size_t i = 0; i < N_OF(table); i++) {
                LimnRegex *regex = compile(table[i].pattern, table[i].flags);
                int r = limn_regex_match(regex, scratch, limn_slice_str(table[i].subject));
                if (r != table[i].want)
                        fail_msg("%s on %s: %d", table[i].pattern, table[i].subject, r);
                limn_regex_free(regex);
        }
        LimnRegex *regex = compile("a\\x00b", 0);
        assert_int_equal(limn_regex_match(regex, scratch, LIMN_S("xa\0b")), LIMN_REGEX_YES);
        assert_int_equal(limn_regex_match(regex, scratch, LIMN_NONE), LIMN_REGEX_NO);
        limn_regex_free(regex);
        limn_regex_scratch_free(scratch);
}

static void test_named_groups(void **state)
{
        LimnRegex *regex = compile("(?<zeta>\\w+)-(x)?(?:(?<alpha>\\d+)|(?<beta>[a-z]+))", 0);
        LimnRegexScratch *scratch = limn_regex_scratch_new();
        LimnSlice subject = LIMN_S("..bin-42");
        assert_int_equal(limn_regex_names(regex), 3);
        assert_slice(limn_regex_name(regex, 0), "zeta");
        assert_slice(limn_regex_name(regex, 1), "alpha");
        assert_slice(limn_regex_name(regex, 2), "beta");
        assert_int_equal(limn_regex_match(regex, scratch, subject), LIMN_REGEX_YES);
        LimnSlice zeta = limn_regex_group(regex, scratch, subject, 0);
        assert_slice(zeta, "bin");
        assert_ptr_equal(zeta.p, subject.p + 2);
        assert_slice(limn_regex_group(regex, scratch, subject, 1), "42");
        assert_null(limn_regex_group(regex, scratch, subject, 2).p);
        limn_regex_scratch_free(scratch);
        limn_regex_free(regex);
}

/* What would run for years is given up, and is no "no match". */
static void test_limits_are_said(void **state)
{
        static const char *const patterns[] = {"^(a+)+$", "(a|aa)+$", "^(([a-z])+.)+[A-Z]([a-z])+$",
                                               "(x+x+)+y"};
        char subject[3000];
        LimnRegexScratch *scratch = limn_regex_scratch_new();
        for (size_t i = 0; i < N_OF(patterns); i++) {
                LimnRegex *regex = compile(patterns[i], 0);
                memset(subject, i == 3 ? 'x' : 'a', sizeof subject);
                subject[sizeof subject - 1] = '!';
                int r = limn_regex_match(regex, scratch, limn_slice(subject, sizeof subject));
                if (i == 3) /* a literal that is not there: PCRE2 sees it at once */
                        assert_true(r == LIMN_REGEX_NO || r == LIMN_REGEX_LIMIT);
                else
                        assert_int_equal(r, LIMN_REGEX_LIMIT);
                /* The scratch is as good as new. */
                assert_int_equal(limn_regex_match(regex, scratch, LIMN_S("")), LIMN_REGEX_NO);
                limn_regex_free(regex);
        }
        /* A pattern may lower the limits, never raise them. */
        LimnRegex *regex = compile("(*LIMIT_MATCH=4000000000)^(a+)+$", 0);
        memset(subject, 'a', sizeof subject);
        subject[40] = '!';
        assert_int_equal(limn_regex_match(regex, scratch, limn_slice(subject, 41)),
                         LIMN_REGEX_LIMIT);
        limn_regex_free(regex);
        limn_regex_scratch_free(scratch);
}

static void test_refused(void **state)
{
        static const struct {
                const char *pattern, *carets; /* the second line of the snippet */
        } table[] = {
                {"a(b", "   ^"},
                {"[z-a]", "   ^"},
                {"(?<n>a)(?<n>b)", "            ^"},
                {"\\", " ^"},
                {"(*UTF)a", NULL},
                {"(*UCP)a", NULL},
                {"(?P>missing)", NULL},
        };
        for (size_t i = 0; i < N_OF(table); i++) {
                LimnDiag *diag = limn_diag_new();
                LimnRegex *regex = NULL;
                int r = limn_regex_new(&regex, limn_slice_str(table[i].pattern), 0, diag);
                if (r != -EINVAL)
                        fail_msg("%s: %d", table[i].pattern, r);
                assert_null(regex);
                assert_int_equal(limn_diag_count(diag, LIMN_DIAG_ERROR), 1);
                const LimnMessage *m = limn_diag_at(diag, 0);
                assert_non_null(m->why);
                const char *carets = strchr(m->snippet, '\n');
                assert_non_null(carets);
                if (table[i].carets && strcmp(carets + 1, table[i].carets) != 0)
                        fail_msg("%s: caret \"%s\"", table[i].pattern, carets + 1);
                limn_diag_free(diag);
        }
}

static void test_too_many_named_groups(void **state)
{
        LimnBuf pattern = LIMN_BUF(10000);
        for (int i = 0; i < LIMN_REGEX_GROUPS_MAX; i++)
                limn_buf_printf(&pattern, "(?<g%d>a)", i);
        LimnRegex *regex = compile(limn_buf_str(&pattern), 0);
        assert_int_equal(limn_regex_names(regex), LIMN_REGEX_GROUPS_MAX);
        regex = limn_regex_free(regex);
        limn_buf_add_str(&pattern, "(?<one_more>a)");
        assert_int_equal(limn_regex_new(&regex, limn_buf_slice(&pattern), 0, NULL), -EINVAL);
        limn_buf_done(&pattern);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_matches),
                cmocka_unit_test(test_named_groups),
                cmocka_unit_test(test_limits_are_said),
                cmocka_unit_test(test_refused),
                cmocka_unit_test(test_too_many_named_groups),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
