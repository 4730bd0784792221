/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* An excerpt as people read it, made of its document alone: evidence/NN-NAME.txt is that of
 * evidence/NN-NAME.proof.json, and `limn verify` checks that it still is. */
#include "core/buf.h"
#include "core/json.h"

#define LIMN_EXCERPT_SCHEMA "limn.excerpt/1"
#define LIMN_EXCERPT_TEXT ".txt"
#define LIMN_EXCERPT_PROOF ".proof.json"

/* -EINVAL: it is no such document. */
int limn_excerpt_text(const json_t *root, LimnBuf *out);
/* The bytes of a record: of "text", or of "hex" into `hold`. p NULL: neither, or no hex digits. */
LimnSlice limn_excerpt_bytes(const json_t *record, LimnBuf *hold);
