/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What support asks for (the guide's seven items): each filled from the case, or missing with the
 * query or command that fetches it.
 */
#include "reports/view.h"

/* As Markdown; `full`: with the values, else one line an item. */
int limn_checklist(LimnView *view, const LimnReportInput *input, bool full, LimnOut *out,
                   LimnDiag *diag);
