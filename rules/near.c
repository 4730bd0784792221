/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/near.h"

#include <errno.h>
#include <stdlib.h>

/* Sets of missing steps that are tried. */
#define TRIES_MAX 256

typedef struct Near {
        const LimnRules *rules;
        LimnHit *hits; /* of the rules that it names, and those that they name */
        size_t n;
        const LimnCovered *covered;
        size_t n_covered;
        LimnEpisodeFn fn; /* NULL: only count */
        void *arg;
        const LimnCorrelation *rule;
        size_t found;
        /* The rule with something eased, and what of it may change. */
        LimnCorrelation eased;
        LimnAlternative *ways;
        uint32_t *with;
        bool *present;
} Near;

static int on_episode(void *arg, const LimnEpisode *episode)
{
        Near *near = arg;

        if (episode->rule != near->rule)
                return 0;
        near->found++;
        return near->fn ? near->fn(near->arg, episode) : 0;
}

/* The rule in another's place, all that stand before it as they are. *ret: does it fire? */
static int ask(Near *near, const LimnCorrelation *rule, LimnEpisodeFn fn, bool *ret)
{
        size_t n = (size_t)rule->index + 1, i;
        const LimnCorrelation **list = calloc(n, sizeof *list);
        LimnRules rules = *near->rules;
        int r;

        if (!list)
                return -ENOMEM;
        for (i = 0; i + 1 < n; i++)
                list[i] = near->rules->correlations[i];
        list[n - 1] = rule;
        rules.correlations = list;
        rules.n_correlations = n;
        near->rule = rule;
        near->fn = fn;
        near->found = 0;
        r = limn_correlate(&rules, near->hits, near->n, near->covered, near->n_covered, on_episode,
                           near);
        free(list);
        *ret = near->found > 0;
        return r;
}

static bool fires(Near *near, int *r)
{
        bool yes = false;

        if (*r == 0)
                *r = ask(near, &near->eased, NULL, &yes);
        return yes;
}

/* -- what it is asked of ------------------------------------------------------------------- */

static void mark(const LimnRules *rules, const LimnCorrelation *c, bool *detections)
{
        for (size_t i = 0; i < c->n_rules; i++) {
                if (c->rules[i].is_correlation)
                        mark(rules, rules->correlations[c->rules[i].index], detections);
                else
                        detections[c->rules[i].index] = true;
        }
}

static int take_hits(Near *near, const LimnCorrelation *rule, const LimnHit *hits, size_t n)
{
        bool *wanted = calloc(near->rules->n_detections + 1, sizeof *wanted);

        near->hits = calloc(n + 1, sizeof *near->hits);
        if (!wanted || !near->hits) {
                free(wanted);
                return -ENOMEM;
        }
        mark(near->rules, rule, wanted);
        for (size_t i = 0; i < n; i++)
                if (hits[i].rule < near->rules->n_detections && wanted[hits[i].rule])
                        near->hits[near->n++] = hits[i];
        free(wanted);
        return 0;
}

/* A copy of which anything may be changed. */
static int start(Near *near, const LimnCorrelation *rule)
{
        near->eased = *rule;
        near->ways = calloc(rule->n_alternatives + 1, sizeof *near->ways);
        near->with = calloc(rule->n_rules + 1, sizeof *near->with);
        near->present = calloc(rule->n_rules + 1, sizeof *near->present);
        if (!near->ways || !near->with || !near->present)
                return -ENOMEM;
        for (size_t i = 0; i < rule->n_alternatives; i++)
                near->ways[i] = rule->alternatives[i];
        near->eased.alternatives = near->ways;
        return 0;
}

/* -- a longer timespan --------------------------------------------------------------------- */

static LimnDuration longest(const Near *near)
{
        LimnTime first = INT64_MAX, last = INT64_MIN;

        for (size_t i = 0; i < near->n; i++) {
                if (near->hits[i].time == LIMN_TIME_NONE)
                        continue;
                first = near->hits[i].time < first ? near->hits[i].time : first;
                last = near->hits[i].time > last ? near->hits[i].time : last;
        }
        return first < last ? last - first : 0;
}

