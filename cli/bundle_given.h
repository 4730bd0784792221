/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The bundle as the options ask for it: what `limn bundle` and `--bundle` share. */
#include "cli/cli.h"
#include "db/case.h"
#include "reports/report.h"

/* An exit status, with messages: LIMN_EXIT_UNVERIFIED when the proof after packing failed. */
int limn_bundle_given(LimnCli *cli, LimnCase *c, const LimnReportInput *input, const char *path);

#define LIMN_BUNDLE_OPTION_LIST                                                                   \
        LIMN_OPT_EVIDENCE, LIMN_OPT_MAP, LIMN_OPT_MASK, LIMN_OPT_REDACT, LIMN_OPT_SIGN
