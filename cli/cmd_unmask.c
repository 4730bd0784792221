/* SPDX-License-Identifier: Apache-2.0 */
/* limn unmask: tokens in a reply become names again. */
#include <unistd.h>

#include "cli/slurp.h"
#include "core/limits.h"
#include "reports/map.h"
#include "reports/out.h"

static int print(LimnCli *cli, const LimnMask *mask, LimnSlice text)
{
        int fd = STDOUT_FILENO;
        LimnOut out = LIMN_OUT(limn_out_sink_fd, &fd);
        limn_mask_undo(mask, text, &out.buf, NULL);
        int r = limn_out_end(&out, cli->diag);
        limn_out_done(&out);
        return r < 0 ? LIMN_EXIT_UNFINISHED : LIMN_EXIT_OK;
}

static int run(LimnCli *cli)
{
        LimnMask *mask = NULL;
        LimnBuf text = LIMN_BUF(LIMN_OUTPUT_MAX);
        int r = limn_map_open(&mask, cli->args[0], 0, true, cli->diag);
        if (r == 0)
                r = limn_mask_seal(mask);
        int status = r < 0 ? LIMN_EXIT_NOTHING : LIMN_EXIT_OK;
        if (r == 0 && limn_slurp(cli, cli->args[1], "the reply", &text) < 0)
                status = LIMN_EXIT_NOTHING;
        if (status == LIMN_EXIT_OK)
                status = print(cli, mask, limn_buf_slice(&text));
        limn_buf_done(&text);
        limn_mask_free(mask);
        return status;
}

static const LimnOption options[] = {_LIMN_OPT_MAX};

const LimnCommand limn_cmd_unmask = {
        .name = "unmask",
        .usage = "MAP FILE",
        .help = "turn the tokens of a masked bundle back into names",
        .details =
                "Reads FILE (`-`: standard input), a reply that speaks of a masked bundle, and "
                "prints it with every token replaced by what MAP says it stands for. MAP was "
                "written beside the bundle by `limn bundle --redact`; keep it.",
        .options = options,
        .min_args = 2,
        .max_args = 2,
        .args_are = LIMN_ARGS_READ,
        .run = run,
};
