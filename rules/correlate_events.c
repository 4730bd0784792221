/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "core/bisect.h"
#include "core/vec.h"
#include "rules/correlate_work.h"

static bool is_instance(LimnSlice name)
{
        return limn_slice_eq(name, LIMN_S("instance"));
}

/* The text of a hit's field; `instance` is the hit's own where it has one. */
static int hit_value(LimnCorrWork *w, const LimnHit *hit, LimnSlice name, LimnSlice *ret)
{
        char text[24];

        if (!is_instance(name) || hit->instance == 0) {
                *ret = limn_hit_get(hit, name);
                return 0;
        }
        if (w->instance != hit->instance) { /* mostly the one before */
                snprintf(text, sizeof text, "%lld", (long long)hit->instance);
                w->instance_text = limn_arena_dup(w->c->arena, limn_slice_str(text));
                if (!w->instance_text.p)
                        return -ENOMEM;
                w->instance = hit->instance;
        }
        *ret = w->instance_text;
        return 0;
}

static LimnSlice episode_value(const LimnEpisode *episode, LimnSlice name)
{
        size_t i;

        for (i = 0; i < episode->n_group; i++)
                if (limn_slice_eq(episode->group[i].name, name))
                        return episode->group[i].value;
        return LIMN_NONE;
}

enum { WITHOUT = 1 };

/* The number of the tuple of these fields of one event. WITHOUT: a field is missing. */
static int number(LimnCorrWork *w, LimnTuples *tuples, const LimnSlice *names, const LimnHit *hit,
                  const LimnEpisode *episode, uint32_t *ret, bool *ret_new)
{
        LimnSlice few[8], *tuple = few;
        size_t i;
        int r = 0;

        if (tuples->width > 8) {
                tuple = calloc(tuples->width, sizeof *tuple);
                if (!tuple)
                        return -ENOMEM;
        }
        for (i = 0; i < tuples->width && r == 0; i++) {
                if (episode)
                        tuple[i] = episode_value(episode, names[i]);
                else
                        r = hit_value(w, hit, names[i], &tuple[i]);
                if (r == 0 && !tuple[i].p)
                        r = WITHOUT;
        }
        if (r == 0)
                r = limn_tuples_number(tuples, tuple, ret, ret_new);
        if (tuple != few)
                free(tuple);
        return r;
}

/* Values that are numbers are read once each. WITHOUT: this one is none. */
static int amount(LimnCorrWork *w, uint32_t value, bool new)
{
        if (new) {
                bool *is;

                if (limn_vec_room(&w->amounts) < 0)
                        return -ENOMEM;
                is = reallocarray(w->amounts.is, w->amounts.cap, sizeof *is);
                if (!is)
                        return -ENOMEM;
                w->amounts.is = is;
                w->amounts.at[value] = 0; /* no number: sorted with the rest, never used */
                is[value] = limn_amount_parse(w->values.at[value], &w->amounts.at[value]);
                w->amounts.n++;
        }
        return w->amounts.is[value] ? 0 : WITHOUT;
}

static int add_event(LimnCorrWork *w, uint32_t rule, const LimnHit *hit, const LimnEpisode *episode,
                     uint32_t index)
{
        const LimnCorrelated *named = &w->rule->rules[rule];
        LimnCorrEvent event = {.rule = rule, .hit = index};
        bool new = false;
        int r;

        r = number(w, &w->groups, named->group, hit, episode, &event.group, NULL);
        if (r == 0 && w->rule->type->values)
                r = number(w, &w->values, named->values, hit, episode, &event.value, &new);
        if (r == 0 && w->rule->type->numbers)
                r = amount(w, event.value, new);
        if (r)
                return r == WITHOUT ? 0 : r;
        event.first = episode ? episode->first : hit->time;
        event.last = episode ? episode->last : hit->time;
        if (w->rule->forbidden && w->rule->forbidden[rule] &&
            (uint64_t)event.last - (uint64_t)event.first <= (uint64_t)w->rule->timespan) {
                if (limn_vec_room(&w->absent) < 0)
                        return -ENOMEM;
                w->absent.at[w->absent.n++] = event;
        }
        if (w->rule->present && !w->rule->present[rule])
                return 0;
        if (limn_vec_room(&w->events) < 0)
                return -ENOMEM;
        w->events.at[w->events.n++] = event;
        return 0;
}

