/* SPDX-License-Identifier: Apache-2.0 */
/* What a correlation that did not fire came nearest to, one row a type and a reason. */
#include <stdlib.h>

#include "rules/near.h"
#include "tests/unit/rules_help.h"

#define NOTHING_COVERED (-1)

typedef struct Row {
        const char *correlation; /* of the rules r0, r1, r2 and of `inner`, two r2 in a minute */
        const char *hits;        /* rule, seconds, group and value: "0 10 x 5; 1 20 x" */
        LimnTime covered;        /* from 0 to this second */
        LimnNearKind kind;
        LimnDuration needed; /* seconds */
        int off;
        const char *missing;
        const char *shown; /* the seconds of the hits of the first episode */
        const char *group;
} Row;

static const Row rows[] = {
        {"type: event_count, rules: [r0], timespan: 10s, condition: {gte: 2}", "0 1; 0 2", 100,
         LIMN_NEAR_FIRES, 0, 0, NULL, "1 2", NULL},
        {"type: event_count, rules: [r0], timespan: 10s, condition: {gte: 3}", "0 1; 0 5; 0 14",
         100, LIMN_NEAR_WINDOW, 13, 0, NULL, "1 5 14", NULL},
        {"type: event_count, rules: [r0], timespan: 10s, condition: {gte: 5}", "0 1; 0 5; 0 14",
         100, LIMN_NEAR_NUMBER, 0, 3, NULL, "1 5 14", NULL},
        {"type: event_count, rules: [r0], group-by: [g], timespan: 10s, condition: {gt: 3}",
         "0 1 x; 0 2 y; 0 3 y; 0 4 x; 0 5 y", 100, LIMN_NEAR_NUMBER, 0, 1, NULL, "2 3 5", "y"},
        {"type: event_count, rules: [r0], timespan: 10s, condition: {gte: 5}", "1 1", 100,
         LIMN_NEAR_NOTHING, 0, 0, NULL, NULL, NULL},
        /* ranges and upper bounds */
        {"type: event_count, rules: [r0], timespan: 10s, condition: {eq: 4}", "0 1; 0 2", 100,
         LIMN_NEAR_NUMBER, 0, 2, NULL, "1 2", NULL},
        {"type: event_count, rules: [r0], timespan: 10s, condition: {gte: 4, lt: 9}", "0 1; 0 2",
         100, LIMN_NEAR_NUMBER, 0, 2, NULL, "1 2", NULL},
        /* too few */
        {"type: event_count, rules: [r0], timespan: 10s, condition: {lt: 2}", "0 1; 0 2; 0 8; 0 9",
         10, LIMN_NEAR_NUMBER, 0, 3, NULL, "1 2 8 9", NULL},
        {"type: event_count, rules: [r0], timespan: 10s, condition: {eq: 0}", "0 5", 10,
         LIMN_NEAR_NUMBER, 0, 1, NULL, "5", NULL},
        {"type: event_count, rules: [r0], timespan: 10s, condition: {eq: 0}", "0 5", 9,
         LIMN_NEAR_UNCOVERED, 0, 0, NULL, NULL, NULL},
        {"type: event_count, rules: [r0], timespan: 10s, condition: {eq: 0}", "", NOTHING_COVERED,
         LIMN_NEAR_UNCOVERED, 0, 0, NULL, NULL, NULL},
        /* values */
        {"type: value_count, rules: [r0], timespan: 10s, condition: {gte: 3, field: v}",
         "0 1 x 1; 0 2 x 1; 0 3 x 2", 100, LIMN_NEAR_NUMBER, 0, 1, NULL, "2 3", NULL},
        {"type: value_sum, rules: [r0], timespan: 10s, condition: {gt: 100, field: v}",
         "0 1 x 30; 0 2 x 40; 0 50 x 60", 100, LIMN_NEAR_WINDOW, 49, 0, NULL, "1 2 50", NULL},
        {"type: value_sum, rules: [r0], timespan: 10s, condition: {gte: 100, field: v}",
         "0 1 x 30; 0 2 x 40", 100, LIMN_NEAR_NUMBER, 0, 30, NULL, "1 2", NULL},
        {"type: value_sum, rules: [r0], timespan: 10s, condition: {gte: 100, field: v}",
         "0 1 x none", 100, LIMN_NEAR_NOTHING, 0, 0, NULL, NULL, NULL},
        {"type: value_avg, rules: [r0], timespan: 10s, condition: {gte: 10, field: v}",
         "0 1 x 2; 0 2 x 6", 100, LIMN_NEAR_NUMBER, 0, 6, NULL, "1 2", NULL},
        {"type: value_avg, rules: [r0], timespan: 10s, condition: {lt: 1, field: v}",
         "0 1 x 2; 0 2 x 6", 100, LIMN_NEAR_NUMBER, 0, 1, NULL, "1", NULL},
        {"type: value_median, rules: [r0], timespan: 10s, condition: {eq: 9, field: v}",
         "0 1 x 2; 0 2 x 6", 100, LIMN_NEAR_NUMBER, 0, 5, NULL, "1 2", NULL},
        {"type: value_percentile, rules: [r0], timespan: 10s, condition: {gt: 9, field: v, "
         "percentile: 100}",
         "0 1 x 2; 0 2 x 6", 100, LIMN_NEAR_NUMBER, 0, 3, NULL, "1 2", NULL},
        /* temporal */
        {"type: temporal, rules: [r0, r1], timespan: 10s", "0 1; 1 12", 100, LIMN_NEAR_WINDOW, 11,
         0, NULL, "1 12", NULL},
        {"type: temporal, rules: [r0, r1], timespan: 10s", "0 1", 100, LIMN_NEAR_NUMBER, 0, 1, NULL,
         "1", NULL},
        {"type: temporal, timespan: 10s, condition: r0 and r1 and r2", "0 1; 2 3", 100,
         LIMN_NEAR_STEPS, 0, 0, "r1", "1 3", NULL},
        {"type: temporal, timespan: 10s, condition: r0 and (r1 or r2)", "2 3", 100, LIMN_NEAR_STEPS,
         0, 0, "r0", "3", NULL},
        {"type: temporal, timespan: 10s, condition: r0 and not r1", "0 1; 1 9", 100,
         LIMN_NEAR_FORBIDDEN, 0, 0, NULL, "1", NULL},
        {"type: temporal, timespan: 10s, condition: r0 and not r1", "1 9", 100, LIMN_NEAR_NOTHING,
         0, 0, NULL, NULL, NULL},
        /* in order */
        {"type: temporal_ordered, rules: [r0, r1], timespan: 10s", "0 1; 1 12", 100,
         LIMN_NEAR_WINDOW, 11, 0, NULL, "1 12", NULL},
        {"type: temporal_ordered, rules: [r0, r1], timespan: 10s", "0 5; 1 1", 100, LIMN_NEAR_ORDER,
         0, 0, NULL, "1 5", NULL},
        {"type: temporal_ordered, rules: [r0, r1, r2], timespan: 10s", "0 1; 2 3", 100,
         LIMN_NEAR_STEPS, 0, 0, "r1", "1 3", NULL},
        {"type: temporal_ordered, rules: [r0, r1, r2], timespan: 10s", "2 3", 100, LIMN_NEAR_STEPS,
         0, 0, "r0 r1", "3", NULL},
        {"type: temporal_ordered, rules: [r0, r1, r2], timespan: 10s, condition: r0 and not r1 and "
         "r2",
         "0 1; 1 2; 2 3", 100, LIMN_NEAR_FORBIDDEN, 0, 0, NULL, "1 3", NULL},
        {"type: temporal_ordered, rules: [r0, r1], group-by: [g], timespan: 10s",
         "0 1 x; 1 5 y; 0 6 y; 1 30 y", 100, LIMN_NEAR_ORDER, 0, 0, NULL, "5 6", "y"},
        /* over another correlation */
        {"type: temporal_ordered, rules: [inner, r0], timespan: 2m", "2 1; 2 5; 0 200", 300,
         LIMN_NEAR_WINDOW, 199, 0, NULL, "1 5 200", NULL},
        {"type: temporal_ordered, rules: [inner, r0], timespan: 2m", "2 1; 0 20", 300,
         LIMN_NEAR_STEPS, 0, 0, "inner", "20", NULL},
};

