/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/leaves.h"

#include <errno.h>
#include <stdlib.h>

#include "core/limits.h"
#include "core/vec.h"
#include "reports/view_load.h"

typedef struct Build {
        const LimnLeavesAsk *ask;
        LimnLeaves *leaves;
        LimnBuf starts; /* of each record: how much further, and how many lines, in 7-bit groups */
        uint64_t start; /* the last one put there, or taken from there */
        int64_t line;
        LimnTime time;
        size_t cited; /* of ask->offsets: found so far */
        struct {
                struct Pick {
                        uint64_t index;
                        LimnTime time;
                } *at;
                size_t n, cap;
        } picks;
        /* -- the second reading */
        size_t taken; /* of starts */
        uint64_t next;
        int64_t next_line;
        uint64_t offset, index, key_until;
        size_t pick;
        bool picked; /* the record at hand */
        LimnBuf held;
        LimnSha256 *salting, *leaf;
        unsigned char key[LIMN_SHA256_BYTES], salt[LIMN_SHA256_BYTES];
} Build;

LimnLeaves *limn_leaves_free(LimnLeaves *leaves)
{
        if (!leaves)
                return NULL;
        limn_merkle_free(leaves->merkle);
        limn_arena_free(leaves->arena);
        free(leaves->at);
        free(leaves);
        return NULL;
}

/* -- where records begin -------------------------------------------------------------------- */

static void put(LimnBuf *b, uint64_t v)
{
        for (; v >= 0x80; v >>= 7)
                limn_buf_add_char(b, (char)(v | 0x80));
        limn_buf_add_char(b, (char)v);
}

static uint64_t take(const LimnBuf *b, size_t *at)
{
        uint64_t v = 0;
        for (unsigned shift = 0; *at < b->n; shift += 7) {
                unsigned char c = (unsigned char)b->p[(*at)++];
                v |= (uint64_t)(c & 0x7f) << shift;
                if (c < 0x80)
                        break;
        }
        return v;
}

static int pick(Build *b, uint64_t index)
{
        if (b->picks.n && b->picks.at[b->picks.n - 1].index >= index)
                return 0;
        if (limn_vec_room(&b->picks) < 0)
                return -ENOMEM;
        b->picks.at[b->picks.n++] = (struct Pick){index, LIMN_TIME_NONE};
        return 0;
}

/* Offsets below `limit` lie in the last record that was begun. */
static int cite(Build *b, uint64_t limit)
{
        bool any = false;
        while (b->cited < b->ask->n_offsets && (uint64_t)b->ask->offsets[b->cited] < limit) {
                any = true;
                b->cited++;
        }
        if (!any)
                return 0;
        uint64_t at = b->leaves->n - 1, around = b->ask->around;
        int r = 0;
        for (uint64_t i = at > around ? at - around : 0; r == 0 && i <= at + around; i++)
                r = pick(b, i);
        for (size_t i = b->picks.n; r == 0 && i > 0 && b->picks.at[i - 1].index >= at; i--)
                if (b->picks.at[i - 1].index == at)
                        b->picks.at[i - 1].time = b->time;
        return r;
}

static int on_record(void *arg, const LimnValue *v, size_t n)
{
        Build *b = arg;
        uint64_t start = (uint64_t)limn_value_int(&v[0], 0);
        int64_t line = limn_value_int(&v[1], 0);
        bool first = b->leaves->n == 0;
        if (first)
                start = 0;
        else if (start <= b->start)
                return 0;
        int r = first ? 0 : cite(b, start);
        put(&b->starts, start - b->start);
        put(&b->starts, line > b->line ? (uint64_t)(line - b->line) : 0);
        b->start = start;
        b->line = line > b->line ? line : b->line;
        b->time = n > 2 ? limn_value_time(&v[2]) : LIMN_TIME_NONE;
        b->leaves->n++;
        return r < 0 ? r : b->starts.error;
}

