/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Event: what one record means. Record: the bytes of one log entry, continuation included.
 *
 * All slices of an event point into the record's bytes or into the arena that the parse was
 * given; they die with either. Names here are the names everywhere: the `event` table,
 * `limn parse`, rules, exports (design.md section 5).
 */
#include <stddef.h>
#include <stdint.h>

#include "core/slice.h"
#include "core/time.h"

/* X(constant, name): severity rising, so that levels compare. */
#define LIMN_LEVELS(X)         \
        X(NONE, "")            \
        X(DEBUG, "debug")      \
        X(INFO, "info")        \
        X(NOTICE, "notice")    \
        X(WARNING, "warning")  \
        X(ERROR, "error")      \
        X(FATAL, "fatal")

typedef enum LimnLevel {
#define X(constant, name) LIMN_LEVEL_##constant,
        LIMN_LEVELS(X)
#undef X
        _LIMN_LEVEL_MAX,
        _LIMN_LEVEL_INVALID = -1,
} LimnLevel;

const char *limn_level_to_string(LimnLevel level);
LimnLevel limn_level_from_string(LimnSlice name);
/*
 * The level that a word of any of our formats means, whatever its case: WARN, Warning, SEVERE,
 * Note, System, METRICS, TRACE, 30 (pino) ... LIMN_LEVEL_NONE when it means none.
 * MySQL's Note and System are info, the product's METRICS is info.
 */
LimnLevel limn_level_from_word(LimnSlice word);

/* What the event's time rests on. */
#define LIMN_BASES(X)                                                             \
        X(NONE, "none")             /* the record has no time */                  \
        X(STATED, "stated")         /* the stamp carries its zone */              \
        X(CONFIGURED, "configured") /* the zone was given (--tz) */               \
        X(ASSUMED, "assumed")       /* no zone known: read as UTC, see clock */   \
        X(INHERITED, "inherited")   /* no stamp: that of the record before */

typedef enum LimnBasis {
#define X(constant, name) LIMN_BASIS_##constant,
        LIMN_BASES(X)
#undef X
        _LIMN_BASIS_MAX,
        _LIMN_BASIS_INVALID = -1,
} LimnBasis;

const char *limn_basis_to_string(LimnBasis basis);
LimnBasis limn_basis_from_string(LimnSlice name);

/* Doubts about an event, as bits. */
enum {
        LIMN_Q_YEAR_ASSUMED = 1 << 0,  /* no year, or two digits, was written */
        LIMN_Q_TRUNCATED = 1 << 1,     /* longer than LIMN_RECORD_PARSED_MAX, or the input ended */
        LIMN_Q_LOCAL_TWICE = 1 << 2,   /* the local time exists twice (clocks went back) */
        LIMN_Q_LOCAL_NEVER = 1 << 3,   /* the local time does not exist */
        LIMN_Q_TIME_INVALID = 1 << 4,  /* a stamp was there but names no moment */
        LIMN_Q_BROKEN = 1 << 5,        /* e.g. JSON that does not parse; message says why */
        LIMN_Q_FIELDS_CUT = 1 << 6,    /* more than LIMN_FIELDS_MAX fields */
};

typedef struct LimnField {
        LimnSlice name;  /* dotted path for JSON */
        LimnSlice value; /* decoded text; p NULL for JSON null */
} LimnField;

struct LimnFormat;

typedef struct LimnEvent {
        LimnSlice record; /* all bytes of the record that were given to the parser */
        LimnSlice text; /* the record out of its envelopes (parsers/wrapped.h); p NULL: as it is */
        LimnTime time;    /* LIMN_TIME_NONE with LIMN_BASIS_NONE */
        LimnBasis time_basis;
        uint32_t quality;
        LimnLevel level;
        LimnSlice time_raw, level_raw;
        LimnSlice component, thread, code, logger;
        LimnSlice message; /* of the first line; what follows is the field `trace` */
        const LimnField *fields;
        size_t n_fields;
        /* Of a source of several programs: whose record it is (parsers/wrapped.h). NULL: the
         * source's own format. */
        const struct LimnFormat *format;
} LimnEvent;

/* X(member): the event's own text members, in the order of `limn parse`. */
#define LIMN_EVENT_TEXTS(X) \
        X(time_raw) X(level_raw) X(component) X(thread) X(code) X(logger) X(message)

/*
 * The value of a name: one of limn's own (time and level as text included), else a field of that
 * name. False: absent. `scratch` (LIMN_TIME_ISO_MAX bytes) backs the text of `time`.
 */
bool limn_event_get(const LimnEvent *event, LimnSlice name, char *scratch, LimnSlice *ret);
