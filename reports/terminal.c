/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The summary on the terminal: what was looked at, what was found and why, what is not known,
 * and what to ask for next, in this order.
 */
#include <inttypes.h>

#include "reports/escape.h"
#include "reports/text.h"
#include "reports/wrap.h"

#define SOURCES_SHOWN 40
#define EVIDENCE_SHOWN 4
#define CAUSES_SHOWN 4
#define INCIDENTS_SHOWN 5
#define UNEXPLAINED_SHOWN 10
#define MISSING_SHOWN 10
#define SENTENCE_SHOWN 600
#define MARGIN 4

typedef struct Terminal {
        LimnWrap w;
        LimnOut *out;
        LimnBuf scratch;
        const LimnView *view;
} Terminal;

/* A phrase made by reports/text.h, as one run of words. */
static void phrase(Terminal *t, LimnStyle style)
{
        if (t->scratch.error && !t->w.out->error)
                t->w.out->error = t->scratch.error;
        limn_wrap(&t->w, style, limn_buf_slice(&t->scratch));
        limn_buf_clear(&t->scratch);
}

static void gap(Terminal *t)
{
        limn_buf_add_char(t->w.out, '\n');
        limn_out_spill(t->out);
}

static void heading(Terminal *t, const char *text)
{
        gap(t);
        limn_wrap_begin(&t->w, 0, 0);
        limn_wrap_str(&t->w, LIMN_STYLE_BOLD, text);
        limn_wrap_end(&t->w);
}

static void and_more(Terminal *t, unsigned indent, size_t n, const char *what, const char *where)
{
        limn_wrap_begin(&t->w, indent, indent);
        limn_buf_printf(&t->scratch, "and %zu more %s%s%s", n, what, where ? ": " : "",
                        where ? where : "");
        phrase(t, LIMN_STYLE_DIM);
        limn_wrap_end(&t->w);
}

/* What is wrong with the source, and whose twin it is. */
static void doubts(Terminal *t, const LimnViewSource *s)
{
        limn_text_odd(s, &t->scratch);
        if (t->scratch.n) {
                t->w.blank = false;
                phrase(t, LIMN_STYLE_YELLOW);
        }
        if (s->superseded_by.p || s->twin_of.p) {
                LimnSlice other = s->superseded_by.p ? s->superseded_by : s->twin_of;
                limn_wrap_glue(&t->w, LIMN_STYLE_DIM,
                               s->superseded_by.p ? ", not counted: it grew into"
                                                  : ", not counted: the same records as");
                limn_wrap(&t->w, LIMN_STYLE_DIM, limn_view_short(t->view, other));
        }
}

static void timed(Terminal *t, const LimnViewSource *s)
{
        LimnWrap *w = &t->w;
        limn_wrap_begin(w, 2, MARGIN);
        limn_wrap(w, LIMN_STYLE_CYAN, limn_view_short(t->view, s->path));
        limn_buf_printf(&t->scratch, "[%.*s]", LIMN_FMT(s->format));
        phrase(t, LIMN_STYLE_DIM);
        /* An instance that nothing names is called by its source. */
        if (limn_slice_eq(s->instance, s->path))
                limn_text_instance(LIMN_S("alone"), s->kind, s->role, &t->scratch);
        else
                limn_text_instance(s->instance, s->kind, s->role, &t->scratch);
        limn_buf_printf(&t->scratch, ", %" PRId64 " record%s", s->records,
                        s->records == 1 ? "" : "s");
        phrase(t, LIMN_STYLE_PLAIN);
        doubts(t, s);
        limn_wrap_end(w);
        if (s->superseded_by.p)
                return;
        limn_wrap_begin(w, MARGIN, MARGIN);
        limn_text_span(s->first, s->last, &t->scratch);
        limn_buf_add_str(&t->scratch, "; ");
        limn_text_clock(s, &t->scratch);
        phrase(t, LIMN_STYLE_DIM);
        limn_wrap_end(w);
}

