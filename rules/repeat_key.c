/* SPDX-License-Identifier: Apache-2.0 */
/* To which run a hit belongs: the values of the names that its rule lists, as bytes. */
#include "rules/repeat.h"

#define ABSENT UINT32_MAX

/* The values of `names`, each behind its length. */
static void add_values(const LimnSlice *names, size_t n_names, const LimnField *fields, size_t n,
                       LimnBuf *out)
{
        for (size_t i = 0; i < n_names; i++) {
                LimnSlice value = LIMN_NONE;

                for (size_t k = 0; k < n && !value.p; k++)
                        if (limn_slice_eq(fields[k].name, names[i]))
                                value = fields[k].value;
                uint32_t length = value.p ? (uint32_t)value.n : ABSENT;
                limn_buf_add(out, limn_slice((const char *)&length, sizeof length));
                limn_buf_add(out, value);
        }
}

static uint64_t hash_of(const char *p, size_t n)
{
        uint64_t h = 0xcbf29ce484222325u;

        for (size_t i = 0; i < n; i++)
                h = (h ^ (unsigned char)p[i]) * 0x100000001b3u;
        return h ^ (h >> 32);
}

void limn_repeat_key(const LimnDetection *rule, const LimnField *fields, size_t n, LimnBuf *out,
                     LimnRepeatKey *ret)
{
        const LimnRepeat *repeat = &rule->meaning.repeat;
        size_t start = out->n;

        *ret = (LimnRepeatKey){0};
        add_values(repeat->by, repeat->n_by, fields, n, out);
        if (out->error)
                return;
        ret->by = out->n - start;
        ret->hash = hash_of(out->p + start, ret->by) + rule->index * 0x9e3779b97f4a7c15u;
        add_values(repeat->change, repeat->n_change, fields, n, out);
        ret->change = out->n - start - ret->by;
        add_values(repeat->follow, repeat->n_follow, fields, n, out);
        ret->follow = out->n - start - ret->by - ret->change;
}

LimnSlice limn_repeat_value(LimnSlice part, size_t i)
{
        uint32_t length;

        for (;; i--) {
                if (part.n < sizeof length)
                        return LIMN_NONE;
                memcpy(&length, part.p, sizeof length);
                part = limn_slice_from(part, sizeof length);
                if (i == 0)
                        return length == ABSENT ? LIMN_NONE : limn_slice_to(part, length);
                part = limn_slice_from(part, length == ABSENT ? 0 : length);
        }
}
