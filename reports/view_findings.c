/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "reports/view_load.h"

#define SQL_SEVERITY                                                                              \
        "CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2"            \
        " WHEN 'low' THEN 3 ELSE 4 END"

/* Texts of one row into the arena, masked; columns from `first` on. */
static int keep_all(LimnViewRows *rows, const LimnValue *v, LimnSlice *const *to, size_t n)
{
        int r = 0;
        for (size_t i = 0; r == 0 && i < n; i++)
                r = limn_view_keep(rows->view, rows->input, limn_value_text(&v[i]), to[i], NULL);
        return r;
}
#define KEEP(rows, v, ...)                                                                        \
        keep_all(rows, v, (LimnSlice *const[]){__VA_ARGS__},                                      \
                 sizeof((LimnSlice *const[]){__VA_ARGS__}) / sizeof(LimnSlice *))

static int on_finding(void *arg, const LimnValue *v, size_t n)
{
        LimnViewRows *rows = arg;
        LimnViewFinding *f = limn_view_row(rows, sizeof *f);
        if (!f)
                return -ENOMEM;
        f->confidence = limn_value_real(&v[6]);
        f->escalate = limn_value_int(&v[7], 0) != 0;
        return KEEP(rows, v, &f->id, &f->title, &f->severity, &f->mode, &f->summary,
                    &f->escalate_why);
}

typedef struct Incident {
        LimnSlice finding;
        LimnViewIncident it;
} Incident;

static int on_incident(void *arg, const LimnValue *v, size_t n)
{
        LimnViewRows *rows = arg;
        Incident *row = limn_view_row(rows, sizeof *row);
        if (!row)
                return -ENOMEM;
        row->it.n = limn_value_int(&v[4], 0);
        row->it.start = limn_value_time(&v[5]);
        row->it.end = limn_value_time(&v[6]);
        row->it.instance_id = limn_value_int(&v[7], -1);
        return KEEP(rows, v, &row->finding, &row->it.instance, &row->it.kind, &row->it.role);
}

typedef struct Entity {
        LimnSlice finding;
        int64_t n;
        LimnViewEntity it;
} Entity;

static int on_entity(void *arg, const LimnValue *v, size_t n)
{
        LimnViewRows *rows = arg;
        Entity *row = limn_view_row(rows, sizeof *row);
        if (!row)
                return -ENOMEM;
        row->n = limn_value_int(&v[3], 0);
        int r = KEEP(rows, v, &row->finding, &row->it.name, &row->it.value);
        if (r == 0 && rows->input->redact && limn_redact_is_secret_name(row->it.name))
                row->it.value = LIMN_S(LIMN_SECRET_MASK);
        return r;
}

typedef struct Cause {
        LimnSlice finding;
        int64_t id;
        LimnViewCause it;
} Cause;

static int on_cause(void *arg, const LimnValue *v, size_t n)
{
        LimnViewRows *rows = arg;
        Cause *row = limn_view_row(rows, sizeof *row);
        if (!row)
                return -ENOMEM;
        row->it.incident = limn_value_int(&v[6], 0);
        row->it.rank = limn_value_int(&v[7], 0);
        row->it.score = limn_value_real(&v[8]);
        row->it.p = limn_value_real(&v[9]);
        row->id = limn_value_int(&v[10], 0);
        return KEEP(rows, v, &row->finding, &row->it.id, &row->it.title, &row->it.verdict,
                    &row->it.decide_text, &row->it.decide_fetch);
}

/* owner, text, fetch, risk, precondition, source, caution, key of a cause or 0 */
typedef struct Advice {
        int64_t cause;
        LimnViewAdvice it;
} Advice;

static int on_advice(void *arg, const LimnValue *v, size_t n)
{
        LimnViewRows *rows = arg;
        Advice *row = limn_view_row(rows, sizeof *row);
        if (!row)
                return -ENOMEM;
        row->cause = limn_value_int(&v[7], 0);
        LimnViewAdvice *a = &row->it;
        return KEEP(rows, v, &a->owner, &a->text, &a->fetch, &a->risk, &a->precondition,
                    &a->source, &a->caution);
}

typedef struct Evidence {
        LimnSlice finding;
        LimnViewEvidence it;
} Evidence;

static const char SQL_EVIDENCE[] =
        "WITH e AS (SELECT i.finding, i.n AS incident, e.cause, e.sign, e.term, e.sentence, e.text,"
        " e.points, e.source_id, e.line, e.offset, e.time, s.sha256,"
        " row_number() OVER (PARTITION BY e.incident_id, e.cause, e.sign, e.term"
        "  ORDER BY abs(e.points) DESC, e.time, s.sha256, e.offset, e.evidence_id) AS nth,"
        " count(*) OVER (PARTITION BY e.incident_id, e.cause, e.sign, e.term) AS of"
        " FROM evidence e JOIN incident i USING (incident_id)"
        " LEFT JOIN source s USING (source_id))"
        " SELECT finding, cause, sign, term, sentence, text, incident, points, source_id, line,"
        " offset, time, CASE WHEN nth = :most THEN of - nth ELSE 0 END FROM e WHERE nth <= :most"
        " ORDER BY finding, abs(points) DESC, incident, time IS NULL, time, sha256, offset, cause,"
        " sign, term, nth";

