/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* JSON events: what the formats that are JSON share. */
#include "core/format.h"
#include "core/json_scan.h"

/*
 * The moment that a JSON value names: a stamp as text, or a number of seconds, milliseconds,
 * microseconds or nanoseconds since 1970 (told apart by its digits). False: none.
 */
bool limn_json_event_time(LimnEvent *event, const LimnParse *parse, LimnSlice value);

/*
 * Time, level, message, logger, thread, trace and cause of a log event from its fields, by the
 * names that loggers give them (json_lines.c). Those that the event has itself lose their name.
 * 0 or -ENOMEM.
 */
int limn_json_log_read(LimnEvent *event, LimnParse *parse, LimnFields *fields);

/*
 * For a record whose JSON broke at `at`: the quality bit and the fields json_error and
 * json_error_at. 0 or -ENOMEM.
 */
int limn_json_event_broken(LimnEvent *event, LimnFields *fields, LimnArena *arena,
                           const char *what, size_t at);

/*
 * Ends an event: marks it when `error` is not NULL (limn_json_event_broken()), drops the fields
 * whose name.p is NULL, keeping the order of the rest, and hands them over. LIMN_PARSED or -ENOMEM.
 */
int limn_json_event_end(LimnEvent *event, const LimnParse *parse, LimnFields *fields,
                        const LimnJsonError *error);

/* Does `head` hold this key, quoted (not escaped, as inside a string)? For bids. */
bool limn_json_has_key(LimnSlice head, const char *quoted);

/* The names of pipeline events, beside which no other JSON format is sure of itself. */
bool limn_json_looks_pipeline(LimnSlice head);
