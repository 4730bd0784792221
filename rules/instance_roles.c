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

/* Which mysqld a peer means by host and port: the one of that host, else the only one with that
 * port in the peer's folder (a loopback is an alias within one host), else in the case. */
static uint32_t meant(const LimnJoining *j, uint32_t source, size_t key)
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
                fits[1] = limn_same_folder(j, source, i);
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

static void said_by_keys(const LimnJoining *j, uint32_t i, LimnSlice *own, LimnSlice *peers)
{
        const LimnInstanceSource *s = &j->sources[i];
        size_t k;

        for (k = 0; k < s->n_keys; k++) {
                const LimnInstanceKey *key = &s->keys[k];

                if (!key->role.p)
                        continue;
                if (limn_key_is_own(j, i, key)) {
                        say(own, limn_cluster_of(j, i), key->role);
                } else if (limn_family_of_kind(key->kind) == LIMN_FAMILY_MYSQLD && is_port(key)) {
                        uint32_t c = meant(j, i, k);

                        if (c != LIMN_NOBODY)
                                say(peers, c, key->role);
                }
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
                uint32_t c = limn_cluster_of(j, i);

                if (j->sources[i].role.p && !given[c].p)
                        given[c] = j->sources[i].role;
                said_by_keys(j, i, own, peers);
                if (j->clusters[c].family == LIMN_FAMILY_MYSQLD)
                        say(name, c, j->qualifiers[i].role);
        }
        for (i = 0; i < j->n; i++) {
                const LimnSlice levels[] = {given[i], peers[i], own[i], name[i]};
                size_t k;

                j->clusters[i].role = LIMN_NONE;
                for (k = 0; k < 4 && !j->clusters[i].role.p; k++)
                        if (limn_role_weight(levels[k]) || k == 0)
                                j->clusters[i].role = levels[k];
        }
        free(said);
        assume_source(j, keyed_only);
        return 0;
}
