/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The summary on the terminal: what was looked at, what happened, what was found and why, what is
 * not known, and what to ask for next, in this order.
 */
#include <inttypes.h>

#include "reports/escape.h"
#include "reports/terminal_private.h"

#define MARGIN LIMN_TERMINAL_MARGIN
#define UNEXPLAINED_SHOWN 10
#define MISSING_SHOWN 10
#define SENTENCE_SHOWN 600

/* A phrase made by reports/text.h, as one run of words. */
void limn_terminal_phrase(LimnTerminal *t, LimnStyle style)
{
        if (t->scratch.error && !t->w.out->error)
                t->w.out->error = t->scratch.error;
        limn_wrap(&t->w, style, limn_buf_slice(&t->scratch));
        limn_buf_clear(&t->scratch);
}

void limn_terminal_gap(LimnTerminal *t)
{
        limn_buf_add_char(t->w.out, '\n');
        limn_out_spill(t->out);
}

void limn_terminal_heading(LimnTerminal *t, const char *text)
{
        limn_terminal_gap(t);
        limn_wrap_begin(&t->w, 0, 0);
        limn_wrap_str(&t->w, LIMN_STYLE_BOLD, text);
        limn_wrap_end(&t->w);
}

void limn_terminal_and_more(LimnTerminal *t, unsigned indent, size_t n, const char *what,
                            const char *where)
{
        limn_wrap_begin(&t->w, indent, indent);
        limn_buf_printf(&t->scratch, "and %zu more %s%s%s", n, what, where ? ": " : "",
                        where ? where : "");
        limn_terminal_phrase(t, LIMN_STYLE_DIM);
        limn_wrap_end(&t->w);
}

void limn_terminal_where(LimnTerminal *t, int64_t source, int64_t line)
{
        if (source < 0)
                return;
        limn_buf_add_char(&t->scratch, '(');
        limn_text_where_short(t->view, source, line, &t->scratch);
        limn_buf_add_char(&t->scratch, ')');
        limn_terminal_phrase(t, LIMN_STYLE_DIM);
}

void limn_terminal_sentence(LimnTerminal *t, LimnSlice text)
{
        limn_wrap(&t->w, LIMN_STYLE_PLAIN, limn_utf8_cut(text, SENTENCE_SHOWN));
        if (text.n > SENTENCE_SHOWN)
                limn_wrap_glue(&t->w, LIMN_STYLE_PLAIN, "...");
}

static void findings(LimnTerminal *t)
{
        LimnWrap *w = &t->w;
        size_t loud = 0;
        for (size_t i = 0; i < t->view->n_findings; i++)
                loud += limn_text_loud(&t->view->findings[i]);
        limn_terminal_heading(t, "FOUND");
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
                limn_terminal_phrase(t, loud ? LIMN_STYLE_RED : LIMN_STYLE_GREEN);
        limn_wrap_end(w);
        for (size_t i = 0; i < t->view->n_findings; i++)
                limn_terminal_finding(t, &t->view->findings[i]);
}

static void unexplained(LimnTerminal *t)
{
        LimnWrap *w = &t->w;
        if (t->view->n_unexplained == 0)
                return;
        limn_terminal_heading(t, "ERRORS THAT NO RULE EXPLAINS");
        for (size_t i = 0; i < t->view->n_unexplained && i < UNEXPLAINED_SHOWN; i++) {
                const LimnViewUnexplained *u = &t->view->unexplained[i];
                limn_wrap_begin(w, 2, MARGIN + 4);
                limn_buf_printf(&t->scratch, "%" PRId64 "x", u->count);
                limn_terminal_phrase(t, LIMN_STYLE_YELLOW);
                limn_terminal_sentence(t, u->template);
                limn_text_burst(u, &t->scratch);
                if (t->scratch.n)
                        limn_terminal_phrase(t, LIMN_STYLE_YELLOW);
                limn_terminal_where(t, u->source, u->line);
                limn_wrap_end(w);
        }
        if (t->view->n_unexplained > UNEXPLAINED_SHOWN)
                limn_terminal_and_more(t, 2, t->view->n_unexplained - UNEXPLAINED_SHOWN,
                                       "messages", "limn sql 'SELECT * FROM unexplained'");
}

static void assumptions(LimnTerminal *t)
{
        if (t->view->n_assumptions == 0)
                return;
        limn_terminal_heading(t, "ASSUMED");
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

static void ask_next(LimnTerminal *t)
{
        LimnWrap *w = &t->w;
        if (t->view->n_missing == 0)
                return;
        limn_terminal_heading(t, "ASK FOR NEXT");
        for (size_t i = 0; i < t->view->n_missing && i < MISSING_SHOWN; i++) {
                const LimnViewAdvice *m = &t->view->missing[i];
                limn_wrap_begin(w, 2, MARGIN + 1);
                limn_buf_printf(&t->scratch, "%zu.", i + 1);
                limn_terminal_phrase(t, LIMN_STYLE_BOLD);
                limn_wrap(w, LIMN_STYLE_PLAIN, m->text);
                if (m->owner.n) {
                        limn_buf_printf(&t->scratch, "(%.*s)", LIMN_FMT(m->owner));
                        limn_terminal_phrase(t, LIMN_STYLE_DIM);
                }
                limn_wrap_end(w);
                if (m->fetch.n) {
                        limn_wrap_begin(w, MARGIN + 1, MARGIN + 3);
                        limn_wrap_verbatim(w, LIMN_STYLE_CYAN, m->fetch);
                        limn_wrap_end(w);
                }
        }
        if (t->view->n_missing > MISSING_SHOWN)
                limn_terminal_and_more(t, 2, t->view->n_missing - MISSING_SHOWN, "wishes",
                                       "limn findings --json");
}

static int write_terminal(const LimnReportInput *input, LimnOut *out, LimnDiag *diag)
{
        LimnView *view = NULL;
        int r = limn_view_load(&view, input, diag);
        if (r < 0)
                return r;
        unsigned width = input->width ? input->width : 96;
        LimnTerminal t = {.w = {.out = &out->buf,
                            .width = width < 40 ? 40 : width > 100 ? 100 : width,
                            .color = input->color},
                      .out = out,
                      .scratch = LIMN_BUF(LIMN_OUTPUT_MAX),
                      .view = view};
        limn_terminal_sources(&t, input);
        limn_terminal_story(&t);
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
