/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Chart: what the drawn timeline shows, and where: lanes, bars, ticks, before anything is drawn.
 * Private to reports/html_chart.c (reads and lays out) and reports/html_timeline.c (draws).
 */
#include "reports/html.h"

#define LIMN_CHART_LABELS 250 /* columns for the lanes' names */
#define LIMN_CHART_PLOT 860
#define LIMN_CHART_RIGHT 30
#define LIMN_CHART_TOP 46
#define LIMN_CHART_ROW 18
#define LIMN_CHART_BINS 430 /* of hits: one every two units */
#define LIMN_CHART_LANES 40
#define LIMN_CHART_ROWS 6 /* entities of one lane that get a row of their own */
#define LIMN_CHART_BARS 4000
#define LIMN_CHART_STATES 8 /* named in the legend of one tone */

/* How a state is drawn: reports/states.list. */
typedef enum LimnChartTone {
        LIMN_TONE_GOOD,
        LIMN_TONE_BAD,
        LIMN_TONE_MOVING,
        LIMN_TONE_REST,
        LIMN_TONE_OTHER,
        _LIMN_TONE_MAX,
} LimnChartTone;

typedef struct LimnChartBar {
        int64_t source; /* lane's, or -1 */
        LimnSlice kind, entity, state;
        LimnChartTone tone;
        LimnTime start, end;
} LimnChartBar;

typedef struct LimnChartTick {
        int64_t source, bin, count;
        bool loud;
        LimnSlice rule; /* one of them, by name */
} LimnChartTick;

typedef struct LimnChartLane {
        int64_t source;
        unsigned y, height, rows;
        LimnSlice kind[LIMN_CHART_ROWS], entity[LIMN_CHART_ROWS]; /* of its rows */
} LimnChartLane;

typedef struct LimnChart {
        LimnHtml *h;
        LimnTime t0, t1;
        LimnChartLane lanes[LIMN_CHART_LANES];
        size_t n_lanes, left_out;
        const LimnChartBar *bars;
        size_t n_bars;
        const LimnChartTick *ticks;
        size_t n_ticks;
        struct {
                LimnSlice at[LIMN_CHART_STATES]; /* those seen, for the legend */
                size_t n;
                bool more;
        } states[_LIMN_TONE_MAX];
        unsigned height;
} LimnChart;

/* Reads the case and lays the lanes out; the rows live as long as the view. 0, or negative with a
 * message. */
int limn_chart_load(LimnChart *ret, LimnHtml *h, LimnDiag *diag);
/* Tenths of a unit from the plot's left edge. */
int64_t limn_chart_at(const LimnChart *c, LimnTime t);
