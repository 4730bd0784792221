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
        limn_buf_add_str(out, e->not_observable ? " ?\n" : "\n");
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
        bool gone, not_observable;
} Event;

typedef enum Type { COUNT, TEMPORAL, ORDERED, VALUES, SUM, AVG, MEDIAN, PERCENTILE, _TYPES } Type;

/* Masks of rules: all of these, none of those. */
typedef struct Way {
        unsigned with, without;
} Way;

typedef struct Spec {
        Type type;
        LimnDuration timespan;
        size_t n_rules;
        struct {
                const char *op;
                int number;
        } compare[2];
        size_t n_compare;
        bool whole, quiet;
        int percentile;
        Way ways[2]; /* ORDERED; TEMPORAL with a condition of names */
        size_t n_ways;
        const Event *absent; /* events of the group, of rules that must not be there */
        size_t n_absent;
        LimnTime covered[2][2]; /* stretches */
} Spec;

static bool holds(const Spec *s, long long amount, long long times)
{
        for (size_t i = 0; i < s->n_compare; i++) {
                const char *op = s->compare[i].op;
                long long number = s->compare[i].number * times;
                bool ok = strcmp(op, "gt") == 0    ? amount > number
                          : strcmp(op, "gte") == 0 ? amount >= number
                          : strcmp(op, "lt") == 0  ? amount < number
                          : strcmp(op, "lte") == 0 ? amount <= number
                          : strcmp(op, "eq") == 0  ? amount == number
                                                   : amount != number;
                if (!ok)
                        return false;
        }
        return true;
}

/* Of rule `rule`, one strictly between the two. */
static bool between(const Spec *s, unsigned rule, LimnTime after, LimnTime before)
{
        for (size_t i = 0; i < s->n_absent; i++)
                if (s->absent[i].rule == rule && s->absent[i].first > after &&
                    s->absent[i].first < before)
                        return true;
        return false;
}

/* The next listed rule of the way, from k on; n_rules: none. */
static size_t next_of(const Spec *s, const Way *way, size_t k)
{
        while (k < s->n_rules && !(way->with >> k & 1))
                k++;
        return k;
}

/* The highest lowest index of a chain through rule k of the way that begins behind `before` and
 * ends with `end`, of what had come when `entered` did; -1: none. */
static int chain(const Spec *s, const Way *way, Event *const *set, size_t n, size_t k,
                 const Event *before, size_t end, const Event *entered)
{
        int best = -1;

        for (size_t i = 0; i < n; i++) {
                size_t after = next_of(s, way, k + 1), m;
                int rest;

                if (set[i]->rule != k || set[i] > entered ||
                    (before && set[i]->first < before->last) ||
                    (after == s->n_rules && i != end))
                        continue;
                for (m = k; before && m > before->rule; m--)
                        if (way->without >> m & 1 &&
                            between(s, (unsigned)m, before->last, set[i]->first))
                                break;
                if (before && m > before->rule)
                        continue;
                rest = after == s->n_rules ? (int)i : chain(s, way, set, n, after, set[i], end,
                                                                entered);
                if (rest > (int)i)
                        rest = (int)i;
                if (rest > best)
                        best = rest;
        }
        return best;
}

/* Where rule `rule` must not be. */
static void stretch(const Spec *s, const Way *way, size_t rule, const Event *first,
                    const Event *last, LimnTime *ret)
{
        bool any_before = way->with & ((1u << rule) - 1), any_after = way->with >> rule;

        ret[0] = last->last - s->timespan;
        ret[1] = first->first + s->timespan;
        if (s->type == ORDERED && any_before && any_after) {
                ret[0] = first->first;
                ret[1] = last->last;
        } else if (s->type == ORDERED && any_before) {
                ret[0] = last->last + 1;
        } else if (s->type == ORDERED) {
                ret[1] = first->first - 1;
        }
}

