/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rank.h"

#include <math.h>

static const double LIKELY_AT_LEAST = 0.60;
static const double POSSIBLE_AT_LEAST = 0.15;

static double weight(double score)
{
        return exp2(score / 2);
}

double limn_confidence(double score)
{
        return weight(score) / (2 + weight(score));
}

const char *limn_sign_to_string(LimnSign sign)
{
        static const char *const names[] = {"for", "against", "unobserved"};
        return names[sign];
}

const char *limn_judgement_to_string(LimnJudgement verdict)
{
        static const char *const names[] = {
#define X(constant, name) name,
                LIMN_JUDGEMENTS(X)
#undef X
        };
        return names[verdict];
}

static bool before(const LimnRanked *a, const LimnRanked *b)
{
        bool a_out = a->verdict == LIMN_JUDGED_RULED_OUT,
             b_out = b->verdict == LIMN_JUDGED_RULED_OUT;
        if (a_out != b_out)
                return b_out;
        /* By score, not by p: what only has evidence against it has a small p and is less likely
         * than what nothing was seen of, whose p is 0. */
        return a->score > b->score;
}

/* Could a decisive observation that nobody could make put another cause first? Equal counts. */
static bool could_be_overtaken(const LimnScore *scores, size_t n, size_t first)
{
        for (size_t i = 0; i < n; i++)
                if (i != first && !scores[i].opposed && scores[i].unobserved_for > 0 &&
                    scores[i].score + scores[i].unobserved_for >= scores[first].score)
                        return true;
        return false;
}

static LimnJudgement verdict_of(const LimnScore *score, double p)
{
        if (score->opposed)
                return LIMN_JUDGED_RULED_OUT;
        if (!score->met)
                return LIMN_JUDGED_UNLIKELY;
        if (p >= LIKELY_AT_LEAST)
                return LIMN_JUDGED_LIKELY;
        return p >= POSSIBLE_AT_LEAST ? LIMN_JUDGED_POSSIBLE : LIMN_JUDGED_UNLIKELY;
}

void limn_rank(const LimnCause *causes, const LimnScore *scores, size_t n, bool cumulative,
               LimnRanked *ret)
{
        double sum = 2;
        for (size_t i = 0; i < n; i++)
                if (scores[i].met)
                        sum += weight(scores[i].score);
        for (size_t i = 0; i < n; i++) {
                double w = weight(scores[i].score);
                double p = !scores[i].met ? 0 : w / (cumulative ? 2 + w : sum);
                ret[i] = (LimnRanked){.cause = &causes[i],
                                      .score = scores[i].score,
                                      .p = p,
                                      .verdict = verdict_of(&scores[i], p)};
        }
        /* Insertion sort: stable, and no document has more than a dozen causes. */
        for (size_t i = 1; i < n; i++)
                for (size_t j = i; j > 0 && before(&ret[j], &ret[j - 1]); j--) {
                        LimnRanked swap = ret[j];
                        ret[j] = ret[j - 1];
                        ret[j - 1] = swap;
                }
        for (size_t i = 0; i < n; i++)
                ret[i].rank = (unsigned)i + 1;
        if (n == 0 || ret[0].verdict == LIMN_JUDGED_RULED_OUT)
                return;
        LimnRanked *top = &ret[0];
        /* Causes that stand for themselves do not overtake each other. */
        if (top->verdict == LIMN_JUDGED_UNLIKELY || scores[top->cause - causes].opposed_in_doubt ||
            (!cumulative && could_be_overtaken(scores, n, (size_t)(top->cause - causes))))
                top->verdict = LIMN_JUDGED_UNDECIDED;
}
