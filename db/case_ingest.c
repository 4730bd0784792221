/* SPDX-License-Identifier: Apache-2.0 */
/* Reading in: sources, segments, hits. */
#include <errno.h>
#include <stdlib.h>

#include "core/limits.h"
#include "core/vec.h"
#include "db/case_private.h"

enum { ORDINAL_BITS = 20 };

static LimnOpenSource *find_open(LimnCase *c, int64_t source)
{
        for (size_t i = 0; i < c->open.n; i++)
                if (c->open.at[i].id == source)
                        return &c->open.at[i];
        return NULL;
}

static void forget_open(LimnCase *c, int64_t source)
{
        LimnOpenSource *open = find_open(c, source);

        if (open)
                *open = c->open.at[--c->open.n];
}

/* The statement, with a transaction open to run it in. */
static sqlite3_stmt *write_stmt(LimnCase *c, int which, int *ret_error, LimnDiag *diag)
{
        *ret_error = limn_case_writing(c, diag);
        return *ret_error < 0 ? NULL : limn_case_stmt(c, which, ret_error, diag);
}

int limn_case_source_known(LimnCase *c, LimnSlice sha256, LimnSlice path, int64_t *ret_source,
                           LimnDiag *diag)
{
        int r = 0;
        sqlite3_stmt *stmt = limn_case_stmt(c, LIMN_STMT_SOURCE_KNOWN, &r, diag);
        if (!stmt)
                return r;
        limn_bind_slice(stmt, 1, sha256);
        int rc = sqlite3_step(stmt);
        if (rc != SQLITE_ROW) {
                r = rc == SQLITE_DONE ? 0 : limn_case_fail(c, rc, "read the case", diag);
                sqlite3_reset(stmt);
                return r;
        }
        int64_t source = sqlite3_column_int64(stmt, 0);
        bool other_name = !limn_slice_eq(limn_column_slice(stmt, 1), path);
        sqlite3_reset(stmt);
        if (other_name && c->writable) {
                stmt = write_stmt(c, LIMN_STMT_NAME_ADD, &r, diag);
                if (!stmt)
                        return r;
                sqlite3_bind_int64(stmt, 1, source);
                limn_bind_slice(stmt, 2, path);
                r = limn_case_run(c, stmt, "note the other name of a source", diag);
                if (r < 0)
                        return r;
        }
        *ret_source = source;
        return 1;
}

int limn_case_source_by_head(LimnCase *c, LimnSlice head_sha256, uint64_t size, bool below,
                             int (*fn)(void *arg, int64_t source_id, uint64_t size,
                                       LimnSlice sha256),
                             void *arg, LimnDiag *diag)
{
        int r = 0, rc;
        sqlite3_stmt *stmt = limn_case_stmt(
                c, below ? LIMN_STMT_SOURCE_BELOW : LIMN_STMT_SOURCE_FROM, &r, diag);
        if (!stmt)
                return r;
        limn_bind_slice(stmt, 1, head_sha256);
        sqlite3_bind_int64(stmt, 2, size > INT64_MAX ? INT64_MAX : (int64_t)size);
        sqlite3_bind_int(stmt, 3, LIMN_CANDIDATES_MAX);
        while ((rc = sqlite3_step(stmt)) == SQLITE_ROW && r == 0)
                r = fn(arg, sqlite3_column_int64(stmt, 0),
                       (uint64_t)sqlite3_column_int64(stmt, 1), limn_column_slice(stmt, 2));
        if (rc != SQLITE_ROW && rc != SQLITE_DONE)
                r = limn_case_fail(c, rc, "read the case", diag);
        sqlite3_reset(stmt);
        return r;
}

