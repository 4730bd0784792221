/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "core/limits.h"
#include "core/vec.h"
#include "rules/instance_keys.h"

static const struct KeyKind {
        const char *name;
        LimnKeyStep step;
        bool identifies; /* two values without one in common are two instances */
} kinds[] = {
        {"server_uuid", LIMN_KEY_IDENTITY, true},
        {"server_uid", LIMN_KEY_IDENTITY, true},
        {"gateway", LIMN_KEY_IDENTITY, true},
        {"update_id", LIMN_KEY_UPDATE, false},
        {"pipeline_id", LIMN_KEY_PIPELINE, true},
        {"pipeline@host", LIMN_KEY_PIPELINE, false},
        {"address", LIMN_KEY_ADDRESS, false},
        {"port", LIMN_KEY_PLACE, true},
        {"datadir", LIMN_KEY_PLACE, true},
        {"socket", LIMN_KEY_PLACE, true},
        {"pid_file", LIMN_KEY_PLACE, false},
        /* Kept for peers to be recognised by; they join nothing. */
        {"host", LIMN_KEY_KEPT, false},
        {"hostname", LIMN_KEY_KEPT, false},
};
#define N_KINDS (sizeof kinds / sizeof *kinds)

static const char *const defaults[] = {
        "3306",
        "/var/lib/mysql",
        "/usr/local/mysql/data",
        "/rdsdbdata/db",
        "/tmp/mysql.sock",
        "/var/lib/mysql/mysql.sock",
        "/run/mysqld/mysqld.sock",
        "/var/run/mysqld/mysqld.sock",
        "/run/mysqld/mysqld.pid",
        "/var/run/mysqld/mysqld.pid",
        "/var/run/mariadb/mariadb.pid",
};

static size_t kind_of(LimnSlice name)
{
        size_t i;

        if (limn_slice_eq(name, LIMN_S("gateway_id")))
                name = LIMN_S("gateway");
        for (i = 0; i < N_KINDS; i++)
                if (limn_slice_eq(name, limn_slice_str(kinds[i].name)))
                        break;
        return i;
}

static LimnSlice name_of(const LimnKeys *keys, uint32_t key)
{
        return keys->tuples.at[(size_t)key * 2];
}

static LimnSlice value_of(const LimnKeys *keys, uint32_t key)
{
        return keys->tuples.at[(size_t)key * 2 + 1];
}

int limn_keys_init(LimnKeys *keys)
{
        keys->tuples.width = 2;
        keys->arena = limn_arena_new(LIMN_INSTANCES_ARENA_MAX);
        return keys->arena ? 0 : -ENOMEM;
}

void limn_keys_done(LimnKeys *keys)
{
        limn_tuples_done(&keys->tuples);
        limn_arena_free(keys->arena);
}

LimnKeyStep limn_key_step(const LimnKeys *keys, uint32_t key)
{
        return kinds[kind_of(name_of(keys, key))].step;
}

bool limn_key_is_default(const LimnKeys *keys, uint32_t key)
{
        size_t i;

        for (i = 0; i < sizeof defaults / sizeof *defaults; i++)
                if (limn_slice_eq(value_of(keys, key), limn_slice_str(defaults[i])))
                        return true;
        return false;
}

static int add(LimnKeySet *set, LimnKeys *keys, size_t kind, LimnSlice value)
{
        LimnSlice tuple[2] = {limn_slice_str(kinds[kind].name), value};
        uint32_t number;
        int r;

        while (kinds[kind].step == LIMN_KEY_PLACE && tuple[1].n > 1 &&
               tuple[1].p[tuple[1].n - 1] == '/')
                tuple[1].n--; /* datadir: with a slash in the server, without in my.cnf */
        r = limn_tuples_number(&keys->tuples, tuple, &number, NULL);
        if (r == 0)
                r = limn_vec_room(set);
        if (r < 0)
                return r;
        set->at[set->n++] = number;
        return 0;
}

static LimnSlice together(LimnKeys *keys, LimnSlice a, const char *between, LimnSlice b)
{
        char *p = limn_arena_alloc(keys->arena, a.n + b.n + 1);

        if (!p)
                return LIMN_NONE;
        memcpy(p, a.p, a.n);
        p[a.n] = *between;
        memcpy(p + a.n + 1, b.p, b.n);
        return limn_slice(p, a.n + b.n + 1);
}

/* Hosts that are not the same everywhere. */
static bool names_a_host(LimnSlice host)
{
        static const char *const no[] = {"localhost", "::1", "::", "0.0.0.0", "*", ""};
        size_t i;

        for (i = 0; i < sizeof no / sizeof *no; i++)
                if (limn_slice_eq(host, limn_slice_str(no[i])))
                        return false;
        return !limn_slice_starts(host, LIMN_S("127."));
}

