/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with a rule, as its author reads it: tests/unit/rules_load.txt holds cases
 *
 *      === what the case is about
 *      the rule file
 *      >>>
 *      the messages, or nothing when it loads
 *
 * LIMN_UPDATE=1 rewrites the messages, so that git shows the difference.
 */
#include "core/limits.h"
#include "rules/condition.h"
#include "tests/unit/rules_help.h"

typedef struct Case {
        LimnSlice title, text, expected;
} Case;

static LimnBuf read_cases(char *path, size_t size)
{
        LimnBuf buf = LIMN_BUF(1 << 20);
        const char *root = getenv("LIMN_SOURCE_ROOT");
        snprintf(path, size, "%s/tests/unit/rules_load.txt", root ? root : ".");
        FILE *file = fopen(path, "r");
        if (!file)
                fail_msg("%s: cannot be read", path);
        char chunk[4096];
        for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
                limn_buf_add(&buf, limn_slice(chunk, n));
        fclose(file);
        return buf;
}

static bool next_case(LimnSlice *rest, Case *ret)
{
        LimnSlice line;
        if (!limn_slice_line(rest, &line) || !limn_slice_starts(line, LIMN_S("=== ")))
                return false;
        ret->title = limn_slice_from(line, 4);
        LimnSlice *part = &ret->text;
        ret->text = ret->expected = limn_slice(rest->p, 0);
        while (rest->n && !limn_slice_starts(*rest, LIMN_S("=== "))) {
                LimnSlice from = *rest;
                limn_slice_line(rest, &line);
                if (limn_slice_eq(line, LIMN_S(">>>"))) {
                        part = &ret->expected;
                        *part = limn_slice(rest->p, 0);
                } else {
                        part->n += from.n - rest->n;
                }
        }
        return true;
}

static void test_messages(void **state)
{
        char path[4096];
        LimnBuf file = read_cases(path, sizeof path), updated = LIMN_BUF(1 << 20);
        LimnSlice rest = limn_buf_slice(&file);
        Case c;
        size_t n = 0, different = 0;
        while (next_case(&rest, &c)) {
                LimnRules *rules = NULL;
                LimnDiag *diag = limn_diag_new();
                LimnRuleText text = {"rule.yml", c.text};
                int r = limn_rules_load(&rules, &text, 1, diag);
                LimnBuf got = messages(diag);
                assert_int_equal(r, limn_diag_count(diag, LIMN_DIAG_ERROR) ? -EINVAL : 0);
                assert_true(r == 0 || rules == NULL);
                if (!limn_slice_eq(limn_buf_slice(&got), c.expected)) {
                        different++;
                        print_error("%.*s: expected\n%.*s\ngot\n%s\n", LIMN_FMT(c.title),
                                    LIMN_FMT(c.expected), limn_buf_str(&got));
                }
                limn_buf_printf(&updated, "=== %.*s\n", LIMN_FMT(c.title));
                limn_buf_add(&updated, c.text);
                limn_buf_add_str(&updated, ">>>\n");
                limn_buf_add(&updated, limn_buf_slice(&got));
                limn_buf_done(&got);
                limn_rules_free(rules);
                limn_diag_free(diag);
                n++;
        }
        assert_int_equal(rest.n, 0);
        assert_true(n > 30);
        if (different && getenv("LIMN_UPDATE")) {
                FILE *out = fopen(path, "w");
                assert_non_null(out);
                fwrite(limn_buf_str(&updated), 1, updated.n, out);
                fclose(out);
                different = 0;
        }
        limn_buf_done(&file);
        limn_buf_done(&updated);
        assert_int_equal(different, 0);
}

static void test_all_files_are_reported(void **state)
{
        LimnRules *rules = NULL;
        LimnDiag *diag = limn_diag_new();
        const LimnRuleText texts[] = {
                {"b.yml", LIMN_S("title: b\n")},
                {"a.yml", LIMN_S("title: [\n")},
                {"c.yml", LIMN_S("title: c\nlogsource: {product: x}\n"
                                 "detection: {s: [x1234], condition: t}\n")},
        };
        assert_int_equal(limn_rules_load(&rules, texts, 3, diag), -EINVAL);
        assert_int_equal(limn_diag_count(diag, LIMN_DIAG_ERROR), 3);
        assert_true(strstr(limn_diag_at(diag, 0)->where, "a.yml") != NULL); /* by path */
        assert_true(strstr(limn_diag_at(diag, 1)->where, "b.yml") != NULL);
        assert_true(strstr(limn_diag_at(diag, 2)->where, "c.yml") != NULL);
        limn_diag_free(diag);
}

