/* SPDX-License-Identifier: Apache-2.0 */
/* Findings into the case: causes, evidence with the bytes it cites, remedies, what to ask next. */
#include <errno.h>

#include "cli/conclude_private.h"
#include "cli/value.h"
#include "core/json_write.h"
#include "core/limits.h"
#include "rules/diagnose.h"

typedef struct Put {
        LimnCase *c;
        LimnDiag *diag;
        LimnBuf json, text; /* scratch */
        int64_t next_missing;
} Put;

/* -- JSON columns ------------------------------------------------------------------------- */

static void write_remedy(LimnJsonWriter *w, const LimnRemedy *remedy)
{
        limn_json_object(w);
        limn_json_key(w, "text");
        limn_json_string(w, remedy->text);
        limn_json_key(w, "risk");
        limn_json_string(w, remedy->risk);
        limn_json_key(w, "precondition");
        limn_json_string(w, remedy->precondition);
        limn_json_key(w, "source");
        limn_json_string(w, remedy->source);
        limn_json_key(w, "caution");
        limn_json_string(w, remedy->caution);
        limn_json_end(w);
}

static LimnValue remedies_json(Put *put, const LimnRemedy *remedies, size_t n)
{
        limn_buf_clear(&put->json);
        LimnJsonWriter w = LIMN_JSON_WRITER(&put->json, 0);
        limn_json_array(&w);
        for (size_t i = 0; i < n; i++)
                write_remedy(&w, &remedies[i]);
        limn_json_end(&w);
        return LIMN_VALUE_OF_TEXT(limn_buf_slice(&put->json));
}

static void ids_json(LimnBuf *out, const LimnSlice *ids, size_t n)
{
        LimnJsonWriter w = LIMN_JSON_WRITER(out, 0);
        limn_json_array(&w);
        for (size_t i = 0; i < n; i++)
                limn_json_string(&w, ids[i]);
        limn_json_end(&w);
}

static void ask_json(LimnJsonWriter *w, const LimnAsk *ask)
{
        limn_json_object(w);
        limn_json_key(w, "text");
        limn_json_string(w, ask->text);
        limn_json_key(w, "fetch");
        limn_json_string(w, ask->fetch);
        limn_json_end(w);
}

/* -- rows --------------------------------------------------------------------------------- */

static int put_finding(Put *put, const LimnFinding *finding)
{
        const LimnDiagnosis *d = finding->diagnosis;
        LimnBuf caused_by = LIMN_BUF(LIMN_RULE_FILE_MAX), leads_to = LIMN_BUF(LIMN_RULE_FILE_MAX),
                diagnostics = LIMN_BUF(LIMN_RULE_FILE_MAX), escalate = LIMN_BUF(LIMN_RULE_FILE_MAX);
        ids_json(&caused_by, finding->caused_by, finding->n_caused_by);
        ids_json(&leads_to, finding->leads_to, finding->n_leads_to);
        LimnJsonWriter w = LIMN_JSON_WRITER(&diagnostics, 0);
        limn_json_array(&w);
        for (size_t i = 0; i < d->n_diagnostics; i++)
                ask_json(&w, &d->diagnostics[i]);
        limn_json_end(&w);
        w = LIMN_JSON_WRITER(&escalate, 0);
        limn_json_object(&w);
        limn_json_key(&w, "needed");
        limn_json_bool(&w, d->escalate);
        limn_json_key(&w, "why");
        limn_json_string(&w, d->escalate_why);
        limn_json_end(&w);
        const LimnValue row[] = {
                LIMN_VALUE_OF_TEXT(d->id),
                LIMN_VALUE_OF_TEXT(d->title),
                LIMN_VALUE_OF_TEXT(finding->severity),
                limn_value_real(finding->confidence),
                LIMN_VALUE_OF_TEXT(d->cumulative ? LIMN_S("cumulative") : LIMN_S("exclusive")),
                LIMN_VALUE_OF_TEXT(finding->summary),
                LIMN_VALUE_OF_TEXT(limn_buf_slice(&caused_by)),
                LIMN_VALUE_OF_TEXT(limn_buf_slice(&leads_to)),
                LIMN_VALUE_OF_TEXT(limn_buf_slice(&diagnostics)),
                remedies_json(put, d->remedies, d->n_remedies),
                LIMN_VALUE_OF_TEXT(limn_buf_slice(&escalate)),
        };
        int r = limn_case_insert(put->c, "finding",
                                 "finding, title, severity, confidence, mode, summary, caused_by,"
                                 " leads_to, diagnostics, remedies, escalate",
                                 row, 11, NULL, put->diag);
        limn_buf_done(&caused_by);
        limn_buf_done(&leads_to);
        limn_buf_done(&diagnostics);
        limn_buf_done(&escalate);
        return r;
}

