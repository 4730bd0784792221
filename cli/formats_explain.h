/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* limn formats --explain: why a file is taken for what it is, and what its beginning gives. */
#include "core/diag.h"
#include "ingest/walk.h"

/* All streams of an entry: a file, or the members of an archive. 0, -ENOMEM, or a negative error
 * that is in `diag`: it could not be read. */
int limn_formats_explain(const LimnEntry *entry, LimnDiag *diag);
