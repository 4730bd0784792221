/* SPDX-License-Identifier: Apache-2.0 */
/* Which logs hold the same records: only sources of an instance with several steady logs of the
 * same time are read again for it. */
#include <errno.h>

#include "cli/timeline.h"
#include "rules/twins.h"

typedef struct Reading {
        LimnTwinSketch *sketch;
        LimnDuration correction;
} Reading;

static int add_event(void *arg, const LimnValue *v, size_t n)
{
        Reading *reading = arg;
        if (v[0].type == LIMN_VALUE_INT && v[1].type == LIMN_VALUE_TEXT)
                limn_twin_sketch_add(reading->sketch, v[0].i + reading->correction, v[1].s,
                                     v[2].type == LIMN_VALUE_TEXT ? v[2].s : LIMN_NONE);
        return 0;
}

static LimnDuration resolution_of(const LimnTimelineSource *source)
{
        return source->resolution > 0 ? source->resolution : LIMN_SECOND;
}

/* May a moment of i and one of k be the same, at the coarser resolution? Of rotated files none. */
static bool overlap(const LimnTimeline *t, size_t i, size_t k)
{
        const LimnTimelineSource *a = &t->sources[i], *b = &t->sources[k];
        LimnDuration unit = resolution_of(a) > resolution_of(b) ? resolution_of(a)
                                                                : resolution_of(b);
        LimnDuration x = t->clocks[i].correction, y = t->clocks[k].correction;
        if (a->first == LIMN_TIME_NONE || b->first == LIMN_TIME_NONE)
                return false;
        return a->first + x - unit <= b->last + y && b->first + y - unit <= a->last + x;
}

static bool has_company(const LimnTimeline *t, size_t i)
{
        if (!t->sources[i].format->steady || t->sources[i].part)
                return false;
        for (size_t k = 0; k < t->n_sources; k++)
                if (k != i && t->sources[k].format->steady && !t->sources[k].part &&
                    t->instances->of_source[k] == t->instances->of_source[i] && overlap(t, i, k))
                        return true;
        return false;
}

int limn_timeline_twins(LimnTimeline *t, LimnCase *c, LimnDiag *diag)
{
        LimnTwinSource *sources = calloc(t->n_sources + 1, sizeof *sources);
        t->twin_of = calloc(t->n_sources + 1, sizeof *t->twin_of);
        int r = sources && t->twin_of ? 0 : -ENOMEM;
        LimnQuery query = limn_case_query(c);
        for (size_t i = 0; i < t->n_sources && r >= 0; i++) {
                sources[i].instance = t->instances->of_source[i];
                sources[i].resolution = t->sources[i].resolution;
                if (!has_company(t, i))
                        continue;
                Reading reading = {limn_twin_sketch_new(), t->clocks[i].correction};
                sources[i].sketch = reading.sketch;
                if (!reading.sketch) {
                        r = -ENOMEM;
                        break;
                }
                LimnParam param = {":source", LIMN_VALUE_OF_INT(t->sources[i].id)};
                /* Fields are costly, and what is no trouble has no trace. */
                r = query.run(query.ctx,
                              "SELECT time, message, CASE WHEN level IN ('warning', 'error', "
                              "'fatal') THEN fields ->> 'trace' END "
                              "FROM event WHERE source_id = :source",
                              &param, 1, add_event, &reading, diag);
        }
        if (r >= 0)
                r = limn_twins(sources, t->n_sources, t->twin_of);
        for (size_t i = 0; sources && i < t->n_sources; i++)
                limn_twin_sketch_free((LimnTwinSketch *)sources[i].sketch);
        free(sources);
        return r;
}
