/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "rules/tuples.h"

static uint64_t hash_of(const LimnSlice *tuple, size_t width)
{
        uint64_t h = 0xcbf29ce484222325u;
        size_t i, k;

        for (i = 0; i < width; i++) {
                for (k = 0; k < tuple[i].n; k++)
                        h = (h ^ (unsigned char)tuple[i].p[k]) * 0x100000001b3u;
                h = (h ^ (tuple[i].p ? 0x1ffu : 0x2ffu)) * 0x100000001b3u;
        }
        h ^= h >> 32; /* FNV leaves the low bits weak */
        h *= 0x9e3779b97f4a7c15u;
        return h ^ (h >> 29);
}

static bool equal(const LimnSlice *a, const LimnSlice *b, size_t width)
{
        size_t i;

        for (i = 0; i < width; i++)
                if (!a[i].p != !b[i].p || !limn_slice_eq(a[i], b[i]))
                        return false;
        return true;
}

static int grow_table(LimnTuples *t)
{
        size_t size = t->table_size ? t->table_size * 2 : 64;
        uint32_t *table = calloc(size, sizeof *table), i;

        if (!table)
                return -ENOMEM;
        for (i = 0; i < t->n; i++) {
                size_t at = t->hash[i] & (size - 1);

                while (table[at])
                        at = (at + 1) & (size - 1);
                table[at] = i + 1;
        }
        free(t->table);
        t->table = table;
        t->table_size = size;
        return 0;
}

static int grow_tuples(LimnTuples *t)
{
        uint32_t cap = t->cap ? t->cap * 2 : 16;
        LimnSlice *at = reallocarray(t->at, (size_t)cap * (t->width ? t->width : 1), sizeof *at);
        uint64_t *hash;

        if (!at)
                return -ENOMEM;
        t->at = at;
        hash = reallocarray(t->hash, cap, sizeof *hash);
        if (!hash)
                return -ENOMEM;
        t->hash = hash;
        t->cap = cap;
        return 0;
}

int limn_tuples_number(LimnTuples *t, const LimnSlice *tuple, uint32_t *ret, bool *ret_new)
{
        uint64_t h = hash_of(tuple, t->width);
        size_t at, i;

        if (((size_t)t->n + 1) * 2 > t->table_size && grow_table(t) < 0)
                return -ENOMEM;
        for (at = h & (t->table_size - 1); t->table[at]; at = (at + 1) & (t->table_size - 1)) {
                uint32_t k = t->table[at] - 1;

                if (t->hash[k] == h && equal(&t->at[k * t->width], tuple, t->width)) {
                        *ret = k;
                        if (ret_new)
                                *ret_new = false;
                        return 0;
                }
        }
        if (t->n == t->cap && grow_tuples(t) < 0)
                return -ENOMEM;
        for (i = 0; i < t->width; i++)
                t->at[t->n * t->width + i] = tuple[i];
        t->hash[t->n] = h;
        t->table[at] = t->n + 1;
        *ret = t->n++;
        if (ret_new)
                *ret_new = true;
        return 0;
}

void limn_tuples_done(LimnTuples *t)
{
        free(t->at);
        free(t->hash);
        free(t->table);
        *t = (LimnTuples){.width = t->width};
}

int limn_tuple_cmp(const LimnSlice *a, const LimnSlice *b, size_t width)
{
        size_t i;

        for (i = 0; i < width; i++) {
                int c = limn_slice_cmp(a[i], b[i]);

                if (c)
                        return c;
        }
        return 0;
}
