/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/toy.h"

/* -- a folder a test --------------------------------------------------------------------- */

typedef struct Fixture {
        char dir[64], path[96];
        LimnDiag *diag;
} Fixture;

static int set_up(void **state)
{
        Fixture *f = calloc(1, sizeof *f);
        snprintf(f->dir, sizeof f->dir, "/tmp/limn-case-XXXXXX");
        if (!mkdtemp(f->dir))
                return -1;
        snprintf(f->path, sizeof f->path, "%s/limn.case", f->dir);
        f->diag = limn_diag_new();
        *state = f;
        return 0;
}

static int tear_down(void **state)
{
        Fixture *f = *state;
        char path[128];
        static const char *const names[] = {"limn.case", "limn.case-journal", "limn.case-wal",
                                            "limn.case-shm", "other.case",
                                            "file:x?y"};
        chmod(f->dir, 0700);
        for (size_t i = 0; i < N_OF(names); i++) {
                snprintf(path, sizeof path, "%s/%s", f->dir, names[i]);
                unlink(path);
        }
        /* Fails when a test left something else behind. */
        int r = rmdir(f->dir);
        limn_diag_free(f->diag);
        free(f);
        return r;
}

static void write_file(const char *path, const void *bytes, size_t n)
{
        FILE *f = fopen(path, "wb");
        assert_non_null(f);
        assert_int_equal(fwrite(bytes, 1, n, f), n);
        assert_int_equal(fclose(f), 0);
}

static char *read_file(const char *path, size_t *ret_n)
{
        struct stat st;
        FILE *f = fopen(path, "rb");
        assert_non_null(f);
        assert_int_equal(fstat(fileno(f), &st), 0);
        char *p = malloc((size_t)st.st_size + 1);
        assert_non_null(p);
        *ret_n = fread(p, 1, (size_t)st.st_size, f);
        fclose(f);
        return p;
}

static LimnCase *create(Fixture *f)
{
        LimnCase *c = NULL;
        assert_int_equal(limn_case_open(&c, f->path, LIMN_CASE_WRITE | LIMN_CASE_CREATE, f->diag),
                         0);
        return c;
}

/* The only message, as text that holds `part`. */
static void assert_said(Fixture *f, const char *part)
{
        LimnBuf text = LIMN_BUF(65536);
        assert_true(limn_diag_kept(f->diag) > 0);
        limn_diag_render(limn_diag_at(f->diag, limn_diag_kept(f->diag) - 1), &text);
        if (!strstr(limn_buf_str(&text), part))
                fail_msg("said: %s\nwant: %s", limn_buf_str(&text), part);
        limn_buf_done(&text);
}

static int take_int(void *arg, const LimnValue *values, size_t n)
{
        *(int64_t *)arg = values[0].i;
        return 0;
}

static int64_t ask(LimnCase *c, const char *sql)
{
        int64_t i = -1;
        LimnQuery q = limn_case_query(c);
        assert_int_equal(q.run(q.ctx, sql, NULL, 0, take_int, &i, NULL), 0);
        return i;
}

static char *make_text(size_t lines)
{
        LimnBuf b = LIMN_BUF(64 * 1024 * 1024);
        for (size_t i = 0; i < lines; i++) {
                limn_buf_printf(&b, "%zu %s message %zu k=%zu\n", 100 + i,
                                i % 10 == 3 ? "error" : "info", i, i % 7);
                if (i % 11 == 0)
                        limn_buf_add_str(&b, "  at Some.trace\n");
                if (i % 13 == 0)
                        limn_buf_add_str(&b, "no record\n");
        }
        return limn_buf_take(&b);
}

/* -- opening ----------------------------------------------------------------------------- */

static void test_create_and_open_again(void **state)
{
        Fixture *f = *state;
        LimnBuf value = LIMN_BUF(100);
        LimnCase *c = create(f);

        assert_int_equal(limn_case_meta_get(c, "limn", &value, NULL), 1);
        assert_int_equal(limn_case_meta_set(c, "limn", LIMN_S("0.1"), NULL), 0);
        assert_int_equal(limn_case_meta_set(c, "limn", LIMN_S("0.2"), NULL), 0);
        assert_null(limn_case_close(c));
        assert_int_equal(limn_case_open(&c, f->path, LIMN_CASE_READ, f->diag), 0);
        assert_int_equal(limn_case_meta_get(c, "limn", &value, NULL), 0);
        assert_slice(limn_buf_slice(&value), "0.2");
        assert_int_equal(ask(c, "PRAGMA page_size"), 4096);
        assert_int_equal(ask(c, "PRAGMA user_version"), 1);
        assert_int_equal(ask(c, "PRAGMA application_id"), 0x6c696d6e);
        assert_int_equal(limn_case_meta_set(c, "limn", LIMN_S("x"), f->diag), -EROFS);
        assert_said(f, "open for reading");
        limn_case_close(c);
        assert_null(limn_case_close(NULL));
        limn_buf_done(&value);
}

static void test_open_missing(void **state)
{
        Fixture *f = *state;
        LimnCase *c = NULL;
        assert_int_equal(limn_case_open(&c, f->path, LIMN_CASE_READ, f->diag), -ENOENT);
        assert_said(f, "limn.case");
        assert_int_equal(limn_case_open(&c, f->path, LIMN_CASE_WRITE, f->diag), -ENOENT);
        assert_int_equal(access(f->path, F_OK), -1);
        assert_int_equal(limn_case_open(&c, f->dir, LIMN_CASE_READ, f->diag), -EINVAL);
        assert_said(f, "not a regular file");
        assert_null(c);
}

static void test_odd_names(void **state)
{
        Fixture *f = *state;
        LimnCase *c = NULL;
        char name[128];
        snprintf(name, sizeof name, "%s/file:x?y", f->dir);
        assert_int_equal(limn_case_open(&c, name, LIMN_CASE_CREATE, f->diag), 0);
        limn_case_close(c);
        assert_int_equal(access(name, F_OK), 0);
        /* The bare name looks like a URI. */
        char *here = getcwd(NULL, 0);
        assert_int_equal(chdir(f->dir), 0);
        assert_int_equal(limn_case_open(&c, "file:x?y", LIMN_CASE_READ, f->diag), 0);
        limn_case_close(c);
        assert_int_equal(chdir(here), 0);
        free(here);
}

