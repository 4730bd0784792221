/* SPDX-License-Identifier: Apache-2.0 */
#include <poll.h>
#include <unistd.h>

#include "cli/cli.h"

bool limn_stdout_gone(void)
{
        struct pollfd out = {.fd = STDOUT_FILENO};

        return poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}
