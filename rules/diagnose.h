/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Diagnose: diagnosis documents and a case to findings.
 *
 * Reads the case only through a LimnQuery (its views v_hit, v_episode, v_coverage, v_interval,
 * v_fact must be filled) and hands each result to a sink; the caller stores them. The same case
 * gives the same calls in the same order.
 *
 * Scores: every term has a name, points and a sentence; a cause's score is the sum of the terms
 * met for it less those met against it; p = 2^(s/2) / (2 + sum of 2^(sj/2)) over the causes with
 * a met term (design.md section 12). Verdicts: see LimnJudgement below.
 */
#include "core/query.h"
#include "rules/diagnosis.h"

typedef enum LimnSign { LIMN_SIGN_FOR, LIMN_SIGN_AGAINST, LIMN_SIGN_UNOBSERVED } LimnSign;
const char *limn_sign_to_string(LimnSign sign);

/*
 * likely: p >= 0.60 and no decisive term that could not be observed could change first place.
 * undecided: first in rank but not likely for lack of what could be observed.
 * possible: p >= 0.15. unlikely: less. ruled_out: decisive evidence against.
 */
#define LIMN_JUDGEMENTS(X) \
        X(LIKELY, "likely") X(POSSIBLE, "possible") X(UNDECIDED, "undecided") \
        X(UNLIKELY, "unlikely") X(RULED_OUT, "ruled_out")
typedef enum LimnJudgement {
#define X(constant, name) LIMN_JUDGED_##constant,
        LIMN_JUDGEMENTS(X)
#undef X
        _LIMN_JUDGED_MAX,
} LimnJudgement;
const char *limn_judgement_to_string(LimnJudgement verdict);

typedef struct LimnEvidence {
        LimnSlice cause; /* p NULL: for the finding itself */
        LimnSlice term;
        LimnSign sign;
        double points; /* of the term; 0 on its second and later pieces, and when unobserved */
        LimnSlice sentence;
        int64_t hit;   /* hit_id cited, 0: none */
        LimnTime time; /* corrected, or NONE */
} LimnEvidence;

typedef struct LimnRanked {
        const LimnCause *cause;
        unsigned rank; /* from 1 */
        double score, p;
        LimnJudgement verdict;
} LimnRanked;

typedef struct LimnEntity {
        LimnSlice name;
        const LimnSlice *values; /* sorted */
        size_t n;
} LimnEntity;

typedef struct LimnIncident {
        unsigned n; /* from 1, by time */
        LimnTime start, end; /* NONE: no time known */
        int64_t instance; /* 0: none */
        const LimnEntity *entities; /* sorted by name */
        size_t n_entities;
        double score; /* of its opening terms */
        const LimnRanked *causes; /* by rank */
        size_t n_causes;
        const LimnEvidence *evidence; /* of the finding, then of each cause in document order */
        size_t n_evidence;
} LimnIncident;

typedef struct LimnFinding {
        const LimnDiagnosis *diagnosis;
        LimnSlice severity; /* lowered to "low" when another finding explains all of it */
        double confidence;
        LimnSlice summary;
        const LimnIncident *incidents;
        size_t n_incidents;
        const LimnRanked *causes; /* the best over the incidents, by rank */
        size_t n_causes;
        const LimnSlice *caused_by, *leads_to; /* finding ids, sorted */
        size_t n_caused_by, n_leads_to;
} LimnFinding;

typedef int (*LimnFindingFn)(void *arg, const LimnFinding *finding);

/* Calls fn by finding id; everything handed over dies when limn_diagnose returns. 0, what fn
 * returned, or negative with a message. */
int limn_diagnose(const LimnRules *rules, const LimnQuery *query, LimnFindingFn fn, void *arg,
                  LimnDiag *diag);
