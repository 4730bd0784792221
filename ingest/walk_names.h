/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the arguments of a walk are called, so that no two are called the same. */
#include "core/arena.h"

typedef struct LimnWalkName {
        const char *argument; /* as given */
        const char *real;     /* absolute, without links; as given when there is no such path */
        const char *path;     /* the last components of it that make it unlike the others */
        bool again;           /* leads to the same place as an argument before */
} LimnWalkName;

/* *ret: n of them, one an argument, freed by the caller; the strings are the arena's. */
int limn_walk_names(LimnWalkName **ret, const char *const *paths, size_t n, LimnArena *arena);
