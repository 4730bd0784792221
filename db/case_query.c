/* SPDX-License-Identifier: Apache-2.0 */
/* Read-only SQL of others: diagnosis documents, `limn sql`. */
#include <errno.h>
#include <stdlib.h>

#include "core/limits.h"
#include "db/case_private.h"

enum { COLUMNS_ON_STACK = 32 };

static int refuse(LimnCase *c, const char *sql, const char *what, const char *why,
                  const char *help, LimnDiag *diag)
{
        limn_diag_add(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                           .what = what,
                                           .where = c->path,
                                           .snippet = sql,
                                           .why = why,
                                           .help = help});
        return -EINVAL;
}

static int fail(LimnCase *c, const char *sql, int rc, LimnDiag *diag)
{
        switch (rc & 0xff) {
        case SQLITE_INTERRUPT:
                refuse(c, sql, "the statement was stopped", "it took more steps than are allowed",
                       "narrow it down by time, source or level", diag);
                return -E2BIG;
        case SQLITE_AUTH:
                return refuse(c, sql, "the statement is refused", sqlite3_errmsg(c->db),
                              "only reading is allowed here", diag);
        case SQLITE_ERROR:
        case SQLITE_MISUSE:
        case SQLITE_RANGE:
        case SQLITE_TOOBIG:
        case SQLITE_MISMATCH:
                return refuse(c, sql, "the statement failed", sqlite3_errmsg(c->db), NULL, diag);
        default:
                return limn_case_fail(c, rc, "query the case", diag);
        }
}

static bool is_blank(const char *s)
{
        return s[strspn(s, " \t\r\n;")] == '\0';
}

static int prepare(LimnCase *c, const char *sql, sqlite3_stmt **ret, LimnDiag *diag)
{
        sqlite3_stmt *stmt = NULL, *more = NULL;
        const char *tail = "";
        int r = 0;

        c->guarded++;
        int rc = sqlite3_prepare_v3(c->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, &tail);
        if (rc == SQLITE_OK && !is_blank(tail))
                /* What follows may still be a comment. */
                rc = sqlite3_prepare_v2(c->db, tail, -1, &more, NULL);
        c->guarded--;
        if (rc != SQLITE_OK)
                r = fail(c, sql, rc, diag);
        else if (!stmt || more)
                r = refuse(c, sql, "the statement is refused",
                           stmt ? "it is more than one statement" : "there is no statement", NULL,
                           diag);
        else if (!sqlite3_stmt_readonly(stmt))
                r = refuse(c, sql, "the statement is refused", "it writes",
                           "only reading is allowed here", diag);
        sqlite3_finalize(more);
        if (r < 0) {
                sqlite3_finalize(stmt);
                return r;
        }
        *ret = stmt;
        return 0;
}

/* The cached statement of this text, made if need be; NULL slot: *ret is the caller's to free. */
static int acquire(LimnCase *c, const char *sql, sqlite3_stmt **ret, LimnCachedQuery **ret_slot,
                   LimnDiag *diag)
{
        LimnCachedQuery *oldest = NULL, *at;

        for (at = c->queries; at < c->queries + LIMN_QUERY_CACHE; at++) {
                if (at->busy)
                        continue;
                if (at->sql && strcmp(at->sql, sql) == 0)
                        break;
                if (!oldest || at->used < oldest->used)
                        oldest = at;
        }
        if (at == c->queries + LIMN_QUERY_CACHE) {
                int r = prepare(c, sql, ret, diag);
                if (r < 0)
                        return r;
                char *copy = oldest ? strdup(sql) : NULL;
                *ret_slot = NULL;
                if (!copy)
                        return 0;
                sqlite3_finalize(oldest->stmt);
                free(oldest->sql);
                at = oldest;
                *at = (LimnCachedQuery){.sql = copy, .stmt = *ret};
        }
        at->busy = true;
        at->used = ++c->clock;
        *ret = at->stmt;
        *ret_slot = at;
        return 0;
}

