/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Wrappers: what writes another log's lines into its own, each line in an envelope of one line.
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
} LimnWrapped;

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
        /* False: the line (without its line feed) is no envelope of this kind. */
        bool (*unwrap)(LimnSlice line, LimnRoom *room, LimnWrapped *ret);
} LimnWrapper;

/* X(name): limn_wrapper_<name>, in parsers/wrapper_*.c. Narrow ones first: the first that takes
 * most lines of a head is taken. */
#define LIMN_WRAPPERS(X)                                                                \
        X(docker) X(journal) X(cloud) X(cloud_page) X(fluent) X(cri) X(rows) X(compose) \
        X(syslog)

#define X(name) extern const LimnWrapper limn_wrapper_##name;
LIMN_WRAPPERS(X)
#undef X
