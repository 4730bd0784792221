/* SPDX-License-Identifier: Apache-2.0 */
/* limn verify: is a bundle what was packed? */
#include <errno.h>

#include "cli/slurp.h"
#include "reports/bundle.h"
#include "reports/escape.h"

static int run(LimnCli *cli)
{
        size_t members = 0;
        bool is_signed = false;
        LimnBuf pem = LIMN_BUF(64 * 1024);
        const char *key = limn_cli_get(cli, LIMN_OPT_KEY);
        if (key && limn_slurp(cli, key, "the key", &pem) < 0) {
                limn_buf_done(&pem);
                return LIMN_EXIT_NOTHING;
        }
        int r = limn_bundle_verify(cli->args[0], key ? limn_buf_slice(&pem) : LIMN_NONE, &members,
                                   &is_signed, cli->diag);
        limn_buf_done(&pem);
        if (r == LIMN_BUNDLE_BAD)
                return LIMN_EXIT_UNVERIFIED;
        if (r < 0)
                return r == -ENOMEM ? LIMN_EXIT_UNFINISHED : LIMN_EXIT_NOTHING;
        LimnBuf name = LIMN_BUF(1 << 20);
        limn_escape_terminal(limn_slice_str(cli->args[0]), &name);
        printf("%s: %zu members, each as the manifest says; %s\n", limn_buf_str(&name), members,
               key         ? "signed with this key"
               : is_signed ? "signed, by whom was not checked (--key)"
                           : "there is no signature");
        limn_buf_done(&name);
        return LIMN_EXIT_OK;
}

static const LimnOption options[] = {LIMN_OPT_KEY, _LIMN_OPT_MAX};

const LimnCommand limn_cmd_verify = {
        .name = "verify",
        .usage = "BUNDLE",
        .help = "check that a bundle is what was packed",
        .details =
                "Reads the manifest and checks the SHA-256 and size of every member, that none is "
                "missing, added or there twice, their order, and that nothing else is in the "
                "file. Exit status 5 when something does not agree.\n\n"
                "This finds damage and tampering with members. That nobody packed the bundle anew, "
                "only a signature tells (`limn bundle --sign`): with --key it must be there, and "
                "by that key.",
        .options = options,
        .min_args = 1,
        .max_args = 1,
        .args_are = LIMN_ARGS_READ,
        .run = run,
};
