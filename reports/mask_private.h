/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What reports/mask*.c share. */
#include "core/arena.h"
#include "reports/mask.h"
#include "reports/mask_index.h"

/* Bytes from which a value is searched for in base64 and hexadecimal, too. */
#define LIMN_MASK_ENCODED_MIN 6
/* And those from which it is searched for in escaped form: less is found by chance. */
#define LIMN_MASK_HIDDEN_MIN 3

typedef struct LimnMaskClassInfo {
        const char *name, *prefix, *help;
} LimnMaskClassInfo;
extern const LimnMaskClassInfo limn_mask_class_info[_LIMN_MASK_MAX];

typedef struct MaskValue {
        LimnMaskClass class;
        LimnSlice value, token; /* token p NULL: not sealed yet */
        bool common;
} MaskValue;

struct LimnMask {
        unsigned classes;
        unsigned char key[LIMN_MASK_KEY_BYTES];
        LimnArena *arena;
        MaskValue *at;
        size_t n, cap;
        size_t sealed; /* how many there were when that was done */
        size_t *slots; /* open hash of values, case folded: index + 1 */
        size_t n_slots;
        LimnNeedles plain, encoded, tokens;
};

/* After the values were sorted. */
int limn_mask_rehash(LimnMask *mask);
/* The product's own names, which are never masked: mysql, root, localhost, ... */
bool limn_mask_reserved(LimnSlice value);
/* A word of the product's or of limn's own text. */
bool limn_mask_common(LimnSlice value);
bool limn_mask_is_token(LimnSlice value);
bool limn_mask_is_ip(LimnSlice value);
bool limn_mask_is_loopback(LimnSlice ip); /* and unspecified, broadcast, netmasks */
/* The token of a value; `probe` counts on while it is taken. Into the arena. */
int limn_mask_token(const LimnMask *mask, LimnMaskClass class, LimnSlice value, unsigned probe,
                    LimnSlice *ret);
