/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "tests/unit/unit.h"

#include "rules/twin_text.h"
#include "rules/twins.h"

#define BASE ((LimnTime)1795333000 * LIMN_SECOND)

/* Message i of a made-up log, every 0.37 s; every fourth is the same text. */
static void add(LimnTwinSketch *s, size_t i, LimnDuration resolution, const char *word)
{
        LimnTime t = BASE + (LimnTime)i * 370000;
        char text[64];

        if (i % 4 == 0)
                snprintf(text, sizeof text, "Heartbeat");
        else
                snprintf(text, sizeof text, "%s number %zu", word, i);
        limn_twin_sketch_add(s, t - t % resolution, limn_slice_str(text), LIMN_NONE);
}

static LimnTwinSketch *sketch(size_t from, size_t to, LimnDuration resolution, const char *word)
{
        LimnTwinSketch *s = limn_twin_sketch_new();

        assert_non_null(s);
        for (; from < to; from++)
                add(s, from, resolution, word);
        return s;
}

static void expect(LimnTwinSource *s, size_t n, const uint32_t *want)
{
        uint32_t got[8];
        size_t i;

        assert_int_equal(limn_twins(s, n, got), 0);
        for (i = 0; i < n; i++)
                assert_int_equal(got[i], want[i]);
}

#define NONE LIMN_TWIN_NONE

static void test_finer_counts(void **state)
{
        LimnTwinSketch *seconds = sketch(0, 500, LIMN_SECOND, "m");
        LimnTwinSketch *millis = sketch(0, 500, 1000, "m"), *other = sketch(0, 500, 1000, "x");
        LimnTwinSource s[] = {{seconds, 1, LIMN_SECOND},
                              {millis, 1, 1000},
                              {other, 1, 1000},
                              {millis, 2, 1000},
                              {NULL, 1, 1000}};

        expect(s, 5, (uint32_t[]){1, NONE, NONE, NONE, NONE});
        limn_twin_sketch_free(seconds);
        limn_twin_sketch_free(millis);
        limn_twin_sketch_free(other);
}

/* 80 % of what would be left out, no less. */
static void test_threshold(void **state)
{
        for (size_t foreign = 15; foreign <= 25; foreign++) {
                LimnTwinSketch *seconds = limn_twin_sketch_new(), *millis = limn_twin_sketch_new();
                LimnTwinSource s[] = {{seconds, 1, LIMN_SECOND}, {millis, 1, 1000}};
                size_t i;

                for (i = 0; i < 100; i++) {
                        char text[32];

                        snprintf(text, sizeof text, "same %zu", i);
                        limn_twin_sketch_add(millis, BASE + (LimnTime)i * LIMN_SECOND + 5000,
                                             limn_slice_str(text), LIMN_NONE);
                        if (i < foreign)
                                snprintf(text, sizeof text, "other %zu", i);
                        limn_twin_sketch_add(seconds, BASE + (LimnTime)i * LIMN_SECOND,
                                             limn_slice_str(text), LIMN_NONE);
                }
                expect(s, 2, (uint32_t[]){foreign <= 20 ? 1 : NONE, NONE});
                limn_twin_sketch_free(seconds);
                limn_twin_sketch_free(millis);
        }
}

/* A short excerpt of finer stamps must not silence the whole log. */
static void test_excerpt(void **state)
{
        LimnTwinSketch *whole = sketch(0, 1000, LIMN_SECOND, "m");
        LimnTwinSketch *part = sketch(100, 160, 1000, "m"), *few = sketch(1, 4, 1000, "m");
        LimnTwinSource s[] = {{whole, 1, LIMN_SECOND}, {part, 1, 1000}, {few, 1, 1000}};

        expect(s, 3, (uint32_t[]){NONE, 0, NONE}); /* three messages prove nothing */
        limn_twin_sketch_free(whole);
        limn_twin_sketch_free(part);
        limn_twin_sketch_free(few);
}

/* Three of a kind: all but one are left out, and point to the one that counts. */
static void test_three(void **state)
{
        LimnTwinSketch *a = sketch(0, 300, LIMN_SECOND, "m"), *b = sketch(0, 300, 1000, "m");
        LimnTwinSketch *c = sketch(0, 300, 1, "m");
        LimnTwinSource s[] = {{a, 1, LIMN_SECOND}, {b, 1, 1000}, {c, 1, 1}};

        expect(s, 3, (uint32_t[]){2, 2, NONE});
        limn_twin_sketch_free(a);
        limn_twin_sketch_free(b);
        limn_twin_sketch_free(c);
}

/* A million messages, the sketch full many times over; one log lacks a few, one has others. */
static void test_large(void **state)
{
        enum { N = 1000000 };
        LimnTwinSketch *seconds = sketch(0, N, LIMN_SECOND, "m");
        LimnTwinSketch *millis = sketch(2000, N, 1000, "m"), *other = sketch(0, N, 1000, "x");
        LimnTwinSource s[] = {{seconds, 1, LIMN_SECOND}, {millis, 1, 1000}, {other, 1, 1000}};

        expect(s, 3, (uint32_t[]){1, NONE, NONE});
        limn_twin_sketch_free(seconds);
        limn_twin_sketch_free(millis);
        limn_twin_sketch_free(other);
}