/* Snapshots and settings: one paragraph an instance. */
static void untimed(Terminal *t, size_t from)
{
        const LimnView *view = t->view;
        const LimnViewSource *first = &view->sources[from];
        limn_wrap_begin(&t->w, 2, MARGIN);
        limn_wrap_str(&t->w, LIMN_STYLE_PLAIN, "without times, of");
        limn_text_instance(first->instance, first->kind, first->role, &t->scratch);
        limn_buf_add_char(&t->scratch, ':');
        phrase(t, LIMN_STYLE_PLAIN);
        for (size_t i = from; i < view->n_sources; i++) {
                const LimnViewSource *s = &view->sources[i];
                if (s->first != LIMN_TIME_NONE || s->instance_id != first->instance_id)
                        continue;
                if (i > from)
                        limn_wrap_glue(&t->w, LIMN_STYLE_PLAIN, ";");
                limn_wrap(&t->w, LIMN_STYLE_CYAN, limn_view_short(view, s->path));
                doubts(t, s);
        }
        limn_wrap_end(&t->w);
}

static bool first_untimed(const LimnView *view, size_t at)
{
        if (view->sources[at].first != LIMN_TIME_NONE)
                return false;
        for (size_t i = 0; i < at; i++)
                if (view->sources[i].first == LIMN_TIME_NONE &&
                    view->sources[i].instance_id == view->sources[at].instance_id)
                        return false;
        return true;
}

static void in_all(Terminal *t)
{
        int64_t bytes = 0, records = 0, unparsed = 0, skipped = 0;
        for (size_t i = 0; i < t->view->n_sources; i++) {
                const LimnViewSource *s = &t->view->sources[i];
                bytes += s->bytes;
                records += s->records;
                unparsed += s->unparsed;
                skipped += s->skipped;
        }
        limn_wrap_begin(&t->w, 2, MARGIN);
        limn_buf_printf(&t->scratch,
                        "In all %" PRId64 " bytes in %" PRId64 " records; %" PRId64
                        " bytes not understood, %" PRId64 " left out.",
                        bytes, records, unparsed, skipped);
        phrase(t, LIMN_STYLE_PLAIN);
        limn_wrap_end(&t->w);
}

static void looked_at(Terminal *t, const LimnReportInput *input)
{
        LimnWrap *w = &t->w;
        const LimnView *view = t->view;
        limn_wrap_begin(w, 0, 2);
        limn_wrap_str(w, LIMN_STYLE_BOLD, "LOOKED AT");
        limn_buf_printf(&t->scratch, " %zu source%s", view->n_sources,
                        view->n_sources == 1 ? "" : "s");
        if (view->below.n)
                limn_buf_printf(&t->scratch, " in %.*s", LIMN_FMT(view->below));
        limn_buf_printf(&t->scratch, ", %" PRId64 " rule hits", view->hits);
        if (view->first != LIMN_TIME_NONE) {
                limn_buf_add_str(&t->scratch, ", ");
                limn_text_span(view->first, view->last, &t->scratch);
                limn_buf_add_str(&t->scratch, " UTC");
        }
        limn_buf_printf(&t->scratch, " (limn %s", input->version);
        if (input->rules_hash)
                limn_buf_printf(&t->scratch, ", rules %.12s", input->rules_hash);
        limn_buf_add_char(&t->scratch, ')');
        phrase(t, LIMN_STYLE_PLAIN);
        limn_wrap_end(w);
        if (input->sandbox) {
                limn_wrap_begin(w, 2, MARGIN);
                limn_buf_printf(&t->scratch, "Read with the %s.", input->sandbox);
                phrase(t, LIMN_STYLE_DIM);
                limn_wrap_end(w);
        }
        size_t shown = 0;
        for (size_t i = 0; i < view->n_sources && shown < SOURCES_SHOWN; i++)
                if (view->sources[i].first != LIMN_TIME_NONE) {
                        timed(t, &view->sources[i]);
                        shown++;
                        limn_out_spill(t->out);
                }
        size_t timed_sources = 0;
        for (size_t i = 0; i < view->n_sources; i++)
                timed_sources += view->sources[i].first != LIMN_TIME_NONE;
        if (timed_sources > shown)
                and_more(t, 2, timed_sources - shown, "sources with times", "limn sources");
        shown = 0;
        for (size_t i = 0; i < view->n_sources && shown < SOURCES_SHOWN; i++)
                if (first_untimed(view, i)) {
                        untimed(t, i);
                        shown++;
                }
        if (view->n_sources)
                in_all(t);
}

/* The same words again say nothing new, however often they are true. */
static bool said_before(const LimnViewFinding *f, const LimnViewEvidence *e)
{
        for (const LimnViewEvidence *b = f->evidence; b < e; b++)
                if (limn_slice_eq(b->sentence, e->sentence) && limn_slice_eq(b->sign, e->sign) &&
                    !b->cause.p == !e->cause.p && limn_slice_eq(b->cause, e->cause))
                        return true;
        return false;
}

