/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Which rows of `event` a statement can want: the constraints that xBestIndex chose, with the
 * values that xFilter was given. It may let through too much, never too little: SQLite checks
 * again.
 */
#include "core/event.h"
#include "db/sqlite.h"

/* X(constant, declaration): the columns, in order, as CREATE TABLE wants them. */
#define LIMN_EVENT_COLUMNS(X)                     \
        X(SOURCE, "source TEXT,")                 \
        X(LINE, "line INTEGER,")                  \
        X(OFFSET, "offset INTEGER,")              \
        X(LENGTH, "length INTEGER,")              \
        X(TIME, "time INTEGER,")                  \
        X(TIME_RAW, "time_raw TEXT,")             \
        X(TIME_BASIS, "time_basis TEXT,")         \
        X(LEVEL, "level TEXT,")                   \
        X(LEVEL_RAW, "level_raw TEXT,")           \
        X(COMPONENT, "component TEXT,")           \
        X(THREAD, "thread TEXT,")                 \
        X(CODE, "code TEXT,")                     \
        X(LOGGER, "logger TEXT,")                 \
        X(MESSAGE, "message TEXT,")               \
        X(FIELDS, "fields TEXT,")                 \
        X(EVENT_ID, "event_id INTEGER HIDDEN,")   \
        X(SOURCE_ID, "source_id INTEGER HIDDEN,") \
        X(LEVEL_NO, "level_no INTEGER HIDDEN,")   \
        X(QUALITY, "quality INTEGER HIDDEN,")     \
        X(RECORD, "record TEXT HIDDEN,")          \
        X(CONTAINS, "contains TEXT HIDDEN")

enum {
#define X(constant, declaration) LIMN_COL_##constant,
        LIMN_EVENT_COLUMNS(X)
#undef X
        _LIMN_COL_MAX,
};

/* What a scan has to do, as bits of idxNum. */
enum {
        LIMN_SCAN_BYTES = 1 << 0, /* decompress and frame; else the segment's counts suffice */
        LIMN_SCAN_PARSE = 1 << 1,
        LIMN_SCAN_LINES = 1 << 2, /* count line feeds */
};

typedef struct LimnEventFilter {
        bool nothing; /* no row can match */
        bool has_event, has_source, has_path, has_time;
        int64_t event_id;
        char *needle; /* or NULL: what the record's bytes must hold */
        size_t n_needle;
        uint32_t level_mask;
        LimnTime time_min, time_max; /* inclusive; with has_time */
        struct {
                int64_t *at;
                size_t n, cap;
        } sources; /* with has_source */
        struct {
                char **at;
                size_t n, cap;
        } paths; /* with has_path */
} LimnEventFilter;

int limn_event_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info);
/* *ret zeroed or done before. An SQLite result code. */
int limn_event_filter_init(LimnEventFilter *ret, const char *plan, int n, sqlite3_value **values);
void limn_event_filter_done(LimnEventFilter *filter);

bool limn_event_filter_source(const LimnEventFilter *filter, int64_t source, const char *path);
/* `min` NONE: the segment has no times. */
bool limn_event_filter_segment(const LimnEventFilter *filter, LimnTime min, LimnTime max,
                               uint32_t level_mask);
/* Does a segment, or a record, hold the needle? */
bool limn_event_filter_bytes(const LimnEventFilter *filter, LimnSlice bytes);
bool limn_event_filter_row(const LimnEventFilter *filter, const LimnEvent *event);
