/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/limits.h"
#include "core/vec.h"
#include "rules/correlate.h"
#include "rules/correlation.h"
#include "rules/doubt.h"
#include "rules/episodes.h"
#include "rules/tuples.h"

/*
 * Each correlation in turn, inner before outer: gather the events of its rules, number their
 * groups and values, sort by group (in time order within), slide the window over each group.
 * Episodes are kept until all are known, since the order of output is by name.
 */

/* What a correlation found. Hits and fields live in the arena. */
typedef struct Found {
        LimnEpisode *at;
        size_t n, cap;
} Found;

typedef struct Correlate {
        const LimnRules *rules;
        const LimnHit *hits;
        size_t n_hits;
        uint32_t *of_rule, *start_of_rule; /* indexes of hits with a time, by detection */
        Found *found;                      /* by correlation */
        LimnArena *arena;
} Correlate;

/* One correlation being worked on. */
typedef struct Work {
        Correlate *c;
        const LimnCorrelation *rule;
        Found *found;
        struct {
                LimnCorrEvent *at;
                size_t n, cap;
        } events;
        LimnTuples groups, values;
        const LimnCorrEvent *group; /* the one the window slides over */
        LimnStep *steps;
        LimnMoment *moments;
        size_t steps_cap;
        int64_t instance; /* whose number instance_text is */
        LimnSlice instance_text;
} Work;

static int index_hits(Correlate *c)
{
        size_t n_rules = c->rules->n_detections, i;
        uint32_t *fill;

        c->start_of_rule = calloc(n_rules + 2, sizeof *c->start_of_rule);
        c->of_rule = calloc(c->n_hits + 1, sizeof *c->of_rule);
        if (!c->start_of_rule || !c->of_rule)
                return -ENOMEM;
        fill = c->start_of_rule + 1;
        for (i = 0; i < c->n_hits; i++)
                if (c->hits[i].time != LIMN_TIME_NONE && c->hits[i].rule < n_rules)
                        fill[c->hits[i].rule + 1]++;
        for (i = 1; i <= n_rules; i++)
                fill[i] += fill[i - 1];
        for (i = 0; i < c->n_hits; i++)
                if (c->hits[i].time != LIMN_TIME_NONE && c->hits[i].rule < n_rules)
                        c->of_rule[fill[c->hits[i].rule]++] = (uint32_t)i;
        return 0; /* start_of_rule[r] is now where r begins, start_of_rule[r + 1] where it ends */
}

static bool is_instance(LimnSlice name)
{
        return limn_slice_eq(name, LIMN_S("instance"));
}

/* The text of a hit's field; `instance` is the hit's own where it has one. */
static int hit_value(Work *w, const LimnHit *hit, LimnSlice name, LimnSlice *ret)
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
static int number(Work *w, LimnTuples *tuples, const LimnSlice *names, const LimnHit *hit,
                  const LimnEpisode *episode, uint32_t *ret)
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
                r = limn_tuples_number(tuples, tuple, ret, NULL);
        if (tuple != few)
                free(tuple);
        return r;
}

static int add_event(Work *w, uint32_t rule, const LimnHit *hit, const LimnEpisode *episode,
                     uint32_t index)
{
        const LimnCorrelated *named = &w->rule->rules[rule];
        LimnCorrEvent event = {.rule = rule, .hit = index};
        int r;

        r = number(w, &w->groups, named->group, hit, episode, &event.group);
        if (r == 0 && w->rule->type->values)
                r = number(w, &w->values, named->values, hit, episode, &event.value);
        if (r)
                return r == WITHOUT ? 0 : r;
        event.first = episode ? episode->first : hit->time;
        event.last = episode ? episode->last : hit->time;
        if (limn_vec_room(&w->events) < 0)
                return -ENOMEM;
        w->events.at[w->events.n++] = event;
        return 0;
}