static int on_evidence(void *arg, const LimnValue *v, size_t n)
{
        LimnViewRows *rows = arg;
        Evidence *row = limn_view_row(rows, sizeof *row);
        if (!row)
                return -ENOMEM;
        LimnViewEvidence *e = &row->it;
        e->incident = limn_value_int(&v[6], 0);
        e->points = limn_value_real(&v[7]);
        e->source = v[8].type == LIMN_VALUE_NULL
                            ? -1
                            : limn_view_source_index(rows->view, limn_value_int(&v[8], 0));
        e->line = limn_value_int(&v[9], 0);
        e->offset = limn_value_int(&v[10], 0);
        e->time = limn_value_time(&v[11]);
        e->more = limn_value_int(&v[12], 0);
        int r = KEEP(rows, v, &row->finding, &e->cause, &e->sign, &e->term, &e->sentence);
        if (r == 0)
                r = limn_view_keep(rows->view, rows->input, limn_value_text(&v[5]), &e->text,
                                   &e->masked);
        return r;
}

typedef struct Link {
        LimnSlice finding, to;
} Link;

static int on_link(void *arg, const LimnValue *v, size_t n)
{
        LimnViewRows *rows = arg;
        Link *row = limn_view_row(rows, sizeof *row);
        return row ? KEEP(rows, v, &row->finding, &row->to) : -ENOMEM;
}

/* The rows of a table that belong to a finding, without their keys; rows are sorted by it. */
#define TAKE(type, rows, n_rows, condition, to, n_to)                                             \
        do {                                                                                      \
                size_t taken_ = 0;                                                                \
                for (size_t i_ = 0; i_ < (n_rows); i_++) {                                        \
                        const __typeof__(*(rows)) *row = &(rows)[i_];                             \
                        taken_ += (condition);                                                    \
                }                                                                                 \
                type *all_ = limn_arena_new_of(view->arena, type, taken_ + 1);                    \
                if (!all_)                                                                        \
                        return -ENOMEM;                                                           \
                size_t k_ = 0;                                                                    \
                for (size_t i_ = 0; i_ < (n_rows); i_++) {                                        \
                        const __typeof__(*(rows)) *row = &(rows)[i_];                             \
                        if (condition)                                                            \
                                all_[k_++] = row->it;                                             \
                }                                                                                 \
                (to) = all_;                                                                      \
                (n_to) = taken_;                                                                  \
        } while (0)

typedef struct Tables {
        const Incident *incidents;
        const Entity *entities;
        const Cause *causes;
        const Advice *diagnostics, *remedies, *cause_remedies;
        const Evidence *evidence;
        const Link *caused_by, *leads_to;
        size_t n_incidents, n_entities, n_causes, n_diagnostics, n_remedies, n_cause_remedies,
                n_evidence, n_caused_by, n_leads_to;
} Tables;

static int links(LimnView *view, const Link *all, size_t n, LimnSlice id, const LimnSlice **ret,
                 size_t *ret_n)
{
        LimnSlice *to = limn_arena_new_of(view->arena, LimnSlice, n + 1);
        if (!to)
                return -ENOMEM;
        size_t k = 0;
        for (size_t i = 0; i < n; i++)
                if (limn_slice_eq(all[i].finding, id))
                        to[k++] = all[i].to;
        *ret = to;
        *ret_n = k;
        return 0;
}

static int assemble(LimnView *view, LimnViewFinding *f, const Tables *t)
{
        TAKE(LimnViewIncident, t->incidents, t->n_incidents, limn_slice_eq(row->finding, f->id),
             f->incidents, f->n_incidents);
        for (size_t i = 0; i < f->n_incidents; i++) {
                LimnViewIncident *incident = (LimnViewIncident *)&f->incidents[i];
                TAKE(LimnViewEntity, t->entities, t->n_entities,
                     row->n == incident->n && limn_slice_eq(row->finding, f->id),
                     incident->entities, incident->n_entities);
        }
        size_t n_causes = 0;
        LimnViewCause *causes = limn_arena_new_of(view->arena, LimnViewCause, t->n_causes + 1);
        if (!causes)
                return -ENOMEM;
        for (size_t i = 0; i < t->n_causes; i++) {
                if (!limn_slice_eq(t->causes[i].finding, f->id))
                        continue;
                LimnViewCause *cause = &causes[n_causes++];
                *cause = t->causes[i].it;
                TAKE(LimnViewAdvice, t->cause_remedies, t->n_cause_remedies,
                     row->cause == t->causes[i].id, cause->remedies, cause->n_remedies);
        }
        f->causes = causes;
        f->n_causes = n_causes;
        TAKE(LimnViewAdvice, t->diagnostics, t->n_diagnostics,
             limn_slice_eq(row->it.owner, f->id), f->diagnostics, f->n_diagnostics);
        TAKE(LimnViewAdvice, t->remedies, t->n_remedies, limn_slice_eq(row->it.owner, f->id),
             f->remedies, f->n_remedies);
        TAKE(LimnViewEvidence, t->evidence, t->n_evidence, limn_slice_eq(row->finding, f->id),
             f->evidence, f->n_evidence);
        for (size_t i = 0; i < f->n_evidence; i++)
                ((LimnViewEvidence *)f->evidence)[i].n = (unsigned)i + 1;
        int r = links(view, t->caused_by, t->n_caused_by, f->id, &f->caused_by, &f->n_caused_by);
        return r < 0 ? r
                     : links(view, t->leads_to, t->n_leads_to, f->id, &f->leads_to,
                             &f->n_leads_to);
}

