/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The story: what started it, what followed, what was tried, how it stood at the end. Every
 * sentence is one that a rule or a diagnosis wrote, and has a line that shows it; this file only
 * picks them and puts them in order.
 *
 *     standing  a finding without a time (a setting) that another one is put down to
 *     began     the earliest moment that speaks for an incident or its cause
 *     followed  incidents, and what speaks for their causes before they opened
 *     impact    what it meant (cli/conclude_impact.c)
 *     tried     steps that somebody took
 *     now       the states that each instance entered last, and that nothing ended
 */
#include <errno.h>
#include <stdlib.h>

#include "cli/conclude_private.h"
#include "cli/value.h"
#include "core/limits.h"
#include "core/vec.h"

typedef enum Part { STANDING, BEGAN, FOLLOWED, IMPACT, TRIED, NOW } Part;
static const char *const part_names[] = {"standing", "began", "followed",
                                         "impact",   "tried", "now"};

typedef struct Line {
        Part part;
        LimnSlice sentence, finding;
        int64_t count;
        LimnTime start, end;
        int64_t source, line, offset, length;
} Line;

typedef struct Story {
        const LimnTimeline *timeline;
        const LimnRules *rules;
        LimnBuf text; /* scratch */
        struct {
                Line *at;
                size_t n, cap;
        } lines;
} Story;

/* What calls for action; a finding of low severity is no part of a story. */
#define LOUD "f.severity IN ('critical', 'high', 'medium')"

/* A finding at its first incident, with the earliest line that opened it, and the cause that is put
 * first there. One row a finding. */
static const char incidents_sql[] =
        "WITH first AS (SELECT i.*, row_number() OVER (PARTITION BY finding ORDER BY start, n) AS nth,"
        "   count(*) OVER (PARTITION BY finding) AS times,"
        "   max(\"end\") OVER (PARTITION BY finding) AS last FROM incident i WHERE start IS NOT NULL),"
        " shown AS (SELECT e.*, s.sha256, row_number() OVER (PARTITION BY incident_id"
        "   ORDER BY e.time, s.sha256, e.offset, e.evidence_id) AS nth"
        "   FROM evidence e JOIN source s USING (source_id)"
        "  WHERE e.cause IS NULL AND e.sign = 'for' AND e.time IS NOT NULL)"
        "SELECT f.finding, f.summary, i.times, i.start, i.last, e.source_id, e.line, e.offset,"
        "       e.length, c.title, c.verdict,"
        "       (SELECT group_concat(value, ', ') FROM json_each(f.caused_by))"
        "  FROM finding f JOIN first i ON i.finding = f.finding AND i.nth = 1"
        "  LEFT JOIN shown e ON e.incident_id = i.incident_id AND e.nth = 1"
        "  LEFT JOIN cause c ON c.incident_id = i.incident_id AND c.rank = 1"
        " WHERE " LOUD " ORDER BY f.finding";

/* What spoke for the first cause of such an incident, before it opened: the weightiest. */
static const char causes_sql[] =
        "WITH first AS (SELECT i.*, row_number() OVER (PARTITION BY finding ORDER BY start, n) AS nth"
        "   FROM incident i WHERE start IS NOT NULL),"
        " best AS (SELECT e.*, i.finding, row_number() OVER (PARTITION BY e.incident_id"
        "   ORDER BY abs(e.points) DESC, e.time, s.sha256, e.offset, e.evidence_id) AS of"
        "   FROM first i JOIN cause c ON c.incident_id = i.incident_id AND c.rank = 1"
        "    AND c.verdict IN ('likely', 'possible')"
        "   JOIN evidence e ON e.incident_id = i.incident_id AND e.cause = c.cause"
        "    AND e.sign = 'for' AND e.time < i.start"
        "   JOIN source s USING (source_id) WHERE i.nth = 1)"
        "SELECT e.finding, e.sentence, 1, e.time, e.time, e.source_id, e.line, e.offset,"
        "       e.length"
        "  FROM best e JOIN finding f USING (finding) WHERE e.of = 1 AND " LOUD
        " ORDER BY e.finding";

/* Without a time of their own: told when something else is put down to them, or nothing else is. */
static const char standing_sql[] =
        "SELECT f.finding, f.summary, 1, NULL, NULL, e.source_id, e.line, e.offset, e.length,"
        "       (SELECT group_concat(title, '; ') FROM (SELECT c.title FROM cause c"
        "         WHERE c.finding = f.finding AND c.incident_id IS NULL AND c.verdict = 'likely'"
        "           AND (c.rank = 1 OR f.mode = 'cumulative') ORDER BY c.rank))"
        "  FROM finding f LEFT JOIN (SELECT i.finding, e.*, row_number() OVER (PARTITION BY i.finding"
        "    ORDER BY abs(e.points) DESC, s.sha256, e.offset, e.evidence_id) AS nth"
        "    FROM incident i JOIN evidence e USING (incident_id) JOIN source s USING (source_id)"
        "   WHERE e.sign = 'for') e ON e.finding = f.finding AND e.nth = 1"
        " WHERE " LOUD
        "   AND NOT EXISTS (SELECT 1 FROM incident i WHERE i.finding = f.finding"
        "                    AND i.start IS NOT NULL)"
        "   AND (EXISTS (SELECT 1 FROM finding g, json_each(g.caused_by) j WHERE j.value = f.finding)"
        "     OR NOT EXISTS (SELECT 1 FROM incident i JOIN finding f ON f.finding = i.finding"
        "                     WHERE i.start IS NOT NULL AND " LOUD "))"
        " ORDER BY f.finding";