static void where(Terminal *t, int64_t source, int64_t line)
{
        if (source < 0)
                return;
        limn_buf_add_char(&t->scratch, '(');
        limn_text_where_short(t->view, source, line, &t->scratch);
        limn_buf_add_char(&t->scratch, ')');
        phrase(t, LIMN_STYLE_DIM);
}

static void sentence(Terminal *t, LimnSlice text)
{
        limn_wrap(&t->w, LIMN_STYLE_PLAIN, limn_utf8_cut(text, SENTENCE_SHOWN));
        if (text.n > SENTENCE_SHOWN)
                limn_wrap_glue(&t->w, LIMN_STYLE_PLAIN, "...");
}

static void evidence(Terminal *t, const LimnViewFinding *f, LimnSlice cause, const char *sign,
                     const char *label, LimnStyle style, size_t *shown, size_t most)
{
        LimnWrap *w = &t->w;
        size_t at = 0, left = 0;
        const LimnViewEvidence *e;
        while ((e = limn_view_evidence(f, cause, sign, &at))) {
                left += (size_t)e->more;
                if (*shown >= most || said_before(f, e)) {
                        left++;
                        continue;
                }
                ++*shown;
                limn_wrap_begin(w, MARGIN + 2, MARGIN + 13);
                limn_wrap_str(w, style, label);
                limn_wrap_to(w, MARGIN + 13);
                sentence(t, e->sentence);
                where(t, e->source, e->line);
                limn_wrap_end(w);
        }
        if (left)
                and_more(t, MARGIN + 13, left, "of these kinds", NULL);
}

static void decide(Terminal *t, const LimnViewCause *c)
{
        LimnWrap *w = &t->w;
        if (!c->decide_text.p)
                return;
        limn_wrap_begin(w, MARGIN + 2, MARGIN + 4);
        limn_wrap_str(w, LIMN_STYLE_YELLOW, "Would decide:");
        limn_wrap(w, LIMN_STYLE_PLAIN, c->decide_text);
        limn_wrap_end(w);
        if (c->decide_fetch.n) {
                limn_wrap_begin(w, MARGIN + 4, MARGIN + 6);
                limn_wrap_verbatim(w, LIMN_STYLE_CYAN, c->decide_fetch);
                limn_wrap_end(w);
        }
}

static bool is(LimnSlice s, const char *word)
{
        return limn_slice_eq(s, limn_slice_str(word));
}

/* Worth a paragraph: the first, one that stands for itself, one not far behind, one with
 * something against it that a reader would have thought of. */
typedef enum Weight { WEIGHT_NONE, WEIGHT_LINE, WEIGHT_FULL } Weight;

static Weight weight_of(const LimnViewFinding *f, const LimnViewCause *c)
{
        if (c->rank == 1)
                return WEIGHT_FULL;
        if (is(f->mode, "cumulative"))
                return is(c->verdict, "likely") || is(c->verdict, "possible") ? WEIGHT_FULL
                                                                             : WEIGHT_NONE;
        size_t at = 0;
        bool against = limn_view_evidence(f, c->id, "against", &at) != NULL;
        return c->p >= 0.05 || against ? WEIGHT_LINE : WEIGHT_NONE;
}

static void cause(Terminal *t, const LimnViewFinding *f, const LimnViewCause *c, bool full)
{
        LimnWrap *w = &t->w;
        limn_wrap_begin(w, MARGIN, MARGIN + 4);
        limn_wrap_str(w, full ? LIMN_STYLE_BOLD : LIMN_STYLE_DIM,
                      c->rank == 1                  ? "Cause:"
                      : is(f->mode, "cumulative") ? "And:"
                                                  : "Less likely:");
        limn_wrap(w, full ? LIMN_STYLE_BOLD : LIMN_STYLE_PLAIN, c->title);
        limn_buf_printf(&t->scratch, "(%.*s),", LIMN_FMT(c->id));
        phrase(t, LIMN_STYLE_DIM);
        limn_text_verdict(c, &t->scratch);
        phrase(t, full ? LIMN_STYLE_BOLD : LIMN_STYLE_PLAIN);
        limn_wrap_end(w);
        size_t pro = 0, con = 0, open = 0, most = full ? EVIDENCE_SHOWN : 1;
        if (full)
                evidence(t, f, c->id, "for", "for", LIMN_STYLE_GREEN, &pro, most);
        evidence(t, f, c->id, "against", "against", LIMN_STYLE_RED, &con, most);
        if (full)
                evidence(t, f, c->id, "unobserved", "not seen", LIMN_STYLE_YELLOW, &open, most);
        /* What is likely needs no more to act on; `limn findings --json` has it all the same. */
        if (full && !is(c->verdict, "likely"))
                decide(t, c);
}

