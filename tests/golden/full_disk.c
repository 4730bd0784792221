/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into limn by a golden case: regular files take FULL_DISK_AFTER bytes in all, then
 * every write fails as on a full disk; or, with FULL_DISK_KILLS, the process is killed at that
 * write. Real full disks need a mount, and so root.
 */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static _Atomic long long written;

static int full(int fd, size_t n)
{
        const char *limit = getenv("FULL_DISK_AFTER");
        struct stat st;

        if (!limit || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
                return 0;
        written += (long long)n;
        if (written <= strtoll(limit, NULL, 10))
                return 0;
        if (getenv("FULL_DISK_KILLS"))
                kill(getpid(), SIGKILL);
        errno = ENOSPC;
        return 1;
}

ssize_t write(int fd, const void *p, size_t n);
ssize_t write(int fd, const void *p, size_t n)
{
        static ssize_t (*real)(int, const void *, size_t);

        if (!real)
                *(void **)&real = dlsym(RTLD_NEXT, "write");
        return full(fd, n) ? -1 : real(fd, p, n);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at);
ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
        static ssize_t (*real)(int, const void *, size_t, off64_t);

        if (!real)
                *(void **)&real = dlsym(RTLD_NEXT, "pwrite64");
        return full(fd, n) ? -1 : real(fd, p, n, at);
}
