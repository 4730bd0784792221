/* SPDX-License-Identifier: Apache-2.0 */
#include "db/event_vtab.h"

#include <errno.h>
#include <stdlib.h>

#include "core/json_write.h"
#include "db/decode.h"
#include "db/event_filter.h"
#include "db/event_scan.h"
#include "db/segment.h"

struct LimnEventModule {
        const LimnFormat *(*find)(const char *name);
        LimnEventStats stats;
};

typedef struct EventTable {
        sqlite3_vtab base;
        sqlite3 *db;
        LimnEventModule *module;
} EventTable;

typedef struct EventCursor {
        sqlite3_vtab_cursor base;
        LimnEventScan scan;
        LimnBuf json;
} EventCursor;

static const char declaration[] = "CREATE TABLE event("
#define X(constant, text) text
        LIMN_EVENT_COLUMNS(X)
#undef X
        ")";

static int event_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                         sqlite3_vtab **ret, char **ret_error)
{
        int rc = sqlite3_declare_vtab(db, declaration);
        if (rc != SQLITE_OK)
                return rc;
        EventTable *table = calloc(1, sizeof *table);
        if (!table)
                return SQLITE_NOMEM;
        table->db = db;
        table->module = aux;
        /* It only reads the case: views may use it. */
        sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
        *ret = &table->base;
        return SQLITE_OK;
}

static int event_disconnect(sqlite3_vtab *vtab)
{
        free(vtab);
        return SQLITE_OK;
}

static int event_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **ret)
{
        EventTable *table = (EventTable *)vtab;
        EventCursor *cursor = calloc(1, sizeof *cursor);

        if (!cursor)
                return SQLITE_NOMEM;
        limn_event_scan_init(&cursor->scan, table->db, table->module->find, &table->module->stats);
        cursor->json = LIMN_BUF(LIMN_SQL_VALUE_MAX);
        *ret = &cursor->base;
        return SQLITE_OK;
}

static int event_close(sqlite3_vtab_cursor *base)
{
        EventCursor *cursor = (EventCursor *)base;

        limn_event_scan_done(&cursor->scan);
        limn_buf_done(&cursor->json);
        free(cursor);
        return SQLITE_OK;
}

/* Hands the scan's message to SQLite. */
static int told(EventCursor *cursor, int rc)
{
        if (rc != SQLITE_OK && cursor->scan.error.n) {
                sqlite3_free(cursor->base.pVtab->zErrMsg);
                cursor->base.pVtab->zErrMsg =
                        sqlite3_mprintf("%s", limn_buf_str(&cursor->scan.error));
        }
        return rc;
}

static int event_filter(sqlite3_vtab_cursor *base, int what, const char *plan, int argc,
                        sqlite3_value **argv)
{
        EventCursor *cursor = (EventCursor *)base;

        int rc = limn_event_filter_init(&cursor->scan.filter, plan, argc, argv);
        if (rc == SQLITE_OK)
                rc = limn_event_scan_start(&cursor->scan, (unsigned)what);
        return told(cursor, rc);
}

static int event_next(sqlite3_vtab_cursor *base)
{
        EventCursor *cursor = (EventCursor *)base;

        return told(cursor, limn_event_scan_next(&cursor->scan));
}

static int event_eof(sqlite3_vtab_cursor *base)
{
        return ((EventCursor *)base)->scan.eof;
}

static int event_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *ret)
{
        *ret = limn_event_scan_id(&((EventCursor *)base)->scan);
        return SQLITE_OK;
}

