/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/limits.h"
#include "core/vec.h"
#include "rules/interval.h"

/* One `state:` of one hit, its templates expanded. */
typedef struct Change {
        int64_t instance;
        LimnSlice kind, entity, state, from; /* from p NULL: not said */
        size_t order;                        /* of hit, then of the rule's list */
        const LimnHit *hit;
} Change;

typedef struct Changes {
        Change *at;
        size_t n, cap;
        LimnArena *arena;
        LimnBuf text;
} Changes;

/* True with the text in the arena; false when a name is missing or the template says nothing. */
static int expand(Changes *c, const LimnTemplate *template, const LimnHit *hit, LimnSlice *ret)
{
        limn_buf_clear(&c->text);
        *ret = LIMN_NONE;
        if (!limn_template_expand(template, hit->fields, hit->n_fields, &c->text))
                return c->text.error;
        if (c->text.error)
                return c->text.error;
        *ret = limn_arena_dup(c->arena, limn_buf_slice(&c->text));
        return ret->p ? 0 : -ENOMEM;
}

static int add(Changes *c, const LimnHit *hit, const struct LimnStateOf *of)
{
        Change change = {.instance = hit->instance, .kind = of->kind, .order = c->n, .hit = hit};
        int r = expand(c, &of->state, hit, &change.state);

        if (r == 0 && of->from.n)
                r = expand(c, &of->from, hit, &change.from);
        if (r == 0)
                r = expand(c, &of->entity, hit, &change.entity);
        if (r < 0)
                return r;
        if (!change.state.p || !change.entity.p || change.state.n == 0)
                return 0;
        if (limn_vec_room(c) < 0)
                return -ENOMEM;
        c->at[c->n++] = change;
        return 0;
}

static int cmp_line(const Change *x, const Change *y)
{
        int c;

        if (x->instance != y->instance)
                return (x->instance > y->instance) - (x->instance < y->instance);
        c = limn_slice_cmp(x->kind, y->kind);
        return c ? c : limn_slice_cmp(x->entity, y->entity);
}

static int cmp_change(const void *a, const void *b)
{
        const Change *x = a, *y = b;
        int c = cmp_line(x, y);

        return c ? c : (x->order > y->order) - (x->order < y->order);
}

static LimnInterval interval(const Change *line, LimnSlice state)
{
        return (LimnInterval){.instance = line->instance,
                              .kind = line->kind,
                              .entity = line->entity,
                              .state = state,
                              .start = LIMN_TIME_NONE,
                              .end = LIMN_TIME_NONE};
}

/* The changes of one line, in order. */
static int follow(const Change *at, size_t n, LimnIntervalFn fn, void *arg)
{
        LimnInterval now = interval(at, at->from);
        bool open = at->from.p && !limn_slice_eq(at->from, at->state);
        size_t i;
        int r;

        for (i = 0; i < n; i++) {
                if (open && limn_slice_eq(now.state, at[i].state))
                        continue;
                if (open && now.start_hit != at[i].hit) {
                        now.end = at[i].hit->time;
                        now.end_hit = at[i].hit;
                        r = fn(arg, &now);
                        if (r)
                                return r;
                }
                now = interval(at, at[i].state);
                now.start = at[i].hit->time;
                now.start_hit = at[i].hit;
                open = true;
        }
        return fn(arg, &now);
}

int limn_intervals(const LimnRules *rules, const LimnHit *hits, size_t n_hits, LimnIntervalFn fn,
                   void *arg)
{
        Changes c = {.arena = limn_arena_new(LIMN_INTERVALS_ARENA_MAX),
                     .text = LIMN_BUF(LIMN_RECORD_PARSED_MAX)};
        size_t i, k, end;
        int r = c.arena ? 0 : -ENOMEM;

        for (i = 0; i < n_hits && r == 0; i++) {
                const LimnMeaning *meaning;

                if (hits[i].time == LIMN_TIME_NONE || hits[i].rule >= rules->n_detections)
                        continue;
                meaning = &rules->detections[hits[i].rule].meaning;
                for (k = 0; k < meaning->n_states && r == 0; k++)
                        r = add(&c, &hits[i], &meaning->states[k]);
        }
        if (r == 0 && c.n)
                qsort(c.at, c.n, sizeof *c.at, cmp_change);
        for (i = 0; i < c.n && r == 0; i = end) {
                for (end = i + 1; end < c.n && cmp_line(&c.at[i], &c.at[end]) == 0; end++)
                        ;
                r = follow(&c.at[i], end - i, fn, arg);
        }
        free(c.at);
        limn_buf_done(&c.text);
        limn_arena_free(c.arena);
        return r;
}
