/* SPDX-License-Identifier: Apache-2.0 */
/* The hits' anchors, and what snapshots say of their server's clock, to corrections. */
#include <errno.h>

#include "cli/timeline.h"
#include "core/limits.h"
#include "core/vec.h"

typedef struct Anchors {
        LimnClockAnchor *at;
        size_t n, cap;
} Anchors;

static int add_anchors(LimnTimeline *t, const LimnMeaning *meaning, const LimnHit *hit,
                       Anchors *anchors)
{
        for (size_t i = 0; i < meaning->n_anchors; i++) {
                LimnBuf key = LIMN_BUF(LIMN_RULE_FILE_MAX);
                if (!limn_template_expand(&meaning->anchors[i].key, hit->fields, hit->n_fields,
                                          &key))
                        continue;
                LimnSlice text =
                        key.error ? LIMN_NONE : limn_arena_dup(t->arena, limn_buf_slice(&key));
                limn_buf_done(&key);
                if (!text.p || limn_vec_room(anchors) < 0)
                        return -ENOMEM;
                anchors->at[anchors->n++] =
                        (LimnClockAnchor){.name = meaning->anchors[i].name,
                                          .key = text,
                                          .source = hit->source,
                                          .time = hit->time,
                                          .resolution = t->sources[hit->source].resolution};
        }
        return 0;
}

/* clock.now and clock.utc_now of one hit: how far east of UTC the server's own time is. */
static bool stated_offset(const LimnHit *hit, LimnDuration *ret)
{
        LimnStamp stamp;
        LimnTime now, utc;
        if (!limn_stamp_iso(limn_hit_get(hit, LIMN_S("now")), &stamp) ||
            !limn_stamp_to_utc(&stamp, &now) ||
            !limn_stamp_iso(limn_hit_get(hit, LIMN_S("utc_now")), &stamp) ||
            !limn_stamp_to_utc(&stamp, &utc))
                return false;
        LimnDuration difference = now - utc, half = LIMN_MINUTE / 2;
        difference += difference < 0 ? -half : half;
        *ret = difference / LIMN_MINUTE * LIMN_MINUTE;
        return true;
}

static LimnClockKind kind_of(const LimnFormat *format)
{
        if (strcmp(format->product, "mysql") == 0)
                return LIMN_CLOCK_SERVER;
        if (strcmp(format->service, "pipeline_events") == 0)
                return LIMN_CLOCK_EVENTS;
        return strcmp(format->product, "databricks") == 0 ? LIMN_CLOCK_GATEWAY : LIMN_CLOCK_OTHER;
}

static void describe(const LimnTimeline *t, size_t i, LimnClockSource *ret)
{
        const LimnTimelineSource *source = &t->sources[i];
        *ret = (LimnClockSource){
                .group = t->instances->of_source[i],
                .kind = kind_of(source->format),
                .zone = source->zone_given ? LIMN_CLOCK_CONFIGURED
                        : source->naive   ? LIMN_CLOCK_NAIVE
                                          : LIMN_CLOCK_STATED,
                .resolution = source->resolution,
        };
}

/* When an instance's snapshots were taken: its own clock says, corrected like its other stamps. */
static void collected_times(LimnTimeline *t)
{
        for (size_t i = 0; i < t->n_sources; i++)
                t->collected[i] = LIMN_TIME_NONE;
        for (size_t i = 0; i < t->n_hits; i++) {
                const LimnHit *hit = &t->hits[i];
                LimnDuration ignored;
                if (hit->time == LIMN_TIME_NONE || !stated_offset(hit, &ignored))
                        continue;
                LimnTime at = hit->time + t->clocks[hit->source].correction;
                for (size_t k = 0; k < t->n_sources; k++)
                        if (t->instances->of_source[k] == t->instances->of_source[hit->source] &&
                            (t->collected[k] == LIMN_TIME_NONE || at > t->collected[k]))
                                t->collected[k] = at;
        }
}

int limn_timeline_clocks(LimnTimeline *t, const LimnRules *rules)
{
        Anchors anchors = {0};
        LimnClockSource *sources = calloc(t->n_sources + 1, sizeof *sources);
        t->clocks = calloc(t->n_sources + 1, sizeof *t->clocks);
        t->collected = calloc(t->n_sources + 1, sizeof *t->collected);
        int r = sources && t->clocks && t->collected ? 0 : -ENOMEM;
        for (size_t i = 0; i < t->n_sources && r >= 0; i++)
                describe(t, i, &sources[i]);
        for (size_t i = 0; i < t->n_hits && r >= 0; i++) {
                const LimnHit *hit = &t->hits[i];
                LimnDuration offset;
                if (hit->time != LIMN_TIME_NONE)
                        r = add_anchors(t, &rules->detections[hit->rule].meaning, hit, &anchors);
                if (!stated_offset(hit, &offset))
                        continue;
                for (size_t k = 0; k < t->n_sources; k++)
                        if (t->instances->of_source[k] == t->instances->of_source[hit->source] &&
                            sources[k].zone == LIMN_CLOCK_NAIVE) {
                                sources[k].zone = LIMN_CLOCK_SNAPSHOT;
                                sources[k].zone_offset = offset;
                        }
        }
        if (r >= 0)
                r = limn_clocks(sources, t->n_sources, anchors.at, anchors.n, t->clocks);
        for (size_t i = 0; i < t->n_sources && r >= 0; i++)
                t->clocks[i].correction += t->sources[i].shift;
        if (r >= 0)
                collected_times(t);
        free(anchors.at);
        free(sources);
        return r;
}