static int find_records(Build *b, LimnDiag *diag)
{
        const LimnParam source = {":source", LIMN_VALUE_OF_INT(b->ask->source)};
        int r = b->ask->query->run(b->ask->query->ctx,
                                   "SELECT \"offset\", line, time FROM event"
                                   " WHERE source_id = :source",
                                   &source, 1, on_record, b, diag);
        if (r == 0 && b->leaves->n == 0) {
                const LimnValue one[] = {LIMN_VALUE_OF_INT(0), LIMN_VALUE_OF_INT(1)};
                r = on_record(b, one, 2);
        }
        if (r == 0)
                r = cite(b, UINT64_MAX);
        while (b->picks.n && b->picks.at[b->picks.n - 1].index >= b->leaves->n)
                b->picks.n--;
        return r;
}

/* -- their hashes --------------------------------------------------------------------------- */

static int on_key(void *arg, LimnSlice bytes)
{
        return limn_sha256_add(arg, bytes);
}

static int make_key(Build *b, LimnDiag *diag)
{
        if (b->ask->mask)
                return limn_mask_digest(b->ask->mask, "salt", b->ask->sha256, b->key);
        LimnSha256 *sha = limn_sha256_new();
        int r = sha ? limn_sha256_add(sha, LIMN_S("limn.salt/1\n")) : -ENOMEM;
        if (r == 0)
                r = b->ask->bytes->extract(b->ask->bytes->ctx, b->ask->source, on_key, sha, diag);
        if (r == 0)
                r = limn_sha256_finish(sha, b->key);
        limn_sha256_free(sha);
        return r;
}

static void next_start(Build *b)
{
        b->start = b->next;
        b->line = b->next_line;
        if (b->taken < b->starts.n) {
                b->next += take(&b->starts, &b->taken);
                b->next_line += (int64_t)take(&b->starts, &b->taken);
        } else {
                b->next = UINT64_MAX;
        }
}

static int begin(Build *b)
{
        unsigned char count[8];
        for (int i = 0; i < 8; i++)
                count[i] = (unsigned char)(b->index >> (56 - 8 * i));
        int r = limn_sha256_add(b->salting, limn_slice((const char *)b->key, sizeof b->key));
        if (r == 0)
                r = limn_sha256_add(b->salting, limn_slice((const char *)count, sizeof count));
        if (r == 0)
                r = limn_sha256_finish(b->salting, b->salt);
        if (r == 0)
                r = limn_sha256_add(b->leaf, LIMN_S("\0"));
        if (r == 0)
                r = limn_sha256_add(b->leaf, limn_slice((const char *)b->salt, sizeof b->salt));
        b->picked = b->pick < b->picks.n && b->picks.at[b->pick].index == b->index;
        if (b->picked) {
                limn_buf_clear(&b->held);
                b->leaves->at[b->pick] = (LimnLeaf){.index = b->index,
                                                    .offset = b->start,
                                                    .line = b->line,
                                                    .time = b->picks.at[b->pick].time,
                                                    .hidden = b->start < b->key_until};
        }
        return r;
}

static int end(Build *b)
{
        unsigned char hash[LIMN_SHA256_BYTES];
        int r = limn_sha256_finish(b->leaf, hash);
        if (r == 0)
                r = limn_merkle_add(b->leaves->merkle, hash);
        if (r == 0 && b->picked) {
                LimnLeaf *leaf = &b->leaves->at[b->pick++];
                leaf->length = b->offset - b->start;
                memcpy(leaf->salt, b->salt, sizeof leaf->salt);
                memcpy(leaf->hash, hash, sizeof leaf->hash);
                leaf->bytes = limn_arena_dup(b->leaves->arena, limn_buf_slice(&b->held));
                r = leaf->bytes.p ? b->held.error : -ENOMEM;
        }
        b->index++;
        return r;
}

/* A private key's lines may be records of their own, each of which looks harmless. */
static void watch_for_keys(Build *b, LimnSlice part)
{
        static const LimnSlice opening = {"-----BEGIN ", 11}, closing = {"-----END ", 9};
        for (LimnSlice rest = part; rest.n;) {
                size_t at = limn_slice_find(rest, LIMN_S("-----"));
                if (at == rest.n)
                        return;
                rest = limn_slice_from(rest, at);
                uint64_t offset = b->offset + (uint64_t)(rest.p - part.p);
                if (limn_slice_starts(rest, opening) &&
                    limn_slice_find(limn_slice_to(rest, 64), LIMN_S("PRIVATE KEY")) < 64)
                        b->key_until = offset + LIMN_KEY_BLOCK_MAX;
                else if (limn_slice_starts(rest, closing))
                        b->key_until = offset;
                rest = limn_slice_from(rest, 5);
        }
}

