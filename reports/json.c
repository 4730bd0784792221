/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The findings document, limn.findings/1: described by reports/schema/findings-1.json. A key
 * enters this file, the schema and the test in one commit. Every key is always there; what is
 * unknown is null.
 */
#include <errno.h>

#include "core/json_write.h"
#include "reports/escape.h"
#include "reports/view.h"

static void strings(LimnJsonWriter *w, const LimnSlice *s, size_t n)
{
        limn_json_array(w);
        for (size_t i = 0; i < n; i++)
                limn_json_string(w, s[i]);
        limn_json_end(w);
}

static void key_string(LimnJsonWriter *w, const char *key, LimnSlice s)
{
        limn_json_key(w, key);
        limn_json_string(w, s);
}

static void key_int(LimnJsonWriter *w, const char *key, int64_t i)
{
        limn_json_key(w, key);
        limn_json_int(w, i);
}

static void key_time(LimnJsonWriter *w, const char *key, LimnTime t)
{
        limn_json_key(w, key);
        limn_json_time(w, t);
}

static void key_bool(LimnJsonWriter *w, const char *key, bool b)
{
        limn_json_key(w, key);
        limn_json_bool(w, b);
}

static void key_path(LimnJsonWriter *w, const LimnView *view, int64_t source)
{
        const LimnViewSource *s = limn_view_source(view, source);
        key_string(w, "source", s ? s->path : LIMN_NONE);
}

static void instance(LimnJsonWriter *w, LimnSlice name, LimnSlice kind, LimnSlice role)
{
        limn_json_key(w, "instance");
        if (!name.p) {
                limn_json_null(w);
                return;
        }
        limn_json_object(w);
        key_string(w, "kind", kind);
        key_string(w, "name", name);
        key_string(w, "role", role);
        limn_json_end(w);
}

static void source(LimnJsonWriter *w, const LimnViewSource *s)
{
        limn_json_object(w);
        key_string(w, "path", s->path);
        limn_json_key(w, "other_paths");
        strings(w, s->names, s->n_names);
        key_string(w, "sha256", s->sha256);
        key_int(w, "bytes", s->bytes);
        key_int(w, "lines", s->lines);
        key_int(w, "records", s->records);
        key_string(w, "format", s->format);
        key_string(w, "format_rival", s->rival);
        instance(w, s->instance, s->kind, s->role);
        key_string(w, "twin_of", s->twin_of);
        key_string(w, "superseded_by", s->superseded_by);
        key_bool(w, "complete", s->complete);
        key_bool(w, "truncated", s->truncated);
        key_time(w, "from", s->first);
        key_time(w, "to", s->last);
        key_string(w, "zone", s->zone);
        key_string(w, "basis", s->basis);
        limn_json_key(w, "clock");
        if (s->has_clock) {
                limn_json_object(w);
                key_int(w, "zone_offset_us", s->zone_offset);
                key_int(w, "skew_us", s->skew);
                key_int(w, "correction_us", s->correction);
                key_int(w, "uncertainty_us", s->uncertainty);
                key_int(w, "anchors", s->anchors);
                key_string(w, "reference", s->reference);
                limn_json_end(w);
        } else {
                limn_json_null(w);
        }
        limn_json_key(w, "coverage");
        limn_json_array(w);
        for (size_t i = 0; i < s->n_coverage; i++) {
                limn_json_object(w);
                key_time(w, "start", s->coverage[i].start);
                key_time(w, "end", s->coverage[i].end);
                limn_json_end(w);
        }
        limn_json_end(w);
        limn_json_end(w);
}

static void ledger(LimnJsonWriter *w, const LimnView *view)
{
        limn_json_key(w, "ledger");
        limn_json_array(w);
        for (size_t i = 0; i < view->n_sources; i++) {
                const LimnViewSource *s = &view->sources[i];
                limn_json_object(w);
                key_string(w, "source", s->path);
                key_int(w, "bytes", s->bytes);
                key_int(w, "parsed", s->parsed);
                key_int(w, "continuation", s->continuation);
                key_int(w, "unparsed", s->unparsed);
                key_int(w, "skipped", s->skipped);
                limn_json_end(w);
        }
        limn_json_end(w);
}