int limn_corr_gather(LimnCorrWork *w)
{
        LimnCorrelating *c = w->c;
        uint32_t k, i;
        int r = 0;

        for (k = 0; k < w->rule->n_rules; k++) {
                const LimnCorrelated *named = &w->rule->rules[k];

                if (named->is_correlation) {
                        const LimnFound *inner = &c->found[named->index];

                        for (i = 0; i < inner->n && r == 0; i++)
                                r = add_event(w, k, NULL, &inner->at[i], i);
                } else {
                        for (i = c->start_of_rule[named->index];
                             i < c->start_of_rule[named->index + 1] && r == 0; i++)
                                r = add_event(w, k, &c->hits[c->of_rule[i]], NULL, c->of_rule[i]);
                }
                if (r)
                        return r;
        }
        return 0;
}

const LimnEpisode *limn_corr_inner(const LimnCorrWork *w, const LimnCorrEvent *e)
{
        const LimnCorrelated *named = &w->rule->rules[e->rule];

        return named->is_correlation ? &w->c->found[named->index].at[e->hit] : NULL;
}

/* By end, then beginning, then hits (their index is their order) before inner episodes, which
 * stand in the order of their rule's name. The order of `rules` never decides. */
static int by_end(const LimnCorrWork *w, const LimnCorrEvent *x, const LimnCorrEvent *y)
{
        const LimnCorrelated *p = &w->rule->rules[x->rule], *q = &w->rule->rules[y->rule];

        if (x->last != y->last)
                return (x->last > y->last) - (x->last < y->last);
        if (x->first != y->first)
                return (x->first > y->first) - (x->first < y->first);
        if (p->is_correlation != q->is_correlation)
                return p->is_correlation - q->is_correlation;
        if (p->is_correlation && p->index != q->index)
                return (p->index > q->index) - (p->index < q->index);
        return (x->hit > y->hit) - (x->hit < y->hit);
}

/* [from, middle) and [middle, end) of `in`, each in order, to `out`. */
static void merge(const LimnCorrWork *w, const LimnCorrEvent *in, size_t from, size_t middle,
                  size_t end, LimnCorrEvent *out)
{
        size_t i = from, k = middle, to = from;

        while (i < middle && k < end)
                out[to++] = by_end(w, &in[i], &in[k]) <= 0 ? in[i++] : in[k++];
        while (i < middle)
                out[to++] = in[i++];
        while (k < end)
                out[to++] = in[k++];
}

/* Where the stretch that begins at `from` stops being in order. */
static size_t stretch(const LimnCorrWork *w, const LimnCorrEvent *at, size_t from, size_t n)
{
        size_t i = from + 1;

        while (i < n && by_end(w, &at[i - 1], &at[i]) <= 0)
                i++;
        return i < n ? i : n;
}

/* The hits of one rule come in order, so there are as many stretches as rules: merging them is
 * nearly linear. Returns where the result is. */
static LimnCorrEvent *merge_all(const LimnCorrWork *w, LimnCorrEvent *in, LimnCorrEvent *out,
                                size_t n)
{
        while (stretch(w, in, 0, n) < n) {
                LimnCorrEvent *swap = in;
                size_t from, middle, end;

                for (from = 0; from < n; from = end) {
                        middle = stretch(w, in, from, n);
                        end = middle < n ? stretch(w, in, middle, n) : n;
                        merge(w, in, from, middle, end, out);
                }
                in = out;
                out = swap;
        }
        return in;
}

