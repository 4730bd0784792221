/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The bundle's topology.svg and attempted.md: who talks to whom, as far as the sources say; and
 * what was tried, from logs and from `limn note --attempted`. */
#include "reports/view.h"

int limn_topology(LimnView *view, const LimnReportInput *input, LimnOut *out, LimnDiag *diag);
int limn_attempted(const LimnView *view, LimnOut *out);