/* key k with the host of its own statement, as a key of its own. */
static int add_with_host(LimnKeySet *set, LimnKeys *keys, const LimnInstanceKey *of, size_t n,
                         size_t k, const char *kind, const char *between)
{
        LimnSlice value;
        size_t i;

        for (i = 0; i < n; i++) {
                if (of[i].statement != of[k].statement || of[i].peer != of[k].peer ||
                    !limn_slice_eq(of[i].key, LIMN_S("host")) || !names_a_host(of[i].value))
                        continue;
                value = together(keys, of[i].value, between, of[k].value);
                return value.p ? add(set, keys, kind_of(limn_slice_str(kind)), value) : -ENOMEM;
        }
        return 0;
}

int limn_key_set_add(LimnKeySet *set, LimnKeys *keys, const LimnInstanceKey *of, size_t n,
                     size_t k)
{
        const LimnInstanceKey *key = &of[k];
        size_t kind = kind_of(key->key);
        int r = 0;

        if (!key->key.p || !key->value.p || key->value.n == 0)
                return 0;
        if (kind < N_KINDS)
                r = add(set, keys, kind, key->value);
        if (r == 0 && limn_slice_eq(key->key, LIMN_S("port")))
                r = add_with_host(set, keys, of, n, k, "address", ":");
        if (r == 0 && (limn_slice_eq(key->key, LIMN_S("pipeline_name")) ||
                       limn_slice_eq(key->key, LIMN_S("pipeline"))))
                r = add_with_host(set, keys, of, n, k, "pipeline@host", "@");
        return r;
}

static int rising(const void *a, const void *b)
{
        uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

        return (x > y) - (x < y);
}

int limn_key_set_settle(LimnKeySet *set)
{
        size_t kept = 0, i;

        if (set->n)
                qsort(set->at, set->n, sizeof *set->at, rising);
        for (i = 0; i < set->n; i++)
                if (kept == 0 || set->at[i] != set->at[kept - 1])
                        set->at[kept++] = set->at[i];
        set->n = kept;
        return 0;
}

int limn_key_set_merge(LimnKeySet *into, const LimnKeySet *from)
{
        size_t i;

        for (i = 0; i < from->n; i++) {
                if (limn_vec_room(into) < 0)
                        return -ENOMEM;
                into->at[into->n++] = from->at[i];
        }
        return limn_key_set_settle(into);
}

void limn_key_set_done(LimnKeySet *set)
{
        free(set->at);
        *set = (LimnKeySet){0};
}

bool limn_key_set_joins(const LimnKeys *keys, const LimnKeySet *set)
{
        size_t i;

        for (i = 0; i < set->n; i++)
                if (limn_key_step(keys, set->at[i]) != LIMN_KEY_KEPT)
                        return true;
        return false;
}

bool limn_key_set_has(const LimnKeys *keys, const LimnKeySet *set, LimnSlice key, LimnSlice value)
{
        size_t i;

        for (i = 0; i < set->n; i++)
                if (limn_slice_eq(name_of(keys, set->at[i]), key) &&
                    limn_slice_eq(value_of(keys, set->at[i]), value))
                        return true;
        return false;
}

bool limn_keys_contradict(const LimnKeys *keys, const LimnKeySet *a, const LimnKeySet *b)
{
        bool in_a[N_KINDS] = {false}, in_b[N_KINDS] = {false}, shared[N_KINDS] = {false};
        size_t i, k;

        for (i = 0, k = 0; i < a->n; i++) {
                size_t kind = kind_of(name_of(keys, a->at[i]));

                while (k < b->n && b->at[k] < a->at[i])
                        k++;
                in_a[kind] = true;
                shared[kind] |= k < b->n && b->at[k] == a->at[i];
        }
        for (k = 0; k < b->n; k++)
                in_b[kind_of(name_of(keys, b->at[k]))] = true;
        for (i = 0; i < N_KINDS; i++)
                if (kinds[i].identifies && in_a[i] && in_b[i] && !shared[i])
                        return true;
        return false;
}

/* The first value of the first of these keys that there is. */
static LimnSlice first_of(const LimnInstance *instance, const char *const *names)
{
        size_t i;

        for (; *names; names++)
                for (i = 0; i < instance->n_keys; i++)
                        if (limn_slice_eq(instance->keys[i].key, limn_slice_str(*names)))
                                return instance->keys[i].value;
        return LIMN_NONE;
}

LimnSlice limn_instance_name(const LimnInstance *instance, LimnSlice path, LimnArena *arena)
{
        static const char *const ports[] = {"port", NULL};
        static const char *const hosts[] = {"host", "hostname", NULL};
        static const char *const servers[] = {"server_uuid", "server_uid", "datadir", NULL};
        static const char *const others[] = {"gateway",     "gateway_id", "pipeline",
                                             "pipeline_name", "pipeline_id", "update_id", NULL};
        LimnSlice port, host, name;

        if (!limn_slice_eq(instance->kind, LIMN_S("mysqld"))) {
                name = first_of(instance, others);
                return name.p ? name : path;
        }
        port = first_of(instance, ports);
        if (port.p) {
                LimnKeys keys = {.arena = arena};

                host = first_of(instance, hosts);
                return together(&keys, host.p ? host : LIMN_S("mysqld"), ":", port);
        }
        name = first_of(instance, servers);
        return name.p ? name : path;
}