static bool is_absent(const Spec *s, const Way *way, const Event *first, const Event *last)
{
        for (size_t k = 0; k < s->n_rules; k++) {
                LimnTime at[2];
                bool any_before = way->with & ((1u << k) - 1), any_after = way->with >> k;

                if (!(way->without >> k & 1) || (s->type == ORDERED && any_before && any_after))
                        continue;
                stretch(s, way, k, first, last, at);
                for (size_t i = 0; i < s->n_absent; i++)
                        if (s->absent[i].rule == k && s->absent[i].first >= at[0] &&
                            s->absent[i].last <= at[1])
                                return false;
        }
        return true;
}

static bool is_covered(const Spec *s, const Way *way, const Event *first, const Event *last)
{
        for (size_t k = 0; k < s->n_rules; k++) {
                LimnTime at[2];

                if (!(way->without >> k & 1))
                        continue;
                stretch(s, way, k, first, last, at);
                if (at[0] <= at[1] && !(at[0] >= s->covered[0][0] && at[1] <= s->covered[0][1]) &&
                    !(at[0] >= s->covered[1][0] && at[1] <= s->covered[1][1]))
                        return false;
        }
        return true;
}

/* The highest lowest index of what meets way w, ending with set[end]; -1: nothing does. */
static int way_from(const Spec *s, const Way *way, Event *const *set, size_t n, size_t end,
                    const Event *entered)
{
        int lowest = (int)n;

        if (s->type == ORDERED)
                return chain(s, way, set, n, next_of(s, way, 0), NULL, end, entered);
        if (!(way->with >> set[end]->rule & 1))
                return -1;
        for (size_t k = 0; k < s->n_rules; k++) {
                int last = -1;

                for (size_t i = 0; i < n; i++) /* those that had entered when it did */
                        if (set[i]->rule == k && set[i] <= set[end])
                                last = (int)i;
                if (way->with >> k & 1 && last < lowest)
                        lowest = last;
        }
        return lowest;
}

static bool meets_way(const Spec *s, Event *const *set, size_t n, size_t w, bool covered)
{
        for (size_t end = 0; end < n; end++) {
                for (size_t at = 0; at < n; at++) { /* of its instant, as they come */
                        int from;

                        if (set[at]->last != set[end]->last || set[at] < set[end])
                                continue;
                        from = way_from(s, &s->ways[w], set, n, end, set[at]);
                        if (from >= 0 && is_absent(s, &s->ways[w], set[from], set[end]) &&
                            (!covered || is_covered(s, &s->ways[w], set[from], set[end])))
                                return true;
                }
        }
        return false;
}

/* In tenths. */
static bool number_of(const Event *e, long long *ret)
{
        static const struct {
                const char *text;
                long long tenths;
        } known[] = {{"1", 10}, {"2.5", 25}, {"-3", -30}, {"1e1", 100}};

        for (size_t i = 0; i < N_OF(known); i++)
                if (strcmp(e->value, known[i].text) == 0) {
                        *ret = known[i].tenths;
                        return true;
                }
        return false;
}

static int by_size(const void *a, const void *b)
{
        const long long *x = a, *y = b;

        return (*x > *y) - (*x < *y);
}

static bool meets_numbers(const Spec *s, Event *const *set, size_t n)
{
        long long at[MOST], sum = 0;

        for (size_t i = 0; i < n; i++) {
                assert_true(number_of(set[i], &at[i]));
                sum += at[i];
        }
        qsort(at, n, sizeof *at, by_size);
        if (s->type == SUM)
                return holds(s, sum, 10);
        if (n == 0)
                return false;
        if (s->type == AVG)
                return holds(s, sum, 10 * (long long)n);
        if (s->type == MEDIAN)
                return holds(s, at[(n - 1) / 2] + at[n / 2], 20);
        for (size_t k = 0; k < n; k++)
                if ((k + 1) * 100 >= (size_t)s->percentile * n)
                        return holds(s, at[k], 10);
        return false;
}

