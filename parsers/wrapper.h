/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Wrappers: what writes another log's lines into its own, each line in an envelope.
 *
 * A wrapper knows envelopes, a format knows what is inside; parsers/wrapped.c makes a format of
 * each pair (`syslog+mysql_error`), so that neither knows of the other.
 */
#include "core/format.h"

/* One envelope. Slices point into the line; `text` into the line or the room. */
typedef struct LimnWrapped {
        LimnSlice text;     /* the inner line, without its line feed */
        bool partial;       /* the inner line goes on in the writer's next envelope */
        bool noise;         /* punctuation of the envelope alone: no inner line */
        LimnSlice time_raw; /* p NULL: the envelope has no time */
        LimnStamp stamp;    /* of time_raw, unless `stated` */
        bool stated;        /* `time` is it, in UTC */
        LimnTime time;
        LimnLevel level;
        LimnSlice host, program, pid, stream;
        LimnSlice writer; /* lines of another never continue a record */
        LimnSlice outer;  /* the writer of the envelope around this one */
        bool sure;        /* no log line looks like this one by itself: it may stand in another */
        bool alone;       /* a header: a record of its own */
} LimnWrapped;

/* What a wrapper remembers from envelope to envelope: which columns a table's header named. Zero at
 * the start of a source; may hold anything (a case from strangers). */
typedef struct LimnWrapperMemory {
        uint8_t separator; /* 0: no header yet */
        uint8_t column[7]; /* 1 is the first; 0: there is none */
        uint8_t utc;       /* the column of the time says that it is in UTC */
} LimnWrapperMemory;

#define LIMN_WRAPPED_MORE 16
/* Where escaped text is decoded to: at most LIMN_WRAPPED_MORE bytes more than the line has. */
typedef struct LimnRoom {
        char *p;
        size_t n, cap;
} LimnRoom;

typedef struct LimnWrapper {
        const char *name, *title;
        /* Escaped text is better read as JSON fields when nobody knows what is inside. */
        bool keep_json;
        /* Its envelopes are so plain that they are believed only around a format that is known. */
        bool needs_inner;
        /* The length of the envelope at the start of `bytes`, with what ends it, or 0: more bytes
         * are needed (never with `last`, unless there are none). NULL: a line. */
        size_t (*cut)(LimnSlice bytes, bool last);
        /* False: the line (without its line feed) is no envelope of this kind. */
        bool (*unwrap)(LimnSlice line, LimnWrapperMemory *memory, LimnRoom *room,
                       LimnWrapped *ret);
} LimnWrapper;

/* X(name): limn_wrapper_<name>, in parsers/wrapper_*.c. Narrow ones first: the first that takes
 * most lines of a head is taken. */
#define LIMN_WRAPPERS(X)                                                                 \
        X(docker) X(journal) X(journal_export) X(cloud) X(cloud_page) X(fluent) X(cri)   \
        X(rows) X(csv) X(compose) X(pod) X(syslog) X(stamped) X(tail) X(stern)

#define X(name) extern const LimnWrapper limn_wrapper_##name;
LIMN_WRAPPERS(X)
#undef X
