/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/vec.h"
#include "reports/archive.h"
#include "reports/bundle.h"
#include "reports/proof.h"
#include "tests/support/case_fixture.h"
#include "tests/support/keys.h"

static char folder[] = "/tmp/limn-bundle-XXXXXX";
static char whole[64];

static int make(const char *path)
{
        CaseFixture *fixture = case_fixture_new(false, NULL);
        LimnReportInput input = {.query = case_fixture_query(fixture), .version = "0.1.0"};
        const LimnSourceBytes bytes = case_fixture_bytes(fixture);
        const LimnBundleOptions options = {.bytes = &bytes};
        int r = limn_bundle_write(&input, path, &options, NULL);
        case_fixture_free(fixture);
        return r;
}

static int setup(void **state)
{
        assert_non_null(mkdtemp(folder));
        snprintf(whole, sizeof whole, "%s/whole.tar.zst", folder);
        return make(whole);
}

static size_t files(bool remove_them)
{
        DIR *dir = opendir(folder);
        assert_non_null(dir);
        size_t n = 0;
        for (struct dirent *entry; (entry = readdir(dir));) {
                if (entry->d_name[0] == '.' && (!entry->d_name[1] || entry->d_name[1] == '.'))
                        continue;
                n++;
                if (remove_them)
                        unlinkat(dirfd(dir), entry->d_name, 0);
        }
        closedir(dir);
        return n;
}

static int teardown(void **state)
{
        files(true);
        return rmdir(folder);
}

/* -- an archive in memory, to be tampered with ----------------------------------------- */

typedef struct Part {
        char name[128];
        LimnBuf bytes;
} Part;

typedef struct Parts {
        Part at[64];
        size_t n;
} Parts;

static int on_member(void *arg, const LimnArchiveMember *member)
{
        Parts *parts = arg;
        assert_null(member->odd);
        assert_true(parts->n < 64);
        Part *part = &parts->at[parts->n++];
        snprintf(part->name, sizeof part->name, "%s", member->name);
        part->bytes = LIMN_BUF(64u << 20);
        return 0;
}

static int on_bytes(void *arg, LimnSlice bytes)
{
        Parts *parts = arg;
        return limn_buf_add(&parts->at[parts->n - 1].bytes, bytes);
}

static int try_load(const char *path, Parts *parts)
{
        parts->n = 0;
        return limn_archive_read(path, on_member, on_bytes, parts, NULL);
}

static Parts *load(void)
{
        Parts *parts = calloc(1, sizeof *parts);
        assert_non_null(parts);
        assert_int_equal(try_load(whole, parts), 0);
        return parts;
}

static void parts_free(Parts *parts)
{
        for (size_t i = 0; i < parts->n; i++)
                limn_buf_done(&parts->at[i].bytes);
        free(parts);
}

static int64_t read_part(void *ctx, char *piece, size_t most)
{
        LimnSlice *left = ctx;
        size_t n = left->n < most ? left->n : most;
        memcpy(piece, left->p, n);
        *left = limn_slice_from(*left, n);
        return (int64_t)n;
}

static void store(const Parts *parts, const char *path)
{
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        assert_true(fd >= 0);
        LimnArchive *archive = NULL;
        assert_int_equal(limn_archive_new(&archive, fd, 0, NULL), 0);
        for (size_t i = 0; i < parts->n; i++) {
                LimnSlice left = limn_buf_slice(&parts->at[i].bytes);
                assert_int_equal(limn_archive_add(archive, parts->at[i].name, left.n, read_part,
                                                  &left, NULL),
                                 0);
        }
        assert_int_equal(limn_archive_end(archive, NULL), 0);
        limn_archive_free(archive);
        close(fd);
}

static size_t index_of(const Parts *parts, const char *name)
{
        for (size_t i = 0; i < parts->n; i++)
                if (strcmp(parts->at[i].name, name) == 0)
                        return i;
        fail_msg("no member %s", name);
        return 0;
}

/* Verifies; *ret_text gets all messages. */
static int verify(const char *path, LimnBuf *messages)
{
        LimnDiag *diag = limn_diag_new();
        LimnVerified verified = {0};
        int r = limn_bundle_verify(path, NULL, &verified, diag);
        limn_buf_clear(messages);
        for (size_t i = 0; i < limn_diag_kept(diag); i++)
                limn_diag_render(limn_diag_at(diag, i), messages);
        assert_true(r == 0 ? limn_diag_kept(diag) == 0 : limn_diag_kept(diag) > 0);
        assert_true(r != 0 || (verified.members > 10 && verified.excerpts > 20));
        limn_diag_free(diag);
        return r;
}

