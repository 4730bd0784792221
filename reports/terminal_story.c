/* SPDX-License-Identifier: Apache-2.0 */
/* What happened, in sentences: the part that is read first. */
#include <inttypes.h>

#include "reports/terminal_private.h"

void limn_terminal_story(LimnTerminal *t)
{
        LimnSlice part = LIMN_NONE;

        if (t->view->n_story == 0)
                return;
        limn_terminal_heading(t, "WHAT HAPPENED");
        for (size_t i = 0; i < t->view->n_story; i++) {
                const LimnViewStory *s = &t->view->story[i];

                if (!limn_slice_eq(s->part, part)) {
                        limn_wrap_begin(&t->w, 2, 2);
                        limn_wrap_str(&t->w, LIMN_STYLE_BOLD, limn_text_part(s->part));
                        limn_wrap_end(&t->w);
                        part = s->part;
                }
                limn_wrap_begin(&t->w, LIMN_TERMINAL_MARGIN, LIMN_TERMINAL_MARGIN + 2);
                if (s->start != LIMN_TIME_NONE) {
                        limn_text_when(s, &t->scratch);
                        limn_terminal_phrase(t, LIMN_STYLE_DIM);
                }
                limn_terminal_sentence(t, s->sentence);
                if (s->count > 1) {
                        limn_buf_printf(&t->scratch, "%" PRId64 " times", s->count);
                        limn_terminal_phrase(t, LIMN_STYLE_YELLOW);
                }
                if (s->finding.n)
                        limn_wrap(&t->w, LIMN_STYLE_BOLD, s->finding);
                limn_terminal_where(t, s->source, s->line);
                limn_wrap_end(&t->w);
        }
}
