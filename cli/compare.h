/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Compare: what two cases conclude, or one before and after, side by side. */
#include "db/case.h"

/* The findings of a case, kept: the case may be changed or closed afterwards. */
typedef struct LimnConcluded LimnConcluded;

/*
 * `name` is what the comparison calls it; borrowed. `rules`: the hash of those it was concluded
 * with; NULL: what the case says. 0; 1: nothing was concluded from the case yet; negative with a
 * message.
 */
int limn_concluded_new(LimnConcluded **ret, LimnCase *c, const char *name, const char *rules,
                       LimnDiag *diag);
LimnConcluded *limn_concluded_free(LimnConcluded *side);

/* Prints on standard output what is new, worse, there for another cause, as before, better and
 * gone; `json`: as one object, limn.diff/1. 0 or negative. */
int limn_compare(const LimnConcluded *before, const LimnConcluded *after, bool json);
