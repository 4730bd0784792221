/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The bundle's folders: evidence/ (the cited records, a file a source) and config/ (the facts, a
 * file an instance). Text is escaped for a terminal, secrets masked. */
#include "reports/spool.h"
#include "reports/view.h"

int limn_excerpts(LimnView *view, const LimnReportInput *input, LimnSpool *spool, LimnDiag *diag);
