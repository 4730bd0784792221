/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/vec.h"
#include "rules/episodes.h"

typedef struct Window {
        const LimnCorrelation *rule;
        void *state;
        const LimnCorrEvent *events;
        size_t n;
        const uint32_t *by_rank;
        bool *inside;     /* by index */
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

static int enter(Window *w, uint32_t i)
{
        const LimnCorrEvent *e = &w->events[i];

        w->inside[i] = true;
        if (e->rank >= w->highest)
                w->highest = e->rank + 1;
        return w->rule->type->enter(w->state, w->rule, e);
}

static void leave(Window *w, uint32_t i)
{
        w->inside[i] = false;
        w->rule->type->leave(w->state, w->rule, &w->events[i]);
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
        const LimnCorrelationType *type = w->rule->type;
        uint32_t rank;

        for (;; w->lowest++) {
                uint32_t i = w->by_rank[w->lowest];

                if (!w->inside[i])
                        continue;
                if (type->needs(w->state, w->rule, &w->events[i]))
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
        if (!w->open)
                return 0;
        w->open = false;
        return fn(arg, &(LimnRun){w->run.at, w->run.n, w->opened});
}

static int step(Window *w, uint32_t i, LimnRunFn fn, void *arg)
{
        const LimnCorrelationType *type = w->rule->type;
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
        if (type->met(w->state, w->rule)) {
                if (!w->open)
                        return open_episode(w);
                if (limn_vec_room(&w->run) < 0)
                        return -ENOMEM;
                w->run.at[w->run.n++] = i;
                return 0;
        }
        if (!w->open)
                return 0;
        r = close_episode(w, fn, arg);
        return r ? r : enter(w, i);
}

int limn_episodes(const LimnCorrelation *rule, void *state, const LimnCorrEvent *events, size_t n,
                  const uint32_t *ranks, LimnRunFn fn, void *arg)
{
        Window w = {.rule = rule, .state = state, .events = events, .n = n, .by_rank = ranks};
        uint32_t i;
        int r = 0;

        w.inside = calloc(n ? n : 1, sizeof *w.inside);
        if (!w.inside)
                return -ENOMEM;
        for (i = 0; i < n && r == 0; i++)
                r = step(&w, i, fn, arg);
        if (r == 0)
                r = close_episode(&w, fn, arg);
        free(w.run.at);
        free(w.inside);
        return r;
}
