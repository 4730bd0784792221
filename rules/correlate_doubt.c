/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In doubt: what the clocks may have hidden.
 *
 * The window takes the stamps as they are. The events that no episode of it took are looked at
 * again in favour of the rule: one may follow another unless it surely comes before it, two may
 * lie within the timespan unless they surely do not, and what must not be there counts only where
 * it surely lies. The smallest set that meets the condition then is an episode, ambiguous.
 *
 * One pass over the events by the earliest moment at which each may have ended. Of each rule the
 * events that may have begun latest are the nearest to whatever comes, so three are enough, of
 * different sources, since only those of one source have an order that is sure.
 */
#include <errno.h>
#include <stdlib.h>

#include "core/bisect.h"
#include "core/limits.h"
#include "rules/correlate_work.h"

enum { NEAREST = 3 };

typedef struct Free { /* an event that no episode took */
        LimnTime earliest;
        uint32_t at; /* in the group */
} Free;

typedef struct Nearest { /* by the latest moment at which it may have begun, falling */
        uint32_t at[NEAREST];
        size_t n;
} Nearest;

typedef struct Doubt {
        LimnCorrWork *w;
        Nearest *of_rule;
        LimnStep *chosen; /* by position in the alternative */
        uint32_t *at;     /* the same, as indexes in the group */
} Doubt;

static LimnTime earliest(const LimnMoment *m)
{
        return m->time < INT64_MIN + m->uncertainty ? INT64_MIN : m->time - m->uncertainty;
}

static LimnTime latest(const LimnMoment *m)
{
        return m->time > INT64_MAX - m->uncertainty ? INT64_MAX : m->time + m->uncertainty;
}

static int by_earliest(const void *a, const void *b)
{
        const Free *x = a, *y = b;

        if (x->earliest != y->earliest)
                return (x->earliest > y->earliest) - (x->earliest < y->earliest);
        return (x->at > y->at) - (x->at < y->at);
}

static LimnStep step_at(const Doubt *d, uint32_t at)
{
        return limn_corr_step(d->w, &d->w->group[at]);
}

static void remember(Doubt *d, uint32_t at)
{
        Nearest *near = &d->of_rule[d->w->group[at].rule];
        LimnStep step = step_at(d, at);
        size_t i, k;

        for (i = 0; i < near->n; i++) { /* one of its source makes room for it */
                LimnStep other = step_at(d, near->at[i]);

                if (other.first.source != step.first.source)
                        continue;
                if (latest(&other.first) > latest(&step.first))
                        return;
                for (near->n--; i < near->n; i++)
                        near->at[i] = near->at[i + 1];
        }
        for (i = 0; i < near->n; i++) {
                LimnStep other = step_at(d, near->at[i]);

                if (latest(&other.first) <= latest(&step.first))
                        break;
        }
        if (i == NEAREST)
                return;
        near->n += near->n < NEAREST;
        for (k = near->n - 1; k > i; k--)
                near->at[k] = near->at[k - 1];
        near->at[i] = at;
}

/* May b follow a, and both lie within the timespan? */
static bool may_follow(const Doubt *d, const LimnStep *a, const LimnStep *b)
{
        LimnDuration timespan = d->w->rule->timespan;

        return (!d->w->rule->type->ordered || !limn_surely_before(&b->first, &a->last)) &&
               limn_perhaps_within(&a->first, &b->last, timespan) &&
               limn_perhaps_within(&b->first, &a->last, timespan);
}

/* Does `step` fit at this position, with those chosen from `from` up to `until`? */
static bool fits(const Doubt *d, const LimnStep *step, size_t position, size_t from, size_t until)
{
        for (size_t i = from; i < until; i++)
                if (i < position ? !may_follow(d, &d->chosen[i], step)
                                 : !may_follow(d, step, &d->chosen[i]))
                        return false;
        return true;
}

static bool choose(Doubt *d, const LimnAlternative *way, size_t position, size_t from, size_t until)
{
        const Nearest *near = &d->of_rule[way->with[position]];

        for (size_t i = 0; i < near->n; i++) {
                LimnStep step = step_at(d, near->at[i]);

                if (!fits(d, &step, position, from, until))
                        continue;
                d->chosen[position] = step;
                d->at[position] = near->at[i];
                return true;
        }
        return false;
}

/* Does x lie where it must not, whatever the clocks did? */
static bool surely_there(const Doubt *d, const LimnAlternative *way, const LimnWithout *without,
                         const LimnCorrEvent *x)
{
        const LimnEpisode *inner = limn_corr_inner(d->w, x);
        LimnStep step = limn_corr_step(d->w, x);
        LimnDuration timespan = d->w->rule->timespan;
        bool ordered = d->w->rule->type->ordered;
        size_t i;

        if (inner && inner->ambiguous)
                return false;
        if (ordered && without->after > 0 &&
            !limn_surely_earlier(&d->chosen[without->after - 1].last, &step.first))
                return false;
        if (ordered && without->after < way->n_with &&
            !limn_surely_earlier(&step.last, &d->chosen[without->after].first))
                return false;
        for (i = 0; i < way->n_with; i++) {
                if ((!ordered || without->after == 0) &&
                    !limn_surely_within(&step.first, &d->chosen[i].last, timespan))
                        return false;
                if ((!ordered || without->after == way->n_with) &&
                    !limn_surely_within(&d->chosen[i].first, &step.last, timespan))
                        return false;
        }
        return true;
}

/* The first that begins at `time` or later. */
static size_t begins_from(const LimnForbidden *f, LimnTime time)
{
        return LIMN_BISECT(f->n, k, f->at[k].first < time);
}

