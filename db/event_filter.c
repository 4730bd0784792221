/* SPDX-License-Identifier: Apache-2.0 */
#include "db/event_filter.h"

#include <stdlib.h>

#include "core/vec.h"

/*
 * A plan is text, two characters a value that xFilter will be given: the column, as a letter from
 * 'a' on, and what compares it: one of = < { > } or I for a list.
 */
enum { PLAN_MAX = 32 };

#define BIT(column) (UINT64_C(1) << LIMN_COL_##column)
/* Columns that are known without a look at the bytes, and those that framing alone gives. */
static const uint64_t columns_of_segment = BIT(SOURCE) | BIT(EVENT_ID) | BIT(SOURCE_ID);
static const uint64_t columns_of_frame =
        BIT(LINE) | BIT(OFFSET) | BIT(LENGTH) | BIT(RECORD) | BIT(CONTAINS);

static char comparison(unsigned char op)
{
        switch (op) {
        case SQLITE_INDEX_CONSTRAINT_EQ:
                return '=';
        case SQLITE_INDEX_CONSTRAINT_LT:
                return '<';
        case SQLITE_INDEX_CONSTRAINT_LE:
                return '{';
        case SQLITE_INDEX_CONSTRAINT_GT:
                return '>';
        case SQLITE_INDEX_CONSTRAINT_GE:
                return '}';
        default:
                return 0;
        }
}

/* May `column` `compare` value narrow a scan? *ret_share: the part of the rows it leaves. */
static bool narrows(int column, char compare, double *ret_share)
{
        switch (column) {
        case LIMN_COL_EVENT_ID:
                *ret_share = 1e-7;
                return compare == '=';
        case LIMN_COL_SOURCE:
        case LIMN_COL_SOURCE_ID:
                *ret_share = 0.1;
                return compare == '=';
        case LIMN_COL_CONTAINS:
                *ret_share = 0.01;
                return compare == '=';
        case LIMN_COL_LEVEL:
                *ret_share = 0.1;
                return compare == '=';
        case LIMN_COL_LEVEL_NO:
        case LIMN_COL_TIME:
                *ret_share = compare == '=' ? 0.01 : 0.2;
                return true;
        default:
                return false;
        }
}

/* `contains` is no value of a row but an argument of the scan: it must be there, once. */
static int check_contains(sqlite3_vtab *vtab, const sqlite3_index_info *info)
{
        int n = 0;

        for (int i = 0; i < info->nConstraint; i++) {
                const struct sqlite3_index_constraint *at = &info->aConstraint[i];
                if (at->iColumn != LIMN_COL_CONTAINS || at->op != SQLITE_INDEX_CONSTRAINT_EQ)
                        continue;
                if (!at->usable)
                        return SQLITE_CONSTRAINT;
                n++;
        }
        if (n < 2)
                return SQLITE_OK;
        sqlite3_free(vtab->zErrMsg);
        vtab->zErrMsg = sqlite3_mprintf("a statement may use event.contains once");
        return SQLITE_ERROR;
}

int limn_event_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
        char plan[2 * PLAN_MAX + 1];
        size_t n = 0;
        double rows = 1e7, share;
        uint64_t used = info->colUsed;

        int rc = check_contains(vtab, info);
        if (rc != SQLITE_OK)
                return rc;
        for (int i = 0; i < info->nConstraint && n < PLAN_MAX; i++) {
                const struct sqlite3_index_constraint *at = &info->aConstraint[i];
                int column = at->iColumn < 0 ? LIMN_COL_EVENT_ID : at->iColumn;
                char compare = comparison(at->op);
                if (!at->usable || !compare || !narrows(column, compare, &share))
                        continue;
                if ((column == LIMN_COL_SOURCE || column == LIMN_COL_LEVEL) &&
                    sqlite3_stricmp(sqlite3_vtab_collation(info, i), "BINARY") != 0)
                        continue;
                /* A list is taken whole: one scan, not one a value. Single events are looked up. */
                if (column != LIMN_COL_EVENT_ID && column != LIMN_COL_CONTAINS &&
                    sqlite3_vtab_in(info, i, -1)) {
                        sqlite3_vtab_in(info, i, 1);
                        compare = 'I';
                }
                plan[2 * n] = (char)('a' + column);
                plan[2 * n + 1] = compare;
                info->aConstraintUsage[i].argvIndex = (int)++n;
                rows *= share;
                used |= UINT64_C(1) << column;
                if (column == LIMN_COL_EVENT_ID)
                        info->idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
        }
        plan[2 * n] = '\0';
        info->idxStr = sqlite3_mprintf("%s", plan);
        if (!info->idxStr)
                return SQLITE_NOMEM;
        info->needToFreeIdxStr = 1;
        info->idxNum = 0;
        info->estimatedRows = rows < 1 ? 1 : (sqlite3_int64)rows;
        /* One event costs the decoding of half a segment. */
        info->estimatedCost = rows < 2000 ? 2000 : rows;
        if (used & ~columns_of_segment)
                info->idxNum |= LIMN_SCAN_BYTES;
        if (used & ~(columns_of_segment | columns_of_frame))
                info->idxNum |= LIMN_SCAN_PARSE;
        if (used & BIT(LINE))
                info->idxNum |= LIMN_SCAN_LINES;
        /* Rows come in the order of event_id. */
        if (info->nOrderBy == 1 && !info->aOrderBy[0].desc &&
            (info->aOrderBy[0].iColumn < 0 || info->aOrderBy[0].iColumn == LIMN_COL_EVENT_ID))
                info->orderByConsumed = 1;
        return SQLITE_OK;
}