static const char tried_sql[] =
        "SELECT NULL, sentence, times, time, last, source_id, line, offset, length FROM"
        " (SELECT a.sentence, a.time, h.source_id, h.line, h.offset, h.length, count(*) OVER same AS times,"
        "         max(a.time) OVER same AS last, row_number() OVER (same ORDER BY a.time, s.sha256,"
        "         h.offset, a.action_id) AS nth FROM action a JOIN hit h USING (hit_id)"
        "    JOIN source s USING (source_id) WINDOW same AS (PARTITION BY sentence, a.instance_id))"
        " WHERE nth = 1 ORDER BY time, sentence";

/* The states that each instance entered last, if nothing ended them. */
static const char states_sql[] =
        "WITH last AS (SELECT i.*, rank() OVER (PARTITION BY i.instance_id ORDER BY i.start DESC)"
        "   AS nth FROM interval i)"
        "SELECT i.start_hit, n.name, n.kind, h.line, h.length FROM last i"
        "  JOIN hit h ON h.hit_id = i.start_hit LEFT JOIN instance n USING (instance_id)"
        " WHERE i.nth = 1 AND i.\"end\" IS NULL GROUP BY i.start_hit ORDER BY min(i.start), i.start_hit";

static int keep(Story *s, LimnSlice text, LimnSlice *ret)
{
        *ret = text.p ? limn_arena_dup(s->timeline->arena, text) : LIMN_NONE;
        return text.p && !ret->p ? -ENOMEM : 0;
}

static LimnTime time_of(const LimnValue *v)
{
        return v->type == LIMN_VALUE_INT ? v->i : LIMN_TIME_NONE;
}

static int64_t id_of(const LimnValue *v)
{
        return v->type == LIMN_VALUE_INT ? v->i : 0;
}

/* finding, sentence, count, start, end, source, line, offset, length */
static int add(Story *s, Part part, const LimnValue *v, LimnSlice sentence)
{
        Line line = {.part = part,
                     .count = v[2].i,
                     .start = time_of(&v[3]),
                     .end = time_of(&v[4]),
                     .source = id_of(&v[5]),
                     .line = id_of(&v[6]),
                     .offset = id_of(&v[7]),
                     .length = id_of(&v[8])};
        int r = keep(s, sentence, &line.sentence);

        if (r == 0 && v[0].type == LIMN_VALUE_TEXT)
                r = keep(s, v[0].s, &line.finding);
        if (r == 0)
                r = limn_vec_room(&s->lines);
        if (r == 0)
                s->lines.at[s->lines.n++] = line;
        return r;
}

/* "... Why: the server restarted (likely). It goes back to CDC-07." */
static int on_incident(void *arg, const LimnValue *v, size_t n)
{
        Story *s = arg;

        LimnSlice verdict = v[10].s;

        limn_buf_clear(&s->text);
        limn_buf_add(&s->text, v[1].s);
        if (limn_slice_eq(verdict, LIMN_S("likely")) || limn_slice_eq(verdict, LIMN_S("possible")))
                limn_buf_printf(&s->text, " Why: %.*s (%.*s).", LIMN_FMT(v[9].s),
                                LIMN_FMT(verdict));
        else
                limn_buf_add_str(&s->text, " Why is undecided.");
        if (v[11].type == LIMN_VALUE_TEXT)
                limn_buf_printf(&s->text, " It goes back to %.*s.", LIMN_FMT(v[11].s));
        return s->text.error ? s->text.error : add(s, FOLLOWED, v, limn_buf_slice(&s->text));
}

static int on_cause(void *arg, const LimnValue *v, size_t n)
{
        return add(arg, FOLLOWED, v, v[1].s);
}

static int on_standing(void *arg, const LimnValue *v, size_t n)
{
        Story *s = arg;

        limn_buf_clear(&s->text);
        limn_buf_add(&s->text, v[1].s);
        if (v[9].type == LIMN_VALUE_TEXT)
                limn_buf_printf(&s->text, " Why: %.*s (likely).", LIMN_FMT(v[9].s));
        return s->text.error ? s->text.error : add(s, STANDING, v, limn_buf_slice(&s->text));
}

static int on_impact(void *arg, const LimnValue *v, size_t n)
{
        return add(arg, IMPACT, v, v[1].s);
}

static int on_tried(void *arg, const LimnValue *v, size_t n)
{
        return add(arg, TRIED, v, v[1].s);
}

