/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What the files of limn explain share: the case, the rules, and the text that is being written.
 * Everything that comes from a log is escaped, secrets are masked, values are cut.
 */
#include "cli/cli.h"
#include "db/case.h"
#include "reports/redact.h"
#include "rules/correlate.h"
#include "rules/trace.h"

/* Hits of an episode, or of a detection, that are printed one by one. */
#define LIMN_EXPLAIN_HITS 20

typedef struct LimnExplain {
        LimnCli *cli;
        const LimnRules *rules;
        LimnCase *c;
        LimnQuery query;
        LimnRegexScratch *scratch;
        LimnRedact *redact;
        LimnArena *arena;
        size_t looked, traced; /* records looked at for the nearest; shown with conditions */
        LimnBuf out;           /* the answer */
        LimnBuf text;          /* scratch */
} LimnExplain;

/* An exit status; done either way. */
int limn_explain_open(LimnExplain *x, LimnCli *cli, const LimnRules *rules);
void limn_explain_done(LimnExplain *x);

/* Spaces; text of a log; a duration in seconds; times. */
void limn_explain_indent(LimnExplain *x, unsigned n);
void limn_explain_clean(LimnExplain *x, LimnSlice text);
void limn_explain_duration(LimnExplain *x, LimnDuration d);
void limn_explain_time(LimnExplain *x, LimnTime t);
void limn_explain_span(LimnExplain *x, LimnTime from, LimnTime to); /* from ... to ... */
/* `"VALUE"`, at most LIMN_EXPLAIN_VALUE_MAX bytes of it, around `of_interest` where it holds it. */
void limn_explain_quote(LimnExplain *x, LimnSlice value, LimnSlice of_interest);

/* Each condition of the detection for this event, with the value that met it: cli/explain_hit.c */
int limn_explain_conditions(LimnExplain *x, const LimnDetection *d, const LimnEvent *event,
                            unsigned indent);
/* The same for a record of the case. 0 or negative with a message. */
int limn_explain_event(LimnExplain *x, const LimnDetection *d, int64_t event_id, unsigned indent);

/* The record that came nearest to any of these detections between these corrected times
 * (LIMN_TIME_NONE: open), or that no log could have shown it: cli/explain_nearest.c */
int limn_explain_nearest(LimnExplain *x, const LimnDetection *const *rules, size_t n, LimnTime from,
                         LimnTime to, unsigned indent);
/* While which logs could have shown it: a line each, at most LIMN_EXPLAIN_HITS. *ret: how many. */
int limn_explain_logs(LimnExplain *x, const LimnDetection *d, LimnTime from, LimnTime to,
                      unsigned indent, size_t *ret);

/* A term of a finding: what met it, or what is missing. `incident` 0: of a finding that was not
 * made; start and end are the incident's: cli/explain_term.c */
typedef struct LimnExplainedTerm {
        const struct LimnTerm *term;
        int64_t incident;
        LimnSlice cause; /* p NULL: it opens the finding */
        LimnTime start, end;
        char sign;
} LimnExplainedTerm;
int limn_explain_term(LimnExplain *x, const LimnExplainedTerm *t);
