/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Filling paragraphs for help; our own ASCII text only. */
#include <stdio.h>


/* Words of `text` from `column` on: first to column `indent`, wrapped there at `width`; ends with
 * a line feed. */
void limn_help_wrap(FILE *out, const char *text, size_t column, size_t indent, size_t width);
/* Paragraphs parted by empty lines; lines that begin with a blank stay as they are. */
void limn_paragraphs(FILE *out, const char *text, size_t width);
