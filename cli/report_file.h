/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Reports to standard output and to files: what analyze and diagnose do with a concluded case. */
#include "cli/bundle_given.h"
#include "cli/cli.h"
#include "db/case.h"
#include "rules/rules.h"

/*
 * What the options ask for, from a case that was concluded: `--json` or the terminal summary on
 * standard output, `--report`, `--bundle`. An exit status (0, LIMN_EXIT_FINDINGS by --fail-on,
 * LIMN_EXIT_UNFINISHED), with messages. `rules`: those it was concluded with just now, which the
 * case then remembers; NULL: it was concluded before.
 */
/* The reporter that --format names, of those in `forms`; `plain` where it is not given, or text.
 * LIMN_EXIT_OK, or LIMN_EXIT_USAGE with a message. */
int limn_form_given(LimnCli *cli, const char *forms, const LimnReporter *plain,
                    const LimnReporter **ret);
/* Is it made to be sent around (a ticket, a spreadsheet)? Then secrets are masked in it. */
bool limn_form_masked(const LimnReporter *reporter);
int limn_reports_given(LimnCli *cli, LimnCase *c, const LimnRules *rules);

#define LIMN_REPORT_OPTION_LIST \
        LIMN_OPT_BUNDLE, LIMN_BUNDLE_OPTION_LIST, LIMN_OPT_FAIL_ON, LIMN_OPT_JSON, LIMN_OPT_REPORT
