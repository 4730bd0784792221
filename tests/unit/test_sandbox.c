/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a process can still do once it is in the sandbox. Each attempt is made by a child of its
 * own, since nothing lifts the sandbox again.
 */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/sandbox.h"

enum { UNIX = 1, INET = 2, INET6 = 10, NETLINK = 16, PACKET = 17, STREAM = 1 };

typedef struct Place {
        char root[64], in[80], out[80], other[80];
        char input[96], fresh[96], secret[96];
} Place;

static void put(const char *path, const char *text)
{
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        assert_true(fd >= 0);
        assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
        close(fd);
}

static Place *place;

static int make(void **state)
{
        static Place p;
        snprintf(p.root, sizeof p.root, "/tmp/limn-sandbox-XXXXXX");
        if (!mkdtemp(p.root))
                return -1;
        snprintf(p.in, sizeof p.in, "%s/in", p.root);
        snprintf(p.out, sizeof p.out, "%s/out", p.root);
        snprintf(p.other, sizeof p.other, "%s/other", p.root);
        snprintf(p.input, sizeof p.input, "%s/a.log", p.in);
        snprintf(p.fresh, sizeof p.fresh, "%s/x.case", p.out);
        snprintf(p.secret, sizeof p.secret, "%s/secret", p.other);
        mkdir(p.in, 0700);
        mkdir(p.out, 0700);
        mkdir(p.other, 0700);
        put(p.input, "line\n");
        put(p.secret, "secret\n");
        place = &p;
        return 0;
}

static int unmake(void **state)
{
        unlink(place->input);
        unlink(place->fresh);
        unlink(place->secret);
        rmdir(place->in);
        rmdir(place->out);
        rmdir(place->other);
        return rmdir(place->root);
}

/* 0 or the errno of a failed call. */
static int opened(const char *path, int flags)
{
        int fd = open(path, flags | O_CLOEXEC, 0600);
        if (fd < 0)
                return errno;
        close(fd);
        return 0;
}

static int call(long result)
{
        return result < 0 ? errno : 0;
}

/* The attempt's result in a child that entered the sandbox; *ret says what it has. */
static int attempt(int (*try)(const Place *), LimnSandbox *ret)
{
        int pipe_of[2], status;
        assert_int_equal(pipe(pipe_of), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
                const LimnSandboxPath paths[] = {{place->in, LIMN_SANDBOX_READ},
                                                 {place->fresh, LIMN_SANDBOX_WRITE},
                                                 {"/nonexistent/file", LIMN_SANDBOX_READ}};
                LimnSandbox got;
                limn_sandbox_enter(paths, N_OF(paths), &got);
                if (write(pipe_of[1], &got, sizeof got) != (ssize_t)sizeof got)
                        _exit(255);
                _exit(try(place));
        }
        assert_int_equal(read(pipe_of[0], ret, sizeof *ret), (ssize_t)sizeof *ret);
        assert_int_equal(waitpid(child, &status, 0), child);
        close(pipe_of[0]);
        close(pipe_of[1]);
        assert_true(WIFEXITED(status)); /* no call kills */
        return WEXITSTATUS(status);
}

static void need(bool there, const char *what)
{
        if (there)
                return;
        print_message("the kernel lacks %s: skipped\n", what);
        skip();
}

static int sockets(const Place *p)
{
        static const int families[] = {UNIX, INET, INET6, NETLINK, PACKET};
        for (size_t i = 0; i < N_OF(families); i++)
                if (call(syscall(SYS_socket, families[i], STREAM, 0)) != EACCES)
                        return 1 + (int)i;
        return 0;
}

/* A socket from before must be of no use either. */
static int inherited = -1;

static int use_inherited(const Place *p)
{
        static const struct {
                unsigned short family, port;
                unsigned char address[4], zero[8];
        } here = {INET, 0x0900, {127, 0, 0, 1}, {0}};
        if (call(syscall(SYS_connect, inherited, &here, sizeof here)) != EACCES)
                return 1;
        if (call(syscall(SYS_bind, inherited, &here, sizeof here)) != EACCES)
                return 2;
        return call(syscall(SYS_sendto, inherited, "x", 1, 0, &here, sizeof here)) != EACCES;
}