static void causes(Terminal *t, const LimnViewFinding *f)
{
        size_t shown = 0, rest = 0;
        bool also[256] = {false};
        for (size_t i = 0; i < f->n_causes; i++) {
                const LimnViewCause *c = &f->causes[i];
                if (c->incident != 0)
                        continue;
                Weight weight = weight_of(f, c);
                if (weight != WEIGHT_NONE && shown < CAUSES_SHOWN) {
                        cause(t, f, c, weight == WEIGHT_FULL);
                        shown++;
                } else if (i < sizeof also) {
                        also[i] = true;
                        rest++;
                }
        }
        if (rest == 0)
                return;
        limn_wrap_begin(&t->w, MARGIN, MARGIN + 4);
        limn_wrap_str(&t->w, LIMN_STYLE_DIM, "Also considered:");
        for (size_t i = 0; i < f->n_causes && i < sizeof also; i++) {
                if (!also[i])
                        continue;
                const LimnViewCause *c = &f->causes[i];
                limn_buf_printf(&t->scratch, "%.*s (", LIMN_FMT(c->id));
                limn_text_word(c->verdict, &t->scratch);
                limn_buf_add_str(&t->scratch, --rest ? ")," : ")");
                phrase(t, LIMN_STYLE_DIM);
        }
        limn_wrap_end(&t->w);
}

static void incidents(Terminal *t, const LimnViewFinding *f)
{
        LimnWrap *w = &t->w;
        for (size_t i = 0; i < f->n_incidents && i < INCIDENTS_SHOWN; i++) {
                const LimnViewIncident *it = &f->incidents[i];
                limn_wrap_begin(w, MARGIN, MARGIN + 4);
                if (f->n_incidents > 1)
                        limn_buf_printf(&t->scratch, "Incident %" PRId64 ": ", it->n);
                bool dated = it->start != LIMN_TIME_NONE || it->end != LIMN_TIME_NONE;
                if (dated || !it->instance.p)
                        limn_text_span(it->start, it->end, &t->scratch);
                if (it->instance.p) {
                        limn_buf_add_str(&t->scratch, dated ? ", " : "on ");
                        limn_text_instance(it->instance, it->kind, it->role, &t->scratch);
                }
                phrase(t, LIMN_STYLE_PLAIN);
                LimnSlice last = LIMN_NONE;
                for (size_t k = 0; k < it->n_entities && k < 8; k++) {
                        bool next = limn_slice_eq(it->entities[k].name, last);
                        limn_wrap_glue(w, LIMN_STYLE_DIM, next ? "," : ";");
                        last = it->entities[k].name;
                        if (!next)
                                limn_wrap(w, LIMN_STYLE_DIM, last);
                        limn_wrap(w, LIMN_STYLE_PLAIN, it->entities[k].value);
                }
                if (it->n_entities > 8) {
                        limn_buf_printf(&t->scratch, "and %zu more", it->n_entities - 8);
                        limn_wrap_glue(w, LIMN_STYLE_DIM, ",");
                        phrase(t, LIMN_STYLE_DIM);
                }
                limn_wrap_end(w);
        }
        if (f->n_incidents > INCIDENTS_SHOWN)
                and_more(t, MARGIN, f->n_incidents - INCIDENTS_SHOWN, "incidents", NULL);
}

static void chain(Terminal *t, const char *label, const LimnSlice *ids, size_t n)
{
        if (n == 0)
                return;
        limn_wrap_begin(&t->w, MARGIN, MARGIN + 4);
        limn_wrap_str(&t->w, LIMN_STYLE_BOLD, label);
        for (size_t i = 0; i < n; i++) {
                if (i)
                        limn_wrap_glue(&t->w, LIMN_STYLE_PLAIN, ",");
                limn_wrap(&t->w, LIMN_STYLE_PLAIN, ids[i]);
        }
        limn_wrap_end(&t->w);
}

