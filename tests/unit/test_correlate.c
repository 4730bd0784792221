/* SPDX-License-Identifier: Apache-2.0 */
/* The window and its types, against a brute force that follows the words of docs/rules.md; the
 * cases that have a name are data, in tests/conformance/correlation/. */
#include <stdlib.h>
#include <time.h>

#include "rules/correlate.h"
#include "rules/correlation.h"
#include "tests/unit/rules_help.h"

#define N_OF(array) (sizeof(array) / sizeof *(array))

#define N_RULES 4

static uint64_t seed;

static uint32_t below(uint32_t n)
{
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        return (uint32_t)(seed >> 33) % n;
}

/* Found episodes, as text: easy to compare, easy to read when they differ. */
static int write_episode(void *arg, const LimnEpisode *e)
{
        LimnBuf *out = arg;

        limn_buf_printf(out, "%.*s [%lld..%lld]", LIMN_FMT(e->rule->name), (long long)e->first,
                        (long long)e->last);
        for (size_t i = 0; i < e->n_group; i++)
                limn_buf_printf(out, " %.*s=%.*s", LIMN_FMT(e->group[i].name),
                                LIMN_FMT(e->group[i].value));
        for (size_t i = 0; i < e->n_hits; i++)
                limn_buf_printf(out, " %lld", (long long)e->hits[i]->id);
        limn_buf_add_char(out, '\n');
        return 0;
}

/* The same by brute force. ---------------------------------------------------------------- */

#define MOST 48

typedef struct Event {
        LimnTime first, last;
        uint32_t rule, order;
        const char *group, *value;
        int64_t ids[MOST];
        size_t n;
        bool gone;
} Event;

typedef enum Type { COUNT, TEMPORAL, ORDERED, VALUES, _TYPES } Type;

typedef struct Spec {
        Type type;
        LimnDuration timespan;
        size_t n_rules, at_least;
} Spec;

/* Is there a chain, one event of each rule from k on, that begins at `from` or later? */
static bool chain(const Spec *s, Event *const *set, size_t n, size_t k, LimnTime from)
{
        if (k == s->n_rules)
                return true;
        for (size_t i = 0; i < n; i++)
                if (set[i]->rule == k && set[i]->first >= from &&
                    chain(s, set, n, k + 1, set[i]->last))
                        return true;
        return false;
}

static bool meets(const Spec *s, Event *const *set, size_t n)
{
        size_t distinct = 0, i, k;

        if (s->type == COUNT)
                return n >= s->at_least;
        if (s->type == ORDERED)
                return chain(s, set, n, 0, INT64_MIN);
        for (i = 0; i < n; i++) {
                for (k = 0; k < i; k++)
                        if (s->type == TEMPORAL ? set[k]->rule == set[i]->rule
                                                : strcmp(set[k]->value, set[i]->value) == 0)
                                break;
                distinct += k == i;
        }
        return distinct >= s->at_least;
}

static int cmp_time(LimnTime a, LimnTime b)
{
        return (a > b) - (a < b);
}

static int by_end(const void *a, const void *b)
{
        const Event *x = a, *y = b;
        int c = cmp_time(x->last, y->last);

        c = c ? c : cmp_time(x->first, y->first);
        return c ? c : cmp_time(x->order, y->order);
}

/* In the order of beginnings; of events that stand in one array, by end. */
static bool begins_before(const Event *x, const Event *y)
{
        return x->first != y->first ? x->first < y->first : x < y;
}

/* The window at events[i], in the order of beginnings: what ended by then, began within the
 * timespan, is not used up, and did not begin before `floor`. */
static size_t window(const Spec *s, Event *events, size_t i, const Event *floor, Event **ret)
{
        size_t n = 0, k, at;

        for (k = 0; k <= i; k++) {
                Event *e = &events[k];

                if (e->gone || e->last - e->first > s->timespan ||
                    e->first < events[i].last - s->timespan || (floor && begins_before(e, floor)))
                        continue;
                for (at = n++; at > 0 && begins_before(e, ret[at - 1]); at--)
                        ret[at] = ret[at - 1];
                ret[at] = e;
        }
        return n;
}

