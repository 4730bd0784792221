/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Names: a set of texts, each with what the owner wants to remember; a hash table. Its order is
 * never used for anything. */
#include "core/slice.h"

typedef struct LimnName {
        LimnSlice name; /* p NULL: a free place; not copied */
        const void *file;
        int line;
} LimnName;

typedef struct LimnNames {
        LimnName *at;
        size_t n, cap;
} LimnNames;

void limn_names_done(LimnNames *names);
/* NULL: not there. */
const LimnName *limn_names_find(const LimnNames *names, LimnSlice name);
/* 0 or -ENOMEM. Replaces nothing: the name must not be there yet. */
int limn_names_add(LimnNames *names, LimnName name);
