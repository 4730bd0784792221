/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Clock offset: the difference between the stamps of two sets of sources, from the anchors they
 * share (rules/clock.h says how; this is the measurement alone).
 */
#include "rules/clock.h"

/* Stamps of node b are `offset` ahead of those of node a. a < b. */
typedef struct LimnClockLink {
        uint32_t a, b;
        LimnDuration offset;
        LimnDuration uncertainty; /* half of both resolutions, and the spread of the cluster */
        size_t anchors;           /* different ones, on the side that has fewer */
        LimnDuration moved;       /* by how much the offset grew while both logged; 0: it stood */
} LimnClockLink;

/* More anchors, then less uncertainty, then lower nodes. */
bool limn_clock_link_better(const LimnClockLink *x, const LimnClockLink *y);

/* All links that the anchors prove, sorted by a, b; the caller frees *ret. `node_of`: by source.
 * Anchors of sources beyond n_sources or without a time are left out. 0 or -ENOMEM. */
int limn_clock_links(const LimnClockAnchor *anchors, size_t n_anchors, size_t n_sources,
                     const uint32_t *node_of, uint32_t n_nodes, LimnClockLink **ret,
                     size_t *ret_n);