static void refuse_untouched(Fixture *f, const char *why)
{
        static const unsigned ways[] = {LIMN_CASE_READ, LIMN_CASE_WRITE,
                                        LIMN_CASE_WRITE | LIMN_CASE_CREATE};
        size_t n_before, n_after;
        char *before = read_file(f->path, &n_before);
        for (size_t i = 0; i < N_OF(ways); i++) {
                LimnCase *c = NULL;
                assert_int_equal(limn_case_open(&c, f->path, ways[i], f->diag), -EINVAL);
                assert_null(c);
                assert_said(f, why);
        }
        char *after = read_file(f->path, &n_after);
        assert_int_equal(n_before, n_after);
        assert_memory_equal(before, after, n_before);
        free(before);
        free(after);
}

static void exec_on(const char *path, const char *sql)
{
        sqlite3 *db;
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
        sqlite3_close(db);
}

static void test_refuse_what_is_no_case(void **state)
{
        Fixture *f = *state;
        char noise[5000];
        memset(noise, 'x', sizeof noise);
        write_file(f->path, noise, sizeof noise);
        refuse_untouched(f, "not an SQLite database");
        write_file(f->path, noise, 3);
        refuse_untouched(f, "not an SQLite database");
        unlink(f->path);
        exec_on(f->path, "CREATE TABLE t(a); INSERT INTO t VALUES(1)");
        refuse_untouched(f, "another program");
        /* A header and nothing that fits it. */
        memcpy(noise, "SQLite format 3", 16);
        memset(noise + 16, 0, 84);
        write_file(f->path, noise, sizeof noise);
        refuse_untouched(f, "another program");
}

static void test_refuse_other_layouts(void **state)
{
        Fixture *f = *state;
        limn_case_close(create(f));
        exec_on(f->path, "PRAGMA user_version = 2");
        refuse_untouched(f, "newer limn");
        exec_on(f->path, "PRAGMA user_version = 0");
        refuse_untouched(f, "older limn");
        exec_on(f->path, "PRAGMA user_version = 1; ALTER TABLE hit ADD COLUMN mine TEXT");
        refuse_untouched(f, "read the sources into a new case");
}

/* Views of the file that are not ours are not asked, and a reader changes nothing in the file. */
static void test_other_views(void **state)
{
        Fixture *f = *state;
        LimnCase *c = NULL;
        size_t n_before, n_after;

        limn_case_close(create(f));
        exec_on(f->path, "DROP VIEW v_hit; CREATE VIEW v_hit AS SELECT 7 AS hit_id;"
                         "DROP VIEW v_fact; INSERT INTO meta VALUES ('concluded_sha256', 'x')");
        char *before = read_file(f->path, &n_before);
        assert_int_equal(limn_case_open(&c, f->path, LIMN_CASE_READ, f->diag), 0);
        assert_int_equal(ask(c, "SELECT count(*) FROM v_hit"), 0);
        assert_int_equal(ask(c, "SELECT count(*) FROM v_fact"), 0);
        /* One of ours that asks another of ours. */
        assert_int_equal(ask(c, "SELECT count(*) FROM v_lag"), 0);
        assert_int_equal(limn_case_meta_set(c, "a", LIMN_S("b"), f->diag), -EROFS);
        limn_case_close(c);
        char *after = read_file(f->path, &n_after);
        assert_int_equal(n_before, n_after);
        assert_memory_equal(before, after, n_before);
        free(before);
        free(after);
        /* Who draws conclusions anew puts them right in the file, and keeps what was concluded. */
        assert_int_equal(limn_case_open(&c, f->path, LIMN_CASE_WRITE | LIMN_CASE_RENEW, NULL), 0);
        limn_case_close(c);
        assert_int_equal(limn_case_open(&c, f->path, LIMN_CASE_READ, f->diag), 0);
        assert_int_equal(ask(c, "SELECT count(*) FROM main.v_hit"), 0);
        assert_int_equal(ask(c, "SELECT count(*) FROM meta"), 1);
        limn_case_close(c);
}

/* Conclusions of another layout are told of, and made anew where they are drawn; facts stay. */
static void test_other_conclusions(void **state)
{
        Fixture *f = *state;
        LimnCase *c = create(f);

        assert_int_equal(limn_case_meta_set(c, "keep", LIMN_S("me"), NULL), 0);
        assert_int_equal(limn_case_meta_set(c, "concluded_sha256", LIMN_S("x"), NULL), 0);
        limn_case_close(c);
        exec_on(f->path, "INSERT INTO assumption(text) VALUES ('old');"
                         "ALTER TABLE story DROP COLUMN text; DROP TABLE missing;"
                         "CREATE TABLE mine(a); INSERT INTO mine VALUES (1)");
        refuse_untouched(f, "limn diagnose --case");
        assert_int_equal(limn_case_open(&c, f->path, LIMN_CASE_WRITE | LIMN_CASE_RENEW, NULL), 0);
        assert_int_equal(ask(c, "SELECT count(*) FROM assumption"), 0);
        assert_int_equal(ask(c, "SELECT count(*) FROM missing"), 0);
        assert_int_equal(ask(c, "SELECT count(text) FROM story"), 0);
        assert_int_equal(ask(c, "SELECT count(*) FROM meta WHERE key = 'keep'"), 1);
        assert_int_equal(ask(c, "SELECT count(*) FROM meta WHERE key = 'concluded_sha256'"), 0);
        assert_int_equal(ask(c, "SELECT count(*) FROM mine"), 1);
        limn_case_close(c);
        assert_int_equal(limn_case_open(&c, f->path, LIMN_CASE_READ, f->diag), 0);
        limn_case_close(c);
}

