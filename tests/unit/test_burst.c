/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include "core/burst.h"

static LimnBurst of(const LimnTime *seconds, size_t n)
{
        LimnBurst b = {0};

        for (size_t i = 0; i < n; i++)
                limn_burst_add(&b, seconds[i] * LIMN_SECOND);
        return b;
}

static void test_most(void **state)
{
        static const LimnTime seconds[] = {5, 59, 60, 61, 119, 120, -1, -60, -61};
        LimnBurst b = of(seconds, N_OF(seconds));

        assert_int_equal(b.most, 3);
        assert_int_equal(b.at, 60 * LIMN_SECOND);
        b = (LimnBurst){0};
        limn_burst_add(&b, LIMN_TIME_NONE);
        assert_int_equal(b.most, 0);
        /* Of equal ones the earliest; a minute that is taken up again counts anew. */
        b = of((LimnTime[]){130, 10, 131, 11}, 4);
        assert_int_equal(b.most, 1);
        assert_int_equal(b.at, 0);
}

/* Wherever a file is cut, its parts joined say what the whole says. */
static void test_joined(void **state)
{
        uint64_t seed = 7;

        for (int round = 0; round < 3000; round++) {
                LimnTime seconds[12];
                size_t n = 1 + round % N_OF(seconds), cut, cut2;
                LimnBurst whole, joined, part;

                for (size_t i = 0; i < n; i++) {
                        seed = seed * 6364136223846793005u + 1442695040888963407u;
                        seconds[i] = (LimnTime)(seed >> 60) * 20 + (i ? seconds[i - 1] % 120 : 0);
                }
                cut = (seed >> 33) % (n + 1);
                cut2 = cut + (seed >> 40) % (n - cut + 1);
                whole = of(seconds, n);
                joined = of(seconds, cut);
                part = of(seconds + cut, cut2 - cut);
                limn_burst_join(&joined, &part);
                part = of(seconds + cut2, n - cut2);
                limn_burst_join(&joined, &part);
                assert_int_equal(joined.most, whole.most);
                assert_int_equal(joined.at, whole.at);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_most),
                cmocka_unit_test(test_joined),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
