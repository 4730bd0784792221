/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

/* Worst first. A status that is not listed (a bug of ours) counts as unfinished. */
static const int order[] = {
        LIMN_EXIT_INTERRUPTED, LIMN_EXIT_USAGE,   LIMN_EXIT_UNFINISHED, LIMN_EXIT_NOTHING,
        LIMN_EXIT_UNVERIFIED,  LIMN_EXIT_PARTIAL, LIMN_EXIT_FINDINGS,   LIMN_EXIT_OK,
};

static size_t rank_of(int status)
{
        for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
                if (order[i] == status)
                        return i;
        return 2;
}

int limn_exit_worse(int a, int b)
{
        size_t ra = rank_of(a), rb = rank_of(b);

        return order[ra <= rb ? ra : rb];
}