static void test_order_of_files(void **state)
{
        const LimnRuleText texts[] = {
                {"x/1.yml", LIMN_S("title: b\nlogsource: {product: x}\n"
                                   "detection: {s: [x1234], condition: s}\n")},
                {"x/2.yml", LIMN_S("title: a\nlogsource: {product: x}\n"
                                   "detection: {s: [x1234], condition: s}\n")},
        };
        const LimnRuleText turned[] = {texts[1], texts[0]};
        LimnRules *one, *two;
        assert_int_equal(limn_rules_load(&one, texts, 2, NULL), 0);
        assert_int_equal(limn_rules_load(&two, turned, 2, NULL), 0);
        assert_string_equal(one->hash, two->hash);
        assert_int_equal(strlen(one->hash), 64);
        for (size_t i = 0; i < 2; i++) {
                assert_true(limn_slice_eq(one->detections[i].name, two->detections[i].name));
                assert_int_equal(one->detections[i].index, i);
        }
        assert_true(limn_slice_eq(one->detections[0].name, LIMN_S("a")));
        limn_rules_free(one);
        limn_rules_free(two);
}

static void test_lookup(void **state)
{
        LimnRules *rules =
                load_rules("title: b\nname: bee\nid: 0e95725d-7320-415d-80f7-004da920fc11\n"
                           "logsource: {product: x}\ndetection: {s: [x1234], condition: s}\n"
                           "---\n"
                           "title: a\nid: 0e95725d-7320-415d-80f7-004da920fc12\n"
                           "logsource: {product: x}\ndetection: {s: [x1234], condition: s}\n");
        const char *bee = "0e95725d-7320-415d-80f7-004da920fc11";
        const char *other = "0e95725d-7320-415d-80f7-004da920fc12";
        assert_non_null(limn_rules_detection(rules, LIMN_S("bee")));
        assert_ptr_equal(limn_rules_detection(rules, LIMN_S("bee")),
                         limn_rules_detection(rules, limn_slice_str(bee)));
        assert_non_null(limn_rules_detection(rules, limn_slice_str(other)));
        assert_null(limn_rules_detection(rules, LIMN_S("a"))); /* a title is no name */
        assert_null(limn_rules_detection(rules, LIMN_S("")));
        limn_rules_free(rules);
        assert_null(limn_rules_free(NULL));
}

static void test_many(void **state)
{
        LimnBuf text = LIMN_BUF(LIMN_RULE_FILE_MAX);
        for (size_t i = 0; i < 5000; i++)
                limn_buf_printf(&text,
                                "%stitle: r%zu\nlogsource: {product: x}\ndetection:\n"
                                "  s: {message|contains: [needle%zu, thread%zu]}\n"
                                "  condition: s\n",
                                i ? "---\n" : "", i, i, i);
        LimnRules *rules = load_rules(limn_buf_str(&text));
        assert_int_equal(rules->n_detections, 5000);
        LimnMatcher *matcher;
        LimnMarks marks = {0};
        size_t n = 0;
        LimnEvent event = {.record = LIMN_S("a needle4321 b"), .message = LIMN_S("a needle4321 b"),
                           .time = LIMN_TIME_NONE};
        assert_int_equal(limn_matcher_new(&matcher, rules, true), 0);
        assert_int_equal(limn_matcher_scan(matcher, limn_matcher_all(matcher), event.record,
                                           &marks), 0);
        assert_int_equal(limn_matcher_match(matcher, limn_matcher_all(matcher), &event, marks.at,
                                            marks.n, count_match, &n, NULL),
                         0);
        assert_int_equal(n, 4); /* 4, 43, 432, 4321 */
        free(marks.at);
        limn_matcher_free(matcher);
        limn_rules_free(rules);
        limn_buf_done(&text);
}

/* The trees that were made when the pack was built in are those of its texts. */
static void test_pack_trees(void **state)
{
        LimnArena *arena = limn_arena_new(LIMN_RULES_ARENA_MAX);
        LimnBuf again = LIMN_BUF(16 << 20);
        for (size_t i = 0; i < limn_pack_n; i++) {
                LimnYamlFile file;
                limn_arena_reset(arena);
                limn_buf_clear(&again);
                assert_int_equal(limn_yaml_parse(&file, limn_pack[i].path, limn_pack[i].text,
                                                 arena, NULL),
                                 0);
                assert_int_equal(limn_yaml_freeze(&file, &again), 0);
                assert_true(limn_pack[i].tree.p);
                assert_true(limn_slice_eq(limn_pack[i].tree, limn_buf_slice(&again)));
        }
        limn_buf_done(&again);
        limn_arena_free(arena);
}

/* The pack that is built in loads, says nothing, and each of its detections has a literal or is
 * for a source that is small. */
static void test_pack(void **state)
{
        LimnRules *rules = NULL;
        LimnDiag *diag = limn_diag_new();
        int r = limn_rules_load(&rules, limn_pack, limn_pack_n, diag);
        LimnBuf out = messages(diag);
        assert_string_equal(limn_buf_str(&out), "");
        assert_int_equal(r, 0);
        assert_true(rules->n_detections > 30);
        limn_buf_done(&out);
        limn_diag_free(diag);
        limn_rules_free(rules);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_messages),
                cmocka_unit_test(test_all_files_are_reported),
                cmocka_unit_test(test_order_of_files),
                cmocka_unit_test(test_lookup),
                cmocka_unit_test(test_many),
                cmocka_unit_test(test_pack_trees),
                cmocka_unit_test(test_pack),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
