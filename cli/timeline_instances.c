/* SPDX-License-Identifier: Apache-2.0 */
/* Which mysqld, gateway or pipeline each source speaks of: from the hits' `instance:`. */
#include <errno.h>

#include "cli/timeline.h"
#include "core/limits.h"
#include "core/vec.h"

typedef struct Keys {
        LimnInstanceKey *at;
        size_t n, cap;
} Keys;

static int expand(LimnArena *arena, const LimnTemplate *t, const LimnHit *hit, LimnSlice *ret)
{
        LimnBuf out = LIMN_BUF(LIMN_RULE_FILE_MAX);
        *ret = LIMN_NONE;
        int r = 0;
        if (limn_template_expand(t, hit->fields, hit->n_fields, &out) && !out.error) {
                *ret = limn_arena_dup(arena, limn_buf_slice(&out));
                r = ret->p ? 0 : -ENOMEM;
        }
        limn_buf_done(&out);
        return r;
}

static int add_hit(LimnTimeline *t, const LimnMeaning *meaning, const LimnHit *hit, Keys *keys,
                   uint32_t statement)
{
        LimnInstanceKey key = {.kind = meaning->instance_kind, .role = meaning->role,
                               .statement = statement};
        for (size_t i = 0; i < meaning->n_keys; i++) {
                int r = expand(t->arena, &meaning->keys[i].value, hit, &key.value);
                if (r < 0 || limn_vec_room(keys) < 0)
                        return r < 0 ? r : -ENOMEM;
                key.key = meaning->keys[i].name;
                if (key.value.n)
                        keys->at[keys->n++] = key;
        }
        if (meaning->n_keys == 0 && meaning->role.p) {
                if (limn_vec_room(keys) < 0)
                        return -ENOMEM;
                keys->at[keys->n++] = key;
        }
        return 0;
}

int limn_timeline_instances(LimnTimeline *t, const LimnRules *rules)
{
        Keys *keys = calloc(t->n_sources + 1, sizeof *keys);
        LimnInstanceSource *sources = calloc(t->n_sources + 1, sizeof *sources);
        int r = keys && sources ? 0 : -ENOMEM;
        for (size_t i = 0; i < t->n_hits && r >= 0; i++) {
                const LimnMeaning *meaning = &rules->detections[t->hits[i].rule].meaning;
                if (meaning->instance_kind.p || meaning->role.p)
                        r = add_hit(t, meaning, &t->hits[i], &keys[t->hits[i].source], (uint32_t)i);
        }
        for (size_t i = 0; i < t->n_sources && r >= 0; i++)
                sources[i] = (LimnInstanceSource){
                        .path = t->sources[i].path,
                        .product = limn_slice_str(t->sources[i].format->product),
                        .service = limn_slice_str(t->sources[i].format->service),
                        .format = limn_slice_str(t->sources[i].format->name),
                        .role = t->sources[i].role,
                        .keys = keys[i].at,
                        .n_keys = keys[i].n,
                };
        if (r >= 0)
                r = limn_instances(&t->instances, sources, t->n_sources);
        for (size_t i = 0; keys && i < t->n_sources; i++)
                free(keys[i].at);
        free(keys);
        free(sources);
        return r;
}