static void refused(const Parts *parts, const char *because)
{
        char path[64];
        snprintf(path, sizeof path, "%s/other.tar.zst", folder);
        store(parts, path);
        LimnBuf messages = LIMN_BUF(1 << 20);
        assert_int_equal(verify(path, &messages), LIMN_BUNDLE_BAD);
        if (!strstr(limn_buf_str(&messages), because))
                fail_msg("expected '%s' in: %s", because, limn_buf_str(&messages));
        limn_buf_done(&messages);
        unlink(path);
}

static LimnBuf slurp(const char *path)
{
        LimnBuf out = LIMN_BUF(64u << 20);
        FILE *f = fopen(path, "rb");
        assert_non_null(f);
        char piece[4096];
        for (size_t n; (n = fread(piece, 1, sizeof piece, f));)
                limn_buf_add(&out, limn_slice(piece, n));
        fclose(f);
        return out;
}

/* -- tests ---------------------------------------------------------------------------------- */

static void test_whole(void **state)
{
        LimnBuf messages = LIMN_BUF(1 << 20);
        assert_int_equal(verify(whole, &messages), 0);
        Parts *parts = load();
        static const char *const first[] = {"README.md",     "manifest.json", "SUMMARY.md",
                                            "report.html",   "findings.json", "timeline.csv",
                                            "timeline.jsonl", "checklist.md",  "attempted.md",
                                            "topology.svg"};
        for (size_t i = 0; i < sizeof first / sizeof *first; i++)
                assert_string_equal(parts->at[i].name, first[i]);
        assert_string_equal(parts->at[parts->n - 1].name, "SHA256SUMS");
        size_t evidence = 0, config = 0;
        for (size_t i = 0; i < parts->n; i++) {
                const char *text = limn_buf_str(&parts->at[i].bytes);
                if (strstr(text, "hunter2"))
                        fail_msg("%s leaks a secret", parts->at[i].name);
                evidence += strncmp(parts->at[i].name, "evidence/", 9) == 0;
                config += strncmp(parts->at[i].name, "config/", 7) == 0;
        }
        assert_int_equal(evidence, 10); /* a text and its proof for each of five sources */
        assert_int_equal(config, 2);
        const char *list = limn_buf_str(&parts->at[index_of(parts, "checklist.md")].bytes);
        assert_non_null(strstr(list, "- [x] 1. Workspace id: `8374650192837465`"));
        assert_non_null(strstr(list, "- [ ] 6. Network architecture diagram"));
        parts_free(parts);
        limn_buf_done(&messages);
}

static void test_same_bytes(void **state)
{
        char path[64];
        snprintf(path, sizeof path, "%s/again.tar.zst", folder);
        assert_int_equal(make(path), 0);
        LimnBuf a = slurp(whole), b = slurp(path);
        assert_int_equal(a.n, b.n);
        assert_memory_equal(a.p, b.p, a.n);
        limn_buf_done(&a);
        limn_buf_done(&b);
        unlink(path);
        assert_int_equal(files(false), 1);
}

static void test_tampered(void **state)
{
        Parts *parts = load();
        Part kept;

        /* A flipped bit in each member. */
        for (size_t i = 0; i < parts->n; i++) {
                LimnBuf *bytes = &parts->at[i].bytes;
                bytes->p[bytes->n / 2] ^= 1;
                refused(parts, i == 1                 ? "manifest"
                               : i + 1 == parts->n    ? "SHA256SUMS"
                                                      : "its content was changed");
                bytes->p[bytes->n / 2] ^= 1;
        }
        /* Longer, and emptied. */
        limn_buf_add_char(&parts->at[3].bytes, ' ');
        refused(parts, "the manifest says");
        parts->at[3].bytes.n--;
        /* Added. */
        kept = parts->at[parts->n - 1];
        Part added = {.name = "evidence/99-more.txt", .bytes = LIMN_BUF(16)};
        limn_buf_add_str(&added.bytes, "more");
        parts->at[parts->n - 1] = added;
        parts->at[parts->n++] = kept;
        refused(parts, "the bundle has it, the manifest does not");
        parts->n--;
        parts->at[parts->n - 1] = kept;
        limn_buf_done(&added.bytes);
        /* Added a second time. */
        parts->at[parts->n++] = parts->at[2];
        refused(parts, "twice");
        parts->n--;
        /* Renamed. */
        kept = parts->at[4];
        snprintf(parts->at[4].name, sizeof kept.name, "findings.jsom");
        refused(parts, "the manifest has it, the bundle does not");
        snprintf(parts->at[4].name, sizeof kept.name, "../findings.json");
        refused(parts, "gives no member such a name");
        parts->at[4] = kept;
        /* Reordered: any two neighbours. */
        for (size_t i = 0; i + 1 < parts->n; i++) {
                kept = parts->at[i];
                parts->at[i] = parts->at[i + 1];
                parts->at[i + 1] = kept;
                refused(parts, i < 2 ? "manifest" : "belongs");
                kept = parts->at[i];
                parts->at[i] = parts->at[i + 1];
                parts->at[i + 1] = kept;
        }
        /* Removed: any one, and the last. */
        for (size_t i = 0; i < parts->n; i++) {
                kept = parts->at[i];
                memmove(&parts->at[i], &parts->at[i + 1], (parts->n - i - 1) * sizeof kept);
                parts->n--;
                refused(parts, i <= 1               ? "manifest"
                               : i == parts->n      ? "SHA256SUMS"
                                                    : "the manifest has it, the bundle does not");
                memmove(&parts->at[i + 1], &parts->at[i], (parts->n - i) * sizeof kept);
                parts->at[i] = kept;
                parts->n++;
        }
        parts_free(parts);
}

