/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "core/vec.h"
#include "db/case_private.h"
#include "db/event_scan.h"

/* What stood on `scan`, to the caller; 0, what fn returned, or with a message. */
static int walk(LimnCase *c, LimnEventScan *scan, LimnStoredEventFn fn, void *arg, LimnDiag *diag)
{
        int rc = limn_event_scan_start(scan, LIMN_SCAN_BYTES | LIMN_SCAN_PARSE | LIMN_SCAN_LINES);
        int r = 0;

        while (rc == SQLITE_OK && !scan->eof && r == 0) {
                r = fn(arg, &(LimnStoredEvent){scan->source_id, limn_event_scan_id(scan),
                                               limn_buf_slice(&scan->path), scan->line,
                                               scan->offset, &scan->event});
                if (r == 0)
                        rc = limn_event_scan_next(scan);
        }
        if (rc == SQLITE_OK)
                return r;
        if (scan->error.n) {
                limn_diag_addf(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR}, "%s",
                               limn_buf_str(&scan->error));
                return -EBADMSG;
        }
        return limn_case_fail(c, rc, "read a record again", diag);
}

int limn_case_event(LimnCase *c, int64_t event_id, LimnStoredEventFn fn, void *arg, LimnDiag *diag)
{
        LimnEventScan scan;
        LimnEventStats stats = {0};
        int r;

        limn_event_scan_init(&scan, c->db, c->find, &stats);
        scan.filter.level_mask = UINT32_MAX;
        scan.filter.has_event = true;
        scan.filter.event_id = event_id;
        r = walk(c, &scan, fn, arg, diag);
        limn_event_scan_done(&scan);
        return r;
}

int limn_case_events(LimnCase *c, int64_t source, LimnTime from, LimnTime to, LimnStoredEventFn fn,
                     void *arg, LimnDiag *diag)
{
        LimnEventScan scan;
        LimnEventStats stats = {0};
        int r = -ENOMEM;

        limn_event_scan_init(&scan, c->db, c->find, &stats);
        scan.filter.level_mask = UINT32_MAX;
        scan.filter.has_time = from != LIMN_TIME_NONE || to != LIMN_TIME_NONE;
        scan.filter.time_min = from == LIMN_TIME_NONE ? INT64_MIN + 1 : from;
        scan.filter.time_max = to == LIMN_TIME_NONE ? INT64_MAX : to;
        scan.filter.has_source = true;
        if (limn_vec_room(&scan.filter.sources) == 0) {
                scan.filter.sources.at[scan.filter.sources.n++] = source;
                r = walk(c, &scan, fn, arg, diag);
        }
        limn_event_scan_done(&scan);
        return r;
}
