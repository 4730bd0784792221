/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A small file whole: a key, a reply. `-` is standard input. */
#include "cli/cli.h"

/* Appended, up to the buffer's ceiling; `what` names it in the message. Negative errno. */
int limn_slurp(LimnCli *cli, const char *path, const char *what, LimnBuf *ret);
