/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Redact: masks secrets (passwords, tokens, keys) in text that leaves the site.
 *
 * What a secret looks like is data: reports/secrets.list, each row with its own examples. A
 * secret becomes LIMN_SECRET_MASK; what stands around it stays, so that the line still reads.
 * A Redact answers the same always, but keeps a scratch: it is for one thread at a time.
 */
#include "core/buf.h"
#include "core/diag.h"
#include "reports/mask.h"

#define LIMN_SECRET_MASK "[secret]"

typedef struct LimnRedact LimnRedact;

int limn_redact_new(LimnRedact **ret, LimnDiag *diag);
LimnRedact *limn_redact_free(LimnRedact *redact);
/* From now on names are masked, too. The mask is sealed and outlives the Redact; NULL: none. */
void limn_redact_names(LimnRedact *redact, const LimnMask *mask);
/* Each row runs on each text: what the needs save changes nothing, which a test holds with this. */
void limn_redact_everywhere(LimnRedact *redact);
const LimnMask *limn_redact_mask(const LimnRedact *redact);

/* Appends the text with its secrets masked, and names if asked; *ret_masked (may be NULL) says how
 * many places were. */
int limn_redact(const LimnRedact *redact, LimnSlice text, LimnBuf *out, size_t *ret_masked);
/* Is the value of a setting of this name a secret (password, master_password, api-key)? */
bool limn_redact_is_secret_name(LimnSlice name);

/* The table, for the documentation and for the tests. */
typedef struct LimnSecret {
        const char *name;
        const char *needs; /* pieces, bars between them: a match has one, in any case */
        const char *re;    /* its named groups are what is masked */
        const char *match; /* an example, one line; its secret is `hunter2` or marked below */
        const char *masked; /* the same after masking */
        const char *keep;  /* a line that must come through unchanged */
} LimnSecret;
extern const LimnSecret limn_secrets[]; /* ends with a NULL name */
