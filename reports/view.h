/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * View: what a case concluded, read once for the reports, in the order they print.
 *
 * All text lives in the view's arena, already masked when a Redact was given, but otherwise as
 * it was found: hostile. Times are corrected, LIMN_TIME_NONE when unknown. What may be large
 * (hits) is not here: reports/timeline.h streams it.
 */
#include "core/arena.h"
#include "core/query.h"
#include "core/time.h"
#include "reports/report.h"

typedef struct LimnViewSpan {
        LimnTime start, end;
} LimnViewSpan;

typedef struct LimnViewSource {
        int64_t id;
        LimnSlice path, format, rival;
        LimnSlice sha256;  /* under the map's key when names are masked: what may be shown */
        LimnSlice content; /* the SHA-256 itself: never shown */
        LimnSlice twin_of, superseded_by; /* paths, or none */
        LimnSlice instance, kind, role;   /* none: belongs to no instance */
        int64_t instance_id;              /* or -1 */
        int64_t bytes, lines, records;
        int64_t parsed, continuation, unparsed, skipped;
        LimnTime first, last;
        bool complete, truncated, has_clock;
        LimnSlice zone, basis, reference;
        int64_t zone_offset, skew, correction, uncertainty, anchors;
        const LimnSlice *names; /* other names the same content came under */
        size_t n_names;
        const LimnViewSpan *coverage;
        size_t n_coverage;
} LimnViewSource;

typedef struct LimnViewEvidence {
        int64_t incident; /* n */
        LimnSlice cause;  /* none: for the finding itself */
        LimnSlice sign, term, sentence, text;
        double points;
        int64_t source; /* index into the view's sources, or -1: nothing to point at */
        int64_t line, offset;
        LimnTime time;
        int64_t more;  /* further pieces of the same term that are not in the view */
        unsigned n;    /* from 1 within the finding: for anchors */
        bool masked;
} LimnViewEvidence;

typedef struct LimnViewAdvice { /* a diagnostic step, a remedy, what would decide, what to fetch */
        LimnSlice owner; /* finding or cause it belongs to */
        LimnSlice text, fetch, risk, precondition, source, caution;
} LimnViewAdvice;

typedef struct LimnViewCause {
        LimnSlice id, title, verdict;
        int64_t incident; /* n, or 0: the finding's own list */
        int64_t rank;
        double score, p;
        LimnSlice decide_text, decide_fetch; /* none: nothing is missing */
        const LimnViewAdvice *remedies;
        size_t n_remedies;
} LimnViewCause;

typedef struct LimnViewEntity {
        LimnSlice name, value;
} LimnViewEntity;

typedef struct LimnViewIncident {
        int64_t n;
        LimnTime start, end;
        LimnSlice instance, kind, role;
        int64_t instance_id; /* or -1 */
        const LimnViewEntity *entities; /* by name, then value */
        size_t n_entities;
} LimnViewIncident;

typedef struct LimnViewFinding {
        LimnSlice id, title, severity, mode, summary;
        double confidence;
        bool escalate;
        LimnSlice escalate_why;
        const LimnSlice *caused_by, *leads_to;
        size_t n_caused_by, n_leads_to;
        const LimnViewAdvice *diagnostics, *remedies;
        size_t n_diagnostics, n_remedies;
        const LimnViewIncident *incidents;
        size_t n_incidents;
        const LimnViewCause *causes; /* the finding's own by rank, then those of each incident */
        size_t n_causes;
        const LimnViewEvidence *evidence; /* points falling, then time, source, offset */
        size_t n_evidence;
} LimnViewFinding;

typedef struct LimnViewUnexplained {
        LimnSlice template, level, text;
        int64_t count, source, line, offset;
        LimnTime first, last;
        int64_t burst; /* the most in one minute, which began at burst_at; 0: none has a time */
        LimnTime burst_at;
        bool masked;
} LimnViewUnexplained;

