/* SPDX-License-Identifier: Apache-2.0 */
/* Concluding: the tables of the schema's part 2, and rows for them. */
#include <errno.h>
#include <stdlib.h>

#include "core/limits.h"
#include "db/case_private.h"

/* Rows that refer to others go before them. */
static const char *const conclusions[] = {
        "evidence", "cause",  "incident",    "finding",         "missing", "assumption", "story",
        "episode_hit", "episode", "interval", "fact", "action", "coverage", "anchor",
        "clock", "source_instance", "instance_key", "instance",
};

bool limn_case_is_conclusion(const char *table)
{
        for (size_t i = 0; i < sizeof conclusions / sizeof *conclusions; i++)
                if (strcmp(conclusions[i], table) == 0)
                        return true;
        return false;
}

int limn_case_conclude_begin(LimnCase *c, LimnDiag *diag)
{
        char sql[64];

        int r = limn_case_writing(c, diag);
        for (size_t i = 0; r == 0 && i < sizeof conclusions / sizeof *conclusions; i++) {
                snprintf(sql, sizeof sql, "DELETE FROM %s", conclusions[i]);
                r = limn_case_exec(c, sql, "drop the old conclusions", diag);
                if (r < 0)
                        c->broken = r;
        }
        if (r == 0)
                c->concluding = true;
        return r;
}

int limn_case_conclude_end(LimnCase *c, LimnDiag *diag)
{
        int r = limn_case_commit(c, diag);
        if (r == 0)
                c->concluding = false;
        return r;
}

int limn_case_conclude_undo(LimnCase *c, LimnDiag *diag)
{
        c->concluding = false;
        if (sqlite3_get_autocommit(c->db))
                return 0;
        return limn_case_exec(c, "ROLLBACK", "go back to the old conclusions", diag);
}

static int build_insert(const char *table, const char *columns, size_t n, LimnBuf *sql)
{
        limn_buf_printf(sql, "INSERT INTO %s(%s) VALUES(", table, columns);
        for (size_t i = 0; i < n; i++)
                limn_buf_add_str(sql, i ? ", ?" : "?");
        limn_buf_add_str(sql, ")");
        if (strcmp(table, "rule") == 0 && !strstr(columns, "rule_id")) {
                LimnSlice rest = limn_slice_str(columns);
                const char *comma = " ON CONFLICT(name) DO UPDATE SET ";
                while (rest.n) {
                        size_t end = limn_slice_chr(rest, ',');
                        LimnSlice name = limn_slice_trim(limn_slice_to(rest, end));
                        rest = limn_slice_from(rest, end + 1);
                        limn_buf_printf(sql, "%s%.*s = excluded.%.*s", comma, LIMN_FMT(name),
                                        LIMN_FMT(name));
                        comma = ", ";
                }
                limn_buf_add_str(sql, " RETURNING rule_id");
        }
        return sql->error;
}

static int prepare_insert(LimnCase *c, const char *table, const char *columns, size_t n,
                          LimnCachedInsert *ret, LimnDiag *diag)
{
        LimnBuf sql = LIMN_BUF(LIMN_SQL_TEXT_MAX);
        LimnCachedInsert made = {.table = strdup(table), .columns = strdup(columns)};

        int r = build_insert(table, columns, n, &sql);
        if (!made.table || !made.columns)
                r = -ENOMEM;
        if (r == 0) {
                int rc = sqlite3_prepare_v3(c->db, sql.p, (int)sql.n, SQLITE_PREPARE_PERSISTENT,
                                            &made.stmt, NULL);
                if (rc != SQLITE_OK)
                        r = limn_case_fail(c, rc, "add a row", diag);
        }
        limn_buf_done(&sql);
        if (r < 0) {
                free(made.table);
                free(made.columns);
                return r;
        }
        *ret = made;
        return 0;
}

/* Some twenty pairs of table and columns are in use: looking at each is quick. */
static int find_insert(LimnCase *c, const char *table, const char *columns, size_t n,
                       sqlite3_stmt **ret, LimnDiag *diag)
{
        LimnCachedInsert made;

        for (size_t i = 0; i < c->n_inserts; i++) {
                LimnCachedInsert *at = &c->inserts[i];
                if (strcmp(at->table, table) == 0 && strcmp(at->columns, columns) == 0) {
                        *ret = at->stmt;
                        return 0;
                }
        }
        int r = prepare_insert(c, table, columns, n, &made, diag);
        if (r < 0)
                return r;
        size_t slot = c->n_inserts < LIMN_INSERT_CACHE ? c->n_inserts++
                                                       : c->next_insert++ % LIMN_INSERT_CACHE;
        LimnCachedInsert *at = &c->inserts[slot];
        sqlite3_finalize(at->stmt);
        free(at->table);
        free(at->columns);
        *at = made;
        *ret = made.stmt;
        return 0;
}

static void bind_value(sqlite3_stmt *stmt, int i, const LimnValue *value)
{
        switch (value->type) {
        case LIMN_VALUE_INT:
                sqlite3_bind_int64(stmt, i, value->i);
                break;
        case LIMN_VALUE_REAL:
                sqlite3_bind_double(stmt, i, value->d);
                break;
        case LIMN_VALUE_TEXT:
                limn_bind_slice(stmt, i, value->s.p ? value->s : LIMN_S(""));
                break;
        case LIMN_VALUE_NULL:
                sqlite3_bind_null(stmt, i);
                break;
        }
}

int limn_case_insert(LimnCase *c, const char *table, const char *columns, const LimnValue *values,
                     size_t n, int64_t *ret_id, LimnDiag *diag)
{
        sqlite3_stmt *stmt = NULL;

        int r = limn_case_writing(c, diag);
        if (r == 0)
                r = find_insert(c, table, columns, n, &stmt, diag);
        if (r < 0)
                return r;
        if (n != (size_t)sqlite3_bind_parameter_count(stmt))
                return limn_case_invalid(c, diag, "cannot add a row",
                                         "it has not one value for each column");
        for (size_t i = 0; i < n; i++)
                bind_value(stmt, (int)i + 1, &values[i]);
        sqlite3_set_last_insert_rowid(c->db, 0);
        int rc = sqlite3_step(stmt);
        int64_t id = sqlite3_last_insert_rowid(c->db);
        if (rc == SQLITE_ROW) {
                id = sqlite3_column_int64(stmt, 0);
                rc = sqlite3_step(stmt);
        }
        if (rc != SQLITE_DONE) {
                char doing[128];
                snprintf(doing, sizeof doing, "add a row to %s", table);
                r = limn_case_fail(c, rc, doing, diag);
                if (r != -EINVAL)
                        c->broken = r;
        }
        sqlite3_reset(stmt);
        if (r == 0 && ret_id)
                *ret_id = id;
        return r;
}
