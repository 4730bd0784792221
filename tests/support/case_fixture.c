/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <sqlite3.h>

#include "tests/support/case_fixture.h"

struct CaseFixture {
        sqlite3 *db;
        LimnQuery query;
};

static int run(void *ctx, const char *sql, const LimnParam *params, size_t n_params, LimnRowFn row,
               void *arg, LimnDiag *diag)
{
        sqlite3_stmt *statement = NULL;
        if (sqlite3_prepare_v2(ctx, sql, -1, &statement, NULL) != SQLITE_OK) {
                print_error("%s\n%s\n", sqlite3_errmsg(ctx), sql);
                return -EINVAL;
        }
        for (size_t i = 0; i < n_params; i++) {
                int at = sqlite3_bind_parameter_index(statement, params[i].name);
                if (at == 0)
                        continue;
                if (params[i].value.type == LIMN_VALUE_INT)
                        sqlite3_bind_int64(statement, at, params[i].value.i);
                else
                        sqlite3_bind_text(statement, at, params[i].value.s.p,
                                          (int)params[i].value.s.n, SQLITE_TRANSIENT);
        }
        int r = 0, step;
        while (r == 0 && (step = sqlite3_step(statement)) == SQLITE_ROW) {
                LimnValue values[64];
                size_t n = (size_t)sqlite3_column_count(statement);
                for (size_t i = 0; i < n; i++) {
                        int c = (int)i;
                        values[i] = (LimnValue){LIMN_VALUE_NULL, 0, 0, LIMN_NONE};
                        switch (sqlite3_column_type(statement, c)) {
                        case SQLITE_INTEGER:
                                values[i].type = LIMN_VALUE_INT;
                                values[i].i = sqlite3_column_int64(statement, c);
                                break;
                        case SQLITE_FLOAT:
                                values[i].type = LIMN_VALUE_REAL;
                                values[i].d = sqlite3_column_double(statement, c);
                                break;
                        case SQLITE_TEXT:
                                values[i].type = LIMN_VALUE_TEXT;
                                values[i].s = limn_slice(
                                        (const char *)sqlite3_column_text(statement, c),
                                        (size_t)sqlite3_column_bytes(statement, c));
                                break;
                        default:
                                break;
                        }
                }
                r = row(arg, values, n);
        }
        if (r == 0 && step != SQLITE_DONE) {
                print_error("%s\n%s\n", sqlite3_errmsg(ctx), sql);
                r = -EIO;
        }
        sqlite3_finalize(statement);
        return r;
}

static void script(sqlite3 *db, const char *name)
{
        const char *root = getenv("LIMN_SOURCE_ROOT");
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", root ? root : ".", name);
        FILE *f = fopen(path, "rb");
        assert_non_null(f);
        LimnBuf sql = LIMN_BUF(1 << 20);
        char piece[4096];
        size_t n;
        while ((n = fread(piece, 1, sizeof piece, f)))
                limn_buf_add(&sql, limn_slice(piece, n));
        fclose(f);
        char *error = NULL;
        if (sqlite3_exec(db, limn_buf_str(&sql), NULL, NULL, &error) != SQLITE_OK)
                fail_msg("%s: %s", name, error);
        limn_buf_done(&sql);
}

typedef struct Content {
        sqlite3 *db;
        int64_t source, size, line;
        LimnBuf bytes;
        bool list; /* into the table `event`, too */
} Content;

/* One record, from where the content ends now. */
static void add_record(Content *c, LimnSlice text)
{
        if (c->list) {
                char *sql = sqlite3_mprintf("INSERT INTO event VALUES (%lld, %lld, %lld, NULL)",
                                            (long long)c->source, (long long)c->bytes.n,
                                            (long long)++c->line);
                assert_int_equal(sqlite3_exec(c->db, sql, NULL, NULL, NULL), SQLITE_OK);
                sqlite3_free(sql);
        }
        limn_buf_add(&c->bytes, text);
}

