/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the files of db/ that implement db/case.h share. */
#include "db/case.h"
#include "db/event_vtab.h"
#include "db/segment.h"
#include "db/sqlite.h"

/* 'limn' in the file's header, and the version of the layout of what was read (part 1 of
 * db/schema.sql). Conclusions and views of another version are known by their text. */
#define LIMN_CASE_APPLICATION_ID 0x6c696d6e
#define LIMN_CASE_VERSION 1

/* The statements of ingest, prepared once: X(name, sql). */
#define LIMN_CASE_STATEMENTS(X)                                                                   \
        X(META_SET, "INSERT INTO meta(key, value) VALUES(?1, ?2)"                                 \
                    " ON CONFLICT(key) DO UPDATE SET value = excluded.value")                     \
        X(META_GET, "SELECT value FROM meta WHERE key = ?1")                                      \
        X(SOURCE_KNOWN, "SELECT source_id, path FROM source WHERE sha256 = ?1 AND complete = 1"   \
                        " ORDER BY superseded_by IS NOT NULL, source_id LIMIT 1")                 \
        X(NAME_ADD, "INSERT OR IGNORE INTO source_name(source_id, path) VALUES(?1, ?2)")          \
        X(SOURCE_FROM, "SELECT source_id, size, sha256 FROM source WHERE head_sha256 = ?1"        \
                       " AND size >= ?2 AND complete = 1 AND superseded_by IS NULL"               \
                       " ORDER BY size, source_id LIMIT ?3")                                      \
        X(SOURCE_BELOW, "SELECT source_id, size, sha256 FROM source WHERE head_sha256 = ?1"       \
                        " AND size < ?2 AND complete = 1 AND superseded_by IS NULL"               \
                        " ORDER BY size DESC, source_id DESC LIMIT ?3")                           \
        X(SOURCE_BEGIN, "INSERT INTO source(path, format, format_version, format_rival, zone,"    \
                        " reference, head_sha256) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)")            \
        X(SOURCE_END, "UPDATE source SET sha256 = ?2, sha256_received = ?3, size = ?4,"           \
                      " size_received = ?5, lines = ?6, records = ?7, first_time = ?8,"           \
                      " last_time = ?9, naive = ?10, truncated = ?11, stated = ?12,"              \
                      " resolution = ?13, hole = ?14, local_twice = ?15, local_never = ?16,"      \
                      " complete = 1 WHERE source_id = ?1")                                       \
        X(SUPERSEDE, "UPDATE source SET superseded_by = ?2 WHERE source_id = ?1")                 \
        X(LEDGER_ADD, "INSERT INTO ledger VALUES(?1, ?2, ?3, ?4, ?5)")                            \
        X(SEGMENT_ADD, "INSERT INTO segment(source_id, offset, length, first_line, records,"      \
                       " time_min, time_max, level_mask, final, state, data)"                     \
                       " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")                   \
        X(HIT_ADD, "INSERT INTO hit(rule_id, source_id, event_id, line, offset, length, time,"    \
                   " fields, hit_id, n, since) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"   \
                   " ?11)")                                                                       \
        X(HIT_NEXT, "SELECT coalesce(max(hit_id), 0) + 1 FROM hit")                               \
        X(UNEXPLAINED_ADD,                                                                        \
          "INSERT INTO unexplained VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"          \
          " ON CONFLICT(template, source_id) DO UPDATE SET count = count + excluded.count,"       \
          " level = CASE WHEN excluded.level = 'fatal' THEN 'fatal' ELSE level END,"              \
          " first = min(coalesce(first, excluded.first), coalesce(excluded.first, first)),"       \
          " last = max(coalesce(last, excluded.last), coalesce(excluded.last, last)),"            \
          " burst_at = CASE WHEN excluded.burst > burst THEN excluded.burst_at ELSE burst_at END," \
          " burst = max(burst, excluded.burst)")                                                  \
        X(INCOMPLETE, "SELECT source_id, path FROM source WHERE complete = 0 ORDER BY source_id") \
        X(SOURCE_SIZE, "SELECT size FROM source WHERE source_id = ?1 AND complete = 1")           \
        X(SEGMENTS_FROM, "SELECT offset, length, data, segment_id FROM segment"                   \
                         " WHERE source_id = ?1 AND offset >= ?2 ORDER BY offset")                \
        X(SEGMENT_BEFORE, "SELECT max(offset) FROM segment WHERE source_id = ?1 AND offset <= ?2")