typedef struct Seen {
        LimnBuf shown, group;
        size_t n;
} Seen;

static int see(void *arg, const LimnEpisode *e)
{
        Seen *seen = arg;

        if (seen->n++)
                return 0;
        for (size_t i = 0; i < e->n_hits; i++)
                limn_buf_printf(&seen->shown, "%s%lld", i ? " " : "",
                                (long long)(e->hits[i]->time / LIMN_SECOND));
        for (size_t i = 0; i < e->n_group; i++)
                limn_buf_add(&seen->group, e->group[i].value);
        return 0;
}

static size_t read_hits(const char *text, LimnHit *hits, LimnField (*fields)[2],
                        char (*words)[2][8])
{
        LimnSlice rest = limn_slice_str(text);
        size_t n = 0;

        while (rest.n) {
                size_t end = limn_slice_chr(rest, ';');
                char one[64];
                unsigned rule, seconds;
                int found;

                snprintf(one, sizeof one, "%.*s", (int)end, rest.p);
                words[n][0][0] = words[n][1][0] = '\0';
                found = sscanf(one, "%u %u %7s %7s", &rule, &seconds, words[n][0], words[n][1]);
                assert_true(found >= 2);
                rest = end < rest.n ? limn_slice_from(rest, end + 1) : LIMN_S("");
                fields[n][0] = (LimnField){LIMN_S("g"), limn_slice_str(words[n][0])};
                fields[n][1] = (LimnField){LIMN_S("v"), limn_slice_str(words[n][1])};
                hits[n] = (LimnHit){.id = (int64_t)n + 1,
                                    .rule = rule,
                                    .offset = n,
                                    .time = seconds * LIMN_SECOND,
                                    .fields = fields[n],
                                    .n_fields = (size_t)found - 2};
                n++;
        }
        if (n)
                qsort(hits, n, sizeof *hits, limn_hit_cmp);
        return n;
}

