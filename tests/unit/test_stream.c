/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/limits.h"
#include "ingest/sniff.h"
#include "ingest/stream.h"

static char base[64];

static int enter(void **state)
{
        snprintf(base, sizeof(base), "/tmp/limn-stream-XXXXXX");
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

static void put(const char *path, const void *bytes, size_t n)
{
        FILE *f = fopen(path, "we");

        assert_non_null(f);
        assert_int_equal(fwrite(bytes, 1, n, f), n);
        assert_int_equal(fclose(f), 0);
}

static size_t size_of(const char *path)
{
        struct stat st;

        assert_int_equal(stat(path, &st), 0);
        return (size_t)st.st_size;
}

/* A program from the system makes the compressed files: not our own code, nor its library. */
static bool compress_with(const char *program, const char *from, const char *to)
{
        int status;
        pid_t pid = fork();

        if (pid == 0) {
                int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0644);
                int err = open("/dev/null", O_WRONLY);

                dup2(out, STDOUT_FILENO);
                dup2(err, STDERR_FILENO);
                execlp(program, program, "-c", from, (char *)NULL);
                _exit(127);
        }
        waitpid(pid, &status, 0);
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* 400 KiB of lines that compress, but not to nothing. */
static LimnBuf make_log(void)
{
        LimnBuf log = LIMN_BUF(1 << 20);

        for (unsigned i = 0; log.n < 400 * 1024; i++)
                limn_buf_printf(&log, "2026-11-22T07:24:%02u.%06uZ %u [Note] line %u of the log\n",
                                i / 1000 % 60, i * 7919 % 1000000, i * 31, i);
        return log;
}

/* Reads an entry in pieces of `piece`; *ret_status is the last read's. */
static LimnBuf read_all(const LimnEntry *entry, size_t piece, int *ret_status, LimnDiag *diag)
{
        LimnBuf all = LIMN_BUF(1u << 30);
        LimnStream *s = NULL;
        char *p = malloc(piece);
        size_t n;

        assert_int_equal(limn_stream_open(&s, entry, diag), 0);
        assert_int_equal(limn_stream_next_member(s, diag), 0);
        do {
                *ret_status = limn_stream_read(s, p, piece, &n, diag);
                assert_true(*ret_status >= 0);
                assert_int_equal(limn_buf_add(&all, limn_slice(p, n)), 0);
        } while (n == piece);
        *ret_status = limn_stream_read(s, p, piece, &n, diag);
        assert_int_equal(n, 0);
        assert_int_equal(limn_stream_next_member(s, diag), 1);
        if (limn_stream_compression(s)) {
                char hex[LIMN_SHA256_HEX], expected[LIMN_SHA256_HEX];
                LimnBuf raw = LIMN_BUF(1 << 24);
                FILE *f = fopen(entry->open_path, "re");
                int c;

                while ((c = getc(f)) != EOF)
                        limn_buf_add_char(&raw, (char)c);
                fclose(f);
                if (*ret_status == 0) {
                        assert_int_equal(limn_stream_received(s), raw.n);
                        limn_sha256_of(limn_buf_slice(&raw), expected);
                        assert_int_equal(limn_stream_received_hex(s, hex), 0);
                        assert_string_equal(hex, expected);
                }
                limn_buf_done(&raw);
        }
        free(p);
        limn_stream_free(s);
        return all;
}

static LimnEntry file(const char *path)
{
        return (LimnEntry){.path = path, .open_path = path, .kind = LIMN_ENTRY_FILE,
                           .named = true};
}

static void test_compressions(void **state)
{
        static const char *const programs[] = {"(none)", "gzip", "bzip2", "xz", "zstd", "lz4"};
        LimnBuf log = make_log();
        unsigned tried = 0;

        put("log", log.p, log.n);
        for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
                LimnEntry entry = file("packed");
                LimnDiag *diag = limn_diag_new();
                LimnBuf got;
                int status;

                if (i == 0)
                        put("packed", log.p, log.n);
                else if (!compress_with(programs[i], "log", "packed"))
                        continue;
                tried++;
                got = read_all(&entry, 10007, &status, diag);
                assert_int_equal(status, 0);
                assert_int_equal(got.n, log.n);
                assert_memory_equal(got.p, log.p, log.n);
                assert_int_equal(limn_diag_count(diag, LIMN_DIAG_NOTE), 0);
                limn_buf_done(&got);
                limn_diag_free(diag);
        }
        assert_true(tried >= 2);
        limn_buf_done(&log);
}