static void test_own_additions_are_welcome(void **state)
{
        Fixture *f = *state;
        LimnCase *c = NULL;
        limn_case_close(create(f));
        exec_on(f->path, "CREATE TABLE mine(a); CREATE INDEX my_index ON hit(time); ANALYZE;"
                         "CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM meta; END");
        assert_int_equal(limn_case_open(&c, f->path, LIMN_CASE_WRITE, f->diag), 0);
        /* But a trigger does not fire. */
        assert_int_equal(limn_case_meta_set(c, "a", LIMN_S("b"), NULL), 0);
        assert_int_equal(ask(c, "SELECT count(*) FROM meta"), 1);
        limn_case_close(c);
}

static void test_empty_file(void **state)
{
        Fixture *f = *state;
        LimnCase *c = NULL;
        write_file(f->path, "", 0);
        assert_int_equal(limn_case_open(&c, f->path, LIMN_CASE_READ, f->diag), -EINVAL);
        assert_int_equal(limn_case_open(&c, f->path, LIMN_CASE_WRITE, f->diag), -EINVAL);
        assert_said(f, "empty");
        assert_int_equal(limn_case_open(&c, f->path, LIMN_CASE_CREATE, f->diag), 0);
        limn_case_close(c);
}

static void test_locked(void **state)
{
        Fixture *f = *state;
        LimnCase *writer = create(f), *other = NULL;
        assert_int_equal(limn_case_open(&other, f->path, LIMN_CASE_WRITE, f->diag), -EBUSY);
        assert_said(f, "in use by another program");
        assert_int_equal(limn_case_open(&other, f->path, LIMN_CASE_READ, f->diag), -EBUSY);
        limn_case_close(writer);
        assert_int_equal(limn_case_open(&other, f->path, LIMN_CASE_READ, f->diag), 0);
        limn_case_close(other);
}

/* As somebody who may read and not write; root may always. */
static int read_as_nobody(Fixture *f)
{
        LimnCase *c = NULL;
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
                return 1;
        if (access(f->dir, W_OK) == 0 || limn_case_open(&c, f->path, LIMN_CASE_READ, f->diag) != 0)
                return 2;
        if (ask(c, "SELECT count(*) FROM source") != 0)
                return 3;
        limn_case_close(c);
        return limn_case_open(&c, f->path, LIMN_CASE_WRITE, f->diag) == -EROFS ? 0 : 4;
}

static void assert_child(int expected, int (*fn)(Fixture *f), Fixture *f)
{
        int status;
        pid_t child = fork();
        if (child == 0)
                _exit(fn(f));
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), expected);
}

static void test_read_only_folder(void **state)
{
        Fixture *f = *state;
        LimnCase *c = NULL;
        limn_case_close(create(f));
        assert_int_equal(chmod(f->path, 0444), 0);
        assert_int_equal(chmod(f->dir, 0555), 0);
        assert_child(0, read_as_nobody, f);
        /* The same with a case that somebody turned to WAL. */
        assert_int_equal(chmod(f->dir, 0755), 0);
        assert_int_equal(chmod(f->path, 0644), 0);
        exec_on(f->path, "PRAGMA journal_mode = WAL; SELECT count(*) FROM source");
        assert_int_equal(chmod(f->path, 0444), 0);
        assert_int_equal(chmod(f->dir, 0555), 0);
        assert_child(0, read_as_nobody, f);
        /* A writer turns it back. */
        assert_int_equal(chmod(f->dir, 0755), 0);
        assert_int_equal(chmod(f->path, 0644), 0);
        assert_int_equal(limn_case_open(&c, f->path, LIMN_CASE_WRITE, f->diag), 0);
        limn_case_close(c);
        size_t n;
        char *bytes = read_file(f->path, &n);
        assert_int_equal(bytes[18], 1);
        free(bytes);
}

/* -- reading in -------------------------------------------------------------------------- */

static int collect(void *arg, LimnSlice bytes)
{
        return limn_buf_add(arg, bytes);
}

static void test_source(void **state)
{
        Fixture *f = *state;
        LimnCase *c = create(f);
        LimnBuf back = LIMN_BUF(64 * 1024 * 1024);
        char *text = make_text(20000), sha[LIMN_SHA256_HEX];
        LimnSlice all = limn_slice_str(text);
        ToyIngest in;
        int64_t source = 0;

        toy_init(&in, c);
        in.segment_bytes = 10000;
        in.hits = true;
        in.diag = f->diag;
        assert_int_equal(toy_ingest(&in, "logs/a.log", all), 0);
        assert_int_equal(limn_diag_kept(f->diag), 0);

        assert_int_equal(ask(c, "SELECT count(*) FROM source WHERE complete = 1"), 1);
        assert_true(ask(c, "SELECT count(*) FROM segment") > 60);
        assert_int_equal(ask(c, "SELECT count(*) FROM hit"), 2000);
        assert_int_equal(ask(c, "SELECT s.size - parsed - continuation - unparsed - skipped"
                                "  FROM ledger JOIN source s USING(source_id)"),
                         0);
        assert_int_equal(limn_case_extract(c, in.source, collect, &back, f->diag), 0);
        assert_true(limn_slice_eq(limn_buf_slice(&back), all));
        assert_int_equal(limn_case_extract(c, in.source + 1, collect, &back, NULL), 1);

        uint32_t seed = 5;
        for (int i = 0; i < 300; i++) {
                seed = seed * 1664525u + 1013904223u;
                size_t from = (seed >> 4) % all.n, n = (seed >> 9) % 30000;
                if (n > all.n - from)
                        n = all.n - from;
                limn_buf_clear(&back);
                assert_int_equal(limn_case_bytes(c, in.source, from, n, &back, f->diag), 0);
                assert_true(limn_slice_eq(limn_buf_slice(&back), limn_slice(text + from, n)));
        }
        assert_int_equal(limn_case_bytes(c, in.source, all.n - 1, 2, &back, f->diag), -EINVAL);
        assert_int_equal(limn_case_bytes(c, in.source, all.n, 1, &back, f->diag), -EINVAL);
        assert_int_equal(limn_case_bytes(c, in.source, UINT64_MAX, 1, &back, f->diag), -EINVAL);
        assert_int_equal(limn_case_bytes(c, 99, 0, 1, &back, f->diag), -EINVAL);

        limn_sha256_of(all, sha);
        assert_int_equal(limn_case_source_known(c, limn_slice_str(sha), LIMN_S("logs/a.log"),
                                                &source, NULL),
                         1);
        assert_int_equal(source, in.source);
        assert_int_equal(ask(c, "SELECT count(*) FROM source_name"), 0);
        for (int i = 0; i < 2; i++)
                assert_int_equal(limn_case_source_known(c, limn_slice_str(sha), LIMN_S("b.log"),
                                                        &source, NULL),
                                 1);
        assert_int_equal(ask(c, "SELECT count(*) FROM source_name WHERE path = 'b.log'"), 1);
        assert_int_equal(limn_case_source_known(c, LIMN_S("00"), LIMN_S("c"), &source, NULL), 0);

        toy_done(&in);
        limn_case_close(c);
        free(text);
        limn_buf_done(&back);
}