int limn_case_source_begin(LimnCase *c, const LimnSourceInfo *info, int64_t *ret_source,
                           LimnDiag *diag)
{
        int r = 0;
        if (limn_vec_room(&c->open) < 0)
                return -ENOMEM;
        sqlite3_stmt *stmt = write_stmt(c, LIMN_STMT_SOURCE_BEGIN, &r, diag);
        if (!stmt)
                return r;
        limn_bind_slice(stmt, 1, info->path);
        limn_bind_slice(stmt, 2, limn_slice_str(info->format->name));
        sqlite3_bind_int(stmt, 3, info->format->version);
        limn_bind_slice(stmt, 4, limn_slice_str(info->rival));
        limn_bind_slice(stmt, 5, limn_slice_str(info->zone));
        limn_bind_time(stmt, 6, info->reference ? info->reference : LIMN_TIME_NONE);
        limn_bind_slice(stmt, 7, info->head_sha256);
        r = limn_case_run(c, stmt, "begin a source", diag);
        if (r < 0)
                return r;
        *ret_source = sqlite3_last_insert_rowid(c->db);
        c->open.at[c->open.n++] = (LimnOpenSource){.id = *ret_source};
        return 0;
}

static const char *wrong_with(const LimnOpenSource *open, const LimnSegmentInfo *segment)
{
        if (!open)
                return "its source was not begun";
        if (segment->offset != open->next_offset)
                return "it does not begin where the one before it ends";
        if (segment->length == 0 || segment->length > LIMN_SEGMENT_MAX)
                return "it is empty or too long";
        if (segment->records > 1u << ORDINAL_BITS)
                return "it has more records than can be numbered";
        if (segment->state.n > LIMN_STATE_MAX)
                return "its state is too long";
        return NULL;
}

/* Before a segment rather than after it: the hits of one come after it. A small source waits for
 * others: a commit costs as much as reading megabytes. */
static int commit_when_due(LimnCase *c, unsigned due, LimnDiag *diag)
{
        if (c->segments_since_commit < due)
                return 0;
        return limn_case_commit(c, diag);
}

int limn_case_segment_add(LimnCase *c, int64_t source, const LimnSegmentInfo *segment,
                          int64_t *ret_segment, LimnDiag *diag)
{
        int r = 0;
        LimnOpenSource *open = find_open(c, source);
        const char *wrong = wrong_with(open, segment);
        if (wrong)
                return limn_case_invalid(c, diag, "cannot add a segment", wrong);
        r = commit_when_due(c, LIMN_COMMIT_WITHIN, diag);
        if (r < 0)
                return r;
        sqlite3_stmt *stmt = write_stmt(c, LIMN_STMT_SEGMENT_ADD, &r, diag);
        if (!stmt)
                return r;
        sqlite3_bind_int64(stmt, 1, source);
        sqlite3_bind_int64(stmt, 2, (int64_t)segment->offset);
        sqlite3_bind_int64(stmt, 3, segment->length);
        sqlite3_bind_int64(stmt, 4, (int64_t)segment->first_line);
        sqlite3_bind_int64(stmt, 5, segment->records);
        limn_bind_time(stmt, 6, segment->time_min);
        limn_bind_time(stmt, 7, segment->time_max);
        sqlite3_bind_int64(stmt, 8, segment->level_mask);
        sqlite3_bind_int(stmt, 9, segment->final);
        sqlite3_bind_blob64(stmt, 10, segment->state.n ? segment->state.p : "", segment->state.n,
                            SQLITE_STATIC);
        sqlite3_bind_blob64(stmt, 11, segment->data.n ? segment->data.p : "", segment->data.n,
                            SQLITE_STATIC);
        r = limn_case_run(c, stmt, "add a segment", diag);
        if (r < 0)
                return r;
        *ret_segment = sqlite3_last_insert_rowid(c->db);
        open->next_offset += segment->length;
        c->segments_since_commit++;
        return 0;
}

int limn_case_hit_next(LimnCase *c, int64_t *ret, LimnDiag *diag)
{
        int r = 0;
        sqlite3_stmt *stmt = limn_case_stmt(c, LIMN_STMT_HIT_NEXT, &r, diag);
        if (!stmt)
                return r;
        int rc = sqlite3_step(stmt);
        if (rc == SQLITE_ROW)
                *ret = sqlite3_column_int64(stmt, 0);
        else
                r = limn_case_fail(c, rc, "read the case", diag);
        sqlite3_reset(stmt);
        return r;
}

