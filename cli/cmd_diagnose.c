/* SPDX-License-Identifier: Apache-2.0 */
/* limn diagnose: draw the conclusions of a case anew, with the rules of today. */
#include <errno.h>

#include "cli/conclude.h"
#include "cli/ingest_options.h"
#include "cli/open_case.h"
#include "cli/report_file.h"
#include "cli/roles.h"
#include "parsers/registry.h"

static int diagnose(LimnCli *cli, const LimnRules *rules)
{
        LimnCase *c = NULL;
        int r = limn_case_open(&c, limn_case_given(cli), LIMN_CASE_WRITE, cli->diag);
        if (r >= 0)
                r = limn_case_enable_events(c, limn_format_find, cli->diag);
        if (r >= 0)
                r = limn_conclude_given(cli, c, rules);
        int status = r < 0 ? limn_case_exit(r) : limn_reports_given(cli, c, rules);
        limn_case_close(c);
        return status;
}

static int run_diagnose(LimnCli *cli)
{
        LimnRules *rules = NULL;
        int r = limn_rules_given(&rules, cli);
        if (r == 0)
                r = diagnose(cli, rules);
        limn_rules_free(rules);
        return r < 0 ? LIMN_EXIT_UNFINISHED : r;
}

static const LimnOption options[] = {
        LIMN_OPT_CASE, LIMN_REPORT_OPTION_LIST, LIMN_OPT_ROLE, LIMN_OPT_RULES, _LIMN_OPT_MAX,
};

const LimnCommand limn_cmd_diagnose = {
        .name = "diagnose",
        .usage = "",
        .help = "draw the conclusions of a case again",
        .details =
                "Drops what was concluded from a case and concludes it anew from what was read: "
                "after --role, after other diagnosis documents, with another version of limn. What "
                "was read stays as it is; the detection rules have met it when it was read.",
        .options = options,
        .min_args = 0,
        .max_args = 0,
        .run = run_diagnose,
};
