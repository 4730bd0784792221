/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Arena: allocate freely, free all at once.
 *
 * Memory is aligned for any type and not cleared. What it hands out is valid until the next
 * reset or free. One thread at a time. A parser gets one that its caller resets after each
 * record; a rule set owns one for its lifetime.
 */
#include <stddef.h>

#include "core/slice.h"

typedef struct LimnArena LimnArena;

/* `max`: most bytes alive at once; beyond, allocations return NULL as if memory ran out. */
LimnArena *limn_arena_new(size_t max);
LimnArena *limn_arena_free(LimnArena *arena);
/* Keeps the largest block, so that a steady load stops allocating. */
void limn_arena_reset(LimnArena *arena);
size_t limn_arena_used(const LimnArena *arena);

void *limn_arena_alloc(LimnArena *arena, size_t n);
void *limn_arena_calloc(LimnArena *arena, size_t n);
/* Copies; a NUL follows the bytes, outside the slice. p is NULL when memory ran out. */
LimnSlice limn_arena_dup(LimnArena *arena, LimnSlice s);
char *limn_arena_str(LimnArena *arena, LimnSlice s);

#define limn_arena_new_of(arena, type, count) \
        ((type *)limn_arena_calloc((arena), sizeof(type) * (count)))