static int list_sizes(void *arg, int64_t source, uint64_t size, LimnSlice sha256)
{
        assert_int_equal(sha256.n, 64);
        return limn_buf_printf(arg, "%lld:%llu ", (long long)source, (unsigned long long)size);
}

static void test_grown_file(void **state)
{
        Fixture *f = *state;
        LimnCase *c = create(f);
        LimnBuf list = LIMN_BUF(1000);
        ToyIngest in;

        toy_init(&in, c);
        assert_int_equal(toy_ingest(&in, "a", LIMN_S("1 error x\n2 error y\n")), 0);
        int64_t old = in.source;
        assert_int_equal(toy_ingest(&in, "b", LIMN_S("1 error x\n")), 0);
        assert_int_equal(
                limn_case_source_by_head(c, LIMN_S("head"), 0, false, list_sizes, &list, NULL), 0);
        assert_slice(limn_buf_slice(&list), "2:10 1:20 ");
        limn_buf_clear(&list);
        assert_int_equal(
                limn_case_source_by_head(c, LIMN_S("head"), 20, false, list_sizes, &list, NULL), 0);
        assert_slice(limn_buf_slice(&list), "1:20 ");
        limn_buf_clear(&list);
        assert_int_equal(
                limn_case_source_by_head(c, LIMN_S("head"), 20, true, list_sizes, &list, NULL), 0);
        assert_slice(limn_buf_slice(&list), "2:10 ");
        in.supersedes = old;
        assert_int_equal(toy_ingest(&in, "a", LIMN_S("1 error x\n2 error y\n3 info z\n")), 0);
        assert_int_equal(ask(c, "SELECT superseded_by FROM source WHERE source_id = 1"),
                         in.source);
        limn_buf_clear(&list);
        assert_int_equal(limn_case_source_by_head(c, LIMN_S("head"), UINT64_MAX, true, list_sizes,
                                                  &list, NULL),
                         0);
        assert_slice(limn_buf_slice(&list), "3:29 2:10 ");
        limn_buf_clear(&list);
        assert_int_equal(
                limn_case_source_by_head(c, LIMN_S("none"), 0, false, list_sizes, &list, NULL), 0);
        assert_slice(limn_buf_slice(&list), "");
        toy_done(&in);
        limn_case_close(c);
        limn_buf_done(&list);
}

static void test_books_must_balance(void **state)
{
        Fixture *f = *state;
        LimnCase *c = create(f);
        LimnSourceInfo info = {.path = LIMN_S("a"), .format = &toy_format};
        LimnSourceTotals totals;
        LimnSlice text = LIMN_S("1 error x\nwhat\n");
        ToyIngest in;

        toy_init(&in, c);
        assert_int_equal(limn_case_source_begin(c, &info, &in.source, NULL), 0);
        assert_int_equal(toy_segments(&in, text, &totals), 0);
        totals.unparsed--;
        assert_int_equal(limn_case_source_end(c, in.source, &totals, 0, f->diag), -EINVAL);
        assert_said(f, "ledger");
        totals.size--;
        assert_int_equal(limn_case_source_end(c, in.source, &totals, 0, f->diag), -EINVAL);
        assert_said(f, "segments");
        totals.size++;
        totals.unparsed = UINT64_MAX;
        totals.skipped = 6;
        assert_int_equal(limn_case_source_end(c, in.source, &totals, 0, f->diag), -EINVAL);
        totals.unparsed = 5;
        totals.skipped = 0;
        assert_int_equal(limn_case_source_end(c, 77, &totals, 0, f->diag), -EINVAL);
        assert_said(f, "not begun");
        assert_int_equal(limn_case_source_end(c, in.source, &totals, 0, f->diag), 0);
        assert_int_equal(limn_case_source_end(c, in.source, &totals, 0, f->diag), -EINVAL);

        /* Segments leave no gap and no overlap. */
        LimnSegmentInfo segment = {.offset = 1, .length = 1, .records = 1, .data = LIMN_S("x")};
        int64_t id;
        assert_int_equal(limn_case_segment_add(c, in.source, &segment, &id, f->diag), -EINVAL);
        assert_int_equal(limn_case_source_begin(c, &info, &in.source, NULL), 0);
        assert_int_equal(limn_case_segment_add(c, in.source, &segment, &id, f->diag), -EINVAL);
        assert_said(f, "does not begin where");
        toy_done(&in);
        limn_case_close(c);
}