static const LimnHit *find_hit(const Story *s, int64_t id)
{
        for (size_t i = 0; i < s->timeline->n_hits; i++)
                if (s->timeline->hits[i].id == id)
                        return &s->timeline->hits[i];
        return NULL;
}

/* hit, instance, kind, line, length: "gw-1 (gateway): the gateway stopped". */
static int on_state(void *arg, const LimnValue *v, size_t n)
{
        Story *s = arg;
        const LimnHit *hit = find_hit(s, v[0].i);
        const LimnMeaning *meaning;

        if (!hit)
                return 0;
        meaning = &s->rules->detections[hit->rule].meaning;
        limn_buf_clear(&s->text);
        if (v[1].type == LIMN_VALUE_TEXT)
                limn_buf_printf(&s->text, "%.*s (%.*s): ", LIMN_FMT(v[1].s), LIMN_FMT(v[2].s));
        if (!limn_template_expand(&meaning->explain, hit->fields, hit->n_fields, &s->text))
                limn_buf_add(&s->text, s->rules->detections[hit->rule].title);
        const LimnValue row[] = {{.type = LIMN_VALUE_NULL},
                                 {.type = LIMN_VALUE_NULL},
                                 LIMN_VALUE_OF_INT(1),
                                 limn_value_time(hit->time),
                                 {.type = LIMN_VALUE_NULL},
                                 LIMN_VALUE_OF_INT(hit->source_id),
                                 v[3],
                                 LIMN_VALUE_OF_INT((int64_t)hit->offset),
                                 v[4]};
        return s->text.error ? s->text.error : add(s, NOW, row, limn_buf_slice(&s->text));
}

static int by_telling(const void *a, const void *b)
{
        const Line *x = a, *y = b;
        int r;

        if (x->part != y->part)
                return (x->part > y->part) - (x->part < y->part);
        if (x->start != y->start)
                return (x->start > y->start) - (x->start < y->start);
        r = limn_slice_cmp(x->finding, y->finding);
        return r ? r : limn_slice_cmp(x->sentence, y->sentence);
}

static int put(LimnCase *c, const Line *line, LimnBuf *scratch, LimnDiag *diag)
{
        const LimnValue none = {.type = LIMN_VALUE_NULL};

        limn_buf_clear(scratch);
        int r = line->source ? limn_conclude_cite(c, line->source, line->offset, line->length,
                                                  scratch, diag)
                             : 0;
        if (r < 0)
                return r;
        const LimnValue row[] = {
                LIMN_VALUE_OF_TEXT(limn_slice_str(part_names[line->part])),
                LIMN_VALUE_OF_TEXT(line->sentence),
                LIMN_VALUE_OF_INT(line->count),
                limn_value_time(line->start),
                limn_value_time(line->end),
                line->finding.p ? LIMN_VALUE_OF_TEXT(line->finding) : none,
                limn_value_id(line->source),
                line->source ? LIMN_VALUE_OF_INT(line->line) : none,
                line->source ? LIMN_VALUE_OF_INT(line->offset) : none,
                line->source ? LIMN_VALUE_OF_INT(line->length) : none,
                line->source ? LIMN_VALUE_OF_TEXT(limn_buf_slice(scratch)) : none,
        };

        return limn_case_insert(c, "story",
                                "part, sentence, count, start, \"end\", finding, source_id, line,"
                                " offset, length, text",
                                row, 11, NULL, diag);
}

/* The first of what followed is what it began with. */
static void name_beginning(Story *s)
{
        for (size_t i = 0; i < s->lines.n; i++)
                if (s->lines.at[i].part == FOLLOWED) {
                        s->lines.at[i].part = BEGAN;
                        return;
                }
}

int limn_conclude_story(LimnCase *c, const LimnTimeline *t, const LimnRules *rules, LimnDiag *diag)
{
        static const struct {
                const char *sql;
                LimnRowFn fn;
        } steps[] = {
                {standing_sql, on_standing}, {incidents_sql, on_incident}, {causes_sql, on_cause},
                {tried_sql, on_tried},       {states_sql, on_state},
        };
        Story s = {.timeline = t, .rules = rules, .text = LIMN_BUF(LIMN_OUTPUT_MAX)};
        LimnQuery query = limn_case_query(c);
        int r = 0;

        for (size_t i = 0; i < sizeof steps / sizeof *steps && r >= 0; i++) {
                /* Where nothing calls for action there is nothing to tell. */
                if (i == 3 && s.lines.n == 0)
                        break;
                r = query.run(query.ctx, steps[i].sql, NULL, 0, steps[i].fn, &s, diag);
        }
        if (r >= 0 && s.lines.n)
                r = limn_conclude_impact(c, on_impact, &s, diag);
        if (r >= 0 && s.lines.n)
                qsort(s.lines.at, s.lines.n, sizeof *s.lines.at, by_telling);
        name_beginning(&s);
        for (size_t i = 0; i < s.lines.n && r >= 0; i++)
                r = put(c, &s.lines.at[i], &s.text, diag);
        free(s.lines.at);
        limn_buf_done(&s.text);
        return r;
}
