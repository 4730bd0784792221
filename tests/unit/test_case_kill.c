/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process that reads into a case is killed at a random moment, again and again on the same
 * case. It must always open, hold whole what was told complete, and take in the rest.
 */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/toy.h"

enum { SOURCES = 40, ROUNDS = 60, RECORDS = 3000 };

static LimnSlice make_source(size_t which, LimnBuf *b)
{
        limn_buf_clear(b);
        for (size_t i = 0; i < RECORDS; i++)
                limn_buf_printf(b, "%zu %s of %zu nr=%zu\n", i, i % 50 ? "info" : "error", which,
                                i * 2654435761u % 100000);
        return limn_buf_slice(b);
}

/* Reads in what is not there yet; tells each complete source with a byte. */
static int read_all(const char *path, int told)
{
        LimnBuf text = LIMN_BUF(1 << 20);
        LimnCase *c = NULL;
        ToyIngest in;
        char name[32], sha[LIMN_SHA256_HEX];
        int64_t source;

        int r = limn_case_open(&c, path, LIMN_CASE_WRITE | LIMN_CASE_CREATE, NULL);
        if (r < 0)
                return 1;
        toy_init(&in, c);
        in.segment_bytes = 1000; /* commits within a source, too */
        in.hits = true;
        r = limn_case_drop_incomplete(c, NULL, NULL, NULL);
        for (size_t i = 0; r == 0 && i < SOURCES; i++) {
                LimnSlice all = make_source(i, &text);
                snprintf(name, sizeof name, "%zu.log", i);
                limn_sha256_of(all, sha);
                r = limn_case_source_known(c, limn_slice_str(sha), limn_slice_str(name), &source,
                                           NULL);
                if (r == 0) {
                        r = toy_ingest(&in, name, all);
                        if (r == 0)
                                r = limn_case_commit(c, NULL);
                        if (r == 0 && write(told, "x", 1) != 1)
                                r = -EIO;
                } else if (r == 1) {
                        r = 0;
                }
        }
        toy_done(&in);
        limn_case_close(c);
        limn_buf_done(&text);
        return r == 0 ? 0 : 2;
}

static int hash_bytes(void *arg, LimnSlice bytes)
{
        return limn_sha256_add(arg, bytes);
}

typedef struct Check {
        LimnCase *c;
        size_t sources;
} Check;

static int check_source(void *arg, const LimnValue *v, size_t n)
{
        Check *check = arg;
        char hex[LIMN_SHA256_HEX];
        LimnSha256 *sha = limn_sha256_new();

        assert_int_equal(limn_case_extract(check->c, v[0].i, hash_bytes, sha, NULL), 0);
        limn_sha256_hex(sha, hex);
        assert_slice(v[1].s, hex);
        limn_sha256_free(sha);
        assert_int_equal(v[2].i, RECORDS / 50);
        check->sources++;
        return 0;
}

static int take_text(void *arg, const LimnValue *v, size_t n)
{
        assert_slice(v[0].s, "ok");
        return 0;
}

/* How many complete sources the case holds; each is checked against its hash. */
static size_t check_case(const char *path)
{
        Check check = {NULL, 0};

        /* Nothing but reading: what a killed run left is taken back on the way in. */
        assert_int_equal(limn_case_open(&check.c, path, LIMN_CASE_READ, NULL), 0);
        LimnQuery q = limn_case_query(check.c);
        assert_int_equal(q.run(q.ctx,
                               "SELECT source_id, sha256, (SELECT count(*) FROM hit h WHERE"
                               " h.source_id = s.source_id) FROM source s WHERE complete = 1",
                               NULL, 0, check_source, &check, NULL),
                         0);
        assert_int_equal(q.run(q.ctx, "PRAGMA quick_check", NULL, 0, take_text, NULL, NULL), 0);
        limn_case_close(check.c);
        return check.sources;
}

static void test_killed_at_any_moment(void **state)
{
        char dir[] = "/tmp/limn-kill-XXXXXX", path[64], name[80];
        size_t told = 0, kills = 0;
        struct timespec start, now;
        uint32_t seed = 12345;

        assert_non_null(mkdtemp(dir));
        snprintf(path, sizeof path, "%s/limn.case", dir);
        clock_gettime(CLOCK_MONOTONIC, &start);
        for (int round = 0; round < ROUNDS; round++) {
                int fds[2], status;
                char bytes[SOURCES];
                ssize_t n;

                assert_int_equal(pipe(fds), 0);
                pid_t child = fork();
                if (child == 0) {
                        close(fds[0]);
                        _exit(read_all(path, fds[1]));
                }
                close(fds[1]);
                seed = seed * 1664525u + 1013904223u;
                usleep(200 + (seed >> 8) % 25000);
                kill(child, SIGKILL);
                assert_int_equal(waitpid(child, &status, 0), child);
                while ((n = read(fds[0], bytes, sizeof bytes)) > 0)
                        told += (size_t)n;
                close(fds[0]);
                kills += WIFSIGNALED(status);
                assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);

                if (access(path, F_OK) == 0) {
                        LimnCase *c = NULL;
                        /* Killed before the first commit: no case yet, but one can be made. */
                        int r = limn_case_open(&c, path, LIMN_CASE_READ, NULL);
                        limn_case_close(c);
                        size_t found = r == 0 ? check_case(path) : 0;
                        if (found < told)
                                fail_msg("%s: round %d: %zu sources were told complete, %zu are",
                                         path, round, told, found);
                }
                clock_gettime(CLOCK_MONOTONIC, &now);
                if (now.tv_sec - start.tv_sec >= 4)
                        break;
        }
        assert_true(kills >= 5);
        assert_int_equal(read_all(path, open("/dev/null", O_WRONLY)), 0);
        assert_int_equal(check_case(path), SOURCES);
        snprintf(name, sizeof name, "%s-journal", path);
        assert_int_equal(access(name, F_OK), -1);
        unlink(path);
        assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_killed_at_any_moment),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