/* Copied: SQLite may keep a value while the scan moves on. */
static void result_slice(sqlite3_context *ctx, LimnSlice s)
{
        if (s.p)
                sqlite3_result_text64(ctx, s.p, s.n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static void result_fields(sqlite3_context *ctx, LimnBuf *json, const LimnEvent *event)
{
        LimnJsonWriter w = LIMN_JSON_WRITER(json, 0);

        limn_buf_clear(json);
        limn_json_object(&w);
        for (size_t i = 0; i < event->n_fields; i++) {
                limn_json_key_slice(&w, event->fields[i].name);
                limn_json_string(&w, event->fields[i].value);
        }
        limn_json_end(&w);
        if (json->error == -ENOMEM)
                sqlite3_result_error_nomem(ctx);
        else if (json->error)
                sqlite3_result_error_toobig(ctx);
        else
                result_slice(ctx, limn_buf_slice(json));
}

static int event_column(sqlite3_vtab_cursor *base, sqlite3_context *ctx, int column)
{
        EventCursor *cursor = (EventCursor *)base;
        const LimnEventScan *scan = &cursor->scan;
        const LimnEvent *event = &scan->event;

        switch (column) {
        case LIMN_COL_SOURCE:
                result_slice(ctx, limn_buf_slice(&scan->path));
                break;
        case LIMN_COL_LINE:
                sqlite3_result_int64(ctx, (int64_t)scan->line);
                break;
        case LIMN_COL_OFFSET:
                sqlite3_result_int64(ctx, (int64_t)scan->offset);
                break;
        case LIMN_COL_LENGTH:
                sqlite3_result_int64(ctx, (int64_t)event->record.n);
                break;
        case LIMN_COL_TIME:
                if (event->time != LIMN_TIME_NONE)
                        sqlite3_result_int64(ctx, event->time);
                break;
        case LIMN_COL_TIME_BASIS:
                if (event->time_basis != LIMN_BASIS_NONE)
                        sqlite3_result_text(ctx, limn_basis_to_string(event->time_basis), -1,
                                            SQLITE_STATIC);
                break;
        case LIMN_COL_LEVEL:
                if (event->level != LIMN_LEVEL_NONE)
                        sqlite3_result_text(ctx, limn_level_to_string(event->level), -1,
                                            SQLITE_STATIC);
                break;
        case LIMN_COL_TIME_RAW:
                result_slice(ctx, event->time_raw);
                break;
        case LIMN_COL_LEVEL_RAW:
                result_slice(ctx, event->level_raw);
                break;
        case LIMN_COL_COMPONENT:
                result_slice(ctx, event->component);
                break;
        case LIMN_COL_THREAD:
                result_slice(ctx, event->thread);
                break;
        case LIMN_COL_CODE:
                result_slice(ctx, event->code);
                break;
        case LIMN_COL_LOGGER:
                result_slice(ctx, event->logger);
                break;
        case LIMN_COL_MESSAGE:
                result_slice(ctx, event->message);
                break;
        case LIMN_COL_FIELDS:
                result_fields(ctx, &cursor->json, event);
                break;
        case LIMN_COL_EVENT_ID:
                sqlite3_result_int64(ctx, limn_event_scan_id(scan));
                break;
        case LIMN_COL_SOURCE_ID:
                sqlite3_result_int64(ctx, scan->source_id);
                break;
        case LIMN_COL_LEVEL_NO:
                sqlite3_result_int(ctx, (int)event->level);
                break;
        case LIMN_COL_QUALITY:
                sqlite3_result_int64(ctx, event->quality);
                break;
        case LIMN_COL_RECORD:
                result_slice(ctx, event->record);
                break;
        case LIMN_COL_CONTAINS:
                if (scan->filter.needle)
                        result_slice(ctx, limn_slice(scan->filter.needle, scan->filter.n_needle));
                else
                        sqlite3_result_error(
                                ctx, "event.contains = TEXT must be a condition of its own", -1);
                break;
        default:
                break;
        }
        return SQLITE_OK;
}

/* No xCreate: the table is there under its module's name, once, and cannot be made. */
static const sqlite3_module module_methods = {
        .iVersion = 2,
        .xConnect = event_connect,
        .xBestIndex = limn_event_best_index,
        .xDisconnect = event_disconnect,
        .xOpen = event_open,
        .xClose = event_close,
        .xFilter = event_filter,
        .xNext = event_next,
        .xEof = event_eof,
        .xColumn = event_column,
        .xRowid = event_rowid,
};

int limn_event_register(sqlite3 *db, const LimnFormat *(*find)(const char *name),
                        LimnEventModule **ret_module)
{
        LimnEventModule *module = calloc(1, sizeof *module);

        if (!module)
                return SQLITE_NOMEM;
        module->find = find;
        int rc = sqlite3_create_module_v2(db, "event", &module_methods, module, free);
        if (rc == SQLITE_OK && ret_module)
                *ret_module = module;
        return rc;
}

LimnEventStats limn_event_stats(LimnEventModule *module)
{
        LimnEventStats stats = module->stats;

        module->stats = (LimnEventStats){0};
        return stats;
}
