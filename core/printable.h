/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Printable: text that may go to a terminal whatever it holds.
 *
 * Control characters (terminal escapes among them), characters that reorder or hide text, and
 * invalid UTF-8 come out as visible \xHH and \u{HHHH}; everything else as it is.
 */
#include <stdint.h>

#include "core/buf.h"

/* One line of output: line feeds and tabs are escaped too. */
int limn_printable(LimnSlice s, LimnBuf *out);

/* Whether a terminal obeys the character, or it reorders or hides text. */
bool limn_is_deceptive(uint32_t c);

/*
 * The UTF-8 character at the start of `s` (s.n > 0): its length, 1 to 4, or 0 when it is invalid
 * (overlong forms, surrogates and beyond U+10FFFF included). *ret is written only when valid.
 */
unsigned limn_utf8_decode(LimnSlice s, uint32_t *ret);
/* Writes a code point below 0x110000; returns the length, 1 to 4. */
unsigned limn_utf8_encode(uint32_t c, char out[4]);
