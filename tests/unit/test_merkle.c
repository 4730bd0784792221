/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "core/merkle.h"

/* The leaves and roots that the implementations of Certificate Transparency test with: roots[n] is
 * of the first n leaves. */
static const LimnSlice leaves[] = {
        {"", 0},
        {"\0", 1},
        {"\x10", 1},
        {"\x20\x21", 2},
        {"\x30\x31", 2},
        {"\x40\x41\x42\x43", 4},
        {"\x50\x51\x52\x53\x54\x55\x56\x57", 8},
        {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16},
};
static const char *const roots[] = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static LimnMerkle *build(size_t n, const uint64_t *tracked, size_t n_tracked,
                         unsigned char root[LIMN_SHA256_BYTES])
{
        LimnMerkle *merkle = NULL;
        assert_int_equal(limn_merkle_new(&merkle, tracked, n_tracked), 0);
        for (size_t i = 0; i < n; i++) {
                unsigned char leaf[LIMN_SHA256_BYTES];
                LimnSlice bytes = i < N_OF(leaves) ? leaves[i]
                                                   : limn_slice((const char *)&i, sizeof i);
                assert_int_equal(limn_merkle_leaf(bytes, leaf), 0);
                assert_int_equal(limn_merkle_add(merkle, leaf), 0);
        }
        assert_int_equal(limn_merkle_end(merkle, root), 0);
        return merkle;
}

static void test_known_roots(void **state)
{
        for (size_t n = 0; n < N_OF(roots); n++) {
                unsigned char root[LIMN_SHA256_BYTES];
                char hex[LIMN_SHA256_HEX];
                limn_merkle_free(build(n, NULL, 0, root));
                limn_hex(root, sizeof root, hex);
                assert_string_equal(hex, roots[n]);
        }
        assert_null(limn_merkle_free(NULL));
}

/* Each path of each tree up to 70 leaves leads to its root, from its own place only, and no longer,
 * shorter or changed one does. */
static void test_paths(void **state)
{
        for (uint64_t n = 1; n <= 70; n++) {
                uint64_t all[70];
                unsigned char root[LIMN_SHA256_BYTES];
                for (uint64_t i = 0; i < n; i++)
                        all[i] = i;
                LimnMerkle *merkle = build(n, all, n, root);
                for (uint64_t i = 0; i < n; i++) {
                        unsigned char leaf[LIMN_SHA256_BYTES], copy[LIMN_MERKLE_PATH_MAX * 32];
                        LimnSlice bytes = i < N_OF(leaves)
                                                  ? leaves[i]
                                                  : limn_slice((const char *)&i, sizeof i);
                        const unsigned char *path;
                        size_t k = limn_merkle_path(merkle, i, &path);
                        assert_int_equal(limn_merkle_leaf(bytes, leaf), 0);
                        assert_int_equal(limn_merkle_check(i, n, leaf, path, k, root), 1);
                        memcpy(copy, path, k * 32);
                        memset(copy + k * 32, 0, 32);
                        assert_int_equal(limn_merkle_check(i, n, leaf, copy, k + 1, root), 0);
                        assert_int_equal(limn_merkle_check(n, n, leaf, path, k, root), 0);
                        leaf[3] ^= 4;
                        assert_int_equal(limn_merkle_check(i, n, leaf, path, k, root), 0);
                        leaf[3] ^= 4;
                        if (k == 0)
                                continue;
                        assert_int_equal(limn_merkle_check(i, n, leaf, path, k - 1, root), 0);
                        copy[(i * 7) % (k * 32)] ^= 1;
                        assert_int_equal(limn_merkle_check(i, n, leaf, copy, k, root), 0);
                        assert_int_equal(limn_merkle_check(i ^ 1, n, leaf, path, k, root), 0);
                }
                limn_merkle_free(merkle);
        }
}

/* Those not asked for cost nothing and disturb nothing. */
static void test_some(void **state)
{
        const uint64_t some[] = {0, 3, 999, 1000};
        unsigned char root[LIMN_SHA256_BYTES], leaf[LIMN_SHA256_BYTES];
        LimnMerkle *merkle = build(1001, some, N_OF(some), root);
        for (size_t i = 0; i < N_OF(some); i++) {
                const unsigned char *path;
                size_t k = limn_merkle_path(merkle, i, &path);
                size_t at = some[i];
                LimnSlice bytes = at < N_OF(leaves) ? leaves[at]
                                                    : limn_slice((const char *)&at, sizeof at);
                assert_int_equal(limn_merkle_leaf(bytes, leaf), 0);
                assert_int_equal(limn_merkle_check(at, 1001, leaf, path, k, root), 1);
        }
        limn_merkle_free(merkle);
}

static void test_hex(void **state)
{
        unsigned char bytes[2] = {0};
        char hex[5];
        assert_true(limn_unhex(LIMN_S("0aFf"), bytes, 2));
        limn_hex(bytes, 2, hex);
        assert_string_equal(hex, "0aff");
        assert_false(limn_unhex(LIMN_S("0aF"), bytes, 2));
        assert_false(limn_unhex(LIMN_S("0aFg"), bytes, 2));
        assert_false(limn_unhex(LIMN_S("0aff0"), bytes, 2));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_known_roots), cmocka_unit_test(test_paths),
                cmocka_unit_test(test_some), cmocka_unit_test(test_hex),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
