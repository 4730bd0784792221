/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Diagnosis document: one finding as data (rules/pack/findings/CDC-nn.yml, docs/rules.md).
 *
 * It says what opens an incident, how openings merge into incidents, which causes there are, what
 * speaks for and against each, and what would decide. Loaded and checked with the rule set.
 */
#include "core/query.h"
#include "rules/rules.h"

/* design.md section 12: one word for a weight, so that scores can be compared across documents. */
#define LIMN_WEIGHTS(X)      \
        X(WEAK, "weak", 1)   \
        X(SUPPORTING, "supporting", 2) \
        X(STRONG, "strong", 4) \
        X(DECISIVE, "decisive", 8)

#define LIMN_POINTS_DECISIVE 8.0

typedef enum LimnTermKind {
        LIMN_TERM_RULE,    /* hits of any of `names` within the window */
        LIMN_TERM_EPISODE, /* episodes of any of `names` that touch the window */
        LIMN_TERM_ABSENCE, /* no hit of any of `names` within the window, and it was covered */
        LIMN_TERM_SQL, /* rows (start, end, event, value); value and event NULL: not observable */
} LimnTermKind;

/* One thing that may be observed. Met, not met, or not observable. */
typedef struct LimnTerm {
        LimnSlice name; /* unique within its cause */
        double points;
        LimnTermKind kind;
        const LimnSlice *names; /* RULE, EPISODE, ABSENCE */
        size_t n_names;
        LimnSlice sql;
        /* The window is [incident start - before, incident end + after]; NONE: unlimited. */
        LimnDuration before, after;
        const LimnSlice
                *same; /* entities in which a hit must agree with the incident, if it has them */
        size_t n_same;
        size_t at_least; /* hits or rows needed */
        bool joins;       /* among `opens`: joins an incident that others opened, opens none */
        LimnSlice entity; /* the value of an SQL row is one of these (a table); p NULL: it is not */
        LimnSlice severity; /* among `opens`: of what it alone opens; p NULL: the document's */
        /* Formats of which one must have covered the window for absence (or a rule that was not
         * met) to say anything; otherwise the term is not observable. None: always observable. */
        const LimnSlice *needs;
        size_t n_needs;
        LimnTemplate text;
        LimnSlice unseen; /* said where it was not observable; p NULL: `text` is */
} LimnTerm;

typedef struct LimnAsk { /* what to ask for: a sentence, and the command that fetches it */
        LimnSlice text, fetch;
} LimnAsk;

typedef struct LimnRemedy {
        LimnSlice text, risk, precondition, source, caution;
} LimnRemedy;

typedef struct LimnCause {
        LimnSlice id; /* CDC-12/manual-purge */
        LimnSlice title;
        const LimnTerm *supports, *opposes; /* `for` is a keyword */
        size_t n_supports, n_opposes;
        LimnAsk would_decide;
        const LimnRemedy *remedies;
        size_t n_remedies;
        const LimnSlice *explains; /* findings whose incidents inside ours this cause explains */
        size_t n_explains;
} LimnCause;

struct LimnDiagnosis {
        LimnSlice id, title, severity;
        const char *path;
        LimnTemplate summary;
        const LimnTerm *opens;
        size_t n_opens;
        const LimnSlice *merge_by; /* entities whose values keep incidents apart */
        size_t n_merge_by;
        LimnDuration merge_gap; /* LIMN_TIME_NONE: all openings of a group are one incident */
        bool cumulative;        /* causes do not compete */
        const LimnCause *causes;
        size_t n_causes;
        const LimnSlice *follows; /* findings that may have led to this one */
        size_t n_follows;
        LimnDuration follows_within;
        const LimnAsk *diagnostics;
        size_t n_diagnostics;
        const LimnRemedy *remedies;
        size_t n_remedies;
        bool escalate;
        LimnSlice escalate_why;
};

/* 0 informational to 4 critical; -1: no such word. */
int limn_severity_rank(LimnSlice word);

/* How the loader reads these documents: rules/kinds.h. */
struct LimnKind;
extern const struct LimnKind limn_kind_diagnosis;
