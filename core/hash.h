/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Hash: SHA-256, streaming, and HMAC with it, by libcrypto (which uses the CPU's instructions). */
#include <stdbool.h>

#include "core/slice.h"

#define LIMN_SHA256_BYTES 32
#define LIMN_SHA256_HEX 65 /* with its NUL */

typedef struct LimnSha256 LimnSha256;

LimnSha256 *limn_sha256_new(void); /* NULL: no memory */
LimnSha256 *limn_sha256_free(LimnSha256 *sha);
int limn_sha256_add(LimnSha256 *sha, LimnSlice bytes);
/* The digest of what came so far; more may be added after. */
int limn_sha256_digest(const LimnSha256 *sha, unsigned char ret[LIMN_SHA256_BYTES]);
int limn_sha256_hex(const LimnSha256 *sha, char ret[LIMN_SHA256_HEX]);
/* The digest, and begin anew: for many small ones. */
int limn_sha256_finish(LimnSha256 *sha, unsigned char ret[LIMN_SHA256_BYTES]);
void limn_hex(const unsigned char *bytes, size_t n, char *ret); /* 2 * n digits and a NUL */
/* Exactly 2 * n digits, of either case. */
bool limn_unhex(LimnSlice hex, unsigned char *ret, size_t n);
int limn_sha256_of(LimnSlice bytes, char ret[LIMN_SHA256_HEX]);
/* HMAC-SHA-256 (RFC 2104) of the parts joined. */
int limn_hmac_sha256(LimnSlice key, const LimnSlice *parts, size_t n,
                     unsigned char ret[LIMN_SHA256_BYTES]);
/* Bytes nobody can guess, for keys. */
int limn_random(unsigned char *ret, size_t n);