static int by_group_rule_first(const void *a, const void *b)
{
        const LimnCorrEvent *x = a, *y = b;

        if (x->group != y->group)
                return (x->group > y->group) - (x->group < y->group);
        if (x->rule != y->rule)
                return (x->rule > y->rule) - (x->rule < y->rule);
        if (x->first != y->first)
                return (x->first > y->first) - (x->first < y->first);
        return (x->last > y->last) - (x->last < y->last);
}

static int sort_absent(LimnCorrWork *w)
{
        size_t n = w->absent.n, i;

        if (n == 0)
                return 0;
        qsort(w->absent.at, n, sizeof *w->absent.at, by_group_rule_first);
        w->absent.least_last = calloc(n, sizeof *w->absent.least_last);
        if (!w->absent.least_last)
                return -ENOMEM;
        for (i = n; i-- > 0;) {
                const LimnCorrEvent *e = &w->absent.at[i];
                LimnTime least = e->last;

                if (i + 1 < n && e[1].group == e->group && e[1].rule == e->rule &&
                    w->absent.least_last[i + 1] < least)
                        least = w->absent.least_last[i + 1];
                w->absent.least_last[i] = least;
        }
        return 0;
}

void limn_corr_forbid(LimnCorrWork *w, uint32_t group)
{
        size_t lo = LIMN_BISECT(w->absent.n, k, w->absent.at[k].group < group), i;

        for (i = 0; i < w->rule->n_rules; i++) {
                LimnForbidden *f = &w->forbidden[i];

                *f = (LimnForbidden){0};
                if (lo == w->absent.n)
                        continue;
                f->at = &w->absent.at[lo];
                f->least_last = &w->absent.least_last[lo];
                for (; lo < w->absent.n && w->absent.at[lo].group == group &&
                       w->absent.at[lo].rule == i;
                     lo++)
                        f->n++;
        }
}

int limn_corr_sort(LimnCorrWork *w)
{
        LimnCorrEvent *spare = calloc(w->events.n, sizeof *spare), *sorted, *grouped;
        uint32_t *next = calloc((size_t)w->groups.n + 1, sizeof *next);
        size_t i;

        if (!spare || !next || sort_absent(w) < 0) {
                free(spare);
                free(next);
                return -ENOMEM;
        }
        sorted = merge_all(w, w->events.at, spare, w->events.n);
        grouped = sorted == spare ? w->events.at : spare;
        for (i = 0; i < w->events.n; i++)
                next[sorted[i].group + 1]++;
        for (i = 1; i <= w->groups.n; i++)
                next[i] += next[i - 1];
        for (i = 0; i < w->events.n; i++)
                grouped[next[sorted[i].group]++] = sorted[i];
        free(next);
        if (grouped == w->events.at) {
                free(spare);
                return 0;
        }
        free(w->events.at);
        w->events.at = spare;
        w->events.cap = w->events.n;
        return 0;
}

typedef struct First {
        LimnTime first;
        uint32_t at;
} First;

static int by_first(const void *a, const void *b)
{
        const First *x = a, *y = b;

        if (x->first != y->first)
                return (x->first > y->first) - (x->first < y->first);
        return (x->at > y->at) - (x->at < y->at);
}

/* Ranks of n events in order of their ends: for hits, the order they are in. */
int limn_corr_rank(LimnCorrEvent *events, size_t n, uint32_t *by_rank)
{
        bool spans = false;
        First *firsts;
        uint32_t i;

        for (i = 0; i < n; i++) {
                events[i].rank = by_rank[i] = i;
                spans |= events[i].first != events[i].last;
        }
        if (!spans)
                return 0;
        firsts = calloc(n, sizeof *firsts);
        if (!firsts)
                return -ENOMEM;
        for (i = 0; i < n; i++)
                firsts[i] = (First){events[i].first, i};
        qsort(firsts, n, sizeof *firsts, by_first);
        for (i = 0; i < n; i++) {
                by_rank[i] = firsts[i].at;
                events[firsts[i].at].rank = i;
        }
        free(firsts);
        return 0;
}
