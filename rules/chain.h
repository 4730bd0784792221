/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Chain: which findings led to which. Private to diagnosis. */
#include "rules/diagnose.h"

/*
 * Sets caused_by, leads_to and severity: a likely cause that `explains` another finding takes the
 * incidents that lie within its own; when all of them are taken, that finding stays, at severity
 * low. A finding that `follows` another, and began after it, names it. 0 or -ENOMEM.
 */
int limn_chain(LimnArena *arena, LimnFinding *findings, size_t n);