static int put_cause(Put *put, LimnSlice finding, int64_t incident, const LimnRanked *ranked)
{
        LimnBuf decide = LIMN_BUF(LIMN_RULE_FILE_MAX);
        LimnJsonWriter w = LIMN_JSON_WRITER(&decide, 0);
        ask_json(&w, &ranked->cause->would_decide);
        const LimnValue row[] = {
                LIMN_VALUE_OF_TEXT(finding),
                limn_value_id(incident),
                LIMN_VALUE_OF_TEXT(ranked->cause->id),
                LIMN_VALUE_OF_TEXT(ranked->cause->title),
                LIMN_VALUE_OF_INT(ranked->rank),
                limn_value_real(ranked->score),
                limn_value_real(ranked->p),
                LIMN_VALUE_OF_TEXT(limn_slice_str(limn_judgement_to_string(ranked->verdict))),
                LIMN_VALUE_OF_TEXT(limn_buf_slice(&decide)),
                remedies_json(put, ranked->cause->remedies, ranked->cause->n_remedies),
        };
        int r = limn_case_insert(put->c, "cause",
                                 "finding, incident_id, cause, title, rank, score, p, verdict,"
                                 " would_decide, remedies",
                                 row, 10, NULL, put->diag);
        limn_buf_done(&decide);
        return r;
}

typedef struct Cited {
        int64_t source;
        int64_t line, offset, length;
} Cited;

static int read_cited(void *arg, const LimnValue *v, size_t n)
{
        *(Cited *)arg = (Cited){v[0].i, v[1].i, v[2].i, v[3].i};
        return 0;
}

static int cite(Put *put, int64_t hit, Cited *ret)
{
        LimnQuery query = limn_case_query(put->c);
        LimnParam param = {":hit", LIMN_VALUE_OF_INT(hit)};
        int r = query.run(query.ctx,
                          "SELECT source_id, line, offset, length FROM hit WHERE hit_id = :hit",
                          &param, 1, read_cited, ret, put->diag);
        return r < 0 ? r
                     : limn_conclude_cite(put->c, ret->source, ret->offset, ret->length, &put->text,
                                          put->diag);
}

static int put_evidence(Put *put, int64_t incident, const LimnEvidence *e)
{
        const LimnValue none = {.type = LIMN_VALUE_NULL};
        Cited cited = {0};
        int r = e->hit ? cite(put, e->hit, &cited) : 0;
        if (r < 0)
                return r;
        const LimnValue row[] = {
                LIMN_VALUE_OF_INT(incident),
                e->cause.p ? LIMN_VALUE_OF_TEXT(e->cause) : none,
                LIMN_VALUE_OF_TEXT(limn_slice_str(limn_sign_to_string(e->sign))),
                limn_value_real(e->points),
                LIMN_VALUE_OF_TEXT(e->term),
                LIMN_VALUE_OF_TEXT(e->sentence),
                limn_value_id(cited.source),
                e->hit ? LIMN_VALUE_OF_INT(cited.line) : none,
                e->hit ? LIMN_VALUE_OF_INT(cited.offset) : none,
                e->hit ? LIMN_VALUE_OF_INT(cited.length) : none,
                limn_value_time(e->time),
                e->hit ? LIMN_VALUE_OF_TEXT(limn_buf_slice(&put->text)) : none,
        };
        return limn_case_insert(put->c, "evidence",
                                "incident_id, cause, sign, points, term, sentence, source_id, line,"
                                " offset, length, time, text",
                                row, 12, NULL, put->diag);
}

