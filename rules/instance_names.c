/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "core/ascii.h"
#include "rules/instance_join.h"

/* Names, for sources that have nothing better: each in turn of a list of ever weaker signs. */

static bool is_snapshot(const LimnInstanceSource *s)
{
        return limn_slice_eq(s->service, LIMN_S("snapshot"));
}

/* Taken from the running server, not from its configuration file. */
static bool is_queried(const LimnInstanceSource *s)
{
        return is_snapshot(s) && !limn_slice_eq(s->format, LIMN_S("cnf"));
}

typedef bool (*Fits)(const LimnJoining *j, uint32_t source, uint32_t other);

static bool taken_together(const LimnJoining *j, uint32_t source, uint32_t other)
{
        return is_queried(&j->sources[other]) && limn_same_folder(j, source, other) &&
               limn_same_name(j, source, other) &&
               limn_slice_eq_nocase(j->qualifiers[source].when, j->qualifiers[other].when);
}

static bool taken_of_same(const LimnJoining *j, uint32_t source, uint32_t other)
{
        return is_queried(&j->sources[other]) && limn_same_folder(j, source, other) &&
               limn_same_name(j, source, other);
}

static bool beside(const LimnJoining *j, uint32_t source, uint32_t other)
{
        return limn_same_folder(j, source, other) && limn_same_name(j, source, other);
}

static bool in_like_folder(const LimnJoining *j, uint32_t source, uint32_t other)
{
        return limn_same_name(j, source, other) &&
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

static bool anywhere(const LimnJoining *j, uint32_t source, uint32_t other)
{
        return !is_one_of_several(&j->qualifiers[source]);
}

static bool of_same_role(const LimnJoining *j, uint32_t source, uint32_t other)
{
        LimnSlice role = j->clusters[limn_cluster_of(j, other)].role;

        return j->qualifiers[source].role.p && limn_slice_eq(role, j->qualifiers[source].role);
}

static bool of_the_source(const LimnJoining *j, uint32_t source, uint32_t other)
{
        return anywhere(j, source, other) && is_snapshot(&j->sources[source]) &&
               limn_slice_eq(j->clusters[limn_cluster_of(j, other)].role, LIMN_S("source"));
}

/* Sources of clusters that keys joined or could join: whom others may go to. */
typedef struct Keyed {
        uint32_t *at;
        size_t n;
} Keyed;

static int find_keyed(const LimnJoining *j, Keyed *ret)
{
        uint32_t i;

        ret->at = calloc(j->n + 1, sizeof *ret->at);
        if (!ret->at)
                return -ENOMEM;
        for (i = 0; i < j->n; i++)
                if (limn_cluster_has_keys(j, i))
                        ret->at[ret->n++] = i;
        return 0;
}

/* The one keyed cluster that has a member which fits; NOBODY when none has, or several have. */
static uint32_t only_one(const LimnJoining *j, const Keyed *keyed, uint32_t source, Fits fits)
{
        uint32_t found = LIMN_NOBODY;
        size_t i;

        for (i = 0; i < keyed->n; i++) {
                uint32_t c = limn_cluster_of(j, keyed->at[i]);

                if (c == found || j->clusters[c].family != j->clusters[source].family ||
                    !fits(j, source, keyed->at[i]))
                        continue;
                if (found != LIMN_NOBODY)
                        return LIMN_NOBODY;
                found = c;
        }
        return found;
}

static bool is_lost(const LimnJoining *j, uint32_t source)
{
        return j->clusters[source].family != LIMN_FAMILY_OTHER && !limn_cluster_has_keys(j, source);
}

/* What has no keyed one to go to: together by name. Names alike are so to each other, so that it
 * is enough to look at the first of each set. */
static int join_the_lost(LimnJoining *j)
{
        uint32_t *firsts = calloc(j->n + 1, sizeof *firsts), i;
        size_t n = 0, k;
        int r = 0;

        if (!firsts)
                return -ENOMEM;
        for (i = 0; i < j->n && r == 0; i++) {
                if (!is_lost(j, i))
                        continue;
                for (k = 0; k < n; k++)
                        if (j->clusters[firsts[k]].family == j->clusters[i].family &&
                            in_like_folder(j, i, firsts[k]))
                                break;
                if (k == n)
                        firsts[n++] = i;
                else
                        r = limn_clusters_join(j, firsts[k], i);
        }
        free(firsts);
        return r;
}

int limn_join_by_name(LimnJoining *j)
{
        static const Fits snapshots[] = {taken_together, taken_of_same, beside, in_like_folder,
                                         of_same_role, of_the_source, anywhere, NULL};
        static const Fits logs[] = {beside, in_like_folder, of_same_role, anywhere, NULL};
        uint32_t *to = calloc(j->n + 1, sizeof *to), i;
        Keyed keyed = {0};
        int r = to ? find_keyed(j, &keyed) : -ENOMEM;

        /* All decide before any joins: the order of sources must not matter. */
        for (i = 0; i < j->n && r == 0; i++) {
                const Fits *fits = is_snapshot(&j->sources[i]) ? snapshots : logs;

                to[i] = LIMN_NOBODY;
                for (; is_lost(j, i) && *fits && to[i] == LIMN_NOBODY; fits++)
                        to[i] = only_one(j, &keyed, i, *fits);
        }
        for (i = 0; i < j->n && r == 0; i++)
                if (to[i] != LIMN_NOBODY)
                        r = limn_clusters_join(j, i, to[i]);
        free(keyed.at);
        free(to);
        return r < 0 ? r : join_the_lost(j);
}
