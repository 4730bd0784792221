/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Pipeline event: what the fields of one mean, whichever export they were read from.
 */
#include "core/format.h"

/*
 * Time, level, component and message of the event from `fields` (names by dotted path), with the
 * strings among them that hold JSON read in place; fields are added (see pipeline_events.c) and
 * those that the event has itself lose their name: call limn_json_event_end() at the end.
 * `broken`: the record could not be read to its end. LIMN_PARSED, LIMN_PARSE_PLAIN (no field that
 * an event has) or -ENOMEM.
 */
int limn_pipeline_read(LimnEvent *event, LimnParse *parse, LimnFields *fields, bool broken);

/* The first error class in a text; outside brackets only when it is an error's. p NULL: none. */
LimnSlice limn_pipeline_class(LimnSlice text, bool error);

/* What an event's sentence says ("Update 096257 is RUNNING."); p NULL: nothing. update_id is the
 * beginning of it that is printed. */
typedef struct LimnPipelineSaid {
        LimnSlice update_id, flow_name, state, cause;
} LimnPipelineSaid;
LimnPipelineSaid limn_pipeline_said(LimnSlice component, LimnSlice message);
