/* SPDX-License-Identifier: Apache-2.0 */
/* Errors, statements, transactions: what the other files of the case stand on. */
#include <errno.h>
#include <stdlib.h>

#include "db/case_private.h"

static const char *const statements[] = {
#define X(name, sql) [LIMN_STMT_##name] = sql,
        LIMN_CASE_STATEMENTS(X)
#undef X
};

/* Of the last failed call on the case or its journal; errno itself may be another's by now. */
static bool is_out_of_room(sqlite3 *db)
{
        sqlite3_file *journal = NULL;
        int os[2] = {0, 0};

        sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO, &os[0]);
        if (sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &journal) == SQLITE_OK &&
            journal && journal->pMethods)
                journal->pMethods->xFileControl(journal, SQLITE_FCNTL_LAST_ERRNO, &os[1]);
        for (size_t i = 0; i < 2; i++)
                if (os[i] == ENOSPC || os[i] == EDQUOT || os[i] == EFBIG)
                        return true;
        return false;
}

static int errno_of(sqlite3 *db, int rc)
{

        switch (rc & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
                return -EBUSY;
        case SQLITE_FULL:
                return -ENOSPC;
        case SQLITE_NOMEM:
                return -ENOMEM;
        case SQLITE_CORRUPT:
                return -EBADMSG;
        case SQLITE_READONLY:
        case SQLITE_PERM:
                return -EROFS;
        case SQLITE_IOERR:
                /* A quota or a limit of the process on the size of files is a full disk too. */
                return is_out_of_room(db) ? -ENOSPC : -EIO;
        case SQLITE_CANTOPEN:
                return -EIO;
        default:
                return -EINVAL;
        }
}

static const char *help_for(int error)
{
        switch (error) {
        case -EBUSY:
                return "wait until the other program is done, or name another case with --case";
        case -ENOSPC:
                return "make room and run the same command again: what is complete stays";
        case -EBADMSG:
                return "restore the case from a copy, or read the sources in again";
        case -EROFS:
                return "name a case in a folder that can be written with --case";
        default:
                return NULL;
        }
}

int limn_case_fail(LimnCase *c, int rc, const char *doing, LimnDiag *diag)
{
        int error = errno_of(c->db, rc);
        const char *why = sqlite3_errmsg(c->db);

        if (error == -EBUSY)
                why = "it is in use by another program";
        else if (error == -ENOSPC)
                why = "the disk is full, or a limit on the size of files is reached";
        limn_diag_addf(diag,
                       &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                      .where = c->path,
                                      .why = why,
                                      .help = help_for(error)},
                       "cannot %s", doing);
        return error;
}

int limn_case_invalid(const LimnCase *c, LimnDiag *diag, const char *what, const char *why)
{
        limn_diag_add(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                           .what = what,
                                           .where = c->path,
                                           .why = why});
        return -EINVAL;
}

sqlite3_stmt *limn_case_stmt(LimnCase *c, int which, int *ret_error, LimnDiag *diag)
{
        if (!c->stmts[which]) {
                int rc = sqlite3_prepare_v3(c->db, statements[which], -1,
                                            SQLITE_PREPARE_PERSISTENT, &c->stmts[which], NULL);
                if (rc != SQLITE_OK) {
                        *ret_error = limn_case_fail(c, rc, "read the case", diag);
                        return NULL;
                }
        }
        return c->stmts[which];
}

int limn_case_run(LimnCase *c, sqlite3_stmt *stmt, const char *doing, LimnDiag *diag)
{
        int rc = sqlite3_step(stmt);
        int r = 0;

        if (rc != SQLITE_DONE && rc != SQLITE_ROW) {
                r = limn_case_fail(c, rc, doing, diag);
                /* SQLite may have rolled back what came before: adding to it would leave a hole. */
                if (r != -EINVAL)
                        c->broken = r;
        }
        sqlite3_reset(stmt);
        return r;
}

int limn_case_exec(LimnCase *c, const char *sql, const char *doing, LimnDiag *diag)
{
        int rc = sqlite3_exec(c->db, sql, NULL, NULL, NULL);

        if (rc == SQLITE_OK)
                return 0;
        return limn_case_fail(c, rc, doing, diag);
}

int limn_case_writing(LimnCase *c, LimnDiag *diag)
{
        if (!c->writable || c->broken) {
                limn_diag_add(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                                   .what = "cannot write to the case",
                                                   .where = c->path,
                                                   .why = c->broken ? "an earlier write failed"
                                                                    : "it is open for reading"});
                return c->broken ? c->broken : -EROFS;
        }
        if (!sqlite3_get_autocommit(c->db))
                return 0;
        return limn_case_exec(c, "BEGIN IMMEDIATE", "write to the case", diag);
}

int limn_case_commit(LimnCase *c, LimnDiag *diag)
{
        if (c->broken)
                return limn_case_writing(c, diag);
        c->segments_since_commit = 0;
        if (sqlite3_get_autocommit(c->db))
                return 0;
        int r = limn_case_exec(c, "COMMIT", "write to the case", diag);
        if (r < 0)
                c->broken = r;
        return r;
}

void limn_bind_slice(sqlite3_stmt *stmt, int i, LimnSlice s)
{
        if (s.p)
                sqlite3_bind_text64(stmt, i, s.p, s.n, SQLITE_STATIC, SQLITE_UTF8);
        else
                sqlite3_bind_null(stmt, i);
}

void limn_bind_time(sqlite3_stmt *stmt, int i, LimnTime t)
{
        if (t == LIMN_TIME_NONE)
                sqlite3_bind_null(stmt, i);
        else
                sqlite3_bind_int64(stmt, i, t);
}

LimnSlice limn_column_slice(sqlite3_stmt *stmt, int i)
{
        const void *p = sqlite3_column_blob(stmt, i);
        int n = sqlite3_column_bytes(stmt, i);

        if (sqlite3_column_type(stmt, i) == SQLITE_NULL)
                return LIMN_NONE;
        return limn_slice(p ? p : "", (size_t)n);
}

int limn_case_meta_set(LimnCase *c, const char *key, LimnSlice value, LimnDiag *diag)
{
        int r = limn_case_writing(c, diag);
        if (r < 0)
                return r;
        sqlite3_stmt *stmt = limn_case_stmt(c, LIMN_STMT_META_SET, &r, diag);
        if (!stmt)
                return r;
        limn_bind_slice(stmt, 1, limn_slice_str(key));
        limn_bind_slice(stmt, 2, value);
        return limn_case_run(c, stmt, "write to the case", diag);
}

int limn_case_meta_get(LimnCase *c, const char *key, LimnBuf *ret, LimnDiag *diag)
{
        int r = 0;
        sqlite3_stmt *stmt = limn_case_stmt(c, LIMN_STMT_META_GET, &r, diag);
        if (!stmt)
                return r;
        limn_bind_slice(stmt, 1, limn_slice_str(key));
        int rc = sqlite3_step(stmt);
        if (rc == SQLITE_ROW)
                r = limn_buf_add(ret, limn_column_slice(stmt, 0));
        else
                r = rc == SQLITE_DONE ? 1 : limn_case_fail(c, rc, "read the case", diag);
        sqlite3_reset(stmt);
        return r;
}
