/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where silence proves something: only while every log that would have shown a rule was there.
 *
 * A log is a kind (product and service) of one instance. A group by `instance` asks for the logs
 * of that instance; any other for those of all instances that have such logs, since nobody says
 * which of them would have spoken. No such log at all: nothing is proved.
 */
#include <errno.h>
#include <stdlib.h>

#include "core/bisect.h"
#include "core/vec.h"
#include "rules/correlate_work.h"

/* One without a product stands for every kind of log. */
static bool shows(const LimnCovered *covered, const LimnDetection *d)
{
        if (!covered->product.p)
                return true;
        return (!d->product.p || limn_slice_eq_nocase(d->product, covered->product)) &&
               (!d->service.p || limn_slice_eq_nocase(d->service, covered->service)) &&
               !d->category.p;
}

static bool same_log(const LimnCovered *a, const LimnCovered *b)
{
        return a->instance == b->instance && limn_slice_eq(a->product, b->product) &&
               limn_slice_eq(a->service, b->service);
}

static int by_first(const void *a, const void *b)
{
        const LimnStretch *x = a, *y = b;

        if (x->first != y->first)
                return (x->first > y->first) - (x->first < y->first);
        return (x->last > y->last) - (x->last < y->last);
}

/* Sorted, those that touch joined. */
static void settle(LimnStretches *s)
{
        size_t n = 0, i;

        if (s->n)
                qsort(s->at, s->n, sizeof *s->at, by_first);
        for (i = 0; i < s->n; i++) {
                if (n && (s->at[i].first <= s->at[n - 1].last ||
                          s->at[i].first - 1 == s->at[n - 1].last)) {
                        if (s->at[i].last > s->at[n - 1].last)
                                s->at[n - 1].last = s->at[i].last;
                        continue;
                }
                s->at[n++] = s->at[i];
        }
        s->n = n;
}

static int add(LimnStretches *s, LimnTime first, LimnTime last)
{
        if (limn_vec_room(s) < 0)
                return -ENOMEM;
        s->at[s->n++] = (LimnStretch){first, last};
        return 0;
}

/* What is in both, to `a`. */
static int intersect(LimnStretches *a, const LimnStretches *b)
{
        LimnStretches both = {0};
        size_t i = 0, k = 0;
        int r = 0;

        while (i < a->n && k < b->n && r == 0) {
                LimnTime first = a->at[i].first > b->at[k].first ? a->at[i].first : b->at[k].first;
                LimnTime last = a->at[i].last < b->at[k].last ? a->at[i].last : b->at[k].last;

                if (first <= last)
                        r = add(&both, first, last);
                if (a->at[i].last < b->at[k].last)
                        i++;
                else
                        k++;
        }
        free(a->at);
        *a = both;
        return r;
}

typedef struct Asked {
        const LimnCorrelating *c;
        int64_t instance; /* 0: any */
        LimnStretches *ret;
        bool any;
} Asked;

/* The stretches of one log, into what all of them have in common. */
static int take_log(Asked *a, const LimnCovered *log)
{
        LimnStretches own = {0};
        size_t i;
        int r = 0;

        for (i = 0; i < a->c->n_covered && r == 0; i++)
                if (same_log(&a->c->covered[i], log) &&
                    a->c->covered[i].start <= a->c->covered[i].end)
                        r = add(&own, a->c->covered[i].start, a->c->covered[i].end);
        settle(&own);
        if (r == 0 && a->any) {
                r = intersect(a->ret, &own);
                free(own.at);
        } else {
                free(a->ret->at);
                *a->ret = own;
        }
        a->any = true;
        return r;
}

static int of_detection(Asked *a, const LimnDetection *d)
{
        size_t i, k;
        bool found = false;
        int r = 0;

        for (i = 0; i < a->c->n_covered && r == 0; i++) {
                const LimnCovered *log = &a->c->covered[i];

                if (!shows(log, d) ||
                    (a->instance && log->product.p && log->instance != a->instance))
                        continue;
                found = true;
                for (k = 0; k < i; k++)
                        if (same_log(&a->c->covered[k], log))
                                break;
                if (k == i)
                        r = take_log(a, log);
        }
        if (!found) {
                a->ret->n = 0;
                a->any = true;
        }
        return r;
}

static int of_named(Asked *a, const LimnCorrelated *named)
{
        const LimnCorrelation *inner;
        size_t i;
        int r = 0;

        if (!named->is_correlation)
                return of_detection(a, &a->c->rules->detections[named->index]);
        inner = a->c->rules->correlations[named->index];
        for (i = 0; i < inner->n_rules && r == 0; i++)
                r = of_named(a, &inner->rules[i]);
        return r;
}

/* The instance that the group's value says, where it groups by instance. */
static int64_t instance_of(const LimnCorrelation *rule, const LimnSlice *group)
{
        char text[24], *end;
        size_t i;

        for (i = 0; i < rule->n_group_by; i++) {
                if (!limn_slice_eq(rule->group_by[i], LIMN_S("instance")) || group[i].n == 0 ||
                    group[i].n >= sizeof text)
                        continue;
                snprintf(text, sizeof text, "%.*s", LIMN_FMT(group[i]));
                long long number = strtoll(text, &end, 10);
                if (*end == '\0' && number > 0)
                        return number;
        }
        return 0;
}

int limn_corr_covered(LimnCorrelating *c, const LimnCorrelation *rule, size_t named,
                      const LimnSlice *group, LimnStretches *ret)
{
        Asked a = {.c = c, .instance = instance_of(rule, group), .ret = ret};

        return of_named(&a, &rule->rules[named]);
}

bool limn_corr_holds(const LimnStretches *stretches, LimnStretch s)
{
        size_t lo = LIMN_BISECT(stretches->n, k, stretches->at[k].first <= s.first);

        return s.first > s.last || (lo && stretches->at[lo - 1].last >= s.last);
}
