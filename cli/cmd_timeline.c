/* SPDX-License-Identifier: Apache-2.0 */
/* limn timeline: what happened, in order. */
#include "cli/open_case.h"
#include "cli/report_case.h"
#include "cli/report_file.h"

static int run(LimnCli *cli)
{
        LimnCase *c = NULL;
        const LimnReporter *form = NULL;
        int status = limn_form_given(cli, "csv jsonl",
                                     limn_cli_get(cli, LIMN_OPT_JSON) ? &limn_reporter_timesketch
                                                                      : &limn_reporter_timeline,
                                     &form);
        if (status == LIMN_EXIT_OK)
                status = limn_open_case(&c, cli);
        if (status != LIMN_EXIT_OK)
                return status;
        LimnCaseReport report;
        if (limn_case_report_init(&report, cli, c) < 0)
                status = LIMN_EXIT_UNFINISHED;
        else
                status = limn_case_report_print(&report, cli, form);
        limn_case_report_done(&report);
        limn_case_close(c);
        return status;
}

static const LimnOption options[] = {LIMN_OPT_CASE, LIMN_OPT_FORM, LIMN_OPT_JSON, _LIMN_OPT_MAX};

const LimnCommand limn_cmd_timeline = {
        .name = "timeline",
        .usage = "",
        .help = "print what happened, in order",
        .details =
                "Hits of rules, changes of state, and the begin and end of incidents from all "
                "sources, in the order of their times (UTC, corrected by the measured clock "
                "offsets). A column for each source, where its letter stands when it speaks; hits of "
                "one rule that a source goes on with are folded into the first (x97).\n\n"
                "--format csv prints a row each for spreadsheets, with nothing in it that they take "
                "for a formula; --format jsonl, or --json, one JSON object a line, as Timesketch "
                "imports it. In both nothing is folded, and secrets are masked.",
        .options = options,
        .min_args = 0,
        .max_args = 0,
        .run = run,
};
