/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What of an excerpt can be checked by itself: each of its records against the root it names. */
#include "core/arena.h"
#include "core/buf.h"
#include "core/hash.h"

typedef struct LimnExcerptChecked {
        LimnSlice path, sha256, root; /* of its source, in the arena */
        int64_t bytes, records;
        size_t proved;                         /* records shown, each of which the root has */
        char text_sha256[LIMN_SHA256_HEX];     /* of the text that people read */
} LimnExcerptChecked;

enum { LIMN_EXCERPT_BAD = 1 }; /* `why` says in what */
/* 0, LIMN_EXCERPT_BAD, -ENOMEM. */
int limn_excerpt_check(LimnSlice document, LimnArena *arena, LimnExcerptChecked *ret, LimnBuf *why);
