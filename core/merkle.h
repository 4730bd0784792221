/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Merkle: the hash tree of RFC 6962 (section 2.1) with SHA-256, built as its leaves come, and the
 * audit paths of the leaves that were asked for. Memory is that of the paths, whatever the size of
 * the tree.
 */
#include <stdint.h>

#include "core/hash.h"

#define LIMN_MERKLE_PATH_MAX 64 /* hashes in an audit path, at most */

typedef struct LimnMerkle LimnMerkle;

/* `tracked`: the leaves whose paths are wanted, from 0, ascending, none twice; copied. -ENOMEM. */
int limn_merkle_new(LimnMerkle **ret, const uint64_t *tracked, size_t n);
LimnMerkle *limn_merkle_free(LimnMerkle *merkle);
/* The hash of the next leaf, as limn_merkle_leaf() makes it. */
int limn_merkle_add(LimnMerkle *merkle, const unsigned char leaf[LIMN_SHA256_BYTES]);
/* No more leaves. The root; that of no leaves is the hash of nothing. */
int limn_merkle_end(LimnMerkle *merkle, unsigned char ret_root[LIMN_SHA256_BYTES]);
/* After the end: the path of tracked leaf `i`, from the leaf up, as hashes one behind the other;
 * valid until the free. */
size_t limn_merkle_path(const LimnMerkle *merkle, size_t i, const unsigned char **ret_hashes);

/* SHA-256 of 0x00 and the leaf's bytes. */
int limn_merkle_leaf(LimnSlice bytes, unsigned char ret[LIMN_SHA256_BYTES]);
/* Does the path lead from leaf `index` of `size` to the root? 1 yes, 0 no, -ENOMEM. */
int limn_merkle_check(uint64_t index, uint64_t size, const unsigned char leaf[LIMN_SHA256_BYTES],
                      const unsigned char *path, size_t n_path,
                      const unsigned char root[LIMN_SHA256_BYTES]);
