/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded into limn by a golden case: the clock is OTHER_DAY seconds ahead. */
#include <stdlib.h>
#include <sys/time.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *ts)
{
        const char *ahead = getenv("OTHER_DAY");
        int r = (int)syscall(SYS_clock_gettime, clock, ts);

        if (r == 0 && ahead && clock == CLOCK_REALTIME)
                ts->tv_sec += strtoll(ahead, NULL, 10);
        return r;
}

int gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
        struct timespec ts;
        int r = clock_gettime(CLOCK_REALTIME, &ts);

        tv->tv_sec = ts.tv_sec;
        tv->tv_usec = ts.tv_nsec / 1000;
        return r;
}

time_t time(time_t *t)
{
        struct timespec ts;

        clock_gettime(CLOCK_REALTIME, &ts);
        if (t)
                *t = ts.tv_sec;
        return ts.tv_sec;
}
