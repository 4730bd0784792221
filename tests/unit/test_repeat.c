/* SPDX-License-Identifier: Apache-2.0 */
#include "core/limits.h"
#include "rules/correlation.h"
#include "rules/repeat.h"
#include "tests/unit/rules_help.h"

#define DETECTION "logsource: {product: x}\ndetection: {s: [x1234], condition: s}\n"

static const char RULES[] =
        "title: beat\nname: beat\n" DETECTION
        "limn:\n  capture: [who, where, number]\n"
        "  repeat: {by: [who], change: [where], follow: [number], until: [stop], every: 1h}\n"
        "---\ntitle: stop\nname: stop\n" DETECTION "---\ntitle: other\nname: other\n" DETECTION;

typedef struct Stored {
        LimnRepeatHit at[100000];
        char fields[100000][16];
        size_t n;
        uint64_t sum;
        int fail;
} Stored;

static Stored stored;

static int store(void *arg, const LimnRepeatHit *hit)
{
        Stored *s = arg;

        if (s->fail)
                return s->fail;
        assert_true(s->n < 100000);
        assert_true(hit->fields.n < 16);
        memcpy(s->fields[s->n], hit->fields.p, hit->fields.n);
        s->fields[s->n][hit->fields.n] = '\0';
        s->at[s->n++] = *hit;
        s->sum += hit->n;
        return 0;
}

typedef struct Fixture {
        LimnRules *rules;
        const LimnDetection *beat, *stop, *other;
        LimnRepeats *repeats;
        LimnBuf key;
        int64_t next;
} Fixture;

static void begin(Fixture *f)
{
        const LimnRuleText text = {"rule.yml", limn_slice_str(RULES)};

        *f = (Fixture){.key = LIMN_BUF(1 << 20), .next = 1, .repeats = limn_repeats_new()};
        assert_int_equal(limn_rules_load(&f->rules, &text, 1, NULL), 0);
        f->beat = limn_rules_detection(f->rules, LIMN_S("beat"));
        f->stop = limn_rules_detection(f->rules, LIMN_S("stop"));
        f->other = limn_rules_detection(f->rules, LIMN_S("other"));
        stored.n = stored.sum = 0;
        stored.fail = 0;
}

static void finish(Fixture *f)
{
        assert_int_equal(limn_repeats_end(f->repeats, store, &stored), 0);
        f->repeats = limn_repeats_free(f->repeats);
        limn_buf_done(&f->key);
        limn_rules_free(f->rules);
}

/* A hit at `second`; NULL: the field is absent. */
static int beat(Fixture *f, double second, const char *who, const char *where, const char *number)
{
        LimnField fields[3];
        char text[16];
        size_t n = 0;
        LimnRepeatKey lengths;

        if (who)
                fields[n++] = (LimnField){LIMN_S("who"), limn_slice_str(who)};
        if (where)
                fields[n++] = (LimnField){LIMN_S("where"), limn_slice_str(where)};
        if (number)
                fields[n++] = (LimnField){LIMN_S("number"), limn_slice_str(number)};
        limn_buf_clear(&f->key);
        limn_repeat_key(f->beat, fields, n, &f->key, &lengths);
        assert_int_equal(f->key.error, 0);
        snprintf(text, sizeof text, "%lld", (long long)f->next);
        const LimnRepeatHit hit = {.rule = f->beat,
                                   .id = f->next++,
                                   .time = second < 0 ? LIMN_TIME_NONE : (LimnTime)(second * 1e6),
                                   .fields = limn_slice_str(text)};
        return limn_repeats_add(f->repeats, &hit, f->key.p, &lengths, store, &stored);
}

static bool has(int64_t id)
{
        for (size_t i = 0; i < stored.n; i++)
                if (stored.at[i].id == id)
                        return true;
        return false;
}

static void test_few_are_stored_whole(void **state)
{
        Fixture f;

        begin(&f);
        for (int i = 0; i < LIMN_RUN_WHOLE; i++)
                assert_int_equal(beat(&f, i, "a", "x", "5"), 0);
        assert_int_equal(stored.n, 0);
        finish(&f);
        assert_int_equal(stored.n, LIMN_RUN_WHOLE);
        for (size_t i = 0; i < stored.n; i++) {
                assert_int_equal(stored.at[i].id, i + 1);
                assert_int_equal(stored.at[i].n, 1);
                assert_int_equal(stored.at[i].since,
                                 i ? stored.at[i - 1].time : LIMN_TIME_NONE);
        }
}

