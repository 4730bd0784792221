/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Needs: which rows of reports/secrets.list or entities.list can match a text at all, by the pieces
 * that each says a match has; one pass. Plain data; nothing is freed.
 */
#include <stdint.h>

#include "core/slice.h"

#define LIMN_NEEDS_MAX 192 /* below 256: a piece is told by a byte */
#define LIMN_NEEDS_ROWS 64

typedef struct LimnNeed {
        LimnSlice piece; /* lower case; into the row */
        uint64_t rows;
        unsigned char next; /* of the same first byte: index + 1; 0 ends */
} LimnNeed;

typedef struct LimnNeeds {
        LimnNeed at[LIMN_NEEDS_MAX];
        size_t n;
        unsigned char heads[256];      /* by first byte, lower case: index + 1 */
        unsigned char pairs[65536 / 8]; /* a bit for each first and second byte, in any case */
} LimnNeeds;

/* The pieces of a row, with bars between them. -E2BIG: too many, or none; row < LIMN_NEEDS_ROWS. */
int limn_needs_add(LimnNeeds *needs, unsigned row, LimnSlice pieces);
/* A bit for each row that has one of its pieces in the text. */
uint64_t limn_needs_find(const LimnNeeds *needs, LimnSlice text);
