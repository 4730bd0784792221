/* SPDX-License-Identifier: Apache-2.0 */
#include "core/format.h"

#include <errno.h>

#include "core/limits.h"

/* A stamp without a year is of the year that brings it nearest to the reference. */
static bool nearest_year(const LimnStamp *stamp, LimnTime reference, LimnStamp *ret)
{
        int year, month, day;
        limn_civil_from_days(reference / LIMN_DAY - (reference % LIMN_DAY < 0), &year, &month,
                             &day);
        LimnDuration best = INT64_MAX;
        for (int y = year - 1; y <= year + 1; y++) {
                LimnStamp candidate = *stamp;
                LimnTime t;
                candidate.year = y;
                if (!limn_stamp_to_utc(&candidate, &t))
                        continue;
                LimnDuration away = t > reference ? t - reference : reference - t;
                if (away < best) {
                        best = away;
                        *ret = candidate;
                }
        }
        return best != INT64_MAX;
}

void limn_event_set_stamp(LimnEvent *event, const LimnParse *parse, const LimnStamp *stamp,
                          LimnSlice raw)
{
        event->time_raw = raw;
        event->time = LIMN_TIME_NONE;
        event->time_basis = LIMN_BASIS_NONE;

        LimnStamp dated = *stamp;
        if (stamp->year == 0 || stamp->short_year)
                event->quality |= LIMN_Q_YEAR_ASSUMED;
        if (stamp->year == 0) {
                if (parse->reference == LIMN_TIME_NONE)
                        return;
                if (!nearest_year(stamp, parse->reference, &dated)) {
                        event->quality |= LIMN_Q_TIME_INVALID;
                        return;
                }
        }
        LimnTime t;
        if (!limn_stamp_to_utc(&dated, &t)) {
                event->quality |= LIMN_Q_TIME_INVALID;
                return;
        }
        if (dated.has_offset) {
                event->time_basis = LIMN_BASIS_STATED;
        } else if (parse->zone) {
                LimnLocal local = limn_zone_to_utc(parse->zone, t, &t);
                event->time_basis = LIMN_BASIS_CONFIGURED;
                if (local == LIMN_LOCAL_TWICE)
                        event->quality |= LIMN_Q_LOCAL_TWICE;
                else if (local == LIMN_LOCAL_NEVER)
                        event->quality |= LIMN_Q_LOCAL_NEVER;
        } else {
                event->time_basis = LIMN_BASIS_ASSUMED;
        }
        event->time = t;
}

int limn_fields_add(LimnFields *fields, LimnArena *arena, LimnSlice name, LimnSlice value)
{
        if (fields->n == fields->cap) {
                if (fields->n >= LIMN_FIELDS_MAX) {
                        fields->cut = true;
                        return 0;
                }
                size_t cap = fields->cap ? fields->cap * 2 : 32;
                if (cap > LIMN_FIELDS_MAX)
                        cap = LIMN_FIELDS_MAX;
                LimnField *at = limn_arena_alloc(arena, cap * sizeof *at);
                if (!at)
                        return -ENOMEM;
                if (fields->n)
                        memcpy(at, fields->at, fields->n * sizeof *at);
                fields->at = at;
                fields->cap = cap;
        }
        fields->at[fields->n++] = (LimnField){name, value};
        return 0;
}

void limn_event_take_fields(LimnEvent *event, const LimnFields *fields)
{
        event->fields = fields->at;
        event->n_fields = fields->n;
        if (fields->cut)
                event->quality |= LIMN_Q_FIELDS_CUT;
}
