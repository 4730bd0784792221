/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Trace: why a rule meets an event, or how near it comes.
 *
 * Walks the compiled condition and asks the matcher's own comparisons, so that it cannot disagree
 * with what matched. Where the matcher stops at the first answer, it goes on: each condition gets
 * its answer, with the event's value behind it.
 */
#include "rules/condition.h"

typedef enum LimnTraceKind {
        LIMN_TRACE_ALL, /* all of the steps that are one deeper */
        LIMN_TRACE_ANY,
        LIMN_TRACE_NOT,
        LIMN_TRACE_VALUE, /* item->field against operand */
        LIMN_TRACE_MORE,  /* `more` further ones, which decide nothing, or too many */
} LimnTraceKind;

typedef struct LimnTraceStep {
        LimnTraceKind kind;
        unsigned depth;
        LimnVerdict verdict;
        LimnSlice search; /* the search of `detection` that this is; p NULL: a part of one */
        const LimnItem *item;
        const LimnOperand *operand;
        bool present;    /* the event has such a value, null or not */
        LimnSlice value; /* the one that met it, else the event's first; p NULL: null or absent */
        size_t more;
} LimnTraceStep;
typedef int (*LimnTraceFn)(void *arg, const LimnTraceStep *step);

/* Top down, at most LIMN_TRACE_STEPS_MAX steps; of a list of values those that decide it, where
 * none does all, at most LIMN_TRACE_VALUES_MAX. 0, or what fn returned. */
int limn_trace(const LimnCondition *condition, const LimnEvent *event, LimnRegexScratch *scratch,
               LimnTraceFn fn, void *arg);

/* How far an event is from meeting a condition. */
typedef struct LimnDistance {
        size_t missing; /* comparisons that would have to turn out otherwise; 0: it is met */
        size_t met;     /* comparisons that say what the condition wants */
        size_t words;   /* of what is missing, the share of its words that are there: permille */
} LimnDistance;
LimnDistance limn_trace_distance(const LimnCondition *condition, const LimnEvent *event,
                                 LimnRegexScratch *scratch);
/* <0: a is nearer. */
int limn_distance_cmp(const LimnDistance *a, const LimnDistance *b);
