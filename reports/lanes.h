/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Lanes: the timeline for people. A column for each source, in which its letter stands where it
 * speaks; hits of one rule that a source goes on with are folded into the first (x97), also when
 * other sources speak in between. Rows come in the order of time and are printed in that order.
 */
#include "reports/view.h"

typedef struct LimnLanes LimnLanes;

typedef struct LimnLaneRow {
        int64_t source; /* its id, or -1: of no source (the begin and end of an incident) */
        int64_t line;
        LimnTime time;
        uint64_t count;    /* hits it stands for */
        LimnSlice rule;    /* none: is never folded */
        LimnSlice message; /* untrusted */
        bool loud;
} LimnLaneRow;

/* Writes which letter is whose. view and out outlive it. 0 or negative. */
int limn_lanes_new(LimnLanes **ret, const LimnView *view, const LimnReportInput *input,
                   LimnOut *out);
int limn_lanes_add(LimnLanes *lanes, const LimnLaneRow *row);
int limn_lanes_end(LimnLanes *lanes); /* what is still held back */
LimnLanes *limn_lanes_free(LimnLanes *lanes);
