/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Case: one SQLite file with everything ingested and concluded (db/schema.sql, docs/case-file.md).
 *
 * A source is written between limn_case_source_begin() and _end(); a commit happens with the end
 * of a source once there are LIMN_COMMIT_SEGMENTS segments, every LIMN_COMMIT_WITHIN segments
 * within one, and with limn_case_commit(), so that a kill at any instant leaves a case that opens,
 * with all that was committed, and says which source is incomplete. One thread at a time.
 *
 * What is written outside of a source and a conclusion (meta, rule, note) becomes durable with the
 * next of those commits, or with limn_case_commit().
 *
 * A writer holds the case alone from open to close.
 *
 * Returns: 0; positive outcomes as documented; -ENOENT no such file; -EINVAL not a case, another
 * version's, or a call that makes no sense; -EBUSY locked; -ENOSPC disk full; -EROFS not writable;
 * -EBADMSG damaged; -EIO; -ENOMEM: with a message. After -ENOSPC and -EIO close the case: it
 * opens again as of its last commit.
 */
#include "core/diag.h"
#include "core/format.h"
#include "core/query.h"

typedef struct LimnCase LimnCase;

enum {
        LIMN_CASE_READ = 0,       /* must exist; nothing is written, works in read-only folders */
        LIMN_CASE_WRITE = 1 << 0, /* must exist unless CREATE */
        LIMN_CASE_CREATE = 1 << 1,
        LIMN_CASE_RENEW = 1 << 2, /* with WRITE: conclusions of another version are dropped */
};

/* path ":memory:" is a case that is gone when closed. */
int limn_case_open(LimnCase **ret, const char *path, unsigned flags, LimnDiag *diag);
/* Commits what limn_case_commit() would, if it still can; a source or conclusion that was begun
 * and not ended goes back to its last commit. */
LimnCase *limn_case_close(LimnCase *c);
int limn_case_commit(LimnCase *c, LimnDiag *diag);

int limn_case_meta_set(LimnCase *c, const char *key, LimnSlice value, LimnDiag *diag);
/* 1 when absent. The value is appended. */
int limn_case_meta_get(LimnCase *c, const char *key, LimnBuf *ret, LimnDiag *diag);

/* -- reading in ------------------------------------------------------------------------- */

typedef struct LimnSourceInfo {
        LimnSlice path;
        const LimnFormat *format;
        const char *rival;  /* or NULL */
        const char *zone;   /* or NULL */
        LimnTime reference; /* as the parser is given it; 0 or NONE: none */
        LimnSlice head_sha256;
} LimnSourceInfo;

typedef struct LimnSourceTotals {
        LimnSlice sha256, sha256_received;
        uint64_t size, size_received, lines, records, naive, stated;
        uint64_t parsed, continuation, unparsed, skipped; /* the ledger; must add up to size */
        /* Local times that the clocks of its zone showed twice, or left out. */
        uint64_t local_twice, local_never;
        LimnTime first_time, last_time;
        bool truncated;
        LimnDuration resolution; /* of its hits' stamps; 0: none has one */
        LimnDuration hole;       /* silence longer than this breaks its rhythm; 0: it has none */
} LimnSourceTotals;

typedef struct LimnSegmentInfo {
        uint64_t offset, first_line;
        uint32_t length, records;
        LimnTime time_min, time_max; /* NONE: no record has a time */
        uint32_t level_mask;
        bool final;
        /* The format's frame_state_size and state_size bytes, as before its first record. A segment
         * of no records holds the rest of a record too long to parse. */
        LimnSlice state;
        LimnSlice data;  /* limn_segment_pack() */
} LimnSegmentInfo;

typedef struct LimnCaseHit {
        int64_t id; /* 0: the next one */
        int64_t segment_id;
        uint32_t ordinal; /* of the record within the segment */
        int64_t rule_id;
        uint64_t line, offset;
        uint32_t length;
        LimnTime time;
        LimnSlice fields; /* JSON object */
        /* It stands for n hits, those after `since`. n 0 is 1; since 0 or NONE: it is the first. */
        uint64_t n;
        LimnTime since;
} LimnCaseHit;

/*
 * Is this content here already? 0 no; 1 a complete source with this SHA-256 (and `path` was noted
 * as another name of it); *ret_source says which.
 */
int limn_case_source_known(LimnCase *c, LimnSlice sha256, LimnSlice path, int64_t *ret_source,
                           LimnDiag *diag);
/* Complete sources, not superseded, whose head_sha256 is this one: of at least `size` bytes,
 * smallest first, or with `below` of fewer, largest first; at most LIMN_CANDIDATES_MAX. Those a new
 * file may be, begin or extend. A non-zero result of fn stops and is returned. */
int limn_case_source_by_head(LimnCase *c, LimnSlice head_sha256, uint64_t size, bool below,
                             int (*fn)(void *arg, int64_t source_id, uint64_t size,
                                       LimnSlice sha256),
                             void *arg, LimnDiag *diag);
int limn_case_source_begin(LimnCase *c, const LimnSourceInfo *info, int64_t *ret_source,
                           LimnDiag *diag);
/* Segments of a source come in order and leave no gap. */
int limn_case_segment_add(LimnCase *c, int64_t source, const LimnSegmentInfo *segment,
                          int64_t *ret_segment, LimnDiag *diag);
