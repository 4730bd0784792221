/* SPDX-License-Identifier: Apache-2.0 */
/* Does ranking turn points into the order, the probabilities and the verdicts of design section 12?
 */
#include "tests/unit/unit.h"

#include <math.h>

#include "rules/rank.h"

static const LimnCause causes[3]; /* told apart by where they stand */

static void assert_near(double got, double want)
{
        if (fabs(got - want) > 0.005)
                fail_msg("%.3f instead of %.3f", got, want);
}

static void test_confidence(void **state)
{
        assert_near(limn_confidence(0), 1.0 / 3);
        assert_near(limn_confidence(4), 4.0 / 6);
        assert_near(limn_confidence(8), 16.0 / 18);
}

static void test_one_decisive_term(void **state)
{
        const LimnScore scores[] = {{.score = 0}, {.score = 8, .met = true}, {.score = 0}};
        LimnRanked ranked[3];
        limn_rank(causes, scores, 3, false, ranked);
        assert_ptr_equal(ranked[0].cause, &causes[1]);
        assert_int_equal(ranked[0].verdict, LIMN_JUDGED_LIKELY);
        assert_near(ranked[0].p, 16.0 / 18);
        assert_int_equal(ranked[1].rank, 2);
        assert_int_equal(ranked[1].verdict, LIMN_JUDGED_UNLIKELY);
        /* Ties keep the order of the document. */
        assert_ptr_equal(ranked[1].cause, &causes[0]);
        assert_ptr_equal(ranked[2].cause, &causes[2]);
}

static void test_causes_compete(void **state)
{
        const LimnScore scores[] = {
                {.score = 4, .met = true}, {.score = 4, .met = true}, {.score = 0}};
        LimnRanked ranked[3];
        limn_rank(causes, scores, 3, false, ranked);
        assert_near(ranked[0].p, 4.0 / 10);
        assert_int_equal(ranked[0].verdict, LIMN_JUDGED_POSSIBLE);
        limn_rank(causes, scores, 3, true, ranked); /* cumulative: each for itself */
        assert_near(ranked[0].p, 4.0 / 6);
        assert_int_equal(ranked[0].verdict, LIMN_JUDGED_LIKELY);
        assert_int_equal(ranked[1].verdict, LIMN_JUDGED_LIKELY);
}

static void test_nothing_speaks_for_any(void **state)
{
        LimnScore scores[] = {{0}, {0}, {.score = -4, .met = true}};
        LimnRanked ranked[3];
        for (int cumulative = 0; cumulative < 2; cumulative++) {
                limn_rank(causes, scores, 3, cumulative, ranked);
                assert_int_equal(ranked[0].verdict, LIMN_JUDGED_UNDECIDED);
                assert_int_equal(ranked[1].verdict, LIMN_JUDGED_UNLIKELY);
        }
        /* What nobody could see of one says nothing of another that stands for itself. */
        scores[0] = (LimnScore){.score = 8, .met = true};
        scores[1].unobserved_for = 8;
        limn_rank(causes, scores, 3, true, ranked);
        assert_int_equal(ranked[0].verdict, LIMN_JUDGED_LIKELY);
}

static void test_what_nobody_could_see_leaves_it_open(void **state)
{
        LimnScore scores[] = {
                {.score = 8, .met = true}, {.score = 0, .unobserved_for = 8}, {.score = 0}};
        LimnRanked ranked[3];
        limn_rank(causes, scores, 3, false, ranked);
        assert_ptr_equal(ranked[0].cause, &causes[0]);
        assert_int_equal(ranked[0].verdict, LIMN_JUDGED_UNDECIDED);
        scores[0].score = 10; /* more than the other could reach */
        limn_rank(causes, scores, 3, false, ranked);
        assert_int_equal(ranked[0].verdict, LIMN_JUDGED_LIKELY);
        scores[0].score = 8;
        scores[1].opposed = true; /* ruled out already */
        limn_rank(causes, scores, 3, false, ranked);
        assert_int_equal(ranked[0].verdict, LIMN_JUDGED_LIKELY);
}

static void test_an_order_in_doubt_leaves_it_open(void **state)
{
        LimnScore scores[] = {{.score = 8, .met = true, .opposed_in_doubt = true}, {0}, {0}};
        LimnRanked ranked[3];
        limn_rank(causes, scores, 3, false, ranked);
        assert_ptr_equal(ranked[0].cause, &causes[0]);
        assert_int_equal(ranked[0].verdict, LIMN_JUDGED_UNDECIDED);
        scores[0].opposed_in_doubt = false;
        limn_rank(causes, scores, 3, false, ranked);
        assert_int_equal(ranked[0].verdict, LIMN_JUDGED_LIKELY);
}

static void test_ruled_out_comes_last(void **state)
{
        const LimnScore scores[] = {{.score = 10, .met = true, .opposed = true},
                                    {.score = 1, .met = true},
                                    {.score = 0}};
        LimnRanked ranked[3];
        limn_rank(causes, scores, 3, false, ranked);
        assert_ptr_equal(ranked[2].cause, &causes[0]);
        assert_int_equal(ranked[2].verdict, LIMN_JUDGED_RULED_OUT);
        assert_ptr_equal(ranked[0].cause, &causes[1]);
}

static void test_evidence_against_ranks_below_none(void **state)
{
        const LimnScore scores[] = {{.score = -4, .met = true}, {.score = 0}, {.score = 0}};
        LimnRanked ranked[3];
        limn_rank(causes, scores, 3, false, ranked);
        assert_ptr_equal(ranked[2].cause, &causes[0]);
        assert_int_equal(ranked[0].verdict, LIMN_JUDGED_UNDECIDED);
}

static void test_nothing_met_is_undecided(void **state)
{
        const LimnScore scores[] = {{.score = 0}, {.score = 0}, {.score = 0}};
        LimnRanked ranked[3];
        limn_rank(causes, scores, 3, false, ranked);
        assert_int_equal(ranked[0].verdict, LIMN_JUDGED_UNDECIDED);
        assert_near(ranked[0].p, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_confidence),
                cmocka_unit_test(test_one_decisive_term),
                cmocka_unit_test(test_causes_compete),
                cmocka_unit_test(test_nothing_speaks_for_any),
                cmocka_unit_test(test_what_nobody_could_see_leaves_it_open),
                cmocka_unit_test(test_an_order_in_doubt_leaves_it_open),
                cmocka_unit_test(test_ruled_out_comes_last),
                cmocka_unit_test(test_evidence_against_ranks_below_none),
                cmocka_unit_test(test_nothing_met_is_undecided),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
