/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "core/vec.h"
#include "rules/instance_join.h"

LimnFamily limn_family_of_kind(LimnSlice kind)
{
        if (limn_slice_eq(kind, LIMN_S("mysqld")))
                return LIMN_FAMILY_MYSQLD;
        return limn_slice_eq(kind, LIMN_S("gateway")) || limn_slice_eq(kind, LIMN_S("pipeline"))
                       ? LIMN_FAMILY_GATEWAY
                       : LIMN_FAMILY_OTHER;
}

/* By its logsource; a source of no known one is whose its first hit says. */
static LimnFamily family_of(const LimnInstanceSource *s)
{
        size_t i;

        if (limn_slice_eq(s->product, LIMN_S("mysql")))
                return LIMN_FAMILY_MYSQLD;
        if (limn_slice_eq(s->product, LIMN_S("databricks")) ||
            limn_slice_eq(s->product, LIMN_S("jvm")))
                return LIMN_FAMILY_GATEWAY;
        for (i = 0; i < s->n_keys; i++)
                if (!s->keys[i].peer && limn_family_of_kind(s->keys[i].kind) != LIMN_FAMILY_OTHER)
                        return limn_family_of_kind(s->keys[i].kind);
        return LIMN_FAMILY_OTHER;
}

bool limn_key_is_own(const LimnJoining *j, uint32_t source, const LimnInstanceKey *key)
{
        return !key->peer && limn_family_of_kind(key->kind) == j->clusters[source].family &&
               j->clusters[source].family != LIMN_FAMILY_OTHER;
}

uint32_t limn_cluster_of(const LimnJoining *j, uint32_t source)
{
        while (j->clusters[source].into != source)
                source = j->clusters[source].into;
        return source;
}

/* Merges two clusters unless their keys contradict. The lower number stays. */
int limn_clusters_join(LimnJoining *j, uint32_t x, uint32_t y)
{
        LimnCluster *a, *b;
        int r;

        x = limn_cluster_of(j, x);
        y = limn_cluster_of(j, y);
        if (x > y) {
                uint32_t swap = x;

                x = y;
                y = swap;
        }
        a = &j->clusters[x];
        b = &j->clusters[y];
        if (x == y || a->family != b->family || limn_keys_contradict(&j->keys, &a->keys, &b->keys))
                return 0;
        r = limn_key_set_merge(&a->keys, &b->keys);
        if (r < 0)
                return r;
        b->into = x;
        j->clusters[a->last].next = y;
        a->last = b->last;
        return 0;
}

int limn_joining_start(LimnJoining *j)
{
        uint32_t i;
        size_t k;
        int r = 0;

        for (i = 0; i < j->n && r == 0; i++) {
                const LimnInstanceSource *s = &j->sources[i];

                j->qualifiers[i] = limn_qualifier(s->path);
                j->clusters[i] = (LimnCluster){i, LIMN_NOBODY, i, family_of(s), LIMN_NONE, {0}};
                for (k = 0; k < s->n_keys && r == 0; k++)
                        if (limn_key_is_own(j, i, &s->keys[k]))
                                r = limn_key_set_add(&j->clusters[i].keys, &j->keys, s->keys,
                                                     s->n_keys, k);
                if (r == 0)
                        r = limn_key_set_settle(&j->clusters[i].keys);
        }
        return r;
}

bool limn_same_name(const LimnJoining *j, uint32_t a, uint32_t b)
{
        const LimnQualifier *x = &j->qualifiers[a], *y = &j->qualifiers[b];

        return limn_slice_eq(x->role, y->role) && limn_slice_eq_nocase(x->which, y->which);
}

bool limn_same_folder(const LimnJoining *j, uint32_t a, uint32_t b)
{
        return limn_slice_eq(j->qualifiers[a].folder, j->qualifiers[b].folder);
}

/* May a place (port, datadir, ...) that both have join them? */
static bool place_tells(const LimnJoining *j, uint32_t key, uint32_t a, uint32_t b)
{
        if (limn_same_folder(j, a, b))
                return !limn_key_is_default(&j->keys, key) || limn_same_name(j, a, b);
        return !limn_key_is_default(&j->keys, key) && limn_same_name(j, a, b) &&
               limn_folders_alike(j->sources[a].path, j->sources[b].path);
}

typedef struct Holder {
        uint32_t key, source;
} Holder;

static int by_key(const void *a, const void *b)
{
        const Holder *x = a, *y = b;

        if (x->key != y->key)
                return (x->key > y->key) - (x->key < y->key);
        return (x->source > y->source) - (x->source < y->source);
}

/* Each source with those before it that hold the same key, up to one it is already with; for
 * places with all: names and folders may forbid the neighbour and allow another. */
static int join_by(LimnJoining *j, LimnKeyStep step, Holder *at, size_t n)
{
        size_t i, k;
        int r = 0;

        for (i = 1; i < n && r == 0; i++) {
                if (limn_key_step(&j->keys, at[i].key) != step)
                        continue;
                for (k = i; k-- > 0 && at[k].key == at[i].key && r == 0;) {
                        if (limn_cluster_of(j, at[k].source) == limn_cluster_of(j, at[i].source)) {
                                if (step != LIMN_KEY_PLACE)
                                        break;
                                continue;
                        }
                        if (step != LIMN_KEY_PLACE ||
                            place_tells(j, at[i].key, at[k].source, at[i].source))
                                r = limn_clusters_join(j, at[k].source, at[i].source);
                }
        }
        return r;
}

int limn_join_by_keys(LimnJoining *j)
{
        struct {
                Holder *at;
                size_t n, cap;
        } holders = {0};
        uint32_t i, k;
        int r = 0;

        for (i = 0; i < j->n && r == 0; i++) {
                for (k = 0; k < j->clusters[i].keys.n && r == 0; k++) {
                        r = limn_vec_room(&holders);
                        if (r == 0)
                                holders.at[holders.n++] = (Holder){j->clusters[i].keys.at[k], i};
                }
        }
        if (r == 0 && holders.n) {
                LimnKeyStep step;

                qsort(holders.at, holders.n, sizeof *holders.at, by_key);
                for (step = 0; step < LIMN_KEY_KEPT && r == 0; step++)
                        r = join_by(j, step, holders.at, holders.n);
        }
        free(holders.at);
        return r;
}

bool limn_cluster_has_keys(const LimnJoining *j, uint32_t source)
{
        return limn_key_set_joins(&j->keys, &j->clusters[limn_cluster_of(j, source)].keys);
}
