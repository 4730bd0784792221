/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The virtual table `event`: every record of the case, decoded again from its segments.
 *
 * Visible columns are the names of core/event.h in the order of `limn parse`: source (path), line,
 * offset, length, time (microseconds), time_raw, time_basis, level, level_raw, component, thread,
 * code, logger, message, fields (JSON object). Hidden, to be named: event_id (also the rowid:
 * segment_id << 20 | ordinal), source_id, level_no (0 none, 1 debug .. 6 fatal), quality (bits
 * LIMN_Q_*), record (the bytes), contains (`contains = TEXT`: rows whose bytes hold it; no other
 * use). Absent values are NULL. Sources that are incomplete or
 * superseded have no rows.
 *
 * Constraints on source_id, source, event_id, time, level and level_no skip whole segments by
 * what the segment table says of them; SQLite checks every constraint on the rows that are left.
 */
#include "core/format.h"
#include "db/sqlite.h"

typedef struct LimnEventStats {
        uint64_t skipped; /* segments that a constraint ruled out */
        uint64_t read;    /* segments decompressed */
        uint64_t parsed;  /* records that a format parsed */
} LimnEventStats;

/* Belongs to the connection once registered; freed with it. */
typedef struct LimnEventModule LimnEventModule;

/* An SQLite result code. *ret_module may be NULL; it is valid while the connection is open. */
int limn_event_register(sqlite3 *db, const LimnFormat *(*find)(const char *name),
                        LimnEventModule **ret_module);
/* Since the last call of it: what tests check that segments are really skipped with. */
LimnEventStats limn_event_stats(LimnEventModule *module);
