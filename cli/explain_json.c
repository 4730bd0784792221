/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The explanation of a finding for programs: the same terms as the text, each with its state, its
 * pieces and where they stand. What the text adds (the nearest record, the conditions of a rule)
 * comes as lines, `text`: it is made for people.
 */
#include "cli/explain_json.h"

#include "core/json_write.h"
#include "core/limits.h"

typedef struct Doc {
        LimnExplain *x;
        const LimnDiagnosis *diagnosis;
        LimnJsonWriter w;
        int64_t pieces;
        double points;
        bool unobserved;
} Doc;

static void key_text(LimnJsonWriter *w, const char *key, const LimnValue *v)
{
        limn_json_key(w, key);
        limn_json_string(w, v->type == LIMN_VALUE_TEXT ? v->s : LIMN_NONE);
}

static void key_time(LimnJsonWriter *w, const char *key, const LimnValue *v)
{
        char iso[LIMN_TIME_ISO_MAX];

        limn_json_key(w, key);
        if (v->type == LIMN_VALUE_INT)
                limn_json_str(w, limn_time_iso_str(v->i, iso));
        else
                limn_json_null(w);
}

static void key_int(LimnJsonWriter *w, const char *key, const LimnValue *v)
{
        limn_json_key(w, key);
        if (v->type == LIMN_VALUE_INT)
                limn_json_int(w, v->i);
        else
                limn_json_null(w);
}

/* sentence, path, line, offset, time, sign, points */
static int on_piece(void *arg, const LimnValue *v, size_t n)
{
        Doc *doc = arg;

        doc->pieces++;
        doc->points += v[6].d;
        if (limn_slice_eq(v[5].s, LIMN_S("unobserved"))) {
                doc->unobserved = true;
                return 0;
        }
        limn_buf_clear(&doc->x->text);
        int r = limn_redact(doc->x->redact, v[0].s, &doc->x->text, NULL);
        const LimnValue sentence = LIMN_VALUE_OF_TEXT(limn_buf_slice(&doc->x->text));
        limn_json_object(&doc->w);
        key_text(&doc->w, "sentence", &sentence);
        key_text(&doc->w, "source", &v[1]);
        key_int(&doc->w, "line", &v[2]);
        key_int(&doc->w, "offset", &v[3]);
        key_time(&doc->w, "time", &v[4]);
        limn_json_end(&doc->w);
        return r;
}

/* The text's lines, without what they are indented by. */
static void lines(Doc *doc, LimnSlice text)
{
        LimnSlice line;

        limn_json_key(&doc->w, "text");
        limn_json_array(&doc->w);
        while (limn_slice_line(&text, &line))
                limn_json_string(&doc->w, limn_slice_trim(line));
        limn_json_end(&doc->w);
}

static int term(Doc *doc, const LimnTerm *t, LimnExplainedTerm about)
{
        LimnExplain *x = doc->x;
        const LimnParam params[] = {
                {":incident", LIMN_VALUE_OF_INT(about.incident)},
                {":cause", about.cause.p ? LIMN_VALUE_OF_TEXT(about.cause)
                                         : (LimnValue){.type = LIMN_VALUE_NULL}},
                {":term", LIMN_VALUE_OF_TEXT(t->name)},
        };

        about.term = t;
        doc->pieces = 0;
        doc->points = 0;
        doc->unobserved = false;
        limn_json_object(&doc->w);
        limn_json_key(&doc->w, "term");
        limn_json_string(&doc->w, t->name);
        limn_json_key(&doc->w, "sign");
        limn_json_str(&doc->w, about.sign == '+' ? "for" : "against");
        limn_json_key(&doc->w, "points");
        limn_json_real(&doc->w, t->points, 2);
        limn_json_key(&doc->w, "pieces");
        limn_json_array(&doc->w);
        int r = x->query.run(x->query.ctx,
                             "SELECT e.sentence, s.path, e.line, e.offset, e.time, e.sign,"
                             " abs(e.points) FROM evidence e LEFT JOIN source s USING (source_id)"
                             " WHERE e.incident_id = :incident AND e.cause IS :cause"
                             " AND e.term = :term ORDER BY e.evidence_id",
                             params, 3, on_piece, doc, x->cli->diag);
        limn_json_end(&doc->w);
        limn_json_key(&doc->w, "state");
        limn_json_str(&doc->w, doc->unobserved   ? "not_observable"
                               : !doc->pieces    ? "not_met"
                               : doc->points > 0 ? "met"
                                                 : "in_doubt");
        limn_buf_clear(&x->out);
        if (r >= 0)
                r = limn_explain_term(x, &about);
        LimnSlice text = limn_buf_slice(&x->out), head;
        limn_slice_line(&text, &head); /* the term's sign, points and name */
        lines(doc, text);
        limn_json_end(&doc->w);
        return r;
}

static int terms(Doc *doc, const LimnTerm *all, size_t n, LimnExplainedTerm about)
{
        int r = 0;

        for (size_t i = 0; i < n && r >= 0; i++)
                r = term(doc, &all[i], about);
        return r;
}

typedef struct Incident {
        Doc *doc;
        LimnExplainedTerm about;
} Incident;

