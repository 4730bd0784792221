/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Random correlations over random hits, and a brute force that finds their episodes by following
 * the words of docs/rules.md: every window is made anew and asked, nothing slides.
 */
#include <stdlib.h>

#include "rules/correlate.h"
#include "rules/correlation.h"
#include "tests/unit/rules_help.h"

#define N_OF(array) (sizeof(array) / sizeof *(array))

#define N_RULES 4

static const char *const groups[] = {"g0", "g1", "g2"};

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

/* As it is printed. */
typedef struct Group {
        char text[24];
} Group;

typedef struct Event {
        LimnTime first, last;
        uint32_t rule, order;
        Group group;
        const char *value;
        int64_t ids[MOST];
        size_t n;
        bool gone, not_observable;
} Event;

typedef enum Type { COUNT, TEMPORAL, ORDERED, VALUES, SUM, AVG, MEDIAN, PERCENTILE, _TYPES } Type;

/* Masks of rules: all of these, none of those. */
typedef struct Way {
        unsigned with, without;
} Way;

#define WAYS_MAX 24

/* An expression and its negation as ways to meet them, and the rules that each of them wants. */
typedef struct Ways {
        Way at[WAYS_MAX];
        size_t n; /* WAYS_MAX: too many */
        unsigned wanted;
} Ways;

typedef enum Grouping { BY_G, BY_TWO, BY_ALIAS, BY_NONE, _GROUPINGS } Grouping;

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
        Ways ways;            /* ORDERED; TEMPORAL with a condition of names */
        char expression[512]; /* rule k of the list is $k */
        Grouping grouping;
        bool tuples; /* VALUES: of v and w */
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
                        from = way_from(s, &s->ways.at[w], set, n, end, set[at]);
                        if (from >= 0 && is_absent(s, &s->ways.at[w], set[from], set[end]) &&
                            (!covered || is_covered(s, &s->ways.at[w], set[from], set[end])))
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
        for (i = 0; i < s->ways.n; i++)
                if (meets_way(s, set, n, i, false))
                        return true;
        if (s->ways.n)
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

static bool same_group(const Group *a, const Group *b)
{
        return strcmp(a->text, b->text) == 0;
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
                ret[found].not_observable = s->ways.n > 0;
                for (w = 0; w < s->ways.n; w++)
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
static size_t quiet_of(const Spec *s, Event *events, size_t n, const Group *group, Event *ret)
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
                                ret[found++] = (Event){.first = at, .group = *group};
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

        c = c ? c : strcmp(x->group.text, y->group.text);
        c = c ? c : cmp_time(x->last, y->last);
        return c || x->n == 0 || y->n == 0 ? c : cmp_time(x->ids[0], y->ids[0]);
}

