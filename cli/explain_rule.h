/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* limn explain --rule: what a detection or correlation met, and what it came nearest to. */
#include "cli/cli.h"
#include "rules/rules.h"

/* An exit status, or negative. */
int limn_explain_rule(LimnCli *cli, const LimnRules *rules);
