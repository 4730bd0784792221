/* SPDX-License-Identifier: Apache-2.0 */
/* SUMMARY.md: one page for the engineer who opens the bundle, or for a ticket. */
#include <inttypes.h>

#include "reports/checklist.h"
#include "reports/escape.h"
#include "reports/text.h"

#define EVIDENCE_SHOWN 4
#define SENTENCE_SHOWN 600

typedef struct Summary {
        LimnBuf *b;
        LimnBuf scratch;
        const LimnView *view;
} Summary;

static void text(Summary *s, LimnSlice untrusted)
{
        limn_escape_markdown(limn_utf8_cut(untrusted, SENTENCE_SHOWN), s->b);
}

static void phrase(Summary *s)
{
        text(s, limn_buf_slice(&s->scratch));
        limn_buf_clear(&s->scratch);
}

static void evidence(Summary *s, const LimnViewFinding *f, LimnSlice cause, const char *sign,
                     const char *label)
{
        size_t at = 0, n = 0;
        const LimnViewEvidence *e;
        LimnSlice last = LIMN_NONE;
        while ((e = limn_view_evidence(f, cause, sign, &at)) && n < EVIDENCE_SHOWN) {
                if (limn_slice_eq(e->sentence, last))
                        continue;
                last = e->sentence;
                n++;
                limn_buf_printf(s->b, "  - %s: ", label);
                text(s, e->sentence);
                if (e->source >= 0) {
                        limn_buf_add_char(s->b, ' ');
                        limn_text_where(s->view, e->source, e->line, &s->scratch);
                        limn_escape_markdown_code(limn_buf_slice(&s->scratch), s->b);
                        limn_buf_clear(&s->scratch);
                }
                limn_buf_add_char(s->b, '\n');
        }
}

static void finding(Summary *s, const LimnViewFinding *f)
{
        limn_buf_add_str(s->b, "\n### ");
        text(s, f->id);
        limn_buf_add_char(s->b, ' ');
        text(s, f->title);
        limn_buf_printf(s->b, "\n\n- Severity ");
        text(s, f->severity);
        limn_buf_printf(s->b, ", confidence %.2f. ", f->confidence);
        text(s, f->summary);
        limn_buf_add_char(s->b, '\n');
        for (size_t i = 0; i < f->n_incidents && i < 3; i++) {
                limn_buf_add_str(s->b, "- When: ");
                const LimnViewIncident *it = &f->incidents[i];
                bool timed = it->start != LIMN_TIME_NONE || it->end != LIMN_TIME_NONE;
                if (timed)
                        limn_text_span(it->start, it->end, &s->scratch);
                limn_buf_add_str(&s->scratch, timed ? " UTC, " : "without a time, ");
                limn_text_instance(f->incidents[i].instance, f->incidents[i].kind,
                                   f->incidents[i].role, &s->scratch);
                phrase(s);
                limn_buf_add_char(s->b, '\n');
        }
        if (f->n_incidents > 3)
                limn_buf_printf(s->b, "- and %zu more incidents\n", f->n_incidents - 3);
        const LimnViewCause *c = limn_view_cause(f, 1);
        if (c) {
                limn_buf_add_str(s->b, "- Cause: **");
                text(s, c->title);
                limn_buf_add_str(s->b, "** (");
                text(s, c->id);
                limn_buf_add_str(s->b, "), ");
                limn_text_verdict(c, &s->scratch);
                phrase(s);
                limn_buf_add_char(s->b, '\n');
                evidence(s, f, c->id, "for", "for");
                evidence(s, f, c->id, "against", "against");
                if (c->decide_text.p && !limn_slice_eq(c->verdict, LIMN_S("likely"))) {
                        limn_buf_add_str(s->b, "  - would decide: ");
                        text(s, c->decide_text);
                        limn_buf_add_char(s->b, ' ');
                        limn_escape_markdown_code(c->decide_fetch, s->b);
                        limn_buf_add_char(s->b, '\n');
                }
        }
        if (f->escalate) {
                limn_buf_add_str(s->b, "- Asked of support: ");
                text(s, f->escalate_why);
                limn_buf_add_char(s->b, '\n');
        }
}

