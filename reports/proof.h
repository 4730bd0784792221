/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Proof: opens a finished archive again and searches the name and every byte of every member for
 * every masked value that can be proved absent, in each spelling and encoding of reports/mask.h.
 */
#include "reports/mask.h"

enum {
        LIMN_PROOF_CLEAN = 0,
        LIMN_PROOF_LEAK = 1, /* an error in diag names the member and the token, not the value */
};
int limn_proof(const LimnMask *mask, const char *path, LimnDiag *diag);
