/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SUMMARY.md: one page for the engineer who opens the bundle, or for a ticket. In the order of
 * their questions: what happened and when, what it meant, why and how sure that is, what was tried,
 * what is wanted of them, and whether the ticket is complete. Ceilings keep it a page; report.html
 * and findings.json have the rest.
 */
#include <inttypes.h>

#include "reports/checklist.h"
#include "reports/escape.h"
#include "reports/text.h"

#define EVIDENCE_SHOWN 3
#define FINDINGS_SHOWN 4 /* in full; others get a line */
#define LINES_SHOWN 6    /* of one part of the story */
#define MISSING_SHOWN 5
#define SENTENCE_SHOWN 400

#define UNTOLD                                                                                     \
        "These sources do not tell: no failed update, no table and no lost connection is seen at " \
        "an incident.\n"

typedef struct Summary {
        LimnBuf *b;
        LimnBuf scratch;
        const LimnView *view;
} Summary;

static void text(Summary *s, LimnSlice untrusted)
{
        limn_escape_markdown(limn_utf8_cut(untrusted, SENTENCE_SHOWN), s->b);
        limn_buf_add_str(s->b, untrusted.n > SENTENCE_SHOWN ? "..." : "");
}

static void phrase(Summary *s)
{
        text(s, limn_buf_slice(&s->scratch));
        limn_buf_clear(&s->scratch);
}

static void where(Summary *s, int64_t source, int64_t line)
{
        if (source < 0)
                return;
        limn_buf_add_char(s->b, ' ');
        limn_text_where_short(s->view, source, line, &s->scratch);
        limn_escape_markdown_code(limn_buf_slice(&s->scratch), s->b);
        limn_buf_clear(&s->scratch);
}

static void code(Summary *s, LimnSlice fetch)
{
        if (fetch.n == 0)
                return;
        limn_buf_add_char(s->b, ' ');
        limn_escape_markdown_code(fetch, s->b);
}

/* The sentences of a part; how many there are. */
static size_t told(Summary *s, const char *part, const char *label)
{
        size_t n = 0;
        for (size_t i = 0; i < s->view->n_story; i++) {
                const LimnViewStory *line = &s->view->story[i];
                if (!limn_slice_eq(line->part, limn_slice_str(part)) || ++n > LINES_SHOWN)
                        continue;
                limn_buf_printf(s->b, "- %s", label);
                if (line->start != LIMN_TIME_NONE) {
                        limn_buf_add_str(s->b, label[0] ? ", " : "");
                        limn_text_when(line, &s->scratch);
                        phrase(s);
                }
                limn_buf_add_str(s->b, label[0] || line->start != LIMN_TIME_NONE ? ": " : "");
                text(s, line->sentence);
                if (line->count > 1)
                        limn_buf_printf(s->b, " (%" PRId64 " times)", line->count);
                where(s, line->source, line->line);
                limn_buf_add_char(s->b, '\n');
        }
        if (n > LINES_SHOWN)
                limn_buf_printf(s->b, "- and %zu more\n", n - LINES_SHOWN);
        return n;
}

/* In two sentences, and how it stands. */
static void headline(Summary *s)
{
        const LimnView *view = s->view;
        bool loud = view->n_findings && limn_text_loud(&view->findings[0]);
        limn_buf_add_str(s->b, "# ");
        if (loud)
                text(s, view->findings[0].title);
        else
                limn_buf_add_str(s->b, "Nothing found that calls for action");
        limn_buf_add_str(s->b, "\n\n");
        if (!loud)
                limn_buf_add_str(s->b, "What these sources do not cover is not known to be healthy."
                                       "\n\n");
        limn_buf_printf(s->b, "Read: %zu source%s, ", view->n_sources,
                        view->n_sources == 1 ? "" : "s");
        limn_text_hits(view, s->b);
        if (view->first != LIMN_TIME_NONE) {
                limn_buf_add_str(s->b, ", ");
                limn_text_span(view->first, view->last, &s->scratch);
                phrase(s);
        }
        limn_buf_add_str(s->b, ". Times are UTC, corrected by the measured clock offsets.\n");
}