static int on_bytes(void *arg, LimnSlice bytes)
{
        Build *b = arg;
        bool dashes = limn_slice_find(bytes, LIMN_S("-----")) < bytes.n;
        int r = 0;
        while (r == 0 && bytes.n) {
                if (b->offset == b->next) {
                        r = b->offset ? end(b) : 0;
                        next_start(b);
                        if (r == 0)
                                r = begin(b);
                        continue;
                }
                uint64_t left = b->next - b->offset;
                LimnSlice part = limn_slice_to(bytes, left < bytes.n ? (size_t)left : bytes.n);
                if (dashes)
                        watch_for_keys(b, part);
                r = limn_sha256_add(b->leaf, part);
                if (r == 0 && b->picked)
                        r = limn_buf_add(&b->held,
                                         limn_slice_to(part, LIMN_LEAF_BYTES_MAX - b->held.n));
                b->offset += part.n;
                bytes = limn_slice_from(bytes, part.n);
        }
        return r;
}

static int hash_records(Build *b, LimnDiag *diag)
{
        LimnLeaves *leaves = b->leaves;
        leaves->n_at = b->picks.n;
        leaves->at = calloc(b->picks.n + 1, sizeof *leaves->at);
        leaves->arena = limn_arena_new(LIMN_LEAVES_BYTES_MAX);
        b->salting = limn_sha256_new();
        b->leaf = limn_sha256_new();
        if (!leaves->at || !leaves->arena || !b->salting || !b->leaf)
                return -ENOMEM;
        uint64_t *tracked = limn_arena_new_of(leaves->arena, uint64_t, b->picks.n + 1);
        for (size_t i = 0; tracked && i < b->picks.n; i++)
                tracked[i] = b->picks.at[i].index;
        int r = tracked ? limn_merkle_new(&leaves->merkle, tracked, b->picks.n) : -ENOMEM;
        if (r == 0)
                r = make_key(b, diag);
        b->start = 0;
        b->line = 0;
        if (r == 0) {
                b->next += take(&b->starts, &b->taken); /* 0: where the source begins */
                b->next_line += (int64_t)take(&b->starts, &b->taken);
                r = b->ask->bytes->extract(b->ask->bytes->ctx, b->ask->source, on_bytes, b, diag);
        }
        if (r == 0 && b->offset)
                r = end(b);
        if (r == 0)
                r = limn_merkle_end(leaves->merkle, leaves->root);
        if (r == 0 && b->pick != b->picks.n) {
                limn_diag_addf(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR},
                               "a source of the case is shorter than its records");
                r = -EBADMSG;
        }
        leaves->n = b->index;
        for (size_t i = 0; r == 0 && i < leaves->n_at; i++)
                leaves->at[i].n_path = limn_merkle_path(leaves->merkle, i, &leaves->at[i].path);
        return r;
}

int limn_leaves_read(LimnLeaves **ret, const LimnLeavesAsk *ask, LimnDiag *diag)
{
        Build b = {.ask = ask,
                   .leaves = calloc(1, sizeof *b.leaves),
                   .starts = LIMN_BUF(LIMN_LEAVES_BYTES_MAX),
                   .held = LIMN_BUF(LIMN_LEAF_BYTES_MAX)};
        int r = b.leaves ? find_records(&b, diag) : -ENOMEM;
        if (r == 0)
                r = hash_records(&b, diag);
        if (r == -E2BIG || r == -ENOMEM)
                limn_diag_addf(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR},
                               "a source has more records than fit into memory for their proof");
        limn_buf_done(&b.starts);
        limn_buf_done(&b.held);
        limn_sha256_free(b.salting);
        limn_sha256_free(b.leaf);
        free(b.picks.at);
        if (r == 0)
                *ret = b.leaves;
        else
                limn_leaves_free(b.leaves);
        return r;
}
