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

#include <archive.h>
#include <archive_entry.h>
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

/* -- archives ------------------------------------------------------------------------------- */

typedef struct Put {
        const char *name;
        const char *text;  /* NULL: `size` bytes of zeros */
        size_t size;
        mode_t type;       /* AE_IFREG when 0 */
        const char *link;
} Put;

/* `kind`: tar, zip, 7z; `filter`: none, gzip, xz ... */
static void pack(const char *to, const char *kind, const char *filter, const Put *puts, size_t n)
{
        struct archive *a = archive_write_new();
        static const char zeros[65536];

        assert_int_equal(archive_write_set_format_by_name(
                                 a, strcmp(kind, "7z") == 0 ? "7zip"
                                    : strcmp(kind, "tar") == 0 ? "ustar" : kind), 0);
        if (filter)
                assert_int_equal(archive_write_add_filter_by_name(a, filter), 0);
        assert_int_equal(archive_write_open_filename(a, to), 0);
        for (size_t i = 0; i < n; i++) {
                struct archive_entry *entry = archive_entry_new();
                size_t size = puts[i].text ? strlen(puts[i].text) : puts[i].size;
                archive_entry_set_pathname(entry, puts[i].name);
                archive_entry_set_filetype(entry, puts[i].type ? puts[i].type : AE_IFREG);
                archive_entry_set_perm(entry, 0644);
                if (puts[i].link)
                        archive_entry_set_symlink(entry, puts[i].link);
                else if (!puts[i].type)
                        archive_entry_set_size(entry, (la_int64_t)size);
                assert_int_equal(archive_write_header(a, entry), 0);
                if (puts[i].text)
                        assert_int_equal(archive_write_data(a, puts[i].text, size), size);
                for (size_t at = 0; !puts[i].text && !puts[i].type && at < size;
                     at += sizeof(zeros))
                        archive_write_data(a, zeros, sizeof(zeros));
                archive_entry_free(entry);
        }
        assert_int_equal(archive_write_close(a), 0);
        archive_write_free(a);
}

/* Every member as `path=content;`, a content longer than 40 bytes as its length. */
static LimnBuf list(const char *path, LimnEntryKind kind, size_t *ret_refused, size_t *ret_broken,
                    LimnDiag *diag)
{
        LimnEntry entry = file(path);
        LimnBuf all = LIMN_BUF(1 << 20);
        LimnStream *s = NULL;
        static char text[100000];
        int r;

        entry.kind = kind;
        *ret_refused = *ret_broken = 0;
        if (limn_stream_open(&s, &entry, diag) < 0)
                return all;
        while ((r = limn_stream_next_member(s, diag)) == 0) {
                size_t n, sum = 0;
                do {
                        r = limn_stream_read(s, text, sizeof(text), &n, diag);
                        assert_true(r >= 0);
                        sum += n;
                } while (n == sizeof(text));
                if (sum <= 40)
                        limn_buf_printf(&all, "%s=%.*s;", limn_stream_path(s), (int)sum, text);
                else
                        limn_buf_printf(&all, "%s=%zu;", limn_stream_path(s), sum);
        }
        assert_int_equal(r, 1);
        *ret_refused = limn_stream_refused(s);
        *ret_broken = limn_stream_broken(s);
        limn_stream_free(s);
        return all;
}

static void expect(const char *path, LimnEntryKind kind, const char *want, size_t want_refused,
                   size_t want_broken)
{
        LimnDiag *diag = limn_diag_new();
        size_t refused, broken;
        LimnBuf got = list(path, kind, &refused, &broken, diag);

        assert_string_equal(limn_buf_str(&got), want);
        assert_int_equal(refused, want_refused);
        assert_int_equal(broken, want_broken);
        limn_buf_done(&got);
        limn_diag_free(diag);
}

static void test_archives(void **state)
{
        static const Put puts[] = {{.name = "logs", .type = AE_IFDIR},
                                   {.name = "./logs/error.log", .text = "one\n"},
                                   {.name = "empty", .text = ""},
                                   {.name = "b.log", .text = "two\n"}};
        static const struct {
                const char *kind, *filter;
        } rows[] = {{"tar", NULL}, {"tar", "gzip"}, {"tar", "bzip2"}, {"tar", "xz"},
                    {"tar", "zstd"}, {"tar", "lz4"}, {"zip", NULL}, {"7z", NULL}};

        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                pack("a", rows[i].kind, rows[i].filter, puts, 4);
                /* 7z lists empty files last. */
                bool seven = strcmp(rows[i].kind, "7z") == 0;
                const char *want = seven ? "a!logs/error.log=one\n;a!b.log=two\n;a!empty=;"
                                         : "a!logs/error.log=one\n;a!empty=;a!b.log=two\n;";
                expect("a", LIMN_ENTRY_FILE, want, 0, 0);
                expect("a", LIMN_ENTRY_STREAM, want, 0, 0);
        }
}

static char *slurp(const char *path, size_t *ret_n)
{
        FILE *f = fopen(path, "re");
        char *p = malloc(size_of(path) + 1);

        assert_non_null(f);
        assert_non_null(p);
        *ret_n = fread(p, 1, size_of(path), f);
        fclose(f);
        return p;
}

/* Packs `name` into `to` as its only member. */
static void wrap(const char *to, const char *kind, const char *filter, const char *name)
{
        struct archive *a = archive_write_new();
        struct archive_entry *entry = archive_entry_new();
        size_t n;
        char *p = slurp(name, &n);

        archive_write_set_format_by_name(a, strcmp(kind, "7z") == 0 ? "7zip"
                                            : strcmp(kind, "tar") == 0 ? "ustar" : kind);
        if (filter)
                archive_write_add_filter_by_name(a, filter);
        assert_int_equal(archive_write_open_filename(a, to), 0);
        archive_entry_set_pathname(entry, name);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_size(entry, (la_int64_t)n);
        archive_write_header(a, entry);
        archive_write_data(a, p, n);
        archive_entry_free(entry);
        archive_write_close(a);
        archive_write_free(a);
        free(p);
}

