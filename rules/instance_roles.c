/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "rules/instance_join.h"

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

/* What files said of roles, by cluster and from the heaviest: by hand, by those that connect there,
 * by the server itself, by the file's name. */
typedef struct Said {
        LimnSlice *given, *peers, *own, *name;
} Said;

static bool is_another(const Said *said, uint32_t cluster)
{
        LimnSlice role = said->own[cluster].p ? said->own[cluster] : said->name[cluster];
        int weight = limn_role_weight(role);

        return weight && weight < limn_role_weight(LIMN_S("source"));
}

/* Which mysqld a peer means by host and port: the one of that host, else the only one with that
 * port in the peer's folder (a loopback is an alias within one host), else in the case. Every
 * server has port 3306: where a host is named that nothing shows to be theirs, a replica or target
 * is not meant. */
static uint32_t meant(const LimnJoining *j, const Said *said, uint32_t source, size_t key)
{
        const LimnInstanceSource *s = &j->sources[source];
        LimnSlice host = host_of(s, key), port = s->keys[key].value;
        uint32_t found[3] = {LIMN_NOBODY, LIMN_NOBODY, LIMN_NOBODY}, n[3] = {0}, i, k;

        for (i = 0; i < j->n; i++) {
                uint32_t c = limn_cluster_of(j, i);
                const LimnKeySet *keys = &j->clusters[c].keys;
                bool fits[3];

                if (j->clusters[c].family != LIMN_FAMILY_MYSQLD ||
                    !limn_key_set_has(&j->keys, keys, LIMN_S("port"), port))
                        continue;
                fits[0] = host.p && (limn_key_set_has(&j->keys, keys, LIMN_S("host"), host) ||
                                     limn_key_set_has(&j->keys, keys, LIMN_S("hostname"), host));
                fits[2] = !host.p || !is_another(said, c);
                fits[1] = fits[2] && limn_same_folder(j, source, i);
                for (k = 0; k < 3; k++) {
                        if (!fits[k] || found[k] == c)
                                continue;
                        found[k] = c;
                        n[k]++;
                }
        }
        for (k = 0; k < 3; k++)
                if (n[k])
                        return n[k] == 1 ? found[k] : LIMN_NOBODY;
        return LIMN_NOBODY;
}

int limn_role_weight(LimnSlice role)
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
        if (limn_role_weight(role) > limn_role_weight(roles[cluster]))
                roles[cluster] = role;
}

static void said_of_itself(const LimnJoining *j, uint32_t i, const Said *said)
{
        const LimnInstanceSource *s = &j->sources[i];
        uint32_t c = limn_cluster_of(j, i);
        size_t k;

        if (s->role.p && !said->given[c].p)
                said->given[c] = s->role;
        for (k = 0; k < s->n_keys; k++)
                if (s->keys[k].role.p && limn_key_is_own(j, i, &s->keys[k]))
                        say(said->own, c, s->keys[k].role);
        if (j->clusters[c].family == LIMN_FAMILY_MYSQLD)
                say(said->name, c, j->qualifiers[i].role);
}

static void said_of_peers(const LimnJoining *j, uint32_t i, const Said *said)
{
        const LimnInstanceSource *s = &j->sources[i];
        size_t k;

        for (k = 0; k < s->n_keys; k++) {
                const LimnInstanceKey *key = &s->keys[k];
                uint32_t c;

                if (!key->role.p || !is_port(key) || limn_key_is_own(j, i, key) ||
                    limn_family_of_kind(key->kind) != LIMN_FAMILY_MYSQLD)
                        continue;
                c = meant(j, said, i, k);
                if (c != LIMN_NOBODY)
                        say(said->peers, c, key->role);
        }
}

/* The only mysqld of which nothing is said, where no other is the source: it is. */
static void assume_source(LimnJoining *j, bool keyed_only)
{
        uint32_t nameless = LIMN_NOBODY, i;

        for (i = 0; i < j->n; i++) {
                const LimnCluster *c = &j->clusters[i];

                if (c->into != i || c->family != LIMN_FAMILY_MYSQLD ||
                    (keyed_only && !limn_cluster_has_keys(j, i)))
                        continue;
                if (limn_slice_eq(c->role, LIMN_S("source")) ||
                    (!c->role.p && nameless != LIMN_NOBODY))
                        return;
                if (!c->role.p)
                        nameless = i;
        }
        if (nameless != LIMN_NOBODY)
                j->clusters[nameless].role = LIMN_S("source");
}

int limn_decide_roles(LimnJoining *j, bool keyed_only)
{
        LimnSlice *roles = calloc((size_t)j->n * 4 + 1, sizeof *roles);
        Said said;
        uint32_t i;

        if (!roles)
                return -ENOMEM;
        said = (Said){roles, roles + j->n, roles + 2 * (size_t)j->n, roles + 3 * (size_t)j->n};
        for (i = 0; i < j->n; i++)
                said_of_itself(j, i, &said);
        for (i = 0; i < j->n; i++)
                said_of_peers(j, i, &said);
        for (i = 0; i < j->n; i++) {
                const LimnSlice levels[] = {said.given[i], said.peers[i], said.own[i],
                                            said.name[i]};
                size_t k;

                j->clusters[i].role = LIMN_NONE;
                for (k = 0; k < 4 && !j->clusters[i].role.p; k++)
                        if (limn_role_weight(levels[k]) || k == 0)
                                j->clusters[i].role = levels[k];
        }
        free(roles);
        assume_source(j, keyed_only);
        return 0;
}
