/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the files of the HTML report share: private to reports/html*.c. */
#include "reports/escape.h"
#include "reports/text.h"

typedef struct LimnHtml {
        LimnBuf *b;
        LimnOut *out;
        const LimnView *view;
        const LimnReportInput *input;
        LimnBuf scratch;
} LimnHtml;

static inline void limn_html(LimnHtml *h, const char *trusted)
{
        limn_buf_add_str(h->b, trusted);
}

static inline void limn_html_text(LimnHtml *h, LimnSlice untrusted)
{
        limn_escape_html(untrusted, h->b);
}

/* What reports/text.h wrote into `scratch`, escaped. */
void limn_html_phrase(LimnHtml *h);
/* Of a name that comes from rules: only what an id and a fragment may hold. */
void limn_html_id(LimnHtml *h, LimnSlice name);
/* A link to the source's row, `path:line`; nothing when there is nothing to point at. */
void limn_html_where(LimnHtml *h, int64_t source, int64_t line);
/* A record as it stands, cut when it is long. */
void limn_html_record(LimnHtml *h, LimnSlice text);
/* The record that shows what was just said, folded under its `path:line`; `id` with a number. */
void limn_html_shown_by(LimnHtml *h, const char *id, size_t n, int64_t source, int64_t line,
                        LimnSlice text, bool masked);

void limn_html_story(LimnHtml *h);
void limn_html_finding(LimnHtml *h, const LimnViewFinding *f);
int limn_html_timeline(LimnHtml *h, LimnDiag *diag);
