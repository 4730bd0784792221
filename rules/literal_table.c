/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/literal_table.h"

#include <errno.h>
#include <stdlib.h>

#include "core/vec.h"
#include "rules/literal.h"

enum { HASH_BITS = 13, HASHES = 1 << HASH_BITS, GRAM = LIMN_LITERAL_MIN };

typedef struct Entry {
        uint32_t number;
        uint32_t offset; /* in the literal, of the four bytes that it is found by */
} Entry;

struct LimnLiteralTable {
        const LimnSlice *literals;
        uint64_t any[HASHES / 64];  /* is there an entry with this hash? Fits the first cache */
        uint32_t first[HASHES + 1]; /* those of h: entries[first[h]] to entries[first[h + 1]] */
        Entry entries[];
};

_Static_assert(GRAM == 4, "the hash is of four bytes");

/* The bit that tells letters' cases apart is set in all: what else that makes equal is told apart
 * by the comparison. */
static inline unsigned hash_of(const char *p)
{
        uint32_t w;
        memcpy(&w, p, sizeof w);
        return (w | 0x20202020u) * 2654435761u >> (32 - HASH_BITS);
}

/* Where the literal's rarest four bytes are: a hundred begin with `MY-0`, few hold `0914`. Bytes
 * that are common in literals are common in logs. */
static uint32_t rarest(LimnSlice literal, const uint32_t *uses)
{
        size_t best = 0;
        for (size_t i = 1; i + GRAM <= literal.n; i++)
                if (uses[hash_of(literal.p + i)] < uses[hash_of(literal.p + best)])
                        best = i;
        return (uint32_t)best;
}

int limn_literal_table_new(LimnLiteralTable **ret, const LimnSlice *literals, size_t n)
{
        LimnLiteralTable *t = calloc(1, sizeof *t + n * sizeof *t->entries);
        uint32_t *uses = calloc(HASHES, sizeof *uses);
        Entry *found_by = calloc(n + 1, sizeof *found_by);
        int r = t && uses && found_by ? 0 : -ENOMEM;
        for (size_t i = 0; r == 0 && i < n; i++)
                for (size_t k = 0; k + GRAM <= literals[i].n; k++)
                        uses[hash_of(literals[i].p + k)]++;
        for (size_t i = 0; r == 0 && i < n; i++) {
                found_by[i] = (Entry){(uint32_t)i, rarest(literals[i], uses)};
                unsigned h = hash_of(literals[i].p + found_by[i].offset);
                t->any[h / 64] |= UINT64_C(1) << (h % 64);
                t->first[h]++;
        }
        /* Counting sort: ends first, which filling from behind turns into beginnings. */
        for (size_t h = 1; r == 0 && h <= HASHES; h++)
                t->first[h] += t->first[h - 1];
        for (size_t i = n; r == 0 && i > 0; i--) {
                unsigned h = hash_of(literals[i - 1].p + found_by[i - 1].offset);
                t->entries[--t->first[h]] = found_by[i - 1];
        }
        free(uses);
        free(found_by);
        if (r < 0) {
                free(t);
                return r;
        }
        t->literals = literals;
        *ret = t;
        return 0;
}

LimnLiteralTable *limn_literal_table_free(LimnLiteralTable *table)
{
        free(table);
        return NULL;
}

/* The literals that may have the four bytes at `at`. */
static int compare(const LimnLiteralTable *t, unsigned h, LimnSlice bytes, size_t at,
                   LimnMarks *marks)
{
        for (uint32_t k = t->first[h]; k < t->first[h + 1]; k++) {
                const Entry *entry = &t->entries[k];
                LimnSlice literal = t->literals[entry->number];
                if (entry->offset > at)
                        continue;
                LimnSlice here = limn_slice_from(bytes, at - entry->offset);
                /* One byte first, of any case: most end there. */
                if (literal.n > here.n || ((here.p[0] ^ literal.p[0]) & 0x5f) ||
                    !limn_slice_eq_nocase(limn_slice_to(here, literal.n), literal))
                        continue;
                if (limn_vec_room(marks) < 0)
                        return -ENOMEM;
                marks->at[marks->n++] = (LimnMark){
                        (uint32_t)(at - entry->offset + literal.n), entry->number};
        }
        return 0;
}

int limn_literal_table_scan(const LimnLiteralTable *t, LimnSlice bytes, LimnMarks *marks)
{
        int r = 0;
        for (size_t at = 0; at + GRAM <= bytes.n && r == 0; at++) {
                unsigned h = hash_of(bytes.p + at);
                if (t->any[h / 64] >> (h % 64) & 1)
                        r = compare(t, h, bytes, at, marks);
        }
        return r;
}
