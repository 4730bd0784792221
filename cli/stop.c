/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/stop.h"

#include <stddef.h>

/* The one variable that a handler may write. */
static volatile sig_atomic_t stop_signal;

static void on_signal(int number)
{
        stop_signal = number;
}

const volatile sig_atomic_t *limn_stop_on_signals(void)
{
        struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESETHAND | SA_RESTART};

        sigaction(SIGINT, &action, NULL);
        sigaction(SIGTERM, &action, NULL);
        return &stop_signal;
}
