/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/vec.h"
#include "rules/episodes.h"

typedef struct Window {
        const LimnCorrelation *rule;
        const LimnCorrGroup *group;
        LimnGood *good, *met_by; /* by alternative; as the open episode opened */
        void *state;
        const LimnCorrEvent *events;
        size_t n;
        const uint32_t *by_rank;
        bool *inside;     /* by index */
        size_t n_inside;
        uint32_t lowest;  /* ranks below have left for good */
        uint32_t highest; /* one above the highest rank that ever entered */
        uint32_t opening; /* lowest rank of the open episode */
        bool open;
        size_t opened;
        struct {
                uint32_t *at;
                size_t n, cap;
        } run;
} Window;

/* Inclusive; first <= last, so that the unsigned difference is exact for any times. */
static bool within(LimnTime first, LimnTime last, LimnDuration timespan)
{
        return (uint64_t)last - (uint64_t)first <= (uint64_t)timespan;
}

static LimnTime before(LimnTime t, LimnDuration d)
{
        return t < INT64_MIN + d ? INT64_MIN : t - d;
}

static LimnTime after(LimnTime t, LimnDuration d)
{
        return t > INT64_MAX - d ? INT64_MAX : t + d;
}

LimnStretch limn_corr_without(const LimnCorrelation *rule, const LimnAlternative *way,
                              const LimnWithout *without, LimnTime first, LimnTime last)
{
        LimnStretch s = {before(last, rule->timespan), after(first, rule->timespan)};

        if (!rule->type->ordered)
                return s;
        if (without->after == 0)
                s.last = before(first, 1);
        else if (without->after == way->n_with)
                s.first = after(last, 1);
        else
                s = (LimnStretch){first, last};
        return s;
}

/* Does one of them lie within? */
static bool any_within(const LimnForbidden *f, LimnStretch s)
{
        size_t lo = 0, hi = f->n;

        while (lo < hi) {
                size_t mid = lo + (hi - lo) / 2;

                if (f->at[mid].first < s.first)
                        lo = mid + 1;
                else
                        hi = mid;
        }
        return lo < f->n && f->least_last[lo] <= s.last;
}

static bool absent(const Window *w, const LimnAlternative *way, LimnTime first, LimnTime last)
{
        for (size_t i = 0; i < way->n_without; i++) {
                const LimnWithout *without = &way->without[i];

                /* Between its neighbours: the type has seen to that. */
                if (w->rule->type->ordered && without->after && without->after < way->n_with)
                        continue;
                if (any_within(&w->group->forbidden[without->rule],
                               limn_corr_without(w->rule, way, without, first, last)))
                        return false;
        }
        return true;
}

/* Sets that end with e, the event that entered last. */
static void look(Window *w, const LimnCorrEvent *e)
{
        for (size_t i = 0; i < w->rule->n_alternatives; i++) {
                int64_t reach = w->rule->type->reach(w->state, w->rule, i);
                LimnTime first;

                if (reach <= w->good[i].reach || reach <= w->lowest)
                        continue;
                first = w->events[w->by_rank[reach - 1]].first;
                if (absent(w, &w->rule->alternatives[i], first, e->last))
                        w->good[i] = (LimnGood){reach, first, e->last};
        }
}

static int enter(Window *w, uint32_t i)
{
        const LimnCorrEvent *e = &w->events[i];
        int r;

        w->inside[i] = true;
        w->n_inside++;
        if (e->rank >= w->highest)
                w->highest = e->rank + 1;
        r = w->rule->type->enter(w->state, w->rule, e);
        if (r == 0 && w->rule->type->reach)
                look(w, e);
        return r;
}

static void leave(Window *w, uint32_t i)
{
        w->inside[i] = false;
        w->n_inside--;
        if (w->rule->type->leave)
                w->rule->type->leave(w->state, w->rule, &w->events[i]);
}

/* The highest of the lowest ranks of what meets it, + 1. */
static int64_t best_reach(const Window *w)
{
        int64_t best = 0;

        for (size_t i = 0; i < w->rule->n_alternatives; i++)
                if (w->good[i].reach > best)
                        best = w->good[i].reach;
        return best;
}

static bool met(const Window *w)
{
        if (w->rule->type->reach)
                return best_reach(w) > w->lowest;
        return w->rule->type->met(w->state, w->rule);
}

