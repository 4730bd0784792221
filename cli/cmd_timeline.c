/* SPDX-License-Identifier: Apache-2.0 */
/* limn timeline: what happened, in order. */
#include "cli/open_case.h"
#include "cli/report_case.h"

static int run(LimnCli *cli)
{
        LimnCase *c = NULL;
        int status = limn_open_case(&c, cli);
        if (status != LIMN_EXIT_OK)
                return status;
        LimnCaseReport report;
        bool json = limn_cli_get(cli, LIMN_OPT_JSON) != NULL;
        if (limn_case_report_init(&report, cli, c) < 0)
                status = LIMN_EXIT_UNFINISHED;
        else
                status = limn_case_report_print(&report, cli,
                                                json ? LIMN_S("timesketch") : LIMN_S("timeline"));
        limn_case_report_done(&report);
        limn_case_close(c);
        return status;
}

static const LimnOption options[] = {LIMN_OPT_CASE, LIMN_OPT_JSON, _LIMN_OPT_MAX};

const LimnCommand limn_cmd_timeline = {
        .name = "timeline",
        .usage = "",
        .help = "print what happened, in order",
        .details =
                "Hits of rules, changes of state, and the begin and end of incidents from all "
                "sources, in the order of their times (UTC, corrected by the measured clock "
                "offsets). Hits of one rule in one source that follow each other are folded "
                "(x97).\n\n"
                "With --json one JSON object a line, nothing folded, as Timesketch imports it.",
        .options = options,
        .min_args = 0,
        .max_args = 0,
        .run = run,
};