static void add_lines(Content *c, int64_t until)
{
        static const char filler[] = "nothing to see in this line, nor in the next ones\n";
        while ((int64_t)c->bytes.n < until) {
                size_t left = (size_t)(until - (int64_t)c->bytes.n), n = sizeof filler - 1;
                add_record(c, left < n ? limn_slice(filler + n - left, left)
                                       : limn_slice(filler, n));
        }
}

static int on_evidence(void *arg, const LimnValue *v, size_t n)
{
        Content *c = arg;
        add_lines(c, v[0].i);
        size_t room = (size_t)(c->size - v[0].i), most = v[2].i ? (size_t)(v[2].i - v[0].i) : room;
        LimnSlice text = limn_slice_to(v[1].s, (most < room ? most : room) - 1);
        LimnBuf record = LIMN_BUF(1 << 20);
        limn_buf_add(&record, text);
        limn_buf_add_char(&record, '\n');
        add_record(c, limn_buf_slice(&record));
        limn_buf_done(&record);
        return 0;
}

static int on_size(void *arg, const LimnValue *v, size_t n)
{
        ((Content *)arg)->size = v[0].i;
        return 0;
}

/* The caller's to free. */
static LimnBuf content(CaseFixture *fixture, int64_t source, bool list)
{
        Content c = {fixture->db, source, .bytes = LIMN_BUF(1 << 20), .list = list};
        LimnParam id = {":id", LIMN_VALUE_OF_INT(source)};
        assert_int_equal(run(fixture->db, "SELECT size FROM source WHERE source_id = :id", &id, 1,
                             on_size, &c, NULL), 0);
        assert_int_equal(run(fixture->db,
                             "SELECT offset, text, lead(offset) OVER (ORDER BY offset) FROM"
                             " (SELECT offset, min(text) AS text FROM evidence"
                             "  WHERE source_id = :id AND offset IS NOT NULL GROUP BY offset)"
                             " ORDER BY offset", &id, 1, on_evidence, &c, NULL), 0);
        add_lines(&c, c.size);
        assert_int_equal(c.bytes.error, 0);
        assert_int_equal(c.bytes.n, c.size);
        return c.bytes;
}

static int extract(void *ctx, int64_t source, int (*fn)(void *arg, LimnSlice bytes), void *arg,
                   LimnDiag *diag)
{
        LimnBuf bytes = content(ctx, source, false);
        LimnSlice rest = limn_buf_slice(&bytes);
        int r = 0;
        while (r == 0 && rest.n) { /* in odd pieces */
                r = fn(arg, limn_slice_to(rest, 7001));
                rest = limn_slice_from(rest, 7001);
        }
        limn_buf_done(&bytes);
        return r;
}

LimnSourceBytes case_fixture_bytes(CaseFixture *fixture)
{
        return (LimnSourceBytes){fixture, extract};
}

static int on_source(void *arg, const LimnValue *v, size_t n)
{
        LimnBuf bytes = content(arg, v[0].i, true);
        limn_buf_done(&bytes);
        return 0;
}

CaseFixture *case_fixture_new(bool empty, const char *more)
{
        CaseFixture *fixture = calloc(1, sizeof *fixture);
        assert_non_null(fixture);
        assert_int_equal(sqlite3_open(":memory:", &fixture->db), SQLITE_OK);
        script(fixture->db, "db/schema.sql");
        if (!empty)
                script(fixture->db, "tests/support/case_fixture.sql");
        char *error = NULL;
        if (more && sqlite3_exec(fixture->db, more, NULL, NULL, &error) != SQLITE_OK)
                fail_msg("%s: %s", more, error);
        fixture->query = (LimnQuery){fixture->db, run};
        assert_int_equal(sqlite3_exec(fixture->db, "CREATE TABLE event(source_id, \"offset\", line,"
                                                   " time)", NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(run(fixture->db, "SELECT source_id FROM source", NULL, 0, on_source,
                             fixture, NULL), 0);
        return fixture;
}

CaseFixture *case_fixture_free(CaseFixture *fixture)
{
        if (fixture)
                sqlite3_close(fixture->db);
        free(fixture);
        return NULL;
}

const LimnQuery *case_fixture_query(const CaseFixture *fixture)
{
        return &fixture->query;
}
