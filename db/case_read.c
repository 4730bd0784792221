/* SPDX-License-Identifier: Apache-2.0 */
/* Reading back: the bytes of a source, out of its segments. */
#include <errno.h>

#include "core/limits.h"
#include "db/case_private.h"

/* The bytes of the segment that `stmt` (SEGMENTS_FROM) stands on; kept until another is asked. */
static int unpack(LimnCase *c, sqlite3_stmt *stmt, LimnSlice *ret, LimnDiag *diag)
{
        int64_t length = sqlite3_column_int64(stmt, 1), id = sqlite3_column_int64(stmt, 3);
        int r = c->packer ? 0 : limn_packer_new(&c->packer);

        if (r == 0 && c->unpacked_id != id) {
                c->unpacked_id = 0;
                r = length < 0 ? -EBADMSG
                               : limn_segment_unpack(c->packer, limn_column_slice(stmt, 2),
                                                     (size_t)length, &c->unpacked);
                if (r == 0)
                        c->unpacked_id = id;
        }
        if (r == -EBADMSG)
                limn_diag_addf(diag,
                               &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                              .where = c->path,
                                              .help = "restore the case from a copy, or read the "
                                                      "sources in again"},
                               "segment %lld of the case is damaged", (long long)id);
        if (r == 0)
                *ret = limn_buf_slice(&c->unpacked);
        return r;
}

static sqlite3_stmt *segments_from(LimnCase *c, int64_t source, int64_t offset, int *ret_error,
                                   LimnDiag *diag)
{
        sqlite3_stmt *stmt = limn_case_stmt(c, LIMN_STMT_SEGMENTS_FROM, ret_error, diag);
        if (!stmt)
                return NULL;
        sqlite3_bind_int64(stmt, 1, source);
        sqlite3_bind_int64(stmt, 2, offset);
        return stmt;
}

static int source_size(LimnCase *c, int64_t source, int64_t *ret, LimnDiag *diag)
{
        int r = 0;
        sqlite3_stmt *stmt = limn_case_stmt(c, LIMN_STMT_SOURCE_SIZE, &r, diag);
        if (!stmt)
                return r;
        sqlite3_bind_int64(stmt, 1, source);
        int rc = sqlite3_step(stmt);
        if (rc == SQLITE_ROW)
                *ret = sqlite3_column_int64(stmt, 0);
        else
                r = rc == SQLITE_DONE ? 1 : limn_case_fail(c, rc, "read the case", diag);
        sqlite3_reset(stmt);
        return r;
}

static int gap(LimnCase *c, LimnDiag *diag)
{
        limn_case_invalid(c, diag, "cannot give back the bytes of a source",
                          "a segment of it is missing");
        return -EBADMSG;
}

int limn_case_extract(LimnCase *c, int64_t source, int (*fn)(void *arg, LimnSlice bytes),
                      void *arg, LimnDiag *diag)
{
        int64_t size = 0, at = 0;
        LimnSlice bytes = LIMN_NONE;
        int rc;

        int r = source_size(c, source, &size, diag);
        if (r)
                return r;
        sqlite3_stmt *stmt = segments_from(c, source, 0, &r, diag);
        if (!stmt)
                return r;
        while ((rc = sqlite3_step(stmt)) == SQLITE_ROW && r == 0) {
                if (sqlite3_column_int64(stmt, 0) != at)
                        break;
                r = unpack(c, stmt, &bytes, diag);
                if (r == 0)
                        r = fn(arg, bytes);
                at += (int64_t)bytes.n;
        }
        if (r == 0 && rc != SQLITE_DONE && rc != SQLITE_ROW)
                r = limn_case_fail(c, rc, "read the case", diag);
        else if (r == 0 && at != size)
                r = gap(c, diag);
        sqlite3_reset(stmt);
        return r;
}

static int segment_holding(LimnCase *c, int64_t source, int64_t offset, int64_t *ret,
                           LimnDiag *diag)
{
        int r = 0;
        sqlite3_stmt *stmt = limn_case_stmt(c, LIMN_STMT_SEGMENT_BEFORE, &r, diag);
        if (!stmt)
                return r;
        sqlite3_bind_int64(stmt, 1, source);
        sqlite3_bind_int64(stmt, 2, offset);
        int rc = sqlite3_step(stmt);
        if (rc == SQLITE_ROW)
                *ret = sqlite3_column_int64(stmt, 0);
        else
                r = limn_case_fail(c, rc, "read the case", diag);
        sqlite3_reset(stmt);
        return r;
}

int limn_case_bytes(LimnCase *c, int64_t source, uint64_t offset, uint64_t length, LimnBuf *ret,
                    LimnDiag *diag)
{
        int64_t first = 0;
        LimnSlice bytes;
        int rc = SQLITE_ROW;

        if (length == 0)
                return 0;
        if (offset > INT64_MAX || length > INT64_MAX - offset)
                return limn_case_invalid(c, diag, "cannot give back the bytes of a source",
                                         "they lie outside of it");
        int r = segment_holding(c, source, (int64_t)offset, &first, diag);
        if (r < 0)
                return r;
        sqlite3_stmt *stmt = segments_from(c, source, first, &r, diag);
        if (!stmt)
                return r;
        while (r == 0 && length && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
                uint64_t start = (uint64_t)sqlite3_column_int64(stmt, 0);
                r = unpack(c, stmt, &bytes, diag);
                if (r < 0)
                        break;
                if (start > offset || offset - start >= bytes.n)
                        break;
                LimnSlice part = limn_slice_from(bytes, (size_t)(offset - start));
                part = limn_slice_to(part, length < part.n ? (size_t)length : part.n);
                r = limn_buf_add(ret, part);
                offset += part.n;
                length -= part.n;
        }
        if (r == 0 && rc != SQLITE_ROW && rc != SQLITE_DONE)
                r = limn_case_fail(c, rc, "read the case", diag);
        else if (r == 0 && length)
                r = limn_case_invalid(c, diag, "cannot give back the bytes of a source",
                                      "they lie outside of it");
        sqlite3_reset(stmt);
        return r;
}