static void test_text(void **state)
{
        static const struct {
                const char *message, *said, *error;
        } of[] = {
                {"  Started \n  at once", "Started", ""},
                {"Giving up after 8 attempts Error: no route", "Giving up after 8 attempts",
                 "Error: no route"},
                {"Write failed: java.io.IOException: full\n\tat a.b", "Write failed",
                 "java.io.IOException: full"},
                {"Gave up AssertionError [ERR_ASSERTION]: 1 == 2", "Gave up",
                 "AssertionError [ERR_ASSERTION]: 1 == 2"},
                {"Error: no route", "no route", "Error: no route"},
                {"2 Errors: both minor", "2 Errors: both minor", ""},
                {"No Error here, Exception raised", "No Error here, Exception raised", ""},
                {"Error [", "Error [", ""},
                {"Error:", "", "Error:"},
                {"", "", ""},
        };

        for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
                LimnSlice error, said = limn_twin_text(limn_slice_str(of[i].message), &error);

                assert_true(limn_slice_eq(said, limn_slice_str(of[i].said)));
                assert_true(limn_slice_eq(error, limn_slice_str(of[i].error)));
        }
}

/* Nothing but errors, in `layout`: 0 the message alone, 1 the error behind it, 2 another error, 3
 * and 4 the same two in the trace. */
static LimnTwinSketch *errors(size_t n, LimnDuration resolution, int layout)
{
        static const char *const behind[] = {"", " Error: no route", " Error: refused", "", ""};
        static const char *const trace[] = {"", "", "", "Error [E1]: no route\n  at b",
                                            "Error: refused\n  at b"};
        LimnTwinSketch *s = limn_twin_sketch_new();

        assert_non_null(s);
        for (size_t i = 0; i < n; i++) {
                LimnTime t = BASE + (LimnTime)i * 370000;
                char text[64];

                snprintf(text, sizeof text, "Attempt %zu failed%s", i / 4, behind[layout]);
                limn_twin_sketch_add(s, t - t % resolution, limn_slice_str(text),
                                     limn_slice_str(trace[layout]));
        }
        return s;
}

/* The layout in text writes the error behind the message, the one in JSON beside it. */
static void test_errors(void **state)
{
        LimnTwinSketch *text = errors(100, LIMN_SECOND, 1), *json = errors(100, 1000, 0);
        LimnTwinSketch *other = errors(100, 1000, 2), *half = errors(50, 1000, 0);
        LimnTwinSketch *beside = errors(100, 1000, 3), *other_beside = errors(100, 1000, 4);
        LimnTwinSource twins[] = {{text, 1, LIMN_SECOND}, {json, 1, 1000}};
        LimnTwinSource others[] = {{text, 1, LIMN_SECOND}, {other, 1, 1000}};
        LimnTwinSource part[] = {{text, 1, LIMN_SECOND}, {half, 1, 1000}};

        expect(twins, 2, (uint32_t[]){1, NONE});
        expect(others, 2, (uint32_t[]){NONE, NONE});
        expect(part, 2, (uint32_t[]){NONE, 0});
        others[1].sketch = other_beside;
        expect(others, 2, (uint32_t[]){NONE, NONE});
        twins[1].sketch = beside;
        expect(twins, 2, (uint32_t[]){1, NONE});
        limn_twin_sketch_free(beside);
        limn_twin_sketch_free(other_beside);
        limn_twin_sketch_free(text);
        limn_twin_sketch_free(json);
        limn_twin_sketch_free(other);
        limn_twin_sketch_free(half);
}

/* One text in one instant, again and again, cannot be thinned out and must end all the same. */
static void test_hostile(void **state)
{
        LimnTwinSketch *s = limn_twin_sketch_new();
        LimnTwinSource one = {s, 1, 0};
        size_t i;

        for (i = 0; i < 3 * LIMN_TWIN_SAMPLE; i++)
                limn_twin_sketch_add(s, -1, LIMN_S("again"), LIMN_NONE);
        limn_twin_sketch_add(s, LIMN_TIME_NONE, LIMN_S("no time"), LIMN_NONE);
        limn_twin_sketch_add(s, INT64_MAX, LIMN_NONE, LIMN_NONE);
        limn_twin_sketch_add(s, INT64_MIN + 1, LIMN_S(""), LIMN_NONE);
        expect(&one, 1, (uint32_t[]){NONE});
        limn_twin_sketch_free(s);
        assert_int_equal(limn_twins(NULL, 0, NULL), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_finer_counts), cmocka_unit_test(test_threshold),
                cmocka_unit_test(test_excerpt),      cmocka_unit_test(test_three),
                cmocka_unit_test(test_large),        cmocka_unit_test(test_hostile),
                cmocka_unit_test(test_text),         cmocka_unit_test(test_errors),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
