/* SPDX-License-Identifier: Apache-2.0 */
/* What analyze and ingest share: from the command line to a case with sources and hits in it. */
#include <errno.h>

#include "cli/ingest_options.h"

int limn_ingest_command(LimnCli *cli,
                        int (*run)(LimnCli *cli, LimnIngestGiven *given, const LimnRules *rules))
{
        LimnIngestGiven given;
        LimnRules *rules = NULL;
        int r = limn_ingest_given(&given, cli);

        if (r == 0)
                r = limn_rules_given(&rules, cli);
        if (r == 0)
                r = run(cli, &given, rules);
        limn_rules_free(rules);
        limn_ingest_given_done(&given);
        return r < 0 ? LIMN_EXIT_UNFINISHED : r;
}

/* A case is read in several runs: what it says of the sandbox must hold for each of them. */
static int remember_sandbox(LimnCli *cli, LimnCase *c)
{
        LimnSandbox all = cli->sandbox;
        LimnBuf earlier = LIMN_BUF(4096);
        int r = limn_case_meta_get(c, "sandbox", &earlier, cli->diag);

        if (r == 0) {
                LimnSandbox then = limn_sandbox_parse(limn_buf_slice(&earlier));

                all.network &= then.network;
                all.paths &= then.paths;
        }
        limn_buf_done(&earlier);
        return r < 0 ? r
                     : limn_case_meta_set(c, "sandbox", limn_slice_str(limn_sandbox_text(all)),
                                          cli->diag);
}

int limn_ingest_into(LimnCli *cli, LimnIngestGiven *given, const LimnRules *rules, LimnCase *c,
                     const char *path, LimnIngestStats *ret)
{
        int r;

        limn_ingest_except(given, path);
        r = remember_sandbox(cli, c);
        if (r >= 0)
                r = limn_ingest(c, rules, &given->options, cli->args, cli->n_args, ret,
                                cli->diag);
        limn_progress_end(&given->progress);
        if (r == -EINTR)
                limn_diag_add(cli->diag, &(LimnMessage){
                        .severity = LIMN_DIAG_WARNING, .where = path, .what = "interrupted",
                        .help = "the same command goes on with what is not in the case yet"});
        return limn_ingest_exit(r, ret);
}
