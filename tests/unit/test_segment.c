/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdlib.h>

#include "core/limits.h"
#include "db/segment.h"

static uint32_t random_next(uint32_t *state)
{
        *state = *state * 1664525u + 1013904223u;
        return *state >> 8;
}

/* Text, noise, or long runs, of any length up to a segment's most. */
static char *make_bytes(uint32_t *seed, size_t n)
{
        unsigned kind = random_next(seed) % 3;
        char *p = malloc(n + 1);
        assert_non_null(p);
        for (size_t i = 0; i < n; i++) {
                if (kind == 0)
                        p[i] = (char)random_next(seed);
                else if (kind == 1)
                        p[i] = "2026-11-22T07:24:02Z 12 [Note] connection\n"[i % 42];
                else
                        p[i] = (char)(i / 4096);
        }
        return p;
}

static void test_round_trip(void **state)
{
        static const size_t lengths[] = {0, 1, 2, 100, 4095, 65536, LIMN_SEGMENT_BYTES,
                                         LIMN_SEGMENT_BYTES + 1, LIMN_SEGMENT_MAX};
        LimnBuf frame = LIMN_BUF(2 * LIMN_SEGMENT_MAX), back = LIMN_BUF(LIMN_SEGMENT_MAX);
        LimnPacker *packer;
        uint32_t seed = 1;

        assert_int_equal(limn_packer_new(&packer), 0);
        for (size_t i = 0; i < 60; i++) {
                size_t n = i < sizeof lengths / sizeof *lengths ? lengths[i]
                                                                : random_next(&seed) % 300000;
                char *bytes = make_bytes(&seed, n);
                assert_int_equal(limn_segment_pack(packer, limn_slice(bytes, n), &frame), 0);
                assert_int_equal(
                        limn_segment_unpack(packer, limn_buf_slice(&frame), n, &back), 0);
                assert_true(limn_slice_eq(limn_buf_slice(&back), limn_slice(bytes, n)));
                free(bytes);
        }
        limn_buf_done(&frame);
        limn_buf_done(&back);
        limn_packer_free(packer);
}

/* The same bytes give the same frame, whatever the packer did before. */
static void test_same_bytes_same_frame(void **state)
{
        LimnBuf a = LIMN_BUF(2 * LIMN_SEGMENT_MAX), b = LIMN_BUF(2 * LIMN_SEGMENT_MAX);
        LimnPacker *used, *fresh;
        uint32_t seed = 7;
        char *other = make_bytes(&seed, 100000), *bytes = make_bytes(&seed, 200000);

        assert_int_equal(limn_packer_new(&used), 0);
        assert_int_equal(limn_packer_new(&fresh), 0);
        assert_int_equal(limn_segment_pack(used, limn_slice(other, 100000), &a), 0);
        assert_int_equal(limn_segment_pack(used, limn_slice(bytes, 200000), &a), 0);
        assert_int_equal(limn_segment_pack(fresh, limn_slice(bytes, 200000), &b), 0);
        assert_true(limn_slice_eq(limn_buf_slice(&a), limn_buf_slice(&b)));
        free(other);
        free(bytes);
        limn_buf_done(&a);
        limn_buf_done(&b);
        limn_packer_free(used);
        limn_packer_free(fresh);
}

static void test_damaged_frames(void **state)
{
        LimnBuf frame = LIMN_BUF(LIMN_SEGMENT_MAX), back = LIMN_BUF(LIMN_SEGMENT_MAX);
        LimnPacker *packer;
        uint32_t seed = 3;
        size_t n = 20000;
        char *bytes = make_bytes(&seed, n);

        assert_int_equal(limn_packer_new(&packer), 0);
        assert_int_equal(limn_segment_pack(packer, limn_slice(bytes, n), &frame), 0);
        LimnSlice good = limn_buf_slice(&frame);

        assert_int_equal(limn_segment_unpack(packer, good, n - 1, &back), -EBADMSG);
        assert_int_equal(limn_segment_unpack(packer, good, n + 1, &back), -EBADMSG);
        assert_int_equal(limn_segment_unpack(packer, good, SIZE_MAX, &back), -EBADMSG);
        assert_int_equal(limn_segment_unpack(packer, LIMN_NONE, 0, &back), -EBADMSG);
        assert_int_equal(limn_segment_unpack(packer, limn_slice(bytes, n), n, &back), -EBADMSG);
        for (size_t cut = 0; cut < good.n; cut += 97)
                assert_int_equal(limn_segment_unpack(packer, limn_slice_to(good, cut), n, &back),
                                 -EBADMSG);
        /* The checksum sees every flipped bit; each copy is of exact size for the sanitizer. */
        for (size_t at = 0; at < good.n; at += 61) {
                char *copy = malloc(good.n);
                assert_non_null(copy);
                memcpy(copy, good.p, good.n);
                copy[at] ^= (char)(1 << at % 8);
                int r = limn_segment_unpack(packer, limn_slice(copy, good.n), n, &back);
                if (r == 0)
                        assert_true(limn_slice_eq(limn_buf_slice(&back), limn_slice(bytes, n)));
                else
                        assert_int_equal(r, -EBADMSG);
                free(copy);
        }
        limn_buf_add_char(&frame, 'x');
        assert_int_equal(limn_segment_unpack(packer, limn_buf_slice(&frame), n, &back), -EBADMSG);
        free(bytes);
        limn_buf_done(&frame);
        limn_buf_done(&back);
        limn_packer_free(packer);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_round_trip),
                cmocka_unit_test(test_same_bytes_same_frame),
                cmocka_unit_test(test_damaged_frames),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
