/* SPDX-License-Identifier: Apache-2.0 */
/* Intervals, coverage and episodes: what the timeline engines of rules/ give, into the case. */
#include <errno.h>

#include "cli/conclude_private.h"
#include "cli/value.h"
#include "core/json_write.h"
#include "core/limits.h"
#include "rules/correlate.h"
#include "rules/correlation.h"
#include "rules/coverage.h"
#include "rules/interval.h"
#include "rules/twins.h"

typedef struct Put {
        LimnCase *c;
        const LimnTimeline *timeline;
        LimnDiag *diag;
} Put;

static int put_interval(void *arg, const LimnInterval *v)
{
        Put *put = arg;
        const LimnValue row[] = {limn_value_id(v->instance),
                                 LIMN_VALUE_OF_TEXT(v->kind),
                                 LIMN_VALUE_OF_TEXT(v->entity),
                                 LIMN_VALUE_OF_TEXT(v->state),
                                 limn_value_time(v->start),
                                 limn_value_time(v->end),
                                 limn_value_id(v->start_hit ? v->start_hit->id : 0),
                                 limn_value_id(v->end_hit ? v->end_hit->id : 0)};
        return limn_case_insert(put->c, "interval",
                                "instance_id, kind, entity, state, start, \"end\", start_hit,"
                                " end_hit",
                                row, 8, NULL, put->diag);
}

int limn_conclude_intervals(LimnCase *c, const LimnTimeline *t, const LimnRules *rules,
                            LimnDiag *diag)
{
        Put put = {c, t, diag};
        return limn_intervals(rules, t->hits, t->n_hits, put_interval, &put);
}

/* -- coverage ----------------------------------------------------------------------------- */

static int put_coverage(void *arg, size_t source, LimnTime start, LimnTime end)
{
        Put *put = arg;
        const LimnValue row[] = {LIMN_VALUE_OF_INT(put->timeline->sources[source].id),
                                 LIMN_VALUE_OF_INT(start), LIMN_VALUE_OF_INT(end)};
        return limn_case_insert(put->c, "coverage", "source_id, start, \"end\"", row, 3, NULL,
                                put->diag);
}

typedef struct Gaps {
        LimnCoverage *coverage;
        LimnDuration correction;
} Gaps;

/* start, end */
static int add_stretch(void *arg, const LimnValue *v, size_t n)
{
        Gaps *gaps = arg;
        return limn_coverage_add(gaps->coverage, v[0].i + gaps->correction,
                                 v[1].i + gaps->correction);
}

/* The rhythm of a steady source was taken when it was read; of a sparse one first and last are
 * enough. */
static int measure(LimnCase *c, const LimnTimeline *t, size_t i, LimnCoverage *coverage,
                   LimnDiag *diag)
{
        const LimnTimelineSource *source = &t->sources[i];
        LimnDuration correction = t->clocks[i].correction;
        if (source->first == LIMN_TIME_NONE)
                return 0;
        if (!source->format->steady)
                return limn_coverage_add(coverage, source->first + correction,
                                         source->last + correction);
        limn_coverage_set_hole(coverage, source->hole);
        Gaps gaps = {coverage, correction};
        LimnQuery query = limn_case_query(c);
        LimnParam param = {":source", LIMN_VALUE_OF_INT(source->id)};
        return query.run(query.ctx, "SELECT start, \"end\" FROM stretch WHERE source_id = :source"
                         " ORDER BY start",
                         &param, 1, add_stretch, &gaps, diag);
}

/* Rotated files of one log share a series: same name without the number, same instance. */
static uint32_t series_of(const LimnTimeline *t, const LimnSlice *stems, size_t i)
{
        for (size_t k = 0; k < i; k++)
                if (t->instances->of_source[k] == t->instances->of_source[i] &&
                    limn_slice_eq(stems[k], stems[i]))
                        return (uint32_t)k + 1;
        return (uint32_t)i + 1;
}

int limn_conclude_coverage(LimnCase *c, const LimnTimeline *t, LimnDiag *diag)
{
        LimnCoverageSource *sources = calloc(t->n_sources + 1, sizeof *sources);
        LimnSlice *stems = calloc(t->n_sources + 1, sizeof *stems);
        int r = sources && stems ? 0 : -ENOMEM;
        for (size_t i = 0; i < t->n_sources && r >= 0; i++) {
                LimnCoverage *coverage = limn_coverage_new(t->sources[i].format->steady);
                sources[i].coverage = coverage;
                if (!coverage)
                        r = -ENOMEM;
                else
                        r = measure(c, t, i, coverage, diag);
                sources[i].collected =
                        t->sources[i].format->steady ? LIMN_TIME_NONE : t->collected[i];
                stems[i] = limn_rotation(t->sources[i].path, &sources[i].rotation);
                sources[i].series = series_of(t, stems, i);
        }
        Put put = {c, t, diag};
        if (r >= 0)
                r = limn_coverage(sources, t->n_sources, put_coverage, &put);
        for (size_t i = 0; sources && i < t->n_sources; i++)
                limn_coverage_free((LimnCoverage *)sources[i].coverage);
        free(stems);
        free(sources);
        return r;
}