static void remedies(Terminal *t, const LimnViewAdvice *a, size_t n, size_t *k)
{
        LimnWrap *w = &t->w;
        for (size_t i = 0; i < n; i++) {
                if (++*k == 1) {
                        limn_wrap_begin(w, MARGIN, MARGIN);
                        limn_wrap_str(w, LIMN_STYLE_BOLD, "What to do:");
                        limn_wrap_end(w);
                }
                limn_wrap_begin(w, MARGIN + 2, MARGIN + 5);
                limn_buf_printf(&t->scratch, "%zu.", *k);
                phrase(t, LIMN_STYLE_PLAIN);
                if (limn_text_risky(a[i].risk)) {
                        limn_buf_add_str(&t->scratch, "[risk: ");
                        limn_text_word(a[i].risk, &t->scratch);
                        limn_buf_add_char(&t->scratch, ']');
                        phrase(t, LIMN_STYLE_RED);
                }
                limn_wrap(w, LIMN_STYLE_PLAIN, a[i].text);
                limn_wrap_end(w);
                const struct {
                        const char *label;
                        LimnSlice text;
                } more[] = {{"First:", a[i].precondition}, {"Caution:", a[i].caution}};
                for (size_t m = 0; m < 2; m++) {
                        if (more[m].text.n == 0)
                                continue;
                        limn_wrap_begin(w, MARGIN + 5, MARGIN + 7);
                        limn_wrap_str(w, LIMN_STYLE_YELLOW, more[m].label);
                        limn_wrap(w, LIMN_STYLE_PLAIN, more[m].text);
                        limn_wrap_end(w);
                }
        }
}

