/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/names.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

void limn_names_done(LimnNames *names)
{
        free(names->at);
        *names = (LimnNames){0};
}

static size_t hash(LimnSlice s)
{
        uint64_t h = 0xcbf29ce484222325u;
        for (size_t i = 0; i < s.n; i++)
                h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
        return (size_t)(h ^ h >> 32);
}

/* The place of the name, or the free one where it would go. cap is a power of two, never full. */
static LimnName *place(LimnName *at, size_t cap, LimnSlice name)
{
        size_t i = hash(name) & (cap - 1);
        while (at[i].name.p && !limn_slice_eq(at[i].name, name))
                i = (i + 1) & (cap - 1);
        return &at[i];
}

const LimnName *limn_names_find(const LimnNames *names, LimnSlice name)
{
        if (!names->n || !name.p)
                return NULL;
        const LimnName *found = place(names->at, names->cap, name);
        return found->name.p ? found : NULL;
}

int limn_names_add(LimnNames *names, LimnName name)
{
        if (names->n * 2 >= names->cap) {
                size_t cap = names->cap ? names->cap * 2 : 64;
                LimnName *at = calloc(cap, sizeof *at);
                if (!at)
                        return -ENOMEM;
                for (size_t i = 0; i < names->cap; i++)
                        if (names->at[i].name.p)
                                *place(at, cap, names->at[i].name) = names->at[i];
                free(names->at);
                names->at = at;
                names->cap = cap;
        }
        *place(names->at, names->cap, name.name) = name;
        names->n++;
        return 0;
}