static void take(Event *episode, const Event *e)
{
        if (episode->n == 0 || e->first < episode->first)
                episode->first = e->first;
        if (episode->n == 0 || e->last > episode->last)
                episode->last = e->last;
        for (size_t i = 0; i < e->n; i++)
                episode->ids[episode->n++] = e->ids[i];
}

/* The events of one group, by end. */
static size_t episodes_of(const Spec *s, Event *events, size_t n, Event *ret)
{
        const Event *floor = NULL;
        bool open = false;
        size_t found = 0, i, k;

        for (i = 0; i < n; i++) {
                Event *set[MOST];
                size_t n_set = window(s, events, i, floor, set);

                if (events[i].last - events[i].first > s->timespan ||
                    (floor && begins_before(&events[i], floor)))
                        continue;
                if (open && meets(s, set, n_set)) {
                        take(&ret[found - 1], &events[i]);
                        continue;
                }
                if (open) {
                        open = false;
                        for (k = 0; k < i; k++)
                                events[k].gone = true;
                        continue;
                }
                if (!meets(s, set, n_set))
                        continue;
                for (k = 0; meets(s, set + k + 1, n_set - k - 1); k++)
                        ;
                open = true;
                floor = set[k];
                ret[found] = (Event){.group = events[i].group};
                for (; k < n_set; k++)
                        take(&ret[found], set[k]);
                found++;
        }
        return found;
}

static int by_number(const void *a, const void *b)
{
        const int64_t *x = a, *y = b;

        return (*x > *y) - (*x < *y);
}

static int by_output(const void *a, const void *b)
{
        const Event *x = a, *y = b;
        int c = cmp_time(x->first, y->first);

        c = c ? c : strcmp(x->group, y->group);
        return c ? c : cmp_time(x->last, y->last);
}

static const char *const groups[] = {"g0", "g1", "g2"};

static size_t brute(const Spec *s, Event *events, size_t n, Event *ret)
{
        size_t found = 0, g, i, k;

        qsort(events, n, sizeof *events, by_end);
        for (g = 0; g < N_OF(groups); g++) {
                Event *group = calloc(n + 1, sizeof *group);
                size_t n_group = 0;

                assert_non_null(group);
                for (i = 0; i < n; i++)
                        if (strcmp(events[i].group, groups[g]) == 0)
                                group[n_group++] = events[i];
                found += episodes_of(s, group, n_group, ret + found);
                free(group);
        }
        for (i = 0; i < found; i++) {
                size_t kept = 0;

                qsort(ret[i].ids, ret[i].n, sizeof *ret[i].ids, by_number);
                for (k = 0; k < ret[i].n; k++)
                        if (kept == 0 || ret[i].ids[k] != ret[i].ids[kept - 1])
                                ret[i].ids[kept++] = ret[i].ids[k];
                ret[i].n = kept;
        }
        qsort(ret, found, sizeof *ret, by_output);
        return found;
}

static void write_brute(const char *name, const Event *found, size_t n, LimnBuf *out)
{
        for (size_t i = 0; i < n; i++) {
                limn_buf_printf(out, "%s [%lld..%lld] g=%s", name, (long long)found[i].first,
                                (long long)found[i].last, found[i].group);
                for (size_t k = 0; k < found[i].n; k++)
                        limn_buf_printf(out, " %lld", (long long)found[i].ids[k]);
                limn_buf_add_char(out, '\n');
        }
}

/* A random stream. ------------------------------------------------------------------------ */

static const char *const values[] = {"v0", "v1", "v2", "v3"};

typedef struct Stream {
        LimnHit hits[MOST];
        LimnField fields[MOST][2];
        size_t n;
} Stream;

