/* SPDX-License-Identifier: Apache-2.0 */
/* limn verify: is a bundle what was packed? */
#include <errno.h>

#include "cli/cli.h"
#include "reports/bundle.h"
#include "reports/escape.h"

static int run(LimnCli *cli)
{
        size_t members = 0;
        int r = limn_bundle_verify(cli->args[0], &members, cli->diag);
        if (r == LIMN_BUNDLE_BAD)
                return LIMN_EXIT_UNVERIFIED;
        if (r < 0)
                return r == -ENOMEM ? LIMN_EXIT_UNFINISHED : LIMN_EXIT_NOTHING;
        LimnBuf name = LIMN_BUF(1 << 20);
        limn_escape_terminal(limn_slice_str(cli->args[0]), &name);
        printf("%s: %zu members, each as the manifest says; there is no signature\n",
               limn_buf_str(&name), members);
        limn_buf_done(&name);
        return LIMN_EXIT_OK;
}

static const LimnOption options[] = {_LIMN_OPT_MAX};

const LimnCommand limn_cmd_verify = {
        .name = "verify",
        .usage = "BUNDLE",
        .help = "check that a bundle is what was packed",
        .details =
                "Reads the manifest and checks the SHA-256 and size of every member, that none is "
                "missing, added or there twice, their order, and that nothing else is in the "
                "file. Exit status 5 when something does not agree.\n\n"
                "A bundle carries no signature: this finds damage and tampering with members, not "
                "a bundle that was packed anew by somebody else.",
        .options = options,
        .min_args = 1,
        .max_args = 1,
        .args_are = LIMN_ARGS_READ,
        .run = run,
};
