/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The bundle's folder sources/: every source whole, masked (limn bundle --evidence all), so that
 * whoever gets it can analyse it anew. */
#include "reports/discover_case.h"
#include "reports/spool.h"

int limn_sources(const LimnReportInput *input, const LimnSourceBytes *bytes, LimnSpool *spool,
                 LimnDiag *diag);
