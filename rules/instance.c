/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "core/limits.h"
#include "rules/instance_join.h"

static LimnSlice kind_of(const LimnJoining *j, uint32_t cluster)
{
        static const char *const services[] = {"gateway", "driver", NULL};
        uint32_t i;
        size_t k;

        if (j->clusters[cluster].family == LIMN_FAMILY_MYSQLD)
                return LIMN_S("mysqld");
        if (j->clusters[cluster].family == LIMN_FAMILY_OTHER)
                return LIMN_S("other");
        for (i = cluster; i != LIMN_NOBODY; i = j->clusters[i].next) {
                const LimnInstanceSource *s = &j->sources[i];

                for (k = 0; services[k]; k++)
                        if (limn_slice_eq(s->service, limn_slice_str(services[k])))
                                return LIMN_S("gateway");
                for (k = 0; k < s->n_keys; k++)
                        if (!s->keys[k].peer && limn_slice_eq(s->keys[k].kind, LIMN_S("gateway")))
                                return LIMN_S("gateway");
                if (limn_slice_eq(s->product, LIMN_S("jvm")))
                        return LIMN_S("gateway");
        }
        return LIMN_S("pipeline");
}

static LimnSlice role_of(const LimnJoining *j, uint32_t cluster)
{
        static const char *const roles[] = {"target", "replica", "source"};
        int w = limn_role_weight(j->clusters[cluster].role);

        return w ? limn_slice_str(roles[w - 1]) : LIMN_S("unknown");
}

typedef struct Numbered {
        LimnInstance instance;
        uint32_t cluster;
        int kind, role;
} Numbered;

static int by_number(const void *a, const void *b)
{
        const Numbered *x = a, *y = b;

        if (x->kind != y->kind)
                return x->kind - y->kind;
        if (x->role != y->role)
                return x->role - y->role;
        return (x->cluster > y->cluster) - (x->cluster < y->cluster);
}

static int order_of(LimnSlice kind)
{
        static const char *const kinds[] = {"mysqld", "gateway", "pipeline"};
        int i;

        for (i = 0; i < 3; i++)
                if (limn_slice_eq(kind, limn_slice_str(kinds[i])))
                        return i;
        return i;
}

/* Clusters that are an instance: of a known kind, not merged away. */
static bool counts(const LimnJoining *j, uint32_t i)
{
        return j->clusters[i].into == i && j->clusters[i].family != LIMN_FAMILY_OTHER;
}

static int by_text(const void *a, const void *b)
{
        const LimnInstanceHas *x = a, *y = b;
        int c = limn_slice_cmp(x->key, y->key);

        if (c == 0)
                c = limn_slice_cmp(x->value, y->value);
        return c ? c : (x->source > y->source) - (x->source < y->source);
}

/* What the members said, each once, by its first source. */
static size_t list_keys(const LimnJoining *j, uint32_t cluster, LimnInstanceHas *ret)
{
        size_t n = 0, kept = 0, k;
        uint32_t i;

        for (i = cluster; i != LIMN_NOBODY; i = j->clusters[i].next)
                for (k = 0; k < j->sources[i].n_keys; k++) {
                        const LimnInstanceKey *key = &j->sources[i].keys[k];

                        if (key->key.p && limn_key_is_own(j, i, key))
                                ret[n++] = (LimnInstanceHas){key->key, key->value, i};
                }
        if (n)
                qsort(ret, n, sizeof *ret, by_text);
        for (k = 0; k < n; k++)
                if (kept == 0 || !limn_slice_eq(ret[k].key, ret[kept - 1].key) ||
                    !limn_slice_eq(ret[k].value, ret[kept - 1].value))
                        ret[kept++] = ret[k];
        return kept;
}

static size_t count_keys(const LimnJoining *j)
{
        size_t n = 0;
        uint32_t i;

        for (i = 0; i < j->n; i++)
                n += j->sources[i].n_keys;
        return n;
}

static LimnInstances *result_new(const LimnJoining *j)
{
        LimnInstances *ret = calloc(1, sizeof *ret);

        if (!ret)
                return NULL;
        ret->at = calloc((size_t)j->n + 1, sizeof *ret->at);
        ret->of_source = calloc((size_t)j->n + 1, sizeof *ret->of_source);
        ret->keys = calloc(count_keys(j) + 1, sizeof *ret->keys);
        ret->names = limn_arena_new(LIMN_INSTANCES_ARENA_MAX);
        ret->n_sources = j->n;
        if (ret->at && ret->of_source && ret->keys && ret->names)
                return ret;
        return limn_instances_free(ret);
}

static int conclude(const LimnJoining *j, LimnInstances **ret)
{
        Numbered *numbered = calloc((size_t)j->n + 1, sizeof *numbered);
        LimnInstances *all = numbered ? result_new(j) : NULL;
        LimnInstanceHas *keys;
        uint32_t i;
        size_t k;

        if (!all) {
                free(numbered);
                return -ENOMEM;
        }
        for (i = 0; i < j->n; i++) {
                LimnInstance instance = {.kind = kind_of(j, i), .role = role_of(j, i)};

                if (counts(j, i))
                        numbered[all->n++] = (Numbered){instance, i, order_of(instance.kind),
                                                        -limn_role_weight(instance.role)};
        }
        qsort(numbered, all->n, sizeof *numbered, by_number);
        keys = all->keys;
        for (k = 0; k < all->n; k++) {
                LimnInstance *instance = &all->at[k];

                *instance = numbered[k].instance;
                instance->keys = keys;
                instance->n_keys = list_keys(j, numbered[k].cluster, keys);
                keys += instance->n_keys;
                instance->name = limn_instance_name(instance, j->sources[numbered[k].cluster].path,
                                                    all->names);
                for (i = numbered[k].cluster; i != LIMN_NOBODY; i = j->clusters[i].next)
                        all->of_source[i] = (uint32_t)k + 1;
                if (!instance->name.p) {
                        free(numbered);
                        limn_instances_free(all);
                        return -ENOMEM;
                }
        }
        free(numbered);
        *ret = all;
        return 0;
}

int limn_instances(LimnInstances **ret, const LimnInstanceSource *sources, size_t n)
{
        LimnJoining j = {.sources = sources, .n = (uint32_t)n};
        uint32_t i;
        int r = -ENOMEM;

        j.qualifiers = calloc(n + 1, sizeof *j.qualifiers);
        j.clusters = calloc(n + 1, sizeof *j.clusters);
        if (j.qualifiers && j.clusters)
                r = limn_keys_init(&j.keys);
        if (r == 0)
                r = limn_joining_start(&j);
        if (r == 0)
                r = limn_join_by_keys(&j);
        if (r == 0)
                r = limn_decide_roles(&j, true); /* names lean on the roles that keys gave */
        if (r == 0)
                r = limn_join_by_name(&j);
        if (r == 0)
                r = limn_decide_roles(&j, false);
        if (r == 0)
                r = conclude(&j, ret);
        for (i = 0; j.clusters && i < n; i++)
                limn_key_set_done(&j.clusters[i].keys);
        limn_keys_done(&j.keys);
        free(j.qualifiers);
        free(j.clusters);
        return r;
}

LimnInstances *limn_instances_free(LimnInstances *instances)
{
        if (!instances)
                return NULL;
        free(instances->at);
        free(instances->of_source);
        free(instances->keys);
        limn_arena_free(instances->names);
        free(instances);
        return NULL;
}
