/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Field: the values that a rule's field name stands for in an event.
 *
 * limn's own names come first (message, code, level, ..., `record`: all bytes, and `said`: the
 * message, the cause behind it and the error texts, whichever of them holds it); where the event
 * does not have one, and for every other name, its fields. A rule's name a.b also means
 * every a.<number>.b: arrays match when any of their elements does. Blanks in names do not count
 * ("New Value" is NewValue), as Sigma asks.
 */
#include "core/event.h"

typedef struct LimnFieldRef {
        LimnSlice name;
        int own;     /* -1: not one of limn's own names */
        bool blanks; /* the name has some */
} LimnFieldRef;

LimnFieldRef limn_field_ref(LimnSlice name);
/* Do all of its values stand, as they are, in the raw bytes of a log record? */
bool limn_field_raw(const LimnFieldRef *ref);

typedef struct LimnFieldWalk {
        const LimnFieldRef *ref;
        const LimnEvent *event;
        size_t next;
        bool begun;
        char scratch[LIMN_TIME_ISO_MAX];
} LimnFieldWalk;

#define LIMN_FIELD_WALK(field_ref, of_event) \
        ((LimnFieldWalk){.ref = (field_ref), .event = (of_event)})
/* The next value; p NULL for null. False: no more. Values die with the walk and the event. */
bool limn_field_next(LimnFieldWalk *walk, LimnSlice *ret);
