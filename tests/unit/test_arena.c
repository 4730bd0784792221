/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include "core/arena.h"

static void test_pieces_do_not_touch(void **state)
{
        LimnArena *arena = limn_arena_new(1 << 20);
        unsigned char *pieces[200];
        for (size_t i = 0; i < N_OF(pieces); i++) {
                pieces[i] = limn_arena_alloc(arena, i * 7);
                assert_non_null(pieces[i]);
                assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
                memset(pieces[i], (int)i, i * 7);
        }
        for (size_t i = 0; i < N_OF(pieces); i++)
                for (size_t k = 0; k < i * 7; k++)
                        assert_int_equal(pieces[i][k], i);
        limn_arena_free(arena);
}

static void test_ceiling(void **state)
{
        LimnArena *arena = limn_arena_new(1024);
        assert_non_null(limn_arena_alloc(arena, 1000));
        assert_null(limn_arena_alloc(arena, 100));
        assert_null(limn_arena_alloc(arena, SIZE_MAX));
        assert_null(limn_arena_alloc(arena, SIZE_MAX - 8));
        assert_null(limn_arena_dup(arena, LIMN_S("some text that is too long to fit in")).p);
        limn_arena_reset(arena);
        assert_int_equal(limn_arena_used(arena), 0);
        assert_non_null(limn_arena_alloc(arena, 1024));
        assert_int_equal(limn_arena_used(arena), 1024);
        limn_arena_free(arena);
        assert_null(limn_arena_free(NULL));
}

/* After a reset the memory is there already: a steady load gets the same address again. */
static void test_reset_keeps_memory(void **state)
{
        LimnArena *arena = limn_arena_new(1 << 24);
        limn_arena_alloc(arena, 100000);
        limn_arena_alloc(arena, 300000);
        limn_arena_reset(arena);
        void *first = limn_arena_alloc(arena, 300000);
        for (int i = 0; i < 10; i++) {
                limn_arena_reset(arena);
                assert_ptr_equal(limn_arena_alloc(arena, 300000), first);
        }
        limn_arena_free(arena);
}

static void test_copies(void **state)
{
        LimnArena *arena = limn_arena_new(1 << 20);
        LimnSlice s = limn_arena_dup(arena, LIMN_S("a\0b"));
        assert_int_equal(s.n, 3);
        assert_memory_equal(s.p, "a\0b", 4);
        s = limn_arena_dup(arena, LIMN_NONE);
        assert_non_null(s.p);
        assert_int_equal(s.n, 0);
        assert_string_equal(limn_arena_str(arena, LIMN_S("text")), "text");
        int *zeros = limn_arena_new_of(arena, int, 100);
        for (int i = 0; i < 100; i++)
                assert_int_equal(zeros[i], 0);
        limn_arena_free(arena);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_pieces_do_not_touch),
                cmocka_unit_test(test_ceiling),
                cmocka_unit_test(test_reset_keeps_memory),
                cmocka_unit_test(test_copies),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