/* The least timespan at which it fires; more never unmakes these. */
static int widen(Near *near, LimnNear *ret)
{
        LimnDuration least = near->eased.timespan + 1, most = longest(near);
        LimnDuration was = near->eased.timespan;
        int r = 0;

        if (most < least)
                return 0;
        near->eased.timespan = most;
        if (!fires(near, &r)) {
                near->eased.timespan = was;
                return r;
        }
        while (least < most && r == 0) {
                LimnDuration middle = least + (most - least) / 2;

                near->eased.timespan = middle;
                if (fires(near, &r))
                        most = middle;
                else
                        least = middle + 1;
        }
        ret->needed = near->eased.timespan = most;
        ret->kind = LIMN_NEAR_WINDOW;
        return r;
}

/* -- another number ------------------------------------------------------------------------ */

static LimnAmount at_least(LimnAmount a, LimnAmount b)
{
        return a > b ? a : b;
}

/* Each comparison off by so much in favour of what is there; but where more never unmakes it, the
 * engine counts on it that nothing at all does not meet it. */
static void give_way(Near *near, const LimnCorrelation *rule, LimnAmount by)
{
        bool free = rule->whole || rule->quiet;

        near->eased.n_compare = 0;
        for (size_t i = 0; i < rule->n_compare; i++) {
                LimnCompare c = rule->compare[i];
                bool touch = rule->type->numbers; /* which are dense: 6 misses `gt 9` by 3 */
                LimnCompare *to = &near->eased.compare[near->eased.n_compare++];

                switch (c.op) {
                case LIMN_COMPARE_GT:
                        if (touch)
                                c.op = LIMN_COMPARE_GTE;
                        *to = (LimnCompare){c.op,
                                            free ? c.number - by : at_least(c.number - by, touch)};
                        break;
                case LIMN_COMPARE_GTE:
                        *to = (LimnCompare){c.op,
                                            free ? c.number - by : at_least(c.number - by, 1)};
                        break;
                case LIMN_COMPARE_LT:
                        if (touch)
                                c.op = LIMN_COMPARE_LTE;
                        *to = (LimnCompare){c.op, c.number + by};
                        break;
                case LIMN_COMPARE_LTE:
                        *to = (LimnCompare){c.op, c.number + by};
                        break;
                case LIMN_COMPARE_EQ: /* eq stands alone, so there is room for a range */
                        *to = (LimnCompare){LIMN_COMPARE_GTE, c.number - by};
                        near->eased.compare[near->eased.n_compare++] =
                                (LimnCompare){LIMN_COMPARE_LTE, c.number + by};
                        break;
                case LIMN_COMPARE_NEQ:
                        *to = c;
                        break;
                }
        }
}

/* The least that it is off by. */
static int approach(Near *near, const LimnCorrelation *rule, LimnNear *ret)
{
        /* Counts are whole. Numbers have nine places and stay below 10^18, what is added up of them
         * below 10^24. */
        LimnAmount step = rule->type->numbers ? 1 : LIMN_AMOUNT_ONE;
        LimnAmount least = 1, most = 1, end = LIMN_AMOUNT_ONE * 4000000000 * 1000000000;
        int r = 0;

        if (rule->type->numbers && !rule->type->statistic)
                end *= 1000000;
        for (give_way(near, rule, step); !fires(near, &r) && r == 0;) {
                if (most * step > end) {
                        give_way(near, rule, 0);
                        return r;
                }
                least = most + 1;
                most *= 2;
                give_way(near, rule, most * step);
        }
        while (least < most && r == 0) {
                LimnAmount middle = least + (most - least) / 2;

                give_way(near, rule, middle * step);
                if (fires(near, &r))
                        most = middle;
                else
                        least = middle + 1;
        }
        give_way(near, rule, most * step);
        ret->off = most * step;
        ret->kind = LIMN_NEAR_NUMBER;
        return r;
}

/* -- without a step ------------------------------------------------------------------------ */

/* The way without the steps whose bits are set, which stand for the last ones first. */
static bool leave_out(Near *near, const LimnCorrelation *rule, size_t way, unsigned bits,
                      LimnNear *ret)
{
        const LimnAlternative *whole = &rule->alternatives[way];
        size_t n = 0, i;

        ret->n_missing = 0;
        ret->way = way;
        memset(near->present, 0, rule->n_rules * sizeof *near->present);
        for (i = 0; i < whole->n_with; i++) {
                if (bits >> (whole->n_with - 1 - i) & 1) {
                        if (ret->n_missing == LIMN_NEAR_MISSING_MAX)
                                return false;
                        ret->missing[ret->n_missing++] = whole->with[i];
                } else {
                        near->with[n++] = whole->with[i];
                        near->present[whole->with[i]] = true;
                }
        }
        near->ways[0] = (LimnAlternative){.with = near->with, .n_with = n};
        near->eased.n_alternatives = 1;
        near->eased.present = near->present;
        return n > 0;
}

