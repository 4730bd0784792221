/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The parts of the terminal summary, one file each, and what they write with. */
#include "reports/text.h"
#include "reports/wrap.h"

#define LIMN_TERMINAL_MARGIN 4

typedef struct LimnTerminal {
        LimnWrap w;
        LimnOut *out;
        LimnBuf scratch;
        const LimnView *view;
} LimnTerminal;

/* The phrase made in `scratch` (reports/text.h), as one run of words; empties it. */
void limn_terminal_phrase(LimnTerminal *t, LimnStyle style);
void limn_terminal_gap(LimnTerminal *t); /* an empty line */
void limn_terminal_heading(LimnTerminal *t, const char *text);
/* "and 3 more sources: limn sources" */
void limn_terminal_and_more(LimnTerminal *t, unsigned indent, size_t n, const char *what,
                            const char *where);
/* "(gateway.log:12)"; nothing for a source below 0. */
void limn_terminal_where(LimnTerminal *t, int64_t source, int64_t line);
/* A text of the input's, cut where it is too long. */
void limn_terminal_sentence(LimnTerminal *t, LimnSlice text);

void limn_terminal_sources(LimnTerminal *t, const LimnReportInput *input);
void limn_terminal_story(LimnTerminal *t);
void limn_terminal_finding(LimnTerminal *t, const LimnViewFinding *f);
