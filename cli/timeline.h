/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Timeline: the sources and hits of a case, read back for concluding. Private to cli/.
 *
 * Sources stand in the order of their SHA-256, never of their paths. Hits keep the time as
 * stamped until limn_timeline_correct() moved them by their sources' clocks and left twins out.
 */
#include "cli/conclude.h"
#include "core/arena.h"
#include "core/format.h"
#include "db/case.h"
#include "rules/clock.h"
#include "rules/hit.h"
#include "rules/instance.h"

typedef struct LimnTimelineSource {
        int64_t id;
        LimnSlice path, sha256;
        const LimnFormat *format;
        LimnSlice role;      /* --role; p NULL: not given */
        LimnTime first, last; /* as stamped */
        bool naive;          /* most stamps state no zone */
        bool any_naive;      /* some do not */
        bool zone_given;     /* --tz */
        LimnSlice zone;      /* the same, as given; p NULL: not given */
        uint64_t twice, never; /* local times that its clocks showed twice, or left out */
        LimnDuration hole; /* silence longer than this breaks its rhythm; 0: it has none */
        LimnDuration resolution; /* of its hits' stamps; 0: unknown */
        LimnDuration shift;      /* --what-if: later by so much than its clock says */
        /*
         * The records of another program in the source above (parsers/wrapped.h), by themselves:
         * they speak of another instance, on another clock. When it was covered is not known.
         */
        bool part;
} LimnTimelineSource;

typedef struct LimnTimeline {
        LimnArena *arena;
        LimnTimelineSource *sources;
        size_t n_sources;
        LimnHit *hits; /* of rules that engines read; by limn_hit_cmp once corrected */
        size_t n_hits;
        LimnInstances *instances;
        LimnClock *clocks;  /* per source */
        uint32_t *twin_of;  /* per source: LIMN_TWIN_NONE or the one that counts */
        LimnTime *
                collected; /* per source: corrected time at which its instance was asked, or NONE */
} LimnTimeline;

void limn_timeline_done(LimnTimeline *timeline);
/* Sources and hits. */
int limn_timeline_load(LimnTimeline *ret, LimnCase *c, const LimnRules *rules,
                       const LimnConcludeOptions *options, LimnDiag *diag);
/* Each next step needs the ones before it. */
int limn_timeline_parts(LimnTimeline *t, const LimnRules *rules);
int limn_timeline_instances(LimnTimeline *t, const LimnRules *rules);
int limn_timeline_clocks(LimnTimeline *t, const LimnRules *rules);
int limn_timeline_twins(LimnTimeline *t, LimnCase *c, LimnDiag *diag);
int limn_timeline_correct(LimnTimeline *t);