static bool meets(const Spec *s, Event *const *set, size_t n)
{
        size_t distinct = 0, i, k;

        if (s->type >= SUM)
                return meets_numbers(s, set, n);
        for (i = 0; i < s->n_ways; i++)
                if (meets_way(s, set, n, i, false))
                        return true;
        if (s->n_ways)
                return false;
        if (s->type == COUNT)
                return holds(s, (long long)n, 1);
        for (i = 0; i < n; i++) {
                for (k = 0; k < i; k++)
                        if (s->type == TEMPORAL ? set[k]->rule == set[i]->rule
                                                : strcmp(set[k]->value, set[i]->value) == 0)
                                break;
                distinct += k == i;
        }
        return holds(s, (long long)distinct, 1);
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
        size_t found = 0, i, k, w;

        for (i = 0; i < n; i++) {
                Event *set[MOST];
                size_t n_set = window(s, events, i, floor, set);

                if (events[i].last - events[i].first > s->timespan ||
                    (floor && begins_before(&events[i], floor)))
                        continue;
                if (open && n_set > 1 && meets(s, set, n_set)) {
                        take(&ret[found - 1], &events[i]);
                        continue;
                }
                if (open) {
                        open = false;
                        for (k = 0; k < i; k++)
                                events[k].gone = true;
                        n_set = window(s, events, i, floor, set);
                }
                if (!meets(s, set, n_set))
                        continue;
                for (k = 0; !s->whole && meets(s, set + k + 1, n_set - k - 1); k++)
                        ;
                open = true;
                floor = set[k];
                ret[found] = (Event){.group = events[i].group};
                ret[found].not_observable = s->n_ways > 0;
                for (w = 0; w < s->n_ways; w++)
                        if (meets_way(s, set + k, n_set - k, w, true))
                                ret[found].not_observable = false;
                for (; k < n_set; k++)
                        take(&ret[found], set[k]);
                found++;
        }
        return found;
}

static bool quiet_at(const Spec *s, Event *events, size_t n, LimnTime at)
{
        Event *set[MOST];
        size_t n_set = 0;

        for (size_t i = 0; i < n; i++)
                if (events[i].first >= at && events[i].last <= at + s->timespan)
                        set[n_set++] = &events[i];
        return meets(s, set, n_set);
}

/* Every window of the stretch, one by one between the moments at which anything changes. */
static size_t quiet_of(const Spec *s, Event *events, size_t n, const char *group, Event *ret)
{
        size_t found = 0, c, i;

        for (c = 0; c < 2; c++) {
                LimnTime until = s->covered[c][1] - s->timespan, at = s->covered[c][0], next;
                bool open = false;

                for (; at <= until; at = next) {
                        bool met = quiet_at(s, events, n, at);

                        next = until + 1;
                        for (i = 0; i < n; i++) {
                                LimnTime enters = events[i].last - s->timespan;
                                LimnTime leaves = events[i].first + 1;

                                next = enters > at && enters < next ? enters : next;
                                next = leaves > at && leaves < next ? leaves : next;
                        }
                        if (met && !open)
                                ret[found++] = (Event){.first = at, .group = group};
                        open = met;
                        if (met)
                                ret[found - 1].last = next - 1 + s->timespan;
                }
        }
        for (c = 0; c < found; c++)
                for (i = 0; i < n; i++)
                        if (events[i].first >= ret[c].first && events[i].last <= ret[c].last &&
                            events[i].last - events[i].first <= s->timespan)
                                for (size_t k = 0; k < events[i].n; k++)
                                        ret[c].ids[ret[c].n++] = events[i].ids[k];
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
        c = c ? c : cmp_time(x->last, y->last);
        return c || x->n == 0 || y->n == 0 ? c : cmp_time(x->ids[0], y->ids[0]);
}

static const char *const groups[] = {"g0", "g1", "g2"};