static void random_stream(Stream *s)
{
        static const uint32_t spans[] = {6, 20, 60};
        uint32_t span = spans[below(3)], n_groups = 1 + below(3), i;

        s->n = below(MOST - 8);
        for (i = 0; i < s->n; i++) {
                LimnField *f = s->fields[i];
                size_t n = 0;

                if (below(12))
                        f[n++] = (LimnField){LIMN_S("g"), limn_slice_str(groups[below(n_groups)])};
                if (below(12))
                        f[n++] = (LimnField){LIMN_S("v"), limn_slice_str(values[below(4)])};
                s->hits[i] = (LimnHit){.id = i + 1,
                                       .rule = below(N_RULES),
                                       .source = below(3),
                                       .offset = i,
                                       .time = below(20) ? (LimnTime)below(span) * LIMN_SECOND / 2
                                                         : LIMN_TIME_NONE,
                                       .fields = f,
                                       .n_fields = n};
        }
        qsort(s->hits, s->n, sizeof *s->hits, limn_hit_cmp);
        /* The brute force orders by these numbers, so let them rise with the order. */
        for (i = 0; i < s->n; i++)
                s->hits[i].id = i + 1;
}

static const char *text_of(const LimnHit *hit, LimnSlice name)
{
        return limn_hit_get(hit, name).p;
}

static size_t events_of(const Stream *s, bool with_values, uint32_t lowest, uint32_t below_rule,
                        Event *ret)
{
        size_t n = 0, i;

        for (i = 0; i < s->n; i++) {
                const LimnHit *h = &s->hits[i];

                if (h->time == LIMN_TIME_NONE || h->rule < lowest || h->rule >= below_rule ||
                    !text_of(h, LIMN_S("g")) || (with_values && !text_of(h, LIMN_S("v"))))
                        continue;
                ret[n++] = (Event){.first = h->time,
                                   .last = h->time,
                                   .rule = h->rule - lowest,
                                   .order = (uint32_t)i,
                                   .group = text_of(h, LIMN_S("g")),
                                   .value = text_of(h, LIMN_S("v")),
                                   .ids = {h->id},
                                   .n = 1};
        }
        return n;
}

static void add_detections(LimnBuf *text)
{
        for (int i = 0; i < N_RULES; i++)
                limn_buf_printf(text,
                                "title: t\nname: r%d\nlogsource: {product: test}\n"
                                "detection: {a: {message: 'r%d'}, condition: a}\n---\n",
                                i, i);
}

static const char *const type_names[] = {"event_count", "temporal", "temporal_ordered",
                                         "value_count"};

static void add_correlation(LimnBuf *text, const char *name, const Spec *s, const char *rules)
{
        limn_buf_printf(text,
                        "title: c\nname: %s\ncorrelation:\n  type: %s\n  rules: [%s]\n"
                        "  group-by: [g]\n  timespan: %llds\n",
                        name, type_names[s->type], rules, (long long)(s->timespan / LIMN_SECOND));
        if (s->type != ORDERED)
                limn_buf_printf(text, "  condition: {gte: %zu%s}\n", s->at_least,
                                s->type == VALUES ? ", field: v" : "");
        limn_buf_add_str(text, "---\n");
}

static Spec random_spec(void)
{
        Spec s = {.type = (Type)below(_TYPES),
                  .timespan = (1 + below(8)) * LIMN_SECOND,
                  .n_rules = 1 + below(3)};

        s.at_least = 1 + below(s.type == TEMPORAL ? (uint32_t)s.n_rules : 4);
        return s;
}

static void correlate(const char *text, const Stream *s, LimnBuf *out)
{
        LimnRules *rules = load_rules(text);

        assert_int_equal(limn_correlate(rules, s->hits, s->n, NULL, 0, write_episode, out), 0);
        limn_rules_free(rules);
}

static void must_equal(const LimnBuf *is, const LimnBuf *want, const char *text, uint64_t from)
{
        if (strcmp(limn_buf_str(is), limn_buf_str(want)) != 0)
                fail_msg("seed %llu\n%s\nis\n%s\nwant\n%s", (unsigned long long)from, text,
                         limn_buf_str(is), limn_buf_str(want));
}

static const char *const lists[][3] = {{"r0"}, {"r0, r1", "r1, r0"}, {"r0, r1, r2", "r2, r0, r1"}};

