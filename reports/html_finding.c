/* SPDX-License-Identifier: Apache-2.0 */
/* One finding as a section: incidents, causes with the evidence for and against, remedies. */
#include <inttypes.h>

#include "reports/html.h"

#define SENTENCE_SHOWN 2000

/* The record a piece of evidence cites, in one line until it is opened. `aside`: a repeat, which
 * stays folded in print. */
static void record(LimnHtml *h, const LimnViewEvidence *e, bool aside)
{
        if (e->text.n == 0) {
                limn_html_where(h, e->source, e->line);
                return;
        }
        limn_buf_printf(h->b, "<details class=\"record%s\"><summary>", aside ? " aside" : "");
        limn_html(h, "<span class=\"where\">");
        limn_text_where_short(h->view, e->source, e->line, &h->scratch);
        limn_html_phrase(h);
        limn_html(h, "</span>");
        if (e->time != LIMN_TIME_NONE) {
                limn_html(h, ", ");
                limn_text_time(e->time, &h->scratch);
                limn_html_phrase(h);
                limn_html(h, " UTC");
        }
        limn_html(h, e->masked ? ", masked</summary>" : "</summary>");
        limn_html_record(h, e->text);
        limn_buf_printf(h->b, "<p class=\"from\">from byte %" PRId64 " of <a href=\"#s-%" PRId64
                              "\">", e->offset, e->source + 1);
        limn_text_where_short(h->view, e->source, 0, &h->scratch);
        limn_html_phrase(h);
        limn_html(h, "</a></p></details>");
}

static void begin(LimnHtml *h, const LimnViewFinding *f, const LimnViewEvidence *e)
{
        limn_html(h, "<li id=\"e-");
        limn_html_id(h, f->id);
        limn_buf_printf(h->b, "-%u\">", e->n);
}

/* What is said, with its record, and below it the other records that say the same. */
static void evidence(LimnHtml *h, const LimnViewFinding *f, LimnSlice cause, const char *sign,
                     const LimnViewEvidence *first)
{
        size_t at = 0, again = 0;
        int64_t more = 0;
        const LimnViewEvidence *e;
        begin(h, f, first);
        limn_html_text(h, limn_utf8_cut(first->sentence, SENTENCE_SHOWN));
        limn_buf_printf(h->b, " <span class=\"points\">%+.4g</span>", first->points);
        record(h, first, false);
        while ((e = limn_view_evidence(f, cause, sign, &at))) {
                if (!limn_slice_eq(e->sentence, first->sentence))
                        continue;
                more += e->more;
                if (e == first)
                        continue;
                limn_html(h, again++ ? "" : "<ul class=\"again\">\n");
                begin(h, f, e);
                if (e->points != 0)
                        limn_buf_printf(h->b, "<span class=\"points\">%+.4g</span> ", e->points);
                record(h, e, true);
                limn_html(h, "</li>\n");
        }
        limn_html(h, again ? "</ul>" : "");
        if (more)
                limn_buf_printf(h->b, "<span class=\"soft\">and %" PRId64 " more like it</span>",
                                more);
        limn_html(h, "</li>\n");
}

static void side(LimnHtml *h, const LimnViewFinding *f, LimnSlice cause, const char *sign,
                 const char *title)
{
        size_t at = 0, n = 0;
        int level = cause.p ? 5 : 4; /* below the cause's heading, or the section's */
        const LimnViewEvidence *e;
        while ((e = limn_view_evidence(f, cause, sign, &at))) {
                if (limn_view_said_before(f, e))
                        continue;
                if (n++ == 0)
                        limn_buf_printf(h->b,
                                        "<div><h%d class=\"%s\">%s</h%d>\n<ul class=\"evidence\">\n",
                                        level, sign, title, level);
                evidence(h, f, cause, sign, e);
        }
        if (n)
                limn_html(h, "</ul></div>\n");
}

static void sides(LimnHtml *h, const LimnViewFinding *f, LimnSlice cause)
{
        limn_html(h, "<div class=\"sides\">\n");
        side(h, f, cause, "for", "Speaks for it");
        side(h, f, cause, "against", "Speaks against it");
        side(h, f, cause, "unobserved", "Could not be seen");
        limn_html(h, "</div>\n");
}

static void fetch(LimnHtml *h, LimnSlice text, LimnSlice how)
{
        limn_html_text(h, text);
        if (how.n) {
                limn_html(h, "<pre>");
                limn_html_text(h, how);
                limn_html(h, "</pre>");
        }
}

