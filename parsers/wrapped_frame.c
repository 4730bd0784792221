/* SPDX-License-Identifier: Apache-2.0 */
/* Envelopes to records: those of one writer, up to the one whose text begins the next record. */
#include "parsers/envelope.h"
#include "parsers/wrapped.h"
#include "parsers/wrapped_inner.h"

/* A record's end is looked for no further: what a shipper interleaves is far shorter. */
#define RECORD_MAX (512 * 1024)

static bool same_writer(const LimnWrapped *a, const LimnWrapped *b)
{
        return limn_slice_eq(a->writer, b->writer) && limn_slice_eq(a->outer, b->outer);
}

typedef struct Record {
        const LimnFormat *main, *open; /* open NULL: the first line begins none of any format */
        LimnWrapped first;
        bool partial;
        size_t lines; /* that the inner record has so far */
} Record;

/* Does the envelope belong to the record before it? */
static bool goes_on(Record *record, const LimnWrapped *next)
{
        if (next->noise)
                return true;
        if (next->alone || !same_writer(&record->first, next))
                return false;
        LimnSlice first = record->first.text;
        bool joins = record->lines == 1 && record->open && record->open->joins &&
                     limn_slice_chr(first, '\n') == first.n &&
                     record->open->joins(first, next->text);
        if (!record->partial && !joins &&
            (!record->open || record->first.noise ||
             limn_inner_begins_below(record->main, record->open, next)))
                return false;
        record->partial = next->partial;
        record->lines++;
        return true;
}

size_t limn_wrapped_frame(const LimnWrapper *wrapper, const LimnFormat *inner, LimnSlice bytes,
                          bool last, void *state)
{
        char room[LIMN_ENVELOPE_ROOM];
        LimnWrapperMemory memory;
        Record record = {.main = inner, .lines = 1};
        size_t pos = limn_envelope_cut(wrapper, bytes, last);
        bool bare;

        if (pos == 0)
                return 0;
        memcpy(&memory, state, sizeof memory);
        bool is = limn_envelope_open(wrapper, limn_slice_to(bytes, pos), &memory,
                                     &(LimnRoom){room, 0, sizeof room}, &record.first);
        if (is && !record.first.alone) {
                record.open = record.first.noise
                                      ? inner
                                      : limn_inner_begins(inner, &record.first, &bare);
                record.partial = record.first.partial;
        }
        while (is && !record.first.alone && pos < bytes.n && pos < RECORD_MAX) {
                LimnSlice rest = limn_slice_from(bytes, pos);
                size_t n = limn_envelope_cut(wrapper, rest, last);
                LimnWrapperMemory ahead = memory;
                LimnWrapped next;
                char more[LIMN_ENVELOPE_ROOM];
                if (n == 0)
                        return 0;
                if (limn_envelope_open(wrapper, limn_slice_to(rest, n), &ahead,
                                       &(LimnRoom){more, 0, sizeof more}, &next)
                            ? !goes_on(&record, &next)
                            /* else a line feed inside a message that was not escaped */
                            : !record.open)
                        break;
                pos += n;
        }
        if (pos == bytes.n && !last && is && !record.first.alone)
                return 0;
        memcpy(state, &memory, sizeof memory);
        return pos;
}
