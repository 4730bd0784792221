/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "rules/clock.h"
#include "rules/clock_offset.h"

/*
 * Nodes: the naive and the stating sources of a group are measured apart, for they differ by the
 * zone. Links: measured offsets between nodes. From the reference of each connected set, nodes
 * are reached over the best links first; the first node of a group that is reached fixes the
 * group's skew, the naive ones their zone.
 */

#define QUARTER (15 * LIMN_MINUTE)

typedef struct Node {
        uint32_t group; /* number of the group */
        bool naive;
        LimnClockZone zone;       /* best of its sources */
        LimnDuration zone_offset; /* known, or found when reached */
        bool reached;
        LimnDuration offset; /* of its stamps against the reference's common time */
        LimnDuration uncertainty;
        size_t anchors;
} Node;

typedef struct Group {
        uint32_t id;    /* as given */
        uint32_t first; /* lowest source */
        LimnClockKind kind;
        uint32_t node[2]; /* stating, naive; NO_NODE */
        bool fixed;       /* skew is known */
        LimnDuration skew, uncertainty, moved;
        size_t anchors;
        uint32_t reference; /* a group; itself when it is one */
} Group;

#define NO_NODE UINT32_MAX

typedef struct Clocks {
        const LimnClockSource *sources;
        size_t n_sources;
        uint32_t *group_of, *node_of; /* of each source */
        Group *groups;
        Node *nodes;
        uint32_t n_groups, n_nodes;
        LimnClockLink *links;
        size_t n_links;
} Clocks;

static bool is_naive(LimnClockZone zone)
{
        return zone == LIMN_CLOCK_NAIVE || zone == LIMN_CLOCK_SNAPSHOT;
}

static uint32_t add_node(Clocks *c, uint32_t group, const LimnClockSource *source)
{
        bool naive = is_naive(source->zone);
        uint32_t *at = &c->groups[group].node[naive];
        Node *node;

        if (*at == NO_NODE) {
                *at = c->n_nodes++;
                c->nodes[*at] = (Node){.group = group, .naive = naive, .zone = source->zone};
        }
        node = &c->nodes[*at];
        if (source->zone >= node->zone)
                node->zone = source->zone;
        if (source->zone == LIMN_CLOCK_SNAPSHOT)
                node->zone_offset = source->zone_offset;
        return *at;
}

typedef struct Id {
        uint32_t id, source;
} Id;

static int by_id(const void *a, const void *b)
{
        const Id *x = a, *y = b;

        if (x->id != y->id)
                return (x->id > y->id) - (x->id < y->id);
        return (x->source > y->source) - (x->source < y->source);
}

static int find_groups(Clocks *c)
{
        size_t n = c->n_sources, i;
        Id *ids = calloc(n + 1, sizeof *ids);

        if (!ids)
                return -ENOMEM;
        for (i = 0; i < n; i++)
                ids[i] = (Id){c->sources[i].group, (uint32_t)i};
        qsort(ids, n, sizeof *ids, by_id);
        for (i = 0; i < n; i++) {
                const LimnClockSource *source = &c->sources[ids[i].source];
                Group *g;

                if (i == 0 || ids[i].id != ids[i - 1].id || ids[i].id == 0)
                        c->groups[c->n_groups++] = (Group){.id = ids[i].id,
                                                           .first = ids[i].source,
                                                           .kind = source->kind,
                                                           .node = {NO_NODE, NO_NODE}};
                g = &c->groups[c->n_groups - 1];
                if (source->kind < g->kind)
                        g->kind = source->kind;
                c->group_of[ids[i].source] = c->n_groups - 1;
                c->node_of[ids[i].source] = add_node(c, c->n_groups - 1, source);
        }
        free(ids);
        return 0;
}

/* 0: some stamps state their zone. 1: a snapshot stated it. 2: neither. */
static int doubt_of(const Clocks *c, const Group *g)
{
        if (g->node[0] != NO_NODE)
                return 0;
        return c->nodes[g->node[1]].zone == LIMN_CLOCK_SNAPSHOT ? 1 : 2;
}

static bool better_reference(const Clocks *c, const Group *a, const Group *b)
{
        int da = doubt_of(c, a), db = doubt_of(c, b);

        if (da != db)
                return da < db;
        if (a->kind != b->kind)
                return a->kind < b->kind;
        return a->first < b->first;
}

static LimnDuration nearest_quarter(LimnDuration d)
{
        LimnDuration half = QUARTER / 2;

        return (d >= 0 ? (d + half) / QUARTER : -((-d + half) / QUARTER)) * QUARTER;
}

/* The zone in an offset. Beyond what zones there are, it is the clock that is wrong. */
static LimnDuration zone_in(LimnDuration offset)
{
        LimnDuration zone = nearest_quarter(offset);

        return zone < -12 * LIMN_HOUR || zone > 14 * LIMN_HOUR ? 0 : zone;
}

