/* SPDX-License-Identifier: Apache-2.0 */
/* The window and its types, against the brute force of correlate_brute.h; the cases that have a
 * name are data, in tests/conformance/correlation/. */
#include <time.h>

#include "tests/unit/correlate_brute.h"

static void correlate(const char *text, const Stream *s, const Spec *spec, LimnBuf *out)
{
        LimnRules *rules = load_rules(text);
        LimnCovered covered[2];

        for (size_t i = 0; i < 2; i++)
                covered[i] = (LimnCovered){.start = spec->covered[i][0],
                                           .end = spec->covered[i][1]};
        assert_int_equal(limn_correlate(rules, s->hits, s->n, covered, 2, write_episode, out), 0);
        limn_rules_free(rules);
}

/* So many cases; with LIMN_NIGHTLY=1 fifty times as many. */
static uint64_t cases(uint64_t usual)
{
        const char *nightly = getenv("LIMN_NIGHTLY");

        return nightly && *nightly ? usual * 50 : usual;
}

static void must_equal(const LimnBuf *is, const LimnBuf *want, const char *text, uint64_t from)
{
        if (strcmp(limn_buf_str(is), limn_buf_str(want)) != 0)
                fail_msg("seed %llu\n%s\nis\n%s\nwant\n%s", (unsigned long long)from, text,
                         limn_buf_str(is), limn_buf_str(want));
}

static const char *const lists[][3] = {{"r0"}, {"r0, r1", "r1, r0"}, {"r0, r1, r2", "r2, r0, r1"}};

/* Of each kind of case there must be many, with and without an episode, or nothing is proved. */
static void must_be_many(size_t (*seen)[2], size_t n, const char *what)
{
        for (size_t i = 0; i < n; i++)
                if (seen[i][0] < 20 || seen[i][1] < 20)
                        fail_msg("%s %zu: %zu cases without episodes, %zu with", what, i,
                                 seen[i][0], seen[i][1]);
}

static void test_against_brute_force(void **state)
{
        size_t types[_TYPES][2] = {{0}}, groupings[_GROUPINGS][2] = {{0}}, tuples[1][2] = {{0}};
        size_t quiet[1][2] = {{0}}, expressions[1][2] = {{0}}, unproved[1][2] = {{0}};

        for (uint64_t run = 0; run < cases(2000); run++) {
                static Event events[MOST], found[MOST];
                LimnBuf text = LIMN_BUF(1 << 16), is = LIMN_BUF(1 << 16), want = LIMN_BUF(1 << 16);
                static Stream s;
                Spec spec;

                seed = run;
                below(2);
                random_stream(&s);
                spec = random_spec(_TYPES);
                add_detections(&text);
                add_correlation(&text, "c", &spec, lists[spec.n_rules - 1][0],
                                lists[spec.n_rules - 1][0]);
                correlate(limn_buf_str(&text), &s, &spec, &is);
                write_brute("c", found,
                            brute(&spec, events,
                                  events_of(&spec, &s, 0, (uint32_t)spec.n_rules, events),
                                  found),
                            &want);
                must_equal(&is, &want, limn_buf_str(&text), run);
                types[spec.type][is.n > 0]++;
                groupings[spec.grouping][is.n > 0]++;
                tuples[0][is.n > 0] += spec.tuples;
                quiet[0][is.n > 0] += spec.quiet;
                expressions[0][is.n > 0] += spec.ways.n > 1;
                unproved[0][is.n > 0 && strchr(limn_buf_str(&is), '?')] += spec.ways.n > 0;
                limn_buf_done(&text);
                limn_buf_done(&is);
                limn_buf_done(&want);
        }
        must_be_many(types, _TYPES, "type");
        must_be_many(groupings, _GROUPINGS, "grouping");
        must_be_many(tuples, 1, "value_count of tuples");
        must_be_many(quiet, 1, "too few");
        must_be_many(expressions, 1, "and, or, not");
        must_be_many(unproved, 1, "not observable");
}