/* -- episodes ----------------------------------------------------------------------------- */

typedef struct Covered {
        LimnCovered *at;
        size_t n, cap;
        const LimnTimeline *timeline;
} Covered;

static int add_covered(void *arg, const LimnValue *v, size_t n)
{
        Covered *covered = arg;
        if (covered->n == covered->cap) {
                size_t cap = covered->cap ? covered->cap * 2 : 64;
                LimnCovered *at = reallocarray(covered->at, cap, sizeof *at);
                if (!at)
                        return -ENOMEM;
                covered->at = at;
                covered->cap = cap;
        }
        for (size_t i = 0; i < covered->timeline->n_sources; i++) {
                const LimnTimelineSource *source = &covered->timeline->sources[i];
                if (source->id != v[0].i)
                        continue;
                covered->at[covered->n++] =
                        (LimnCovered){.product = limn_slice_str(source->format->product),
                                      .service = limn_slice_str(source->format->service),
                                      .instance = covered->timeline->instances->of_source[i],
                                      .start = v[1].i,
                                      .end = v[2].i};
                return 0;
        }
        return 0;
}

/* Ingest wrote the detections; a correlation's row comes with its first episode. */
static int rule_id(Put *put, const LimnCorrelation *rule, int64_t *ret)
{
        const LimnValue row[] = {
                LIMN_VALUE_OF_TEXT(LIMN_S("correlation")), LIMN_VALUE_OF_TEXT(rule->id),
                LIMN_VALUE_OF_TEXT(rule->name),            LIMN_VALUE_OF_TEXT(rule->title),
                LIMN_VALUE_OF_TEXT(rule->level),
                LIMN_VALUE_OF_TEXT(limn_slice_str(rule->path)),
        };
        return limn_case_insert(put->c, "rule", "kind, id, name, title, level, path", row, 6, ret,
                                put->diag);
}

static int put_episode(void *arg, const LimnEpisode *episode)
{
        Put *put = arg;
        LimnBuf group = LIMN_BUF(LIMN_RULE_FILE_MAX);
        LimnJsonWriter w = LIMN_JSON_WRITER(&group, 0);
        limn_json_object(&w);
        for (size_t i = 0; i < episode->n_group; i++) {
                limn_json_key_slice(&w, episode->group[i].name);
                limn_json_string(&w, episode->group[i].value);
        }
        limn_json_end(&w);
        int64_t rule = 0, id = 0;
        int r = group.error;
        if (r >= 0)
                r = rule_id(put, episode->rule, &rule);
        const LimnValue row[] = {LIMN_VALUE_OF_INT(rule), LIMN_VALUE_OF_INT(episode->first),
                                 LIMN_VALUE_OF_INT(episode->last),
                                 LIMN_VALUE_OF_TEXT(limn_buf_slice(&group)),
                                 LIMN_VALUE_OF_INT(episode->ambiguous),
                                 LIMN_VALUE_OF_INT(episode->not_observable)};
        if (r >= 0)
                r = limn_case_insert(put->c, "episode",
                                     "rule_id, first, last, \"group\", ambiguous, not_observable",
                                     row, 6, &id, put->diag);
        for (size_t i = 0; i < episode->n_hits && r >= 0; i++) {
                const LimnValue hit[] = {LIMN_VALUE_OF_INT(id),
                                         LIMN_VALUE_OF_INT(episode->hits[i]->id)};
                r = limn_case_insert(put->c, "episode_hit", "episode_id, hit_id", hit, 2, NULL,
                                     put->diag);
        }
        limn_buf_done(&group);
        return r;
}

int limn_conclude_episodes(LimnCase *c, const LimnTimeline *t, const LimnRules *rules,
                           LimnDiag *diag)
{
        Covered covered = {.timeline = t};
        LimnQuery query = limn_case_query(c);
        int r = query.run(query.ctx, "SELECT source_id, start, \"end\" FROM coverage", NULL, 0,
                          add_covered, &covered, diag);
        Put put = {c, t, diag};
        if (r >= 0)
                r = limn_correlate(rules, t->hits, t->n_hits, covered.at, covered.n, put_episode,
                                   &put);
        free(covered.at);
        return r;
}
