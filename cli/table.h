/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Table: rows of a query for people (aligned columns), for other programs (tab-separated, with a
 * header line), or as one JSON object a line. Cells never break a line or a terminal: what could
 * comes out as \xHH.
 */
#include <stdio.h>

#include "core/query.h"

typedef enum LimnTableStyle {
        LIMN_TABLE_ALIGNED, /* widths after the first rows; NULL is printed as - */
        LIMN_TABLE_TSV,     /* NULL is an empty cell */
        LIMN_TABLE_JSON,
} LimnTableStyle;

typedef struct LimnTable LimnTable;

LimnTable *limn_table_new(FILE *out, LimnTableStyle style); /* NULL: no memory */
LimnTable *limn_table_free(LimnTable *table);

/* `arg` is the table, so that both can be handed to limn_case_select(). */
int limn_table_head(void *arg, const LimnSlice *names, size_t n);
int limn_table_row(void *arg, const LimnValue *values, size_t n);
/* Prints what is still held back. -EIO: `out` failed. */
int limn_table_end(LimnTable *table);
