/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* An event as `limn parse` prints it: one JSON object on one line. */
#include "core/buf.h"
#include "core/event.h"

/*
 * Appends the object, without a line feed. Keys in this order: source, line, offset, length,
 * time, time_raw, time_basis, level, level_raw, component, thread, code, logger, message, fields;
 * what the event has not is left out. `source` NULL: left out. A field whose value is JSON null
 * is null. 0, -ENOMEM or -E2BIG (also in out->error).
 */
int limn_event_to_json(const LimnEvent *event, const char *source, uint64_t line, uint64_t offset,
                       uint64_t length, LimnBuf *out);
