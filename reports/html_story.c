/* SPDX-License-Identifier: Apache-2.0 */
/* What happened, in sentences: a list under the parts' headings. */
#include <inttypes.h>

#include "reports/html.h"

/* Where a finding quotes the record, the way leads there; else it stands here. */
static void shown_by(LimnHtml *h, const LimnViewStory *s, size_t n)
{
        const LimnViewFinding *f = NULL;
        const LimnViewEvidence *e =
                limn_view_quoted(h->view, s->source, s->offset, s->finding, &f);

        if (!e) {
                limn_html_shown_by(h, "w", n, s->source, s->line, s->text, s->masked);
                return;
        }
        limn_html(h, " <a class=\"where\" href=\"#e-");
        limn_html_id(h, f->id);
        limn_buf_printf(h->b, "-%u\">", e->n);
        limn_text_where_short(h->view, s->source, s->line, &h->scratch);
        limn_html_phrase(h);
        limn_html(h, "</a>");
}

static void line(LimnHtml *h, const LimnViewStory *s, size_t n)
{
        limn_html(h, "<li><div class=\"t\">");
        if (s->start != LIMN_TIME_NONE)
                limn_text_when(s, &h->scratch);
        limn_html_phrase(h);
        limn_html(h, "</div><div>");
        limn_html_text(h, s->sentence);
        if (s->count > 1)
                limn_buf_printf(h->b, " (%" PRId64 " times)", s->count);
        if (s->finding.n) {
                limn_html(h, " <a href=\"#f-");
                limn_html_id(h, s->finding);
                limn_html(h, "\">");
                limn_html_text(h, s->finding);
                limn_html(h, "</a>");
        }
        shown_by(h, s, n);
        limn_html(h, "</div></li>\n");
}

void limn_html_story(LimnHtml *h)
{
        LimnSlice part = LIMN_NONE;

        if (h->view->n_story == 0)
                return;
        limn_html(h, "<section id=\"story\">\n<h2>What happened</h2>\n");
        for (size_t i = 0; i < h->view->n_story; i++) {
                const LimnViewStory *s = &h->view->story[i];

                if (!limn_slice_eq(s->part, part)) {
                        limn_html(h, part.p ? "</ul>\n<h3>" : "<h3>");
                        limn_html(h, limn_text_part(s->part));
                        limn_html(h, "</h3>\n<ul>\n");
                        part = s->part;
                }
                line(h, s, i + 1);
        }
        limn_html(h, "</ul>\n</section>\n");
}
