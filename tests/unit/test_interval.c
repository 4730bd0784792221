/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/interval.h"
#include "tests/unit/rules_help.h"

/* Each row a rule; `state` of docs/rules.md in all its forms. */
static const char rules_text[] =
        "title: t\nname: changed\nlogsource: {product: test}\n"
        "detection: {a: {message: a}, condition: a}\n"
        "limn: {capture: [gateway, to, was], state: [{kind: gateway, entity: '{gateway}', "
        "state: '{to}', from: '{was}'}]}\n---\n"
        "title: t\nname: down\nlogsource: {product: test}\n"
        "detection: {a: {message: b}, condition: a}\n"
        "limn: {state: [{kind: server, state: down}]}\n---\n"
        "title: t\nname: stopped\nlogsource: {product: test}\n"
        "detection: {a: {message: d}, condition: a}\n"
        "limn: {state: [{kind: server, state: down, from: up}]}\n---\n"
        "title: t\nname: up\nlogsource: {product: test}\n"
        "detection: {a: {message: c}, condition: a}\n"
        "limn: {state: [{kind: server, state: up}, {kind: listener, state: open}]}\n";
enum { CHANGED, DOWN, STOPPED, UP };

typedef struct Row {
        uint32_t rule;
        LimnTime time;
        int64_t instance;
        const char *gateway, *to, *was;
} Row;

static int write_interval(void *arg, const LimnInterval *v)
{
        LimnBuf *out = arg;

        limn_buf_printf(out, "%lld %.*s/%.*s %.*s ", (long long)v->instance, LIMN_FMT(v->kind),
                        LIMN_FMT(v->entity), LIMN_FMT(v->state));
        assert_int_equal(v->start == LIMN_TIME_NONE, v->start_hit == NULL);
        assert_int_equal(v->end == LIMN_TIME_NONE, v->end_hit == NULL);
        if (v->start_hit)
                limn_buf_printf(out, "%lld(%lld)", (long long)v->start,
                                (long long)v->start_hit->id);
        limn_buf_add_str(out, "..");
        if (v->end_hit)
                limn_buf_printf(out, "%lld(%lld)", (long long)v->end, (long long)v->end_hit->id);
        limn_buf_add_char(out, '\n');
        return 0;
}

static void expect(const Row *rows, size_t n, const char *want)
{
        static LimnField fields[32][3];
        static LimnHit hits[32];
        LimnRules *rules = load_rules(rules_text);
        LimnBuf out = LIMN_BUF(1 << 16);
        size_t i;

        for (i = 0; i < n; i++) {
                LimnField *f = fields[i];
                size_t k = 0;

                if (rows[i].gateway)
                        f[k++] = (LimnField){LIMN_S("gateway"), limn_slice_str(rows[i].gateway)};
                if (rows[i].to)
                        f[k++] = (LimnField){LIMN_S("to"), limn_slice_str(rows[i].to)};
                if (rows[i].was)
                        f[k++] = (LimnField){LIMN_S("was"), limn_slice_str(rows[i].was)};
                hits[i] = (LimnHit){.id = (int64_t)i + 1,
                                    .rule = rows[i].rule,
                                    .offset = i,
                                    .time = rows[i].time,
                                    .instance = rows[i].instance,
                                    .fields = f,
                                    .n_fields = k};
        }
        qsort(hits, n, sizeof *hits, limn_hit_cmp);
        assert_int_equal(limn_intervals(rules, hits, n, write_interval, &out), 0);
        if (strcmp(limn_buf_str(&out), want) != 0)
                fail_msg("is\n%s\nwant\n%s", limn_buf_str(&out), want);
        limn_buf_done(&out);
        limn_rules_free(rules);
}

#define EXPECT(rows, want) expect(rows, sizeof rows / sizeof *rows, want)

static void test_states(void **state)
{
        static const Row closes[] = {
                {CHANGED, 10, 1, "g", "RUNNING", NULL},
                {CHANGED, 20, 1, "g", "RUNNING", NULL}, /* extends */
                {CHANGED, 30, 1, "g", "DISCONNECTED", NULL},
                {CHANGED, 25, 1, "h", "RUNNING", NULL},
                {CHANGED, 26, 2, "g", "RUNNING", NULL},
        };
        static const Row open_start[] = {
                {CHANGED, 10, 1, "g", "RUNNING", "STARTING"},
                {CHANGED, 20, 1, "g", "STOPPED", "RUNNING"},
        };
        static const Row same_from[] = {{CHANGED, 10, 1, "g", "RUNNING", "RUNNING"}};
        static const Row server[] = {
                {STOPPED, 5, 3, NULL, NULL, NULL},
                {UP, 9, 3, NULL, NULL, NULL},
                {DOWN, 12, 3, NULL, NULL, NULL},
                {DOWN, 13, 3, NULL, NULL, NULL},
        };

        EXPECT(closes, "1 gateway/g RUNNING 10(1)..30(3)\n"
                       "1 gateway/g DISCONNECTED 30(3)..\n"
                       "1 gateway/h RUNNING 25(4)..\n"
                       "2 gateway/g RUNNING 26(5)..\n");
        EXPECT(open_start, "1 gateway/g STARTING ..10(1)\n"
                           "1 gateway/g RUNNING 10(1)..20(2)\n"
                           "1 gateway/g STOPPED 20(2)..\n");
        EXPECT(same_from, "1 gateway/g RUNNING 10(1)..\n");
        EXPECT(server, "3 listener/ open 9(2)..\n"
                       "3 server/ up ..5(1)\n"
                       "3 server/ down 5(1)..9(2)\n"
                       "3 server/ up 9(2)..12(3)\n"
                       "3 server/ down 12(3)..\n");
}

static void test_left_out(void **state)
{
        static const Row rows[] = {
                {CHANGED, LIMN_TIME_NONE, 1, "g", "RUNNING", NULL}, /* no time */
                {CHANGED, 10, 1, NULL, "RUNNING", NULL},            /* no entity */
                {CHANGED, 11, 1, "g", NULL, NULL},                  /* no state */
                {CHANGED, 12, 1, "g", "", NULL},                    /* an empty one */
                {99, 13, 1, "g", "RUNNING", NULL},                  /* a rule that is not there */
        };
        static const Row instant[] = {
                {CHANGED, 10, 1, "g", "A", NULL},
                {CHANGED, 20, 1, "g", "B", NULL},
                {CHANGED, 20, 1, "g", "C", NULL}, /* B lasted less than the stamps can tell */
        };

        EXPECT(rows, "");
        EXPECT(instant, "1 gateway/g A 10(1)..20(2)\n"
                        "1 gateway/g B 20(2)..20(3)\n"
                        "1 gateway/g C 20(3)..\n");
}

static int stop(void *arg, const LimnInterval *v)
{
        return ++*(int *)arg;
}

static void test_stops(void **state)
{
        LimnRules *rules = load_rules(rules_text);
        LimnHit hits[] = {{.rule = DOWN, .time = 1, .instance = 1},
                          {.rule = DOWN, .time = 1, .instance = 2}};
        int calls = 0;

        assert_int_equal(limn_intervals(rules, hits, 2, stop, &calls), 1);
        assert_int_equal(calls, 1);
        limn_rules_free(rules);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_states),
                cmocka_unit_test(test_left_out),
                cmocka_unit_test(test_stops),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