/* The group's events of rules that may be there, and of those that must not. */
static size_t pick(Spec *s, const Event *events, size_t n, const char *group, Event *ret,
                   Event *absent, bool *ret_known)
{
        unsigned with = s->n_ways ? s->ways[0].with | s->ways[1].with : ~0u, without = 0;
        size_t n_group = 0, i;

        for (i = 0; i < s->n_ways; i++)
                without |= s->ways[i].without;
        s->absent = absent;
        s->n_absent = 0;
        *ret_known = false;
        for (i = 0; i < n; i++) {
                long long ignored;

                if (strcmp(events[i].group, group) != 0)
                        continue;
                *ret_known = true;
                if ((s->type >= VALUES && !events[i].value) ||
                    (s->type >= SUM && !number_of(&events[i], &ignored)))
                        continue;
                if (with >> events[i].rule & 1)
                        ret[n_group++] = events[i];
                if (without >> events[i].rule & 1 &&
                    events[i].last - events[i].first <= s->timespan)
                        absent[s->n_absent++] = events[i];
        }
        return n_group;
}

static size_t brute(Spec *s, Event *events, size_t n, Event *ret)
{
        size_t found = 0, g, i, k;

        qsort(events, n, sizeof *events, by_end);
        for (g = 0; g < N_OF(groups); g++) {
                Event *group = calloc(n + 1, sizeof *group);
                Event *absent = calloc(n + 1, sizeof *absent);
                size_t n_group;
                bool known;

                assert_non_null(group);
                assert_non_null(absent);
                n_group = pick(s, events, n, groups[g], group, absent, &known);
                if (s->quiet && known)
                        found += quiet_of(s, group, n_group, groups[g], ret + found);
                else if (!s->quiet)
                        found += episodes_of(s, group, n_group, ret + found);
                free(group);
                free(absent);
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
                limn_buf_add_str(out, found[i].not_observable ? " ?\n" : "\n");
        }
}

/* A random stream. ------------------------------------------------------------------------ */

static const char *const values[] = {"1", "2.5", "-3", "1e1", "much"};

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
                        f[n++] = (LimnField){LIMN_S("v"), limn_slice_str(values[below(5)])};
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

