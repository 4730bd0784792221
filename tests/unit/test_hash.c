/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "core/hash.h"

/* FIPS 180-4 examples. */
static const struct {
        const char *text, *hex;
} known[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void test_known(void **state)
{
        for (size_t i = 0; i < N_OF(known); i++) {
                char hex[LIMN_SHA256_HEX];
                assert_int_equal(limn_sha256_of(limn_slice_str(known[i].text), hex), 0);
                assert_string_equal(hex, known[i].hex);
        }
}

static void test_streamed(void **state)
{
        for (size_t i = 0; i < N_OF(known); i++) {
                LimnSha256 *sha = limn_sha256_new();
                assert_non_null(sha);
                for (const char *p = known[i].text; *p; p++)
                        assert_int_equal(limn_sha256_add(sha, limn_slice(p, 1)), 0);
                assert_int_equal(limn_sha256_add(sha, LIMN_NONE), 0);
                char hex[LIMN_SHA256_HEX];
                assert_int_equal(limn_sha256_hex(sha, hex), 0);
                assert_string_equal(hex, known[i].hex);
                limn_sha256_free(sha);
        }
        assert_null(limn_sha256_free(NULL));
}

/* A digest in the middle disturbs nothing: a grown file is recognised by one. */
static void test_goes_on_after_a_digest(void **state)
{
        LimnSha256 *sha = limn_sha256_new();
        char hex[LIMN_SHA256_HEX];
        unsigned char digest[LIMN_SHA256_BYTES];
        limn_sha256_add(sha, LIMN_S("a"));
        assert_int_equal(limn_sha256_digest(sha, digest), 0);
        limn_sha256_add(sha, LIMN_S("bc"));
        assert_int_equal(limn_sha256_hex(sha, hex), 0);
        assert_string_equal(hex, known[1].hex);
        assert_int_equal(limn_sha256_hex(sha, hex), 0);
        assert_string_equal(hex, known[1].hex);
        assert_int_equal(limn_sha256_digest(sha, digest), 0);
        assert_int_equal(digest[0], 0xba);
        assert_int_equal(digest[31], 0xad);
        limn_sha256_free(sha);
}

static void test_million(void **state)
{
        char *text = malloc(1000000), hex[LIMN_SHA256_HEX];
        assert_non_null(text);
        memset(text, 'a', 1000000);
        assert_int_equal(limn_sha256_of(limn_slice(text, 1000000), hex), 0);
        assert_string_equal(hex,
                            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
        free(text);
}

/* RFC 4231, test case 2; in parts. */
static void test_hmac(void **state)
{
        static const unsigned char expected[] = {
                0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24,
                0x26, 0x08, 0x95, 0x75, 0xc7, 0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27,
                0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43};
        const LimnSlice parts[] = {LIMN_S("what do ya "), LIMN_S(""), LIMN_S("want for nothing?")};
        unsigned char digest[LIMN_SHA256_BYTES];
        assert_int_equal(limn_hmac_sha256(LIMN_S("Jefe"), parts, 3, digest), 0);
        assert_memory_equal(digest, expected, sizeof expected);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_known),
                cmocka_unit_test(test_streamed),
                cmocka_unit_test(test_goes_on_after_a_digest),
                cmocka_unit_test(test_million),
                cmocka_unit_test(test_hmac),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
