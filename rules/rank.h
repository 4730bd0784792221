/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Rank: scores of competing causes to probabilities, order and verdicts. Pure arithmetic. */
#include "rules/diagnose.h"

typedef struct LimnScore {
        double score;
        bool met;              /* a term was met, for or against */
        bool opposed;          /* a decisive term was met against it */
        bool opposed_in_doubt; /* that one would be, if the clocks are as they say */
        double unobserved_for; /* the most points of a decisive term for it that was unobservable */
} LimnScore;

/* 2^(score/2) / (2 + 2^(score/2)): a finding's confidence from its opening terms. */
double limn_confidence(double score);

/*
 * Fills ret[i] for causes[i] and sorts ret by rank: score falling, ruled out last, ties in the
 * order given. `cumulative`: each cause stands for itself; of one that nothing speaks for the first
 * is undecided then, too.
 */
void limn_rank(const LimnCause *causes, const LimnScore *scores, size_t n, bool cumulative,
               LimnRanked *ret);
