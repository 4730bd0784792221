/* SPDX-License-Identifier: Apache-2.0 */
#include "core/merkle.h"

#include <errno.h>
#include <stdlib.h>

/* A finished subtree of 2^level leaves; those tracked in it are [from, to). */
typedef struct Node {
        unsigned char hash[LIMN_SHA256_BYTES];
        unsigned level;
        size_t from, to;
} Node;

typedef struct Tracked {
        uint64_t index;
        size_t n;
        unsigned char path[LIMN_MERKLE_PATH_MAX * LIMN_SHA256_BYTES];
} Tracked;

struct LimnMerkle {
        LimnSha256 *sha;
        Node stack[LIMN_MERKLE_PATH_MAX + 1]; /* levels fall */
        size_t depth;
        uint64_t size;
        Tracked *tracked;
        size_t n, next; /* of those tracked, the first whose leaf has not come */
};

LimnMerkle *limn_merkle_free(LimnMerkle *merkle)
{
        if (!merkle)
                return NULL;
        limn_sha256_free(merkle->sha);
        free(merkle->tracked);
        free(merkle);
        return NULL;
}

int limn_merkle_new(LimnMerkle **ret, const uint64_t *tracked, size_t n)
{
        LimnMerkle *merkle = calloc(1, sizeof *merkle);
        if (!merkle)
                return -ENOMEM;
        merkle->sha = limn_sha256_new();
        merkle->tracked = calloc(n + 1, sizeof *merkle->tracked);
        if (!merkle->sha || !merkle->tracked) {
                limn_merkle_free(merkle);
                return -ENOMEM;
        }
        for (size_t i = 0; i < n; i++)
                merkle->tracked[i].index = tracked[i];
        merkle->n = n;
        *ret = merkle;
        return 0;
}

static int hash(LimnSha256 *sha, char kind, LimnSlice a, LimnSlice b,
                unsigned char ret[LIMN_SHA256_BYTES])
{
        int r = limn_sha256_add(sha, limn_slice(&kind, 1));
        if (r == 0)
                r = limn_sha256_add(sha, a);
        if (r == 0)
                r = limn_sha256_add(sha, b);
        return r < 0 ? r : limn_sha256_finish(sha, ret);
}

static LimnSlice bytes_of(const unsigned char hash[LIMN_SHA256_BYTES])
{
        return limn_slice((const char *)hash, LIMN_SHA256_BYTES);
}

static int parent(LimnSha256 *sha, const unsigned char *left, const unsigned char *right,
                  unsigned char ret[LIMN_SHA256_BYTES])
{
        return hash(sha, 1, bytes_of(left), bytes_of(right), ret);
}

static void sibling(LimnMerkle *merkle, const Node *of, const Node *is)
{
        for (size_t i = of->from; i < of->to; i++) {
                Tracked *t = &merkle->tracked[i];
                if (t->n < LIMN_MERKLE_PATH_MAX)
                        memcpy(t->path + t->n++ * LIMN_SHA256_BYTES, is->hash, LIMN_SHA256_BYTES);
        }
}

/* The two on top become one. */
static int join(LimnMerkle *merkle)
{
        Node *left = &merkle->stack[merkle->depth - 2], *right = left + 1;
        sibling(merkle, left, right);
        sibling(merkle, right, left);
        int r = parent(merkle->sha, left->hash, right->hash, left->hash);
        left->level++;
        left->to = right->to;
        merkle->depth--;
        return r;
}

int limn_merkle_add(LimnMerkle *merkle, const unsigned char leaf[LIMN_SHA256_BYTES])
{
        Node *node = &merkle->stack[merkle->depth++];
        node->level = 0;
        node->from = merkle->next;
        memcpy(node->hash, leaf, LIMN_SHA256_BYTES);
        if (merkle->next < merkle->n && merkle->tracked[merkle->next].index == merkle->size)
                merkle->next++;
        node->to = merkle->next;
        merkle->size++;
        int r = 0;
        while (r == 0 && merkle->depth > 1 &&
               merkle->stack[merkle->depth - 2].level == merkle->stack[merkle->depth - 1].level)
                r = join(merkle);
        return r;
}

int limn_merkle_end(LimnMerkle *merkle, unsigned char ret_root[LIMN_SHA256_BYTES])
{
        int r = 0;
        if (merkle->depth == 0)
                return limn_sha256_finish(merkle->sha, ret_root);
        while (r == 0 && merkle->depth > 1)
                r = join(merkle);
        if (r == 0)
                memcpy(ret_root, merkle->stack[0].hash, LIMN_SHA256_BYTES);
        return r;
}

size_t limn_merkle_path(const LimnMerkle *merkle, size_t i, const unsigned char **ret_hashes)
{
        *ret_hashes = merkle->tracked[i].path;
        return merkle->tracked[i].n;
}

int limn_merkle_leaf(LimnSlice bytes, unsigned char ret[LIMN_SHA256_BYTES])
{
        LimnSha256 *sha = limn_sha256_new();
        int r = sha ? hash(sha, 0, bytes, LIMN_NONE, ret) : -ENOMEM;
        limn_sha256_free(sha);
        return r;
}

/* RFC 9162, section 2.1.3.2. */
int limn_merkle_check(uint64_t index, uint64_t size, const unsigned char leaf[LIMN_SHA256_BYTES],
                      const unsigned char *path, size_t n_path,
                      const unsigned char root[LIMN_SHA256_BYTES])
{
        if (index >= size)
                return 0;
        LimnSha256 *sha = limn_sha256_new();
        unsigned char at[LIMN_SHA256_BYTES];
        uint64_t node = index, last = size - 1;
        int r = sha ? 0 : -ENOMEM;
        memcpy(at, leaf, sizeof at);
        for (size_t i = 0; r == 0 && i < n_path; i++) {
                const unsigned char *other = path + i * LIMN_SHA256_BYTES;
                if (last == 0)
                        break;
                if (node & 1 || node == last) {
                        r = parent(sha, other, at, at);
                        while (!(node & 1) && node) {
                                node >>= 1;
                                last >>= 1;
                        }
                } else {
                        r = parent(sha, at, other, at);
                }
                node >>= 1;
                last >>= 1;
                if (last == 0 && i + 1 < n_path) {
                        limn_sha256_free(sha);
                        return r < 0 ? r : 0; /* a path longer than the tree is high */
                }
        }
        limn_sha256_free(sha);
        if (r < 0)
                return r;
        return last == 0 && memcmp(at, root, sizeof at) == 0 &&
               (size > 1 || n_path == 0);
}