/* All that the bytes before the cut hold is given, then one message. */
static void test_truncated_gzip(void **state)
{
        LimnBuf log = make_log();
        LimnEntry entry = file("log.gz");
        size_t size;

        put("log", log.p, log.n);
        assert_true(compress_with("gzip", "log", "log.gz"));
        size = size_of("log.gz");
        for (size_t cut = 1; cut < 8; cut++) {
                LimnDiag *diag = limn_diag_new();
                LimnBuf got;
                int status;

                assert_int_equal(truncate("log.gz", (off_t)(size - cut * size / 8)), 0);
                got = read_all(&entry, 65536, &status, diag);
                assert_int_equal(status, LIMN_STREAM_TRUNCATED);
                /* Roughly as much as the compressed share; a lost block would be 64 KiB. */
                assert_in_range(got.n, log.n * (8 - cut) / 8 * 9 / 10 - 40 * 1024, log.n - 1);
                assert_memory_equal(got.p, log.p, got.n);
                assert_int_equal(limn_diag_count(diag, LIMN_DIAG_NOTE), 1);
                assert_string_equal(limn_diag_at(diag, 0)->why, "the gzip stream ends early");
                assert_true(compress_with("gzip", "log", "log.gz"));
                limn_buf_done(&got);
                limn_diag_free(diag);
        }
        limn_buf_done(&log);
}

static void test_small_truncated_gzip(void **state)
{
        static const char text[] = "2026-11-22T07:24:00.000000Z 0 [Note] one\n";
        LimnEntry entry = file("log.gz");
        LimnDiag *diag = limn_diag_new();
        LimnBuf got;
        int status;

        put("log", text, sizeof(text) - 1);
        assert_true(compress_with("gzip", "log", "log.gz"));
        /* Only the checksum is lost. */
        assert_int_equal(truncate("log.gz", (off_t)size_of("log.gz") - 4), 0);
        got = read_all(&entry, 65536, &status, diag);
        assert_int_equal(status, LIMN_STREAM_TRUNCATED);
        assert_string_equal(limn_buf_str(&got), text);
        limn_buf_done(&got);
        limn_diag_free(diag);
}

static void test_damaged_gzip(void **state)
{
        LimnBuf log = make_log(), got;
        LimnEntry entry = file("log.gz");
        LimnDiag *diag = limn_diag_new();
        int status, fd;

        put("log", log.p, log.n);
        assert_true(compress_with("gzip", "log", "log.gz"));
        fd = open("log.gz", O_RDWR);
        assert_int_equal(pwrite(fd, "\xff\xff\xff\xff\xff\xff\xff\xff", 8,
                                (off_t)size_of("log.gz") / 2), 8);
        close(fd);
        got = read_all(&entry, 65536, &status, diag);
        assert_int_equal(status, LIMN_STREAM_TRUNCATED);
        assert_int_equal(limn_diag_count(diag, LIMN_DIAG_ERROR), 1);
        assert_true(got.n > 64 * 1024);
        assert_memory_equal(got.p, log.p, 64 * 1024);
        limn_buf_done(&got);
        limn_buf_done(&log);
        limn_diag_free(diag);
}

static void test_joined_gzip(void **state)
{
        LimnEntry entry = file("both.gz");
        LimnDiag *diag = limn_diag_new();
        LimnBuf got;
        char bytes[400];
        size_t n = 0;
        int status;

        put("a", "one\n", 4);
        put("b", "two\n", 4);
        assert_true(compress_with("gzip", "a", "a.gz") && compress_with("gzip", "b", "b.gz"));
        for (int i = 0; i < 2; i++) {
                FILE *f = fopen(i ? "b.gz" : "a.gz", "re");

                n += fread(bytes + n, 1, sizeof(bytes) / 2, f);
                fclose(f);
        }
        put("both.gz", bytes, n);
        got = read_all(&entry, 3, &status, diag);
        assert_int_equal(status, 0);
        assert_string_equal(limn_buf_str(&got), "one\ntwo\n");
        limn_buf_done(&got);
        assert_int_equal(limn_diag_count(diag, LIMN_DIAG_NOTE), 0);

        memcpy(bytes + n, "junk", 4);
        put("both.gz", bytes, n + 4);
        got = read_all(&entry, 100, &status, diag);
        assert_int_equal(status, 0);
        assert_string_equal(limn_buf_str(&got), "one\ntwo\n");
        assert_int_equal(limn_diag_count(diag, LIMN_DIAG_WARNING), 1);
        limn_buf_done(&got);
        limn_diag_free(diag);
}

/* Half a gigabyte of zeros, in half a megabyte. */
static void test_bomb(void **state)
{
        LimnEntry entry = file("bomb.gz");
        LimnDiag *diag = limn_diag_new();
        LimnStream *s = NULL;
        static char p[1 << 20];
        size_t n;
        uint64_t total = 0;
        int fd = open("zeros", O_WRONLY | O_CREAT, 0644), r;

        assert_int_equal(ftruncate(fd, 512 << 20), 0);
        close(fd);
        assert_true(compress_with("gzip", "zeros", "bomb.gz"));
        assert_int_equal(limn_stream_open(&s, &entry, diag), 0);
        do {
                r = limn_stream_read(s, p, sizeof(p), &n, diag);
                total += n;
        } while (r == 0 && n > 0);
        assert_int_equal(r, LIMN_STREAM_TRUNCATED);
        assert_in_range(total, LIMN_EXPANSION_FREE, LIMN_EXPANSION_FREE + (2 << 20));
        assert_int_equal(limn_diag_count(diag, LIMN_DIAG_ERROR), 1);
        limn_stream_free(s);
        limn_diag_free(diag);
}