static void test_drop(void **state)
{
        Fixture *f = *state;
        LimnCase *c = create(f);
        LimnSourceInfo info = {.path = LIMN_S("b"), .format = &toy_format};
        LimnSourceTotals totals;
        char *text = make_text(5000);
        ToyIngest in;

        toy_init(&in, c);
        in.segment_bytes = 1000; /* more than one commit's worth */
        in.hits = true;
        assert_int_equal(toy_ingest(&in, "a", LIMN_S("1 error x\n")), 0);
        assert_int_equal(limn_case_unexplained_add(
                                 c, in.source,
                                 &(LimnCaseUnexplained){.template = LIMN_S("t"), .count = 2,
                                                        .level = LIMN_LEVEL_ERROR, .line = 1,
                                                        .text = LIMN_S("x")}, NULL),
                         0);
        assert_int_equal(limn_case_source_begin(c, &info, &in.source, NULL), 0);
        assert_int_equal(toy_segments(&in, limn_slice_str(text), &totals), 0);
        assert_int_equal(limn_case_unexplained_add(
                                 c, in.source,
                                 &(LimnCaseUnexplained){.template = LIMN_S("t"), .count = 3,
                                                        .level = LIMN_LEVEL_FATAL, .line = 1,
                                                        .text = LIMN_S("y")}, NULL),
                         0);
        assert_true(ask(c, "SELECT count(*) FROM hit") > 400);
        assert_int_equal(limn_case_source_drop(c, in.source, NULL), 0);
        assert_int_equal(ask(c, "SELECT count(*) FROM hit"), 1);
        assert_int_equal(ask(c, "SELECT count(*) FROM segment"), 1);
        assert_int_equal(ask(c, "SELECT count(*) FROM source"), 1);
        assert_int_equal(ask(c, "SELECT count FROM unexplained"), 2);
        assert_int_equal(limn_case_source_end(c, in.source, &totals, 0, f->diag), -EINVAL);
        toy_done(&in);
        limn_case_close(c);
        free(text);
}

static void test_unexplained_adds_up(void **state)
{
        Fixture *f = *state;
        LimnCase *c = create(f);
        ToyIngest in;

        toy_init(&in, c);
        assert_int_equal(toy_ingest(&in, "a", LIMN_S("1 error x\n")), 0);
        const LimnCaseUnexplained rows[] = {
                {.level = LIMN_LEVEL_ERROR, .count = 2, .first = LIMN_TIME_NONE,
                 .last = LIMN_TIME_NONE, .line = 1, .text = LIMN_S("one"), .template = LIMN_S("t")},
                {.level = LIMN_LEVEL_FATAL, .count = 3, .first = 50, .last = 60, .line = 2,
                 .text = LIMN_S("two"), .template = LIMN_S("t"), .burst = 3, .burst_at = 50},
                {.level = LIMN_LEVEL_ERROR, .count = 4, .first = 40, .last = 55, .line = 3,
                 .text = LIMN_S("three"), .template = LIMN_S("t"), .burst = 2, .burst_at = 40},
        };
        for (size_t i = 0; i < N_OF(rows); i++)
                assert_int_equal(limn_case_unexplained_add(c, in.source, &rows[i], NULL), 0);
        assert_int_equal(ask(c, "SELECT count = 9 AND first = 40 AND last = 60 AND level = 'fatal'"
                                "   AND text = 'one' AND line = 1 AND burst = 3 AND burst_at = 50"
                                " FROM v_unexplained"),
                         1);
        toy_done(&in);
        limn_case_close(c);
}

static int note_path(void *arg, LimnSlice path)
{
        limn_buf_add(arg, path);
        return limn_buf_add_char(arg, ' ');
}

static void test_interrupted(void **state)
{
        Fixture *f = *state;
        LimnCase *c = create(f);
        LimnBuf paths = LIMN_BUF(1000);
        LimnSourceInfo info = {.path = LIMN_S("b"), .format = &toy_format};
        LimnSourceTotals totals;
        char *text = make_text(60000);
        ToyIngest in;

        toy_init(&in, c);
        in.segment_bytes = 1000;
        assert_int_equal(toy_ingest(&in, "a", LIMN_S("1 error x\n")), 0);
        assert_int_equal(limn_case_source_begin(c, &info, &in.source, NULL), 0);
        assert_int_equal(toy_segments(&in, limn_slice_str(text), &totals), 0);
        limn_case_close(c);

        assert_int_equal(limn_case_open(&c, f->path, LIMN_CASE_WRITE, f->diag), 0);
        /* What was committed on the way is there, and known to be incomplete. */
        assert_int_equal(ask(c, "SELECT count(*) FROM source WHERE complete = 0"), 1);
        assert_int_equal(ask(c, "SELECT count(*) > 0 AND count(*) % 1024 = 0 FROM segment"),
                         1);
        assert_int_equal(limn_case_extract(c, 2, collect, &paths, NULL), 1);
        assert_int_equal(limn_case_drop_incomplete(c, note_path, &paths, NULL), 0);
        assert_slice(limn_buf_slice(&paths), "b ");
        assert_int_equal(ask(c, "SELECT count(*) FROM source"), 1);
        assert_int_equal(ask(c, "SELECT count(*) FROM segment"), 1);
        toy_done(&in);
        limn_case_close(c);
        limn_buf_done(&paths);
        free(text);
}

static void make_whole_case(const char *path, LimnSlice text)
{
        LimnCase *c = NULL;
        ToyIngest in;
        const LimnValue rule[] = {LIMN_VALUE_OF_TEXT(LIMN_S("detection")),
                                  LIMN_VALUE_OF_TEXT(LIMN_S("r")), LIMN_VALUE_OF_TEXT(LIMN_S("R")),
                                  LIMN_VALUE_OF_TEXT(LIMN_S("r.yml"))};

        unlink(path);
        assert_int_equal(limn_case_open(&c, path, LIMN_CASE_CREATE, NULL), 0);
        assert_int_equal(limn_case_meta_set(c, "limn", LIMN_S("0"), NULL), 0);
        assert_int_equal(
                limn_case_insert(c, "rule", "kind, name, title, path", rule, 4, NULL, NULL), 0);
        toy_init(&in, c);
        in.segment_bytes = 5000;
        in.hits = true;
        assert_int_equal(toy_ingest(&in, "a", text), 0);
        assert_int_equal(limn_case_conclude_begin(c, NULL), 0);
        assert_int_equal(limn_case_conclude_end(c, NULL), 0);
        toy_done(&in);
        limn_case_close(c);
}