/* While met: is the inside event of the lowest rank part of the smallest part that meets it? */
static bool needs(const Window *w, uint32_t i)
{
        if (w->rule->whole)
                return true;
        if (w->rule->type->reach)
                return best_reach(w) == (int64_t)w->events[i].rank + 1;
        return w->rule->type->needs(w->state, w->rule, &w->events[i]);
}

/* What began before the window at this end leaves. Ranks not yet inside are passed as well: when
 * they end, their own beginning will lie before the window, or they are too long. */
static void slide(Window *w, LimnTime end)
{
        for (; w->lowest < w->highest; w->lowest++) {
                uint32_t i = w->by_rank[w->lowest];

                if (within(w->events[i].first, end, w->rule->timespan))
                        break;
                if (w->inside[i])
                        leave(w, i);
        }
}

static int open_episode(Window *w)
{
        uint32_t rank;

        for (;; w->lowest++) {
                uint32_t i = w->by_rank[w->lowest];

                if (!w->inside[i])
                        continue;
                if (needs(w, i))
                        break;
                leave(w, i);
        }
        w->open = true;
        w->opening = w->lowest;
        w->run.n = 0;
        for (rank = w->lowest; rank < w->highest; rank++) {
                if (!w->inside[w->by_rank[rank]])
                        continue;
                if (limn_vec_room(&w->run) < 0)
                        return -ENOMEM;
                w->run.at[w->run.n++] = w->by_rank[rank];
        }
        w->opened = w->run.n;
        if (w->rule->n_alternatives)
                memcpy(w->met_by, w->good, w->rule->n_alternatives * sizeof *w->good);
        for (size_t i = 0; i < w->rule->n_alternatives; i++)
                if (w->met_by[i].reach <= w->lowest)
                        w->met_by[i].reach = 0;
        return 0;
}

static int close_episode(Window *w, LimnRunFn fn, void *arg)
{
        uint32_t rank;

        for (rank = w->lowest; rank < w->highest; rank++)
                if (w->inside[w->by_rank[rank]])
                        leave(w, w->by_rank[rank]);
        if (w->rule->type->reset)
                w->rule->type->reset(w->state, w->rule);
        if (w->rule->n_alternatives)
                memset(w->good, 0, w->rule->n_alternatives * sizeof *w->good);
        if (!w->open)
                return 0;
        w->open = false;
        return fn(arg, &(LimnRun){w->run.at, w->run.n, w->opened, w->met_by, false});
}

static int step(Window *w, uint32_t i, LimnRunFn fn, void *arg)
{
        const LimnCorrEvent *e = &w->events[i];
        int r;

        if (!within(e->first, e->last, w->rule->timespan))
                return 0;
        slide(w, e->last);
        if (e->rank < w->lowest || (w->open && e->rank < w->opening))
                return 0;
        r = enter(w, i);
        if (r < 0)
                return r;
        if (w->open && w->n_inside > 1 && met(w)) {
                if (limn_vec_room(&w->run) < 0)
                        return -ENOMEM;
                w->run.at[w->run.n++] = i;
                return 0;
        }
        if (w->open) {
                r = close_episode(w, fn, arg);
                r = r ? r : enter(w, i);
        }
        return r || !met(w) ? r : open_episode(w);
}

int limn_episodes(const LimnCorrelation *rule, void *state, const LimnCorrGroup *group,
                  const LimnCorrEvent *events, size_t n, const uint32_t *ranks, LimnRunFn fn,
                  void *arg)
{
        Window w = {.rule = rule,
                    .group = group,
                    .state = state,
                    .events = events,
                    .n = n,
                    .by_rank = ranks};
        uint32_t i;
        int r = -ENOMEM;

        w.inside = calloc(n ? n : 1, sizeof *w.inside);
        w.good = calloc(rule->n_alternatives + 1, sizeof *w.good);
        w.met_by = calloc(rule->n_alternatives + 1, sizeof *w.met_by);
        if (w.inside && w.good && w.met_by)
                r = rule->type->begin ? rule->type->begin(state, rule, group) : 0;
        for (i = 0; i < n && r == 0; i++)
                r = step(&w, i, fn, arg);
        if (r == 0)
                r = close_episode(&w, fn, arg);
        free(w.run.at);
        free(w.inside);
        free(w.good);
        free(w.met_by);
        return r;
}
