/* SPDX-License-Identifier: Apache-2.0 */
/* Filters: whom they are for, and that their searches are their own. */
#include "tests/unit/rules_help.h"

#define RULES                                                                        \
        "title: one\nname: one\nid: 11111111-1111-4111-8111-111111111111\n"           \
        "logsource: {product: test, service: a}\n"                                    \
        "detection: {sel_a: {m: x}, condition: 1 of sel_*}\n---\n"                    \
        "title: two\nname: two\nlogsource: {product: test, service: b}\n"             \
        "detection: {sel_a: {m: x}, condition: sel_a}\n---\n"

static int note(void *arg, const LimnMatch *match)
{
        limn_buf_add(arg, match->rule->name);
        limn_buf_add_char(arg, ' ');
        return 0;
}

static void met(const char *filter, const char *user, const char *want)
{
        const char *const pairs[] = {"m", "x", "user", user, "record", "x", NULL};
        LimnBuf text = LIMN_BUF(1 << 16), is = LIMN_BUF(1 << 10);
        LimnField fields[3];
        LimnEvent event = event_of(fields, pairs);
        LimnMatcher *matcher;
        LimnRules *rules;

        limn_buf_printf(&text, "%s%s", RULES, filter);
        rules = load_rules(limn_buf_str(&text));
        assert_int_equal(limn_matcher_new(&matcher, rules, false), 0);
        assert_int_equal(limn_matcher_match(matcher, limn_matcher_all(matcher), &event, NULL, 0,
                                            note, &is, NULL),
                         0);
        if (strcmp(limn_buf_str(&is), want) != 0)
                fail_msg("%s\n%s: %s, not %s", filter, user, limn_buf_str(&is), want);
        limn_matcher_free(matcher);
        limn_rules_free(rules);
        limn_buf_done(&text);
        limn_buf_done(&is);
}

static void test_whom(void **state)
{
        static const char *const all = "title: f\nlogsource: {product: test}\nfilter: {rules: any, "
                                       "s: {user: backup}, condition: not s}\n";

        met("", "backup", "one two ");
        met(all, "backup", "");
        met(all, "root", "one two ");
        met("title: f\nlogsource: {product: test}\nfilter: {rules: [], "
            "s: {user: backup}, condition: not s}\n",
            "backup", "");
        met("title: f\nlogsource: {product: test, service: b}\nfilter: {rules: any, "
            "s: {user: backup}, condition: not s}\n",
            "backup", "one ");
        met("title: f\nlogsource: {product: other}\nfilter: {rules: any, "
            "s: {user: backup}, condition: not s}\n",
            "backup", "one two ");
        met("title: f\nlogsource: {product: test}\nfilter: {rules: [two], "
            "s: {user: backup}, condition: not s}\n",
            "backup", "one ");
        met("title: f\nlogsource: {product: test}\nfilter: {rules: "
            "11111111-1111-4111-8111-111111111111, s: {user: backup}, condition: not s}\n",
            "backup", "two ");
}

static void test_keeps_only(void **state)
{
        met("title: f\nlogsource: {product: test}\nfilter: {rules: any, "
            "s: {user: backup}, condition: s}\n",
            "root", "");
}

/* Rule one asks for `1 of sel_*`: a filter's sel_b is none of them. */
static void test_searches_apart(void **state)
{
        met("title: f\nlogsource: {product: test}\nfilter: {rules: any, "
            "sel_b: {user: root}, sel_a: {user: nobody}, condition: sel_b and not sel_a}\n",
            "root", "one two ");
        met("title: f\nlogsource: {product: test}\nfilter: {rules: any, "
            "sel_b: {user: root}, condition: not 1 of sel_*}\n",
            "root", "");
}

static void test_several(void **state)
{
        met("title: f\nlogsource: {product: test}\nfilter: {rules: any, "
            "s: {user: root}, condition: s}\n---\n"
            "title: g\nlogsource: {product: test}\nfilter: {rules: [one], "
            "s: {m: x}, condition: not s}\n",
            "root", "two ");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_whom),
                cmocka_unit_test(test_keeps_only),
                cmocka_unit_test(test_searches_apart),
                cmocka_unit_test(test_several),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
