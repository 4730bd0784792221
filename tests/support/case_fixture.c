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
