/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define MIB (1024.0 * 1024.0)

static double seconds(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void limn_progress_update(void *arg, uint64_t done, uint64_t total)
{
        LimnProgress *p = arg;
        double now = seconds(), rate;

        if (p->began == 0) {
                p->began = p->drawn = now;
                p->wanted = isatty(STDERR_FILENO);
        }
        /* Short runs draw nothing, long ones four times a second. */
        if (!p->wanted || now - p->drawn < 0.25)
                return;
        p->drawn = now;
        p->shown = true;
        rate = (double)done / (now - p->began);
        if (total > 0 && done <= total && rate > 0)
                fprintf(stderr, "\r\033[Kreading: %.0f of %.0f MiB, %.0f MiB/s, %.0f s left",
                        (double)done / MIB, (double)total / MIB, rate / MIB,
                        (double)(total - done) / rate);
        else
                fprintf(stderr, "\r\033[Kreading: %.0f MiB, %.0f MiB/s", (double)done / MIB,
                        rate / MIB);
}

void limn_progress_end(LimnProgress *p)
{
        if (p->shown)
                fputs("\r\033[K", stderr);
        p->shown = false;
}
