/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "core/vec.h"
#include "rules/clock_offset.h"

/* A key that more nodes share than this (connection id 5) tells nothing about any two of them. */
#define NODES_PER_KEY_MAX 16
/* A key alone is proof only when it is no mere short number. */
#define TELLING_KEY_BYTES 8
#define ANCHORS_LEAST 3

typedef struct Anchor {
        const LimnClockAnchor *anchor;
        uint32_t node;
} Anchor;

/* Two nodes that share one key: the ranges of their anchors. */
typedef struct Shared {
        size_t a, n_a, b, n_b;
} Shared;

typedef struct Pair {
        uint32_t a, b; /* nodes */
        LimnDuration diff;
        uint32_t at_a, at_b; /* anchors */
        bool alone;          /* the key came once on each side, and tells something */
} Pair;

typedef struct Links {
        Anchor *anchors;
        size_t n;
        struct {
                Shared *at;
                size_t n, cap;
        } shared;
        struct {
                Pair *at;
                size_t n, cap;
        } pairs;
        struct {
                LimnClockLink *at;
                size_t n, cap;
        } links;
        uint32_t *count; /* by anchor: pairs of it in the window */
} Links;

static int cmp_key(const LimnClockAnchor *x, const LimnClockAnchor *y)
{
        int c = limn_slice_cmp(x->name, y->name);

        return c ? c : limn_slice_cmp(x->key, y->key);
}

static int cmp_anchor(const void *a, const void *b)
{
        const Anchor *x = a, *y = b;
        int c = cmp_key(x->anchor, y->anchor);

        if (c)
                return c;
        if (x->node != y->node)
                return (x->node > y->node) - (x->node < y->node);
        if (x->anchor->time != y->anchor->time)
                return (x->anchor->time > y->anchor->time) - (x->anchor->time < y->anchor->time);
        if (x->anchor->resolution != y->anchor->resolution)
                return (x->anchor->resolution > y->anchor->resolution) -
                       (x->anchor->resolution < y->anchor->resolution);
        return (x->anchor->source > y->anchor->source) - (x->anchor->source < y->anchor->source);
}

/* The anchors [start, end) have one key: every two nodes among them share it. */
static int share(Links *l, size_t start, size_t end)
{
        size_t from[NODES_PER_KEY_MAX + 1], n = 0, i, k;

        for (i = start; i < end; i++) {
                if (i > start && l->anchors[i].node == l->anchors[i - 1].node)
                        continue;
                if (n == NODES_PER_KEY_MAX)
                        return 0;
                from[n++] = i;
        }
        from[n] = end;
        for (i = 0; i < n; i++) {
                for (k = i + 1; k < n; k++) {
                        if (limn_vec_room(&l->shared) < 0)
                                return -ENOMEM;
                        l->shared.at[l->shared.n++] = (Shared){from[i], from[i + 1] - from[i],
                                                               from[k], from[k + 1] - from[k]};
                }
        }
        return 0;
}

/* Rare keys first: they tell most. */
static int cmp_shared(const void *a, const void *b)
{
        const Shared *x = a, *y = b;
        size_t p = x->n_a * x->n_b, q = y->n_a * y->n_b;

        if (p != q)
                return (p > q) - (p < q);
        if (x->a != y->a)
                return (x->a > y->a) - (x->a < y->a);
        return (x->b > y->b) - (x->b < y->b);
}

static LimnDuration resolution_of(const Anchor *a)
{
        return a->anchor->resolution > 0 ? a->anchor->resolution : LIMN_SECOND;
}

/* A stamp stands for all of its resolution: taken at the middle of it. */
static bool difference(const Anchor *a, const Anchor *b, LimnDuration *ret)
{
        if (__builtin_sub_overflow(b->anchor->time, a->anchor->time, ret))
                return false;
        if (*ret > LIMN_CLOCK_OFFSET_MAX || *ret < -LIMN_CLOCK_OFFSET_MAX)
                return false;
        *ret += resolution_of(b) / 2 - resolution_of(a) / 2;
        return true;
}

static int pair_up(Links *l, const Shared *s)
{
        const Anchor *first = &l->anchors[s->a];
        bool alone = s->n_a == 1 && s->n_b == 1 && first->anchor->key.n >= TELLING_KEY_BYTES;
        size_t i, k;

        for (i = s->a; i < s->a + s->n_a; i++) {
                for (k = s->b; k < s->b + s->n_b; k++) {
                        Pair pair = {.a = l->anchors[i].node,
                                     .b = l->anchors[k].node,
                                     .at_a = (uint32_t)i,
                                     .at_b = (uint32_t)k,
                                     .alone = alone};

                        if (!difference(&l->anchors[i], &l->anchors[k], &pair.diff))
                                continue;
                        if (l->pairs.n == LIMN_CLOCK_PAIRS_MAX)
                                return 0;
                        if (limn_vec_room(&l->pairs) < 0)
                                return -ENOMEM;
                        l->pairs.at[l->pairs.n++] = pair;
                }
        }
        return 0;
}