/* A node's offset is known: what it says of its group's skew, or of its own zone. */
static void reach(Clocks *c, uint32_t at, LimnDuration offset, LimnDuration uncertainty,
                  LimnDuration moved, size_t anchors)
{
        Node *node = &c->nodes[at];
        Group *g = &c->groups[node->group];
        bool zone_open = node->naive && node->zone == LIMN_CLOCK_NAIVE;

        node->reached = true;
        node->uncertainty = uncertainty;
        node->anchors = anchors;
        if (zone_open)
                node->zone_offset = zone_in(offset - (g->fixed ? g->skew : 0));
        node->offset = offset;
        if (g->fixed)
                return;
        g->fixed = true;
        g->skew = offset - node->zone_offset;
        g->uncertainty = uncertainty;
        g->anchors = anchors;
        g->moved = moved;
        /* What was measured no finer than this says that the clocks agree. */
        if (!moved && g->skew <= uncertainty && -g->skew <= uncertainty)
                g->skew = 0;
}

/* Nodes of a fixed group whose zone is known follow without a link. */
static void reach_siblings(Clocks *c, uint32_t group)
{
        const Group *g = &c->groups[group];
        size_t i;

        for (i = 0; i < 2; i++) {
                Node *node = g->node[i] == NO_NODE ? NULL : &c->nodes[g->node[i]];

                if (node && !node->reached && node->zone != LIMN_CLOCK_NAIVE) {
                        node->reached = true;
                        node->offset = g->skew + node->zone_offset;
                        node->uncertainty = g->uncertainty;
                        node->anchors = g->anchors;
                }
        }
}

/* Naive stamps of a group whose skew is known, linked to nothing that has been reached. */
static bool is_stranded(const Clocks *c, uint32_t at)
{
        const Node *node = &c->nodes[at];

        return !node->reached && node->zone == LIMN_CLOCK_NAIVE && c->groups[node->group].fixed;
}

/*
 * A host states its zone in one log and not in another, and only the other shares moments with a
 * second host (a gateway's log without its JSON twin, beside its pipeline's events). The best link
 * out of such a log gives its zone: the nearest quarter of an hour for which the far side's known
 * zone accounts; where that is unknown, too, the log is read as UTC, like its sibling. What
 * remains is then the far side's skew.
 */
static bool settle_stranded(Clocks *c)
{
        const LimnClockLink *best = NULL;

        for (size_t i = 0; i < c->n_links; i++) {
                const LimnClockLink *l = &c->links[i];

                if (is_stranded(c, l->a) != is_stranded(c, l->b) &&
                    (!best || limn_clock_link_better(l, best)))
                        best = l;
        }
        if (!best)
                return false;
        uint32_t from = is_stranded(c, best->a) ? best->a : best->b;
        uint32_t to = from == best->a ? best->b : best->a;
        LimnDuration step = from == best->a ? best->offset : -best->offset;
        Node *node = &c->nodes[from];
        const Group *g = &c->groups[node->group];

        if (c->nodes[to].zone != LIMN_CLOCK_NAIVE)
                node->zone_offset = zone_in(c->nodes[to].zone_offset - step - g->skew);
        node->reached = true;
        node->offset = node->zone_offset + g->skew;
        node->uncertainty = g->uncertainty;
        node->anchors = best->anchors;
        return true;
}

/* Spreads from what is reached, the best link first. */
static void spread(Clocks *c, uint32_t reference)
{
        size_t i;

        for (;;) {
                const LimnClockLink *best = NULL;

                for (i = 0; i < c->n_links; i++) {
                        const LimnClockLink *l = &c->links[i];

                        if (c->nodes[l->a].reached != c->nodes[l->b].reached &&
                            (!best || limn_clock_link_better(l, best)))
                                best = l;
                }
                if (!best && settle_stranded(c))
                        continue;
                if (!best)
                        return;
                uint32_t from = c->nodes[best->a].reached ? best->a : best->b;
                uint32_t to = from == best->a ? best->b : best->a;
                LimnDuration step = from == best->a ? best->offset : -best->offset;
                Group *g = &c->groups[c->nodes[to].group];
                bool was_fixed = g->fixed;

                reach(c, to, c->nodes[from].offset + step,
                      c->nodes[from].uncertainty + best->uncertainty,
                      from == best->a ? best->moved : -best->moved, best->anchors);
                if (!was_fixed)
                        g->reference = reference;
                reach_siblings(c, c->nodes[to].group);
        }
}