static void test_against_brute_force(void **state)
{
        for (uint64_t run = 0; run < 2000; run++) {
                static Event events[MOST], found[MOST];
                LimnBuf text = LIMN_BUF(1 << 16), is = LIMN_BUF(1 << 16), want = LIMN_BUF(1 << 16);
                static Stream s;
                Spec spec;

                seed = run;
                below(2);
                random_stream(&s);
                spec = random_spec();
                add_detections(&text);
                add_correlation(&text, "c", &spec, lists[spec.n_rules - 1][0]);
                correlate(limn_buf_str(&text), &s, &is);
                write_brute("c", found,
                            brute(&spec, events,
                                  events_of(&s, spec.type == VALUES, 0, (uint32_t)spec.n_rules,
                                            events),
                                  found),
                            &want);
                must_equal(&is, &want, limn_buf_str(&text), run);
                limn_buf_done(&text);
                limn_buf_done(&is);
                limn_buf_done(&want);
        }
}

/* r3 in numbers is an event that lasts; the outer rule puts it among r0 and r1. */
static void test_chained_against_brute_force(void **state)
{
        for (uint64_t run = 0; run < 2000; run++) {
                static Event events[MOST], inner[MOST], found[MOST];
                LimnBuf text = LIMN_BUF(1 << 16), is = LIMN_BUF(1 << 16), want = LIMN_BUF(1 << 16);
                static Stream s;
                Spec outer, in = {COUNT, 0, 1, 0};
                size_t n_inner, n, i;

                seed = run;
                below(2);
                random_stream(&s);
                outer = random_spec();
                outer.type = (Type)below(VALUES); /* an episode has no values */
                outer.n_rules = 3;
                outer.at_least = 1 + below(3);
                in.timespan = (1 + below(4)) * LIMN_SECOND;
                in.at_least = 1 + below(3);
                add_correlation(&text, "c", &outer, "r0, inner, r1");
                add_correlation(&text, "inner", &in, "r3");
                add_detections(&text);
                correlate(limn_buf_str(&text), &s, &is);

                n_inner = brute(&in, events, events_of(&s, false, 3, 4, events), inner);
                n = events_of(&s, false, 0, 2, events);
                for (i = 0; i < n; i++)
                        events[i].rule = events[i].rule == 0 ? 0 : 2;
                for (i = 0; i < n_inner; i++) {
                        events[n] = inner[i];
                        events[n].rule = 1;
                        events[n].order = (uint32_t)(MOST + i);
                        n++;
                }
                write_brute("c", found, brute(&outer, events, n, found), &want);
                write_brute("inner", inner, n_inner, &want);
                must_equal(&is, &want, limn_buf_str(&text), run);
                limn_buf_done(&text);
                limn_buf_done(&is);
                limn_buf_done(&want);
        }
}

static int in_order_of_ids(const void *a, const void *b)
{
        const LimnHit *x = a, *y = b;

        return (x->id < y->id) - (x->id > y->id);
}

/* Hits given in another order (then sorted, as the contract asks), rules in another order. */
static void test_orders_do_not_matter(void **state)
{
        for (uint64_t run = 0; run < 200; run++) {
                LimnBuf one = LIMN_BUF(1 << 16), two = LIMN_BUF(1 << 16);
                LimnBuf is = LIMN_BUF(1 << 16), want = LIMN_BUF(1 << 16);
                static Stream s;
                Spec spec, other;

                seed = run;
                below(2);
                random_stream(&s);
                spec = random_spec();
                other = random_spec();
                spec.type = spec.type == ORDERED ? TEMPORAL : spec.type;
                spec.n_rules = 2 + below(2);
                spec.at_least = 2;
                add_detections(&one);
                add_correlation(&one, "c", &spec, lists[spec.n_rules - 1][0]);
                add_correlation(&one, "d", &other, lists[other.n_rules - 1][0]);
                add_correlation(&two, "d", &other, lists[other.n_rules - 1][0]);
                add_correlation(&two, "c", &spec, lists[spec.n_rules - 1][1]);
                add_detections(&two);
                correlate(limn_buf_str(&one), &s, &want);
                qsort(s.hits, s.n, sizeof *s.hits, in_order_of_ids);
                qsort(s.hits, s.n, sizeof *s.hits, limn_hit_cmp);
                correlate(limn_buf_str(&two), &s, &is);
                must_equal(&is, &want, limn_buf_str(&one), run);
                limn_buf_done(&one);
                limn_buf_done(&two);
                limn_buf_done(&is);
                limn_buf_done(&want);
        }
}

