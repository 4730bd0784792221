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
 * the type what enters and leaves; the type says whether its condition is met. Where more events
 * never unmake a condition, an episode opens with the smallest part of the window that meets it;
 * else with the whole window (`whole`). A condition that no event at all would meet (fewer than
 * three, none) is asked of every window that the logs cover (`quiet`, rules/quiet.h). Conditions
 * that combine rules by and, or, not are cut into alternatives, each a set of rules that must be
 * there and of such that must not.
 */
#include "rules/hit.h"
#include "rules/kinds.h"

typedef struct LimnCorrelationType LimnCorrelationType;

/* Numbers of conditions and values, in units of 10^-9: exact, whatever the order of adding. */
__extension__ typedef __int128 LimnAmount;
#define LIMN_AMOUNT_ONE ((LimnAmount)1000000000)
/* Decimal, with an exponent or without, rounded to nine decimals; false: no number, or beyond
 * 10^18. */
bool limn_amount_parse(LimnSlice text, LimnAmount *ret);

void limn_amount_text(LimnAmount amount, LimnBuf *out);

typedef enum LimnCompareOp {
        LIMN_COMPARE_GT,
        LIMN_COMPARE_GTE,
        LIMN_COMPARE_LT,
        LIMN_COMPARE_LTE,
        LIMN_COMPARE_EQ,
        LIMN_COMPARE_NEQ,
} LimnCompareOp;
extern const char *const limn_compare_names[]; /* gt, gte, ...; ends with NULL */

typedef struct LimnCompare {
        LimnCompareOp op;
        LimnAmount number;
} LimnCompare;

/* A rule that must not be there; `after`: how many of the alternative's rules stand before it in
 * the list, for types with an order. */
typedef struct LimnWithout {
        uint32_t rule, after;
} LimnWithout;

/* One way to meet a condition of and, or, not: these rules and none of those. */
typedef struct LimnAlternative {
        const uint32_t *with; /* positions in the list of rules, rising; at least one */
        size_t n_with;
        const LimnWithout *without;
        size_t n_without;
} LimnAlternative;

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
        LimnCompare compare[2]; /* the condition: events, values or different rules */
        size_t n_compare;
        unsigned percentile; /* value_percentile */
        bool whole; /* more events may unmake the condition */
        bool quiet; /* no event at all would meet it */
        const LimnAlternative *alternatives; /* conditions of and, or, not; the listed order */
        size_t n_alternatives;
        bool *present, *forbidden; /* by rule: is among the rules of an alternative; of `without` */
        LimnSlice expression;      /* as written; p NULL: none */
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

/* The events of one group that a rule must not have: by first time. */
typedef struct LimnForbidden {
        const LimnCorrEvent *at;
        const LimnTime *least_last; /* the earliest end of this and all later ones */
        size_t n;
} LimnForbidden;

/* What a type may know of the group that the window slides over. */
typedef struct LimnCorrGroup {
        const LimnAmount *amounts;      /* by LimnCorrEvent.value; types with `numbers` */
        size_t n_values;
        const LimnForbidden *forbidden; /* by rule; NULL: none */
} LimnCorrGroup;

struct LimnCorrelationType {
        const char *name, *help;
        bool needs_condition;  /* else it may be left out: every rule once */
        bool values;           /* reads LimnCorrEvent.value; condition has `field` */
        bool numbers;          /* values are numbers; events without one are left out */
        bool statistic;        /* says something of the events there are, nothing of none */
        bool percentile;       /* condition has `percentile` */
        /* State of one window, zeroed: its size. */
        size_t (*state_size)(const LimnCorrelation *rule, size_t n_values);
        /* Before the first event of a group. NULL: nothing to do. 0 or -ENOMEM. */
        int (*begin)(void *state, const LimnCorrelation *rule, const LimnCorrGroup *group);
        /* 0 or -ENOMEM. */
        int (*enter)(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event);
        /* Only the event of the lowest rank inside leaves. NULL: does not matter. */
        void (*leave)(void *state, const LimnCorrelation *rule, const LimnCorrEvent *event);
        bool (*met)(const void *state, const LimnCorrelation *rule);
        /* While met: would it not be without this event (the one of the lowest rank)? Not asked
         * when the whole window counts. */
        bool (*needs)(const void *state, const LimnCorrelation *rule, const LimnCorrEvent *event);
        /* Instead of met and needs, for alternatives: of the sets that meet alternative `i` (but
         * for `without`) and end with what entered last, the highest of their lowest ranks, as
         * rank + 1; 0: there is none. */
        int64_t (*reach)(const void *state, const LimnCorrelation *rule, size_t i);
        /* After all have left, before another group or episode. NULL: nothing to do. */
        void (*reset)(void *state, const LimnCorrelation *rule);
        void (*done)(void *state, const LimnCorrelation *rule); /* NULL: nothing to free */
        bool ordered; /* the order of events matters, not only the window */
};

/* Does `amount` meet the rule's comparisons, each of its numbers taken `times` times? */
bool limn_corr_compare(const LimnCorrelation *rule, LimnAmount amount, LimnAmount times);

/* The condition for people: `gte 3`, `bytes gt 10 and lte 20`, or as written. */
void limn_corr_condition_text(const LimnCorrelation *rule, LimnBuf *out);

/* The type that takes conditions of and, or, not in the stead of temporal; of no list. */
extern const LimnCorrelationType limn_correlation_alternatives;

extern const LimnCorrelationType *const limn_correlation_types[]; /* ends with NULL */

/* By name or id; NULL: none. */
const LimnCorrelation *limn_rules_correlation(const LimnRules *rules, LimnSlice name_or_id);

/* Sigma's `generate`: false for a rule that correlations name, none of them with generate: true.
 * Its hits or episodes are then material, and no result of their own. */
bool limn_detection_generates(const LimnRules *rules, uint32_t detection);
bool limn_correlation_generates(const LimnRules *rules, uint32_t correlation);