static void test_same_calls_same_bytes(void **state)
{
        Fixture *f = *state;
        char other[128];
        char *text = make_text(20000);
        size_t n_a, n_b;

        snprintf(other, sizeof other, "%s/other.case", f->dir);
        make_whole_case(f->path, limn_slice_str(text));
        make_whole_case(other, limn_slice_str(text));
        char *a = read_file(f->path, &n_a), *b = read_file(other, &n_b);
        assert_int_equal(n_a, n_b);
        assert_memory_equal(a, b, n_a);
        free(a);
        free(b);
        free(text);
}

/* A limit on the size of files stands in for a full disk: what was complete must stay. */
static void test_full_disk(void **state)
{
        Fixture *f = *state;
        LimnCase *c = create(f);
        LimnBuf noise = LIMN_BUF(16 * 1024 * 1024);
        ToyIngest in;
        uint32_t seed = 1;

        toy_init(&in, c);
        assert_int_equal(toy_ingest(&in, "small", LIMN_S("1 error x\n")), 0);
        limn_case_close(c);
        for (int i = 0; i < 300000; i++) {
                seed = seed * 1664525u + 1013904223u;
                limn_buf_printf(&noise, "%d info %x%x\n", i, seed, seed * 77777u);
        }

        pid_t child = fork();
        if (child == 0) {
                const struct rlimit limit = {1024 * 1024, 1024 * 1024};
                LimnDiag *diag = limn_diag_new();
                signal(SIGXFSZ, SIG_IGN);
                setrlimit(RLIMIT_FSIZE, &limit);
                if (limn_case_open(&in.c, f->path, LIMN_CASE_WRITE, diag) < 0)
                        _exit(1);
                in.diag = diag;
                int r = toy_ingest(&in, "large", limn_buf_slice(&noise));
                if (r == 0)
                        r = limn_case_commit(in.c, diag);
                if (r != -ENOSPC)
                        _exit(2);
                if (limn_case_meta_set(in.c, "a", LIMN_S("b"), NULL) != -ENOSPC)
                        _exit(3);
                if (limn_diag_count(diag, LIMN_DIAG_ERROR) != 1 ||
                    !strstr(limn_diag_at(diag, 0)->why, "disk is full"))
                        _exit(4);
                limn_case_close(in.c);
                _exit(0);
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);

        assert_int_equal(limn_case_open(&c, f->path, LIMN_CASE_WRITE, f->diag), 0);
        assert_int_equal(limn_case_drop_incomplete(c, NULL, NULL, f->diag), 0);
        assert_int_equal(ask(c, "SELECT count(*) FROM source"), 1);
        in.c = c;
        assert_int_equal(toy_ingest(&in, "large", limn_buf_slice(&noise)), 0);
        toy_done(&in);
        limn_case_close(c);
        limn_buf_done(&noise);
}

/* -- concluding -------------------------------------------------------------------------- */

static int add_row(LimnCase *c, const char *table, const char *columns, int64_t number,
                   const char *text, int64_t *ret_id, LimnDiag *diag)
{
        const LimnValue values[] = {LIMN_VALUE_OF_INT(number),
                                    LIMN_VALUE_OF_TEXT(limn_slice_str(text))};
        return limn_case_insert(c, table, columns, values, 2, ret_id, diag);
}

static void test_conclude(void **state)
{
        Fixture *f = *state;
        LimnCase *c = create(f);
        int64_t id = 0;

        for (int round = 0; round < 2; round++) {
                assert_int_equal(limn_case_conclude_begin(c, NULL), 0);
                for (int i = 0; i < 100; i++) {
                        assert_int_equal(add_row(c, "assumption", "source_id, text", 1, "x", &id,
                                                 NULL),
                                         0);
                        assert_int_equal(id, i + 1);
                }
                assert_int_equal(limn_case_conclude_end(c, NULL), 0);
                assert_int_equal(ask(c, "SELECT count(*) FROM assumption"), 100);
        }
        /* A conclusion that is not finished leaves the one before it. */
        assert_int_equal(limn_case_conclude_begin(c, NULL), 0);
        assert_int_equal(ask(c, "SELECT count(*) FROM assumption"), 0);
        limn_case_close(c);
        assert_int_equal(limn_case_open(&c, f->path, LIMN_CASE_WRITE, f->diag), 0);
        assert_int_equal(ask(c, "SELECT count(*) FROM assumption"), 100);

        assert_int_equal(add_row(c, "assumption", "source_id, nothing", 1, "x", &id, f->diag),
                         -EINVAL);
        assert_said(f, "nothing");
        assert_int_equal(add_row(c, "assumption", "source_id", 1, "x", &id, f->diag), -EINVAL);
        /* STRICT: a text is no number. */
        assert_int_equal(add_row(c, "assumption", "text, source_id", 1, "x", &id, f->diag),
                         -EINVAL);
        limn_case_close(c);
}