/* The group's events of rules that may be there, and of those that must not. */
static size_t pick(Spec *s, const Event *events, size_t n, const Group *group, Event *ret,
                   Event *absent)
{
        unsigned with = s->ways.n ? s->ways.wanted : ~0u, without = 0;
        size_t n_group = 0, i;

        for (i = 0; i < s->ways.n; i++)
                without |= s->ways.at[i].without;
        s->absent = absent;
        s->n_absent = 0;
        for (i = 0; i < n; i++) {
                long long ignored;

                if (!same_group(&events[i].group, group))
                        continue;
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
        Group all[MOST + 1] = {{{0}}};
        size_t n_groups, found = 0, g, i, k;

        qsort(events, n, sizeof *events, by_end);
        n_groups = s->grouping == BY_NONE;
        for (i = 0; i < n; i++) {
                for (g = 0; g < n_groups && !same_group(&all[g], &events[i].group); g++)
                        ;
                if (g == n_groups)
                        all[n_groups++] = events[i].group;
        }
        for (g = 0; g < n_groups; g++) {
                Event *group = calloc(n + 1, sizeof *group);
                Event *absent = calloc(n + 1, sizeof *absent);
                size_t n_group;

                assert_non_null(group);
                assert_non_null(absent);
                n_group = pick(s, events, n, &all[g], group, absent);
                if (s->quiet)
                        found += quiet_of(s, group, n_group, &all[g], ret + found);
                else
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
                limn_buf_printf(out, "%s [%lld..%lld]%s", name, (long long)found[i].first,
                                (long long)found[i].last, found[i].group.text);
                for (size_t k = 0; k < found[i].n; k++)
                        limn_buf_printf(out, " %lld", (long long)found[i].ids[k]);
                limn_buf_add_str(out, found[i].not_observable ? " ?\n" : "\n");
        }
}

/* A random stream. ------------------------------------------------------------------------ */

static const char *const values[] = {"1", "2.5", "-3", "1e1", "much"};

#define PAIR 16

typedef struct Stream {
        LimnHit hits[MOST];
        LimnField fields[MOST][4];
        char pairs[MOST][PAIR];
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
                        f[n++] = (LimnField){LIMN_S("h"), limn_slice_str(groups[below(n_groups)])};
                if (below(12))
                        f[n++] = (LimnField){LIMN_S("v"), limn_slice_str(values[below(5)])};
                if (below(12))
                        f[n++] = (LimnField){LIMN_S("w"), limn_slice_str(groups[below(2)])};
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

static const char *text_of(const LimnHit *hit, const char *name)
{
        return limn_hit_get(hit, limn_slice_str(name)).p;
}

/* False: the hit lacks a field that the grouping needs. With aliases rule 0 calls it h. */
static bool group_of(Grouping grouping, const LimnHit *hit, uint32_t rule, Group *ret)
{
        const char *g = text_of(hit, "g"), *h = text_of(hit, "h"), *k = rule == 0 ? h : g;
        size_t room = sizeof ret->text;

        if (grouping == BY_NONE)
                return true;
        if (grouping == BY_TWO ? !g || !h : grouping == BY_ALIAS ? !k : !g)
                return false;
        if (grouping == BY_TWO)
                snprintf(ret->text, room, " g=%s h=%s", g, h);
        else if (grouping == BY_ALIAS)
                snprintf(ret->text, room, " k=%s", k);
        else
                snprintf(ret->text, room, " g=%s", g);
        return true;
}

/* The value, or both of a tuple; NULL: one is absent. */
static const char *value_of(const Spec *spec, const LimnHit *hit, char *pair)
{
        const char *v = text_of(hit, "v"), *w = text_of(hit, "w");

        if (!spec->tuples)
                return v;
        if (!v || !w)
                return NULL;
        snprintf(pair, PAIR, "%s|%s", v, w);
        return pair;
}

static size_t events_of(const Spec *spec, Stream *s, uint32_t lowest, uint32_t below_rule,
                        Event *ret)
{
        size_t n = 0, i;

        for (i = 0; i < s->n; i++) {
                const LimnHit *h = &s->hits[i];
                Event e = {.first = h->time,
                           .last = h->time,
                           .rule = h->rule - lowest,
                           .order = (uint32_t)i,
                           .value = value_of(spec, h, s->pairs[i]),
                           .ids = {h->id},
                           .n = 1};

                if (h->time != LIMN_TIME_NONE && h->rule >= lowest && h->rule < below_rule &&
                    group_of(spec->grouping, h, e.rule, &e.group))
                        ret[n++] = e;
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

/* The k-th name of "r0, inner, r1". */
static LimnSlice nth(const char *rules, size_t k)
{
        LimnSlice rest = limn_slice_str(rules);

        for (; k; k--)
                rest = limn_slice_from(rest, limn_slice_chr(rest, ',') + 1);
        return limn_slice_trim(limn_slice_to(rest, limn_slice_chr(rest, ',')));
}

static void add_expression(LimnBuf *text, const Spec *s, const char *rules)
{
        limn_buf_add_str(text, "  condition: '");
        for (const char *c = s->expression; *c; c++) {
                if (*c == '$')
                        limn_buf_add(text, nth(rules, (size_t)(*++c - '0')));
                else
                        limn_buf_add_char(text, *c);
        }
        limn_buf_add_str(text, "'\n");
}

static void add_grouping(LimnBuf *text, const Spec *s, const char *rules)
{
        static const char *const by[] = {"[g]", "[g, h]", "[k]"};

        if (s->grouping == BY_NONE)
                return;
        limn_buf_printf(text, "  group-by: %s\n", by[s->grouping]);
        if (s->grouping != BY_ALIAS)
                return;
        limn_buf_add_str(text, "  aliases: {k: {");
        for (size_t k = 0; k < s->n_rules; k++)
                limn_buf_printf(text, "%s%.*s: %s", k ? ", " : "", LIMN_FMT(nth(rules, k)),
                                k == 0 ? "h" : "g");
        limn_buf_add_str(text, "}}\n");
}

/* `rules`: their names in the order of the spec; `written`: in that of the text. */
static void add_correlation(LimnBuf *text, const char *name, const Spec *s, const char *rules,
                            const char *written)
{
        const char *field = s->tuples ? ", field: [v, w]}\n" : ", field: v}\n";

        limn_buf_printf(text,
                        "title: c\nname: %s\ncorrelation:\n  type: %s\n  rules: [%s]\n"
                        "  timespan: %llds\n",
                        name, type_names[s->type], written, (long long)(s->timespan / LIMN_SECOND));
        add_grouping(text, s, rules);
        if (s->ways.n) {
                add_expression(text, s, rules);
        } else {
                limn_buf_add_str(text, "  condition: {");
                for (size_t i = 0; i < s->n_compare; i++)
                        limn_buf_printf(text, "%s%s: %d", i ? ", " : "", s->compare[i].op,
                                        s->compare[i].number);
                if (s->type == PERCENTILE)
                        limn_buf_printf(text, ", percentile: %d", s->percentile);
                limn_buf_add_str(text, s->type >= VALUES ? field : "}\n");
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

static void add_way(Ways *to, Way way)
{
        if (!(way.with & way.without) && to->n < WAYS_MAX)
                to->at[to->n++] = way;
}

static void either(const Ways *a, const Ways *b, Ways *ret)
{
        *ret = *a;
        for (size_t i = 0; i < b->n; i++)
                add_way(ret, b->at[i]);
        ret->wanted |= b->wanted;
}

static void each(const Ways *a, const Ways *b, Ways *ret)
{
        *ret = (Ways){.wanted = a->wanted | b->wanted};
        for (size_t i = 0; i < a->n; i++)
                for (size_t k = 0; k < b->n; k++)
                        add_way(ret, (Way){a->at[i].with | b->at[k].with,
                                           a->at[i].without | b->at[k].without});
}

static void add_text(Spec *s, const char *text)
{
        size_t n = strlen(s->expression);

        snprintf(s->expression + n, sizeof s->expression - n, "%s", text);
}

/* A random expression: appends its text; *yes: its ways, *no: those of its negation. */
static void random_expression(Spec *s, unsigned depth, Ways *yes, Ways *no)
{
        uint32_t kind = below(depth ? 4 : 1);
        Ways a, b, not_a, not_b;

        if (kind == 0) {
                unsigned rule = below((uint32_t)s->n_rules);
                const char name[] = {'$', (char)('0' + rule), '\0'};

                add_text(s, name);
                *yes = (Ways){{{1u << rule, 0}}, 1, 1u << rule};
                *no = (Ways){{{0, 1u << rule}}, 1, 0};
        } else if (kind == 1) {
                add_text(s, "not ");
                random_expression(s, depth - 1, no, yes);
        } else {
                add_text(s, "(");
                random_expression(s, depth - 1, &a, &not_a);
                add_text(s, kind == 2 ? " and " : " or ");
                random_expression(s, depth - 1, &b, &not_b);
                add_text(s, ")");
                (kind == 2 ? each : either)(&a, &b, yes);
                (kind == 2 ? either : each)(&not_a, &not_b, no);
        }
}

static bool is_sound(const Spec *s)
{
        for (size_t k = 0; k < s->n_rules; k++) {
                const char name[] = {'$', (char)('0' + k), '\0'};

                if (!strstr(s->expression, name))
                        return false;
        }
        for (size_t i = 0; i < s->ways.n; i++)
                if (!s->ways.at[i].with)
                        return false;
        return s->ways.n > 0 && s->ways.n < WAYS_MAX;
}

static void random_ways(Spec *s)
{
        do {
                Ways no;

                s->expression[0] = '\0';
                random_expression(s, 1 + below(4), &s->ways, &no);
        } while (!is_sound(s));
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
                  .percentile = (int)below(101),
                  .grouping = (Grouping)below(_GROUPINGS)};

        s.tuples = s.type == VALUES && below(2);
        random_covered(&s);
        if (s.type == ORDERED || (s.type == TEMPORAL && below(2)))
                random_ways(&s);
        else
                random_compare(&s);
        return s;
}