#define SQL_ADVICE(owner, column, from, cause)                                                    \
        "SELECT " owner ", json_extract(j.value, '$.text'), json_extract(j.value, '$.fetch'),"    \
        " json_extract(j.value, '$.risk'), json_extract(j.value, '$.precondition'),"              \
        " json_extract(j.value, '$.source'), json_extract(j.value, '$.caution'), " cause          \
        " FROM " from ", json_each(" column ") j ORDER BY 1, 8, j.key"

int limn_view_load_findings(LimnView *view, const LimnReportInput *input, LimnDiag *diag)
{
        Tables t = {0};
        LimnParam most = {":most", LIMN_VALUE_OF_INT(LIMN_EVIDENCE_PER_TERM_MAX)};
        const void *findings = NULL;
        const struct {
                const char *sql;
                LimnRowFn fn;
                size_t size;
                const void **ret;
                size_t *ret_n;
        } steps[] = {
                {"SELECT finding, title, severity, mode, summary,"
                 " json_extract(escalate, '$.why'), confidence,"
                 " json_extract(escalate, '$.needed') FROM finding ORDER BY " SQL_SEVERITY
                 ", finding",
                 on_finding, sizeof(LimnViewFinding), &findings, &view->n_findings},
                {"SELECT n.finding, i.name, i.kind, i.role, n.n, n.start, n.\"end\","
                 " i.instance_id FROM incident n LEFT JOIN instance i USING (instance_id)"
                 " ORDER BY n.finding, n.n",
                 on_incident, sizeof(Incident), (const void **)&t.incidents, &t.n_incidents},
                {"SELECT i.finding, e.key, CAST(v.value AS TEXT), i.n FROM incident i,"
                 " json_each(i.entities) e, json_each(e.value) v"
                 " ORDER BY i.finding, i.n, e.key, CAST(v.value AS TEXT)",
                 on_entity, sizeof(Entity), (const void **)&t.entities, &t.n_entities},
                {"SELECT c.finding, c.cause, c.title, c.verdict,"
                 " json_extract(c.would_decide, '$.text'), json_extract(c.would_decide, '$.fetch'),"
                 " coalesce(i.n, 0), c.rank, c.score, c.p, c.cause_id FROM cause c"
                 " LEFT JOIN incident i USING (incident_id)"
                 " ORDER BY c.finding, coalesce(i.n, 0), c.rank, c.cause",
                 on_cause, sizeof(Cause), (const void **)&t.causes, &t.n_causes},
                {SQL_ADVICE("f.finding", "f.diagnostics", "finding f", "0"), on_advice,
                 sizeof(Advice), (const void **)&t.diagnostics, &t.n_diagnostics},
                {SQL_ADVICE("f.finding", "f.remedies", "finding f", "0"), on_advice,
                 sizeof(Advice), (const void **)&t.remedies, &t.n_remedies},
                {SQL_ADVICE("f.cause", "f.remedies", "cause f", "f.cause_id"), on_advice,
                 sizeof(Advice), (const void **)&t.cause_remedies, &t.n_cause_remedies},
                {SQL_EVIDENCE, on_evidence, sizeof(Evidence), (const void **)&t.evidence,
                 &t.n_evidence},
                {"SELECT f.finding, j.value FROM finding f, json_each(f.caused_by) j"
                 " ORDER BY f.finding, j.key",
                 on_link, sizeof(Link), (const void **)&t.caused_by, &t.n_caused_by},
                {"SELECT f.finding, j.value FROM finding f, json_each(f.leads_to) j"
                 " ORDER BY f.finding, j.key",
                 on_link, sizeof(Link), (const void **)&t.leads_to, &t.n_leads_to},
        };
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
                int r = limn_view_rows(view, input, steps[i].sql, &most, 1, steps[i].fn,
                                       steps[i].size, steps[i].ret, steps[i].ret_n, diag);
                if (r < 0)
                        return r;
        }
        view->findings = findings;
        for (size_t i = 0; i < view->n_findings; i++) {
                int r = assemble(view, (LimnViewFinding *)&view->findings[i], &t);
                if (r < 0)
                        return r;
        }
        return 0;
}
