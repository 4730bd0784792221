/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/turnstile.h"

int limn_turnstile_init(LimnTurnstile *t)
{
        int r;

        *t = (LimnTurnstile){0};
        r = pthread_mutex_init(&t->lock, NULL);
        if (r)
                return -r;
        r = pthread_cond_init(&t->moved, NULL);
        if (r)
                pthread_mutex_destroy(&t->lock);
        return -r;
}

void limn_turnstile_done(LimnTurnstile *t)
{
        pthread_cond_destroy(&t->moved);
        pthread_mutex_destroy(&t->lock);
}

static bool wait_for(LimnTurnstile *t, uint64_t next)
{
        bool open;

        pthread_mutex_lock(&t->lock);
        while (t->next < next && !t->broken)
                pthread_cond_wait(&t->moved, &t->lock);
        open = !t->broken;
        pthread_mutex_unlock(&t->lock);
        return open;
}

bool limn_turnstile_enter(LimnTurnstile *t, uint64_t ticket)
{
        return wait_for(t, ticket);
}

bool limn_turnstile_await(LimnTurnstile *t, uint64_t ticket)
{
        return wait_for(t, ticket + 1);
}

void limn_turnstile_leave(LimnTurnstile *t)
{
        pthread_mutex_lock(&t->lock);
        t->next++;
        pthread_cond_broadcast(&t->moved);
        pthread_mutex_unlock(&t->lock);
}

void limn_turnstile_break(LimnTurnstile *t)
{
        pthread_mutex_lock(&t->lock);
        t->broken = true;
        pthread_cond_broadcast(&t->moved);
        pthread_mutex_unlock(&t->lock);
}
