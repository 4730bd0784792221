/* SPDX-License-Identifier: Apache-2.0 */
/* limn diagnose: draw the conclusions of a case anew, with the rules of today. */
#include <errno.h>

#include "cli/conclude_given.h"
#include "cli/ingest_options.h"
#include "cli/open_case.h"
#include "cli/report_file.h"
#include "parsers/registry.h"

static int diagnose(LimnCli *cli, const LimnRules *rules)
{
        LimnCase *c = NULL;
        int r = limn_case_open(&c, limn_case_given(cli), LIMN_CASE_WRITE | LIMN_CASE_RENEW,
                               cli->diag);
        if (r >= 0)
                r = limn_case_enable_events(c, limn_format_find, cli->diag);
        if (r >= 0 && limn_cli_get(cli, LIMN_OPT_WHAT_IF)) {
                r = limn_what_if_given(cli, c, rules);
        } else if (r >= 0) {
                r = limn_conclude_given(cli, c, rules);
                if (r == 0)
                        r = limn_reports_given(cli, c, rules);
        }
        limn_case_close(c);
        return r < 0 ? limn_case_exit(r) : r;
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
        LIMN_OPT_CASE, LIMN_REPORT_OPTION_LIST, LIMN_OPT_ROLE, LIMN_OPT_RULES, LIMN_OPT_WHAT_IF,
        _LIMN_OPT_MAX,
};

const LimnCommand limn_cmd_diagnose = {
        .name = "diagnose",
        .usage = "",
        .help = "draw the conclusions of a case again",
        .details =
                "Drops what was concluded from a case and concludes it anew from what was read: "
                "after --role, after other diagnosis documents, with another version of limn. What "
                "was read stays as it is; the detection rules have met it when it was read.\n\n"
                "With --what-if the case stays as it is, too: what a source tells is taken to have "
                "happened by so much later (+) or earlier (-), and what would then be concluded is "
                "compared with what is. A verdict that flips within what the clock may be off by is "
                "no verdict yet.",
        .options = options,
        .min_args = 0,
        .max_args = 0,
        .run = run_diagnose,
};
