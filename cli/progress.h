/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Progress: one line on a terminal, bytes, rate and time left; nothing elsewhere. */
#include <stdbool.h>
#include <stdint.h>

typedef struct LimnProgress {
        bool wanted, shown;
        double began, drawn; /* seconds of the monotonic clock */
} LimnProgress;

/* Does nothing unless standard error is a terminal. */
void limn_progress_update(void *progress, uint64_t done, uint64_t total);
/* Takes the line away. */
void limn_progress_end(LimnProgress *progress);