/* A flipped bit of the file: refused, or the members are what they were (zstd has bits that mean
 * nothing). Cut anywhere: refused. Something behind it: refused. */
static void test_damaged(void **state)
{
        LimnBuf bytes = slurp(whole), messages = LIMN_BUF(1 << 20);
        Parts *good = load();
        char path[64];
        snprintf(path, sizeof path, "%s/other.tar.zst", folder);
        size_t passed = 0, tried = 0;
        for (size_t at = 0; at < bytes.n; at += at < 24 ? 1 : bytes.n / 60 + 1) {
                bytes.p[at] ^= (char)(1 << at % 8);
                int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
                assert_int_equal(write(fd, bytes.p, bytes.n), (ssize_t)bytes.n);
                close(fd);
                tried++;
                if (verify(path, &messages) == 0) {
                        Parts *parts = calloc(1, sizeof *parts);
                        assert_int_equal(try_load(path, parts), 0);
                        assert_int_equal(parts->n, good->n);
                        for (size_t i = 0; i < good->n; i++)
                                assert_true(limn_slice_eq(limn_buf_slice(&parts->at[i].bytes),
                                                          limn_buf_slice(&good->at[i].bytes)));
                        parts_free(parts);
                        passed++;
                }
                bytes.p[at] ^= (char)(1 << at % 8);
        }
        print_message("%zu of %zu flipped bits meant nothing\n", passed, tried);
        assert_true(passed < tried / 10);
        for (size_t n = 0; n < bytes.n; n += bytes.n / 7 + 1) {
                int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
                assert_int_equal(write(fd, bytes.p, n), (ssize_t)n);
                close(fd);
                assert_int_equal(verify(path, &messages), LIMN_BUNDLE_BAD);
        }
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        for (int i = 0; i < 2; i++)
                assert_int_equal(write(fd, bytes.p, bytes.n), (ssize_t)bytes.n);
        close(fd);
        assert_int_equal(verify(path, &messages), LIMN_BUNDLE_BAD);
        unlink(path);
        parts_free(good);
        limn_buf_done(&bytes);
        limn_buf_done(&messages);
}

/* What cannot be completed leaves what was there before, and nothing beside it. */
static void test_no_half(void **state)
{
        char path[64];
        snprintf(path, sizeof path, "%s/full.tar.zst", folder);
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        fputs("before", f);
        fclose(f);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) { /* a disk that is full after 8 KiB */
                struct rlimit limit = {8192, 8192};
                setrlimit(RLIMIT_FSIZE, &limit);
                signal(SIGXFSZ, SIG_IGN);
                _exit(make(path) < 0 ? 0 : 1);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        LimnBuf left = slurp(path);
        assert_string_equal(limn_buf_str(&left), "before");
        limn_buf_done(&left);
        unlink(path);
        assert_int_equal(files(false), 1);

        snprintf(path, sizeof path, "%s/none/x.tar.zst", folder);
        assert_int_equal(make(path), -ENOENT);
        assert_int_equal(limn_bundle_verify(path, NULL, NULL, NULL), -ENOENT);
}

/* The proof reads what was really packed: in a bundle that was not masked it finds the name, in
 * the masked one it does not; a failed proof leaves neither bundle nor map. */
