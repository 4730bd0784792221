/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * CSV: rows and cells of tables as text, RFC 4180 and its relatives: any separator, CRLF or LF,
 * quotes inside a quoted cell doubled or, as Spark writes them, behind a backslash.
 *
 * Which of the two a cell uses is told by its first inner quote: behind a backslash and followed
 * by neither a separator nor an end it is Spark's.
 */
#include "core/arena.h"
#include "core/slice.h"

/* The end of a row, with its line feed, from where it begins. SIZE_MAX: it does not end within
 * `bytes` (with `last` the bytes' end ends it). A quoted cell is ended before a line that begins
 * with a UUID and a separator: the row above it was torn. */
size_t limn_csv_row(LimnSlice bytes, char separator, bool last);

/*
 * Takes the first cell off *row (a row without its line feed). *ret: its text, in the row or, if
 * anything was escaped, in the arena; p NULL when it is empty, or `null`, without quotes.
 * *ret_more: another one follows. 0 or -ENOMEM.
 */
int limn_csv_cell(LimnSlice *row, char separator, LimnArena *arena, LimnSlice *ret,
                  bool *ret_more);
