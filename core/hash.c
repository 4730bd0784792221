/* SPDX-License-Identifier: Apache-2.0 */
#include "core/hash.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdlib.h>

#include "core/ascii.h"

struct LimnSha256 {
        EVP_MD_CTX *running;
        EVP_MD_CTX *copy; /* finished in the running one's place, so that that can go on */
};

LimnSha256 *limn_sha256_free(LimnSha256 *sha)
{
        if (sha) {
                EVP_MD_CTX_free(sha->running);
                EVP_MD_CTX_free(sha->copy);
                free(sha);
        }
        return NULL;
}

LimnSha256 *limn_sha256_new(void)
{
        LimnSha256 *sha = calloc(1, sizeof *sha);
        if (!sha)
                return NULL;
        sha->running = EVP_MD_CTX_new();
        sha->copy = EVP_MD_CTX_new();
        if (!sha->running || !sha->copy ||
            EVP_DigestInit_ex(sha->running, EVP_sha256(), NULL) != 1)
                return limn_sha256_free(sha);
        return sha;
}

int limn_sha256_add(LimnSha256 *sha, LimnSlice bytes)
{
        return EVP_DigestUpdate(sha->running, bytes.p, bytes.n) == 1 ? 0 : -ENOMEM;
}

int limn_sha256_digest(const LimnSha256 *sha, unsigned char ret[LIMN_SHA256_BYTES])
{
        if (EVP_MD_CTX_copy_ex(sha->copy, sha->running) != 1 ||
            EVP_DigestFinal_ex(sha->copy, ret, NULL) != 1)
                return -ENOMEM;
        return 0;
}

int limn_sha256_finish(LimnSha256 *sha, unsigned char ret[LIMN_SHA256_BYTES])
{
        /* No type again: what is fetched stays. */
        if (EVP_DigestFinal_ex(sha->running, ret, NULL) != 1 ||
            EVP_DigestInit_ex(sha->running, NULL, NULL) != 1)
                return -ENOMEM;
        return 0;
}

void limn_hex(const unsigned char *bytes, size_t n, char *ret)
{
        for (size_t i = 0; i < n; i++) {
                ret[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
                ret[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
        }
        ret[2 * n] = '\0';
}

bool limn_unhex(LimnSlice hex, unsigned char *ret, size_t n)
{
        if (hex.n != 2 * n)
                return false;
        for (size_t i = 0; i < n; i++) {
                int high = limn_ascii_hex(hex.p[2 * i]), low = limn_ascii_hex(hex.p[2 * i + 1]);
                if (high < 0 || low < 0)
                        return false;
                ret[i] = (unsigned char)(high << 4 | low);
        }
        return true;
}

int limn_sha256_hex(const LimnSha256 *sha, char ret[LIMN_SHA256_HEX])
{
        unsigned char digest[LIMN_SHA256_BYTES];
        int r = limn_sha256_digest(sha, digest);
        if (r == 0)
                limn_hex(digest, sizeof digest, ret);
        return r;
}

int limn_sha256_of(LimnSlice bytes, char ret[LIMN_SHA256_HEX])
{
        unsigned char digest[LIMN_SHA256_BYTES];
        if (EVP_Digest(bytes.p, bytes.n, digest, NULL, EVP_sha256(), NULL) != 1)
                return -ENOMEM;
        limn_hex(digest, sizeof digest, ret);
        return 0;
}

int limn_hmac_sha256(LimnSlice key, const LimnSlice *parts, size_t n,
                     unsigned char ret[LIMN_SHA256_BYTES])
{
        char digest[] = "SHA256";
        const OSSL_PARAM params[] = {
                OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                OSSL_PARAM_construct_end(),
        };
        EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
        EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
        size_t got = 0;
        bool fine = ctx && EVP_MAC_init(ctx, (const unsigned char *)key.p, key.n, params) == 1;
        for (size_t i = 0; fine && i < n; i++)
                fine = EVP_MAC_update(ctx, (const unsigned char *)parts[i].p, parts[i].n) == 1;
        fine = fine && EVP_MAC_final(ctx, ret, &got, LIMN_SHA256_BYTES) == 1 &&
               got == LIMN_SHA256_BYTES;
        EVP_MAC_CTX_free(ctx);
        EVP_MAC_free(mac);
        return fine ? 0 : -ENOMEM;
}

int limn_random(unsigned char *ret, size_t n)
{
        return RAND_bytes(ret, (int)n) == 1 ? 0 : -EIO;
}
