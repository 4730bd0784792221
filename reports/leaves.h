/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Leaves: the records of a source as the leaves of its tree (core/merkle.h), and those of them that
 * an excerpt shows.
 *
 * A record reaches from its first byte to that of the next one, the first from the source's own, so
 * that every byte of the source is in one leaf. What is hashed is a salt and the record: without
 * it, whoever has a masked record and its hash could try out what was masked. A salt is given
 * away with a record that is shown whole, and only then. All salts of a source come from one key:
 * that of the map if names are masked, else made of the source's own bytes, so that whoever has
 * the source can build the tree anew.
 */
#include "core/arena.h"
#include "core/merkle.h"
#include "core/query.h"
#include "core/time.h"
#include "reports/discover_case.h"

typedef struct LimnLeaf {
        uint64_t index, offset, length;
        int64_t line;
        LimnTime time;   /* as stamped; of a cited record only */
        LimnSlice bytes; /* the first of it, at most LIMN_LEAF_BYTES_MAX */
        bool hidden;     /* it begins inside a private key */
        unsigned char salt[LIMN_SHA256_BYTES], hash[LIMN_SHA256_BYTES];
        const unsigned char *path; /* hashes from the leaf up */
        size_t n_path;
} LimnLeaf;

typedef struct LimnLeaves {
        uint64_t n; /* records of the source */
        unsigned char root[LIMN_SHA256_BYTES];
        LimnLeaf *at; /* those picked, in order */
        size_t n_at;
        LimnArena *arena;
        LimnMerkle *merkle;
} LimnLeaves;

typedef struct LimnLeavesAsk {
        const LimnQuery *query;
        const LimnSourceBytes *bytes;
        int64_t source;
        LimnSlice sha256;     /* of the source, as the case has it */
        const LimnMask *mask; /* NULL: no map */
        const int64_t *offsets; /* of the records wanted, ascending */
        size_t n_offsets;
        size_t around; /* that many before and after each are picked, too */
} LimnLeavesAsk;

/* Reads the source two or three times. Negative with a message. */
int limn_leaves_read(LimnLeaves **ret, const LimnLeavesAsk *ask, LimnDiag *diag);
LimnLeaves *limn_leaves_free(LimnLeaves *leaves);