/* What Sigma has and we do not do must not load; nor what makes no sense. */
static void test_refused(void **state)
{
        static const struct {
                const char *correlation, *says;
        } rows[] = {
                {"type: value_avg, rules: [r0], timespan: 1m, condition: {gte: 1, field: x}",
                 "value_avg is not supported"},
                {"type: event_count, rules: [r0], timespan: 1m, condition: {lt: 3}",
                 "lt is not supported"},
                {"type: event_count, rules: [r0], timespan: 1m, condition: {gte: 2, lte: 3}",
                 "lte is not supported"},
                {"type: event_count, rules: [r0], timespan: 1m, condition: {gte: 2, gt: 3}",
                 "takes one comparison"},
                {"type: event_count, rules: [r0], timespan: 1m", "needs a condition"},
                {"type: event_count, rules: [r0], timespan: 1m, condition: {gte: 0}",
                 "nothing at all"},
                {"type: event_count, rules: [r0], timespan: 1m, condition: {gte: 1.5}",
                 "not a whole number"},
                {"type: event_count, rules: [r0], timespan: 1m, condition: {gte: 1, field: x}",
                 "takes no field"},
                {"type: value_count, rules: [r0], timespan: 1m, condition: {gte: 1}",
                 "needs `field`"},
                {"type: temporal, rules: [r0, r1], timespan: 1m, condition: r0 and not r1",
                 "not supported"},
                {"type: temporal_ordered, rules: [r0, r1], timespan: 1m, condition: {gte: 1}",
                 "takes no condition"},
                {"type: temporal, rules: [r0, r1]", "needs a timespan"},
                {"type: temporal, rules: [r0, r1], timespan: soon", "not a timespan"},
                {"type: temporal, rules: [r0, r1], timespan: 0s", "not a timespan"},
                {"type: temporal, rules: [r0, nobody], timespan: 1m", "no rule nobody"},
                {"type: temporal, rules: [r0, r0], timespan: 1m", "named twice"},
                {"type: temporal, rules: [], timespan: 1m", "at least one rule"},
                {"type: temporal, timespan: 1m", "needs rules"},
                {"rules: [r0], timespan: 1m", "needs a type"},
                {"type: temporal, rules: [r0, c], timespan: 1m", "names itself"},
                {"type: temporal, rules: [r0], timespan: 1m, groupby: x", "groupby"},
                {"type: temporal, rules: [r0], timespan: 1m, aliases: {a: {r1: x}}",
                 "not among the rules"},
                {"type: temporal, rules: [r0], timespan: 1m, generate: perhaps",
                 "true or false"},
        };

        for (size_t i = 0; i < N_OF(rows); i++) {
                LimnBuf text = LIMN_BUF(1 << 16), out;
                LimnDiag *diag = limn_diag_new();
                LimnRules *rules = NULL;
                LimnRuleText one = {"rule.yml", LIMN_NONE};

                add_detections(&text);
                limn_buf_printf(&text, "title: c\nname: c\ncorrelation: {%s}\n",
                                rows[i].correlation);
                one.text = limn_buf_slice(&text);
                assert_int_equal(limn_rules_load(&rules, &one, 1, diag), -EINVAL);
                out = messages(diag);
                if (!strstr(limn_buf_str(&out), rows[i].says))
                        fail_msg("%s\nsays\n%s\nnot %s", rows[i].correlation, limn_buf_str(&out),
                                 rows[i].says);
                if (limn_diag_count(diag, LIMN_DIAG_ERROR) != 1)
                        fail_msg("%s\nsays more than one thing\n%s", rows[i].correlation,
                                 limn_buf_str(&out));
                limn_buf_done(&out);
                limn_buf_done(&text);
                limn_diag_free(diag);
        }
}

