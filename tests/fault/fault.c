/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into limn: one call fails, as it does on a machine that has no memory, a full disk or
 * a broken one. Real ones cannot be had at a chosen moment.
 *
 *   FAULT=alloc:N    the Nth allocation of the process fails, whichever library asks
 *   FAULT=alloc:N+   and all that follow
 *   FAULT=write:N    the Nth write to a regular file fails: the disk is full (N+ as above)
 *   FAULT=read:N     the Nth read of a regular file fails: the disk is broken
 *   FAULT=sync:N     the Nth fsync fails
 *   FAULT=kill:N     the process is killed at its Nth write to a regular file, before it
 *   FAULT_STOP=1     a debugger stops there (SIGTRAP)
 *   FAULT_CALLS=FILE how many calls of each kind there were is written here at the end, a line a
 *                    kind; of allocations, also the number of each that was the first from its
 *                    place (its callers, FAULT_DEPTH of them)
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { ALLOC, WRITE, READ, SYNC, KINDS };
static const char *const kind_names[KINDS] = {"alloc", "write", "read", "sync"};

enum { PLACES = 1 << 18, FRAMES_MAX = 32 };

static struct {
        _Atomic long calls[KINDS];
        int kind; /* which fails; KINDS: none */
        long at;
        bool on, kill, stop;
        FILE *out;
        int depth;
        uint64_t *places;
} fault = {.kind = KINDS};

static __thread bool inside; /* our own allocations are not counted */

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);

__attribute__((constructor)) static void begin(void)
{
        const char *what = getenv("FAULT"), *calls = getenv("FAULT_CALLS");
        const char *depth = getenv("FAULT_DEPTH");
        const char *colon = what ? strchr(what, ':') : NULL;

        inside = true;
        if (colon) {
                char *end;
                for (int i = 0; i < KINDS; i++)
                        if (strncmp(what, kind_names[i], (size_t)(colon - what)) == 0)
                                fault.kind = i;
                if (strncmp(what, "kill:", 5) == 0) {
                        fault.kind = WRITE;
                        fault.kill = true;
                }
                fault.at = strtol(colon + 1, &end, 10);
                fault.on = *end == '+';
        }
        fault.stop = getenv("FAULT_STOP") != NULL;
        if (calls)
                fault.out = fopen(calls, "we");
        if (fault.out && depth) {
                void *frames[FRAMES_MAX];
                fault.depth = (int)strtol(depth, NULL, 10);
                fault.places = __libc_calloc(PLACES, sizeof *fault.places);
                backtrace(frames, 2); /* what it loads, it loads now */
        }
        inside = false;
}

__attribute__((destructor)) static void end(void)
{
        inside = true;
        if (fault.out) {
                for (int i = 0; i < KINDS; i++)
                        fprintf(fault.out, "%s %ld\n", kind_names[i], fault.calls[i]);
                fclose(fault.out);
        }
}

/* Libraries that fall over themselves where they get none, which we cannot mend: filters that
 * libseccomp copies, locks that OpenSSL sets up, filters of an archive, a JSON string. */
static bool is_theirs(void *frame)
{
        static const char *const fragile[] = {"libseccomp.", "libcrypto.", "libarchive.",
                                              "libjansson."};
        Dl_info info;
        if (!dladdr(frame, &info) || !info.dli_fname)
                return false;
        for (size_t i = 0; i < sizeof fragile / sizeof *fragile; i++)
                if (strstr(info.dli_fname, fragile[i]))
                        return true;
        return false;
}

/* Is this the first call from here? By the addresses of the callers; a set of hashes. */
static void note_place(long n)
{
        void *frames[FRAMES_MAX];
        bool theirs = false;
        inside = true;
        int got = backtrace(frames, fault.depth + 3 < FRAMES_MAX ? fault.depth + 3 : FRAMES_MAX);
        uint64_t hash = 1469598103934665603u;
        for (int i = 3; i < got; i++)
                hash = (hash ^ (uint64_t)(uintptr_t)frames[i]) * 1099511628211u;
        hash += hash == 0;
        size_t at = (hash ^ hash >> 32) % PLACES;
        for (size_t i = 0; i < PLACES; i++, at = (at + 1) % PLACES) {
                uint64_t none = 0;
                if (fault.places[at] == hash)
                        break;
                if (__atomic_compare_exchange_n(&fault.places[at], &none, hash, false,
                                                __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
                        for (int k = 3; k < got && !theirs; k++)
                                theirs = is_theirs(frames[k]);
                        if (!theirs)
                                fprintf(fault.out, "%ld\n", n);
                        break;
                }
        }
        inside = false;
}

/* Counts a call; does it fail? */
static __attribute__((noinline)) bool fails(int kind)
{
        if (inside)
                return false;
        long n = ++fault.calls[kind];
        if (kind == ALLOC && fault.places)
                note_place(n);
        if (kind != fault.kind || fault.at <= 0)
                return false;
        if (n != fault.at && !(fault.on && n > fault.at))
                return false;
        if (fault.stop)
                raise(SIGTRAP);
        if (fault.kill)
                kill(getpid(), SIGKILL);
        return true;
}

static __attribute__((noinline)) bool no_memory(void)
{
        if (!fails(ALLOC))
                return false;
        errno = ENOMEM;
        return true;
}

void *malloc(size_t n)
{
        return no_memory() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
        return no_memory() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
        return no_memory() ? NULL : __libc_realloc(p, n);
}

void *reallocarray(void *p, size_t n, size_t size)
{
        size_t bytes;
        if (__builtin_mul_overflow(n, size, &bytes)) {
                errno = ENOMEM;
                return NULL;
        }
        return no_memory() ? NULL : __libc_realloc(p, bytes);
}

static bool is_file(int fd)
{
        struct stat st;
        return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

static bool refuse(int fd, int kind, int error)
{
        int kept = errno;
        if (inside || !is_file(fd) || !fails(kind)) {
                errno = kept;
                return false;
        }
        errno = error;
        return true;
}

#define REAL(type, name, ...)                                                                      \
        static type (*real)(__VA_ARGS__);                                                          \
        if (!real)                                                                                 \
        *(void **)&real = dlsym(RTLD_NEXT, name)

ssize_t write(int fd, const void *p, size_t n)
{
        REAL(ssize_t, "write", int, const void *, size_t);
        return refuse(fd, WRITE, ENOSPC) ? -1 : real(fd, p, n);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
        REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
        return refuse(fd, WRITE, ENOSPC) ? -1 : real(fd, p, n, at);
}

ssize_t read(int fd, void *p, size_t n)
{
        REAL(ssize_t, "read", int, void *, size_t);
        return refuse(fd, READ, EIO) ? -1 : real(fd, p, n);
}

ssize_t pread64(int fd, void *p, size_t n, off64_t at)
{
        REAL(ssize_t, "pread64", int, void *, size_t, off64_t);
        return refuse(fd, READ, EIO) ? -1 : real(fd, p, n, at);
}

int fsync(int fd)
{
        REAL(int, "fsync", int);
        return refuse(fd, SYNC, EIO) ? -1 : real(fd);
}

int fdatasync(int fd)
{
        REAL(int, "fdatasync", int);
        return refuse(fd, SYNC, EIO) ? -1 : real(fd);
}