static void evidence(Summary *s, const LimnViewFinding *f, LimnSlice cause, const char *sign,
                     const char *label)
{
        size_t at = 0, n = 0;
        const LimnViewEvidence *e;
        while ((e = limn_view_evidence(f, cause, sign, &at))) {
                if (limn_view_said_before(f, e) || ++n > EVIDENCE_SHOWN)
                        continue;
                limn_buf_printf(s->b, "  - %s: ", label);
                text(s, e->sentence);
                where(s, e->source, e->line);
                limn_buf_add_char(s->b, '\n');
        }
        if (n > EVIDENCE_SHOWN)
                limn_buf_printf(s->b, "  - and %zu more that speak%s %s it\n", n - EVIDENCE_SHOWN,
                                n - EVIDENCE_SHOWN == 1 ? "s" : "", label);
}

static void when(Summary *s, const LimnViewIncident *it)
{
        bool timed = it->start != LIMN_TIME_NONE || it->end != LIMN_TIME_NONE;
        if (timed)
                limn_text_span(it->start, it->end, &s->scratch);
        else
                limn_buf_add_str(&s->scratch, "without a time");
        if (it->instance.p) {
                limn_buf_add_str(&s->scratch, timed ? " UTC, " : ", ");
                limn_text_instance(it->instance, it->kind, it->role, &s->scratch);
        }
        phrase(s);
}

/* Only the worst of the finding's causes that stand for themselves; the page is short. */
static void finding(Summary *s, const LimnViewFinding *f)
{
        limn_buf_add_str(s->b, "\n### ");
        text(s, f->id);
        limn_buf_add_char(s->b, ' ');
        text(s, f->title);
        limn_buf_add_str(s->b, "\n\n- ");
        text(s, f->summary);
        limn_buf_add_str(s->b, " Severity ");
        text(s, f->severity);
        limn_buf_printf(s->b, ", confidence %.2f that it happened.\n- When: ", f->confidence);
        for (size_t i = 0; i < f->n_incidents && i < 3; i++) {
                limn_buf_add_str(s->b, i ? "; " : "");
                when(s, &f->incidents[i]);
        }
        if (f->n_incidents > 3)
                limn_buf_printf(s->b, "; and %zu more times", f->n_incidents - 3);
        limn_buf_add_char(s->b, '\n');
        bool cumulative = limn_slice_eq(f->mode, LIMN_S("cumulative"));
        for (size_t i = 0; i < f->n_causes; i++) {
                const LimnViewCause *c = &f->causes[i];
                bool likely = limn_slice_eq(c->verdict, LIMN_S("likely"));
                if (c->incident != 0 || (c->rank > 1 && !(cumulative && likely && c->rank < 4)))
                        continue;
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
                if (c->decide_text.p && !likely) {
                        limn_buf_add_str(s->b, "  - would decide: ");
                        text(s, c->decide_text);
                        code(s, c->decide_fetch);
                        limn_buf_add_char(s->b, '\n');
                }
        }
}

static void line(Summary *s, const LimnViewFinding *f)
{
        const LimnViewCause *c = limn_view_cause(f, 1);
        limn_buf_add_str(s->b, "- ");
        text(s, f->id);
        limn_buf_add_char(s->b, ' ');
        text(s, f->title);
        limn_buf_add_str(s->b, " (");
        text(s, f->severity);
        limn_buf_add_char(s->b, ')');
        if (c && limn_text_loud(f)) {
                limn_buf_add_str(s->b, ": ");
                text(s, c->title);
                limn_buf_add_str(s->b, ", ");
                limn_text_verdict(c, &s->scratch);
                phrase(s);
        }
        limn_buf_add_char(s->b, '\n');
}

static void why(Summary *s)
{
        const LimnView *view = s->view;
        size_t full = 0;
        while (full < view->n_findings && full < FINDINGS_SHOWN &&
               limn_text_loud(&view->findings[full]))
                full++;
        limn_buf_add_str(s->b, "\n## Why, and how sure that is\n");
        for (size_t i = 0; i < full; i++)
                finding(s, &view->findings[i]);
        if (full == 0)
                limn_buf_add_str(s->b, "\nNothing that calls for action was found.\n");
        if (full < view->n_findings)
                limn_buf_add_str(s->b, full ? "\nAlso found:\n\n" : "\nOf low severity:\n\n");
        for (size_t i = full; i < view->n_findings; i++)
                line(s, &view->findings[i]);
}