static void test_fifo(void **state)
{
        LimnEntry entry = {.path = "f", .open_path = "f", .kind = LIMN_ENTRY_STREAM, .named = true};
        LimnBuf got, log = make_log();
        int status;
        pid_t pid;

        assert_int_equal(mkfifo("f", 0644), 0);
        pid = fork();
        if (pid == 0) {
                int fd = open("f", O_WRONLY);

                /* In pieces, as a slow writer would. */
                for (size_t at = 0, n; at < log.n; at += n) {
                        n = log.n - at < 1013 ? log.n - at : 1013;
                        if (write(fd, log.p + at, n) != (ssize_t)n)
                                _exit(1);
                }
                _exit(0);
        }
        got = read_all(&entry, 70000, &status, NULL);
        assert_int_equal(status, 0);
        assert_int_equal(got.n, log.n);
        assert_memory_equal(got.p, log.p, log.n);
        waitpid(pid, &status, 0);
        assert_int_equal(status, 0);
        limn_buf_done(&got);
        limn_buf_done(&log);
}

static void test_empty_and_missing(void **state)
{
        LimnEntry entry = file("empty");
        LimnDiag *diag = limn_diag_new();
        LimnStream *s = NULL;
        LimnBuf got;
        int status;

        put("empty", "", 0);
        got = read_all(&entry, 10, &status, diag);
        assert_int_equal(status, 0);
        assert_int_equal(got.n, 0);
        limn_buf_done(&got);

        entry = file("gone");
        assert_int_equal(limn_stream_open(&s, &entry, diag), -2 /* ENOENT */);
        assert_null(s);
        assert_int_equal(limn_diag_count(diag, LIMN_DIAG_ERROR), 1);

        /* Replaced by something that would have us wait. */
        assert_int_equal(mkfifo("gone", 0644), 0);
        assert_true(limn_stream_open(&s, &entry, diag) < 0);
        limn_diag_free(diag);
}

static LimnContent sniff(const char *bytes, size_t n)
{
        const char *what, *help;

        return limn_sniff(limn_slice(bytes, n), &what, &help);
}

static void test_sniff(void **state)
{
        static char bytes[LIMN_DETECT_BYTES];
        LimnBuf log = make_log();
        uint32_t seed = 1;

        assert_int_equal(sniff("", 0), LIMN_CONTENT_TEXT);
        assert_int_equal(sniff("a\tb\x1b[31m\r\n", 10), LIMN_CONTENT_TEXT);
        assert_int_equal(sniff("gr\xfc\xdf", 4), LIMN_CONTENT_TEXT);
        assert_int_equal(sniff("\xef\xbb\xbftext", 7), LIMN_CONTENT_TEXT);
        assert_int_equal(sniff("\xff\xfet\0e\0", 6), LIMN_CONTENT_UTF16);
        assert_int_equal(sniff("SQLite format 3\0aaaaaaaaaaaaaaaaaaaaaaaaa", 40),
                         LIMN_CONTENT_BINARY);
        assert_int_equal(sniff("\0\1\2\3\4\5", 6), LIMN_CONTENT_BINARY);
        for (size_t i = 0; i < sizeof(bytes); i++) {
                seed = seed * 1664525 + 1013904223;
                bytes[i] = (char)(seed >> 24);
        }
        assert_int_equal(sniff(bytes, sizeof(bytes)), LIMN_CONTENT_BINARY);
        /* A log behind, or around, a hole of NULs is a log. */
        memcpy(bytes, log.p, sizeof(bytes));
        memset(bytes, 0, 2290);
        assert_int_equal(sniff(bytes, sizeof(bytes)), LIMN_CONTENT_TEXT);
        assert_int_equal(limn_sniff_text(limn_slice(bytes, sizeof(bytes))).n, sizeof(bytes) - 2290);
        memset(bytes + 30000, 0, 20000);
        assert_int_equal(sniff(bytes, sizeof(bytes)), LIMN_CONTENT_TEXT);
        limn_buf_done(&log);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_compressions, enter, leave),
                cmocka_unit_test_setup_teardown(test_truncated_gzip, enter, leave),
                cmocka_unit_test_setup_teardown(test_small_truncated_gzip, enter, leave),
                cmocka_unit_test_setup_teardown(test_damaged_gzip, enter, leave),
                cmocka_unit_test_setup_teardown(test_joined_gzip, enter, leave),
                cmocka_unit_test_setup_teardown(test_bomb, enter, leave),
                cmocka_unit_test_setup_teardown(test_fifo, enter, leave),
                cmocka_unit_test_setup_teardown(test_empty_and_missing, enter, leave),
                cmocka_unit_test(test_sniff),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
