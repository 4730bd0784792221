/* SPDX-License-Identifier: Apache-2.0 */
/* limn bundle: what support needs, in one file. */
#include "cli/open_case.h"
#include "cli/report_case.h"
#include "reports/bundle.h"

static int run(LimnCli *cli)
{
        LimnCase *c = NULL;
        int status = limn_open_case(&c, cli);
        if (status != LIMN_EXIT_OK)
                return status;
        LimnCaseReport report;
        int r = limn_case_report_init(&report, cli, c);
        if (r >= 0)
                r = limn_bundle_write(&report.input, cli->args[0], cli->diag);
        limn_case_report_done(&report);
        limn_case_close(c);
        return r < 0 ? LIMN_EXIT_UNFINISHED : LIMN_EXIT_OK;
}

static const LimnOption options[] = {LIMN_OPT_CASE, _LIMN_OPT_MAX};

const LimnCommand limn_cmd_bundle = {
        .name = "bundle",
        .usage = "FILE.tar.zst",
        .help = "write the escalation bundle",
        .details =
                "Packs a summary, the HTML report, the findings document, the timeline, the cited "
                "records, the settings, and a checklist of what support asks for. Passwords, "
                "tokens and keys are masked; hosts, addresses and names are not.\n\n"
                "The same case gives the same bytes. FILE appears when it is whole, or not at all. "
                "`limn verify` checks it.",
        .options = options,
        .min_args = 1,
        .max_args = 1,
        .args_are = LIMN_ARGS_WRITTEN,
        .run = run,
};
