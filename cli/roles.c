/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/roles.h"

#include <errno.h>

static const char *const known[] = {"source", "replica", "target", NULL};

/* PATH=ROLE with a role that there is. */
static bool valid(LimnCli *cli, const char *given)
{
        const char *eq = strrchr(given, '=');
        for (size_t i = 0; eq && eq != given && known[i]; i++)
                if (strcmp(eq + 1, known[i]) == 0)
                        return true;
        limn_diag_addf(cli->diag,
                       &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                      .help = "--role PATH=source, PATH=replica or PATH=target"},
                       "--role does not understand %s", given);
        return false;
}

int limn_conclude_given(LimnCli *cli, LimnCase *c, const LimnRules *rules)
{
        size_t n = 0;
        while (limn_cli_nth(cli, LIMN_OPT_ROLE, n))
                if (!valid(cli, limn_cli_nth(cli, LIMN_OPT_ROLE, n++)))
                        return -EINVAL;
        const char **roles = calloc(n + 1, sizeof *roles);
        if (!roles)
                return -ENOMEM;
        for (size_t i = 0; i < n; i++)
                roles[i] = limn_cli_nth(cli, LIMN_OPT_ROLE, i);
        int r = limn_conclude(c, rules, roles, cli->diag);
        free(roles);
        return r;
}