/* cause, title, rank, score, p, verdict */
static int on_cause(void *arg, const LimnValue *v, size_t n)
{
        Incident *incident = arg;
        Doc *doc = incident->doc;
        LimnExplainedTerm about = incident->about;
        const LimnCause *cause = NULL;
        int r = 0;

        for (size_t i = 0; i < doc->diagnosis->n_causes; i++)
                if (limn_slice_eq(doc->diagnosis->causes[i].id, v[0].s))
                        cause = &doc->diagnosis->causes[i];
        limn_json_object(&doc->w);
        key_text(&doc->w, "id", &v[0]);
        key_text(&doc->w, "title", &v[1]);
        key_int(&doc->w, "rank", &v[2]);
        limn_json_key(&doc->w, "score");
        limn_json_real(&doc->w, v[3].d, 2);
        limn_json_key(&doc->w, "p");
        limn_json_real(&doc->w, v[4].d, 4);
        key_text(&doc->w, "verdict", &v[5]);
        limn_json_key(&doc->w, "terms");
        limn_json_array(&doc->w);
        if (cause) { /* else the case was concluded with other rules */
                about.cause = cause->id;
                r = terms(doc, cause->supports, cause->n_supports, about);
                about.sign = '-';
                if (r >= 0)
                        r = terms(doc, cause->opposes, cause->n_opposes, about);
        }
        limn_json_end(&doc->w);
        limn_json_end(&doc->w);
        return r;
}

/* incident_id, n, start, end */
static int on_incident(void *arg, const LimnValue *v, size_t n)
{
        Doc *doc = arg;
        LimnTime start = v[2].type == LIMN_VALUE_INT ? v[2].i : LIMN_TIME_NONE;
        LimnTime end = v[3].type == LIMN_VALUE_INT ? v[3].i : LIMN_TIME_NONE;
        Incident incident = {doc, {.incident = v[0].i, .start = start, .end = end, .sign = '+'}};
        const LimnParam param = {":incident", LIMN_VALUE_OF_INT(v[0].i)};

        limn_json_object(&doc->w);
        key_int(&doc->w, "n", &v[1]);
        key_time(&doc->w, "start", &v[2]);
        key_time(&doc->w, "end", &v[3]);
        limn_json_key(&doc->w, "opens");
        limn_json_array(&doc->w);
        int r = terms(doc, doc->diagnosis->opens, doc->diagnosis->n_opens, incident.about);
        limn_json_end(&doc->w);
        limn_json_key(&doc->w, "causes");
        limn_json_array(&doc->w);
        if (r >= 0)
                r = doc->x->query.run(doc->x->query.ctx,
                                      "SELECT cause, title, rank, score, p, verdict FROM cause"
                                      " WHERE incident_id = :incident ORDER BY rank",
                                      &param, 1, on_cause, &incident, doc->x->cli->diag);
        limn_json_end(&doc->w);
        limn_json_end(&doc->w);
        return r;
}

static int on_confidence(void *arg, const LimnValue *v, size_t n)
{
        *(double *)arg = v[0].d;
        return 0;
}

static int document(Doc *doc)
{
        const LimnDiagnosis *d = doc->diagnosis;
        LimnExplain *x = doc->x;
        const LimnParam param = {":finding", LIMN_VALUE_OF_TEXT(d->id)};
        const LimnExplainedTerm silent = {
                .start = LIMN_TIME_NONE, .end = LIMN_TIME_NONE, .sign = '+'};
        double confidence = -1;
        int r = x->query.run(x->query.ctx,
                             "SELECT confidence FROM finding WHERE finding = :finding", &param, 1,
                             on_confidence, &confidence, x->cli->diag);

        limn_json_object(&doc->w);
        limn_json_key(&doc->w, "schema");
        limn_json_str(&doc->w, "limn.explain/1");
        limn_json_key(&doc->w, "finding");
        limn_json_string(&doc->w, d->id);
        limn_json_key(&doc->w, "title");
        limn_json_string(&doc->w, d->title);
        limn_json_key(&doc->w, "found");
        limn_json_bool(&doc->w, confidence >= 0);
        limn_json_key(&doc->w, "confidence");
        if (confidence >= 0)
                limn_json_real(&doc->w, confidence, 4);
        else
                limn_json_null(&doc->w);
        limn_json_key(&doc->w, "document");
        limn_json_str(&doc->w, d->path);
        limn_json_key(&doc->w, "incidents");
        limn_json_array(&doc->w);
        if (r >= 0)
                r = x->query.run(x->query.ctx,
                                 "SELECT incident_id, n, start, \"end\" FROM incident"
                                 " WHERE finding = :finding ORDER BY n",
                                 &param, 1, on_incident, doc, x->cli->diag);
        limn_json_end(&doc->w);
        /* What would have opened it. */
        limn_json_key(&doc->w, "would_open");
        limn_json_array(&doc->w);
        for (size_t i = 0; i < d->n_opens && confidence < 0 && r >= 0; i++)
                if (!d->opens[i].joins)
                        r = term(doc, &d->opens[i], silent);
        limn_json_end(&doc->w);
        limn_json_end(&doc->w);
        return r;
}

int limn_explain_json(LimnExplain *x, const LimnDiagnosis *diagnosis)
{
        LimnBuf out = LIMN_BUF(LIMN_OUTPUT_MAX);
        Doc doc = {.x = x, .diagnosis = diagnosis, .w = LIMN_JSON_WRITER(&out, 2)};
        int r = document(&doc);

        limn_buf_clear(&x->out);
        limn_buf_add(&x->out, limn_buf_slice(&out));
        limn_buf_add_char(&x->out, '\n');
        if (r >= 0)
                r = out.error ? out.error : x->out.error;
        limn_buf_done(&out);
        return r;
}
