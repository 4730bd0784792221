/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/timeline.h"

#include <errno.h>
#include <stdlib.h>

#include "cli/source_named.h"
#include "core/json_scan.h"
#include "core/limits.h"
#include "core/vec.h"
#include "parsers/registry.h"
#include "rules/correlation.h"
#include "rules/twins.h"

/* Memory of everything concluded at once; a million hits with six fields take about 350 MiB. */
#define TIMELINE_ARENA_MAX ((size_t)4 << 30)

typedef struct Sources {
        LimnTimelineSource *at;
        size_t n, cap;
} Sources;

typedef struct Hits {
        LimnHit *at;
        size_t n, cap;
} Hits;

typedef struct Load {
        LimnTimeline *timeline;
        const LimnRules *rules;
        const LimnConcludeOptions *options;
        Sources sources;
        size_t last; /* the source of the hit before */
        const LimnDetection **by_id; /* rule_id: its detection; NULL: no engine reads its hits */
        size_t n_by_id;
        Hits hits;
        LimnArena *scratch;
        LimnDiag *diag;
} Load;

void limn_timeline_done(LimnTimeline *t)
{
        limn_instances_free(t->instances);
        free(t->clocks);
        free(t->twin_of);
        free(t->collected);
        free(t->sources);
        free(t->hits);
        limn_arena_free(t->arena);
        *t = (LimnTimeline){0};
}

static LimnTime time_of(const LimnValue *v)
{
        return v->type == LIMN_VALUE_INT ? v->i : LIMN_TIME_NONE;
}

static void apply_options(const LimnConcludeOptions *options, const char *path,
                          LimnTimelineSource *source)
{
        for (size_t i = 0; i < options->n_roles && !source->role.p; i++)
                if (limn_source_named(options->roles[i].name, path))
                        source->role = options->roles[i].role;
        for (size_t i = 0; i < options->n_shifts; i++)
                if (limn_source_named(options->shifts[i].name, path))
                        source->shift += options->shifts[i].by;
}

/* source_id, path, sha256, format, first_time, last_time, naive, zone, stated, resolution,
 * hole, local_twice, local_never */
static int read_source(void *arg, const LimnValue *v, size_t n)
{
        Load *load = arg;
        char name[128];
        if (limn_vec_room(&load->sources) < 0)
                return -ENOMEM;
        if (v[3].s.n >= sizeof name)
                return -EINVAL;
        memcpy(name, v[3].s.p, v[3].s.n);
        name[v[3].s.n] = '\0';
        const char *path = limn_arena_str(load->timeline->arena, v[1].s);
        LimnTimelineSource source = {
                .id = v[0].i,
                .path = path ? limn_slice_str(path) : LIMN_NONE,
                .sha256 = limn_arena_dup(load->timeline->arena, v[2].s),
                .format = limn_format_find(name),
                .first = time_of(&v[4]),
                .last = time_of(&v[5]),
                .naive = v[6].i > v[8].i, /* a stray line of another make decides nothing */
                .any_naive = v[6].i > 0,
                .zone_given = v[7].type == LIMN_VALUE_TEXT,
                .zone = limn_arena_dup(load->timeline->arena,
                                       v[7].type == LIMN_VALUE_TEXT ? v[7].s : LIMN_S("")),
                .twice = (uint64_t)v[11].i,
                .never = (uint64_t)v[12].i,
                .resolution = v[9].type == LIMN_VALUE_INT ? v[9].i : 0,
                .hole = v[10].type == LIMN_VALUE_INT ? v[10].i : 0,
        };
        if (!source.path.p || !source.sha256.p || !source.zone.p)
                return -ENOMEM;
        if (!source.format) {
                limn_diag_addf(load->diag,
                               &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                              .help = "use the limn that made this case, or read "
                                                      "the evidence again"},
                               "the case holds a source of format %s, which this limn does not know",
                               name);
                return -EINVAL;
        }
        apply_options(load->options, path, &source);
        load->sources.at[load->sources.n++] = source;
        return 0;
}

/* Hits come source by source, so that the one before nearly always answers. */
static uint32_t rank_of(Load *load, int64_t id)
{
        const Sources *sources = &load->sources;

        if (load->last < sources->n && sources->at[load->last].id == id)
                return (uint32_t)load->last;
        for (size_t i = 0; i < sources->n; i++)
                if (sources->at[i].id == id) {
                        load->last = i;
                        return (uint32_t)i;
                }
        return UINT32_MAX;
}

