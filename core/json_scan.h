/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * JSON scan: one pass over JSON text to a flat list of fields, without building a tree.
 *
 * For records (pipeline events, JSON log lines): 3 orders of magnitude more of them than
 * documents. Strict RFC 8259; invalid UTF-8 inside strings is passed through as it is.
 */
#include "core/arena.h"
#include "core/format.h"

typedef struct LimnJsonError {
        size_t at;        /* byte offset of the fault */
        const char *what; /* "unterminated string", static */
} LimnJsonError;

/*
 * Flattens the first value of `text` into `fields`: names are dotted paths, array elements carry
 * their index (`error.exceptions.0.message`), empty objects and arrays are `{}` and `[]`. Values
 * are text: strings decoded (into `text` where nothing was escaped, else into the arena), numbers
 * as written, true, false; null has p NULL. Duplicate keys all appear, in order.
 * `prefix` (may be empty) is the path that the value itself has: `details` gives `details.x`.
 * Positive 1: not JSON, *ret_error says where and why, fields found before it stay. -ENOMEM.
 * *ret_used: bytes of the value, blanks before it included; unset when it is not JSON.
 */
int limn_json_flatten(LimnSlice text, LimnSlice prefix, LimnArena *arena, LimnFields *fields,
                      size_t *ret_used, LimnJsonError *ret_error);

/*
 * Framing: the length of the JSON value at the start of `text` (objects and arrays by their
 * brackets, strings respected, content not checked; blanks before it are counted), 0 when it does
 * not end within `text`.
 */
size_t limn_json_skip(LimnSlice text);

/* Framing: behind the closing quote of the string whose quote stands at `at`; SIZE_MAX: no end. */
size_t limn_json_string_end(LimnSlice text, size_t at);

/* Appends a JSON string literal, quotes included; control characters, those that reorder or hide
 * text, and what HTML or a script element could misread (<, >, &, U+2028, U+2029) escaped; each
 * byte of invalid UTF-8 as U+FFFD. */
int limn_json_quote(LimnBuf *out, LimnSlice s);