static void test_nested_archives(void **state)
{
        static const Put puts[] = {{.name = "x.log", .text = "deep\n"}};
        char name[16], last[16] = "n0";

        pack("a.7z", "7z", NULL, puts, 1);
        wrap("b.zip", "zip", NULL, "a.7z");
        wrap("c.tgz", "tar", "gzip", "b.zip");
        expect("c.tgz", LIMN_ENTRY_FILE, "c.tgz!b.zip!a.7z!x.log=deep\n;", 0, 0);

        pack(last, "tar", NULL, puts, 1);
        for (int i = 1; i <= LIMN_ARCHIVE_DEPTH_MAX + 2; i++) {
                snprintf(name, sizeof(name), "n%d", i);
                wrap(name, "tar", NULL, last);
                snprintf(last, sizeof(last), "%s", name);
        }
        expect(last, LIMN_ENTRY_FILE, "", 1, 0);
}

static void test_hostile_archives(void **state)
{
        static const Put puts[] = {
                {.name = "../../etc/passwd", .text = "climbs\n"},
                {.name = "/etc/passwd", .text = "climbs\n"},
                {.name = "a/../../b", .text = "climbs\n"},
                {.name = "link", .type = AE_IFLNK, .link = "/etc/passwd"},
                {.name = "device", .type = AE_IFCHR},
                {.name = "fifo", .type = AE_IFIFO},
                {.name = "a..b/x..log", .text = "does not\n"},
        };
        static const Put jar[] = {{.name = "META-INF/MANIFEST.MF", .text = "x"},
                                  {.name = "a.log", .text = "y"}};

        pack("a", "tar", NULL, puts, sizeof(puts) / sizeof(puts[0]));
        expect("a", LIMN_ENTRY_FILE, "a!a..b/x..log=does not\n;", 6, 0);
        pack("a", "zip", NULL, jar, 2);
        expect("a", LIMN_ENTRY_FILE, "", 0, 1);
}

static void test_archive_bomb(void **state)
{
        static const Put puts[] = {{.name = "small", .text = "x\n"},
                                   {.name = "zeros", .size = 300u * 1024 * 1024},
                                   {.name = "more", .size = 300u * 1024 * 1024}};
        LimnDiag *diag = limn_diag_new();
        size_t refused, broken;

        pack("a", "tar", "gzip", puts, 3);
        LimnBuf got = list("a", LIMN_ENTRY_FILE, &refused, &broken, diag);
        assert_true(limn_slice_starts(limn_buf_slice(&got), LIMN_S("a!small=x\n;a!zeros=26")));
        assert_int_equal(limn_slice_find(limn_buf_slice(&got), LIMN_S("more")), got.n);
        assert_int_equal(broken, 1);
        limn_buf_done(&got);
        limn_diag_free(diag);
}

static void test_damaged_archive(void **state)
{
        static const Put puts[] = {{.name = "one", .text = "one\n"},
                                   {.name = "two", .text = "2\n"}};
        static const char *const kinds[] = {"tar", "zip", "7z"};

        for (size_t k = 0; k < 3; k++) {
                size_t n, refused, broken;
                pack("a", kinds[k], NULL, puts, 2);
                char *p = slurp("a", &n);
                for (size_t cut = 6; cut < n; cut += n / 40 + 1) {
                        LimnDiag *diag = limn_diag_new();
                        put("b", p, cut);
                        LimnBuf got = list("b", LIMN_ENTRY_FILE, &refused, &broken, diag);
                        limn_buf_done(&got);
                        limn_diag_free(diag);
                }
                free(p);
        }
}

static void test_utf16(void **state)
{
        static const char little[] = "\xff\xfe" "a\0\n\0\x3d\xd8\x00\xde" "b\0" "\x00\xd8";
        static const char big[] = "\xfe\xff\0a\0\n\xd8\x3d\xde\x00\0b\xd8\x00";
        char hex[LIMN_SHA256_HEX], want[LIMN_SHA256_HEX], text[64];

        for (int i = 0; i < 2; i++) {
                const char *from = i ? big : little;
                size_t n, got = 0;
                LimnEntry entry = file("u");
                LimnStream *s = NULL;
                put("u", from, 14);
                assert_int_equal(limn_stream_open(&s, &entry, NULL), 0);
                assert_int_equal(limn_stream_next_member(s, NULL), 0);
                do {
                        assert_int_equal(limn_stream_read(s, text + got, 1, &n, NULL), 0);
                        got += n;
                } while (n == 1);
                assert_int_equal(got, 10);
                assert_memory_equal(text, "a\n\xf0\x9f\x98\x80" "b\xef\xbf\xbd", 10);
                assert_string_equal(limn_stream_compression(s), "utf-16");
                assert_int_equal(limn_stream_received_hex(s, hex), 0);
                limn_sha256_of(limn_slice(from, 14), want);
                assert_string_equal(hex, want);
                limn_stream_free(s);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_archives, enter, leave),
                cmocka_unit_test_setup_teardown(test_nested_archives, enter, leave),
                cmocka_unit_test_setup_teardown(test_hostile_archives, enter, leave),
                cmocka_unit_test_setup_teardown(test_archive_bomb, enter, leave),
                cmocka_unit_test_setup_teardown(test_damaged_archive, enter, leave),
                cmocka_unit_test_setup_teardown(test_utf16, enter, leave),
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