/* Instances, clocks, facts, intervals and correlations read hits; diagnoses ask the case. A rule
 * that only those name may have millions. */
static bool is_read(const LimnRules *rules, const LimnDetection *d)
{
        const LimnMeaning *m = &d->meaning;

        if (m->instance_kind.p || m->role.p || m->n_facts || m->n_states || m->n_anchors ||
            m->action.p)
                return true;
        for (size_t i = 0; i < rules->n_correlations; i++) {
                const LimnCorrelation *c = rules->correlations[i];

                for (size_t k = 0; k < c->n_rules; k++)
                        if (!c->rules[k].is_correlation && c->rules[k].index == d->index)
                                return true;
        }
        return false;
}

/* rule_id, name */
static int read_rule(void *arg, const LimnValue *v, size_t n)
{
        Load *load = arg;
        const LimnDetection *d = limn_rules_detection(load->rules, v[1].s);

        if (!d || v[0].i < 0 || (size_t)v[0].i >= load->n_by_id)
                return 0; /* a correlation, or no longer in the set */
        load->by_id[v[0].i] = is_read(load->rules, d) ? d : NULL;
        return 0;
}

static int count_rules(void *arg, const LimnValue *v, size_t n)
{
        Load *load = arg;
        size_t most = v[0].type == LIMN_VALUE_INT && v[0].i > 0 ? (size_t)v[0].i : 0;

        load->by_id = calloc(most + 1, sizeof(*load->by_id));
        load->n_by_id = most + 1;
        return load->by_id ? 0 : -ENOMEM;
}

static int by_name(const void *a, const void *b)
{
        const LimnField *x = a, *y = b;
        return limn_slice_cmp(x->name, y->name);
}

/* The fields of a hit's JSON in the timeline's arena; names that the rule has are the rule's. */
static int read_fields(Load *load, const LimnDetection *rule, LimnSlice json, LimnHit *hit)
{
        LimnArena *arena = load->timeline->arena;
        LimnFields fields = {0};
        LimnJsonError error;
        size_t used;
        int r;

        limn_arena_reset(load->scratch);
        r = limn_json_flatten(json, LIMN_S(""), load->scratch, &fields, &used, &error);
        if (r < 0 || fields.n == 0 || (fields.n == 1 && fields.at[0].name.n == 0))
                return r < 0 ? r : 0;
        LimnField *at = limn_arena_new_of(arena, LimnField, fields.n);
        if (!at)
                return -ENOMEM;
        for (size_t i = 0; i < fields.n; i++) {
                at[i] = fields.at[i];
                at[i].name = LIMN_NONE;
                for (size_t k = 0; k < rule->n_captures && !at[i].name.p; k++)
                        if (limn_slice_eq(rule->captures[k], fields.at[i].name))
                                at[i].name = rule->captures[k];
                if (!at[i].name.p)
                        at[i].name = limn_arena_dup(arena, fields.at[i].name);
                if (at[i].value.p)
                        at[i].value = limn_arena_dup(arena, at[i].value);
                if (!at[i].name.p || (fields.at[i].value.p && !at[i].value.p))
                        return -ENOMEM;
        }
        if (fields.n > 1)
                qsort(at, fields.n, sizeof *at, by_name);
        hit->fields = at;
        hit->n_fields = fields.n;
        return 0;
}

/* hit_id, rule_id, source_id, offset, time, fields */
static int read_hit(void *arg, const LimnValue *v, size_t n)
{
        Load *load = arg;
        const LimnDetection *rule =
                v[1].i >= 0 && (size_t)v[1].i < load->n_by_id ? load->by_id[v[1].i] : NULL;
        if (!rule)
                return 0;
        if (limn_vec_room(&load->hits) < 0)
                return -ENOMEM;
        LimnHit hit = {
                .id = v[0].i,
                .rule = rule->index,
                .source = rank_of(load, v[2].i),
                .source_id = v[2].i,
                .offset = (uint64_t)v[3].i,
                .time = time_of(&v[4]),
        };
        if (hit.source == UINT32_MAX)
                return 0;
        int r = read_fields(load, rule, v[5].s, &hit);
        if (r < 0)
                return r;
        load->hits.at[load->hits.n++] = hit;
        return 0;
}

