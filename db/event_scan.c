/* SPDX-License-Identifier: Apache-2.0 */
#include "db/event_scan.h"

#include <errno.h>

enum { ORDINAL_BITS = 20, ERROR_MAX = 1024, PATH_MAX_BYTES = 1024 * 1024 };

/* CROSS JOIN: SQLite may not reorder it, so that segments come in the order of their ids. */
#define LIST                                                                                       \
        "SELECT g.segment_id, g.source_id, g.offset, g.length, g.first_line, g.records,"           \
        " g.time_min, g.time_max, g.level_mask, s.path"                                            \
        " FROM segment g CROSS JOIN source s ON s.source_id = g.source_id"                         \
        " WHERE s.complete = 1 AND s.superseded_by IS NULL AND g.records > 0"

enum { LIST_ALL, LIST_SOURCE, LIST_SEGMENT };
static const char *const lists[] = {
        [LIST_ALL] = LIST " ORDER BY g.segment_id",
        [LIST_SOURCE] = LIST " AND g.source_id = ?1 ORDER BY g.segment_id",
        [LIST_SEGMENT] = LIST " AND g.segment_id = ?1",
};

void limn_event_scan_init(LimnEventScan *scan, sqlite3 *db,
                          const LimnFormat *(*find)(const char *name), LimnEventStats *stats)
{
        *scan = (LimnEventScan){.eof = true,
                                .path = LIMN_BUF(PATH_MAX_BYTES),
                                .error = LIMN_BUF(ERROR_MAX + PATH_MAX_BYTES),
                                .db = db,
                                .find = find,
                                .stats = stats,
                                .listing = -1,
                                .bytes = LIMN_BUF(2 * LIMN_SEGMENT_MAX)};
}

void limn_event_scan_done(LimnEventScan *scan)
{
        sqlite3_finalize(scan->list);
        sqlite3_finalize(scan->data);
        limn_event_filter_done(&scan->filter);
        limn_zone_free(scan->zone);
        limn_packer_free(scan->packer);
        limn_decode_done(&scan->decode);
        limn_buf_done(&scan->bytes);
        limn_buf_done(&scan->path);
        limn_buf_done(&scan->error);
}

int64_t limn_event_scan_id(const LimnEventScan *scan)
{
        return scan->segment_id << ORDINAL_BITS | scan->ordinal;
}

static int complain(LimnEventScan *scan, const char *what)
{
        limn_buf_clear(&scan->error);
        limn_buf_printf(&scan->error, "%s: segment %lld: %s", limn_buf_str(&scan->path),
                        (long long)scan->segment_id, what);
        return SQLITE_ERROR;
}

static LimnSlice column_blob(sqlite3_stmt *stmt, int i)
{
        const char *p = sqlite3_column_blob(stmt, i);

        return limn_slice(p ? p : "", (size_t)sqlite3_column_bytes(stmt, i));
}

/* The format, zone and reference of the segment's source. */
static int enter_source(LimnEventScan *scan, sqlite3_stmt *stmt)
{
        const char *format = (const char *)sqlite3_column_text(stmt, 2);
        const char *zone = (const char *)sqlite3_column_text(stmt, 3);

        scan->format = format ? scan->find(format) : NULL;
        if (!scan->format)
                return complain(scan, "its format is unknown to this limn");
        if (!zone) {
                scan->zone = limn_zone_free(scan->zone);
        } else if (!scan->zone || strcmp(limn_zone_name(scan->zone), zone) != 0) {
                scan->zone = limn_zone_free(scan->zone);
                if (limn_zone_new(&scan->zone, zone, NULL) < 0)
                        return complain(scan, "its time zone is unknown to this system");
        }
        scan->reference = sqlite3_column_type(stmt, 4) == SQLITE_NULL
                                  ? LIMN_TIME_NONE
                                  : sqlite3_column_int64(stmt, 4);
        return SQLITE_OK;
}