/* Every table that the schema creates after "Part 2" is emptied, and no other. */
static void test_conclude_empties_part_2(void **state)
{
        Fixture *f = *state;
        static const char fill[] =
                "INSERT INTO %s SELECT * FROM (SELECT * FROM (VALUES(%s)))";
        char path[512], sql[512], columns[256];
        size_t n;
        snprintf(path, sizeof path, "%s/db/schema.sql", getenv("LIMN_SOURCE_ROOT"));
        char *schema = read_file(path, &n);
        schema[n] = '\0';
        char *part_2 = strstr(schema, "-- Part 2 -----");
        assert_non_null(part_2);
        limn_case_close(create(f));

        sqlite3 *db;
        sqlite3_stmt *tables;
        assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
        static const char list[] =
                "SELECT name, (SELECT group_concat(CASE WHEN type = 'BLOB' THEN 'x''00''' ELSE '1' "
                "END) FROM pragma_table_info(t.name)) FROM sqlite_schema t WHERE type = 'table'";
        assert_int_equal(sqlite3_prepare_v2(db, list, -1, &tables, NULL), SQLITE_OK);
        while (sqlite3_step(tables) == SQLITE_ROW) {
                snprintf(columns, sizeof columns, "%s", sqlite3_column_text(tables, 1));
                snprintf(sql, sizeof sql, fill, sqlite3_column_text(tables, 0), columns);
                if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
                        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
        }
        sqlite3_reset(tables);

        LimnCase *c = NULL;
        assert_int_equal(limn_case_open(&c, f->path, LIMN_CASE_WRITE, f->diag), 0);
        assert_int_equal(limn_case_conclude_begin(c, NULL), 0);
        assert_int_equal(limn_case_conclude_end(c, NULL), 0);
        limn_case_close(c);

        size_t emptied = 0;
        while (sqlite3_step(tables) == SQLITE_ROW) {
                const char *name = (const char *)sqlite3_column_text(tables, 0);
                sqlite3_stmt *count;
                snprintf(sql, sizeof sql, "CREATE TABLE %s ", name);
                bool concluded = strstr(part_2, sql);
                snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", name);
                assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &count, NULL), SQLITE_OK);
                assert_int_equal(sqlite3_step(count), SQLITE_ROW);
                if (sqlite3_column_int(count, 0) != (concluded ? 0 : 1))
                        fail_msg("%s holds %d rows", name, sqlite3_column_int(count, 0));
                emptied += concluded;
                sqlite3_finalize(count);
        }
        assert_true(emptied >= 16);
        sqlite3_finalize(tables);
        sqlite3_close(db);
        free(schema);
}

static int add_rule(LimnCase *c, const char *name, const char *title, int64_t *ret)
{
        const LimnValue values[] = {LIMN_VALUE_OF_TEXT(LIMN_S("detection")),
                                    LIMN_VALUE_OF_TEXT(limn_slice_str(name)),
                                    LIMN_VALUE_OF_TEXT(limn_slice_str(title)),
                                    LIMN_VALUE_OF_TEXT(LIMN_S("p"))};
        return limn_case_insert(c, "rule", "kind, name, title, path", values, 4, ret, NULL);
}

static void test_rule_keeps_its_id(void **state)
{
        Fixture *f = *state;
        LimnCase *c = create(f);
        int64_t a, b, again;

        assert_int_equal(add_rule(c, "a", "A", &a), 0);
        assert_int_equal(add_rule(c, "b", "B", &b), 0);
        assert_int_equal(add_rule(c, "a", "newer", &again), 0);
        assert_int_equal(a, again);
        assert_int_not_equal(a, b);
        assert_int_equal(ask(c, "SELECT count(*) FROM rule WHERE title = 'newer'"), 1);
        limn_case_close(c);
}

/* -- querying ---------------------------------------------------------------------------- */

static void test_only_reading(void **state)
{
        Fixture *f = *state;
        LimnCase *c = create(f);
        LimnQuery q = limn_case_query(c);
        static const char *const refused[] = {
                "DELETE FROM meta",
                "INSERT INTO meta VALUES('a', 'b')",
                "UPDATE meta SET value = 'x'",
                "CREATE TABLE t(a)",
                "CREATE TEMP TABLE t(a)",
                "CREATE TEMP VIEW v AS SELECT 1",
                "DROP TABLE meta",
                "UPDATE sqlite_master SET sql = ''",
                "UPDATE sqlite_schema SET sql = ''",
                "DELETE FROM sqlite_master",
                "ATTACH '/tmp/x.db' AS x",
                "DETACH main",
                "PRAGMA journal_mode = WAL",
                "PRAGMA journal_mode",
                "PRAGMA user_version = 7",
                "PRAGMA writable_schema = 1",
                "PRAGMA temp_store_directory = '/'",
                "VACUUM",
                "VACUUM INTO '/tmp/x.db'",
                "REINDEX",
                "ANALYZE",
                "BEGIN",
                "COMMIT",
                "SAVEPOINT a",
                "SELECT load_extension('x')",
                "CREATE VIRTUAL TABLE x USING fts5(a)",
                "SELECT 1; DELETE FROM meta",
                "SELECT 1; SELECT 2",
                "",
                " ; -- nothing",
                "SELEKT",
                "SELECT * FROM nothing",
        };
        for (size_t i = 0; i < N_OF(refused); i++) {
                int r = q.run(q.ctx, refused[i], NULL, 0, NULL, NULL, f->diag);
                if (r != -EINVAL)
                        fail_msg("%s: %d", refused[i], r);
                assert_int_equal(limn_diag_count(f->diag, LIMN_DIAG_ERROR), i + 1);
        }
        static const char *const allowed[] = {
                "SELECT 1;",
                "SELECT 1; -- and a comment",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9)"
                " SELECT sum(i) FROM n",
                "SELECT json_extract('{\"a\": 1}', '$.a'), strftime('%Y', 0, 'unixepoch')",
                "SELECT * FROM v_hit",
                "SELECT * FROM v_evidence",
                "PRAGMA table_info(hit)",
                "PRAGMA user_version",
                "SELECT name FROM pragma_table_info('hit')",
                "SELECT name FROM sqlite_schema",
                "EXPLAIN QUERY PLAN SELECT * FROM hit",
                "VALUES(1), (2)",
        };
        for (size_t i = 0; i < N_OF(allowed); i++)
                if (q.run(q.ctx, allowed[i], NULL, 0, NULL, NULL, f->diag) != 0)
                        fail_msg("%s: %s", allowed[i],
                                 limn_diag_at(f->diag, limn_diag_kept(f->diag) - 1)->why);
        /* The guard is off again for limn's own statements. */
        assert_int_equal(limn_case_meta_set(c, "a", LIMN_S("b"), NULL), 0);
        limn_case_close(c);
}