static void check(size_t i, const Row *row)
{
        LimnBuf text = LIMN_BUF(1 << 16), missing = LIMN_BUF(1 << 16);
        LimnHit hits[16];
        LimnField fields[16][2];
        char words[16][2][8];
        LimnCovered covered = {.start = 0, .end = row->covered * LIMN_SECOND};
        Seen seen = {LIMN_BUF(1 << 16), LIMN_BUF(1 << 16), 0};
        const LimnCorrelation *rule;
        LimnRules *rules;
        LimnNear near;
        size_t n;

        for (int k = 0; k < 3; k++)
                limn_buf_printf(&text,
                                "title: t\nname: r%d\nlogsource: {product: test}\nlevel: low\n"
                                "detection: {a: {message: 'r%d'}, condition: a}\n---\n",
                                k, k);
        limn_buf_printf(
                &text,
                "title: i\nname: inner\nlevel: low\ncorrelation: {type: event_count, rules: "
                "[r2], timespan: 1m, condition: {gte: 2}}\n---\n"
                "title: c\nname: c\nlevel: low\ncorrelation: {%s}\n",
                row->correlation);
        rules = load_rules(limn_buf_str(&text));
        rule = limn_rules_correlation(rules, LIMN_S("c"));
        n = read_hits(row->hits, hits, fields, words);
        assert_int_equal(
                limn_near(rules, rule, hits, n, &covered, row->covered >= 0, &near, see, &seen), 0);
        for (size_t k = 0; k < near.n_missing && near.kind == LIMN_NEAR_STEPS; k++)
                limn_buf_printf(&missing, "%s%.*s", k ? " " : "",
                                LIMN_FMT(rule->rules[near.missing[k]].name));
        if (near.kind != row->kind || near.needed != row->needed * LIMN_SECOND ||
            near.off / LIMN_AMOUNT_ONE != row->off ||
            strcmp(limn_buf_str(&missing), row->missing ? row->missing : "") != 0 ||
            strcmp(limn_buf_str(&seen.shown), row->shown ? row->shown : "") != 0 ||
            (row->group && strcmp(limn_buf_str(&seen.group), row->group) != 0))
                fail_msg("row %zu: {%s} of %s\nkind %d, needed %lld, off %lld, missing %s, shown "
                         "%s, "
                         "group %s",
                         i, row->correlation, row->hits, (int)near.kind,
                         (long long)(near.needed / LIMN_SECOND),
                         (long long)(near.off / LIMN_AMOUNT_ONE), limn_buf_str(&missing),
                         limn_buf_str(&seen.shown), limn_buf_str(&seen.group));
        limn_rules_free(rules);
        limn_buf_done(&text);
        limn_buf_done(&missing);
        limn_buf_done(&seen.shown);
        limn_buf_done(&seen.group);
}

static void test_rows(void **state)
{
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
                check(i, &rows[i]);
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};

        return cmocka_run_group_tests(tests, NULL, NULL);
}
