/* SPDX-License-Identifier: Apache-2.0 */
/* limn diff: what two cases conclude, side by side: before and after a repair, one week and the
 * next. */
#include "cli/compare.h"
#include "cli/open_case.h"

/* An exit status, with a message. */
static int load(LimnConcluded **ret, LimnCli *cli, const char *path)
{
        LimnCase *c = NULL;
        int r = limn_case_open(&c, path, LIMN_CASE_READ, cli->diag);

        if (r >= 0)
                r = limn_concluded_new(ret, c, path, NULL, cli->diag);
        if (r == 1)
                limn_diag_add(cli->diag,
                              &(LimnMessage){.severity = LIMN_DIAG_WARNING,
                                             .where = path,
                                             .what = "nothing was concluded from this case yet",
                                             .help = "limn diagnose --case FILE does"});
        limn_case_close(c);
        return r < 0 ? limn_case_exit(r) : LIMN_EXIT_OK;
}

static int run(LimnCli *cli)
{
        LimnConcluded *before = NULL, *after = NULL;
        int r = load(&before, cli, cli->args[0]);

        if (r == LIMN_EXIT_OK)
                r = load(&after, cli, cli->args[1]);
        if (r == LIMN_EXIT_OK)
                r = limn_compare(before, after, limn_cli_get(cli, LIMN_OPT_JSON));
        limn_concluded_free(before);
        limn_concluded_free(after);
        return r < 0 ? limn_case_exit(r) : r;
}

static const LimnOption options[] = {LIMN_OPT_JSON, _LIMN_OPT_MAX};

const LimnCommand limn_cmd_diff = {
        .name = "diff",
        .usage = "CASE1 CASE2",
        .help = "compare what two cases conclude",
        .details =
                "Compares the findings of two cases: new, gone, worse or better (by severity, then "
                "by the number of incidents), there for another cause or with "
                "another verdict (other), as before. So one sees whether a repair helped, or "
                "whether last week's trouble is back.\n\n"
                "With --json one object (limn.diff/1). The exit status is 0 whatever changed.",
        .options = options,
        .min_args = 2,
        .max_args = 2,
        .args_are = LIMN_ARGS_WRITTEN,
        .run = run,
};
