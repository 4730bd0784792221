/* SPDX-License-Identifier: Apache-2.0 */
/* limn sql: read-only SQL over a case. */
#include "cli/open_case.h"

static int run(LimnCli *cli)
{
        LimnCase *c = NULL;
        int status = limn_open_case(&c, cli);

        if (status == LIMN_EXIT_OK)
                status = limn_print_query(cli, c, cli->args[0], NULL, 0);
        limn_case_close(c);
        return status;
}

static const LimnOption options[] = {LIMN_OPT_CASE, LIMN_OPT_JSON, _LIMN_OPT_MAX};

const LimnCommand limn_cmd_sql = {
        .name = "sql",
        .usage = "STATEMENT",
        .help = "ask a case with SQL",
        .details =
                "Runs one statement that reads, and prints its rows: as a table on a terminal, else "
                "tab-separated with a header line, or with --json as one JSON object a line.\n\n"
                "The tables and views are described in docs/case-file.md. The table `event` has "
                "every record of the case, with its time in microseconds since 1970 UTC:\n\n"
                "  limn sql \"SELECT source, line, message FROM event WHERE level = 'error'\"\n\n"
                "A statement that takes too many steps (about a minute) is stopped.",
        .options = options,
        .min_args = 1,
        .max_args = 1,
        .run = run,
};
