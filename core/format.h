/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Format: how one kind of source is recognised, cut into records, and understood.
 *
 * A format is one const struct in one file of parsers/, listed in parsers/formats.list. It is
 * pure: no I/O, no globals, no allocation but from the arena. What it must remember from record
 * to record is a small plain struct (no pointers) that the caller keeps, stores with each
 * segment and hands back, so that any segment can be parsed again alone.
 */
#include "core/arena.h"
#include "core/event.h"
#include "core/zone.h"

/* How sure a format is that a source is its own. Highest wins; a tie is said. */
typedef enum LimnBid {
        LIMN_BID_NO = 0,
        LIMN_BID_FALLBACK = 1, /* plain text: anything that is text */
        LIMN_BID_MAYBE = 10,   /* the shape fits, others may fit too (a stamp and a level) */
        LIMN_BID_LIKELY = 20,  /* most lines have the format's own shape */
        LIMN_BID_CERTAIN = 30, /* names or keywords that only this format has were seen */
} LimnBid;

typedef struct LimnParse {
        LimnArena *arena;     /* fields and decoded strings; the caller resets it per record */
        const LimnZone *zone; /* of stamps that carry none; NULL: unknown, read as UTC */
        LimnTime reference;   /* a known date near the data, for missing years, or NONE */
        void *state;          /* format->state_size bytes, zero at the start of a source */
} LimnParse;

enum {
        LIMN_PARSED = 0,
        /* Not understood: kept, counted as unparsed; ret has its first line as the message, and a
         * time where one stands at its start. */
        LIMN_PARSE_PLAIN = 1,
};

typedef struct LimnFormat {
        const char *name;  /* stable: in the case, on the command line, samples/formats/<name>/ */
        const char *title; /* one line, with the versions covered */
        int version;       /* raised when events of the same bytes change */
        /* Sigma logsource (design.md section 12). */
        const char *product, *service;
        /* A steady format writes at its own rhythm (gateway, events): a long silence is a hole.
         * A sparse one (server logs) writes when something happens. */
        bool steady;

        /* Looks at the first bytes of a source (at most LIMN_DETECT_BYTES; `whole` if that is all
         * of it). Must not allocate. */
        LimnBid (*bid)(LimnSlice head, bool whole);

        /* Does this line (without its line feed) begin a new record? For formats of lines; a line
         * before the first record's is a record of its own. */
        bool (*starts_record)(LimnSlice line);
        /* Does `next`, which begins a record elsewhere, still belong to the record that so far is
         * `line` alone? NULL: never. For formats that have `frame` and stand in envelopes too. */
        bool (*joins)(LimnSlice line, LimnSlice next);
        /*
         * Formats that are no sequence of lines set this instead: the length of the first record
         * of `bytes` (everything up to the next record belongs to it: brackets, commas, blanks),
         * or 0 when more bytes are needed to know. With `last`, bytes end the source and the
         * answer is never 0 unless bytes is empty. `state` is frame_state_size bytes, advanced
         * only when the answer is not 0.
         */
        size_t (*frame)(LimnSlice bytes, bool last, void *state);
        size_t frame_state_size;

        size_t state_size; /* at most LIMN_STATE_MAX, together with frame_state_size */
        /* LIMN_PARSED, LIMN_PARSE_PLAIN, or -ENOMEM. *ret arrives zeroed but for `record`. */
        int (*parse)(LimnSlice record, LimnParse *parse, LimnEvent *ret);
} LimnFormat;

/*
 * Helpers every parse uses: the stamp to ret->time with its basis, from the stamp's own offset,
 * else parse->zone, else read as UTC and marked assumed.
 */
void limn_event_set_stamp(LimnEvent *event, const LimnParse *parse, const LimnStamp *stamp,
                          LimnSlice raw);
/* Fields of one event while it is being parsed; grows in the arena, LIMN_FIELDS_MAX at most. */
typedef struct LimnFields {
        LimnField *at;
        size_t n, cap;
        bool cut;
} LimnFields;
int limn_fields_add(LimnFields *fields, LimnArena *arena, LimnSlice name, LimnSlice value);
void limn_event_take_fields(LimnEvent *event, const LimnFields *fields);
