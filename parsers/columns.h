/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Columns: the names at the head of a table, kept as plain state for the rows below it.
 */
#include <stdint.h>

#include "core/slice.h"

/* A header of the event log has below 200 bytes, the widest real export below 2000. */
#define LIMN_COLUMNS_TEXT 3584

/* Zero: no names yet. May hold anything (a case from strangers): read by the functions alone. */
typedef struct LimnColumns {
        uint16_t n;    /* names */
        uint16_t size; /* bytes of text */
        char text[LIMN_COLUMNS_TEXT]; /* each name, then NUL */
} LimnColumns;

/* Adds a name, in lower case, without blanks and quotes around it. What finds no room is left out:
 * such columns have no name. */
void limn_columns_add(LimnColumns *columns, LimnSlice name);

/* The next name behind *at (0 at first); false when there is none. */
bool limn_columns_next(const LimnColumns *columns, size_t *at, LimnSlice *ret);
