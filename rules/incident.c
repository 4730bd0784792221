/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident.h"

#include <errno.h>

#include "core/limits.h"
#include "core/vec.h"

typedef struct Openings {
        LimnOpening *at;
        size_t n, cap;
} Openings;

void limn_groups_done(LimnGroups *groups)
{
        for (size_t i = 0; i < groups->n; i++)
                free(groups->at[i].openings.at);
        free(groups->at);
        *groups = (LimnGroups){0};
}

/* -- keys --------------------------------------------------------------------------------- */

static LimnSlice field(const LimnRow *row, LimnSlice name)
{
        for (size_t i = 0; i < row->n_fields; i++)
                if (limn_slice_eq(row->fields[i].name, name))
                        return row->fields[i].value;
        return LIMN_NONE;
}

/* What a row says of an entity: its hit's field, or the value of a term made for that. */
static LimnSlice said(const LimnOpening *opening, LimnSlice name)
{
        if (opening->term->entity.p && limn_slice_eq(opening->term->entity, name))
                return opening->row.value;
        return field(&opening->row, name);
}

static int make_key(const LimnObserver *o, const LimnDiagnosis *d, LimnOpening *opening)
{
        LimnBuf key = LIMN_BUF(LIMN_RULE_FILE_MAX);
        for (size_t i = 0; i < d->n_merge_by; i++) {
                if (limn_slice_eq(d->merge_by[i], LIMN_S("instance"))) {
                        limn_buf_printf(&key, "%lld", (long long)opening->row.instance);
                        opening->key_missing |= opening->row.instance == 0;
                } else {
                        LimnSlice value = said(opening, d->merge_by[i]);
                        opening->key_missing |= value.n == 0;
                        limn_buf_add(&key, value);
                }
                limn_buf_add_char(&key, '\x1f');
        }
        int r = key.error;
        if (r == 0) {
                opening->key = limn_arena_dup(o->arena, limn_buf_slice(&key));
                r = opening->key.p ? 0 : -ENOMEM;
        }
        limn_buf_done(&key);
        return r;
}

/* -- merging ------------------------------------------------------------------------------ */

/* Those that open first, and of them those whose key is whole, so that the others find incidents
 * to join; then key and time. */
static int by_key(const void *a, const void *b)
{
        const LimnOpening *x = a, *y = b;
        if (x->term->joins != y->term->joins)
                return x->term->joins ? 1 : -1;
        if (x->key_missing != y->key_missing)
                return x->key_missing ? 1 : -1;
        int c = limn_slice_cmp(x->key, y->key);
        if (c)
                return c;
        if (x->row.start != y->row.start)
                return x->row.start < y->row.start ? -1 : 1;
        return (x->order > y->order) - (x->order < y->order);
}

static bool near(const LimnGroup *group, const LimnRow *row, LimnDuration gap)
{
        if (gap == LIMN_TIME_NONE || row->start == LIMN_TIME_NONE || group->start == LIMN_TIME_NONE)
                return true;
        LimnTime end = row->end == LIMN_TIME_NONE ? row->start : row->end;
        return row->start - gap <= group->end && end + gap >= group->start;
}

static LimnGroup *find(LimnGroups *groups, const LimnOpening *opening, LimnDuration gap)
{
        for (size_t i = groups->n; i-- > 0;) {
                LimnGroup *group = &groups->at[i];
                if ((opening->key_missing || opening->term->joins ||
                     limn_slice_eq(group->key, opening->key)) &&
                    near(group, &opening->row, gap))
                        return group;
        }
        return NULL;
}

static void stretch(LimnGroup *group, const LimnRow *row)
{
        if (row->start == LIMN_TIME_NONE)
                return;
        LimnTime end = row->end == LIMN_TIME_NONE ? row->start : row->end;
        if (group->start == LIMN_TIME_NONE || row->start < group->start)
                group->start = row->start;
        if (group->end == LIMN_TIME_NONE || end > group->end)
                group->end = end;
}

static int merge(LimnGroups *groups, const Openings *openings, LimnDuration gap)
{
        for (size_t i = 0; i < openings->n; i++) {
                const LimnOpening *opening = &openings->at[i];
                LimnGroup *group = find(groups, opening, gap);
                if (!group && opening->term->joins)
                        continue;
                if (!group) {
                        if (limn_vec_room(groups) < 0)
                                return -ENOMEM;
                        group = &groups->at[groups->n++];
                        *group = (LimnGroup){.start = LIMN_TIME_NONE,
                                             .end = LIMN_TIME_NONE,
                                             .key = opening->key};
                }
                if (!opening->term->joins)
                        stretch(group, &opening->row);
                if (limn_vec_room(&group->openings) < 0)
                        return -ENOMEM;
                group->openings.at[group->openings.n++] = *opening;
        }
        return 0;
}

