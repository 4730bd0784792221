/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Escape: untrusted text into an output, one function an output language.
 *
 * All of them read UTF-8 and make visible, as core/printable.h does, what would act instead of
 * being read: control characters and bad bytes (\x1b), bidirectional overrides, zero-width and
 * other invisible characters (\u{202e}). What comes out has no control character in it; only
 * limn_escape_html() keeps line feeds and tabs, which are text there.
 */
#include <stdint.h>

#include "core/buf.h"

/* Takes one character off *rest, which is not empty: its code point, U+FFFD for a bad byte. */
uint32_t limn_utf8_next(LimnSlice *rest);
/* The slice's first `max` bytes, fewer so as not to cut a character in two. */
LimnSlice limn_utf8_cut(LimnSlice s, size_t max);
/* Columns on a terminal: 0 for combining marks, 2 for wide characters. */
unsigned limn_utf8_width(uint32_t c);
void limn_escape_terminal(LimnSlice s, LimnBuf *out);
/* For text and for attribute values in double or single quotes. */
void limn_escape_html(LimnSlice s, LimnBuf *out);
/* A whole field with its quotes (RFC 4180), on one line. What a spreadsheet would take for a
 * formula begins with an apostrophe. */
void limn_escape_csv(LimnSlice s, LimnBuf *out);
/* Inline text of CommonMark and GitHub's dialect: no emphasis, link, HTML or table cell begins. */
void limn_escape_markdown(LimnSlice s, LimnBuf *out);
/* A code span that holds the text whatever backticks it has. */
void limn_escape_markdown_code(LimnSlice s, LimnBuf *out);