static size_t events_of(const Stream *s, uint32_t lowest, uint32_t below_rule,
                        Event *ret)
{
        size_t n = 0, i;

        for (i = 0; i < s->n; i++) {
                const LimnHit *h = &s->hits[i];

                if (h->time == LIMN_TIME_NONE || h->rule < lowest || h->rule >= below_rule ||
                    !text_of(h, LIMN_S("g")))
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
                                         "value_count", "value_sum", "value_avg",
                                         "value_median", "value_percentile"};

/* The rules by the names that stand in the list. */
static void add_ways(LimnBuf *text, const Spec *s, const char *rules)
{
        limn_buf_add_str(text, "  condition: ");
        for (size_t w = 0; w < s->n_ways; w++) {
                LimnSlice rest = limn_slice_str(rules);
                bool any = false;

                limn_buf_add_str(text, w ? " or (" : "(");
                for (size_t k = 0; k < s->n_rules; k++) {
                        size_t end = limn_slice_chr(rest, ',');
                        LimnSlice name = limn_slice_trim(limn_slice(rest.p, end));

                        rest = end < rest.n ? limn_slice_from(rest, end + 1) : LIMN_S("");
                        if (!((s->ways[w].with | s->ways[w].without) >> k & 1))
                                continue;
                        limn_buf_printf(text, "%s%s%.*s", any ? " and " : "",
                                        s->ways[w].without >> k & 1 ? "not " : "", LIMN_FMT(name));
                        any = true;
                }
                limn_buf_add_str(text, ")");
        }
        limn_buf_add_str(text, "\n");
}

static void add_correlation(LimnBuf *text, const char *name, const Spec *s, const char *rules)
{
        limn_buf_printf(text,
                        "title: c\nname: %s\ncorrelation:\n  type: %s\n  rules: [%s]\n"
                        "  group-by: [g]\n  timespan: %llds\n",
                        name, type_names[s->type], rules, (long long)(s->timespan / LIMN_SECOND));
        if (s->n_ways) {
                add_ways(text, s, rules);
        } else {
                limn_buf_add_str(text, "  condition: {");
                for (size_t i = 0; i < s->n_compare; i++)
                        limn_buf_printf(text, "%s%s: %d", i ? ", " : "", s->compare[i].op,
                                        s->compare[i].number);
                if (s->type == PERCENTILE)
                        limn_buf_printf(text, ", percentile: %d", s->percentile);
                limn_buf_add_str(text, s->type >= VALUES ? ", field: v}\n" : "}\n");
        }
        limn_buf_add_str(text, "---\n");
}

static bool lower(const char *op)
{
        return op[0] == 'g';
}

/* Comparisons that can hold and can fail. */
static void random_compare(Spec *s)
{
        static const char *const ops[] = {"gt", "gte", "lt", "lte", "eq", "neq"};
        int most = s->type == TEMPORAL ? (int)s->n_rules : s->type >= SUM ? 12 : 4;

        for (;;) {
                bool never = true, always = true, monotone;
                int i;

                s->compare[0].op = below(2) ? "gte" : ops[below(6)];
                s->compare[0].number = (int)below((uint32_t)most + 1) - (s->type >= SUM ? 3 : 0);
                s->n_compare = 1;
                if (below(4) == 0) {
                        s->compare[0].op = ops[below(2)];
                        s->compare[1].op = ops[2 + below(2)];
                        s->compare[1].number = s->compare[0].number + (int)below(4);
                        s->n_compare = 2;
                }
                for (i = 0; i <= (s->type == TEMPORAL ? most : most + 9); i++) {
                        never &= !holds(s, i, 1);
                        always &= holds(s, i, 1);
                }
                if (s->type >= SUM)
                        always = false;
                if (s->type >= SUM && s->n_compare == 1)
                        never = false;
                monotone = lower(s->compare[0].op) && s->n_compare == 1;
                s->quiet = s->type <= SUM && holds(s, 0, 1);
                s->whole = s->type > SUM || !monotone;
                if (!never && !always && !(s->quiet && monotone))
                        return;
        }
}

static void random_ways(Spec *s)
{
        unsigned all = (1u << s->n_rules) - 1;

        do {
                s->n_ways = s->type == ORDERED && below(3) == 0 ? 1 : 1 + below(2);
                for (size_t i = 0; i < 2; i++) {
                        s->ways[i] = (Way){0, 0};
                        for (size_t k = 0; k < s->n_rules && i < s->n_ways; k++) {
                                uint32_t which = below(5);

                                s->ways[i].with |= (which > 1) << k;
                                s->ways[i].without |= (which == 0) << k;
                        }
                }
        } while (!s->ways[0].with || (s->n_ways > 1 && !s->ways[1].with) ||
                 (s->ways[0].with | s->ways[0].without | s->ways[1].with | s->ways[1].without) !=
                         all);
}

static void random_covered(Spec *s)
{
        s->covered[0][0] = (LimnTime)below(10) * LIMN_SECOND / 2;
        s->covered[0][1] = s->covered[0][0] + (LimnTime)below(60) * LIMN_SECOND / 2;
        s->covered[1][0] = s->covered[0][1] + (LimnTime)(1 + below(10)) * LIMN_SECOND / 2;
        s->covered[1][1] = s->covered[1][0] + (LimnTime)below(30) * LIMN_SECOND / 2;
}

static Spec random_spec(Type types)
{
        Spec s = {.type = (Type)below(types),
                  .timespan = (1 + below(8)) * LIMN_SECOND,
                  .n_rules = 1 + below(3),
                  .percentile = (int)below(101)};

        random_covered(&s);
        if (s.type == ORDERED || (s.type == TEMPORAL && below(2)))
                random_ways(&s);
        else
                random_compare(&s);
        return s;
}

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

/* So many cases; LIMN_CASES for the nightly form. */
static uint64_t cases(uint64_t usual)
{
        const char *asked = getenv("LIMN_CASES");

        return asked ? strtoull(asked, NULL, 10) : usual;
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
                add_correlation(&text, "c", &spec, lists[spec.n_rules - 1][0]);
                correlate(limn_buf_str(&text), &s, &spec, &is);
                write_brute("c", found,
                            brute(&spec, events,
                                  events_of(&s, 0, (uint32_t)spec.n_rules,
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
                if (outer.n_ways)
                        random_ways(&outer);
                else
                        random_compare(&outer);
                in.timespan = (1 + below(4)) * LIMN_SECOND;
                in.compare[0].op = "gte";
                in.compare[0].number = 1 + (int)below(3);
                add_correlation(&text, "c", &outer, "r0, inner, r1");
                add_correlation(&text, "inner", &in, "r3");
                add_detections(&text);
                correlate(limn_buf_str(&text), &s, &outer, &is);

                n_inner = brute(&in, events, events_of(&s, 3, 4, events), inner);
                n = events_of(&s, 0, 2, events);
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
        const char *g = text_of(h, LIMN_S("g"));

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
        for (size_t w = 0; w < d->spec->n_ways && !met; w++) {
                Pairs p = {.spec = d->spec, .stream = d->stream, .group = e->group[0].value.p};
                unsigned have = 0;

                for (size_t k = 0; k < d->spec->n_rules; k++)
                        for (size_t i = 0; i < e->n_hits; i++)
                                if (e->hits[i]->rule == k) {
                                        p.set[p.n++] = e->hits[i];
                                        have |= 1u << k;
                                }
                met = have == d->spec->ways[w].with && possible(&p, &d->spec->ways[w]);
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
                } while (!spec.n_ways);
                d.spec = &spec;
                for (size_t g = 0; g < N_OF(groups); g++)
                        d.until[g] = INT64_MIN;
                add_detections(&text);
                add_correlation(&text, "c", &spec, lists[spec.n_rules - 1][0]);
                rules = load_rules(limn_buf_str(&text));
                assert_int_equal(limn_correlate(rules, s.hits, s.n, &all, 1, check_doubt, &d), 0);
                doubtful += d.doubtful;
                for (size_t i = 0; i < s.n; i++) /* what an episode in doubt found in its way */
                        for (size_t g = 0; g < N_OF(groups); g++)
                                if (is_of(&s.hits[i], s.hits[i].rule, groups[g]) &&
                                    s.hits[i].time - s.hits[i].uncertainty <= d.until[g])
                                        d.taken[i] = true;
                for (size_t w = 0; w < spec.n_ways; w++) {
                        Way *way = &spec.ways[w];

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
                } while (!spec.n_ways || spec.ways[0].without || spec.ways[1].without);
                add_detections(&text);
                add_correlation(&text, "c", &spec, lists[spec.n_rules - 1][0]);
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
static void test_orders_do_not_matter(void **state)
{
        for (uint64_t run = 0; run < cases(200); run++) {
                LimnBuf one = LIMN_BUF(1 << 16), two = LIMN_BUF(1 << 16);
                LimnBuf is = LIMN_BUF(1 << 16), want = LIMN_BUF(1 << 16);
                static Stream s;
                Spec spec, other;

                seed = run;
                below(2);
                random_stream(&s);
                other = random_spec(_TYPES);
                spec = random_spec(_TYPES);
                while (spec.n_ways || spec.n_rules == 1)
                        spec = random_spec(_TYPES);
                add_detections(&one);
                add_correlation(&one, "c", &spec, lists[spec.n_rules - 1][0]);
                add_correlation(&one, "d", &other, lists[other.n_rules - 1][0]);
                add_correlation(&two, "d", &other, lists[other.n_rules - 1][0]);
                add_correlation(&two, "c", &spec, lists[spec.n_rules - 1][1]);
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
                cmocka_unit_test(test_orders_do_not_matter),
                cmocka_unit_test(test_refused),
                cmocka_unit_test(test_generate),
                cmocka_unit_test(test_million),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