static void bind(sqlite3_stmt *stmt, const LimnParam *params, size_t n_params)
{
        for (size_t i = 0; i < n_params; i++) {
                const LimnValue *value = &params[i].value;
                int at = sqlite3_bind_parameter_index(stmt, params[i].name);
                if (!at)
                        continue;
                if (value->type == LIMN_VALUE_INT)
                        sqlite3_bind_int64(stmt, at, value->i);
                else if (value->type == LIMN_VALUE_REAL)
                        sqlite3_bind_double(stmt, at, value->d);
                else if (value->type == LIMN_VALUE_TEXT)
                        limn_bind_slice(stmt, at, value->s.p ? value->s : LIMN_S(""));
        }
}

static LimnValue column(sqlite3_stmt *stmt, int i)
{
        switch (sqlite3_column_type(stmt, i)) {
        case SQLITE_INTEGER:
                return LIMN_VALUE_OF_INT(sqlite3_column_int64(stmt, i));
        case SQLITE_FLOAT:
                return (LimnValue){.type = LIMN_VALUE_REAL, .d = sqlite3_column_double(stmt, i)};
        case SQLITE_NULL:
                return (LimnValue){.type = LIMN_VALUE_NULL};
        default:
                return LIMN_VALUE_OF_TEXT(limn_column_slice(stmt, i));
        }
}

typedef struct Call {
        const char *sql;
        int (*head)(void *arg, const LimnSlice *names, size_t n);
        LimnRowFn row;
        void *arg;
} Call;

static int tell_names(sqlite3_stmt *stmt, const Call *call, int n)
{
        LimnSlice *names = calloc((size_t)n + 1, sizeof *names);
        if (!names)
                return -ENOMEM;
        for (int i = 0; i < n; i++)
                names[i] = limn_slice_str(sqlite3_column_name(stmt, i));
        int r = call->head(call->arg, names, (size_t)n);
        free(names);
        return r;
}

static int step_all(LimnCase *c, sqlite3_stmt *stmt, const Call *call, LimnDiag *diag)
{
        LimnValue few[COLUMNS_ON_STACK], *values = few;
        int n = sqlite3_column_count(stmt);
        int r = 0, rc = SQLITE_OK;

        if (n > COLUMNS_ON_STACK && !(values = calloc((size_t)n, sizeof *values)))
                return -ENOMEM;
        if (call->head)
                r = tell_names(stmt, call, n);
        /* A query inside the row callback has steps of its own. */
        int64_t steps = 0;
        while (r == 0) {
                c->guarded++;
                c->steps = steps;
                rc = sqlite3_step(stmt);
                steps = c->steps;
                c->guarded--;
                if (rc != SQLITE_ROW)
                        break;
                for (int i = 0; i < n; i++)
                        values[i] = column(stmt, i);
                r = call->row ? call->row(call->arg, values, (size_t)n) : 0;
        }
        if (r == 0 && rc != SQLITE_DONE)
                r = fail(c, call->sql, rc, diag);
        if (values != few)
                free(values);
        return r;
}

static int run(LimnCase *c, const Call *call, const LimnParam *params, size_t n_params,
               LimnDiag *diag)
{
        sqlite3_stmt *stmt;
        LimnCachedQuery *slot;

        int r = acquire(c, call->sql, &stmt, &slot, diag);
        if (r < 0)
                return r;
        bind(stmt, params, n_params);
        r = step_all(c, stmt, call, diag);
        sqlite3_reset(stmt);
        sqlite3_clear_bindings(stmt);
        if (slot)
                slot->busy = false;
        else
                sqlite3_finalize(stmt);
        return r;
}

int limn_case_select(LimnCase *c, const char *sql, const LimnParam *params, size_t n_params,
                     int (*head)(void *arg, const LimnSlice *names, size_t n), LimnRowFn row,
                     void *arg, LimnDiag *diag)
{
        const Call call = {.sql = sql, .head = head, .row = row, .arg = arg};

        return run(c, &call, params, n_params, diag);
}

static int query_run(void *ctx, const char *sql, const LimnParam *params, size_t n_params,
                     LimnRowFn row, void *arg, LimnDiag *diag)
{
        const Call call = {.sql = sql, .row = row, .arg = arg};

        return run(ctx, &call, params, n_params, diag);
}

LimnQuery limn_case_query(LimnCase *c)
{
        return (LimnQuery){.ctx = c, .run = query_run};
}