static void remedies(LimnHtml *h, int level, const char *title, const LimnViewAdvice *a, size_t n)
{
        if (n == 0)
                return;
        limn_buf_printf(h->b, "<h%d>%s</h%d>\n<ol class=\"remedies\">\n", level, title, level);
        for (size_t i = 0; i < n; i++) {
                limn_html(h, "<li>");
                if (limn_text_risky(a[i].risk)) {
                        limn_html(h, "<span class=\"risk\">Risk: ");
                        limn_text_word(a[i].risk, &h->scratch);
                        limn_html_phrase(h);
                        limn_html(h, ".</span> ");
                }
                limn_html_text(h, a[i].text);
                if (a[i].precondition.n) {
                        limn_html(h, "<br><strong>First:</strong> ");
                        limn_html_text(h, a[i].precondition);
                }
                if (a[i].caution.n) {
                        limn_html(h, "<br><strong class=\"odd\">Caution:</strong> ");
                        limn_html_text(h, a[i].caution);
                }
                if (a[i].source.n) {
                        limn_html(h, " <span class=\"soft\">(");
                        limn_html_text(h, a[i].source);
                        limn_html(h, ")</span>");
                }
                limn_html(h, "</li>\n");
        }
        limn_html(h, "</ol>\n");
}

static void bar(LimnHtml *h, double p)
{
        int width = p < 0 ? 0 : p > 1 ? 100 : (int)(p * 100 + .5);
        limn_buf_printf(h->b,
                        "<svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" "
                        "aria-hidden=\"true\"><rect width=\"100\" height=\"8\" rx=\"2\"/>"
                        "<rect width=\"%d\" height=\"8\" rx=\"2\"/></svg>",
                        width);
}

static void cause(LimnHtml *h, const LimnViewFinding *f, const LimnViewCause *c)
{
        bool cumulative = limn_slice_eq(f->mode, LIMN_S("cumulative"));
        bool open = c->rank == 1 || (cumulative && c->score > 0);
        limn_html(h, "<details class=\"cause\" id=\"c-");
        limn_html_id(h, f->id);
        limn_buf_printf(h->b, "-%" PRId64 "\"%s>\n<summary><h4>%" PRId64 ". ", c->rank,
                        open ? " open" : "", c->rank);
        limn_html_text(h, c->title);
        limn_html(h, "</h4> <code class=\"id\">");
        limn_html_text(h, c->id);
        limn_html(h, "</code> <span class=\"verdict v-");
        limn_html_id(h, c->verdict);
        limn_html(h, "\">");
        limn_text_verdict(c, &h->scratch);
        limn_html_phrase(h);
        bar(h, c->p);
        limn_html(h, "</span></summary>\n<div>\n");
        sides(h, f, c->id);
        if (c->decide_text.p) {
                bool likely = limn_slice_eq(c->verdict, LIMN_S("likely"));
                limn_buf_printf(h->b, "<div class=\"decide\"><strong>Would %s:</strong> ",
                                likely ? "confirm it" : "decide");
                fetch(h, c->decide_text, c->decide_fetch);
                limn_html(h, "</div>\n");
        }
        remedies(h, 5, "What to do", c->remedies, c->n_remedies);
        limn_html(h, "</div></details>\n");
}

static void incidents(LimnHtml *h, const LimnViewFinding *f)
{
        if (f->n_incidents == 0)
                return;
        limn_html(h, "<h3>Incidents</h3>\n<div class=\"tablebox\"><table>\n<thead><tr>"
                     "<th class=\"n\" scope=\"col\">#</th><th scope=\"col\">When (UTC)</th>"
                     "<th scope=\"col\">Instance</th><th scope=\"col\">Concerns</th>"
                     "</tr></thead>\n<tbody>\n");
        for (size_t i = 0; i < f->n_incidents; i++) {
                const LimnViewIncident *it = &f->incidents[i];
                limn_html(h, "<tr id=\"i-");
                limn_html_id(h, f->id);
                limn_buf_printf(h->b, "-%" PRId64 "\"><td class=\"n\">%" PRId64
                                      "</td><td class=\"t\">",
                                it->n, it->n);
                if (it->start == LIMN_TIME_NONE && it->end == LIMN_TIME_NONE)
                        limn_html(h, "not dated");
                else
                        limn_text_span(it->start, it->end, &h->scratch);
                limn_html_phrase(h);
                limn_html(h, "</td><td>");
                limn_text_instance(it->instance, it->kind, it->role, &h->scratch);
                limn_html_phrase(h);
                limn_html(h, "</td><td>");
                LimnSlice last = LIMN_NONE;
                for (size_t k = 0; k < it->n_entities; k++) {
                        bool same = limn_slice_eq(it->entities[k].name, last);
                        limn_html(h, k == 0 ? "" : same ? ", " : "; ");
                        last = it->entities[k].name;
                        if (!same) {
                                limn_html(h, "<span class=\"soft\">");
                                limn_html_text(h, last);
                                limn_html(h, "</span> ");
                        }
                        limn_html_text(h, it->entities[k].value);
                }
                limn_html(h, "</td></tr>\n");
        }
        limn_html(h, "</tbody></table></div>\n");
}

