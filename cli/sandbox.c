/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Headers are older than kernels: what came after ABI 2 stands here as the kernel numbers it. */
#define ACCESS_TRUNCATE (1ULL << 14)  /* ABI 3 */
#define ACCESS_IOCTL_DEV (1ULL << 15) /* ABI 5 */
#define NET_BIND_CONNECT 3ULL         /* ABI 4 */
#define SCOPE_SOCKET_SIGNAL 3ULL      /* ABI 6: abstract sockets, signals to others */

#define ACCESS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define ACCESS_WRITE                                                                           \
        (ACCESS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |           \
         LANDLOCK_ACCESS_FS_REMOVE_FILE | ACCESS_TRUNCATE)
/* What may be allowed on something that is no folder. */
#define ACCESS_OF_FILE                                                                         \
        (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_TRUNCATE |      \
         ACCESS_IOCTL_DEV)

typedef struct Ruleset {
        uint64_t fs, net, scope;
} Ruleset;

/*
 * Read in any case: zones; character sets that libarchive may ask iconv for, and libraries that
 * glibc loads late; how many cores there are; what sanitizers and valgrind look up of the process.
 */
static const char *const always[] = {
        "/usr/share/zoneinfo", "/etc/localtime", "/usr/lib", "/usr/lib64", "/lib", "/lib64",
        "/etc/ld.so.cache", "/sys/devices/system/cpu", "/proc/self", "/proc/stat",
        "/proc/cpuinfo", "/proc/meminfo", "/proc/sys/vm", "/dev/urandom",
};

static const char *const denied[] = {
        /* the network, and io_uring, which would open sockets past any filter */
        "socket", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg",
        "sendmmsg", "recvfrom", "recvmsg", "recvmmsg", "io_uring_setup", "io_uring_enter",
        "io_uring_register",
        /* other programs and other processes */
        "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp",
        /* the machine; most need privileges, which a careless caller may have */
        "acct", "add_key", "adjtimex", "bpf", "chroot", "clock_adjtime", "clock_settime",
        "delete_module", "finit_module", "fsconfig", "fsmount", "fsopen", "fspick", "init_module",
        "ioperm", "iopl", "kexec_file_load", "kexec_load", "keyctl", "mknod", "mknodat", "mount",
        "mount_setattr", "move_mount", "name_to_handle_at", "nfsservctl", "open_by_handle_at",
        "open_tree", "perf_event_open", "pivot_root", "quotactl", "quotactl_fd", "reboot",
        "request_key", "setdomainname", "sethostname", "setns", "settimeofday", "swapoff",
        "swapon", "syslog", "umount", "umount2", "unshare", "userfaultfd", "vhangup",
};

/* A sanitizer calls its symbolizer when it has something to say. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static int deny(scmp_filter_ctx filter, const char *name)
{
        int number = seccomp_syscall_resolve_name(name);

        if (number == __NR_SCMP_ERROR)
                return 0;
        int r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), number, 0);
        /* A call that this architecture does not have needs no rule. */
        return r == -EDOM || r == -EINVAL ? 0 : r;
}

/* All but what is named stays allowed: the C library, SQLite and libarchive differ from version
 * to version in what they call, and a call that fails in the middle would cost the analysis. */
static bool deny_network(void)
{
        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
        int r = filter ? 0 : -ENOMEM;

        if (r == 0) /* calls of another architecture (int 0x80) fail, too, instead of killing */
                r = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM));
        for (size_t i = 0; r == 0 && i < sizeof denied / sizeof *denied; i++)
                r = deny(filter, denied[i]);
        if (r == 0 && !SANITIZED)
                r = deny(filter, "execve");
        if (r == 0 && !SANITIZED)
                r = deny(filter, "execveat");
        /* Typing into the caller's terminal would run a command there. */
        if (r == 0)
                r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(ioctl), 1,
                                     SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffU, TIOCSTI));
        if (r == 0)
                r = seccomp_load(filter);
        seccomp_release(filter);
        return r == 0;
}

