/* SPDX-License-Identifier: Apache-2.0 */
/* The trace says what the matcher says, of every part; and what is nearest is told. */
#include <stdlib.h>

#include "core/limits.h"
#include "rules/trace.h"
#include "tests/unit/rules_help.h"

static uint64_t seed;

static uint32_t below(uint32_t n)
{
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        return (uint32_t)(seed >> 33) % n;
}

typedef struct Steps {
        LimnTraceStep at[LIMN_TRACE_STEPS_MAX + 1];
        size_t n;
} Steps;

static int keep(void *arg, const LimnTraceStep *step)
{
        Steps *steps = arg;

        assert_true(steps->n <= LIMN_TRACE_STEPS_MAX);
        steps->at[steps->n++] = *step;
        return 0;
}

/* The answer of step i by those below it; *ret_next: what follows them. */
static LimnVerdict answer(const Steps *s, size_t i, size_t *ret_next)
{
        const LimnTraceStep *step = &s->at[i];
        LimnVerdict all = LIMN_YES, any = LIMN_NO, is;
        bool more = false;
        size_t k = i + 1;

        while (k < s->n && s->at[k].depth > step->depth) {
                if (s->at[k].kind == LIMN_TRACE_MORE) {
                        more = true;
                        k++;
                        continue;
                }
                is = answer(s, k, &k);
                if (is == LIMN_NO)
                        all = LIMN_NO;
                if (is == LIMN_YES)
                        any = LIMN_YES;
        }
        *ret_next = k;
        if (step->kind == LIMN_TRACE_VALUE)
                return step->verdict;
        is = step->kind == LIMN_TRACE_ALL   ? all
             : step->kind == LIMN_TRACE_ANY ? any
             : any == LIMN_YES              ? LIMN_NO
                                            : LIMN_YES;
        if (!more || step->verdict != is) /* what is left out decides nothing */
                assert_int_equal(step->verdict, is);
        return step->verdict;
}

static const char *const fields[] = {"a", "b", "c"};
static const char *const texts[] = {"x", "y", "red fox", "12"};

static void random_item(LimnBuf *out)
{
        static const char *const modifiers[] = {
                "", "|contains", "|startswith", "|neq", "|contains|all", "|re", "|exists", "|gt"};
        uint32_t m = below(8), n = 1 + below(12), i;

        limn_buf_printf(out, "%s%s: ", fields[below(3)], modifiers[m]);
        if (m == 6) {
                limn_buf_add_str(out, below(2) ? "true" : "false");
        } else if (m == 7) {
                limn_buf_printf(out, "%u", below(20));
        } else if (m == 0 && below(6) == 0) {
                limn_buf_add_str(out, "null");
        } else {
                limn_buf_add_char(out, '[');
                for (i = 0; i < n; i++)
                        limn_buf_printf(out, "%s'%s%u'", i ? ", " : "",
                                        below(3) ? texts[below(4)] : "o", below(2) ? below(30) : 1);
                limn_buf_add_char(out, ']');
        }
}

static void random_rule(LimnBuf *out)
{
        static const char *const conditions[] = {
                "s0",
                "not s0",
                "s0 and s1",
                "s0 or s1 or s2",
                "s0 and not (s1 or s2)",
                "not (s0 and s1) and s2",
                "1 of s*",
                "all of them",
                "not 1 of them and not s0",
        };

        limn_buf_add_str(out, RULE_HEAD "level: low\ndetection:\n");
        for (uint32_t i = 0; i < 3; i++) {
                uint32_t lists = below(3);

                limn_buf_printf(out, "  s%u:\n", i);
                if (lists == 2)
                        limn_buf_printf(out, "    - '%s'\n    - '%s'\n", texts[below(4)],
                                        texts[below(4)]);
                for (uint32_t k = 0; k < 1 + lists && lists < 2; k++) {
                        limn_buf_add_str(out, lists ? "    - " : "    ");
                        random_item(out);
                        limn_buf_add_str(out, "\n");
                }
        }
        limn_buf_printf(out, "  condition: %s\n", conditions[below(9)]);
}