static void finding(Terminal *t, const LimnViewFinding *f)
{
        LimnWrap *w = &t->w;
        gap(t);
        LimnStyle style = limn_text_loud(f) ? LIMN_STYLE_RED : LIMN_STYLE_DIM;
        limn_wrap_begin(w, 0, MARGIN);
        for (size_t i = 0; i < f->severity.n; i++) {
                char c = f->severity.p[i];
                limn_buf_add_char(&t->scratch, c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
        }
        phrase(t, style);
        limn_wrap(w, LIMN_STYLE_BOLD, f->id);
        limn_wrap(w, LIMN_STYLE_BOLD, f->title);
        limn_buf_printf(&t->scratch, "(confidence %.2f)", f->confidence);
        phrase(t, LIMN_STYLE_PLAIN);
        limn_wrap_end(w);
        if (f->summary.n) {
                limn_wrap_begin(w, MARGIN, MARGIN);
                limn_wrap(w, LIMN_STYLE_PLAIN, f->summary);
                limn_wrap_end(w);
        }
        incidents(t, f);
        size_t seen = 0, con = 0;
        evidence(t, f, LIMN_NONE, "for", "seen", LIMN_STYLE_GREEN, &seen, 2);
        evidence(t, f, LIMN_NONE, "against", "against", LIMN_STYLE_RED, &con, 2);
        causes(t, f);
        chain(t, "Caused by:", f->caused_by, f->n_caused_by);
        chain(t, "Leads to:", f->leads_to, f->n_leads_to);
        size_t k = 0;
        const LimnViewCause *top = limn_view_cause(f, 1);
        if (top)
                remedies(t, top->remedies, top->n_remedies, &k);
        remedies(t, f->remedies, f->n_remedies, &k);
        if (f->escalate) {
                limn_wrap_begin(w, MARGIN, MARGIN + 4);
                limn_wrap_str(w, LIMN_STYLE_RED, "Escalate:");
                limn_wrap(w, LIMN_STYLE_PLAIN, f->escalate_why);
                limn_wrap_end(w);
        }
}

static void findings(Terminal *t)
{
        LimnWrap *w = &t->w;
        size_t loud = 0;
        for (size_t i = 0; i < t->view->n_findings; i++)
                loud += limn_text_loud(&t->view->findings[i]);
        heading(t, "FOUND");
        limn_wrap_begin(w, 2, 2);
        if (t->view->n_sources == 0)
                limn_wrap_str(w, LIMN_STYLE_YELLOW, "Nothing: the case holds no sources.");
        else if (loud)
                limn_buf_printf(&t->scratch, "%zu finding%s that call%s for action.", loud,
                                loud == 1 ? "" : "s", loud == 1 ? "s" : "");
        else
                limn_buf_printf(&t->scratch,
                                "Nothing that calls for action, in %zu source%s. What these do "
                                "not cover is not known to be healthy.",
                                t->view->n_sources, t->view->n_sources == 1 ? "" : "s");
        if (t->scratch.n)
                phrase(t, loud ? LIMN_STYLE_RED : LIMN_STYLE_GREEN);
        limn_wrap_end(w);
        for (size_t i = 0; i < t->view->n_findings; i++)
                finding(t, &t->view->findings[i]);
}

static void unexplained(Terminal *t)
{
        LimnWrap *w = &t->w;
        if (t->view->n_unexplained == 0)
                return;
        heading(t, "ERRORS THAT NO RULE EXPLAINS");
        for (size_t i = 0; i < t->view->n_unexplained && i < UNEXPLAINED_SHOWN; i++) {
                const LimnViewUnexplained *u = &t->view->unexplained[i];
                limn_wrap_begin(w, 2, MARGIN + 4);
                limn_buf_printf(&t->scratch, "%" PRId64 "x", u->count);
                phrase(t, LIMN_STYLE_YELLOW);
                sentence(t, u->template);
                where(t, u->source, u->line);
                limn_wrap_end(w);
        }
        if (t->view->n_unexplained > UNEXPLAINED_SHOWN)
                and_more(t, 2, t->view->n_unexplained - UNEXPLAINED_SHOWN, "messages",
                         "limn sql 'SELECT * FROM unexplained'");
}

static void assumptions(Terminal *t)
{
        if (t->view->n_assumptions == 0)
                return;
        heading(t, "ASSUMED");
        for (size_t i = 0; i < t->view->n_assumptions; i++) {
                limn_wrap_begin(&t->w, 2, MARGIN);
                limn_wrap_str(&t->w, LIMN_STYLE_DIM, "-");
                limn_wrap(&t->w, LIMN_STYLE_PLAIN, t->view->assumptions[i].text);
                const LimnViewSource *s =
                        limn_view_source(t->view, t->view->assumptions[i].source);
                /* Most name their source themselves. */
                if (s && limn_slice_find(t->view->assumptions[i].text, s->path) ==
                                 t->view->assumptions[i].text.n)
                        limn_wrap(&t->w, LIMN_STYLE_DIM, limn_view_short(t->view, s->path));
                limn_wrap_end(&t->w);
        }
}

static void ask_next(Terminal *t)
{
        LimnWrap *w = &t->w;
        if (t->view->n_missing == 0)
                return;
        heading(t, "ASK FOR NEXT");
        for (size_t i = 0; i < t->view->n_missing && i < MISSING_SHOWN; i++) {
                const LimnViewAdvice *m = &t->view->missing[i];
                limn_wrap_begin(w, 2, MARGIN + 1);
                limn_buf_printf(&t->scratch, "%zu.", i + 1);
                phrase(t, LIMN_STYLE_BOLD);
                limn_wrap(w, LIMN_STYLE_PLAIN, m->text);
                if (m->owner.n) {
                        limn_buf_printf(&t->scratch, "(%.*s)", LIMN_FMT(m->owner));
                        phrase(t, LIMN_STYLE_DIM);
                }
                limn_wrap_end(w);
                if (m->fetch.n) {
                        limn_wrap_begin(w, MARGIN + 1, MARGIN + 3);
                        limn_wrap_verbatim(w, LIMN_STYLE_CYAN, m->fetch);
                        limn_wrap_end(w);
                }
        }
        if (t->view->n_missing > MISSING_SHOWN)
                and_more(t, 2, t->view->n_missing - MISSING_SHOWN, "wishes",
                         "limn findings --json");
}

static int write_terminal(const LimnReportInput *input, LimnOut *out, LimnDiag *diag)
{
        LimnView *view = NULL;
        int r = limn_view_load(&view, input, diag);
        if (r < 0)
                return r;
        unsigned width = input->width ? input->width : 96;
        Terminal t = {.w = {.out = &out->buf,
                            .width = width < 40 ? 40 : width > 100 ? 100 : width,
                            .color = input->color},
                      .out = out,
                      .scratch = LIMN_BUF(LIMN_OUTPUT_MAX),
                      .view = view};
        looked_at(&t, input);
        findings(&t);
        unexplained(&t);
        assumptions(&t);
        ask_next(&t);
        limn_buf_done(&t.scratch);
        limn_view_free(view);
        return out->buf.error;
}

const LimnReporter limn_reporter_terminal = {
        .name = "terminal",
        .help = "a summary for people",
        .suffix = ".txt",
        .write = write_terminal,
};