enum {
#define X(name, sql) LIMN_STMT_##name,
        LIMN_CASE_STATEMENTS(X)
#undef X
        _LIMN_STMT_MAX,
};

/* A source between begin and end. */
typedef struct LimnOpenSource {
        int64_t id;
        uint64_t next_offset;
} LimnOpenSource;

typedef struct LimnCachedInsert {
        char *table, *columns;
        sqlite3_stmt *stmt;
} LimnCachedInsert;

typedef struct LimnCachedQuery {
        char *sql;
        sqlite3_stmt *stmt;
        uint64_t used; /* clock of the cache: the smallest goes first */
        bool busy;     /* being stepped: its row callback may query again */
} LimnCachedQuery;

enum { LIMN_INSERT_CACHE = 32, LIMN_QUERY_CACHE = 32 };

struct LimnCase {
        sqlite3 *db;
        char *path;
        bool writable;
        bool concluding;
        int broken; /* a write failed with this: nothing more is written */
        sqlite3_stmt *stmts[_LIMN_STMT_MAX];
        struct {
                LimnOpenSource *at;
                size_t n, cap;
        } open;
        unsigned segments_since_commit;

        LimnCachedInsert inserts[LIMN_INSERT_CACHE];
        size_t n_inserts, next_insert;
        LimnCachedQuery queries[LIMN_QUERY_CACHE];
        uint64_t clock;

        /* Statements of others: while > 0 the authorizer refuses all but reading. */
        unsigned guarded;
        int64_t steps_max, steps;

        LimnPacker *packer; /* made when first needed */
        LimnBuf unpacked;   /* of segment `unpacked_id`, 0: none */
        int64_t unpacked_id;

        LimnEventModule *events;
        LimnFormatFind find; /* with events */
};

/* Turns SQLite's last error into a message and a negative errno. `doing`: "add a segment". */
int limn_case_fail(LimnCase *c, int rc, const char *doing, LimnDiag *diag);
/* The statement, reset and without bindings, or NULL with *ret_error and a message. */
sqlite3_stmt *limn_case_stmt(LimnCase *c, int which, int *ret_error, LimnDiag *diag);
/* Steps a statement that returns no rows, and resets it. */
int limn_case_run(LimnCase *c, sqlite3_stmt *stmt, const char *doing, LimnDiag *diag);
int limn_case_exec(LimnCase *c, const char *sql, const char *doing, LimnDiag *diag);
/* Opens a transaction unless one is open; -EROFS on a case opened for reading. */
int limn_case_writing(LimnCase *c, LimnDiag *diag);
int limn_case_invalid(const LimnCase *c, LimnDiag *diag, const char *what, const char *why);
void limn_bind_slice(sqlite3_stmt *stmt, int i, LimnSlice s);
void limn_bind_time(sqlite3_stmt *stmt, int i, LimnTime t);
LimnSlice limn_column_slice(sqlite3_stmt *stmt, int i);

/* db/case_guard.c: limits, defensive mode, authorizer, step limit, on a fresh connection. */
int limn_case_guard_install(LimnCase *c);
/* db/case_functions.c: an SQLite result code. */
int limn_case_functions(sqlite3 *db);
bool limn_case_steps_exhausted(const LimnCase *c);
/* db/case_schema.c */
int limn_case_schema_create(LimnCase *c, LimnDiag *diag);
/* Is it what this version would create? Objects that people added are theirs. Where only views
 * differ, ours stand before the file's while it is open; with may_renew, views and tables of
 * conclusions that differ are made anew in the file, empty. */
int limn_case_schema_check(LimnCase *c, bool may_renew, LimnDiag *diag);
/* Is it a table of part 2? */
bool limn_case_is_conclusion(const char *table);
void limn_case_caches_done(LimnCase *c);
