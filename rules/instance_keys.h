/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Instance keys: which keys there are, how strong, and what contradicts (rules/instance.h).
 *
 * A key with its value is a number, so that sets of them are sorted numbers. Which key is what
 * stands in one table in instance_keys.c.
 */
#include "core/arena.h"
#include "rules/instance.h"
#include "rules/tuples.h"

/* When a key joins: strongest first. What a later step would join, an earlier one may forbid. */
typedef enum LimnKeyStep {
        LIMN_KEY_IDENTITY,
        LIMN_KEY_UPDATE,   /* before pipelines: two gateways may work for one pipeline */
        LIMN_KEY_PIPELINE,
        LIMN_KEY_ADDRESS,
        LIMN_KEY_PLACE,
        LIMN_KEY_KEPT, /* joins nothing */
} LimnKeyStep;

typedef struct LimnKeys {
        LimnTuples tuples; /* (key, value) */
        LimnArena *arena;
} LimnKeys;

int limn_keys_init(LimnKeys *keys);
void limn_keys_done(LimnKeys *keys);
LimnKeyStep limn_key_step(const LimnKeys *keys, uint32_t key);
/* Has every installation this value unless somebody changed it? */
bool limn_key_is_default(const LimnKeys *keys, uint32_t key);

typedef struct LimnKeySet {
        uint32_t *at; /* rising, once settled */
        size_t n, cap;
} LimnKeySet;

/* Adds key k of a source's n, and what it makes together with others of its statement (host and
 * port: an address). Keys that join nothing are left out. 0 or -ENOMEM. */
int limn_key_set_add(LimnKeySet *set, LimnKeys *keys, const LimnInstanceKey *of, size_t n,
                     size_t k);
int limn_key_set_settle(LimnKeySet *set);
int limn_key_set_merge(LimnKeySet *into, const LimnKeySet *from);
void limn_key_set_done(LimnKeySet *set);
/* Would any of them join it to others? */
bool limn_key_set_joins(const LimnKeys *keys, const LimnKeySet *set);
bool limn_key_set_has(const LimnKeys *keys, const LimnKeySet *set, LimnSlice key, LimnSlice value);
/* Both have values of a key that identifies, and none in common. */
bool limn_keys_contradict(const LimnKeys *keys, const LimnKeySet *a, const LimnKeySet *b);

/* What people call it: its best key, else `path`. In the arena or the input; p NULL: no memory. */
LimnSlice limn_instance_name(const LimnInstance *instance, LimnSlice path, LimnArena *arena);