/* Is there anything that speaks for or against it, or that should have been looked at? */
static bool weighed(const LimnViewFinding *f, const LimnViewCause *c)
{
        if (c->rank == 1)
                return true;
        for (size_t i = 0; i < f->n_evidence; i++)
                if (f->evidence[i].cause.p && limn_slice_eq(f->evidence[i].cause, c->id))
                        return true;
        return false;
}

static void causes(LimnHtml *h, const LimnViewFinding *f)
{
        size_t n = 0, silent = 0;
        for (size_t i = 0; i < f->n_causes; i++) {
                const LimnViewCause *c = &f->causes[i];
                if (c->incident != 0)
                        continue;
                if (n++ == 0)
                        limn_html(h, "<h3>Causes, best first</h3>\n");
                if (weighed(f, c))
                        cause(h, f, c);
                else
                        silent++;
        }
        if (silent == 0)
                return;
        limn_buf_printf(h->b, "<details class=\"aside\"><summary>%zu more that nothing here speaks "
                              "for or against</summary>\n", silent);
        for (size_t i = 0; i < f->n_causes; i++)
                if (f->causes[i].incident == 0 && !weighed(f, &f->causes[i]))
                        cause(h, f, &f->causes[i]);
        limn_html(h, "</details>\n");
}

static void chain(LimnHtml *h, const char *label, const LimnSlice *ids, size_t n)
{
        if (n == 0)
                return;
        limn_buf_printf(h->b, "<dt>%s</dt><dd>", label);
        for (size_t i = 0; i < n; i++) {
                limn_html(h, i ? ", <a href=\"#f-" : "<a href=\"#f-");
                limn_html_id(h, ids[i]);
                limn_html(h, "\">");
                limn_html_text(h, ids[i]);
                limn_html(h, "</a>");
        }
        limn_html(h, "</dd>\n");
}

void limn_html_finding(LimnHtml *h, const LimnViewFinding *f)
{
        limn_html(h, "<section class=\"finding sev-");
        limn_html_id(h, f->severity);
        limn_html(h, "\" id=\"f-");
        limn_html_id(h, f->id);
        limn_html(h, "\">\n<h2><span class=\"sev\">");
        limn_html_text(h, f->severity);
        limn_html(h, "</span> <span class=\"id\">");
        limn_html_text(h, f->id);
        limn_html(h, "</span> ");
        limn_html_text(h, f->title);
        limn_html(h, "</h2>\n<p class=\"lead\">");
        limn_html_text(h, f->summary);
        limn_html(h, "</p>\n<dl class=\"meta\">\n");
        limn_buf_printf(h->b, "<dt>Confidence</dt><dd>%.2f</dd>\n", f->confidence);
        chain(h, "Caused by", f->caused_by, f->n_caused_by);
        chain(h, "Leads to", f->leads_to, f->n_leads_to);
        limn_html(h, f->escalate ? "<dt>Escalate</dt><dd><strong class=\"odd\">yes</strong>: "
                                 : "<dt>Escalate</dt><dd>not for this alone");
        limn_html(h, !f->escalate && f->escalate_why.n ? ": " : "");
        limn_html_text(h, f->escalate_why);
        limn_html(h, "</dd>\n</dl>\n");
        incidents(h, f);
        causes(h, f);
        size_t at = 0;
        for (size_t i = 0; i < f->n_evidence; i++)
                at += !f->evidence[i].cause.p;
        if (at) {
                limn_html(h, "<h3>How it showed</h3>\n");
                sides(h, f, LIMN_NONE);
        }
        remedies(h, 3, "What to do, whatever the cause", f->remedies, f->n_remedies);
        if (f->n_diagnostics) {
                limn_html(h, "<h3>To look further</h3>\n<ol class=\"remedies\">\n");
                for (size_t i = 0; i < f->n_diagnostics; i++) {
                        limn_html(h, "<li>");
                        fetch(h, f->diagnostics[i].text, f->diagnostics[i].fetch);
                        limn_html(h, "</li>\n");
                }
                limn_html(h, "</ol>\n");
        }
        limn_html(h, "</section>\n");
        limn_out_spill(h->out);
}
