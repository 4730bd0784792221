/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* limn explain --json: limn.explain/1, one object. */
#include "cli/explain.h"
#include "rules/diagnosis.h"

/* Into x->out. 0 or negative with a message. */
int limn_explain_json(LimnExplain *x, const LimnDiagnosis *diagnosis);
