/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "core/ascii.h"
#include "core/limits.h"
#include "core/vec.h"
#include "rules/instance.h"
#include "rules/instance_keys.h"
#include "rules/qualifier.h"
#include "rules/tuples.h"

typedef enum Family { MYSQLD, GATEWAY, OTHER, _FAMILY_MAX } Family;

/* A set of sources known to speak of one instance; those merged away have `into` set. */
typedef struct Cluster {
        uint32_t into;  /* itself, or whom it was merged into */
        uint32_t next;  /* members as a list through sources */
        uint32_t last;
        Family family;
        LimnSlice role; /* decided late */
        LimnKeySet keys;
} Cluster;

#define NOBODY UINT32_MAX

typedef struct Joining {
        const LimnInstanceSource *sources;
        uint32_t n;
        LimnQualifier *qualifiers;
        Cluster *clusters; /* one a source to begin with */
        LimnKeys keys;
} Joining;

static Family family_of_kind(LimnSlice kind)
{
        if (limn_slice_eq(kind, LIMN_S("mysqld")))
                return MYSQLD;
        return limn_slice_eq(kind, LIMN_S("gateway")) || limn_slice_eq(kind, LIMN_S("pipeline"))
                       ? GATEWAY
                       : OTHER;
}

/* By its logsource; a source of no known one is whose its first hit says. */
static Family family_of(const LimnInstanceSource *s)
{
        size_t i;

        if (limn_slice_eq(s->product, LIMN_S("mysql")))
                return MYSQLD;
        if (limn_slice_eq(s->product, LIMN_S("databricks")) ||
            limn_slice_eq(s->product, LIMN_S("jvm")))
                return GATEWAY;
        for (i = 0; i < s->n_keys; i++)
                if (!s->keys[i].peer && family_of_kind(s->keys[i].kind) != OTHER)
                        return family_of_kind(s->keys[i].kind);
        return OTHER;
}

static bool is_own(const Joining *j, uint32_t source, const LimnInstanceKey *key)
{
        return !key->peer && family_of_kind(key->kind) == j->clusters[source].family &&
               j->clusters[source].family != OTHER;
}

static bool is_snapshot(const LimnInstanceSource *s)
{
        return limn_slice_eq(s->service, LIMN_S("snapshot"));
}

/* Taken from the running server, not from its configuration file. */
static bool is_queried(const LimnInstanceSource *s)
{
        return is_snapshot(s) && !limn_slice_eq(s->format, LIMN_S("cnf"));
}

static uint32_t cluster_of(const Joining *j, uint32_t source)
{
        while (j->clusters[source].into != source)
                source = j->clusters[source].into;
        return source;
}

