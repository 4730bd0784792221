/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Conclude as the command line says: --role and --what-if. */
#include "cli/cli.h"
#include "cli/conclude.h"

/* limn_conclude() with every --role SOURCE=ROLE. 0; an exit status or a negative error, with a
 * message. */
int limn_conclude_given(LimnCli *cli, LimnCase *c, const LimnRules *rules);

/* Prints what every --what-if SOURCE=+TIME would change; the case stays as it was. As above. */
int limn_what_if_given(LimnCli *cli, LimnCase *c, const LimnRules *rules);
