/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times correlations of each type over made up hits: `correlate [HITS]`, a million by default, and
 * twice as many. Prints both times of this process and their ratio; judges nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/random.h"
#include "core/buf.h"
#include "rules/correlate.h"
#include "rules/correlation.h"

enum { N_RULES = 4, N_USERS = 1000 };

static const struct Row {
        const char *name, *correlation;
} rows[] = {
        {"event_count", "type: event_count, rules: [r0, r1], timespan: 10s, condition: {gte: 20}, "
                        "group-by: [host, instance]"},
        {"event_count, one group, long window",
         "type: event_count, rules: [r0, r1, r2, r3], timespan: 1h, condition: {gte: 9000}"},
        {"event_count, too few",
         "type: event_count, rules: [r0], timespan: 5s, condition: {lt: 2}, group-by: [host]"},
        {"event_count, one window over all",
         "type: event_count, rules: [r0, r1], timespan: 30d, condition: {gte: 400000}"},
        {"value_count", "type: value_count, rules: [r0, r1], timespan: 1h, group-by: [host], "
                        "condition: {gte: 900, field: user}"},
        {"value_count of tuples", "type: value_count, rules: [r0, r1, r2, r3], timespan: 20s, "
                                  "condition: {gte: 60, field: [user, size]}"},
        {"value_sum", "type: value_sum, rules: [r0], timespan: 1h, group-by: [user], "
                      "condition: {gte: 5000, field: size}"},
        {"value_avg", "type: value_avg, rules: [r0, r1], timespan: 1h, "
                      "condition: {gte: 510, field: size}"},
        {"value_median", "type: value_median, rules: [r0, r1], timespan: 1h, "
                         "condition: {gt: 520, field: size}"},
        {"value_percentile", "type: value_percentile, rules: [r0, r1], timespan: 1h, "
                             "group-by: [host], condition: {gte: 960, field: size, percentile: 95}"},
        {"value_percentile, one window over all",
         "type: value_percentile, rules: [r0, r1], timespan: 30d, "
         "condition: {gte: 900, field: size, percentile: 99}"},
        {"temporal, a group each",
         "type: temporal, rules: [r0, r1, r2, r3], timespan: 1h, group-by: [user, size]"},
        {"temporal_ordered in groups",
         "type: temporal_ordered, rules: [r1, r2, r3], timespan: 5s, group-by: [host]"},
        {"temporal_ordered, one group, long window",
         "type: temporal_ordered, rules: [r3, r2, r1, r0], timespan: 1h"},
        {"temporal, extended not", "type: temporal, timespan: 20s, group-by: [user], "
                                   "condition: 'r0 and (r1 or r2) and not r3'"},
        {"temporal_ordered, extended not",
         "type: temporal_ordered, rules: [r0, r1, r2], timespan: 1h, group-by: [user], "
         "condition: 'r0 and not r1 and r2'"},
        {"temporal_ordered, not, one group",
         "type: temporal_ordered, rules: [r0, r1, r2], timespan: 1h, "
         "condition: 'r0 and not r1 and r2'"},
        {"temporal_ordered, one window over all",
         "type: temporal_ordered, rules: [r2, r1, r0], timespan: 30d"},
};

typedef struct Hits {
        LimnHit *at;
        LimnField (*fields)[3];
        size_t n;
} Hits;

static char users[N_USERS][8], sizes[N_USERS][8];

static bool make(Hits *hits, size_t n)
{
        static const char *const hosts[] = {"a", "b", "c"};

        hits->n = n;
        hits->at = calloc(n, sizeof *hits->at);
        hits->fields = calloc(n, sizeof *hits->fields);
        if (!hits->at || !hits->fields)
                return false;
        for (size_t i = 0; i < N_USERS; i++) {
                snprintf(users[i], sizeof users[i], "u%zu", i);
                snprintf(sizes[i], sizeof sizes[i], "%zu", i);
        }
        seed = 42;
        for (size_t i = 0; i < n; i++) {
                LimnField *f = hits->fields[i];

                f[0] = (LimnField){LIMN_S("host"), limn_slice_str(hosts[below(3)])};
                f[1] = (LimnField){LIMN_S("size"), limn_slice_str(sizes[below(N_USERS)])};
                f[2] = (LimnField){LIMN_S("user"), limn_slice_str(users[below(N_USERS)])};
                hits->at[i] = (LimnHit){.id = (int64_t)i + 1,
                                        .rule = below(N_RULES),
                                        .source = below(3),
                                        .offset = i,
                                        .time = (LimnTime)i * 300000,
                                        .uncertainty = LIMN_SECOND / 2,
                                        .instance = 1,
                                        .fields = f,
                                        .n_fields = 3};
        }
        return true;
}

static int count(void *arg, const LimnEpisode *episode)
{
        ++*(size_t *)arg;
        return 0;
}

static double now(void)
{
        struct timespec t;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
        return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static LimnRules *load(const char *correlation)
{
        LimnBuf text = LIMN_BUF(1 << 16);
        LimnDiag *diag = limn_diag_new();
        LimnRules *rules = NULL;

        for (int i = 0; i < N_RULES; i++)
                limn_buf_printf(&text,
                                "title: t\nname: r%d\nlogsource: {product: test}\n"
                                "detection: {a: {message: 'r%d'}, condition: a}\n---\n",
                                i, i);
        limn_buf_printf(&text, "title: c\nname: c\ncorrelation: {%s}\n", correlation);
        LimnRuleText one = {"bench.yml", limn_buf_slice(&text)};
        if (limn_rules_load(&rules, &one, 1, diag) != 0)
                fprintf(stderr, "does not load: %s\n", correlation);
        limn_diag_free(diag);
        limn_buf_done(&text);
        return rules;
}

/* Seconds; negative: it failed. */
static double run(const LimnRules *rules, const Hits *hits, size_t n, size_t *ret)
{
        LimnCovered covered = {.start = 0, .end = hits->at[n - 1].time};
        double from = now();

        *ret = 0;
        return limn_correlate(rules, hits->at, n, &covered, 1, count, ret) < 0 ? -1 : now() - from;
}

int main(int argc, char **argv)
{
        size_t n = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
        Hits hits = {0};

        if (n == 0 || !make(&hits, 2 * n))
                return 2;
        printf("%-42s %9s %9s %6s %9s\n", "hits", "n", "2 n", "ratio", "episodes");
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                LimnRules *rules = load(rows[i].correlation);
                size_t found = 0;
                double one, two;

                if (!rules)
                        return 2;
                one = run(rules, &hits, n, &found);
                two = run(rules, &hits, 2 * n, &found);
                printf("%-42s %7.2f s %7.2f s %6.2f %9zu\n", rows[i].name, one, two, two / one,
                       found);
                fflush(stdout);
                limn_rules_free(rules);
        }
        free(hits.at);
        free(hits.fields);
        return 0;
}
