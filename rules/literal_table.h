/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Literal table: finds literals in few bytes, by a hash of four of theirs.
 *
 * A search of libhs for all rules takes as long to make as reading ten megabytes; most incidents
 * are smaller. The table is made in no time, and finds the same, at about twenty instructions a
 * byte where libhs takes ten. Immutable, so that threads may share it.
 */
#include "rules/matcher.h"

typedef struct LimnLiteralTable LimnLiteralTable;

/* Of texts of at least LIMN_LITERAL_MIN bytes, in lower case, which must live as long. */
int limn_literal_table_new(LimnLiteralTable **ret, const LimnSlice *literals, size_t n);
LimnLiteralTable *limn_literal_table_free(LimnLiteralTable *table);

/* Adds a mark for each place where a literal stands, in any case (ASCII); in no order. 0 or
 * -ENOMEM. `bytes` has at most UINT32_MAX. */
int limn_literal_table_scan(const LimnLiteralTable *table, LimnSlice bytes, LimnMarks *marks);