static void test_many(void **state)
{
        Fixture f;
        double t = 0;
        char number[16];

        begin(&f);
        for (int i = 1; i <= 5000; i++) {
                t += i == 1234 || i == 4000 ? 20 : 0.1; /* two silences; the even gaps are many */
                snprintf(number, sizeof number, "%d.5", i < 3000 ? i : i < 3500 ? 3000 : 10);
                assert_int_equal(beat(&f, t, "a", "x", number), 0);
        }
        finish(&f);
        assert_int_equal(stored.sum, 5000);
        assert_in_range(stored.n, LIMN_RUN_WHOLE / 2, 45);
        assert_true(has(1) && has(5000));
        assert_true(has(1233) && has(1234) && has(3999) && has(4000));
        assert_true(has(3000));  /* the first as high as any */
        assert_true(!has(3499)); /* not the last */
        for (size_t i = 1; i < stored.n; i++) {
                assert_true(stored.at[i].id > stored.at[i - 1].id);
                assert_int_equal(stored.at[i].n, stored.at[i].id - stored.at[i - 1].id);
                assert_int_equal(stored.at[i].since, stored.at[i - 1].time);
                snprintf(number, sizeof number, "%lld", (long long)stored.at[i].id);
                assert_string_equal(stored.fields[i], number);
        }
}

static void test_runs_apart(void **state)
{
        Fixture f;

        begin(&f);
        for (int i = 0; i < 400; i++) /* two runs at once, ids odd and even */
                assert_int_equal(beat(&f, i, i % 2 ? "b" : "a", "x", NULL), 0);
        assert_int_equal(beat(&f, 400, "a", "y", NULL), 0); /* 401: a's run ends, another begins */
        assert_true(has(1) && has(399) && !has(400) && !has(401));
        assert_int_equal(stored.sum, 200);
        assert_int_equal(beat(&f, 401, NULL, "y", NULL), 0); /* absent is not empty */
        assert_int_equal(beat(&f, 402, "", "y", NULL), 0);
        finish(&f);
        assert_true(has(400) && has(401) && has(402) && has(403));
        assert_int_equal(stored.sum, 403);
        for (size_t i = 0; i < stored.n; i++)
                if (stored.at[i].id > 400)
                        assert_int_equal(stored.at[i].n, 1);
}

static void test_until(void **state)
{
        Fixture f;

        begin(&f);
        for (int i = 0; i < 100; i++)
                assert_int_equal(beat(&f, i, "a", "x", NULL), 0);
        assert_int_equal(limn_repeats_until(f.repeats, f.other, store, &stored), 0);
        assert_int_equal(stored.n, 0);
        assert_int_equal(limn_repeats_until(f.repeats, f.stop, store, &stored), 0);
        assert_int_equal(stored.sum, 100);
        assert_true(has(100));
        for (int i = 0; i < 100; i++)
                assert_int_equal(beat(&f, 100 + i, "a", "x", NULL), 0);
        finish(&f);
        assert_true(has(101) && has(200));
        assert_int_equal(stored.sum, 200);
}

static void test_every(void **state)
{
        Fixture f;
        LimnTime last = LIMN_TIME_NONE;

        begin(&f);
        for (int i = 0; i < 20000; i++) /* a day and more, five seconds apart */
                assert_int_equal(beat(&f, 5.0 * i, "a", "x", NULL), 0);
        finish(&f);
        assert_int_equal(stored.sum, 20000);
        assert_in_range(stored.n, 27 * LIMN_RUN_WHOLE / 2, 28 * 45);
        for (size_t i = 0; i < stored.n; i++) {
                if (last != LIMN_TIME_NONE)
                        assert_true(stored.at[i].time - last < 3600 * LIMN_SECOND);
                last = stored.at[i].time;
        }
}

static void test_without_time(void **state)
{
        Fixture f;

        begin(&f);
        for (int i = 0; i < 100; i++)
                assert_int_equal(beat(&f, i % 3 ? -1 : 100 - i, "a", "x", "none"), 0);
        finish(&f);
        assert_int_equal(stored.sum, 100);
        assert_true(has(1) && has(100));
}

/* Runs without end do not take memory without end, and nothing is lost. */
static void test_ceiling(void **state)
{
        Fixture f;
        char who[16];

        begin(&f);
        for (int i = 0; i < 60000; i++) {
                snprintf(who, sizeof who, "%d", i);
                assert_int_equal(beat(&f, i, who, "x", NULL), 0);
        }
        assert_true(stored.n > 0);
        finish(&f);
        assert_int_equal(stored.n, 60000);
        assert_int_equal(stored.sum, 60000);
}

static void test_failing(void **state)
{
        Fixture f;

        begin(&f);
        assert_int_equal(beat(&f, 0, "a", "x", NULL), 0);
        stored.fail = -EIO;
        assert_int_equal(beat(&f, 1, "a", "y", NULL), -EIO);
        assert_int_equal(limn_repeats_end(f.repeats, store, &stored), 0); /* it was let go */
        stored.fail = 0;
        finish(&f);
        limn_repeats_free(NULL);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_few_are_stored_whole),
                cmocka_unit_test(test_many),
                cmocka_unit_test(test_runs_apart),
                cmocka_unit_test(test_until),
                cmocka_unit_test(test_every),
                cmocka_unit_test(test_without_time),
                cmocka_unit_test(test_ceiling),
                cmocka_unit_test(test_failing),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