int limn_case_hit_add(LimnCase *c, int64_t source, const LimnCaseHit *hit, LimnDiag *diag)
{
        int r = 0;
        sqlite3_stmt *stmt = write_stmt(c, LIMN_STMT_HIT_ADD, &r, diag);
        if (!stmt)
                return r;
        if (hit->ordinal >= 1u << ORDINAL_BITS)
                return limn_case_invalid(c, diag, "cannot add a hit", "its ordinal is too large");
        sqlite3_bind_int64(stmt, 1, hit->rule_id);
        sqlite3_bind_int64(stmt, 2, source);
        sqlite3_bind_int64(stmt, 3, hit->segment_id << ORDINAL_BITS | hit->ordinal);
        sqlite3_bind_int64(stmt, 4, (int64_t)hit->line);
        sqlite3_bind_int64(stmt, 5, (int64_t)hit->offset);
        sqlite3_bind_int64(stmt, 6, hit->length);
        limn_bind_time(stmt, 7, hit->time);
        limn_bind_slice(stmt, 8, hit->fields);
        if (hit->id)
                sqlite3_bind_int64(stmt, 9, hit->id);
        else
                sqlite3_bind_null(stmt, 9);
        sqlite3_bind_int64(stmt, 10, hit->n ? (int64_t)hit->n : 1);
        limn_bind_time(stmt, 11, hit->since ? hit->since : LIMN_TIME_NONE);
        return limn_case_run(c, stmt, "add a hit", diag);
}

int limn_case_unexplained_add(LimnCase *c, int64_t source, const LimnCaseUnexplained *u,
                              LimnDiag *diag)
{
        int r = 0;
        sqlite3_stmt *stmt = write_stmt(c, LIMN_STMT_UNEXPLAINED_ADD, &r, diag);
        if (!stmt)
                return r;
        limn_bind_slice(stmt, 1, u->template);
        limn_bind_slice(stmt, 2, limn_slice_str(limn_level_to_string(u->level)));
        sqlite3_bind_int64(stmt, 3, (int64_t)u->count);
        limn_bind_time(stmt, 4, u->first);
        limn_bind_time(stmt, 5, u->last);
        sqlite3_bind_int64(stmt, 6, source);
        sqlite3_bind_int64(stmt, 7, (int64_t)u->line);
        sqlite3_bind_int64(stmt, 8, (int64_t)u->offset);
        limn_bind_slice(stmt, 9, u->text);
        sqlite3_bind_int64(stmt, 10, (int64_t)u->burst);
        limn_bind_time(stmt, 11, u->burst ? u->burst_at : LIMN_TIME_NONE);
        return limn_case_run(c, stmt, "count an error without a rule", diag);
}

static int check_totals(LimnCase *c, const LimnOpenSource *open, const LimnSourceTotals *totals,
                        LimnDiag *diag)
{
        const char *what = "cannot complete a source";
        uint64_t sum;

        if (!open)
                return limn_case_invalid(c, diag, what, "it was not begun");
        if (__builtin_add_overflow(totals->parsed, totals->continuation, &sum) ||
            __builtin_add_overflow(sum, totals->unparsed, &sum) ||
            __builtin_add_overflow(sum, totals->skipped, &sum) || sum != totals->size)
                return limn_case_invalid(c, diag, what, "its ledger does not add up to its size");
        if (open->next_offset != totals->size)
                return limn_case_invalid(c, diag, what, "its segments do not add up to its size");
        if (totals->sha256.n == 0)
                return limn_case_invalid(c, diag, what, "it has no SHA-256");
        return 0;
}