static int put_incident(Put *put, const LimnFinding *finding, const LimnIncident *incident)
{
        limn_buf_clear(&put->json);
        LimnJsonWriter w = LIMN_JSON_WRITER(&put->json, 0);
        limn_json_object(&w);
        for (size_t i = 0; i < incident->n_entities; i++) {
                limn_json_key_slice(&w, incident->entities[i].name);
                limn_json_array(&w);
                for (size_t k = 0; k < incident->entities[i].n; k++)
                        limn_json_string(&w, incident->entities[i].values[k]);
                limn_json_end(&w);
        }
        limn_json_end(&w);
        const LimnValue row[] = {
                LIMN_VALUE_OF_TEXT(finding->diagnosis->id),
                LIMN_VALUE_OF_INT(incident->n),
                limn_value_time(incident->start),
                limn_value_time(incident->end),
                limn_value_id(incident->instance),
                LIMN_VALUE_OF_TEXT(limn_buf_slice(&put->json)),
        };
        int64_t id;
        int r = limn_case_insert(put->c, "incident",
                                 "finding, n, start, \"end\", instance_id, entities", row, 6, &id,
                                 put->diag);
        for (size_t i = 0; i < incident->n_causes && r >= 0; i++)
                r = put_cause(put, finding->diagnosis->id, id, &incident->causes[i]);
        for (size_t i = 0; i < incident->n_evidence && r >= 0; i++)
                r = put_evidence(put, id, &incident->evidence[i]);
        return r;
}

static bool has_unobserved(const LimnFinding *finding, const LimnCause *cause)
{
        for (size_t i = 0; i < finding->n_incidents; i++)
                for (size_t k = 0; k < finding->incidents[i].n_evidence; k++) {
                        const LimnEvidence *e = &finding->incidents[i].evidence[k];
                        if (e->sign == LIMN_SIGN_UNOBSERVED && limn_slice_eq(e->cause, cause->id))
                                return true;
                }
        return false;
}

/* What would decide between causes still in the race; where one is likely, what would make sure
 * of it: the causes for which something could not be observed. */
static int put_missing(Put *put, const LimnFinding *finding)
{
        bool likely = finding->n_causes && finding->causes[0].verdict == LIMN_JUDGED_LIKELY;
        for (size_t i = 0, put_so_far = 0; i < finding->n_causes && put_so_far < 2; i++) {
                const LimnRanked *ranked = &finding->causes[i];
                if (ranked->verdict == LIMN_JUDGED_RULED_OUT ||
                    (likely && !has_unobserved(finding, ranked->cause)))
                        continue;
                put_so_far++;
                const LimnValue row[] = {
                        LIMN_VALUE_OF_INT(++put->next_missing),
                        LIMN_VALUE_OF_TEXT(ranked->cause->would_decide.text),
                        LIMN_VALUE_OF_TEXT(ranked->cause->would_decide.fetch),
                        LIMN_VALUE_OF_TEXT(finding->diagnosis->id),
                };
                int r = limn_case_insert(put->c, "missing", "rank, text, fetch, finding", row, 4,
                                         NULL, put->diag);
                if (r < 0)
                        return r;
        }
        return 0;
}

static int put_one(void *arg, const LimnFinding *finding)
{
        Put *put = arg;
        int r = put_finding(put, finding);
        for (size_t i = 0; i < finding->n_causes && r >= 0; i++)
                r = put_cause(put, finding->diagnosis->id, 0, &finding->causes[i]);
        for (size_t i = 0; i < finding->n_incidents && r >= 0; i++)
                r = put_incident(put, finding, &finding->incidents[i]);
        return r < 0 ? r : put_missing(put, finding);
}

int limn_conclude_findings(LimnCase *c, const LimnTimeline *t, const LimnRules *rules,
                           LimnDiag *diag)
{
        Put put = {.c = c,
                   .diag = diag,
                   .json = LIMN_BUF(LIMN_OUTPUT_MAX),
                   .text = LIMN_BUF(LIMN_OUTPUT_MAX)};
        LimnQuery query = limn_case_query(c);
        int r = limn_diagnose(rules, &query, put_one, &put, diag);
        limn_buf_done(&put.json);
        limn_buf_done(&put.text);
        return r;
}
