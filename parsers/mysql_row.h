/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Rows of performance_schema.error_log (8.0.22 on) as fields, from whatever a client prints:
 * LOGGED, THREAD_ID, PRIO, ERROR_CODE, SUBSYSTEM, DATA.
 */
#include "core/format.h"

/* Makes the event the line that the row was in the server's error log, of which it is one then
 * (LimnEvent.format). False: it is no such row, and the event is as it was. */
bool limn_mysql_row_read(LimnEvent *event, const LimnParse *parse, const LimnFields *fields);