/* What happened, a line a sentence. */
static void story(Summary *s)
{
        for (size_t i = 0; i < s->view->n_story; i++) {
                const LimnViewStory *line = &s->view->story[i];
                limn_buf_printf(s->b, "%s- %s: ", i ? "" : "\n", limn_text_part(line->part));
                if (line->start != LIMN_TIME_NONE) {
                        limn_text_when(line, &s->scratch);
                        phrase(s);
                        limn_buf_add_str(s->b, ", ");
                }
                text(s, line->sentence);
                if (line->count > 1)
                        limn_buf_printf(s->b, " (%" PRId64 " times)", line->count);
                if (line->source >= 0) {
                        limn_buf_add_char(s->b, ' ');
                        limn_text_where(s->view, line->source, line->line, &s->scratch);
                        limn_escape_markdown_code(limn_buf_slice(&s->scratch), s->b);
                        limn_buf_clear(&s->scratch);
                }
                limn_buf_add_char(s->b, '\n');
        }
}

static int write_summary(const LimnReportInput *input, LimnOut *out, LimnDiag *diag)
{
        LimnView *view = NULL;
        int r = limn_view_load(&view, input, diag);
        if (r < 0)
                return r;
        Summary s = {.b = &out->buf, .scratch = LIMN_BUF(LIMN_OUTPUT_MAX), .view = view};
        limn_buf_add_str(s.b, "# Incident summary\n\n");
        limn_buf_printf(s.b, "%zu source%s, ", view->n_sources, view->n_sources == 1 ? "" : "s");
        limn_text_hits(view, s.b);
        if (view->first != LIMN_TIME_NONE) {
                limn_buf_add_str(s.b, ", ");
                limn_text_span(view->first, view->last, &s.scratch);
                phrase(&s);
        }
        limn_buf_add_str(s.b, ". Times are UTC, corrected by the measured clock offsets.\n\n"
                              "## What happened\n");
        story(&s);
        size_t quiet = 0;
        for (size_t i = 0; i < view->n_findings; i++) {
                if (limn_text_loud(&view->findings[i]))
                        finding(&s, &view->findings[i]);
                else
                        quiet++;
                limn_out_spill(out);
        }
        if (quiet == view->n_findings)
                limn_buf_add_str(s.b, "\nNothing that calls for action was found in these sources. "
                                      "What they do not cover is not known to be healthy.\n");
        if (quiet) {
                limn_buf_add_str(s.b, "\nOf low severity:");
                for (size_t i = 0; i < view->n_findings; i++) {
                        if (limn_text_loud(&view->findings[i]))
                                continue;
                        limn_buf_add_char(s.b, ' ');
                        text(&s, view->findings[i].id);
                        limn_buf_add_str(s.b, " (");
                        text(&s, view->findings[i].title);
                        limn_buf_add_str(s.b, ")");
                }
                limn_buf_add_char(s.b, '\n');
        }
        limn_buf_add_str(s.b, "\n## For the ticket\n\n");
        r = limn_checklist(view, input, false, out, diag);
        if (r == 0 && view->n_missing) {
                limn_buf_add_str(s.b, "\n## What to ask for next\n\n");
                for (size_t i = 0; i < view->n_missing && i < 10; i++) {
                        limn_buf_printf(s.b, "%zu. ", i + 1);
                        text(&s, view->missing[i].text);
                        limn_buf_add_str(s.b, ": ");
                        limn_escape_markdown_code(view->missing[i].fetch, s.b);
                        limn_buf_add_char(s.b, '\n');
                }
        }
        limn_buf_done(&s.scratch);
        limn_view_free(view);
        return r < 0 ? r : out->buf.error;
}

const LimnReporter limn_reporter_summary = {
        .name = "summary",
        .help = "one page of Markdown, for a ticket",
        .suffix = ".md",
        .write = write_summary,
};
