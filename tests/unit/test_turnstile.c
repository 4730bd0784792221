/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stddef.h>

#include <cmocka.h>

#include "ingest/turnstile.h"

#define THREADS 5
#define TICKETS 2000

typedef struct Shared {
        LimnTurnstile first, second;
        uint64_t issued;      /* inside `first` */
        uint64_t order[TICKETS], n; /* inside `second` */
} Shared;

static void *work(void *arg)
{
        Shared *s = arg;

        for (;;) {
                static _Thread_local unsigned seed;
                uint64_t ticket = __atomic_fetch_add(&s->issued, 1, __ATOMIC_RELAXED);

                if (ticket >= TICKETS)
                        return NULL;
                if (!limn_turnstile_enter(&s->first, ticket))
                        return NULL;
                limn_turnstile_leave(&s->first);
                for (volatile unsigned i = 0; i < (seed = seed * 1664525 + 1013904223) >> 20; i++)
                        ;
                if (!limn_turnstile_enter(&s->second, ticket))
                        return NULL;
                s->order[s->n++] = ticket;
                limn_turnstile_leave(&s->second);
        }
}

static void test_order(void **state)
{
        static Shared s;
        pthread_t threads[THREADS];

        assert_int_equal(limn_turnstile_init(&s.first), 0);
        assert_int_equal(limn_turnstile_init(&s.second), 0);
        for (int i = 0; i < THREADS; i++)
                assert_int_equal(pthread_create(&threads[i], NULL, work, &s), 0);
        assert_true(limn_turnstile_await(&s.second, TICKETS - 1));
        assert_int_equal(s.n, TICKETS);
        for (int i = 0; i < THREADS; i++)
                pthread_join(threads[i], NULL);
        for (uint64_t i = 0; i < TICKETS; i++)
                assert_int_equal(s.order[i], i);
        limn_turnstile_done(&s.first);
        limn_turnstile_done(&s.second);
}

static void *wait_in_vain(void *arg)
{
        return limn_turnstile_enter(arg, 7) ? arg : NULL;
}

static void test_break(void **state)
{
        LimnTurnstile t;
        pthread_t thread;
        void *got = &t;

        assert_int_equal(limn_turnstile_init(&t), 0);
        assert_true(limn_turnstile_enter(&t, 0));
        assert_int_equal(pthread_create(&thread, NULL, wait_in_vain, &t), 0);
        limn_turnstile_break(&t);
        pthread_join(thread, &got);
        assert_null(got);
        assert_false(limn_turnstile_enter(&t, 0));
        assert_false(limn_turnstile_await(&t, 3));
        limn_turnstile_done(&t);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_order),
                cmocka_unit_test(test_break),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
