/* SPDX-License-Identifier: Apache-2.0 */
/* A finding: its incidents, its causes with what speaks for and against them, what to do. */
#include <inttypes.h>

#include "reports/terminal_private.h"

#define MARGIN LIMN_TERMINAL_MARGIN
#define EVIDENCE_SHOWN 4
#define CAUSES_SHOWN 4
#define INCIDENTS_SHOWN 5

static void evidence(LimnTerminal *t, const LimnViewFinding *f, LimnSlice cause, const char *sign,
                     const char *label, LimnStyle style, size_t *shown, size_t most)
{
        LimnWrap *w = &t->w;
        size_t at = 0, left = 0;
        const LimnViewEvidence *e;
        while ((e = limn_view_evidence(f, cause, sign, &at))) {
                left += (size_t)e->more;
                if (*shown >= most || limn_view_said_before(f, e)) {
                        left++;
                        continue;
                }
                ++*shown;
                limn_wrap_begin(w, MARGIN + 2, MARGIN + 13);
                limn_wrap_str(w, style, label);
                limn_wrap_to(w, MARGIN + 13);
                limn_terminal_sentence(t, e->sentence);
                limn_terminal_where(t, e->source, e->line);
                limn_wrap_end(w);
        }
        if (left)
                limn_terminal_and_more(t, MARGIN + 13, left, "of these kinds", NULL);
}

static void decide(LimnTerminal *t, const LimnViewCause *c)
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

static void cause(LimnTerminal *t, const LimnViewFinding *f, const LimnViewCause *c, bool full)
{
        LimnWrap *w = &t->w;
        limn_wrap_begin(w, MARGIN, MARGIN + 4);
        limn_wrap_str(w, full ? LIMN_STYLE_BOLD : LIMN_STYLE_DIM,
                      c->rank == 1                  ? "Cause:"
                      : is(f->mode, "cumulative") ? "And:"
                                                  : "Less likely:");
        limn_wrap(w, full ? LIMN_STYLE_BOLD : LIMN_STYLE_PLAIN, c->title);
        limn_buf_printf(&t->scratch, "(%.*s),", LIMN_FMT(c->id));
        limn_terminal_phrase(t, LIMN_STYLE_DIM);
        limn_text_verdict(c, &t->scratch);
        limn_terminal_phrase(t, full ? LIMN_STYLE_BOLD : LIMN_STYLE_PLAIN);
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

static void causes(LimnTerminal *t, const LimnViewFinding *f)
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
                limn_terminal_phrase(t, LIMN_STYLE_DIM);
        }
        limn_wrap_end(&t->w);
}

static void incidents(LimnTerminal *t, const LimnViewFinding *f)
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
                limn_terminal_phrase(t, LIMN_STYLE_PLAIN);
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
                        limn_terminal_phrase(t, LIMN_STYLE_DIM);
                }
                limn_wrap_end(w);
        }
        if (f->n_incidents > INCIDENTS_SHOWN)
                limn_terminal_and_more(t, MARGIN, f->n_incidents - INCIDENTS_SHOWN, "incidents",
                                       NULL);
}

static void chain(LimnTerminal *t, const char *label, const LimnSlice *ids, size_t n)
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

static void remedies(LimnTerminal *t, const LimnViewAdvice *a, size_t n, size_t *k)
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
                limn_terminal_phrase(t, LIMN_STYLE_PLAIN);
                if (limn_text_risky(a[i].risk)) {
                        limn_buf_add_str(&t->scratch, "[risk: ");
                        limn_text_word(a[i].risk, &t->scratch);
                        limn_buf_add_char(&t->scratch, ']');
                        limn_terminal_phrase(t, LIMN_STYLE_RED);
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

void limn_terminal_finding(LimnTerminal *t, const LimnViewFinding *f)
{
        LimnWrap *w = &t->w;
        limn_terminal_gap(t);
        LimnStyle style = limn_text_loud(f) ? LIMN_STYLE_RED : LIMN_STYLE_DIM;
        limn_wrap_begin(w, 0, MARGIN);
        for (size_t i = 0; i < f->severity.n; i++) {
                char c = f->severity.p[i];
                limn_buf_add_char(&t->scratch, c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
        }
        limn_terminal_phrase(t, style);
        limn_wrap(w, LIMN_STYLE_BOLD, f->id);
        limn_wrap(w, LIMN_STYLE_BOLD, f->title);
        limn_buf_printf(&t->scratch, "(confidence %.2f)", f->confidence);
        limn_terminal_phrase(t, LIMN_STYLE_PLAIN);
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
