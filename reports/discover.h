/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Discover: finds the values that a mask must know: in raw text by the patterns of
 * reports/entities.list, in what rules extracted by the names of the fields. */
#include "reports/mask.h"

typedef struct LimnDiscover LimnDiscover;

int limn_discover_new(LimnDiscover **ret, LimnDiag *diag);
LimnDiscover *limn_discover_free(LimnDiscover *discover);

/* Each row runs on all of each text. That finds nothing that is missed without: a test holds it. */
void limn_discover_everywhere(LimnDiscover *discover);
/* Adds what is found; one text is best some lines. */
int limn_discover_text(const LimnDiscover *discover, LimnMask *mask, LimnSlice text);
/* The value of a field or key of this name (host, table, cnf.report_host); others are ignored. */
int limn_discover_field(LimnMask *mask, LimnSlice name, LimnSlice value);
/* What stands behind a database that the sealed mask knows, and a dot, is a table. */
int limn_discover_qualified(LimnMask *mask, LimnSlice text);

/* The table, for its test. */
typedef struct LimnEntity {
        const char *name, *needs, *gate, *re, *example, *found;
} LimnEntity;
extern const LimnEntity limn_entities[]; /* ends with a NULL name */
