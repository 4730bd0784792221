/* SPDX-License-Identifier: Apache-2.0 */
/* limn bundle: what support needs, in one file. */
#include "cli/bundle_given.h"
#include "cli/open_case.h"
#include "cli/report_case.h"

static int run(LimnCli *cli)
{
        LimnCase *c = NULL;
        int status = limn_open_concluded_case(&c, cli);
        if (status != LIMN_EXIT_OK)
                return status;
        LimnCaseReport report;
        status = limn_case_report_init(&report, cli, c) < 0
                         ? LIMN_EXIT_UNFINISHED
                         : limn_bundle_given(cli, c, &report.input, cli->args[0]);
        limn_case_report_done(&report);
        limn_case_close(c);
        return status;
}

static const LimnOption options[] = {LIMN_OPT_CASE, LIMN_BUNDLE_OPTION_LIST, _LIMN_OPT_MAX};

const LimnCommand limn_cmd_bundle = {
        .name = "bundle",
        .usage = "FILE.tar.zst",
        .help = "write the escalation bundle",
        .details =
                "Packs a summary, the HTML report, the findings document, the timeline, the cited "
                "records, the settings, and a checklist of what support asks for. Passwords, "
                "tokens and keys are masked; hosts, addresses and names with --redact: each becomes a "
                "token, the same everywhere. The map of the tokens is written beside the bundle, "
                "readable by you alone: keep it, `limn unmask` turns a reply back with it. The "
                "finished bundle is searched for everything that was masked; if anything is "
                "found, there is no bundle (exit status 5).\n\n"
                "--evidence all adds every source whole, masked, so that support can analyse them "
                "anew.\n\n"
                "The same case and map give the same bytes. FILE appears when it is whole, or not at all. "
                "`limn verify` checks it.",
        .options = options,
        .min_args = 1,
        .max_args = 1,
        .args_are = LIMN_ARGS_WRITTEN,
        .run = run,
};