static void test_generate(void **state)
{
        LimnBuf text = LIMN_BUF(1 << 16);
        LimnRules *rules;

        add_detections(&text);
        limn_buf_add_str(&text, "title: a\nname: a\ncorrelation: {type: temporal, rules: [r0, r1], "
                                "timespan: 1m}\n---\n"
                                "title: b\nname: b\ngenerate: true\ncorrelation: {type: temporal, "
                                "rules: [r1, r2], timespan: 1m}\n---\n"
                                "title: c\nname: c\ncorrelation: {type: temporal, rules: [a, b], "
                                "timespan: 1m, generate: false}\n");
        rules = load_rules(limn_buf_str(&text));
        assert_false(limn_detection_generates(rules, 0));
        assert_true(limn_detection_generates(rules, 1)); /* b wants it, a does not mind */
        assert_true(limn_detection_generates(rules, 2));
        assert_true(limn_detection_generates(rules, 3)); /* nobody names it */
        for (uint32_t i = 0; i < 3; i++)
                assert_int_equal(limn_correlation_generates(rules, i),
                                 limn_slice_eq(rules->correlations[i]->name, LIMN_S("c")));
        limn_rules_free(rules);
        limn_buf_done(&text);
}

static int count_episode(void *arg, const LimnEpisode *episode)
{
        ++*(size_t *)arg;
        return 0;
}

/* Prints, never judges: a busy machine is no defect. */
static void test_million(void **state)
{
        enum { N = 1000000 };
        static const char *const rules_text =
                "type: event_count, rules: [r0, r1], timespan: 10s, condition: {gte: 20}";
        LimnHit *hits = calloc(N, sizeof *hits);
        LimnField(*fields)[2] = calloc(N, sizeof *fields);
        LimnBuf text = LIMN_BUF(1 << 16);
        struct timespec from, to;
        LimnRules *rules;
        size_t n = 0;

        assert_non_null(hits);
        assert_non_null(fields);
        seed = 7;
        for (uint32_t i = 0; i < N; i++) {
                fields[i][0] = (LimnField){LIMN_S("g"), limn_slice_str(groups[below(3)])};
                fields[i][1] = (LimnField){LIMN_S("v"), limn_slice_str(values[below(4)])};
                hits[i] = (LimnHit){.id = i + 1, .rule = below(N_RULES), .source = below(3),
                                    .offset = i, .time = (LimnTime)i * 300000, .instance = 1,
                                    .fields = fields[i], .n_fields = 2};
        }
        add_detections(&text);
        limn_buf_printf(&text,
                        "title: c\nname: a\ncorrelation: {%s, group-by: [g, instance]}\n---\n",
                        rules_text);
        limn_buf_add_str(&text, "title: c\nname: b\ncorrelation: {type: temporal_ordered, rules: "
                                "[r1, r2, r3], timespan: 5s, group-by: g}\n---\n"
                                "title: c\nname: c\ncorrelation: {type: value_count, rules: [r0, "
                                "r1, r2, r3], timespan: 20s, condition: {gte: 4, field: v}}\n");
        rules = load_rules(limn_buf_str(&text));
        clock_gettime(CLOCK_MONOTONIC, &from);
        assert_int_equal(limn_correlate(rules, hits, N, NULL, 0, count_episode, &n), 0);
        clock_gettime(CLOCK_MONOTONIC, &to);
        print_message("# a million hits, three correlations: %.2f s, %zu episodes\n",
                      (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9,
                      n);
        assert_true(n > 0);
        limn_rules_free(rules);
        limn_buf_done(&text);
        free(hits);
        free(fields);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_against_brute_force),
                cmocka_unit_test(test_chained_against_brute_force),
                cmocka_unit_test(test_orders_do_not_matter),
                cmocka_unit_test(test_refused),
                cmocka_unit_test(test_generate),
                cmocka_unit_test(test_million),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