/* The record's text without its last line feed: still the bytes at that offset. */
static LimnSlice quoted(LimnSlice text, bool *ret_cut)
{
        while (text.n && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r'))
                text.n--;
        *ret_cut = text.n > LIMN_EVIDENCE_TEXT_MAX;
        return limn_utf8_cut(text, LIMN_EVIDENCE_TEXT_MAX);
}

static void evidence(LimnJsonWriter *w, const LimnView *view, const LimnViewEvidence *e)
{
        limn_json_object(w);
        key_int(w, "incident", e->incident);
        key_string(w, "rule", e->term);
        limn_json_key(w, "points");
        limn_json_real(w, e->points, 2);
        key_string(w, "sentence", e->sentence);
        key_time(w, "time", e->time);
        const LimnViewSource *s = limn_view_source(view, e->source);
        if (s) { /* else nothing can be pointed at: an absence, a computed value */
                key_string(w, "source", s->path);
                key_int(w, "line", e->line);
                key_int(w, "offset", e->offset);
        }
        if (s && e->text.p) {
                bool cut = false;
                key_string(w, "text", quoted(e->text, &cut));
                key_bool(w, "cut", cut);
                key_bool(w, "masked", e->masked);
        }
        key_int(w, "more", e->more);
        limn_json_end(w);
}

static void evidence_list(LimnJsonWriter *w, const LimnView *view, const LimnViewFinding *f,
                          LimnSlice cause, const char *sign)
{
        limn_json_array(w);
        size_t at = 0;
        const LimnViewEvidence *e;
        while ((e = limn_view_evidence(f, cause, sign, &at)))
                evidence(w, view, e);
        limn_json_end(w);
}

static void signs(LimnJsonWriter *w, const LimnView *view, const LimnViewFinding *f,
                  LimnSlice cause)
{
        static const char *const all[] = {"for", "against", "unobserved"};
        for (size_t i = 0; i < 3; i++) {
                limn_json_key(w, all[i]);
                evidence_list(w, view, f, cause, all[i]);
        }
}

static void fetch(LimnJsonWriter *w, LimnSlice text, LimnSlice how)
{
        limn_json_object(w);
        key_string(w, "text", text);
        key_string(w, "fetch", how);
        limn_json_end(w);
}

static void remedies(LimnJsonWriter *w, const LimnViewAdvice *a, size_t n)
{
        limn_json_key(w, "remedies");
        limn_json_array(w);
        for (size_t i = 0; i < n; i++) {
                limn_json_object(w);
                key_string(w, "text", a[i].text);
                key_string(w, "risk", a[i].risk);
                key_string(w, "precondition", a[i].precondition);
                key_string(w, "source", a[i].source);
                key_string(w, "caution", a[i].caution);
                limn_json_end(w);
        }
        limn_json_end(w);
}

static void cause_head(LimnJsonWriter *w, const LimnViewCause *c)
{
        key_string(w, "id", c->id);
        key_int(w, "rank", c->rank);
        limn_json_key(w, "score");
        limn_json_real(w, c->score, 2);
        limn_json_key(w, "p");
        limn_json_real(w, c->p, 2);
        key_string(w, "verdict", c->verdict);
}

static void cause(LimnJsonWriter *w, const LimnView *view, const LimnViewFinding *f,
                  const LimnViewCause *c)
{
        limn_json_object(w);
        cause_head(w, c);
        key_string(w, "title", c->title);
        limn_json_key(w, "incidents");
        limn_json_array(w);
        for (size_t i = 0; i < f->n_incidents; i++)
                if (limn_view_cause_in(f, c->id, f->incidents[i].n))
                        limn_json_int(w, f->incidents[i].n);
        limn_json_end(w);
        signs(w, view, f, c->id);
        limn_json_key(w, "would_decide");
        if (c->decide_text.p)
                fetch(w, c->decide_text, c->decide_fetch);
        else
                limn_json_null(w);
        remedies(w, c->remedies, c->n_remedies);
        limn_json_end(w);
}

static void incident(LimnJsonWriter *w, const LimnViewFinding *f, const LimnViewIncident *it)
{
        limn_json_object(w);
        key_int(w, "n", it->n);
        key_time(w, "start", it->start);
        key_time(w, "end", it->end);
        instance(w, it->instance, it->kind, it->role);
        limn_json_key(w, "entities");
        limn_json_object(w);
        for (size_t i = 0; i < it->n_entities;) {
                LimnSlice name = it->entities[i].name;
                limn_json_key_slice(w, name);
                limn_json_array(w);
                for (; i < it->n_entities && limn_slice_eq(it->entities[i].name, name); i++)
                        limn_json_string(w, it->entities[i].value);
                limn_json_end(w);
        }
        limn_json_end(w);
        limn_json_key(w, "causes");
        limn_json_array(w);
        for (size_t i = 0; i < f->n_causes; i++) {
                if (f->causes[i].incident != it->n)
                        continue;
                limn_json_object(w);
                cause_head(w, &f->causes[i]);
                limn_json_end(w);
        }
        limn_json_end(w);
        limn_json_end(w);
}

static void finding(LimnJsonWriter *w, LimnOut *out, const LimnView *view,
                    const LimnViewFinding *f)
{
        limn_json_object(w);
        key_string(w, "id", f->id);
        key_string(w, "title", f->title);
        key_string(w, "severity", f->severity);
        limn_json_key(w, "confidence");
        limn_json_real(w, f->confidence, 2);
        key_string(w, "mode", f->mode);
        key_string(w, "summary", f->summary);
        limn_json_key(w, "incidents");
        limn_json_array(w);
        for (size_t i = 0; i < f->n_incidents; i++)
                incident(w, f, &f->incidents[i]);
        limn_json_end(w);
        limn_json_key(w, "symptom");
        limn_json_object(w);
        signs(w, view, f, LIMN_NONE);
        limn_json_end(w);
        limn_json_key(w, "causes");
        limn_json_array(w);
        for (size_t i = 0; i < f->n_causes; i++) {
                if (f->causes[i].incident == 0)
                        cause(w, view, f, &f->causes[i]);
                limn_out_spill(out);
        }
        limn_json_end(w);
        limn_json_key(w, "caused_by");
        strings(w, f->caused_by, f->n_caused_by);
        limn_json_key(w, "leads_to");
        strings(w, f->leads_to, f->n_leads_to);
        limn_json_key(w, "diagnostics");
        limn_json_array(w);
        for (size_t i = 0; i < f->n_diagnostics; i++)
                fetch(w, f->diagnostics[i].text, f->diagnostics[i].fetch);
        limn_json_end(w);
        remedies(w, f->remedies, f->n_remedies);
        limn_json_key(w, "escalate");
        limn_json_object(w);
        key_bool(w, "needed", f->escalate);
        key_string(w, "why", f->escalate_why);
        limn_json_end(w);
        limn_json_end(w);
}

static void head(LimnJsonWriter *w, const LimnReportInput *input, LimnView *view)
{
        limn_json_key(w, "schema");
        limn_json_str(w, "limn.findings/1");
        limn_json_key(w, "tool");
        limn_json_object(w);
        limn_json_key(w, "name");
        limn_json_str(w, "limn");
        limn_json_key(w, "version");
        limn_json_str(w, input->version);
        limn_json_key(w, "rules_sha256");
        limn_json_str(w, input->rules_hash);
        limn_json_key(w, "sandbox");
        limn_json_str(w, input->sandbox);
        limn_json_key(w, "arguments");
        limn_json_array(w);
        for (size_t i = 0; i < input->n_args; i++) {
                LimnSlice arg = LIMN_NONE;
                if (limn_view_keep(view, input, limn_slice_str(input->args[i]), &arg, NULL) < 0)
                        arg = LIMN_S("");
                limn_json_string(w, arg);
        }
        limn_json_end(w);
        limn_json_end(w);
        int64_t bytes = 0, records = 0;
        for (size_t i = 0; i < view->n_sources; i++) {
                bytes += view->sources[i].bytes;
                records += view->sources[i].records;
        }
        limn_json_key(w, "case");
        limn_json_object(w);
        key_int(w, "sources", (int64_t)view->n_sources);
        key_int(w, "bytes", bytes);
        key_int(w, "records", records);
        key_int(w, "hits", view->hits);
        key_time(w, "from", view->first);
        key_time(w, "to", view->last);
        limn_json_end(w);
}

static void story(LimnJsonWriter *w, const LimnView *view)
{
        limn_json_key(w, "story");
        limn_json_array(w);
        for (size_t i = 0; i < view->n_story; i++) {
                const LimnViewStory *s = &view->story[i];
                limn_json_object(w);
                key_string(w, "part", s->part);
                key_string(w, "sentence", s->sentence);
                key_int(w, "count", s->count);
                key_time(w, "start", s->start);
                key_time(w, "end", s->end);
                key_string(w, "finding", s->finding);
                key_path(w, view, s->source);
                key_int(w, "line", s->line);
                key_int(w, "offset", s->offset);
                limn_json_end(w);
        }
        limn_json_end(w);
}

static void tail(LimnJsonWriter *w, const LimnView *view)
{
        limn_json_key(w, "missing_evidence");
        limn_json_array(w);
        for (size_t i = 0; i < view->n_missing; i++) {
                limn_json_object(w);
                key_int(w, "rank", (int64_t)i + 1);
                key_string(w, "text", view->missing[i].text);
                key_string(w, "fetch", view->missing[i].fetch);
                key_string(w, "finding", view->missing[i].owner);
                limn_json_end(w);
        }
        limn_json_end(w);
        limn_json_key(w, "unexplained");
        limn_json_array(w);
        for (size_t i = 0; i < view->n_unexplained; i++) {
                const LimnViewUnexplained *u = &view->unexplained[i];
                limn_json_object(w);
                key_string(w, "template", u->template);
                key_string(w, "level", u->level);
                key_int(w, "count", u->count);
                key_time(w, "first", u->first);
                key_time(w, "last", u->last);
                key_int(w, "burst", u->burst);
                key_time(w, "burst_at", u->burst_at);
                key_path(w, view, u->source);
                key_int(w, "line", u->line);
                key_int(w, "offset", u->offset);
                bool cut = false;
                key_string(w, "text", quoted(u->text, &cut));
                key_bool(w, "cut", cut);
                key_bool(w, "masked", u->masked);
                limn_json_end(w);
        }
        limn_json_end(w);
        limn_json_key(w, "assumptions");
        limn_json_array(w);
        for (size_t i = 0; i < view->n_assumptions; i++) {
                limn_json_object(w);
                key_string(w, "text", view->assumptions[i].text);
                key_path(w, view, view->assumptions[i].source);
                limn_json_end(w);
        }
        limn_json_end(w);
}

static int write_json(const LimnReportInput *input, LimnOut *out, LimnDiag *diag)
{
        LimnView *view = NULL;
        int r = limn_view_load(&view, input, diag);
        if (r < 0)
                return r;
        LimnJsonWriter writer = LIMN_JSON_WRITER(&out->buf, 2), *w = &writer;
        limn_json_object(w);
        head(w, input, view);
        limn_json_key(w, "sources");
        limn_json_array(w);
        for (size_t i = 0; i < view->n_sources; i++) {
                source(w, &view->sources[i]);
                limn_out_spill(out);
        }
        limn_json_end(w);
        ledger(w, view);
        story(w, view);
        limn_json_key(w, "findings");
        limn_json_array(w);
        for (size_t i = 0; i < view->n_findings; i++) {
                finding(w, out, view, &view->findings[i]);
                limn_out_spill(out);
        }
        limn_json_end(w);
        tail(w, view);
        limn_json_end(w);
        limn_buf_add_char(&out->buf, '\n');
        limn_view_free(view);
        return out->buf.error;
}

const LimnReporter limn_reporter_json = {
        .name = "json",
        .help = "the findings document (limn.findings/1)",
        .suffix = ".json",
        .write = write_json,
};
