/* SPDX-License-Identifier: Apache-2.0 */
#include "core/burst.h"

static LimnTime minute_of(LimnTime t)
{
        LimnTime into = t % LIMN_MINUTE;

        return t - (into < 0 ? into + LIMN_MINUTE : into);
}

static void look(LimnBurst *b, uint64_t n, LimnTime at)
{
        if (n > b->most || (n == b->most && at < b->at)) {
                b->most = n;
                b->at = at;
        }
}

void limn_burst_add(LimnBurst *b, LimnTime time)
{
        LimnTime minute;

        if (time == LIMN_TIME_NONE || time < INT64_MIN + LIMN_MINUTE)
                return;
        minute = minute_of(time);
        if (b->most == 0) {
                b->head = b->tail = minute;
                b->one = true;
        }
        if (minute != b->tail) {
                b->tail = minute;
                b->in_tail = 0;
                b->one = false;
        }
        b->in_tail++;
        if (b->one)
                b->in_head = b->in_tail;
        look(b, b->in_tail, minute);
}

void limn_burst_join(LimnBurst *b, const LimnBurst *then)
{
        if (then->most == 0)
                return;
        if (b->most == 0) {
                *b = *then;
                return;
        }
        look(b, then->most, then->at);
        if (then->head == b->tail) {
                uint64_t both = b->in_tail + then->in_head;

                look(b, both, b->tail);
                if (b->one)
                        b->in_head = both;
                b->one &= then->one;
                b->in_tail = then->one ? both : then->in_tail;
        } else {
                b->one = false;
                b->in_tail = then->in_tail;
        }
        b->tail = then->tail;
}