static void narrow_time(LimnEventFilter *filter, char compare, sqlite3_value *value)
{
        LimnTime v = sqlite3_value_int64(value);
        LimnTime min = INT64_MIN, max = INT64_MAX;

        if (compare == '=' || compare == '}' || compare == '>')
                min = v;
        if (compare == '=' || compare == '{' || compare == '<')
                max = v;
        filter->nothing |= (compare == '>' && v == INT64_MAX) || (compare == '<' && v == INT64_MIN);
        if (compare == '>' && v < INT64_MAX)
                min++;
        if (compare == '<' && v > INT64_MIN)
                max--;
        filter->has_time = true;
        if (min > filter->time_min)
                filter->time_min = min;
        if (max < filter->time_max)
                filter->time_max = max;
}

static void narrow_level_no(LimnEventFilter *filter, char compare, sqlite3_value *value)
{
        int64_t v = sqlite3_value_int64(value);
        uint32_t mask = 0;

        for (int64_t level = 0; level < _LIMN_LEVEL_MAX; level++)
                if ((compare == '=' && level == v) || (compare == '<' && level < v) ||
                    (compare == '{' && level <= v) || (compare == '>' && level > v) ||
                    (compare == '}' && level >= v))
                        mask |= UINT32_C(1) << level;
        filter->level_mask &= mask;
}

static LimnSlice text_of(sqlite3_value *value)
{
        const char *p = (const char *)sqlite3_value_text(value);

        return limn_slice(p ? p : "", p ? (size_t)sqlite3_value_bytes(value) : 0);
}

/*
 * The values that the column may have, one or a list. Only a value of the column's own type
 * narrows: SQLite's rules for the others are its own. False: one of another type was among them.
 */
static int narrow_set(LimnEventFilter *filter, int column, sqlite3_value *value, bool *ret_whole)
{
        int type = sqlite3_value_type(value);

        if (type == SQLITE_NULL)
                return SQLITE_OK;
        if (column == LIMN_COL_SOURCE_ID) {
                *ret_whole &= type == SQLITE_INTEGER;
                if (limn_vec_room(&filter->sources) < 0)
                        return SQLITE_NOMEM;
                filter->sources.at[filter->sources.n++] = sqlite3_value_int64(value);
        } else if (column == LIMN_COL_SOURCE) {
                *ret_whole &= type == SQLITE_TEXT;
                char *copy = limn_vec_room(&filter->paths) < 0
                                     ? NULL
                                     : strndup(text_of(value).p, text_of(value).n);
                if (!copy)
                        return SQLITE_NOMEM;
                filter->paths.at[filter->paths.n++] = copy;
        }
        return SQLITE_OK;
}

static uint32_t level_bits(int column, sqlite3_value *value, bool *ret_whole)
{
        int type = sqlite3_value_type(value);

        if (type == SQLITE_NULL)
                return 0;
        if (type != (column == LIMN_COL_LEVEL ? SQLITE_TEXT : SQLITE_INTEGER)) {
                *ret_whole = false;
                return 0;
        }
        int64_t level = column == LIMN_COL_LEVEL ? limn_level_from_string(text_of(value))
                                                 : sqlite3_value_int64(value);
        return level >= 0 && level < _LIMN_LEVEL_MAX ? UINT32_C(1) << level : 0;
}

static void forget_sources(LimnEventFilter *filter)
{
        free(filter->sources.at);
        filter->sources.at = NULL;
        filter->sources.n = filter->sources.cap = 0;
}

static void forget_paths(LimnEventFilter *filter)
{
        for (size_t i = 0; i < filter->paths.n; i++)
                free(filter->paths.at[i]);
        free(filter->paths.at);
        filter->paths.at = NULL;
        filter->paths.n = filter->paths.cap = 0;
}