static int gather(Work *w)
{
        Correlate *c = w->c;
        uint32_t k, i;
        int r = 0;

        for (k = 0; k < w->rule->n_rules; k++) {
                const LimnCorrelated *named = &w->rule->rules[k];

                if (named->is_correlation) {
                        const Found *inner = &c->found[named->index];

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

static const LimnEpisode *inner_of(const Work *w, const LimnCorrEvent *e)
{
        const LimnCorrelated *named = &w->rule->rules[e->rule];

        return named->is_correlation ? &w->c->found[named->index].at[e->hit] : NULL;
}

/* By end, then beginning, then hits (their index is their order) before inner episodes, which
 * stand in the order of their rule's name. The order of `rules` never decides. */
static int by_end(const void *a, const void *b, void *arg)
{
        const Work *w = arg;
        const LimnCorrEvent *x = a, *y = b;
        const LimnCorrelated *p = &w->rule->rules[x->rule], *q = &w->rule->rules[y->rule];

        if (x->group != y->group)
                return (x->group > y->group) - (x->group < y->group);
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
static int rank(LimnCorrEvent *events, size_t n, uint32_t *by_rank)
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

static LimnMoment moment(const LimnHit *hit)
{
        return (LimnMoment){hit->time, hit->uncertainty, hit->source, hit->offset};
}

static LimnStep step_of(const Work *w, const LimnCorrEvent *e)
{
        const LimnEpisode *inner = inner_of(w, e);
        const LimnHit *first = inner ? inner->hits[0] : &w->c->hits[e->hit];
        const LimnHit *last = inner ? inner->hits[inner->n_hits - 1] : first;

        return (LimnStep){e->rule, moment(first), moment(last)};
}

/* The opening's outermost moments: steps are by beginning, ends are not. */
static bool edge_in_doubt(const Work *w, size_t opened)
{
        const LimnMoment *last = &w->steps[0].last;
        size_t i;

        for (i = 1; i < opened; i++)
                if (w->steps[i].last.time >= last->time)
                        last = &w->steps[i].last;
        return !limn_surely_within(&w->steps[0].first, last, w->rule->timespan);
}

/* Judged by what opened it: later hits only prolong. */
static int ambiguous(Work *w, const LimnRun *run, bool *ret)
{
        size_t n = run->opened, i;

        if (n > w->steps_cap) {
                LimnStep *steps = reallocarray(w->steps, n, sizeof *steps);
                LimnMoment *moments;

                if (!steps)
                        return -ENOMEM;
                w->steps = steps;
                moments = reallocarray(w->moments, n * 2, sizeof *moments);
                if (!moments)
                        return -ENOMEM;
                w->moments = moments;
                w->steps_cap = n;
        }
        *ret = false;
        for (i = 0; i < n; i++) {
                const LimnEpisode *inner = inner_of(w, &w->group[run->at[i]]);

                w->steps[i] = step_of(w, &w->group[run->at[i]]);
                *ret |= inner && inner->ambiguous;
        }
        if (w->rule->type->ordered)
                *ret |= !limn_surely_ordered(w->steps, n, w->rule->n_rules, w->moments);
        *ret |= edge_in_doubt(w, n);
        return 0;
}

static int by_pointer(const void *a, const void *b)
{
        const LimnHit *x = *(const LimnHit *const *)a, *y = *(const LimnHit *const *)b;

        return (x > y) - (x < y);
}

/* The hits of the run, inner ones included, in order and once each. */
static int collect(Work *w, const LimnRun *run, LimnEpisode *episode)
{
        const LimnHit **hits;
        size_t n = 0, i, k;
        bool sorted = true;

        for (i = 0; i < run->n; i++) {
                const LimnEpisode *inner = inner_of(w, &w->group[run->at[i]]);

                n += inner ? inner->n_hits : 1;
        }
        hits = limn_arena_alloc(w->c->arena, n * sizeof *hits);
        if (!hits)
                return -ENOMEM;
        for (n = 0, i = 0; i < run->n; i++) {
                const LimnCorrEvent *e = &w->group[run->at[i]];
                const LimnEpisode *inner = inner_of(w, e);

                for (k = 0; inner && k < inner->n_hits; k++)
                        hits[n++] = inner->hits[k];
                if (!inner)
                        hits[n++] = &w->c->hits[e->hit];
        }
        for (i = 1; i < n && sorted; i++)
                sorted = hits[i - 1] < hits[i];
        if (!sorted) {
                qsort(hits, n, sizeof *hits, by_pointer);
                for (i = 1, k = 1; i < n; i++)
                        if (hits[i] != hits[k - 1])
                                hits[k++] = hits[i];
                n = n ? k : 0;
        }
        episode->hits = hits;
        episode->n_hits = n;
        return 0;
}

static int on_run(void *arg, const LimnRun *run)
{
        Work *w = arg;
        LimnEpisode episode = {.rule = w->rule, .n_group = w->rule->n_group_by};
        const LimnCorrEvent *first = &w->group[run->at[0]];
        LimnField *group;
        size_t i;
        int r;

        r = ambiguous(w, run, &episode.ambiguous);
        if (r == 0)
                r = collect(w, run, &episode);
        if (r < 0)
                return r;
        episode.first = episode.last = first->first;
        for (i = 0; i < run->n; i++)
                if (w->group[run->at[i]].last > episode.last)
                        episode.last = w->group[run->at[i]].last;
        group = limn_arena_new_of(w->c->arena, LimnField, episode.n_group + 1);
        if (!group || limn_vec_room(w->found) < 0)
                return -ENOMEM;
        for (i = 0; i < episode.n_group; i++)
                group[i] = (LimnField){w->rule->group_by[i],
                                       w->groups.at[first->group * w->groups.width + i]};
        episode.group = group;
        w->found->at[w->found->n++] = episode;
        return 0;
}

/* By first time, then group, then what is left: one rule's episodes never share all of it. */
static int by_first_then_group(const void *a, const void *b)
{
        const LimnEpisode *x = a, *y = b;
        size_t i;

        if (x->first != y->first)
                return (x->first > y->first) - (x->first < y->first);
        for (i = 0; i < x->n_group; i++) {
                int c = limn_slice_cmp(x->group[i].value, y->group[i].value);

                if (c)
                        return c;
        }
        if (x->last != y->last)
                return (x->last > y->last) - (x->last < y->last);
        return (x->hits[0] > y->hits[0]) - (x->hits[0] < y->hits[0]);
}

static bool is_sorted(Work *w)
{
        size_t i;

        for (i = 1; i < w->events.n; i++)
                if (by_end(&w->events.at[i - 1], &w->events.at[i], w) > 0)
                        return false;
        return true;
}

static int slide_groups(Work *w)
{
        const LimnCorrelationType *type = w->rule->type;
        size_t n = w->events.n, start, end;
        uint32_t *by_rank = calloc(n + 1, sizeof *by_rank);
        void *state = calloc(1, type->state_size(w->rule, w->values.n));
        int r = by_rank && state ? 0 : -ENOMEM;

        for (start = 0; start < n && r == 0; start = end) {
                for (end = start + 1; end < n; end++)
                        if (w->events.at[end].group != w->events.at[start].group)
                                break;
                w->group = &w->events.at[start];
                r = rank(&w->events.at[start], end - start, by_rank);
                if (r == 0)
                        r = limn_episodes(w->rule, state, w->group, end - start, by_rank, on_run,
                                          w);
        }
        if (state && type->done)
                type->done(state, w->rule);
        free(state);
        free(by_rank);
        return r;
}

static int correlate_one(Correlate *c, const LimnCorrelation *rule)
{
        Work w = {.c = c, .rule = rule, .found = &c->found[rule->index]};
        int r;

        w.groups.width = rule->n_group_by;
        w.values.width = rule->n_fields;
        r = gather(&w);
        if (r == 0 && w.events.n) {
                if (!is_sorted(&w))
                        qsort_r(w.events.at, w.events.n, sizeof *w.events.at, by_end, &w);
                r = slide_groups(&w);
        }
        if (w.found->n)
                qsort(w.found->at, w.found->n, sizeof *w.found->at, by_first_then_group);
        free(w.events.at);
        free(w.steps);
        free(w.moments);
        limn_tuples_done(&w.groups);
        limn_tuples_done(&w.values);
        return r;
}

static int by_name(const void *a, const void *b)
{
        const LimnCorrelation *x = *(const LimnCorrelation *const *)a;
        const LimnCorrelation *y = *(const LimnCorrelation *const *)b;

        return limn_slice_cmp(x->name, y->name);
}

static int emit(Correlate *c, LimnEpisodeFn fn, void *arg)
{
        size_t n = c->rules->n_correlations, i, k;
        const LimnCorrelation **order = calloc(n + 1, sizeof *order);
        int r = 0;

        if (!order)
                return -ENOMEM;
        for (i = 0; i < n; i++)
                order[i] = c->rules->correlations[i];
        qsort(order, n, sizeof *order, by_name);
        for (i = 0; i < n && r == 0; i++) {
                const Found *found = &c->found[order[i]->index];

                for (k = 0; k < found->n && r == 0; k++)
                        r = fn(arg, &found->at[k]);
        }
        free(order);
        return r;
}

int limn_correlate(const LimnRules *rules, const LimnHit *hits, size_t n_hits,
                   const LimnCovered *covered, size_t n_covered, LimnEpisodeFn fn, void *arg)
{
        Correlate c = {.rules = rules, .hits = hits, .n_hits = n_hits};
        size_t i;
        int r;

        if (rules->n_correlations == 0)
                return 0;
        c.found = calloc(rules->n_correlations, sizeof *c.found);
        c.arena = limn_arena_new(LIMN_EPISODES_ARENA_MAX);
        r = c.found && c.arena ? index_hits(&c) : -ENOMEM;
        for (i = 0; i < rules->n_correlations && r == 0; i++)
                r = correlate_one(&c, rules->correlations[i]);
        if (r == 0)
                r = emit(&c, fn, arg);
        for (i = 0; i < rules->n_correlations && c.found; i++)
                free(c.found[i].at);
        free(c.found);
        free(c.start_of_rule);
        free(c.of_rule);
        limn_arena_free(c.arena);
        return r;
}
