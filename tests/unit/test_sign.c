/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "core/sign.h"
#include "tests/support/keys.h"

static const unsigned char known[LIMN_SIGNATURE_BYTES] = {
                0xe5, 0x56, 0x43, 0x00, 0xc3, 0x60, 0xac, 0x72,
                0x90, 0x86, 0xe2, 0xcc, 0x80, 0x6e, 0x82, 0x8a,
                0x84, 0x87, 0x7f, 0x1e, 0xb8, 0xe5, 0xd9, 0x74,
                0xd8, 0x73, 0xe0, 0x65, 0x22, 0x49, 0x01, 0x55,
                0x5f, 0xb8, 0x82, 0x15, 0x90, 0xa3, 0x3b, 0xac,
                0xc6, 0x1e, 0x39, 0x70, 0x1c, 0xf9, 0xb4, 0x6b,
                0xd2, 0x5b, 0xf5, 0xf0, 0x59, 0x5b, 0xbe, 0x24,
                0x65, 0x51, 0x41, 0x43, 0x8e, 0x7a, 0x10, 0x0b};

/* RFC 8032, 7.1, test 1: the empty message. */
static void test_known(void **state)
{
        unsigned char signature[LIMN_SIGNATURE_BYTES];
        assert_int_equal(limn_sign(LIMN_S(TEST_PRIVATE_KEY), "key", LIMN_S(""), signature, NULL),
                         0);
        assert_memory_equal(signature, known, sizeof known);
        LimnSlice given = limn_slice((const char *)signature, sizeof signature);
        assert_int_equal(limn_sign_verify(LIMN_S(TEST_PUBLIC_KEY), "key", LIMN_S(""), given, NULL),
                         LIMN_SIGNATURE_GOOD);
        assert_int_equal(limn_sign_verify(LIMN_S(TEST_PUBLIC_KEY), "key", LIMN_S("x"), given, NULL),
                         LIMN_SIGNATURE_BAD);
        assert_int_equal(limn_sign_verify(LIMN_S(TEST_OTHER_KEY), "key", LIMN_S(""), given, NULL),
                         LIMN_SIGNATURE_BAD);
        given.n--;
        assert_int_equal(limn_sign_verify(LIMN_S(TEST_PUBLIC_KEY), "key", LIMN_S(""), given, NULL),
                         LIMN_SIGNATURE_BAD);
}

static void test_no_key(void **state)
{
        LimnDiag *diag = limn_diag_new();
        unsigned char signature[LIMN_SIGNATURE_BYTES];
        assert_int_equal(limn_sign(LIMN_S(TEST_PUBLIC_KEY), "key", LIMN_S("x"), signature, diag),
                         -EINVAL);
        assert_int_equal(limn_sign(LIMN_S("no key"), "key", LIMN_S("x"), signature, diag), -EINVAL);
        assert_int_equal(limn_sign_verify(LIMN_S(TEST_PRIVATE_KEY), "key", LIMN_S("x"), LIMN_S("y"),
                                          diag),
                         -EINVAL);
        assert_int_equal(limn_diag_kept(diag), 3);
        limn_diag_free(diag);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_known),
                cmocka_unit_test(test_no_key),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
