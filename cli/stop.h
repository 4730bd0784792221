/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Stop: Ctrl-C asks long work to end in good order; a second one ends the process. */
#include <signal.h>

/* Catches SIGINT and SIGTERM from here on; what is pointed at becomes the signal's number. */
const volatile sig_atomic_t *limn_stop_on_signals(void);