/* As few as can be. */
static int shorten(Near *near, const LimnCorrelation *rule, LimnNear *ret)
{
        size_t tries = 0, missing, way, most = 0;
        int r = 0;

        for (way = 0; way < rule->n_alternatives; way++)
                most = rule->alternatives[way].n_with > most ? rule->alternatives[way].n_with
                                                             : most;
        for (missing = 1; missing < most; missing++)
                for (way = 0; way < rule->n_alternatives; way++) {
                        size_t n = rule->alternatives[way].n_with;

                        for (unsigned bits = 1; n < 32 && bits < 1u << n && r == 0; bits++) {
                                if ((size_t)__builtin_popcount(bits) != missing)
                                        continue;
                                if (tries++ == TRIES_MAX || r)
                                        return r;
                                if (!leave_out(near, rule, way, bits, ret) || !fires(near, &r))
                                        continue;
                                ret->kind = LIMN_NEAR_STEPS;
                                return r;
                        }
                }
        return r;
}

/* ------------------------------------------------------------------------------------------ */

static int without_forbidden(Near *near, const LimnCorrelation *rule, LimnNear *ret)
{
        bool any = false;
        int r = 0;

        for (size_t i = 0; i < rule->n_alternatives; i++) {
                any |= near->ways[i].n_without > 0;
                near->ways[i].n_without = 0;
        }
        if (any && fires(near, &r))
                ret->kind = LIMN_NEAR_FORBIDDEN;
        return r;
}

static int in_any_order(Near *near, const LimnCorrelation *rule, LimnNear *ret)
{
        int r = 0;

        if (!rule->type->ordered)
                return 0;
        near->eased.type = &limn_correlation_alternatives;
        if (fires(near, &r))
                ret->kind = LIMN_NEAR_ORDER;
        else
                near->eased.type = rule->type;
        return r;
}

static int ease(Near *near, const LimnCorrelation *rule, LimnNear *ret)
{
        int r = 0;

        if (rule->type->reach) {
                r = without_forbidden(near, rule, ret);
                if (r == 0 && ret->kind == LIMN_NEAR_NOTHING)
                        r = in_any_order(near, rule, ret);
        }
        if (r == 0 && ret->kind == LIMN_NEAR_NOTHING && !rule->whole && !rule->quiet)
                r = widen(near, ret);
        if (r == 0 && ret->kind == LIMN_NEAR_NOTHING && rule->type->reach)
                r = shorten(near, rule, ret);
        if (r == 0 && ret->kind == LIMN_NEAR_NOTHING && !rule->type->reach)
                r = approach(near, rule, ret);
        if (r == 0 && ret->kind == LIMN_NEAR_NOTHING && rule->quiet)
                ret->kind = LIMN_NEAR_UNCOVERED;
        return r;
}

int limn_near(const LimnRules *rules, const LimnCorrelation *rule, const LimnHit *hits, size_t n,
              const LimnCovered *covered, size_t n_covered, LimnNear *ret, LimnEpisodeFn fn,
              void *arg)
{
        Near near = {.rules = rules, .covered = covered, .n_covered = n_covered, .arg = arg};
        bool found = false;
        int r = take_hits(&near, rule, hits, n);

        *ret = (LimnNear){.kind = LIMN_NEAR_NOTHING};
        if (r == 0)
                r = start(&near, rule);
        if (r == 0)
                r = ask(&near, rule, fn, &found);
        if (r == 0 && found)
                ret->kind = LIMN_NEAR_FIRES;
        else if (r == 0)
                r = ease(&near, rule, ret);
        if (r == 0 && ret->kind != LIMN_NEAR_FIRES && ret->kind != LIMN_NEAR_NOTHING &&
            ret->kind != LIMN_NEAR_UNCOVERED)
                r = ask(&near, &near.eased, fn, &found);
        free(near.hits);
        free(near.ways);
        free(near.with);
        free(near.present);
        return r;
}
