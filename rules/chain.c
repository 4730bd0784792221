/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/chain.h"

#include <errno.h>

/* Incidents of one trouble are not logged in the same instant on both sides. */
static const LimnDuration SLACK = 2 * LIMN_MINUTE;

static bool names(const LimnSlice *list, size_t n, LimnSlice id)
{
        for (size_t i = 0; i < n; i++)
                if (limn_slice_eq(list[i], id))
                        return true;
        return false;
}

static bool overlaps(const LimnIncident *a, const LimnIncident *b)
{
        if (a->start == LIMN_TIME_NONE || b->start == LIMN_TIME_NONE)
                return false;
        return b->start <= a->end + SLACK && b->end >= a->start - SLACK;
}

/* Does a likely cause of `from` explain the whole of this incident of finding `id`? */
static bool takes(const LimnFinding *from, LimnSlice id, const LimnIncident *incident)
{
        for (size_t i = 0; i < from->n_incidents; i++) {
                const LimnIncident *own = &from->incidents[i];
                const LimnRanked *top = own->n_causes ? &own->causes[0] : NULL;
                if (top && top->verdict == LIMN_JUDGED_LIKELY &&
                    names(top->cause->explains, top->cause->n_explains, id) &&
                    overlaps(own, incident))
                        return true;
        }
        return false;
}

static bool explains_all(const LimnFinding *from, const LimnFinding *to)
{
        for (size_t i = 0; i < to->n_incidents; i++)
                if (!takes(from, to->diagnosis->id, &to->incidents[i]))
                        return false;
        return true;
}

/* `to` may follow `from`, and one of its incidents began after, and soon after, one of from's. */
static bool follows(const LimnFinding *from, const LimnFinding *to)
{
        const LimnDiagnosis *d = to->diagnosis;
        if (!names(d->follows, d->n_follows, from->diagnosis->id))
                return false;
        for (size_t i = 0; i < from->n_incidents; i++)
                for (size_t k = 0; k < to->n_incidents; k++) {
                        const LimnIncident *a = &from->incidents[i], *b = &to->incidents[k];
                        if (a->start == LIMN_TIME_NONE || b->start == LIMN_TIME_NONE)
                                continue;
                        if (a->start <= b->start && b->start <= a->end + d->follows_within)
                                return true;
                }
        return false;
}

static void link(LimnFinding *from, LimnFinding *to)
{
        ((LimnSlice *)to->caused_by)[to->n_caused_by++] = from->diagnosis->id;
        ((LimnSlice *)from->leads_to)[from->n_leads_to++] = to->diagnosis->id;
}

int limn_chain(LimnArena *arena, LimnFinding *findings, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                findings[i].caused_by = limn_arena_new_of(arena, LimnSlice, n);
                findings[i].leads_to = limn_arena_new_of(arena, LimnSlice, n);
                if (!findings[i].caused_by || !findings[i].leads_to)
                        return -ENOMEM;
        }
        for (size_t i = 0; i < n; i++)
                for (size_t k = 0; k < n; k++) {
                        if (i == k)
                                continue;
                        bool explained = explains_all(&findings[i], &findings[k]);
                        /* What we explain did not lead to us. */
                        if (explained || (follows(&findings[i], &findings[k]) &&
                                          !explains_all(&findings[k], &findings[i])))
                                link(&findings[i], &findings[k]);
                        if (explained)
                                findings[k].severity = LIMN_S("low");
                }
        return 0;
}
