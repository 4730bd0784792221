/* SPDX-License-Identifier: Apache-2.0 */
#include "core/arena.h"

#include <stdint.h>
#include <stdlib.h>

enum { FIRST_BLOCK = 16 * 1024 };

typedef struct Block {
        struct Block *next;
        size_t size, used;
        _Alignas(max_align_t) char bytes[];
} Block;

struct LimnArena {
        Block *blocks; /* newest, and largest, first */
        size_t max, used;
};

LimnArena *limn_arena_new(size_t max)
{
        LimnArena *arena = calloc(1, sizeof *arena);
        if (arena)
                arena->max = max;
        return arena;
}

static void free_blocks(Block *block)
{
        while (block) {
                Block *next = block->next;
                free(block);
                block = next;
        }
}

LimnArena *limn_arena_free(LimnArena *arena)
{
        if (arena) {
                free_blocks(arena->blocks);
                free(arena);
        }
        return NULL;
}

void limn_arena_reset(LimnArena *arena)
{
        arena->used = 0;
        if (!arena->blocks)
                return;
        free_blocks(arena->blocks->next);
        arena->blocks->next = NULL;
        arena->blocks->used = 0;
}

size_t limn_arena_used(const LimnArena *arena)
{
        return arena->used;
}

static Block *grow(LimnArena *arena, size_t n)
{
        size_t size = arena->blocks ? arena->blocks->size * 2 : FIRST_BLOCK;
        if (size < n)
                size = n;
        Block *block = malloc(sizeof *block + size);
        if (!block)
                return NULL;
        *block = (Block){.next = arena->blocks, .size = size};
        arena->blocks = block;
        return block;
}

void *limn_arena_alloc(LimnArena *arena, size_t n)
{
        const size_t align = _Alignof(max_align_t);
        if (n > SIZE_MAX - align)
                return NULL;
        n = (n + align - 1) / align * align;
        if (n > arena->max - arena->used)
                return NULL;
        Block *block = arena->blocks;
        if (!block || block->size - block->used < n)
                block = grow(arena, n);
        if (!block)
                return NULL;
        void *p = block->bytes + block->used;
        block->used += n;
        arena->used += n;
        return p;
}

void *limn_arena_calloc(LimnArena *arena, size_t n)
{
        void *p = limn_arena_alloc(arena, n);
        if (p)
                memset(p, 0, n);
        return p;
}

char *limn_arena_str(LimnArena *arena, LimnSlice s)
{
        char *p = limn_arena_alloc(arena, s.n + 1);
        if (!p)
                return NULL;
        if (s.n)
                memcpy(p, s.p, s.n);
        p[s.n] = '\0';
        return p;
}

LimnSlice limn_arena_dup(LimnArena *arena, LimnSlice s)
{
        char *p = limn_arena_str(arena, s);
        return (LimnSlice){p, p ? s.n : 0};
}
