/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Wrap: paragraphs for a terminal. Text is escaped as it is added, broken at blanks, and hard
 * where a word is longer than a line. Colours are bytes of our own and take no room.
 */
#include "core/buf.h"

typedef enum LimnStyle {
        LIMN_STYLE_PLAIN,
        LIMN_STYLE_BOLD,
        LIMN_STYLE_DIM,
        LIMN_STYLE_RED,
        LIMN_STYLE_YELLOW,
        LIMN_STYLE_GREEN,
        LIMN_STYLE_CYAN,
} LimnStyle;

typedef struct LimnWrap {
        LimnBuf *out;
        unsigned width, indent; /* indent: of the lines after the first */
        unsigned column, start; /* start: where this line's text begins */
        bool color, blank; /* blank: one is due before the next word */
} LimnWrap;

/* Begins a line `first` columns in; those after it are `rest` columns in. */
void limn_wrap_begin(LimnWrap *w, unsigned first, unsigned rest);
void limn_wrap(LimnWrap *w, LimnStyle style, LimnSlice text); /* untrusted */
void limn_wrap_str(LimnWrap *w, LimnStyle style, const char *text);
/* On one line however long, blanks and all: what people copy. */
void limn_wrap_verbatim(LimnWrap *w, LimnStyle style, LimnSlice text); /* untrusted */
/* Without a blank before it: punctuation. */
void limn_wrap_glue(LimnWrap *w, LimnStyle style, const char *text);
/* Up to this column, or a blank when it has been passed. */
void limn_wrap_to(LimnWrap *w, unsigned column);
void limn_wrap_end(LimnWrap *w);