static int past_the_filter(const Place *p)
{
        char zeros[256] = {0};
        if (call(syscall(SYS_io_uring_setup, 4, zeros)) != EACCES)
                return 1;
        if (call(ioctl(0, TIOCSTI, "x")) != EACCES)
                return 2;
        return 0;
}

static int other_paths(const Place *p)
{
        char climbing[160];
        snprintf(climbing, sizeof climbing, "%s/../other/secret", p->in);
        if (opened(p->secret, O_RDONLY) != EACCES)
                return 1;
        if (opened(climbing, O_RDONLY) != EACCES)
                return 2;
        if (opened("/etc/passwd", O_RDONLY) != EACCES)
                return 3;
        if (opened("/", O_RDONLY | O_DIRECTORY) != EACCES)
                return 4;
        if (opened(p->input, O_WRONLY) != EACCES || opened(p->input, O_RDONLY | O_TRUNC) != EACCES)
                return 5;
        if (call(unlink(p->input)) != EACCES || call(unlink(p->secret)) != EACCES)
                return 6;
        if (call(symlink("/etc/passwd", p->fresh)) != EACCES)
                return 7;
        return 0;
}

static int own_paths(const Place *p)
{
        char moved[112];
        snprintf(moved, sizeof moved, "%s-journal", p->fresh);
        if (opened(p->input, O_RDONLY) || opened(p->in, O_RDONLY | O_DIRECTORY))
                return 1;
        if (opened(p->fresh, O_RDWR | O_CREAT | O_EXCL) || opened(p->fresh, O_RDWR | O_TRUNC))
                return 2;
        if (call(rename(p->fresh, moved)) || call(rename(moved, p->fresh)) ||
            call(unlink(p->fresh)))
                return 3;
        int scratch = opened(p->out, O_TMPFILE | O_RDWR);
        if (scratch && scratch != EOPNOTSUPP)
                return 4;
        if (opened(p->out, O_RDONLY | O_DIRECTORY))
                return 5;
        if (opened("/usr/share/zoneinfo/UTC", O_RDONLY) == EACCES ||
            opened("/dev/null", O_RDWR) || opened("/nonexistent/file", O_RDONLY) != ENOENT)
                return 6;
        return 0;
}

static void test_no_sockets(void **state)
{
        LimnSandbox got;
        int r = attempt(sockets, &got);
        need(got.network, "seccomp");
        assert_int_equal(r, 0);
}

static void test_no_use_of_old_sockets(void **state)
{
        LimnSandbox got;
        inherited = (int)syscall(SYS_socket, INET, STREAM, 0);
        need(inherited >= 0, "sockets");
        int r = attempt(use_inherited, &got);
        close(inherited);
        need(got.network, "seccomp");
        assert_int_equal(r, 0);
}

static void test_no_way_round(void **state)
{
        LimnSandbox got;
        int r = attempt(past_the_filter, &got);
        need(got.network, "seccomp");
        assert_int_equal(r, 0);
}

static void test_no_other_paths(void **state)
{
        LimnSandbox got;
        int r = attempt(other_paths, &got);
        need(got.paths, "Landlock");
        assert_int_equal(r, 0);
}

/* Holds on any kernel. */
static void test_own_paths(void **state)
{
        LimnSandbox got;
        assert_int_equal(attempt(own_paths, &got), 0);
}

static void test_text(void **state)
{
        for (int network = 0; network < 2; network++)
                for (int paths = 0; paths < 2; paths++) {
                        LimnSandbox is = {network, paths};
                        LimnSandbox back =
                                limn_sandbox_parse(limn_slice_str(limn_sandbox_text(is)));
                        assert_int_equal(back.network, network);
                        assert_int_equal(back.paths, paths);
                }
        LimnSandbox unknown = limn_sandbox_parse(LIMN_S("network denied (by me)"));
        assert_false(unknown.network || unknown.paths);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_no_sockets),     cmocka_unit_test(test_no_use_of_old_sockets),
                cmocka_unit_test(test_no_way_round),   cmocka_unit_test(test_no_other_paths),
                cmocka_unit_test(test_own_paths),      cmocka_unit_test(test_text),
        };

        return cmocka_run_group_tests(tests, make, unmake);
}