static void allow(int ruleset, uint64_t handled, const char *path, uint64_t access)
{
        struct stat st;
        int fd = open(path, O_PATH | O_CLOEXEC);

        if (fd < 0)
                return;
        if (fstat(fd, &st) == 0) {
                struct landlock_path_beneath_attr rule = {.parent_fd = fd};

                access &= S_ISDIR(st.st_mode) ? handled : handled & ACCESS_OF_FILE;
                rule.allowed_access = access;
                /* What lies on no real file system (a pipe) is refused here, and open anyway. */
                (void)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule,
                              0);
        }
        close(fd);
}

static void allow_folder_of(int ruleset, uint64_t handled, const char *path)
{
        char folder[PATH_MAX];
        const char *slash = strrchr(path, '/');
        size_t n = slash ? (size_t)(slash - path) : 0;

        if (n >= sizeof folder)
                return;
        memcpy(folder, path, n);
        folder[n] = '\0';
        allow(ruleset, handled, n ? folder : slash ? "/" : ".", ACCESS_WRITE);
}

static void allow_writing(int ruleset, uint64_t handled, const char *path)
{
        char real[PATH_MAX];
        struct stat st;

        if (stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
                allow(ruleset, handled, path, ACCESS_WRITE);
                return;
        }
        allow_folder_of(ruleset, handled, path);
        /* A case that is a link: SQLite keeps the journal beside the file that it leads to. */
        if (realpath(path, real))
                allow_folder_of(ruleset, handled, real);
}

static Ruleset handled_by(long abi)
{
        Ruleset set = {.fs = (1ULL << 13) - 1};

        if (abi >= 2)
                set.fs |= 1ULL << 13;
        if (abi >= 3)
                set.fs |= ACCESS_TRUNCATE;
        if (abi >= 4)
                set.net = NET_BIND_CONNECT;
        if (abi >= 5)
                set.fs |= ACCESS_IOCTL_DEV;
        if (abi >= 6)
                set.scope = SCOPE_SOCKET_SIGNAL;
        return set;
}

static bool confine_paths(const LimnSandboxPath *paths, size_t n)
{
        long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

        if (abi < 1)
                return false;
        Ruleset set = handled_by(abi);
        /* Older kernels take a longer structure when what they do not know is zero. */
        int ruleset = (int)syscall(SYS_landlock_create_ruleset, &set, sizeof set, 0);
        if (ruleset < 0)
                return false;
        for (size_t i = 0; i < sizeof always / sizeof *always; i++)
                allow(ruleset, set.fs, always[i], ACCESS_READ);
        allow(ruleset, set.fs, "/dev/null", ACCESS_WRITE);
        for (size_t i = 0; i < n; i++) {
                if (paths[i].use == LIMN_SANDBOX_WRITE)
                        allow_writing(ruleset, set.fs, paths[i].path);
                else
                        allow(ruleset, set.fs, paths[i].path, ACCESS_READ);
        }
        bool confined = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
        close(ruleset);
        return confined;
}

void limn_sandbox_enter(const LimnSandboxPath *paths, size_t n, LimnSandbox *ret)
{
        *ret = (LimnSandbox){0};
        /* Without it an unprivileged process may confine itself in neither way. */
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return;
        ret->paths = confine_paths(paths, n);
        ret->network = deny_network();
}

static const char *const texts[2][2] = {
        {"network not denied (no seccomp), paths not confined (no Landlock)",
         "network not denied (no seccomp), paths confined (Landlock)"},
        {"network denied (seccomp), paths not confined (no Landlock)",
         "network denied (seccomp), paths confined (Landlock)"},
};

const char *limn_sandbox_text(LimnSandbox sandbox)
{
        return texts[sandbox.network][sandbox.paths];
}

LimnSandbox limn_sandbox_parse(LimnSlice text)
{
        for (int network = 0; network < 2; network++)
                for (int paths = 0; paths < 2; paths++)
                        if (limn_slice_eq(text, limn_slice_str(texts[network][paths])))
                                return (LimnSandbox){network, paths};
        return (LimnSandbox){0};
}