/* One above the highest hit_id there is. */
int limn_case_hit_next(LimnCase *c, int64_t *ret, LimnDiag *diag);
int limn_case_hit_add(LimnCase *c, int64_t source, const LimnCaseHit *hit, LimnDiag *diag);
/* Error-level records of a source that no rule matched, of one template. */
typedef struct LimnCaseUnexplained {
        LimnSlice template;
        LimnLevel level; /* the highest */
        uint64_t count;
        LimnTime first, last;  /* as stamped; LIMN_TIME_NONE: none has a time */
        uint64_t line, offset; /* of the first one, as is the text */
        LimnSlice text;
        uint64_t burst; /* the most in one minute; 0: none has a time */
        LimnTime burst_at;
} LimnCaseUnexplained;
/* Counts add up, place and text of the first one stay. */
int limn_case_unexplained_add(LimnCase *c, int64_t source, const LimnCaseUnexplained *u,
                              LimnDiag *diag);
/* The ledger must add up to `size`, and so must the segments. `supersedes`: the source this one
 * extends, or 0. */
int limn_case_source_end(LimnCase *c, int64_t source, const LimnSourceTotals *totals,
                         int64_t supersedes, LimnDiag *diag);
/* Takes back what was begun (also what a killed run left), with all of its segments and hits.
 * Commits. */
int limn_case_source_drop(LimnCase *c, int64_t source, LimnDiag *diag);
/* Sources that an interrupted run left incomplete are dropped; fn is told each path. */
int limn_case_drop_incomplete(LimnCase *c, int (*fn)(void *arg, LimnSlice path), void *arg,
                              LimnDiag *diag);

/* -- concluding ------------------------------------------------------------------------- */

/* Empties every table of part 2, inside a transaction that limn_case_conclude_end() commits. */
int limn_case_conclude_begin(LimnCase *c, LimnDiag *diag);
int limn_case_conclude_end(LimnCase *c, LimnDiag *diag);
/* Instead of the end: the case is again what it was before the beginning. */
int limn_case_conclude_undo(LimnCase *c, LimnDiag *diag);
/*
 * Inserts one row: `columns` is the list as SQL wants it ("instance_id, kind, name, role"),
 * values in that order. For tables of part 2 and for rule, note. The statement is cached by its
 * text, so pass literals. *ret_id: the row id, may be NULL (0 for tables without one).
 * `rule` without a rule_id: a row of that name is replaced and keeps its id.
 */
int limn_case_insert(LimnCase *c, const char *table, const char *columns, const LimnValue *values,
                     size_t n, int64_t *ret_id, LimnDiag *diag);

/* -- reading back ----------------------------------------------------------------------- */

/* Read-only SQL, under an authorizer that allows reading only and a step limit
 * (LIMN_SQL_STEPS_MAX). Valid until the case is closed. */
LimnQuery limn_case_query(LimnCase *c);

/* The same, but `head` is told the names of the columns before the first row. */
int limn_case_select(LimnCase *c, const char *sql, const LimnParam *params, size_t n_params,
                     int (*head)(void *arg, const LimnSlice *names, size_t n), LimnRowFn row,
                     void *arg, LimnDiag *diag);
/* A step limit below LIMN_SQL_STEPS_MAX, for callers with less patience. */
void limn_case_limit_steps(LimnCase *c, int64_t steps);

/* How db/ decodes segments: db knows no formats, cli hands this down. NULL: unknown name. */
typedef const LimnFormat *(*LimnFormatFind)(const char *name);
/* Registers the virtual table `event` (db/event_vtab.h) on this case's connection. */
int limn_case_enable_events(LimnCase *c, LimnFormatFind find, LimnDiag *diag);

/* A record of the case, parsed again; dies with the callback. */
typedef struct LimnStoredEvent {
        int64_t source_id, event_id;
        LimnSlice path;
        uint64_t line, offset;
        const LimnEvent *event;
} LimnStoredEvent;
typedef int (*LimnStoredEventFn)(void *arg, const LimnStoredEvent *event);
/* One record, by hit.event_id; none when the case has no such record. After
 * limn_case_enable_events(). 0, what fn returned, or with a message. */
int limn_case_event(LimnCase *c, int64_t event_id, LimnStoredEventFn fn, void *arg, LimnDiag *diag);
/* Those of a source, in order, between these times as stamped (LIMN_TIME_NONE: open; with one of
 * them records without a time are left out). */
int limn_case_events(LimnCase *c, int64_t source, LimnTime from, LimnTime to, LimnStoredEventFn fn,
                     void *arg, LimnDiag *diag);

/* The bytes of a complete source, in order, in pieces that die when fn returns; fn leaves the case
 * alone. 1: no such source. */
int limn_case_extract(LimnCase *c, int64_t source, int (*fn)(void *arg, LimnSlice bytes),
                      void *arg, LimnDiag *diag);
/* `length` bytes from `offset` of a source, appended. -EINVAL when it has no such bytes. */
int limn_case_bytes(LimnCase *c, int64_t source, uint64_t offset, uint64_t length, LimnBuf *ret,
                    LimnDiag *diag);
