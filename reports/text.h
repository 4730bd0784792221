/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Text: phrases that several reports print alike. What is untrusted in them is not escaped. */
#include "reports/view.h"

/* `2026-11-22 07:24:02.399` (UTC); "unknown" for LIMN_TIME_NONE. */
void limn_text_time(LimnTime t, LimnBuf *out);
/* `2026-11-22 07:24:02.399 to 07:25:31.000`, the date once when it is the same. */
void limn_text_span(LimnTime start, LimnTime end, LimnBuf *out);
/* `+137.000 s`, `-5 h`, `0 s`: with its sign. */
void limn_text_offset(LimnDuration d, LimnBuf *out);
/* `stamps in -05:00 (snapshot), clock 137.000 s ahead (+- 4 ms, 12 anchors)`. */
/* How many rule hits count, and how many more do not, being in a copy of the same records. */
void limn_text_hits(const LimnView *view, LimnBuf *out);
void limn_text_clock(const LimnViewSource *s, LimnBuf *out);
/* `, 200 bytes not understood`, `, the stream broke off`: nothing when all is well. */
void limn_text_odd(const LimnViewSource *s, LimnBuf *out);
/* `path:line`; nothing when there is nothing to point at. */
void limn_text_where(const LimnView *view, int64_t source, int64_t line, LimnBuf *out);
/* The same without the folder that all sources share. */
void limn_text_where_short(const LimnView *view, int64_t source, int64_t line, LimnBuf *out);
/* A word for people: "ruled out", "data loss". Verdicts and risks are stored with underscores. */
void limn_text_word(LimnSlice word, LimnBuf *out);
/* `up to 40 a minute, from 2026-11-22 04:12:00`: nothing when they did not come in a burst. */
void limn_text_burst(const LimnViewUnexplained *u, LimnBuf *out);
/* When a sentence of the story was true: a span, or since when. */
void limn_text_when(const LimnViewStory *s, LimnBuf *out);
/* What a part of the story is headed: "It began", "At the end". */
const char *limn_text_part(LimnSlice part);
/* `db-prod-1 (mysqld, source)`; "no instance" when there is none. */
void limn_text_instance(LimnSlice name, LimnSlice kind, LimnSlice role, LimnBuf *out);
/* Verdict and probability of a cause: `likely, 0.87`. */
void limn_text_verdict(const LimnViewCause *cause, LimnBuf *out);
/* Is the remedy's risk one to warn of? */
bool limn_text_risky(LimnSlice risk);
/* The finding says something; informational and low ones do not call for action. */
bool limn_text_loud(const LimnViewFinding *finding);