static int write_totals(LimnCase *c, int64_t source, const LimnSourceTotals *totals,
                        LimnDiag *diag)
{
        int r = 0;
        sqlite3_stmt *stmt = write_stmt(c, LIMN_STMT_SOURCE_END, &r, diag);
        if (!stmt)
                return r;
        sqlite3_bind_int64(stmt, 1, source);
        limn_bind_slice(stmt, 2, totals->sha256);
        limn_bind_slice(stmt, 3, totals->sha256_received);
        sqlite3_bind_int64(stmt, 4, (int64_t)totals->size);
        sqlite3_bind_int64(stmt, 5, (int64_t)totals->size_received);
        sqlite3_bind_int64(stmt, 6, (int64_t)totals->lines);
        sqlite3_bind_int64(stmt, 7, (int64_t)totals->records);
        limn_bind_time(stmt, 8, totals->first_time);
        limn_bind_time(stmt, 9, totals->last_time);
        sqlite3_bind_int64(stmt, 10, (int64_t)totals->naive);
        sqlite3_bind_int(stmt, 11, totals->truncated);
        sqlite3_bind_int64(stmt, 12, (int64_t)totals->stated);
        limn_bind_time(stmt, 13, totals->resolution ? totals->resolution : LIMN_TIME_NONE);
        limn_bind_time(stmt, 14, totals->hole ? totals->hole : LIMN_TIME_NONE);
        sqlite3_bind_int64(stmt, 15, (int64_t)totals->local_twice);
        sqlite3_bind_int64(stmt, 16, (int64_t)totals->local_never);
        r = limn_case_run(c, stmt, "complete a source", diag);
        if (r < 0)
                return r;

        stmt = write_stmt(c, LIMN_STMT_LEDGER_ADD, &r, diag);
        if (!stmt)
                return r;
        sqlite3_bind_int64(stmt, 1, source);
        sqlite3_bind_int64(stmt, 2, (int64_t)totals->parsed);
        sqlite3_bind_int64(stmt, 3, (int64_t)totals->continuation);
        sqlite3_bind_int64(stmt, 4, (int64_t)totals->unparsed);
        sqlite3_bind_int64(stmt, 5, (int64_t)totals->skipped);
        return limn_case_run(c, stmt, "complete a source", diag);
}

int limn_case_source_end(LimnCase *c, int64_t source, const LimnSourceTotals *totals,
                         int64_t supersedes, LimnDiag *diag)
{
        int r = check_totals(c, find_open(c, source), totals, diag);
        if (r == 0)
                r = write_totals(c, source, totals, diag);
        if (r == 0 && supersedes) {
                sqlite3_stmt *stmt = write_stmt(c, LIMN_STMT_SUPERSEDE, &r, diag);
                if (!stmt)
                        return r;
                sqlite3_bind_int64(stmt, 1, supersedes);
                sqlite3_bind_int64(stmt, 2, source);
                r = limn_case_run(c, stmt, "complete a source", diag);
        }
        if (r == 0)
                r = commit_when_due(c, LIMN_COMMIT_SEGMENTS, diag);
        if (r == 0)
                forget_open(c, source);
        return r;
}

int limn_case_source_drop(LimnCase *c, int64_t source, LimnDiag *diag)
{
        static const char *const tables[] = {"hit",         "unexplained", "segment", "stretch",
                                             "source_name", "ledger",      "source"};
        char sql[128];

        c->unpacked_id = 0; /* its id may be used again */
        int r = limn_case_writing(c, diag);
        for (size_t i = 0; r == 0 && i < sizeof tables / sizeof *tables; i++) {
                snprintf(sql, sizeof sql, "DELETE FROM %s WHERE source_id = %lld", tables[i],
                         (long long)source);
                r = limn_case_exec(c, sql, "drop a source", diag);
                if (r < 0)
                        c->broken = r;
        }
        if (r == 0)
                r = limn_case_commit(c, diag);
        if (r == 0)
                forget_open(c, source);
        return r;
}

int limn_case_drop_incomplete(LimnCase *c, int (*fn)(void *arg, LimnSlice path), void *arg,
                              LimnDiag *diag)
{
        for (;;) {
                int r = 0;
                sqlite3_stmt *stmt = limn_case_stmt(c, LIMN_STMT_INCOMPLETE, &r, diag);
                if (!stmt)
                        return r;
                int rc = sqlite3_step(stmt);
                int64_t source = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
                if (rc == SQLITE_ROW)
                        r = fn ? fn(arg, limn_column_slice(stmt, 1)) : 0;
                else if (rc != SQLITE_DONE)
                        r = limn_case_fail(c, rc, "read the case", diag);
                sqlite3_reset(stmt);
                if (r || rc == SQLITE_DONE)
                        return r;
                r = limn_case_source_drop(c, source, diag);
                if (r < 0)
                        return r;
        }
}