/* From the middle of where it must not be, which is where it is surest, outwards. */
static bool forbidden(const Doubt *d, const LimnAlternative *way, const LimnGood *good)
{
        size_t i, k;

        for (i = 0; i < way->n_without; i++) {
                const LimnWithout *without = &way->without[i];
                const LimnForbidden *f = &d->w->forbidden[without->rule];
                LimnStretch s =
                        limn_corr_without(d->w->rule, way, without, good->first, good->last);
                size_t from = begins_from(f, s.first);
                size_t middle = begins_from(f, s.first / 2 + s.last / 2);

                for (k = middle; k < f->n && k - middle < LIMN_DOUBTS_LOOKED_AT; k++) {
                        if (f->at[k].first > s.last)
                                break;
                        if (surely_there(d, way, without, &f->at[k]))
                                return true;
                }
                for (k = middle; k-- > from && middle - k <= LIMN_DOUBTS_LOOKED_AT;)
                        if (surely_there(d, way, without, &f->at[k]))
                                return true;
        }
        return false;
}

/* The nearest of what has come that meets the alternative together with this event. */
static bool meets(Doubt *d, const LimnAlternative *way, uint32_t at, LimnGood *ret)
{
        const LimnCorrEvent *e = &d->w->group[at];
        size_t own, from, until, i;

        for (own = 0; own < way->n_with && way->with[own] != e->rule; own++)
                ;
        if (own == way->n_with)
                return false;
        d->chosen[own] = step_at(d, at);
        d->at[own] = at;
        for (until = own + 1; until < way->n_with; until++)
                if (!choose(d, way, until, own, until))
                        return false;
        for (from = own; from-- > 0;)
                if (!choose(d, way, from, from + 1, until))
                        return false;
        *ret = (LimnGood){0, INT64_MAX, INT64_MIN};
        for (i = 0; i < way->n_with; i++) {
                const LimnCorrEvent *one = &d->w->group[d->at[i]];

                ret->first = one->first < ret->first ? one->first : ret->first;
                ret->last = one->last > ret->last ? one->last : ret->last;
        }
        ret->reach = !forbidden(d, way, ret);
        return ret->reach;
}

static int by_number(const void *a, const void *b)
{
        const uint32_t *x = a, *y = b;

        return (*x > *y) - (*x < *y);
}

/* Of the chosen: the ones that begin first stand first, as in every run. */
static int found(Doubt *d, size_t n, const LimnGood *good)
{
        const LimnCorrEvent *group = d->w->group;
        size_t i, k;

        qsort(d->at, n, sizeof *d->at, by_number);
        for (i = 1; i < n; i++)
                for (k = i; k > 0 && group[d->at[k]].first < group[d->at[k - 1]].first; k--) {
                        uint32_t swap = d->at[k];

                        d->at[k] = d->at[k - 1];
                        d->at[k - 1] = swap;
                }
        return limn_corr_found(d->w, &(LimnRun){d->at, n, n, good, true});
}

static int look(Doubt *d, LimnGood *good, uint32_t at)
{
        const LimnCorrelation *rule = d->w->rule;
        int r = 0;

        remember(d, at);
        for (size_t i = 0; i < rule->n_alternatives && r == 0; i++) {
                if (!meets(d, &rule->alternatives[i], at, &good[i]))
                        continue;
                r = found(d, rule->alternatives[i].n_with, good);
                good[i].reach = 0;
                for (size_t k = 0; k < rule->n_rules; k++)
                        d->of_rule[k].n = 0; /* what had come is used up */
                break;
        }
        return r;
}

/* Is there an order or an absence, and could any be otherwise than the stamps say? */
static bool any_doubt(const LimnCorrWork *w)
{
        bool asked = w->rule->type->ordered;

        for (size_t i = 0; i < w->rule->n_rules && w->rule->forbidden; i++)
                asked |= w->rule->forbidden[i];
        if (!asked || !w->rule->type->reach)
                return false;
        if (w->c->doubt > 0)
                return true;
        for (size_t i = 0; i < w->absent.n; i++) {
                const LimnEpisode *inner = limn_corr_inner(w, &w->absent.at[i]);

                if (inner && inner->ambiguous)
                        return true;
        }
        return false;
}

int limn_corr_doubtful(LimnCorrWork *w, size_t n)
{
        const LimnCorrelation *rule = w->rule;
        const bool *taken = w->taken + (w->group - w->events.at);
        Free *at = NULL;
        LimnGood *good = NULL;
        Doubt d = {.w = w};
        size_t n_free = 0, i;
        int r = 0;

        if (!any_doubt(w))
                return 0;
        at = calloc(n + 1, sizeof *at);
        good = calloc(rule->n_alternatives + 1, sizeof *good);
        d.of_rule = calloc(rule->n_rules, sizeof *d.of_rule);
        d.chosen = calloc(rule->n_rules, sizeof *d.chosen);
        d.at = calloc(rule->n_rules, sizeof *d.at);
        if (!at || !good || !d.of_rule || !d.chosen || !d.at)
                r = -ENOMEM;
        for (i = 0; i < n && r == 0; i++) {
                LimnStep step = step_at(&d, (uint32_t)i);

                if (!taken[i] && (uint64_t)w->group[i].last - (uint64_t)w->group[i].first <=
                                         (uint64_t)rule->timespan)
                        at[n_free++] = (Free){earliest(&step.last), (uint32_t)i};
        }
        if (n_free)
                qsort(at, n_free, sizeof *at, by_earliest);
        for (i = 0; i < n_free && r == 0; i++)
                r = look(&d, good, at[i].at);
        free(at);
        free(good);
        free(d.of_rule);
        free(d.chosen);
        free(d.at);
        return r;
}