typedef struct LimnViewNote {
        LimnSlice text, kind;
        int64_t source; /* index, or -1 */
        bool seen;      /* in a log: nobody noted it */
} LimnViewNote;

/* One sentence of what happened: db/schema.sql, `story`. */
typedef struct LimnViewStory {
        LimnSlice part, sentence, finding; /* finding: none unless it is of one */
        LimnSlice text;                    /* of the record that shows it */
        bool masked;
        int64_t count;
        LimnTime start, end;
        int64_t source, line, offset; /* source -1: nothing to point at */
} LimnViewStory;

typedef struct LimnViewFact {
        LimnSlice instance, kind, role, key, value;
        int64_t instance_id; /* or -1 */
        LimnTime time;
        int64_t source, line;
        bool masked;
} LimnViewFact;

typedef struct LimnView {
        LimnArena *arena;
        const LimnViewSource *sources; /* by path */
        size_t n_sources;
        const LimnViewFinding *findings; /* by severity, then id */
        size_t n_findings;
        const LimnViewStory *story; /* in the order of telling; none: nothing calls for action */
        size_t n_story;
        const LimnViewAdvice *missing; /* best first; owner is the finding */
        size_t n_missing;
        const LimnViewUnexplained *unexplained; /* by level, count */
        size_t n_unexplained;
        const LimnViewNote *assumptions, *notes;
        size_t n_assumptions, n_notes;
        LimnSlice below; /* the folder that all sources lie in, with its slash; may be empty */
        int64_t hits; /* that count */
        int64_t duplicates; /* hits of twins, which do not */
        LimnTime first, last; /* of all sources that count */
        size_t masked; /* secrets */
} LimnView;

int limn_view_load(LimnView **ret, const LimnReportInput *input, LimnDiag *diag);
LimnView *limn_view_free(LimnView *view);

/* Facts in the order of instance, key, time; at most LIMN_VIEW_FACTS_MAX. */
#define LIMN_VIEW_FACTS_MAX 20000
int limn_view_facts(LimnView *view, const LimnReportInput *input, const LimnViewFact **ret,
                    size_t *ret_n, LimnDiag *diag);

/* NULL when the index is -1. */
static inline const LimnViewSource *limn_view_source(const LimnView *view, int64_t index)
{
        return index < 0 ? NULL : &view->sources[index];
}
/* A source's path without the folder that all of them share. */
static inline LimnSlice limn_view_short(const LimnView *view, LimnSlice path)
{
        return limn_slice_starts(path, view->below) ? limn_slice_from(path, view->below.n) : path;
}
/* Evidence that is for a term (`sign` "for", "against", "unobserved") of a cause; cause none: of
 * the finding itself. Iterates: *at starts at 0. NULL at the end. */
const LimnViewEvidence *limn_view_evidence(const LimnViewFinding *finding, LimnSlice cause,
                                           const char *sign, size_t *at);
/* Does an earlier piece say the same words for the same side of the same cause? They are told once,
 * however often they are true. */
bool limn_view_said_before(const LimnViewFinding *finding, const LimnViewEvidence *evidence);
/* The piece of evidence that quotes the record at this place, preferably of the finding `id`, with
 * its finding; NULL: no finding quotes it. */
const LimnViewEvidence *limn_view_quoted(const LimnView *view, int64_t source, int64_t offset,
                                         LimnSlice id, const LimnViewFinding **ret_finding);
/* Does the cause have evidence for it in this incident? */
bool limn_view_cause_in(const LimnViewFinding *finding, LimnSlice cause, int64_t incident);
/* The finding's own cause of this rank, or NULL. */
const LimnViewCause *limn_view_cause(const LimnViewFinding *finding, int64_t rank);

/* Text into the view's arena, masked when the input asks for it. p NULL stays NULL. */
int limn_view_keep(LimnView *view, const LimnReportInput *input, LimnSlice text, LimnSlice *ret,
                   bool *ret_masked);
