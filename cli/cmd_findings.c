/* SPDX-License-Identifier: Apache-2.0 */
/* limn findings: what was concluded, again. */
#include "cli/open_case.h"
#include "cli/report_file.h"
#include "reports/report.h"

static int print_schema(LimnCli *cli)
{
        LimnSlice schema = limn_findings_schema();
        if (fwrite(schema.p, 1, schema.n, stdout) == schema.n && fflush(stdout) == 0)
                return LIMN_EXIT_OK;
        if (limn_stdout_gone())
                return LIMN_EXIT_OK;
        limn_diag_add(cli->diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                                .what = "cannot write to standard output"});
        return LIMN_EXIT_UNFINISHED;
}

static int run(LimnCli *cli)
{
        LimnCase *c = NULL;
        if (limn_cli_get(cli, LIMN_OPT_SCHEMA))
                return print_schema(cli);
        int status = limn_open_concluded_case(&c, cli);
        if (status == LIMN_EXIT_OK)
                status = limn_reports_given(cli, c, NULL);
        limn_case_close(c);
        return status;
}

static const LimnOption options[] = {
        LIMN_OPT_CASE, LIMN_OPT_FORM, LIMN_REPORT_OPTION_LIST, LIMN_OPT_SCHEMA, _LIMN_OPT_MAX,
};

const LimnCommand limn_cmd_findings = {
        .name = "findings",
        .usage = "",
        .help = "print what was found in a case",
        .details =
                "Prints the summary that `limn analyze` prints, or with --json the findings "
                "document, of a case that was concluded before; nothing is read or concluded anew.\n\n"
                "--format prints another form: md is one page for a ticket, html the report, csv and "
                "jsonl the timeline; json is what --json prints. In md, csv and jsonl secrets are "
                "masked: they are made to be sent around.\n\n"                "--schema prints the JSON Schema of that document (limn.findings/1) and needs no "
                "case.",
        .options = options,
        .min_args = 0,
        .max_args = 0,
        .run = run,
};