/* `column` = value, or column IN list. */
static int narrow_equal(LimnEventFilter *filter, int column, bool list, sqlite3_value *value)
{
        sqlite3_value *at = value;
        bool whole = true;
        uint32_t levels = 0, times = 0;
        LimnTime min = INT64_MAX, max = INT64_MIN;

        /* A second list for the same column: the first one narrows enough. */
        if ((column == LIMN_COL_SOURCE && filter->has_path) ||
            (column == LIMN_COL_SOURCE_ID && filter->has_source))
                return SQLITE_OK;
        int rc = list ? sqlite3_vtab_in_first(value, &at) : SQLITE_OK;
        while (rc == SQLITE_OK && at) {
                if (column == LIMN_COL_LEVEL || column == LIMN_COL_LEVEL_NO) {
                        levels |= level_bits(column, at, &whole);
                } else if (column == LIMN_COL_TIME) {
                        int type = sqlite3_value_type(at);
                        LimnTime t = sqlite3_value_int64(at);
                        whole &= type == SQLITE_INTEGER || type == SQLITE_NULL;
                        if (type == SQLITE_INTEGER) {
                                times++;
                                min = t < min ? t : min;
                                max = t > max ? t : max;
                        }
                } else {
                        rc = narrow_set(filter, column, at, &whole);
                        if (rc != SQLITE_OK)
                                return rc;
                }
                rc = list ? sqlite3_vtab_in_next(value, &at) : SQLITE_DONE;
        }
        if (rc != SQLITE_OK && rc != SQLITE_DONE)
                return rc;
        if (!whole) {
                if (column == LIMN_COL_SOURCE_ID)
                        forget_sources(filter);
                if (column == LIMN_COL_SOURCE)
                        forget_paths(filter);
                return SQLITE_OK;
        }
        if (column == LIMN_COL_LEVEL || column == LIMN_COL_LEVEL_NO) {
                filter->level_mask &= levels;
        } else if (column == LIMN_COL_TIME) {
                filter->has_time = true;
                filter->nothing |= times == 0;
                if (min > filter->time_min)
                        filter->time_min = min;
                if (max < filter->time_max)
                        filter->time_max = max;
        } else if (column == LIMN_COL_SOURCE_ID) {
                filter->has_source = true;
        } else if (column == LIMN_COL_SOURCE) {
                filter->has_path = true;
        }
        return SQLITE_OK;
}

int limn_event_filter_init(LimnEventFilter *ret, const char *plan, int n, sqlite3_value **values)
{
        int rc = SQLITE_OK;

        limn_event_filter_done(ret);
        *ret = (LimnEventFilter){
                .level_mask = UINT32_MAX, .time_min = INT64_MIN, .time_max = INT64_MAX};
        for (int i = 0; i < n && plan && rc == SQLITE_OK; i++) {
                int column = plan[2 * i] - 'a', type = sqlite3_value_type(values[i]);
                char compare = plan[2 * i + 1];
                if (compare == 'I') {
                        rc = narrow_equal(ret, column, true, values[i]);
                } else if (type == SQLITE_NULL) {
                        ret->nothing = true; /* nothing compares with NULL */
                } else if (column == LIMN_COL_EVENT_ID) {
                        if (type == SQLITE_INTEGER) {
                                int64_t id = sqlite3_value_int64(values[i]);
                                ret->nothing |= ret->has_event && ret->event_id != id;
                                ret->has_event = true;
                                ret->event_id = id;
                        }
                } else if (column == LIMN_COL_CONTAINS) {
                        LimnSlice text = text_of(values[i]);
                        ret->n_needle = text.n;
                        ret->needle = malloc(text.n + 1);
                        if (!ret->needle)
                                return SQLITE_NOMEM;
                        memcpy(ret->needle, text.p, text.n);
                } else if (compare == '=') {
                        rc = narrow_equal(ret, column, false, values[i]);
                } else if (type == SQLITE_INTEGER && column == LIMN_COL_TIME) {
                        narrow_time(ret, compare, values[i]);
                } else if (type == SQLITE_INTEGER && column == LIMN_COL_LEVEL_NO) {
                        narrow_level_no(ret, compare, values[i]);
                }
        }
        ret->nothing |= ret->level_mask == 0 || ret->time_min > ret->time_max;
        return rc;
}

void limn_event_filter_done(LimnEventFilter *filter)
{
        forget_sources(filter);
        forget_paths(filter);
        free(filter->needle);
        filter->needle = NULL;
}

bool limn_event_filter_bytes(const LimnEventFilter *filter, LimnSlice bytes)
{
        return !filter->needle ||
               limn_slice_find(bytes, limn_slice(filter->needle, filter->n_needle)) < bytes.n ||
               filter->n_needle == 0;
}

bool limn_event_filter_source(const LimnEventFilter *filter, int64_t source, const char *path)
{
        bool ok = !filter->has_source;

        for (size_t i = 0; !ok && i < filter->sources.n; i++)
                ok = filter->sources.at[i] == source;
        if (!ok || !filter->has_path)
                return ok;
        for (size_t i = 0; i < filter->paths.n; i++)
                if (strcmp(filter->paths.at[i], path) == 0)
                        return true;
        return false;
}

bool limn_event_filter_segment(const LimnEventFilter *filter, LimnTime min, LimnTime max,
                               uint32_t level_mask)
{
        if (!(filter->level_mask & level_mask) && filter->level_mask != UINT32_MAX)
                return false;
        return !filter->has_time ||
               (min != LIMN_TIME_NONE && max >= filter->time_min && min <= filter->time_max);
}

bool limn_event_filter_row(const LimnEventFilter *filter, const LimnEvent *event)
{
        if (!(filter->level_mask >> event->level & 1))
                return false;
        return !filter->has_time ||
               (event->time != LIMN_TIME_NONE && event->time >= filter->time_min &&
                event->time <= filter->time_max);
}