/* Merges two clusters unless their keys contradict. The lower number stays. */
static int join(Joining *j, uint32_t x, uint32_t y)
{
        Cluster *a, *b;
        int r;

        x = cluster_of(j, x);
        y = cluster_of(j, y);
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

static int start(Joining *j)
{
        uint32_t i;
        size_t k;
        int r = 0;

        for (i = 0; i < j->n && r == 0; i++) {
                const LimnInstanceSource *s = &j->sources[i];

                j->qualifiers[i] = limn_qualifier(s->path);
                j->clusters[i] = (Cluster){i, NOBODY, i, family_of(s), LIMN_NONE, {0}};
                for (k = 0; k < s->n_keys && r == 0; k++)
                        if (is_own(j, i, &s->keys[k]))
                                r = limn_key_set_add(&j->clusters[i].keys, &j->keys, s->keys,
                                                     s->n_keys, k);
                if (r == 0)
                        r = limn_key_set_settle(&j->clusters[i].keys);
        }
        return r;
}

static bool same_name(const Joining *j, uint32_t a, uint32_t b)
{
        const LimnQualifier *x = &j->qualifiers[a], *y = &j->qualifiers[b];

        return limn_slice_eq(x->role, y->role) && limn_slice_eq_nocase(x->which, y->which);
}

static bool same_folder(const Joining *j, uint32_t a, uint32_t b)
{
        return limn_slice_eq(j->qualifiers[a].folder, j->qualifiers[b].folder);
}

/* May a place (port, datadir, ...) that both have join them? */
static bool place_tells(const Joining *j, uint32_t key, uint32_t a, uint32_t b)
{
        if (same_folder(j, a, b))
                return !limn_key_is_default(&j->keys, key) || same_name(j, a, b);
        return !limn_key_is_default(&j->keys, key) && same_name(j, a, b) &&
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
static int join_by(Joining *j, LimnKeyStep step, Holder *at, size_t n)
{
        size_t i, k;
        int r = 0;

        for (i = 1; i < n && r == 0; i++) {
                if (limn_key_step(&j->keys, at[i].key) != step)
                        continue;
                for (k = i; k-- > 0 && at[k].key == at[i].key && r == 0;) {
                        if (cluster_of(j, at[k].source) == cluster_of(j, at[i].source)) {
                                if (step != LIMN_KEY_PLACE)
                                        break;
                                continue;
                        }
                        if (step != LIMN_KEY_PLACE ||
                            place_tells(j, at[i].key, at[k].source, at[i].source))
                                r = join(j, at[k].source, at[i].source);
                }
        }
        return r;
}

static int join_by_keys(Joining *j)
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

/* Names, for sources that have nothing better. ---------------------------------------------- */

static bool has_keys(const Joining *j, uint32_t source)
{
        return limn_key_set_joins(&j->keys, &j->clusters[cluster_of(j, source)].keys);
}

typedef bool (*Fits)(const Joining *j, uint32_t source, uint32_t other);

static bool taken_together(const Joining *j, uint32_t source, uint32_t other)
{
        return is_queried(&j->sources[other]) && same_folder(j, source, other) &&
               same_name(j, source, other) &&
               limn_slice_eq_nocase(j->qualifiers[source].when, j->qualifiers[other].when);
}

static bool taken_of_same(const Joining *j, uint32_t source, uint32_t other)
{
        return is_queried(&j->sources[other]) && same_folder(j, source, other) &&
               same_name(j, source, other);
}

static bool beside(const Joining *j, uint32_t source, uint32_t other)
{
        return same_folder(j, source, other) && same_name(j, source, other);
}

static bool in_like_folder(const Joining *j, uint32_t source, uint32_t other)
{
        return same_name(j, source, other) &&
               limn_folders_alike(j->sources[source].path, j->sources[other].path);
}

/* A number or a former role tells one of several (gateway-2, old_primary); another word may be
 * about anything (orders_checkpoint). */
static bool is_one_of_several(const LimnQualifier *q)
{
        static const char *const words[] = {"primary", "source", "master", "replica", "slave"};
        size_t i;

        for (i = 0; i < q->which.n; i++)
                if (limn_ascii_digit(q->which.p[i]))
                        return true;
        for (i = 0; i < sizeof words / sizeof *words; i++)
                if (limn_slice_find_nocase(q->which, limn_slice_str(words[i])) < q->which.n)
                        return true;
        return q->role.p != NULL;
}

static bool anywhere(const Joining *j, uint32_t source, uint32_t other)
{
        return !is_one_of_several(&j->qualifiers[source]);
}

static bool of_same_role(const Joining *j, uint32_t source, uint32_t other)
{
        LimnSlice role = j->clusters[cluster_of(j, other)].role;

        return j->qualifiers[source].role.p && limn_slice_eq(role, j->qualifiers[source].role);
}

static bool of_the_source(const Joining *j, uint32_t source, uint32_t other)
{
        return anywhere(j, source, other) && is_snapshot(&j->sources[source]) &&
               limn_slice_eq(j->clusters[cluster_of(j, other)].role, LIMN_S("source"));
}

/* The one keyed cluster that has a member which fits; NOBODY when none has, or several have. */
static uint32_t only_one(const Joining *j, uint32_t source, Fits fits)
{
        uint32_t found = NOBODY, i;

        for (i = 0; i < j->n; i++) {
                uint32_t c = cluster_of(j, i);

                if (j->clusters[c].family != j->clusters[source].family || c == found)
                        continue;
                if (!limn_key_set_joins(&j->keys, &j->clusters[c].keys) || !fits(j, source, i))
                        continue;
                if (found != NOBODY)
                        return NOBODY;
                found = c;
        }
        return found;
}

static int join_by_name(Joining *j)
{
        static const Fits snapshots[] = {taken_together, taken_of_same, beside, in_like_folder,
                                         of_same_role, of_the_source, anywhere, NULL};
        static const Fits logs[] = {beside, in_like_folder, of_same_role, anywhere, NULL};
        uint32_t *to = calloc(j->n + 1, sizeof *to), i, k;
        int r = 0;

        if (!to)
                return -ENOMEM;
        /* All decide before any joins: the order of sources must not matter. */
        for (i = 0; i < j->n; i++) {
                const Fits *fits = is_snapshot(&j->sources[i]) ? snapshots : logs;

                to[i] = NOBODY;
                if (j->clusters[i].family == OTHER || has_keys(j, i))
                        continue;
                for (; *fits && to[i] == NOBODY; fits++)
                        to[i] = only_one(j, i, *fits);
        }
        for (i = 0; i < j->n && r == 0; i++)
                if (to[i] != NOBODY)
                        r = join(j, i, to[i]);
        /* What is left has no keyed one to go to: together by name. */
        for (i = 0; i < j->n && r == 0; i++) {
                if (j->clusters[i].family == OTHER || has_keys(j, i))
                        continue;
                for (k = 0; k < i && r == 0; k++)
                        if (!has_keys(j, k) && in_like_folder(j, i, k))
                                r = join(j, i, k);
        }
        free(to);
        return r;
}

/* Roles. ------------------------------------------------------------------------------------- */

static bool is_loopback(LimnSlice host)
{
        return limn_slice_eq(host, LIMN_S("localhost")) || limn_slice_eq(host, LIMN_S("::1")) ||
               limn_slice_starts(host, LIMN_S("127."));
}

static bool is_port(const LimnInstanceKey *key)
{
        return limn_slice_eq(key->key, LIMN_S("port"));
}

/* The host of the same sentence; LIMN_NONE: none, or the loopback. */
static LimnSlice host_of(const LimnInstanceSource *s, size_t key)
{
        size_t i;

        for (i = 0; i < s->n_keys; i++)
                if (s->keys[i].statement == s->keys[key].statement &&
                    limn_slice_eq(s->keys[i].key, LIMN_S("host")) &&
                    !is_loopback(s->keys[i].value))
                        return s->keys[i].value;
        return LIMN_NONE;
}

/* Which mysqld a peer means by host and port: the one of that host, else the only one with that
 * port in the peer's folder (a loopback is an alias within one host), else in the case. */
static uint32_t meant(const Joining *j, uint32_t source, size_t key)
{
        const LimnInstanceSource *s = &j->sources[source];
        LimnSlice host = host_of(s, key), port = s->keys[key].value;
        uint32_t found[3] = {NOBODY, NOBODY, NOBODY}, n[3] = {0}, i, k;

        for (i = 0; i < j->n; i++) {
                uint32_t c = cluster_of(j, i);
                const LimnKeySet *keys = &j->clusters[c].keys;
                bool fits[3];

                if (j->clusters[c].family != MYSQLD ||
                    !limn_key_set_has(&j->keys, keys, LIMN_S("port"), port))
                        continue;
                fits[0] = host.p && (limn_key_set_has(&j->keys, keys, LIMN_S("host"), host) ||
                                     limn_key_set_has(&j->keys, keys, LIMN_S("hostname"), host));
                fits[1] = same_folder(j, source, i);
                fits[2] = true;
                for (k = 0; k < 3; k++) {
                        if (!fits[k] || found[k] == c)
                                continue;
                        found[k] = c;
                        n[k]++;
                }
        }
        for (k = 0; k < 3; k++)
                if (n[k])
                        return n[k] == 1 ? found[k] : NOBODY;
        return NOBODY;
}

static int weight(LimnSlice role)
{
        static const char *const roles[] = {"target", "replica", "source"};
        size_t i;

        for (i = 0; i < 3; i++)
                if (limn_slice_eq(role, limn_slice_str(roles[i])))
                        return (int)i + 1;
        return 0;
}

/* One level of evidence: of several words the heaviest. */
static void say(LimnSlice *roles, uint32_t cluster, LimnSlice role)
{
        if (weight(role) > weight(roles[cluster]))
                roles[cluster] = role;
}

static void said_by_keys(const Joining *j, uint32_t i, LimnSlice *own, LimnSlice *peers)
{
        const LimnInstanceSource *s = &j->sources[i];
        size_t k;

        for (k = 0; k < s->n_keys; k++) {
                const LimnInstanceKey *key = &s->keys[k];

                if (!key->role.p)
                        continue;
                if (is_own(j, i, key)) {
                        say(own, cluster_of(j, i), key->role);
                } else if (family_of_kind(key->kind) == MYSQLD && is_port(key)) {
                        uint32_t c = meant(j, i, k);

                        if (c != NOBODY)
                                say(peers, c, key->role);
                }
        }
}

/* The only mysqld of which nothing is said, where no other is the source: it is. */
static void assume_source(Joining *j, bool keyed_only)
{
        uint32_t nameless = NOBODY, i;

        for (i = 0; i < j->n; i++) {
                const Cluster *c = &j->clusters[i];

                if (c->into != i || c->family != MYSQLD || (keyed_only && !has_keys(j, i)))
                        continue;
                if (limn_slice_eq(c->role, LIMN_S("source")) ||
                    (!c->role.p && nameless != NOBODY))
                        return;
                if (!c->role.p)
                        nameless = i;
        }
        if (nameless != NOBODY)
                j->clusters[nameless].role = LIMN_S("source");
}

static int decide_roles(Joining *j, bool keyed_only)
{
        LimnSlice *said = calloc((size_t)j->n * 4 + 1, sizeof *said);
        LimnSlice *given, *peers, *own, *name;
        uint32_t i;

        if (!said)
                return -ENOMEM;
        given = said;
        peers = given + j->n;
        own = peers + j->n;
        name = own + j->n;
        for (i = 0; i < j->n; i++) {
                uint32_t c = cluster_of(j, i);

                if (j->sources[i].role.p && !given[c].p)
                        given[c] = j->sources[i].role;
                said_by_keys(j, i, own, peers);
                if (j->clusters[c].family == MYSQLD)
                        say(name, c, j->qualifiers[i].role);
        }
        for (i = 0; i < j->n; i++) {
                const LimnSlice levels[] = {given[i], peers[i], own[i], name[i]};
                size_t k;

                j->clusters[i].role = LIMN_NONE;
                for (k = 0; k < 4 && !j->clusters[i].role.p; k++)
                        if (weight(levels[k]) || k == 0)
                                j->clusters[i].role = levels[k];
        }
        free(said);
        assume_source(j, keyed_only);
        return 0;
}

/* The result. -------------------------------------------------------------------------------- */

static LimnSlice kind_of(const Joining *j, uint32_t cluster)
{
        static const char *const services[] = {"gateway", "driver", NULL};
        uint32_t i;
        size_t k;

        if (j->clusters[cluster].family == MYSQLD)
                return LIMN_S("mysqld");
        if (j->clusters[cluster].family == OTHER)
                return LIMN_S("other");
        for (i = cluster; i != NOBODY; i = j->clusters[i].next) {
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

static LimnSlice role_of(const Joining *j, uint32_t cluster)
{
        static const char *const roles[] = {"target", "replica", "source"};
        int w = weight(j->clusters[cluster].role);

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
static bool counts(const Joining *j, uint32_t i)
{
        return j->clusters[i].into == i && j->clusters[i].family != OTHER;
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
static size_t list_keys(const Joining *j, uint32_t cluster, LimnInstanceHas *ret)
{
        size_t n = 0, kept = 0, k;
        uint32_t i;

        for (i = cluster; i != NOBODY; i = j->clusters[i].next)
                for (k = 0; k < j->sources[i].n_keys; k++) {
                        const LimnInstanceKey *key = &j->sources[i].keys[k];

                        if (key->key.p && is_own(j, i, key))
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

static size_t count_keys(const Joining *j)
{
        size_t n = 0;
        uint32_t i;

        for (i = 0; i < j->n; i++)
                n += j->sources[i].n_keys;
        return n;
}

static LimnInstances *result_new(const Joining *j)
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

static int conclude(const Joining *j, LimnInstances **ret)
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
                                                        -weight(instance.role)};
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
                for (i = numbered[k].cluster; i != NOBODY; i = j->clusters[i].next)
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
        Joining j = {.sources = sources, .n = (uint32_t)n};
        uint32_t i;
        int r = -ENOMEM;

        j.qualifiers = calloc(n + 1, sizeof *j.qualifiers);
        j.clusters = calloc(n + 1, sizeof *j.clusters);
        if (j.qualifiers && j.clusters)
                r = limn_keys_init(&j.keys);
        if (r == 0)
                r = start(&j);
        if (r == 0)
                r = join_by_keys(&j);
        if (r == 0)
                r = decide_roles(&j, true); /* names lean on the roles that keys gave */
        if (r == 0)
                r = join_by_name(&j);
        if (r == 0)
                r = decide_roles(&j, false);
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
