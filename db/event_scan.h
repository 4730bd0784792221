/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Scan: walks the segments of a case in order, leaves out what its filter rules out, and decodes
 * the rest record by record. What a cursor of the virtual table does, without SQLite's callbacks.
 */
#include "db/decode.h"
#include "db/event_filter.h"
#include "db/event_vtab.h"
#include "db/segment.h"

typedef struct LimnEventScan {
        /* Where the scan stands; valid while not eof. */
        bool eof;
        int64_t segment_id, source_id;
        uint32_t ordinal;
        uint64_t line, offset; /* line: with LIMN_SCAN_LINES */
        LimnEvent event;       /* only record without LIMN_SCAN_PARSE; empty without _BYTES */
        LimnBuf path;
        LimnBuf error; /* what went wrong, when a call said so */

        LimnEventFilter filter; /* set before limn_event_scan_start() */

        /* Private. */
        sqlite3 *db;
        const LimnFormat *(*find)(const char *name);
        LimnEventStats *stats;
        sqlite3_stmt *list, *data;
        int listing; /* which statement `list` is */
        unsigned what;
        const LimnFormat *format;
        LimnZone *zone;
        LimnTime reference;
        LimnPacker *packer;
        LimnBuf bytes;
        LimnDecode decode;
        uint32_t records;    /* of the segment, as stored */
        bool in_segment;
        uint64_t next_line, next_offset;
        uint32_t next_ordinal;
} LimnEventScan;

void limn_event_scan_init(LimnEventScan *scan, sqlite3 *db,
                          const LimnFormat *(*find)(const char *name), LimnEventStats *stats);
void limn_event_scan_done(LimnEventScan *scan);
/* Both stand on a row or at eof afterwards. SQLite result codes. */
int limn_event_scan_start(LimnEventScan *scan, unsigned what);
int limn_event_scan_next(LimnEventScan *scan);
int64_t limn_event_scan_id(const LimnEventScan *scan);
