/* SPDX-License-Identifier: Apache-2.0 */
/* Which paths a command line speaks of: that much the sandbox leaves open. */
#include <errno.h>
#include <stdlib.h>

#include "cli/frame.h"

LimnOptionPath limn_option_path(LimnOption option)
{
        switch (option) {
        case LIMN_OPT_EXPLAIN:
        case LIMN_OPT_KEY:
        case LIMN_OPT_RULES:
        case LIMN_OPT_SIGN:
        case LIMN_OPT_SOURCE:
                return LIMN_OPTION_READS;
        case LIMN_OPT_BUNDLE:
        case LIMN_OPT_CASE:
        case LIMN_OPT_MAP:
        case LIMN_OPT_OUTPUT:
        case LIMN_OPT_REPORT:
                return LIMN_OPTION_WRITES;
        default:
                return LIMN_OPTION_NO_PATH;
        }
}

static void add(LimnSandboxPath *paths, size_t *n, const char *path, LimnSandboxUse use)
{
        paths[(*n)++] = (LimnSandboxPath){path, use};
}

int limn_cli_confine(LimnCli *cli)
{
        const LimnCommand *command = cli->command;
        LimnSandboxPath *paths = calloc(cli->n_args + cli->n_given + 1, sizeof *paths);
        size_t n = 0;

        if (!paths)
                return -ENOMEM;
        for (size_t i = 0; command->args_are != LIMN_ARGS_WORDS && i < cli->n_args; i++)
                if (strcmp(cli->args[i], "-") != 0)
                        add(paths, &n, cli->args[i],
                            command->args_are == LIMN_ARGS_WRITTEN ? LIMN_SANDBOX_WRITE
                                                                   : LIMN_SANDBOX_READ);
        for (int option = 0; option < _LIMN_OPT_MAX; option++) {
                LimnOptionPath kind = limn_option_path((LimnOption)option);
                const char *path;

                for (size_t k = 0; kind != LIMN_OPTION_NO_PATH &&
                                   (path = limn_cli_nth(cli, (LimnOption)option, k));
                     k++)
                        add(paths, &n, path,
                            kind == LIMN_OPTION_WRITES ? LIMN_SANDBOX_WRITE : LIMN_SANDBOX_READ);
        }
        if (limn_command_takes(command, LIMN_OPT_CASE) && !limn_cli_get(cli, LIMN_OPT_CASE))
                add(paths, &n, LIMN_CASE_DEFAULT, LIMN_SANDBOX_WRITE);
        limn_sandbox_enter(paths, n, &cli->sandbox);
        free(paths);
        return 0;
}