static void test_proof(void **state)
{
        static const unsigned char key[LIMN_MASK_KEY_BYTES] = {1};
        char path[64], map[80];
        snprintf(path, sizeof path, "%s/masked.tar.zst", folder);
        snprintf(map, sizeof map, "%s.map", path);
        LimnMask *mask = NULL;
        assert_int_equal(limn_mask_new(&mask, LIMN_MASK_ALL, key), 0);
        assert_int_equal(limn_mask_add(mask, LIMN_MASK_HOST, LIMN_S("db-prod-1")), 0);
        assert_int_equal(limn_mask_seal(mask), 0);
        LimnDiag *diag = limn_diag_new();
        assert_int_equal(limn_proof(mask, whole, diag), LIMN_PROOF_LEAK);
        assert_int_equal(limn_diag_kept(diag), 1);
        LimnBuf message = LIMN_BUF(1 << 16);
        limn_diag_render(limn_diag_at(diag, 0), &message);
        assert_null(strstr(limn_buf_str(&message), "db-prod-1"));
        limn_diag_free(diag);
        limn_buf_done(&message);

        CaseFixture *fixture = case_fixture_new(false, NULL);
        LimnReportInput input = {.query = case_fixture_query(fixture), .version = "0.1.0"};
        const LimnSourceBytes bytes = case_fixture_bytes(fixture);
        LimnBundleOptions options = {.mask = mask, .map = map, .bytes = &bytes};
        assert_int_equal(limn_bundle_write(&input, path, &options, NULL), 0);
        assert_int_equal(limn_proof(mask, path, NULL), LIMN_PROOF_CLEAN);
        unlink(path);
        unlink(map);
        /* What limn itself says of the tool is not masked: a word in it is a leak. */
        assert_int_equal(limn_mask_add(mask, LIMN_MASK_WORD, LIMN_S("0.1.0-qzx")), 0);
        input.version = "0.1.0-qzx";
        assert_int_equal(limn_bundle_write(&input, path, &options, NULL), LIMN_BUNDLE_LEAK);
        assert_int_equal(access(path, F_OK), -1);
        assert_int_equal(access(map, F_OK), -1);
        case_fixture_free(fixture);
        limn_mask_free(mask);
        assert_int_equal(files(false), 1);
}

/* A signature binds a bundle to a key; without it, or with what another key signed, it is refused
 * by who asks for that key. */
static void test_signed(void **state)
{
        char path[64], other[64];
        snprintf(path, sizeof path, "%s/signed.tar.zst", folder);
        snprintf(other, sizeof other, "%s/other.tar.zst", folder);
        CaseFixture *fixture = case_fixture_new(false, NULL);
        LimnReportInput input = {.query = case_fixture_query(fixture), .version = "0.1.0"};
        const LimnSourceBytes bytes = case_fixture_bytes(fixture);
        LimnBundleOptions options = {.sign = LIMN_S(TEST_PRIVATE_KEY), .bytes = &bytes};
        assert_int_equal(limn_bundle_write(&input, path, &options, NULL), 0);
        case_fixture_free(fixture);
        const LimnVerifyOptions key = {.key = LIMN_S(TEST_PUBLIC_KEY)};
        const LimnVerifyOptions wrong = {.key = LIMN_S(TEST_OTHER_KEY)};
        LimnVerified verified;
        assert_int_equal(limn_bundle_verify(path, NULL, &verified, NULL), 0);
        assert_true(verified.is_signed);
        assert_int_equal(limn_bundle_verify(path, &key, NULL, NULL), 0);
        assert_int_equal(limn_bundle_verify(path, &wrong, NULL, NULL),
                         LIMN_BUNDLE_BAD);
        assert_int_equal(limn_bundle_verify(whole, &key, NULL, NULL),
                         LIMN_BUNDLE_BAD);
        Parts *parts = calloc(1, sizeof *parts);
        assert_int_equal(try_load(path, parts), 0);
        LimnBuf *signature = &parts->at[parts->n - 1].bytes;
        assert_string_equal(parts->at[parts->n - 1].name, "SIGNATURE");
        signature->p[7] ^= 1;
        store(parts, other);
        assert_int_equal(limn_bundle_verify(other, &key, NULL, NULL),
                         LIMN_BUNDLE_BAD);
        signature->p[7] ^= 1;
        signature->n--;
        store(parts, other);
        assert_int_equal(limn_bundle_verify(other, NULL, NULL, NULL),
                         LIMN_BUNDLE_BAD);
        signature->n++;
        /* Everything anew but the signature: sums agree, the signature does not. */
        parts->n--;
        store(parts, other);
        assert_int_equal(limn_bundle_verify(other, NULL, NULL, NULL), 0);
        assert_int_equal(limn_bundle_verify(other, &key, NULL, NULL),
                         LIMN_BUNDLE_BAD);
        parts->n++;
        parts_free(parts);
        unlink(path);
        unlink(other);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_whole),   cmocka_unit_test(test_same_bytes),
                cmocka_unit_test(test_tampered),
                cmocka_unit_test(test_signed), cmocka_unit_test(test_proof),
                cmocka_unit_test(test_damaged),
                cmocka_unit_test(test_no_half),
        };
        return cmocka_run_group_tests(tests, setup, teardown);
}
