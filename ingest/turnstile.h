/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Turnstile: a gate that lets tickets 0, 1, 2, ... through one after another.
 *
 * Work that is done by several threads at once passes gates in the order of its tickets, so that
 * what happens behind a gate happens as if one thread did it all.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct LimnTurnstile {
        pthread_mutex_t lock;
        pthread_cond_t moved;
        uint64_t next; /* the ticket that may pass or is inside */
        bool broken;
} LimnTurnstile;

int limn_turnstile_init(LimnTurnstile *t);
void limn_turnstile_done(LimnTurnstile *t);

/* Waits until all tickets before this one have left. False: the turnstile is broken, go away. */
bool limn_turnstile_enter(LimnTurnstile *t, uint64_t ticket);
void limn_turnstile_leave(LimnTurnstile *t);
/* Waits until `ticket` has left, without entering. False: broken. */
bool limn_turnstile_await(LimnTurnstile *t, uint64_t ticket);
/* Something failed: all who wait, and all who come, are turned away. */
void limn_turnstile_break(LimnTurnstile *t);