static void test_agrees_with_the_matcher(void **state)
{
        LimnRegexScratch *scratch = limn_regex_scratch_new();
        size_t met = 0, more = 0, run;

        for (run = 0; run < 4000; run++) {
                static Steps steps;
                LimnBuf text = LIMN_BUF(1 << 16);
                LimnField at[6];
                LimnEvent event = {
                        .record = LIMN_S("a red fox"), .time = LIMN_TIME_NONE, .fields = at};
                const LimnCondition *condition;
                LimnRules *rules;
                LimnVerdict verdict;
                LimnDistance distance;
                size_t end, i;

                seed = run;
                below(2);
                random_rule(&text);
                for (i = below(6); i > 0; i--) {
                        LimnSlice value = limn_slice_str(texts[below(4)]);

                        at[event.n_fields++] = (LimnField){limn_slice_str(fields[below(3)]),
                                                           below(8) ? value : LIMN_NONE};
                }
                rules = load_rules(limn_buf_str(&text));
                condition = rules->detections[0].condition;
                verdict = limn_condition_match(condition, &event, scratch);
                steps.n = 0;
                assert_int_equal(limn_trace(condition, &event, scratch, keep, &steps), 0);
                assert_true(steps.n > 0);
                if (steps.at[0].verdict != verdict || answer(&steps, 0, &end) != verdict ||
                    end != steps.n)
                        fail_msg("run %zu\n%s", run, limn_buf_str(&text));
                for (i = 0; i < steps.n; i++) {
                        more += steps.at[i].kind == LIMN_TRACE_MORE;
                        /* What met a text is the value that holds it. */
                        if (steps.at[i].kind == LIMN_TRACE_VALUE &&
                            steps.at[i].verdict == LIMN_YES && steps.at[i].item->op->match &&
                            steps.at[i].operand->type != LIMN_OPERAND_NULL)
                                assert_int_equal(
                                        limn_item_compare(steps.at[i].item, steps.at[i].operand,
                                                          steps.at[i].value, &event, scratch),
                                        LIMN_YES);
                }
                distance = limn_trace_distance(condition, &event, scratch);
                if ((distance.missing == 0) != (verdict == LIMN_YES))
                        fail_msg("run %zu: %zu missing\n%s", run, distance.missing,
                                 limn_buf_str(&text));
                met += verdict == LIMN_YES;
                limn_rules_free(rules);
                limn_buf_done(&text);
        }
        assert_in_range(met, 400, 3600);
        assert_true(more > 0);
        limn_regex_scratch_free(scratch);
}

/* The second event is nearer than the first. */
static void test_nearer(void **state)
{
        static const struct {
                const char *detection;
                const char *far[7], *near[7];
        } rows[] = {
                {"{s: {a: x, b: y}, condition: s}", {"a", "q", "b", "q"}, {"a", "x", "b", "q"}},
                {"{s: {a: x}, t: {b: y}, condition: s or t}", {"c", "x"}, {"a", "x"}},
                {"{s: {'m|contains': begin to dump}, condition: s}",
                 {"m", "nothing like it"},
                 {"m", "they begin a dump"}},
                {"{s: {'m|contains|all': [one, two, three]}, condition: s}",
                 {"m", "one"},
                 {"m", "one two"}},
                {"{s: {a: x}, t: {b: [y, z]}, condition: s and not t}",
                 {"a", "q", "b", "y"},
                 {"a", "x", "b", "y"}},
        };
        LimnRegexScratch *scratch = limn_regex_scratch_new();

        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                LimnBuf text = LIMN_BUF(1 << 16);
                LimnField far_fields[4], near_fields[4];
                LimnEvent far = event_of(far_fields, rows[i].far);
                LimnEvent near = event_of(near_fields, rows[i].near);
                LimnDistance a, b;
                LimnRules *rules;

                limn_buf_printf(&text, RULE_HEAD "level: low\ndetection: %s\n", rows[i].detection);
                rules = load_rules(limn_buf_str(&text));
                a = limn_trace_distance(rules->detections[0].condition, &near, scratch);
                b = limn_trace_distance(rules->detections[0].condition, &far, scratch);
                if (limn_distance_cmp(&a, &b) >= 0)
                        fail_msg("row %zu: %zu %zu %zu is not nearer than %zu %zu %zu", i,
                                 a.missing, a.words, a.met, b.missing, b.words, b.met);
                limn_rules_free(rules);
                limn_buf_done(&text);
        }
        limn_regex_scratch_free(scratch);
}

/* A rule of ten thousand values is told in few lines. */
static void test_bounded(void **state)
{
        LimnBuf text = LIMN_BUF(1 << 22);
        LimnRegexScratch *scratch = limn_regex_scratch_new();
        LimnEvent event = {.time = LIMN_TIME_NONE};
        static Steps steps;
        LimnRules *rules;

        limn_buf_add_str(&text, RULE_HEAD "level: low\ndetection:\n");
        for (int i = 0; i < 600; i++) {
                limn_buf_printf(&text, "  s%d: {a: [", i);
                for (int k = 0; k < 20; k++)
                        limn_buf_printf(&text, "%s'%d'", k ? ", " : "", k);
                limn_buf_add_str(&text, "]}\n");
        }
        limn_buf_add_str(&text, "  condition: all of them\n");
        rules = load_rules(limn_buf_str(&text));
        steps.n = 0;
        assert_int_equal(limn_trace(rules->detections[0].condition, &event, scratch, keep, &steps),
                         0);
        assert_int_equal(steps.n, LIMN_TRACE_STEPS_MAX + 1);
        assert_int_equal(steps.at[LIMN_TRACE_STEPS_MAX].kind, LIMN_TRACE_MORE);
        assert_true(steps.at[LIMN_TRACE_STEPS_MAX].more > 0);
        limn_rules_free(rules);
        limn_regex_scratch_free(scratch);
        limn_buf_done(&text);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_agrees_with_the_matcher),
                cmocka_unit_test(test_nearer),
                cmocka_unit_test(test_bounded),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