static void tried(Summary *s)
{
        size_t n = 0;
        limn_buf_add_str(s->b, "\n## What was done or tried\n\n");
        for (size_t i = 0; i < s->view->n_notes; i++) {
                const LimnViewNote *note = &s->view->notes[i];
                if (note->seen || !limn_slice_eq(note->kind, LIMN_S("attempted")) ||
                    ++n > LINES_SHOWN)
                        continue;
                limn_buf_add_str(s->b, "- ");
                text(s, note->text);
                limn_buf_add_str(s->b, " (noted by the investigator)\n");
        }
        if (n > LINES_SHOWN)
                limn_buf_printf(s->b, "- and %zu more notes\n", n - LINES_SHOWN);
        if (told(s, "tried", "") + n == 0)
                limn_buf_add_str(s->b, "Nothing is seen in these sources, nothing was noted.\n");
}

static void asked(Summary *s)
{
        size_t n = 0;
        limn_buf_add_str(s->b, "\n## What is asked of support\n\n");
        for (size_t i = 0; i < s->view->n_findings; i++) {
                const LimnViewFinding *f = &s->view->findings[i];
                if (!f->escalate || !limn_text_loud(f) || ++n > LINES_SHOWN)
                        continue;
                limn_buf_add_str(s->b, "- ");
                text(s, f->id);
                limn_buf_add_str(s->b, ": ");
                text(s, f->escalate_why);
                limn_buf_add_char(s->b, '\n');
        }
        if (n == 0)
                limn_buf_add_str(s->b, "Nothing by itself: no finding here needs the vendor. What "
                                       "to do is in the report.\n");
}

static void next(Summary *s)
{
        const LimnView *view = s->view;
        if (view->n_missing == 0)
                return;
        limn_buf_add_str(s->b, "\n## What to ask for next\n\n");
        for (size_t i = 0; i < view->n_missing && i < MISSING_SHOWN; i++) {
                limn_buf_printf(s->b, "%zu. ", i + 1);
                text(s, view->missing[i].text);
                if (view->missing[i].owner.n) {
                        limn_buf_add_str(s->b, " (");
                        text(s, view->missing[i].owner);
                        limn_buf_add_char(s->b, ')');
                }
                limn_buf_add_str(s->b, view->missing[i].fetch.n ? ":" : "");
                code(s, view->missing[i].fetch);
                limn_buf_add_char(s->b, '\n');
        }
        if (view->n_missing > MISSING_SHOWN)
                limn_buf_printf(s->b, "\nand %zu more, in the report.\n",
                                view->n_missing - MISSING_SHOWN);
}

static int write_summary(const LimnReportInput *input, LimnOut *out, LimnDiag *diag)
{
        LimnView *view = NULL;
        int r = limn_view_load(&view, input, diag);
        if (r < 0)
                return r;
        Summary s = {.b = &out->buf, .scratch = LIMN_BUF(LIMN_OUTPUT_MAX), .view = view};
        headline(&s);
        if (view->n_story) {
                limn_buf_add_str(s.b, "\n## What happened\n\n");
                told(&s, "standing", "All along");
                size_t dated = told(&s, "began", "It began");
                told(&s, "followed", "Then");
                told(&s, "now", "At the end");
                limn_buf_add_str(s.b, "\n## Impact\n\n");
                if (told(&s, "impact", "") == 0)
                        limn_buf_add_str(s.b, dated ? UNTOLD
                                                    : "None is seen: no incident has a time.\n");
        }
        why(&s);
        if (view->n_story) {
                tried(&s);
                asked(&s);
        }
        limn_buf_add_str(s.b, "\n## For the ticket\n\n");
        r = limn_checklist(view, input, false, out, diag);
        if (r == 0)
                next(&s);
        if (s.scratch.error && !out->buf.error)
                out->buf.error = s.scratch.error;
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
