/* SPDX-License-Identifier: Apache-2.0 */
/* What was looked at: the sources, their times and clocks. */
#include <inttypes.h>

#include "reports/terminal_private.h"

#define MARGIN LIMN_TERMINAL_MARGIN
#define SOURCES_SHOWN 40

/* What is wrong with the source, and whose twin it is. */
static void doubts(LimnTerminal *t, const LimnViewSource *s)
{
        limn_text_odd(s, &t->scratch);
        if (t->scratch.n) {
                t->w.blank = false;
                limn_terminal_phrase(t, LIMN_STYLE_YELLOW);
        }
        if (s->superseded_by.p || s->twin_of.p) {
                LimnSlice other = s->superseded_by.p ? s->superseded_by : s->twin_of;
                limn_wrap_glue(&t->w, LIMN_STYLE_DIM,
                               s->superseded_by.p ? ", not counted: it grew into"
                                                  : ", not counted: the same records as");
                limn_wrap(&t->w, LIMN_STYLE_DIM, limn_view_short(t->view, other));
        }
}

static void timed(LimnTerminal *t, const LimnViewSource *s)
{
        LimnWrap *w = &t->w;
        limn_wrap_begin(w, 2, MARGIN);
        limn_wrap(w, LIMN_STYLE_CYAN, limn_view_short(t->view, s->path));
        limn_buf_printf(&t->scratch, "[%.*s]", LIMN_FMT(s->format));
        limn_terminal_phrase(t, LIMN_STYLE_DIM);
        /* An instance that nothing names is called by its source. */
        if (limn_slice_eq(s->instance, s->path))
                limn_text_instance(LIMN_S("alone"), s->kind, s->role, &t->scratch);
        else
                limn_text_instance(s->instance, s->kind, s->role, &t->scratch);
        limn_buf_printf(&t->scratch, ", %" PRId64 " record%s", s->records,
                        s->records == 1 ? "" : "s");
        limn_terminal_phrase(t, LIMN_STYLE_PLAIN);
        doubts(t, s);
        limn_wrap_end(w);
        if (s->superseded_by.p)
                return;
        limn_wrap_begin(w, MARGIN, MARGIN);
        limn_text_span(s->first, s->last, &t->scratch);
        limn_buf_add_str(&t->scratch, "; ");
        limn_text_clock(s, &t->scratch);
        limn_terminal_phrase(t, LIMN_STYLE_DIM);
        limn_wrap_end(w);
}

/* Snapshots and settings: one paragraph an instance. */
static void untimed(LimnTerminal *t, size_t from)
{
        const LimnView *view = t->view;
        const LimnViewSource *first = &view->sources[from];
        limn_wrap_begin(&t->w, 2, MARGIN);
        limn_wrap_str(&t->w, LIMN_STYLE_PLAIN, "without times, of");
        limn_text_instance(first->instance, first->kind, first->role, &t->scratch);
        limn_buf_add_char(&t->scratch, ':');
        limn_terminal_phrase(t, LIMN_STYLE_PLAIN);
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

static void in_all(LimnTerminal *t)
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
        limn_terminal_phrase(t, LIMN_STYLE_PLAIN);
        limn_wrap_end(&t->w);
}

void limn_terminal_sources(LimnTerminal *t, const LimnReportInput *input)
{
        LimnWrap *w = &t->w;
        const LimnView *view = t->view;
        limn_wrap_begin(w, 0, 2);
        limn_wrap_str(w, LIMN_STYLE_BOLD, "LOOKED AT");
        limn_buf_printf(&t->scratch, " %zu source%s", view->n_sources,
                        view->n_sources == 1 ? "" : "s");
        if (view->below.n)
                limn_buf_printf(&t->scratch, " in %.*s", LIMN_FMT(view->below));
        limn_buf_add_str(&t->scratch, ", ");
        limn_text_hits(view, &t->scratch);
        if (view->first != LIMN_TIME_NONE) {
                limn_buf_add_str(&t->scratch, ", ");
                limn_text_span(view->first, view->last, &t->scratch);
                limn_buf_add_str(&t->scratch, " UTC");
        }
        limn_buf_printf(&t->scratch, " (limn %s", input->version);
        if (input->rules_hash)
                limn_buf_printf(&t->scratch, ", rules %.12s", input->rules_hash);
        limn_buf_add_char(&t->scratch, ')');
        limn_terminal_phrase(t, LIMN_STYLE_PLAIN);
        limn_wrap_end(w);
        if (input->sandbox) {
                limn_wrap_begin(w, 2, MARGIN);
                limn_buf_printf(&t->scratch, "Read with the %s.", input->sandbox);
                limn_terminal_phrase(t, LIMN_STYLE_DIM);
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
                limn_terminal_and_more(t, 2, timed_sources - shown, "sources with times",
                                       "limn sources");
        shown = 0;
        for (size_t i = 0; i < view->n_sources && shown < SOURCES_SHOWN; i++)
                if (first_untimed(view, i)) {
                        untimed(t, i);
                        shown++;
                }
        if (view->n_sources)
                in_all(t);
}
