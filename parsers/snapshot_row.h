/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Rows of results: what one means, whichever form it was printed in (parsers/snapshot.c,
 * parsers/snapshot_json.c). The same row gives the same event in all of them.
 */
#include "core/format.h"

/* What the source's own NOW() said: the time of it and of the rows after it. Zero at the start. Any
 * bytes are to be survived: a state may come from a case that somebody sent. */
typedef struct LimnSnapshotClock {
        LimnTime now;
        uint32_t quality;
        uint8_t known;
} LimnSnapshotClock;

/*
 * Completes the event of a row with these fields (one at least), and hands them over. Added:
 * `table` and `database` (SHOW TABLES), `grantee` and `grant` (SHOW GRANTS), the bare names of
 * @@variables that were selected, `now` and `utc_now`.
 * Rows of the server's error log and of a pipeline's event log are events of those
 * (LimnEvent.format). LIMN_PARSED or -ENOMEM.
 */
int limn_snapshot_row(LimnEvent *event, LimnParse *parse, LimnFields *fields,
                      LimnSnapshotClock *clock);

/* The clock's time, when the event has none. */
void limn_snapshot_inherit(LimnEvent *event, const LimnSnapshotClock *clock);