/* r3 in numbers is an event that lasts; the outer rule puts it among r0 and r1. */
static void test_chained_against_brute_force(void **state)
{
        for (uint64_t run = 0; run < cases(2000); run++) {
                static Event events[MOST], inner[MOST], found[MOST];
                LimnBuf text = LIMN_BUF(1 << 16), is = LIMN_BUF(1 << 16), want = LIMN_BUF(1 << 16);
                static Stream s;
                Spec outer, in = {.type = COUNT, .n_rules = 1, .n_compare = 1};
                size_t n_inner, n, i;

                seed = run;
                below(2);
                random_stream(&s);
                outer = random_spec(VALUES); /* an episode has no values */
                outer.n_rules = 3;
                outer.grouping = below(2) ? BY_G : BY_NONE; /* an episode has its group's fields */
                if (outer.ways.n)
                        random_ways(&outer);
                else
                        random_compare(&outer);
                in.timespan = (1 + below(4)) * LIMN_SECOND;
                in.compare[0].op = "gte";
                in.compare[0].number = 1 + (int)below(3);
                add_correlation(&text, "c", &outer, "r0, inner, r1", "r0, inner, r1");
                add_correlation(&text, "inner", &in, "r3", "r3");
                add_detections(&text);
                correlate(limn_buf_str(&text), &s, &outer, &is);

                n_inner = brute(&in, events, events_of(&in, &s, 3, 4, events), inner);
                n = events_of(&outer, &s, 0, 2, events);
                for (i = 0; i < n; i++)
                        events[i].rule = events[i].rule == 0 ? 0 : 2;
                for (i = 0; i < n_inner; i++) {
                        events[n] = inner[i];
                        events[n].rule = 1;
                        events[n].order = (uint32_t)(MOST + i);
                        if (outer.grouping == BY_NONE)
                                events[n].group = (Group){{0}};
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

/* What the clocks may have hidden. --------------------------------------------------------- */

/* Every set of one hit a step, by the words of docs/rules.md. */
typedef struct Pairs {
        const Spec *spec;
        const Stream *stream;
        const bool *taken; /* by hit; NULL: none */
        const char *group;
        const LimnHit *set[3];
        size_t n;
} Pairs;

static LimnDuration off(const LimnHit *a, const LimnHit *b)
{
        return a->source == b->source ? 0 : a->uncertainty + b->uncertainty;
}

static bool surely_before(const LimnHit *a, const LimnHit *b)
{
        return a->time + off(a, b) < b->time ||
               (a->source == b->source && a->time == b->time && a->offset < b->offset);
}

static bool is_of(const LimnHit *h, size_t rule, const char *group)
{
        const char *g = text_of(h, "g");

        return h->time != LIMN_TIME_NONE && h->rule == rule && g && strcmp(g, group) == 0;
}

/* Is this hit where rule k of the way must not be, whatever the clocks did? */
static bool surely_forbidden(const Pairs *p, const Way *way, size_t k, const LimnHit *x)
{
        bool ordered = p->spec->type == ORDERED;
        bool any_before = way->with & ((1u << k) - 1), any_after = way->with >> k;

        for (size_t i = 0; i < p->n; i++) {
                const LimnHit *h = p->set[i];
                LimnDuration far = p->spec->timespan - off(h, x);

                if (ordered && h->rule < k && !(h->time < x->time && surely_before(h, x)))
                        return false;
                if (ordered && h->rule > k && !(x->time < h->time && surely_before(x, h)))
                        return false;
                if ((!ordered || !any_before) && h->time - x->time > far)
                        return false;
                if ((!ordered || !any_after) && x->time - h->time > far)
                        return false;
        }
        return true;
}

static bool possible(const Pairs *p, const Way *way)
{
        for (size_t i = 0; i < p->n; i++)
                for (size_t k = i + 1; k < p->n; k++) {
                        const LimnHit *a = p->set[i], *b = p->set[k];

                        if (p->spec->type == ORDERED && surely_before(b, a))
                                return false;
                        if (llabs(a->time - b->time) - off(a, b) > p->spec->timespan)
                                return false;
                }
        for (size_t k = 0; k < p->spec->n_rules; k++)
                for (size_t i = 0; i < p->stream->n && way->without >> k & 1; i++)
                        if (is_of(&p->stream->hits[i], k, p->group) &&
                            surely_forbidden(p, way, k, &p->stream->hits[i]))
                                return false;
        return true;
}

/* Is there one of the hits that nothing took, of rule k of the way and what follows? */
static bool any_possible(Pairs *p, const Way *way, size_t k)
{
        size_t i;

        if (k == p->spec->n_rules)
                return possible(p, way);
        if (!(way->with >> k & 1))
                return any_possible(p, way, k + 1);
        for (i = 0; i < p->stream->n; i++) {
                if (p->taken[i] || !is_of(&p->stream->hits[i], k, p->group))
                        continue;
                p->set[p->n++] = &p->stream->hits[i];
                if (any_possible(p, way, k + 1))
                        return true;
                p->n--;
        }
        return false;
}

typedef struct Doubts {
        const Spec *spec;
        const Stream *stream;
        bool taken[MOST];
        size_t doubtful, ambiguous;
        LimnTime until[N_OF(groups)]; /* what may have ended by then is used up */
} Doubts;

static int check_doubt(void *arg, const LimnEpisode *e)
{
        Doubts *d = arg;
        bool met = false;

        d->ambiguous += e->ambiguous;
        for (size_t i = 0; i < e->n_hits; i++) {
                assert_false(d->taken[e->hits[i] - d->stream->hits]); /* one episode a hit */
                d->taken[e->hits[i] - d->stream->hits] = true;
        }
        if (!e->doubtful)
                return 0;
        assert_true(e->ambiguous);
        for (size_t w = 0; w < d->spec->ways.n && !met; w++) {
                Pairs p = {.spec = d->spec, .stream = d->stream, .group = e->group[0].value.p};
                unsigned have = 0;

                for (size_t k = 0; k < d->spec->n_rules; k++)
                        for (size_t i = 0; i < e->n_hits; i++)
                                if (e->hits[i]->rule == k) {
                                        p.set[p.n++] = e->hits[i];
                                        have |= 1u << k;
                                }
                met = have == d->spec->ways.at[w].with && possible(&p, &d->spec->ways.at[w]);
        }
        assert_true(met);
        for (size_t g = 0; g < N_OF(groups); g++)
                for (size_t i = 0; i < e->n_hits; i++)
                        if (strcmp(groups[g], e->group[0].value.p) == 0 &&
                            e->hits[i]->time - e->hits[i]->uncertainty > d->until[g])
                                d->until[g] = e->hits[i]->time - e->hits[i]->uncertainty;
        d->doubtful++;
        return 0;
}

/* Of `a or (a and not b)` only `a` is left. */
static bool any_forbidden(const LimnCorrelation *c)
{
        bool any = false;

        for (size_t i = 0; i < c->n_rules && c->forbidden; i++)
                any |= c->forbidden[i];
        return any;
}

/* Whatever is told in doubt is possible; of conditions of up to two steps nothing that is possible
 * is left; and without doubt nothing changes. */
static void test_doubt(void **state)
{
        size_t doubtful = 0, whole = 0, run;

        for (run = 0; run < cases(4000); run++) {
                LimnBuf text = LIMN_BUF(1 << 16);
                static Stream s;
                Doubts d = {.stream = &s};
                Spec spec;
                LimnRules *rules;
                LimnCovered all = {.start = 0, .end = 1000 * LIMN_SECOND};
                LimnDuration uncertainty[3];

                seed = run;
                below(2);
                random_stream(&s);
                if (below(2))
                        s.n = s.n > 8 ? 8 : s.n;
                for (size_t i = 0; i < 3; i++)
                        uncertainty[i] = (LimnDuration)below(5) * LIMN_SECOND / 2;
                for (size_t i = 0; i < s.n; i++)
                        s.hits[i].uncertainty = uncertainty[s.hits[i].source];
                do {
                        spec = random_spec(_TYPES);
                } while (!spec.ways.n);
                spec.grouping = BY_G;
                d.spec = &spec;
                for (size_t g = 0; g < N_OF(groups); g++)
                        d.until[g] = INT64_MIN;
                add_detections(&text);
                add_correlation(&text, "c", &spec, lists[spec.n_rules - 1][0],
                                lists[spec.n_rules - 1][0]);
                rules = load_rules(limn_buf_str(&text));
                assert_int_equal(limn_correlate(rules, s.hits, s.n, &all, 1, check_doubt, &d), 0);
                doubtful += d.doubtful;
                for (size_t i = 0; i < s.n; i++) /* what an episode in doubt found in its way */
                        for (size_t g = 0; g < N_OF(groups); g++)
                                if (is_of(&s.hits[i], s.hits[i].rule, groups[g]) &&
                                    s.hits[i].time - s.hits[i].uncertainty <= d.until[g])
                                        d.taken[i] = true;
                for (size_t w = 0; w < spec.ways.n; w++) {
                        Way *way = &spec.ways.at[w];

                        if (__builtin_popcount(way->with) > (way->without ? 1 : 2) ||
                            (spec.type != ORDERED && !any_forbidden(rules->correlations[0])))
                                continue;
                        whole++;
                        for (size_t g = 0; g < N_OF(groups); g++) {
                                Pairs p = {.spec = &spec,
                                           .stream = &s,
                                           .taken = d.taken,
                                           .group = groups[g]};

                                if (any_possible(&p, way, 0))
                                        fail_msg("seed %zu\n%s\nhits %lld %lld are left", run,
                                                 limn_buf_str(&text), (long long)p.set[0]->id,
                                                 (long long)(p.n > 1 ? p.set[1]->id : 0));
                        }
                }
                limn_rules_free(rules);
                limn_buf_done(&text);
        }
        print_message("# %zu episodes in doubt, %zu conditions searched for more\n", doubtful,
                      whole);
        assert_true(doubtful > cases(4000) / 20);
        assert_true(whole > cases(4000) / 20);
}

typedef struct Firm {
        int64_t ids[MOST][MOST]; /* of each episode, ends with 0 */
        size_t n;
        bool all; /* that the stamps give; else only those that are sure */
} Firm;

static int keep_firm(void *arg, const LimnEpisode *e)
{
        Firm *f = arg;

        if (f->all ? e->doubtful : e->ambiguous)
                return 0;
        assert_true(f->n < MOST);
        for (size_t i = 0; i < e->n_hits; i++)
                f->ids[f->n][i] = e->hits[i]->id;
        f->ids[f->n++][e->n_hits] = 0;
        return 0;
}

static bool shares_hit(const int64_t *a, const int64_t *b)
{
        for (size_t i = 0; a[i]; i++)
                for (size_t k = 0; b[k]; k++)
                        if (a[i] == b[k])
                                return true;
        return false;
}

static bool forbids(const Spec *s)
{
        unsigned without = 0;

        for (size_t i = 0; i < s->ways.n; i++)
                without |= s->ways.at[i].without;
        return without != 0;
}

/* What is not marked is there, whole or in part, wherever the clocks were within what they may be
 * off. */
static void test_sure_survives_the_clocks(void **state)
{
        size_t firm = 0, run;

        for (run = 0; run < cases(4000); run++) {
                LimnBuf text = LIMN_BUF(1 << 16);
                static Stream s;
                static Firm before, after;
                Spec spec;
                LimnRules *rules;
                LimnCovered all = {.start = -1000 * LIMN_SECOND, .end = 1000 * LIMN_SECOND};
                LimnDuration uncertainty[3], moved[3];
                size_t i, k;

                seed = run;
                below(2);
                random_stream(&s);
                for (i = 0; i < 3; i++) {
                        uncertainty[i] = (LimnDuration)below(4) * LIMN_SECOND / 2;
                        moved[i] = ((LimnDuration)below(3) - 1) * uncertainty[i];
                }
                for (i = 0; i < s.n; i++)
                        s.hits[i].uncertainty = uncertainty[s.hits[i].source];
                do {
                        spec = random_spec(_TYPES);
                } while (!spec.ways.n || forbids(&spec));
                add_detections(&text);
                add_correlation(&text, "c", &spec, lists[spec.n_rules - 1][0],
                                lists[spec.n_rules - 1][0]);
                rules = load_rules(limn_buf_str(&text));
                before = (Firm){0};
                after = (Firm){.all = true};
                assert_int_equal(limn_correlate(rules, s.hits, s.n, &all, 1, keep_firm, &before),
                                 0);
                for (i = 0; i < s.n; i++)
                        if (s.hits[i].time != LIMN_TIME_NONE)
                                s.hits[i].time += moved[s.hits[i].source];
                qsort(s.hits, s.n, sizeof *s.hits, limn_hit_cmp);
                assert_int_equal(limn_correlate(rules, s.hits, s.n, &all, 1, keep_firm, &after), 0);
                for (i = 0; i < before.n; i++) {
                        for (k = 0; k < after.n; k++)
                                if (shares_hit(before.ids[i], after.ids[k]))
                                        break;
                        if (k == after.n)
                                fail_msg("seed %zu\n%s\nthe episode of hit %lld is gone", run,
                                         limn_buf_str(&text), (long long)before.ids[i][0]);
                }
                firm += before.n;
                limn_rules_free(rules);
                limn_buf_done(&text);
        }
        print_message("# %zu episodes were sure\n", firm);
        assert_true(firm > cases(4000) / 4);
}

static int in_order_of_ids(const void *a, const void *b)
{
        const LimnHit *x = a, *y = b;

        return (x->id < y->id) - (x->id > y->id);
}

/* Hits given in another order (then sorted, as the contract asks), rules in another order. */
static void test_trap_7_orders_do_not_matter(void **state)
{
        for (uint64_t run = 0; run < cases(200); run++) {
                LimnBuf one = LIMN_BUF(1 << 16), two = LIMN_BUF(1 << 16);
                LimnBuf is = LIMN_BUF(1 << 16), want = LIMN_BUF(1 << 16);
                static Stream s;
                const char *first, *theirs;
                Spec spec, other;

                seed = run;
                below(2);
                random_stream(&s);
                other = random_spec(_TYPES);
                spec = random_spec(_TYPES);
                while (spec.type == ORDERED || spec.n_rules == 1)
                        spec = random_spec(_TYPES);
                first = lists[spec.n_rules - 1][0];
                theirs = lists[other.n_rules - 1][0];
                add_detections(&one);
                add_correlation(&one, "c", &spec, first, first);
                add_correlation(&one, "d", &other, theirs, theirs);
                add_correlation(&two, "d", &other, theirs, theirs);
                add_correlation(&two, "c", &spec, first, lists[spec.n_rules - 1][1]);
                add_detections(&two);
                correlate(limn_buf_str(&one), &s, &spec, &want);
                qsort(s.hits, s.n, sizeof *s.hits, in_order_of_ids);
                qsort(s.hits, s.n, sizeof *s.hits, limn_hit_cmp);
                correlate(limn_buf_str(&two), &s, &spec, &is);
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
                {"type: value_mode, rules: [r0], timespan: 1m, condition: {gte: 1, field: x}",
                 "value_mode is not supported"},
                {"type: event_count, rules: [r0], timespan: 1m, condition: {gte: 2, gt: 3}",
                 "one comparison, or two for a range"},
                {"type: event_count, rules: [r0], timespan: 1m, condition: {gte: 2, lt: 9, neq: 3}",
                 "one comparison, or two for a range"},
                {"type: event_count, rules: [r0], timespan: 1m, condition: {gte: 4, lte: 3}",
                 "can never hold"},
                {"type: event_count, rules: [r0], timespan: 1m, condition: {gt: 3, lt: 4}",
                 "can never hold"},
                {"type: event_count, rules: [r0], timespan: 1m, condition: {lt: 0}",
                 "can never hold"},
                {"type: event_count, rules: [r0], timespan: 1m, condition: {eq: 1.5}",
                 "not a whole number"},
                {"type: event_count, rules: [r0], timespan: 1m, condition: {neq: -1}",
                 "says nothing"},
                {"type: event_count, rules: [r0], timespan: 1m, condition: r0", "takes a map"},
                {"type: temporal, rules: [r0, r1], timespan: 1m, condition: {gte: 3}",
                 "can never hold"},
                {"type: temporal, rules: [r0, r1], timespan: 1m, condition: {lte: 2}",
                 "says nothing"},
                {"type: value_sum, rules: [r0], timespan: 1m, condition: {gte: -1, field: x}",
                 "says nothing"},
                {"type: value_sum, rules: [r0], timespan: 1m, condition: {gte: 1, field: [x, y]}",
                 "takes one field"},
                {"type: value_avg, rules: [r0], timespan: 1m, condition: {gte: 1}",
                 "needs `field`"},
                {"type: value_percentile, rules: [r0], timespan: 1m, condition: {lte: 1, field: x}",
                 "needs `percentile`"},
                {"type: value_percentile, rules: [r0], timespan: 1m, condition: {lte: 1, field: x, "
                 "percentile: 101}",
                 "from 0 to 100"},
                {"type: value_avg, rules: [r0], timespan: 1m, condition: {lte: 1, field: x, "
                 "percentile: 5}",
                 "takes no percentile"},
                {"type: value_sum, rules: [r0], timespan: 1m, condition: {gte: many, field: x}",
                 "not a number"},
                {"type: temporal, rules: [r0, r1], timespan: 1m, condition: r0 and r2",
                 "r2 is not among the rules"},
                {"type: temporal, rules: [r0, r1], timespan: 1m, condition: r0",
                 "does not speak of rule r1"},
                {"type: temporal, rules: [r0, r1], timespan: 1m, condition: not r0 and not r1",
                 "says nothing"},
                {"type: temporal, rules: [r0, r1], timespan: 1m, condition: r0 or not r1",
                 "says nothing"},
                {"type: temporal, rules: [r0], timespan: 1m, condition: r0 and not r0",
                 "can never hold"},
                {"type: temporal, rules: [r0, r1], timespan: 1m, condition: r0 and (r1",
                 "not closed"},
                {"type: temporal, rules: [r0, r1], timespan: 1m, condition: r0 r1",
                 "where `and`, `or` or the end"},
                {"type: temporal, rules: [r0, r1], timespan: 1m, condition: r0 and r1 or",
                 "ends where a rule should stand"},
                {"type: temporal, rules: [r0, r1], timespan: 1m, condition: 1 of r0 and r1",
                 "1 is not among the rules"},
                {"type: event_count, rules: [r0], timespan: 1m", "needs a condition"},
                {"type: event_count, rules: [r0], timespan: 1m, condition: {gte: 0}",
                 "nothing at all"},
                {"type: event_count, rules: [r0], timespan: 1m, condition: {gte: 1.5}",
                 "not a whole number"},
                {"type: event_count, rules: [r0], timespan: 1m, condition: {gte: 1, field: x}",
                 "takes no field"},
                {"type: value_count, rules: [r0], timespan: 1m, condition: {gte: 1}",
                 "needs `field`"},
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
                                    .offset = i, .time = (LimnTime)i * 300000,
                                    .uncertainty = 2 * LIMN_SECOND, .instance = 1,
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
                cmocka_unit_test(test_doubt),
                cmocka_unit_test(test_sure_survives_the_clocks),
                cmocka_unit_test(test_trap_7_orders_do_not_matter),
                cmocka_unit_test(test_refused),
                cmocka_unit_test(test_generate),
                cmocka_unit_test(test_million),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
