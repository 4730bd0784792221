/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/limits.h"
#include "ingest/walk.h"

static char base[64];

static void put(const char *path, const char *text)
{
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

        assert_true(fd >= 0);
        assert_int_equal(write(fd, text, strlen(text)), strlen(text));
        close(fd);
}

static int enter(void **state)
{
        snprintf(base, sizeof(base), "/tmp/limn-walk-XXXXXX");
        return mkdtemp(base) && chdir(base) == 0 ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
        return remove(path);
}

static int leave(void **state)
{
        return chdir("/") || nftw(base, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The walk's paths joined by blanks, '!' before a named one; messages counted. */
static void expect(const char *const *paths, size_t n, const char *expected, size_t failed,
                   size_t skipped)
{
        LimnDiag *diag = limn_diag_new();
        LimnBuf got = LIMN_BUF(65536);
        LimnWalk walk;

        assert_int_equal(limn_walk(&walk, paths, n, NULL, 0, diag), 0);
        for (size_t i = 0; i < walk.n; i++)
                limn_buf_printf(&got, "%s%s%s", i ? " " : "", walk.at[i].named ? "!" : "",
                                walk.at[i].path);
        assert_string_equal(limn_buf_str(&got), expected);
        assert_int_equal(walk.failed, failed);
        assert_int_equal(walk.skipped, skipped);
        assert_int_equal(limn_diag_count(diag, LIMN_DIAG_NOTE), failed + skipped);
        limn_buf_done(&got);
        limn_walk_done(&walk);
        limn_diag_free(diag);
}

#define EXPECT(expected, failed, skipped, ...)                                      \
        expect((const char *const[]){__VA_ARGS__},                                  \
               sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *),   \
               expected, failed, skipped)

static void test_sorted(void **state)
{
        mkdir("logs", 0755);
        mkdir("logs/b", 0755);
        put("logs/z", "1");
        put("logs/a", "22");
        put("logs/b/c", "333");
        put("logs/B", "");
        EXPECT("logs/B logs/a logs/b/c logs/z", 0, 0, "logs");
        EXPECT("logs/B logs/a logs/b/c logs/z", 0, 0, "./logs//");
        EXPECT("!a logs/B logs/b/c logs/z", 0, 0, "logs/a", "logs");
        EXPECT("!z", 2, 0, "logs/z", "-missing", "z-missing");
}

static void test_equal_names(void **state)
{
        mkdir("x", 0755);
        mkdir("y", 0755);
        mkdir("x/logs", 0755);
        mkdir("y/logs", 0755);
        put("x/logs/a", "1");
        put("y/logs/a", "2");
        EXPECT("x/logs/a y/logs/a", 0, 0, "x/logs", "y/logs");
        EXPECT("!x/logs/a !y/logs/a", 0, 0, "x/logs/a", "y/logs/a");
        EXPECT("logs/a", 0, 0, "x/logs", "x/logs/", "x/../x/logs");
        assert_int_equal(chdir("x/logs"), 0);
        EXPECT("logs/a", 0, 0, ".");
}

static void test_odd_files(void **state)
{
        mkdir("d", 0755);
        mkdir("d/sub", 0755);
        put("d/sub/f", "x");
        put("outside", "y");
        assert_int_equal(mkfifo("d/fifo", 0644), 0);
        assert_int_equal(symlink("../outside", "d/out"), 0);
        assert_int_equal(symlink("self", "d/self"), 0);
        assert_int_equal(symlink("..", "d/sub/up"), 0);
        assert_int_equal(symlink("sub/f", "d/inside"), 0);
        assert_int_equal(symlink("nowhere", "d/dangling"), 0);
        EXPECT("d/sub/f", 0, 5, "d");
        EXPECT("!fifo", 0, 0, "d/fifo");
        EXPECT("!out", 0, 0, "d/out");
        EXPECT("", 1, 0, "/dev/null");
        EXPECT("!-", 0, 0, "-");
        EXPECT("!-", 0, 0, "-", "-");
}

static void test_depth(void **state)
{
        char path[8 * LIMN_WALK_DEPTH_MAX] = "d";

        mkdir(path, 0755);
        for (unsigned i = 1; i < LIMN_WALK_DEPTH_MAX + 3; i++) {
                strncat(path, "/d", sizeof(path) - strlen(path) - 1);
                mkdir(path, 0755);
                if (i == LIMN_WALK_DEPTH_MAX + 1) {
                        strncat(path, "/f", sizeof(path) - strlen(path) - 1);
                        put(path, "x");
                        path[strlen(path) - 2] = '\0';
                }
        }
        EXPECT("", 1, 0, "d");
}

static void test_except(void **state)
{
        const char *paths[] = {"d"};
        struct stat st;
        LimnWalk walk;

        mkdir("d", 0755);
        put("d/limn.case", "x");
        put("d/log", "yy");
        assert_int_equal(stat("d/limn.case", &st), 0);
        assert_int_equal(limn_walk(&walk, paths, 1, &(LimnFileId){st.st_dev, st.st_ino}, 1, NULL),
                         0);
        assert_int_equal(walk.n, 1);
        assert_string_equal(walk.at[0].path, "d/log");
        assert_int_equal(walk.size, 2);
        limn_walk_done(&walk);
}

static void test_unreadable_folder(void **state)
{
        mkdir("d", 0755);
        mkdir("d/closed", 0);
        put("d/f", "x");
        /* Nothing is closed to root; and cmocka's skip() is a failure to meson. */
        uid_t user = geteuid();
        assert_int_equal(chmod(".", 0755), 0);
        if (user == 0)
                assert_int_equal(seteuid(65534), 0);
        EXPECT("d/f", 1, 0, "d");
        if (user == 0)
                assert_int_equal(seteuid(user), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_sorted, enter, leave),
                cmocka_unit_test_setup_teardown(test_equal_names, enter, leave),
                cmocka_unit_test_setup_teardown(test_odd_files, enter, leave),
                cmocka_unit_test_setup_teardown(test_depth, enter, leave),
                cmocka_unit_test_setup_teardown(test_except, enter, leave),
                cmocka_unit_test_setup_teardown(test_unreadable_folder, enter, leave),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