static int unpack(LimnEventScan *scan, sqlite3_stmt *stmt, size_t length)
{
        if (!scan->packer && limn_packer_new(&scan->packer) < 0)
                return SQLITE_NOMEM;
        int r = limn_segment_unpack(scan->packer, column_blob(stmt, 1), length, &scan->bytes);
        if (r == 0)
                r = limn_decode_begin(&scan->decode, scan->format, scan->zone, scan->reference,
                                      column_blob(stmt, 0), limn_buf_slice(&scan->bytes));
        else if (r == -EBADMSG)
                return complain(scan, "it is damaged");
        if (r == -EBADMSG)
                return complain(scan, "another version of its format wrote it");
        if (r < 0)
                return SQLITE_NOMEM;
        scan->stats->read++;
        return SQLITE_OK;
}

static int load(LimnEventScan *scan, size_t length)
{
        if (!scan->data) {
                int rc = sqlite3_prepare_v2(
                        scan->db,
                        "SELECT g.state, g.data, s.format, s.zone, s.reference FROM segment g"
                        " CROSS JOIN source s ON s.source_id = g.source_id"
                        " WHERE g.segment_id = ?1",
                        -1, &scan->data, NULL);
                if (rc != SQLITE_OK)
                        return rc;
        }
        sqlite3_bind_int64(scan->data, 1, scan->segment_id);
        int rc = sqlite3_step(scan->data);
        if (rc == SQLITE_ROW) {
                rc = enter_source(scan, scan->data);
                if (rc == SQLITE_OK)
                        rc = unpack(scan, scan->data, length);
        } else if (rc == SQLITE_DONE) {
                rc = SQLITE_CORRUPT;
        }
        sqlite3_reset(scan->data);
        return rc;
}

static bool wanted(const LimnEventScan *scan)
{
        sqlite3_stmt *s = scan->list;
        const char *path = (const char *)sqlite3_column_text(s, 9);

        if (!limn_event_filter_source(&scan->filter, sqlite3_column_int64(s, 1), path ? path : ""))
                return false;
        return limn_event_filter_segment(
                &scan->filter,
                sqlite3_column_type(s, 6) == SQLITE_NULL ? LIMN_TIME_NONE
                                                         : sqlite3_column_int64(s, 6),
                sqlite3_column_int64(s, 7), (uint32_t)sqlite3_column_int64(s, 8));
}

/* Stands before the first record of the next segment, or at eof, or on one without rows. */
static int next_segment(LimnEventScan *scan)
{
        sqlite3_stmt *s = scan->list;
        int rc;

        scan->in_segment = false;
        while ((rc = sqlite3_step(s)) == SQLITE_ROW && !wanted(scan))
                scan->stats->skipped++;
        if (rc != SQLITE_ROW) {
                scan->eof = true;
                sqlite3_reset(s);
                return rc == SQLITE_DONE ? SQLITE_OK : rc;
        }
        scan->segment_id = sqlite3_column_int64(s, 0);
        scan->source_id = sqlite3_column_int64(s, 1);
        scan->next_offset = (uint64_t)sqlite3_column_int64(s, 2);
        scan->next_line = (uint64_t)sqlite3_column_int64(s, 4);
        scan->next_ordinal = 0;
        int64_t length = sqlite3_column_int64(s, 3), records = sqlite3_column_int64(s, 5);
        limn_buf_clear(&scan->path);
        limn_buf_add(&scan->path, column_blob(s, 9));
        if (length < 0 || length > LIMN_SEGMENT_MAX || records > length)
                return complain(scan, "it is damaged");
        scan->records = (uint32_t)records;
        if (scan->what & LIMN_SCAN_BYTES) {
                rc = load(scan, (size_t)length);
                if (rc != SQLITE_OK)
                        return rc;
                /* Searched as a whole first: most segments need not be cut into records. */
                if (!limn_event_filter_bytes(&scan->filter, limn_buf_slice(&scan->bytes)))
                        return SQLITE_OK;
        }
        scan->in_segment = true;
        return SQLITE_OK;
}

static uint64_t line_feeds(LimnSlice s)
{
        uint64_t n = 0;

        for (size_t i = 0; i < s.n; i++)
                n += s.p[i] == '\n';
        return n;
}