static int cmp_pair(const void *a, const void *b)
{
        const Pair *x = a, *y = b;

        if (x->a != y->a)
                return (x->a > y->a) - (x->a < y->a);
        if (x->b != y->b)
                return (x->b > y->b) - (x->b < y->b);
        if (x->diff != y->diff)
                return (x->diff > y->diff) - (x->diff < y->diff);
        if (x->at_a != y->at_a)
                return (x->at_a > y->at_a) - (x->at_a < y->at_a);
        return (x->at_b > y->at_b) - (x->at_b < y->at_b);
}

static LimnDuration magnitude(LimnDuration d)
{
        return d < 0 ? -d : d;
}

/* Distance from the nearest whole quarter of an hour: zones differ by those. */
static LimnDuration remainder_of(LimnDuration d)
{
        LimnDuration r = magnitude(d) % (15 * LIMN_MINUTE);

        return r > 15 * LIMN_MINUTE / 2 ? 15 * LIMN_MINUTE - r : r;
}

typedef struct Cluster {
        size_t from, to; /* pairs, inclusive */
        size_t score;
        LimnDuration middle;
} Cluster;

static bool denser(const Cluster *x, const Cluster *y)
{
        LimnDuration rx = remainder_of(x->middle), ry = remainder_of(y->middle);

        if (x->score != y->score)
                return x->score > y->score;
        if (rx != ry)
                return rx < ry;
        if (magnitude(x->middle) != magnitude(y->middle))
                return magnitude(x->middle) < magnitude(y->middle);
        return x->middle > y->middle;
}

/* The window over the pairs [start, end) of two nodes, sorted by difference. */
static Cluster densest(Links *l, size_t start, size_t end, LimnDuration width)
{
        const Pair *p = l->pairs.at;
        Cluster best = {.score = 0};
        size_t n_a = 0, n_b = 0, from = start, i;

        for (i = start; i < end; i++) {
                Cluster now;

                n_a += l->count[p[i].at_a]++ == 0;
                n_b += l->count[p[i].at_b]++ == 0;
                for (; p[i].diff - p[from].diff > width; from++) {
                        n_a -= --l->count[p[from].at_a] == 0;
                        n_b -= --l->count[p[from].at_b] == 0;
                }
                now = (Cluster){from, i, n_a < n_b ? n_a : n_b,
                                p[from].diff + (p[i].diff - p[from].diff) / 2};
                if (denser(&now, &best))
                        best = now;
        }
        for (; from < end; from++) {
                l->count[p[from].at_a] = 0;
                l->count[p[from].at_b] = 0;
        }
        return best;
}

static int cmp_duration(const void *a, const void *b)
{
        const LimnDuration *x = a, *y = b;

        return (*x > *y) - (*x < *y);
}

/* Median and median distance from it, of the cluster's pairs. */
static int summarise(const Links *l, const Cluster *cluster, LimnClockLink *link)
{
        const Pair *p = &l->pairs.at[cluster->from];
        size_t n = cluster->to - cluster->from + 1, i;
        LimnDuration *distance = calloc(n, sizeof *distance), widest = 0;

        if (!distance)
                return -ENOMEM;
        link->offset = p[(n - 1) / 2].diff;
        for (i = 0; i < n; i++) {
                LimnDuration both = resolution_of(&l->anchors[p[i].at_a]) +
                                    resolution_of(&l->anchors[p[i].at_b]);

                if (both > widest)
                        widest = both;
                distance[i] = magnitude(p[i].diff - link->offset);
        }
        qsort(distance, n, sizeof *distance, cmp_duration);
        link->uncertainty = widest / 2 + distance[n / 2];
        free(distance);
        return 0;
}

/* -- an offset that does not stand --------------------------------------------------------- */

/* A moment that both sides log once: when, and how far apart their stamps are. */
typedef struct Moment {
        LimnTime time;
        LimnDuration diff;
} Moment;

static int cmp_moment(const void *a, const void *b)
{
        const Moment *x = a, *y = b;

        if (x->time != y->time)
                return (x->time > y->time) - (x->time < y->time);
        return (x->diff > y->diff) - (x->diff < y->diff);
}

/* The median difference of some moments, and the median distance from it. */
static LimnDuration middle(const Moment *at, size_t n, LimnDuration *scratch,
                           LimnDuration *ret_spread)
{
        LimnDuration m;
        size_t i;

        for (i = 0; i < n; i++)
                scratch[i] = at[i].diff;
        qsort(scratch, n, sizeof *scratch, cmp_duration);
        m = scratch[n / 2];
        for (i = 0; i < n; i++)
                scratch[i] = magnitude(at[i].diff - m);
        qsort(scratch, n, sizeof *scratch, cmp_duration);
        *ret_spread = scratch[n / 2];
        return m;
}

/*
 * Of moments with a key of their own, in order of time: the offset moved when the later half's lies
 * further from the earlier half's than a cluster is wide, and each half agrees with itself better
 * than with the other. Halves that are narrow stood, and the clock jumped; else it drifted, and
 * what lies between their middles is half the way.
 */
