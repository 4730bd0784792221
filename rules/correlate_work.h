/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * One run of limn_correlate(), and one correlation in it. Private to rules/correlate*.c.
 */
#include "core/arena.h"
#include "rules/correlate.h"
#include "rules/correlation.h"
#include "rules/doubt.h"
#include "rules/episodes.h"
#include "rules/tuples.h"

/* What a correlation found. Hits and fields live in the arena. */
typedef struct LimnFound {
        LimnEpisode *at;
        size_t n, cap;
} LimnFound;

typedef struct LimnCorrelating {
        const LimnRules *rules;
        const LimnHit *hits;
        size_t n_hits;
        uint32_t *of_rule, *start_of_rule; /* indexes of hits with a time, by detection */
        LimnFound *found;                      /* by correlation */
        LimnArena *arena;
} LimnCorrelating;

/* One correlation being worked on. */
typedef struct LimnCorrWork {
        LimnCorrelating *c;
        const LimnCorrelation *rule;
        LimnFound *found;
        struct {
                LimnCorrEvent *at;
                size_t n, cap;
        } events;
        LimnTuples groups, values;
        const LimnCorrEvent *group; /* the one the window slides over */
        LimnStep *steps;
        LimnMoment *moments;
        size_t steps_cap;
        int64_t instance; /* whose number instance_text is */
        LimnSlice instance_text;
} LimnCorrWork;

/* Events of all rules of the correlation, with their groups and values numbered; those that lack a
 * field are left out. 0 or -ENOMEM. */
int limn_corr_gather(LimnCorrWork *w);
/* By group, then in the order of their ends. 0 or -ENOMEM. */
int limn_corr_sort(LimnCorrWork *w);
/* Ranks of the n events of one group. 0 or -ENOMEM. */
int limn_corr_rank(LimnCorrEvent *events, size_t n, uint32_t *by_rank);
/* The inner episode that an event is; NULL: it is a hit. */
const LimnEpisode *limn_corr_inner(const LimnCorrWork *w, const LimnCorrEvent *e);

/* A LimnRunFn: keeps what the window found as an episode. */
int limn_corr_found(void *work, const LimnRun *run);
void limn_corr_sort_found(LimnFound *found);