/* 1 stands on the segment's next record, 0 it has no more, negative: an SQLite error, negated. */
static int next_record(LimnEventScan *scan, bool parse)
{
        LimnSlice record = LIMN_NONE;

        if (scan->what & LIMN_SCAN_BYTES ? !limn_decode_next(&scan->decode, &record)
                                         : scan->next_ordinal >= scan->records)
                return 0;
        scan->ordinal = scan->next_ordinal++;
        scan->offset = scan->next_offset;
        scan->next_offset += record.n;
        if (scan->what & LIMN_SCAN_LINES) {
                scan->line = scan->next_line;
                scan->next_line += line_feeds(record);
        }
        /* Formats with a state need every record. */
        if (!parse || (!scan->format->state_size &&
                       !limn_event_filter_bytes(&scan->filter, record))) {
                scan->event = (LimnEvent){.record = record, .time = LIMN_TIME_NONE};
                return 1;
        }
        scan->stats->parsed++;
        return limn_decode_parse(&scan->decode, record, &scan->event) < 0 ? -SQLITE_NOMEM : 1;
}

/* The one event that the filter names, in the segment that is open, or eof. */
static int seek_event(LimnEventScan *scan)
{
        uint32_t ordinal = (uint32_t)(scan->filter.event_id & ((1 << ORDINAL_BITS) - 1));
        /* Without a state only the one record has to be parsed. */
        bool all = scan->format && scan->format->state_size > 0;
        int r = 1;

        while (r > 0 && scan->next_ordinal <= ordinal)
                r = next_record(scan, scan->what & LIMN_SCAN_PARSE &&
                                              (all || scan->next_ordinal == ordinal));
        scan->eof = r <= 0 || scan->ordinal != ordinal ||
                    !limn_event_filter_bytes(&scan->filter, scan->event.record);
        return r < 0 ? -r : SQLITE_OK;
}

int limn_event_scan_next(LimnEventScan *scan)
{
        if (scan->filter.has_event) {
                scan->eof = true;
                return SQLITE_OK;
        }
        for (;;) {
                if (!scan->in_segment) {
                        int rc = next_segment(scan);
                        if (rc != SQLITE_OK || scan->eof)
                                return rc;
                        if (!scan->in_segment)
                                continue;
                }
                int r = next_record(scan, scan->what & LIMN_SCAN_PARSE);
                if (r < 0)
                        return -r;
                if (r == 0)
                        scan->in_segment = false;
                else if (limn_event_filter_bytes(&scan->filter, scan->event.record) &&
                         (!(scan->what & LIMN_SCAN_PARSE) ||
                          limn_event_filter_row(&scan->filter, &scan->event)))
                        return SQLITE_OK;
        }
}

static int prepare_list(LimnEventScan *scan, int listing, int64_t id)
{
        if (scan->listing != listing) {
                sqlite3_finalize(scan->list);
                scan->list = NULL;
                scan->listing = -1;
                int rc = sqlite3_prepare_v2(scan->db, lists[listing], -1, &scan->list, NULL);
                if (rc != SQLITE_OK)
                        return rc;
                scan->listing = listing;
        }
        sqlite3_reset(scan->list);
        return listing == LIST_ALL ? SQLITE_OK : sqlite3_bind_int64(scan->list, 1, id);
}

int limn_event_scan_start(LimnEventScan *scan, unsigned what)
{
        const LimnEventFilter *filter = &scan->filter;
        int64_t segment = filter->event_id >> ORDINAL_BITS;
        int64_t ordinal = filter->event_id & ((1 << ORDINAL_BITS) - 1);
        int rc;

        if (filter->nothing) {
                scan->eof = true;
                return SQLITE_OK;
        }
        /* Events looked up one by one, in order, as a join with hits does: go on from the last. */
        if (filter->has_event && scan->in_segment && scan->what == what &&
            scan->segment_id == segment && scan->next_ordinal <= ordinal) {
                scan->eof = false;
                return seek_event(scan);
        }
        scan->what = what;
        scan->eof = false;
        scan->in_segment = false;
        scan->event = (LimnEvent){.time = LIMN_TIME_NONE};
        if (filter->has_event)
                rc = prepare_list(scan, LIST_SEGMENT, segment);
        else if (filter->has_source && filter->sources.n == 1)
                rc = prepare_list(scan, LIST_SOURCE, filter->sources.at[0]);
        else
                rc = prepare_list(scan, LIST_ALL, 0);
        if (rc != SQLITE_OK || !filter->has_event)
                return rc != SQLITE_OK ? rc : limn_event_scan_next(scan);
        rc = next_segment(scan);
        scan->eof |= !scan->in_segment;
        return rc != SQLITE_OK || scan->eof ? rc : seek_event(scan);
}