static int by_time(const void *a, const void *b)
{
        const LimnGroup *x = a, *y = b;
        if (x->start != y->start)
                return x->start < y->start ? -1 : 1;
        return limn_slice_cmp(x->key, y->key);
}

/* -- entities ----------------------------------------------------------------------------- */

/* The common names that sources join on (design.md section 5), sorted. */
static const char *const entity_names[] = {
        "binlog_file", "binlog_pos", "connection_id", "database", "error_class", "gateway", "gtid",
        "host", "ip", "pipeline", "pipeline_id", "port", "server_id", "server_uuid", "table",
        "update_id", "user",
};
enum { N_ENTITIES = sizeof entity_names / sizeof *entity_names, VALUES_MAX = 32 };

static int by_value(const void *a, const void *b)
{
        return limn_slice_cmp(*(const LimnSlice *)a, *(const LimnSlice *)b);
}

static int entity_of(const LimnObserver *o, const LimnGroup *group, LimnSlice name, LimnEntity *ret)
{
        LimnSlice *values = limn_arena_new_of(o->arena, LimnSlice, VALUES_MAX);
        if (!values)
                return -ENOMEM;
        size_t n = 0;
        for (size_t i = 0; i < group->openings.n && n < VALUES_MAX; i++) {
                LimnSlice value = said(&group->openings.at[i], name);
                if (value.n == 0)
                        continue;
                bool known = false;
                for (size_t k = 0; k < n && !known; k++)
                        known = limn_slice_eq(values[k], value);
                if (!known)
                        values[n++] = value;
        }
        qsort(values, n, sizeof *values, by_value);
        *ret = (LimnEntity){name, values, n};
        return 0;
}

static int collect_entities(const LimnObserver *o, LimnGroup *group)
{
        group->entities = limn_arena_new_of(o->arena, LimnEntity, N_ENTITIES);
        if (!group->entities)
                return -ENOMEM;
        for (size_t i = 0; i < N_ENTITIES; i++) {
                LimnEntity entity;
                int r = entity_of(o, group, limn_slice_str(entity_names[i]), &entity);
                if (r < 0)
                        return r;
                if (entity.n)
                        group->entities[group->n_entities++] = entity;
        }
        /* The instance that the strongest opening speaks of. */
        double points = 0;
        for (size_t i = 0; i < group->openings.n; i++) {
                const LimnOpening *opening = &group->openings.at[i];
                if (opening->row.instance && opening->term->points > points) {
                        group->instance = opening->row.instance;
                        points = opening->term->points;
                }
        }
        return 0;
}

/* ----------------------------------------------------------------------------------------- */

static int observe_all(const LimnObserver *o, const LimnDiagnosis *d, Openings *openings)
{
        const LimnScope everything = {.start = LIMN_TIME_NONE, .end = LIMN_TIME_NONE};
        for (size_t i = 0; i < d->n_opens; i++) {
                LimnRows rows = {0};
                int r = limn_term_observe(o, &d->opens[i], &everything, &rows);
                for (size_t k = 0; k < rows.n && r >= 0; k++) {
                        if (limn_vec_room(openings) < 0) {
                                r = -ENOMEM;
                                break;
                        }
                        LimnOpening *opening = &openings->at[openings->n];
                        *opening = (LimnOpening){
                                .term = &d->opens[i], .row = rows.at[k], .order = openings->n};
                        openings->n++;
                        r = make_key(o, d, opening);
                }
                limn_rows_done(&rows);
                if (r < 0)
                        return r;
        }
        return 0;
}

int limn_groups_open(const LimnObserver *o, const LimnDiagnosis *d, LimnGroups *ret)
{
        Openings openings = {0};
        int r = observe_all(o, d, &openings);
        if (r >= 0 && openings.n) {
                qsort(openings.at, openings.n, sizeof *openings.at, by_key);
                r = merge(ret, &openings, d->merge_gap);
        }
        free(openings.at);
        if (r < 0)
                return r;
        if (ret->n > 1)
                qsort(ret->at, ret->n, sizeof *ret->at, by_time);
        for (size_t i = 0; i < ret->n && r >= 0; i++)
                r = collect_entities(o, &ret->at[i]);
        return r;
}
