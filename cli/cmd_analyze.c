/* SPDX-License-Identifier: Apache-2.0 */
/* limn analyze: everything at once: read, conclude, report. */
#include <unistd.h>

#include "cli/conclude_given.h"
#include "cli/ingest_options.h"
#include "cli/open_case.h"
#include "cli/report_file.h"
#include "core/limits.h"
#include "parsers/registry.h"

/*
 * A case that lies in the folder by chance must not be mixed with what is analysed now: without
 * --case or --add, ./limn.case may only be one that was made from the same arguments.
 */
static int same_arguments(LimnCli *cli, LimnCase *c, bool *ret_same)
{
        LimnBuf now = LIMN_BUF(LIMN_OUTPUT_MAX), then = LIMN_BUF(LIMN_OUTPUT_MAX);
        for (size_t i = 0; i < cli->n_args; i++) {
                limn_buf_add_str(&now, cli->args[i]);
                limn_buf_add_char(&now, '\n');
        }
        int r = now.error ? now.error : limn_case_meta_get(c, "arguments", &then, cli->diag);
        if (r >= 0)
                *ret_same = r == 0 && limn_slice_eq(limn_buf_slice(&now), limn_buf_slice(&then));
        if (r == 1)
                r = limn_case_meta_set(c, "arguments", limn_buf_slice(&now), cli->diag);
        limn_buf_done(&now);
        limn_buf_done(&then);
        return r < 0 ? r : 0;
}

static int refuse_other_content(LimnCli *cli)
{
        limn_diag_add(
                cli->diag,
                &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                               .where = limn_case_given(cli),
                               .what = "the case in this folder holds other evidence",
                               .help = "--case FILE for a case of its own, or --add to add to "
                                       "this one"});
        return LIMN_EXIT_USAGE;
}

static int read_and_report(LimnCli *cli, LimnIngestGiven *given, const LimnRules *rules,
                           LimnCase *c)
{
        LimnIngestStats stats = {0};
        if (limn_case_enable_events(c, limn_format_find, cli->diag) < 0)
                return LIMN_EXIT_UNFINISHED;
        int status = limn_ingest_into(cli, given, rules, c, limn_case_given(cli), &stats);
        if (status == LIMN_EXIT_OK || status == LIMN_EXIT_PARTIAL) {
                int r = limn_conclude_given(cli, c, rules);
                if (r == 0)
                        r = limn_reports_given(cli, c, rules);
                status = limn_exit_worse(status, r < 0 ? LIMN_EXIT_UNFINISHED : r);
        }
        return status;
}

static int analyze(LimnCli *cli, LimnIngestGiven *given, const LimnRules *rules)
{
        const char *path = limn_cli_get(cli, LIMN_OPT_CASE);
        bool meant = path || limn_cli_get(cli, LIMN_OPT_ADD), same = false;
        LimnCase *c = NULL;
        path = limn_case_given(cli);
        bool existed = access(path, F_OK) == 0;
        int r = limn_case_open(&c, path, LIMN_CASE_WRITE | LIMN_CASE_CREATE | LIMN_CASE_RENEW,
                               cli->diag);
        if (r >= 0)
                r = same_arguments(cli, c, &same);
        int status = r < 0 ? LIMN_EXIT_UNFINISHED : LIMN_EXIT_OK;
        if (r >= 0 && existed && !meant && !same)
                status = refuse_other_content(cli);
        if (status == LIMN_EXIT_OK) {
                limn_ingest_except(given, limn_cli_get(cli, LIMN_OPT_REPORT));
                limn_ingest_except(given, limn_cli_get(cli, LIMN_OPT_BUNDLE));
                status = read_and_report(cli, given, rules, c);
        }
        limn_case_close(c);
        return status;
}

static int run_analyze(LimnCli *cli)
{
        return limn_ingest_command(cli, analyze);
}

static const LimnOption options[] = {
        LIMN_OPT_ADD,  LIMN_OPT_CASE, LIMN_INGEST_OPTION_LIST, LIMN_REPORT_OPTION_LIST,
        LIMN_OPT_ROLE, _LIMN_OPT_MAX,
};

const LimnCommand limn_cmd_analyze = {
        .name = "analyze",
        .usage = "PATH...",
        .help = "read files, find out what happened, and report",
        .details =
                "Reads files, folders, archives (tar, zip, 7z), compressed files or `-` (standard "
                "input) into the case, "
                "draws conclusions, and prints a summary: what was looked at, what was found and "
                "why, what speaks against it, what to do, and what to ask for next.\n\n"
                "Nothing that is read is changed. The case may be read again later with `limn "
                "findings`, `limn explain`, `limn sql` and `limn extract`.",
        .options = options,
        .min_args = 1,
        .max_args = SIZE_MAX,
        .args_are = LIMN_ARGS_READ,
        .run = run_analyze,
};