/* All views work on an empty case (a view that names a missing column fails only when used). */
static int use_view(void *arg, const LimnValue *values, size_t n)
{
        LimnCase *c = arg;
        LimnQuery q = limn_case_query(c);
        char sql[256];
        snprintf(sql, sizeof sql, "SELECT * FROM %.*s", LIMN_FMT(values[0].s));
        return q.run(q.ctx, sql, NULL, 0, NULL, NULL, NULL);
}

static void test_views(void **state)
{
        Fixture *f = *state;
        LimnCase *c = create(f);
        LimnQuery q = limn_case_query(c);
        assert_true(ask(c, "SELECT count(*) FROM sqlite_schema WHERE type = 'view'") >= 7);
        assert_int_equal(q.run(q.ctx, "SELECT name FROM sqlite_schema WHERE type = 'view'", NULL,
                               0, use_view, c, f->diag),
                         0);
        limn_case_close(c);
}

static void test_step_limit(void **state)
{
        Fixture *f = *state;
        LimnCase *c = create(f);
        LimnQuery q = limn_case_query(c);
        static const char endless[] = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
                                      " FROM n) SELECT sum(i) FROM n";
        limn_case_limit_steps(c, 1000000);
        for (int i = 0; i < 2; i++)
                assert_int_equal(q.run(q.ctx, endless, NULL, 0, NULL, NULL, f->diag), -E2BIG);
        assert_said(f, "more steps");
        assert_int_equal(ask(c, "SELECT 7"), 7);
        /* Limn's own writing is not limited. */
        assert_int_equal(limn_case_meta_set(c, "a", LIMN_S("b"), NULL), 0);
        limn_case_close(c);
}

static int take_all(void *arg, const LimnValue *values, size_t n)
{
        LimnBuf *b = arg;
        for (size_t i = 0; i < n; i++) {
                static const char *const types[] = {"null", "int", "real", "text"};
                limn_buf_printf(b, "%s:", types[values[i].type]);
                if (values[i].type == LIMN_VALUE_INT)
                        limn_buf_printf(b, "%lld", (long long)values[i].i);
                else if (values[i].type == LIMN_VALUE_REAL)
                        limn_buf_printf(b, "%.2f", values[i].d);
                else if (values[i].type == LIMN_VALUE_TEXT)
                        limn_buf_add(b, values[i].s);
                limn_buf_add_char(b, ' ');
        }
        return 0;
}

static int take_names(void *arg, const LimnSlice *names, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                limn_buf_add(arg, names[i]);
                limn_buf_add_char(arg, '|');
        }
        return 0;
}

static int stop_at_3(void *arg, const LimnValue *values, size_t n)
{
        return values[0].i == 3 ? 33 : 0;
}

static void test_values_and_parameters(void **state)
{
        Fixture *f = *state;
        LimnCase *c = create(f);
        LimnQuery q = limn_case_query(c);
        LimnBuf out = LIMN_BUF(1000);
        const LimnParam params[] = {
                {":a", LIMN_VALUE_OF_INT(-5)},
                {":b", LIMN_VALUE_OF_TEXT(LIMN_S("it's"))},
                {":c", {.type = LIMN_VALUE_REAL, .d = 1.5}},
                {":d", {.type = LIMN_VALUE_NULL}},
                {":unused", LIMN_VALUE_OF_INT(1)},
        };
        for (int i = 0; i < 2; i++) {
                limn_buf_clear(&out);
                assert_int_equal(limn_case_select(c, "SELECT :a AS x, :b, :c, :d, '' AS e", params,
                                                  N_OF(params), take_names, take_all, &out,
                                                  f->diag),
                                 0);
                assert_slice(limn_buf_slice(&out),
                             "x|:b|:c|:d|e|int:-5 text:it's real:1.50 null: text: ");
        }
        /* A cached statement keeps nothing of the last call. */
        limn_buf_clear(&out);
        assert_int_equal(limn_case_select(c, "SELECT :a AS x, :b, :c, :d, '' AS e", NULL, 0, NULL,
                                          take_all, &out, f->diag),
                         0);
        assert_slice(limn_buf_slice(&out), "null: null: null: null: text: ");
        assert_int_equal(q.run(q.ctx, "VALUES(1), (2), (3), (4)", NULL, 0, stop_at_3, NULL,
                               f->diag),
                         33);
        limn_case_close(c);
        limn_buf_done(&out);
}

typedef struct Nest {
        LimnCase *c;
        int depth, rows;
} Nest;

static int nest(void *arg, const LimnValue *values, size_t n)
{
        Nest *at = arg;
        LimnQuery q = limn_case_query(at->c);
        at->rows++;
        if (at->depth == 5)
                return 0;
        at->depth++;
        int r = q.run(q.ctx, "VALUES(1), (2)", NULL, 0, nest, at, NULL);
        at->depth--;
        return r;
}

/* The same text inside its own row callback, and more texts than the cache holds. */
static void test_query_cache(void **state)
{
        Fixture *f = *state;
        LimnCase *c = create(f);
        Nest at = {.c = c};
        char sql[64];

        assert_int_equal(nest(&at, NULL, 0), 0);
        assert_int_equal(at.rows, 63);
        for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 100; i++) {
                        snprintf(sql, sizeof sql, "SELECT %d", i);
                        assert_int_equal(ask(c, sql), i);
                }
        }
        limn_case_close(c);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        const struct CMUnitTest tests[] = {
                T(test_create_and_open_again), T(test_open_missing),
                T(test_odd_names),             T(test_refuse_what_is_no_case),
                T(test_refuse_other_layouts),  T(test_own_additions_are_welcome),
                T(test_other_views),           T(test_other_conclusions),
                T(test_empty_file),            T(test_locked),
                T(test_read_only_folder),      T(test_source),
                T(test_grown_file),            T(test_books_must_balance),
                T(test_drop),                  T(test_unexplained_adds_up),
                T(test_interrupted),           T(test_same_calls_same_bytes),
                T(test_full_disk),             T(test_conclude),
                T(test_conclude_empties_part_2), T(test_rule_keeps_its_id),
                T(test_only_reading),          T(test_views),
                T(test_step_limit),            T(test_values_and_parameters),
                T(test_query_cache),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
