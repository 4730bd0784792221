/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Conclude with the roles that the command line gives. */
#include "cli/cli.h"
#include "cli/conclude.h"

/* limn_conclude() with every --role PATH=ROLE. 0 or negative with a message. */
int limn_conclude_given(LimnCli *cli, LimnCase *c, const LimnRules *rules);