static int movement(const Links *l, size_t start, size_t end, LimnDuration width,
                    LimnDuration *ret)
{
        Moment *at = calloc(end - start, sizeof *at);
        LimnDuration *scratch = calloc(end - start, sizeof *scratch), before, after, by, s1, s2;
        size_t n = 0, i;

        *ret = 0;
        for (i = start; at && scratch && i < end; i++)
                if (l->pairs.at[i].alone)
                        at[n++] = (Moment){l->anchors[l->pairs.at[i].at_a].anchor->time,
                                           l->pairs.at[i].diff};
        if (n >= 2 * ANCHORS_LEAST) {
                qsort(at, n, sizeof *at, cmp_moment);
                before = middle(at, n / 2, scratch, &s1);
                after = middle(at + n / 2, n - n / 2, scratch, &s2);
                by = after - before;
                if (magnitude(by) > width && s1 <= magnitude(by) / 2 && s2 <= magnitude(by) / 2)
                        *ret = s1 <= width / 2 && s2 <= width / 2 ? by : 2 * by;
        }
        i = at && scratch;
        free(at);
        free(scratch);
        return i ? 0 : -ENOMEM;
}

static int measure(Links *l, size_t start, size_t end)
{
        const Pair *p = l->pairs.at;
        LimnClockLink link = {.a = p[start].a, .b = p[start].b};
        LimnDuration coarsest = 0;
        bool alone = false;
        Cluster best;
        size_t i;
        int r;

        for (i = start; i < end; i++) {
                LimnDuration x = resolution_of(&l->anchors[p[i].at_a]);
                LimnDuration y = resolution_of(&l->anchors[p[i].at_b]);

                coarsest = x > coarsest ? x : coarsest;
                coarsest = y > coarsest ? y : coarsest;
        }
        best = densest(l, start, end, 2 * coarsest + LIMN_SECOND);
        for (i = best.from; i <= best.to; i++)
                alone |= p[i].alone;
        if (best.score < ANCHORS_LEAST && !alone)
                return 0;
        link.anchors = best.score;
        r = summarise(l, &best, &link);
        if (r == 0)
                r = movement(l, start, end, 2 * coarsest + LIMN_SECOND, &link.moved);
        if (r < 0)
                return r;
        link.uncertainty += magnitude(link.moved);
        if (limn_vec_room(&l->links) < 0)
                return -ENOMEM;
        l->links.at[l->links.n++] = link;
        return 0;
}

static int take_anchors(Links *l, const LimnClockAnchor *anchors, size_t n, size_t n_sources,
                        const uint32_t *node_of)
{
        size_t i;

        l->anchors = calloc(n + 1, sizeof *l->anchors);
        l->count = calloc(n + 1, sizeof *l->count);
        if (!l->anchors || !l->count)
                return -ENOMEM;
        for (i = 0; i < n; i++)
                if (anchors[i].source < n_sources && anchors[i].time != LIMN_TIME_NONE)
                        l->anchors[l->n++] = (Anchor){&anchors[i], node_of[anchors[i].source]};
        if (l->n)
                qsort(l->anchors, l->n, sizeof *l->anchors, cmp_anchor);
        return 0;
}

int limn_clock_links(const LimnClockAnchor *anchors, size_t n_anchors, size_t n_sources,
                     const uint32_t *node_of, uint32_t n_nodes, LimnClockLink **ret,
                     size_t *ret_n)
{
        Links l = {0};
        size_t i, end;
        int r = take_anchors(&l, anchors, n_anchors, n_sources, node_of);

        for (i = 0; i < l.n && r == 0; i = end) {
                for (end = i + 1; end < l.n; end++)
                        if (cmp_key(l.anchors[i].anchor, l.anchors[end].anchor))
                                break;
                r = share(&l, i, end);
        }
        if (r == 0 && l.shared.n)
                qsort(l.shared.at, l.shared.n, sizeof *l.shared.at, cmp_shared);
        for (i = 0; i < l.shared.n && r == 0; i++)
                r = pair_up(&l, &l.shared.at[i]);
        if (r == 0 && l.pairs.n)
                qsort(l.pairs.at, l.pairs.n, sizeof *l.pairs.at, cmp_pair);
        for (i = 0; i < l.pairs.n && r == 0; i = end) {
                for (end = i + 1; end < l.pairs.n; end++)
                        if (l.pairs.at[i].a != l.pairs.at[end].a ||
                            l.pairs.at[i].b != l.pairs.at[end].b)
                                break;
                r = measure(&l, i, end);
        }
        free(l.anchors);
        free(l.count);
        free(l.shared.at);
        free(l.pairs.at);
        if (r < 0) {
                free(l.links.at);
                return r;
        }
        *ret = l.links.at;
        *ret_n = l.links.n;
        return 0;
}

bool limn_clock_link_better(const LimnClockLink *x, const LimnClockLink *y)
{
        if (x->anchors != y->anchors)
                return x->anchors > y->anchors;
        if (x->uncertainty != y->uncertainty)
                return x->uncertainty < y->uncertainty;
        if (x->a != y->a)
                return x->a < y->a;
        return x->b < y->b;
}
