/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar of conditions: precedence, quantifiers, hidden names, lists, what is refused. */
#include "tests/unit/rules_help.h"

/* Searches a, b, c, d, sel_1, sel_2, _hidden each hold when the field of that name is "1". */
static const char *const names[] = {"a", "b", "c", "d", "sel_1", "sel_2", "_hidden"};
#define N_NAMES (sizeof names / sizeof *names)

static void rule_text(LimnBuf *out, const char *condition)
{
        limn_buf_add_str(out, RULE_HEAD "detection:\n");
        for (size_t i = 0; i < N_NAMES; i++)
                limn_buf_printf(out, "  %s: {%s: 'yes'}\n", names[i], names[i]);
        limn_buf_printf(out, "  condition: %s\n", condition);
}

static bool holds(const LimnRules *rules, const char *set)
{
        LimnField fields[N_NAMES];
        const char *pairs[N_NAMES * 2 + 1];
        size_t n = 0;
        for (size_t i = 0; i < N_NAMES; i++) {
                char wanted[16];
                snprintf(wanted, sizeof wanted, " %s ", names[i]);
                if (!strstr(set, wanted))
                        continue;
                pairs[n++] = names[i];
                pairs[n++] = "yes";
        }
        pairs[n] = NULL;
        LimnEvent event = event_of(fields, pairs);
        return count_matches(rules, &event) == 1;
}

static void test_truth(void **state)
{
        static const struct {
                const char *condition, *set;
                bool yes;
        } rows[] = {
                {"a", " a ", true},
                {"a", " b ", false},
                {"a or b and c", " a ", true}, /* and binds tighter */
                {"a or b and c", " b ", false},
                {"(a or b) and c", " a ", false},
                {"(a or b) and c", " b c ", true},
                {"not a and b", " b ", true}, /* not binds tighter still */
                {"not a and b", " ", false},
                {"not (a and b)", " a ", true},
                {"not not a", " a ", true},
                {"not a or b", " a b ", true},
                {"a and not b and not c", " a ", true},
                {"a and not b and not c", " a c ", false},
                {"1 of sel_*", " sel_2 ", true},
                {"1 of sel_*", " a ", false},
                {"any of sel_*", " sel_1 ", true},
                {"all of sel_*", " sel_1 ", false},
                {"all of sel_*", " sel_1 sel_2 ", true},
                {"1 of *_1", " sel_1 ", true},
                {"1 of *el*", " sel_2 ", true},
                {"1 of them", " d ", true},
                {"1 of them", " _hidden ", false}, /* them never takes hidden ones */
                {"1 of *", " _hidden ", false},
                {"1 of _*", " _hidden ", true},
                {"all of them", " a b c d sel_1 sel_2 ", true},
                {"all of them", " a b c d sel_1 ", false},
                {"not 1 of sel_*", " a ", true},
                {"a and 1 of sel_* or b", " b ", true},
                {"a and all of sel_*", " a sel_1 sel_2 ", true},
                {"_hidden", " _hidden ", true}, /* by its own name */
                {"[a and b, c]", " c ", true}, /* a list is an or */
                {"[a and b, c]", " a ", false},
                {"'((a))'", " a ", true},
        };
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                LimnBuf text = LIMN_BUF(1 << 16);
                rule_text(&text, rows[i].condition);
                LimnRules *rules = load_rules(limn_buf_str(&text));
                if (holds(rules, rows[i].set) != rows[i].yes)
                        fail_msg("%s on {%s}", rows[i].condition, rows[i].set);
                limn_rules_free(rules);
                limn_buf_done(&text);
        }
}

static void test_refused(void **state)
{
        static const struct {
                const char *condition, *says;
        } rows[] = {
                {"a | count() > 5", "aggregations behind a pipe"},
                {"e", "unknown search \"e\""},
                {"a AND b", "where `and`, `or` or the end"},
                {"AND", "lower case"},
                {"a b", "where `and`, `or` or the end"},
                {"a and", "ends where the name of a search"},
                {"(a", "ends where \")\""},
                {"a)", "where `and`, `or` or the end"},
                {"and a", "where the name of a search"},
                {"not", "ends where the name of a search"},
                {"1 of nothing*", "no search matches \"nothing*\""},
                {"2 of them", "unknown search \"2\""},
                {"1 of", "ends where a pattern"},
                {"''", "ends where the name of a search"},
                {"a near b", "where `and`, `or` or the end"},
                {"[]", "a text or a list"},
                {"{x: y}", "a text or a list"},
                {"null", "a condition is a text"},
        };
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                LimnBuf text = LIMN_BUF(1 << 16);
                LimnDiag *diag = limn_diag_new();
                LimnRules *rules = NULL;
                rule_text(&text, rows[i].condition);
                LimnRuleText one = {"rule.yml", limn_buf_slice(&text)};
                assert_int_equal(limn_rules_load(&rules, &one, 1, diag), -EINVAL);
                assert_null(rules);
                LimnBuf out = messages(diag);
                if (!strstr(limn_buf_str(&out), rows[i].says))
                        fail_msg("%s: %s", rows[i].condition, limn_buf_str(&out));
                limn_buf_done(&out);
                limn_diag_free(diag);
                limn_buf_done(&text);
        }
}

static void test_depth(void **state)
{
        for (int deep = 0; deep < 2; deep++) {
                LimnBuf condition = LIMN_BUF(1 << 16), text = LIMN_BUF(1 << 17);
                int n = deep ? 2000 : 40;
                for (int i = 0; i < n; i++)
                        limn_buf_add_str(&condition, "(");
                limn_buf_add_str(&condition, "a");
                for (int i = 0; i < n; i++)
                        limn_buf_add_str(&condition, ")");
                rule_text(&text, limn_buf_str(&condition));
                LimnDiag *diag = limn_diag_new();
                LimnRules *rules = NULL;
                LimnRuleText one = {"rule.yml", limn_buf_slice(&text)};
                assert_int_equal(limn_rules_load(&rules, &one, 1, diag), deep ? -EINVAL : 0);
                limn_rules_free(rules);
                limn_diag_free(diag);
                limn_buf_done(&condition);
                limn_buf_done(&text);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_truth),
                cmocka_unit_test(test_refused),
                cmocka_unit_test(test_depth),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
