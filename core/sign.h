/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Sign: Ed25519 signatures (RFC 8032) by libcrypto; keys as PEM text. */
#include "core/diag.h"
#include "core/slice.h"

#define LIMN_SIGNATURE_BYTES 64

/* `pem`: a private key without a passphrase, as `openssl genpkey -algorithm ed25519` writes it.
 * `name`: for messages. -EINVAL with a message when it is none. */
int limn_sign(LimnSlice pem, const char *name, LimnSlice message,
              unsigned char ret[LIMN_SIGNATURE_BYTES], LimnDiag *diag);
enum { LIMN_SIGNATURE_GOOD = 0, LIMN_SIGNATURE_BAD = 1 };
/* `pem`: the public key. */
int limn_sign_verify(LimnSlice pem, const char *name, LimnSlice message, LimnSlice signature,
                     LimnDiag *diag);
