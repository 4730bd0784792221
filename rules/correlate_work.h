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
        const LimnCovered *covered;
        size_t n_covered;
        LimnDuration doubt; /* the largest uncertainty of all hits */
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
        struct {
                LimnCorrEvent *at; /* of rules that must not be there: by group, rule, first time */
                size_t n, cap;
                LimnTime *least_last;
        } absent;
        LimnTuples groups, values;
        struct {
                LimnAmount *at; /* by value; types with `numbers` */
                bool *is;
                size_t n, cap;
        } amounts;
        LimnForbidden *forbidden;   /* by rule, of the group the window slides over */
        const LimnCorrEvent *group; /* the one the window slides over */
        bool *taken; /* by event: an episode of the window has it */
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
/* w->forbidden of group number `group`; after limn_corr_sort(). */
void limn_corr_forbid(LimnCorrWork *w, uint32_t group);
/* The inner episode that an event is; NULL: it is a hit. */
const LimnEpisode *limn_corr_inner(const LimnCorrWork *w, const LimnCorrEvent *e);

/* The event with its clocks; of a hit both moments are the same. */
LimnStep limn_corr_step(const LimnCorrWork *w, const LimnCorrEvent *e);

/* What the clocks may have hidden among the n events of w->group that the window did not take.
 * 0 or -ENOMEM. O(n log n). */
int limn_corr_doubtful(LimnCorrWork *w, size_t n);

/* A LimnRunFn: keeps what the window found as an episode. */
int limn_corr_found(void *work, const LimnRun *run);
void limn_corr_sort_found(LimnFound *found);
int limn_corr_add_found(LimnCorrWork *w, LimnEpisode *episode, const LimnSlice *group);

/* Stretches of time, by time, apart from each other. */
typedef struct LimnStretches {
        LimnStretch *at;
        size_t n, cap;
} LimnStretches;

/*
 * When the logs that would have shown a rule were there: of the named rule (of an inner
 * correlation: all of its rules), for a group with these values. *ret: empty ones; the caller
 * frees ->at. 0 or -ENOMEM.
 */
int limn_corr_covered(LimnCorrelating *c, const LimnCorrelation *rule, size_t named,
                      const LimnSlice *group, LimnStretches *ret);
/* Does one of the stretches hold all of this one? */
bool limn_corr_holds(const LimnStretches *stretches, LimnStretch s);

/* A rule that `quiet` is set of: every window that the logs cover. 0 or -ENOMEM. */
int limn_corr_quiet(LimnCorrWork *w);
