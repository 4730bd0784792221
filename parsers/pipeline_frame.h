/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Pipeline events as they are exported, cut into one record an event: objects one after another
 * (NDJSON, pretty-printed or not), an array of them, or pages `{"events": [...], ...}` of the REST
 * interface, one or several; its older form `{"events_json": ["...", ...]}` has each event as
 * JSON in a string.
 *
 * A record begins with its event's brace; what opens the array or page belongs to its first event,
 * commas, line feeds and what closes it to the event before them. An object that is torn (a line
 * feed inside a string, or a new object where none may stand) ends at the line feed, so that one
 * torn line costs one event. A line that begins no object is a record of its own.
 */
#include <stdint.h>

#include "core/slice.h"

typedef struct LimnPipelineFrame {
        uint8_t place; /* within which brackets the next record stands */
} LimnPipelineFrame;

/* LimnFormat.frame */
size_t limn_pipeline_frame(LimnSlice bytes, bool last, void *state);

/* The event in a record, from its brace (or its string's quote) to the record's end; n 0: none. */
LimnSlice limn_pipeline_object(LimnSlice record);