/* The best group that nothing has reached yet becomes a reference: its skew is 0 by definition. */
static bool next_reference(Clocks *c)
{
        uint32_t best = NO_NODE, i;
        Group *g;
        Node *node;

        for (i = 0; i < c->n_groups; i++)
                if (!c->groups[i].fixed &&
                    (best == NO_NODE || better_reference(c, &c->groups[i], &c->groups[best])))
                        best = i;
        if (best == NO_NODE)
                return false;
        g = &c->groups[best];
        g->reference = best;
        g->fixed = true;
        node = &c->nodes[g->node[g->node[0] == NO_NODE]];
        node->reached = true;
        node->offset = node->zone_offset;
        reach_siblings(c, best);
        spread(c, best);
        return true;
}

static LimnClockBasis basis_of(const LimnClockSource *source, const Node *node)
{
        switch (source->zone) {
        case LIMN_CLOCK_STATED:
                return LIMN_CLOCK_BY_STATED;
        case LIMN_CLOCK_CONFIGURED:
                return LIMN_CLOCK_BY_CONFIGURED;
        case LIMN_CLOCK_SNAPSHOT:
                return LIMN_CLOCK_BY_SNAPSHOT;
        case LIMN_CLOCK_NAIVE:
                break;
        }
        if (node->zone == LIMN_CLOCK_SNAPSHOT)
                return LIMN_CLOCK_BY_SNAPSHOT;
        return node->anchors ? LIMN_CLOCK_BY_ANCHORS : LIMN_CLOCK_BY_ASSUMED;
}

static LimnDuration resolution_of(const LimnClockSource *source)
{
        return source->resolution > 0 ? source->resolution : LIMN_SECOND;
}

static LimnClock clock_of(const Clocks *c, uint32_t i, bool alone)
{
        const LimnClockSource *source = &c->sources[i];
        const Node *node = &c->nodes[c->node_of[i]];
        const Group *g = &c->groups[c->group_of[i]];
        bool itself = g->reference == c->group_of[i];
        LimnClock clock = {.basis = basis_of(source, node),
                           .skew = g->skew,
                           .moved = g->moved,
                           .anchors = node->anchors > g->anchors ? node->anchors : g->anchors,
                           .reference = LIMN_CLOCK_NO_SOURCE};

        if (is_naive(source->zone))
                clock.zone_offset = node->zone_offset;
        if (!itself)
                clock.reference = c->groups[g->reference].first;
        clock.correction = -(clock.zone_offset + clock.skew);
        clock.uncertainty = resolution_of(source) + (itself ? 0 : g->uncertainty);
        if (alone)
                clock.uncertainty += LIMN_CLOCK_UNMEASURED;
        if (clock.basis == LIMN_CLOCK_BY_ASSUMED && c->n_nodes > 1)
                clock.uncertainty = LIMN_CLOCK_ZONE_UNKNOWN;
        return clock;
}

/* Does any other group refer to this one? */
static bool is_referred_to(const Clocks *c, uint32_t group)
{
        uint32_t i;

        for (i = 0; i < c->n_groups; i++)
                if (i != group && c->groups[i].reference == group)
                        return true;
        return false;
}

static void fill(const Clocks *c, LimnClock *ret)
{
        uint32_t i;

        for (i = 0; i < c->n_sources; i++) {
                uint32_t g = c->group_of[i];
                bool alone = c->n_groups > 1 && c->groups[g].reference == g &&
                             !is_referred_to(c, g);

                ret[i] = clock_of(c, i, alone);
        }
}

int limn_clocks(const LimnClockSource *sources, size_t n_sources, const LimnClockAnchor *anchors,
                size_t n_anchors, LimnClock *ret)
{
        Clocks c = {.sources = sources, .n_sources = n_sources};
        int r = -ENOMEM;

        c.group_of = calloc(n_sources + 1, sizeof *c.group_of);
        c.node_of = calloc(n_sources + 1, sizeof *c.node_of);
        c.groups = calloc(n_sources + 1, sizeof *c.groups);
        c.nodes = calloc(n_sources + 1, sizeof *c.nodes);
        if (c.group_of && c.node_of && c.groups && c.nodes)
                r = find_groups(&c);
        if (r == 0)
                r = limn_clock_links(anchors, n_anchors, n_sources, c.node_of, c.n_nodes,
                                     &c.links, &c.n_links);
        if (r == 0) {
                while (next_reference(&c))
                        ;
                fill(&c, ret);
        }
        free(c.links);
        free(c.group_of);
        free(c.node_of);
        free(c.groups);
        free(c.nodes);
        return r;
}

const char *limn_clock_basis_to_string(LimnClockBasis basis)
{
        static const char *const names[_LIMN_CLOCK_BY_MAX] = {"stated", "configured", "snapshot",
                                                              "anchors", "assumed"};

        return basis >= 0 && basis < _LIMN_CLOCK_BY_MAX ? names[basis] : NULL;
}
