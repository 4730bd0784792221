/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/near.h"

#include <errno.h>
#include <stdlib.h>

typedef struct Near {
        const LimnRules *rules;
        const LimnHit *hits;
        size_t n;
        const LimnCovered *covered;
        size_t n_covered;
        LimnEpisodeFn fn; /* NULL: only count */
        void *arg;
        const LimnCorrelation *rule;
        size_t found;
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

/* The least timespan at which it fires; more never unmakes these. 0: none. */
static int widen(Near *near, LimnCorrelation *eased, LimnDuration *ret)
{
        LimnDuration least = eased->timespan + 1, most = longest(near);
        bool fires = false;
        int r;

        *ret = 0;
        if (most < least)
                return 0;
        eased->timespan = most;
        r = ask(near, eased, NULL, &fires);
        if (r || !fires)
                return r;
        while (least < most && r == 0) {
                LimnDuration middle = least + (most - least) / 2;

                eased->timespan = middle;
                r = ask(near, eased, NULL, &fires);
                if (fires)
                        most = middle;
                else
                        least = middle + 1;
        }
        *ret = eased->timespan = most;
        return r;
}

/* The largest number for which `gte` it fires, below what is asked. 0: none. */
static int lower(Near *near, LimnCorrelation *eased, long long *ret)
{
        long long least = 0, most = (long long)(eased->compare[0].number / LIMN_AMOUNT_ONE);
        int r = 0;

        eased->compare[0].op = LIMN_COMPARE_GTE;
        while (least < most && r == 0) {
                long long middle = least + (most - least + 1) / 2;
                bool fires = false;

                eased->compare[0].number = middle * LIMN_AMOUNT_ONE;
                r = ask(near, eased, NULL, &fires);
                if (fires)
                        least = middle;
                else
                        most = middle - 1;
        }
        eased->compare[0].number = least * LIMN_AMOUNT_ONE;
        *ret = least;
        return r;
}

/* How many steps of the first way are met in order. */
static int shorten(Near *near, LimnCorrelation *eased, LimnAlternative *way, long long *ret)
{
        int r = 0;

        eased->n_alternatives = 1;
        for (way->n_with--; way->n_with > 0 && r == 0; way->n_with--) {
                bool fires = false;

                r = ask(near, eased, NULL, &fires);
                if (fires)
                        break;
        }
        *ret = (long long)way->n_with;
        return r;
}

int limn_near(const LimnRules *rules, const LimnCorrelation *rule, const LimnHit *hits, size_t n,
              const LimnCovered *covered, size_t n_covered, LimnNear *ret, LimnEpisodeFn fn,
              void *arg)
{
        Near near = {rules, hits, n, covered, n_covered, fn, arg, NULL, 0};
        LimnAlternative *ways = calloc(rule->n_alternatives + 1, sizeof *ways);
        LimnCorrelation eased = *rule;
        bool fires = false;
        size_t i;
        int r = ways ? ask(&near, rule, fn, &fires) : -ENOMEM;

        *ret = (LimnNear){.kind = fires ? LIMN_NEAR_FIRES : LIMN_NEAR_NOTHING};
        if (r || fires || rule->whole)
                goto out;
        for (i = 0; i < rule->n_alternatives; i++) {
                ways[i] = rule->alternatives[i];
                ways[i].n_without = 0;
        }
        eased.alternatives = ways;
        ret->kind = LIMN_NEAR_FORBIDDEN;
        r = ask(&near, &eased, fn, &fires);
        if (r || fires)
                goto out;
        ret->kind = LIMN_NEAR_WINDOW;
        r = widen(&near, &eased, &ret->needed);
        if (r == 0 && ret->needed == 0) {
                eased.timespan = rule->timespan;
                ret->kind = rule->type->reach ? LIMN_NEAR_STEPS : LIMN_NEAR_FEWER;
                if (rule->type->reach && rule->type->ordered)
                        r = shorten(&near, &eased, &ways[0], &ret->most);
                else if (!rule->type->reach && !rule->type->numbers)
                        r = lower(&near, &eased, &ret->most);
                if (ret->most == 0)
                        ret->kind = LIMN_NEAR_NOTHING;
        }
        if (r == 0 && ret->kind != LIMN_NEAR_NOTHING)
                r = ask(&near, &eased, fn, &fires);
out:
        free(ways);
        return r;
}
