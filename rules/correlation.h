/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Correlation rule: a Sigma correlation document, loaded; and its types, one file each.
 *
 * To add a type: rules/corr_<type>.c with one const struct, one line in correlations.list and one
 * in meson.build, cases under tests/conformance/correlation/. Whatever a document asks for that
 * the engine cannot do is a load error, never an approximation.
 *
 * The engine (rules/correlate.c) keeps a window of events of one group, in time order, and tells
 * the type what enters and leaves; the type says whether its condition is met. Conditions must be
 * monotone (more events never unmake them): that is what makes one pass enough, and why counts
 * below a number (lt, lte, eq) and `not` are refused here.
 */
#include "rules/hit.h"
#include "rules/kinds.h"

typedef struct LimnCorrelationType LimnCorrelationType;

/* A rule that the correlation names: a detection, or a correlation that stands before it. */
typedef struct LimnCorrelated {
        LimnSlice name; /* as written: a name or an id */
        const LimnYaml *node;
        bool is_correlation;
        uint32_t index; /* in rules->detections or rules->correlations; set by link */
        const LimnSlice *group;  /* the field behind each group-by name, in this rule's words */
        const LimnSlice *values; /* the same for the condition's fields */
} LimnCorrelated;

struct LimnCorrelation {
        LimnSlice id, name, title, level;
        const char *path;
        uint32_t index; /* in rules->correlations */
        const LimnCorrelationType *type;
        LimnCorrelated *rules;
        size_t n_rules;
        const LimnSlice *group_by;
        size_t n_group_by;
        LimnDuration timespan;
        long long at_least;    /* the condition: events, values or different rules */
        const LimnSlice *fields; /* value_count */
        size_t n_fields;
        bool generate; /* the rules it names count on their own, too */
        LimnTemplate explain;
        const LimnYaml *tests;
        const LimnYamlFile *file;
};

/* One hit, or one episode of an inner correlation (from its first hit to its last). */
typedef struct LimnCorrEvent {
        LimnTime first, last;
        uint32_t rule;  /* index in LimnCorrelation.rules */
        uint32_t group; /* number of its group */
        uint32_t value; /* number of its value, the same for equal ones; types with `values` */
        uint32_t rank;  /* within its group by first time: events leave the window in this order */
        uint32_t hit;   /* index in the hits, or of the inner episode */
} LimnCorrEvent;

struct LimnCorrelationType {
        const char *name, *help;
        bool needs_condition;  /* else it may be left out: every rule once */
        bool values;           /* reads LimnCorrEvent.value; condition has `field` */
        /* State of one window, zeroed: its size. n_values as counted over all events. */
        size_t (*state_size)(const LimnCorrelation *rule, size_t n_values);
        /* 0 or -ENOMEM. */
        int (*enter)(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event);
        /* Only the event of the lowest rank inside leaves. */
        void (*leave)(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event);
        bool (*met)(const void *state, const LimnCorrelation *rule);
        /* While met: would it not be without this event (the one of the lowest rank)? */
        bool (*needs)(const void *state, const LimnCorrelation *rule, const LimnCorrEvent *event);
        /* After all have left, before another group or episode. NULL: nothing to do. */
        void (*reset)(void *state, const LimnCorrelation *rule);
        void (*done)(void *state, const LimnCorrelation *rule); /* NULL: nothing to free */
        bool ordered; /* the order of events matters, not only the window */
};

extern const LimnCorrelationType *const limn_correlation_types[]; /* ends with NULL */

/* By name or id; NULL: none. */
const LimnCorrelation *limn_rules_correlation(const LimnRules *rules, LimnSlice name_or_id);

/* Sigma's `generate`: false for a rule that correlations name, none of them with generate: true.
 * Its hits or episodes are then material, and no result of their own. */
bool limn_detection_generates(const LimnRules *rules, uint32_t detection);
bool limn_correlation_generates(const LimnRules *rules, uint32_t correlation);