int limn_timeline_load(LimnTimeline *ret, LimnCase *c, const LimnRules *rules,
                       const LimnConcludeOptions *options, LimnDiag *diag)
{
        LimnTimeline t = {.arena = limn_arena_new(TIMELINE_ARENA_MAX)};
        if (!t.arena)
                return -ENOMEM;
        Load load = {.timeline = &t, .rules = rules, .options = options, .diag = diag,
                     .scratch = limn_arena_new(LIMN_RECORD_ARENA_MAX)};
        LimnQuery query = limn_case_query(c);
        int r = load.scratch ? 0 : -ENOMEM;
        if (r >= 0)
                r = query.run(query.ctx,
                          "SELECT source_id, path, sha256, format, first_time, last_time, naive,"
                          " zone, stated, resolution, hole, local_twice, local_never"
                          " FROM source WHERE complete = 1 AND superseded_by IS NULL"
                          " ORDER BY sha256, source_id",
                          NULL, 0, read_source, &load, diag);
        if (r >= 0)
                r = query.run(query.ctx, "SELECT max(rule_id) FROM rule", NULL, 0, count_rules,
                              &load, diag);
        if (r >= 0)
                r = query.run(query.ctx, "SELECT rule_id, name FROM rule", NULL, 0, read_rule,
                              &load, diag);
        if (r >= 0)
                r = query.run(query.ctx,
                              "SELECT hit_id, rule_id, source_id, offset, time, fields FROM hit"
                              " ORDER BY hit_id",
                              NULL, 0, read_hit, &load, diag);
        free(load.by_id);
        limn_arena_free(load.scratch);
        t.sources = load.sources.at;
        t.n_sources = load.sources.n;
        t.hits = load.hits.at;
        t.n_hits = load.hits.n;
        if (r < 0) {
                limn_timeline_done(&t);
                return r;
        }
        *ret = t;
        return 0;
}

static int by_event(const void *a, const void *b)
{
        const LimnHit *x = *(const LimnHit *const *)a, *y = *(const LimnHit *const *)b;
        int r = limn_slice_cmp(limn_hit_get(x, LIMN_S("event_id")),
                               limn_hit_get(y, LIMN_S("event_id")));

        if (r == 0)
                r = (x->rule > y->rule) - (x->rule < y->rule);
        return r ? r : (x > y) - (x < y);
}

static bool is_near(LimnTime a, LimnTime b)
{
        if (a == LIMN_TIME_NONE || b == LIMN_TIME_NONE)
                return a == b;
        return a / LIMN_SECOND - b / LIMN_SECOND <= 1 && b / LIMN_SECOND - a / LIMN_SECOND <= 1;
}

/* The same pipeline event, in overlapping pages or in two exports, counts once. */
static int drop_repeated(LimnTimeline *t)
{
        LimnHit **hits = calloc(t->n_hits + 1, sizeof(*hits));
        size_t n = 0, kept = 0;

        if (!hits)
                return -ENOMEM;
        for (size_t i = 0; i < t->n_hits; i++)
                if (limn_hit_get(&t->hits[i], LIMN_S("event_id")).n)
                        hits[n++] = &t->hits[i];
        if (n > 1)
                qsort(hits, n, sizeof(*hits), by_event);
        for (size_t i = 1; i < n; i++) {
                LimnHit *hit = hits[i];
                const LimnHit *before = hits[i - 1];
                /* Ids in examples are copied: another time is another event. */
                if (hit->rule == before->rule && is_near(hit->time, before->time) &&
                    limn_slice_eq(limn_hit_get(hit, LIMN_S("event_id")),
                                  limn_hit_get(before, LIMN_S("event_id"))))
                        hit->id = 0;
        }
        for (size_t i = 0; i < t->n_hits; i++)
                if (t->hits[i].id != 0)
                        t->hits[kept++] = t->hits[i];
        t->n_hits = kept;
        free(hits);
        return 0;
}

int limn_timeline_correct(LimnTimeline *t)
{
        size_t kept = 0;
        for (size_t i = 0; i < t->n_hits; i++) {
                LimnHit hit = t->hits[i];
                if (t->twin_of[hit.source] != LIMN_TWIN_NONE)
                        continue;
                const LimnClock *clock = &t->clocks[hit.source];
                if (hit.time != LIMN_TIME_NONE)
                        hit.time += clock->correction;
                hit.uncertainty = clock->uncertainty;
                hit.instance = t->instances->of_source[hit.source];
                t->hits[kept++] = hit;
        }
        t->n_hits = kept;
        if (kept > 1)
                qsort(t->hits, kept, sizeof *t->hits, limn_hit_cmp);
        return drop_repeated(t);
}
