/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/hit.h"

#define CMP(a, b) (((a) > (b)) - ((a) < (b)))

int limn_hit_cmp(const void *a, const void *b)
{
        const LimnHit *x = a, *y = b;

        /* LIMN_TIME_NONE is the lowest time there is: none first. */
        if (x->time != y->time)
                return CMP(x->time, y->time);
        if (x->source != y->source)
                return CMP(x->source, y->source);
        if (x->offset != y->offset)
                return CMP(x->offset, y->offset);
        if (x->rule != y->rule)
                return CMP(x->rule, y->rule);
        return CMP(x->id, y->id);
}

LimnSlice limn_hit_get(const LimnHit *hit, LimnSlice name)
{
        size_t lo = 0, hi = hit->n_fields;

        while (lo < hi) {
                size_t mid = lo + (hi - lo) / 2;
                int c = limn_slice_cmp(hit->fields[mid].name, name);

                if (c == 0)
                        return hit->fields[mid].value;
                if (c < 0)
                        lo = mid + 1;
                else
                        hi = mid;
        }
        return LIMN_NONE;
}
