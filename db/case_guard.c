/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What keeps strangers' SQL and strangers' case files harmless: limits on every connection, and
 * an authorizer and a step limit while a statement that is not ours runs.
 */
#include "core/limits.h"
#include "db/case_private.h"

enum { STEPS_BETWEEN_CHECKS = 10000 };

static const struct {
        int id, value;
} limits[] = {
        {SQLITE_LIMIT_LENGTH, LIMN_SQL_VALUE_MAX},
        {SQLITE_LIMIT_SQL_LENGTH, LIMN_SQL_TEXT_MAX},
        {SQLITE_LIMIT_COLUMN, 500},
        {SQLITE_LIMIT_EXPR_DEPTH, 200},
        {SQLITE_LIMIT_COMPOUND_SELECT, 200},
        {SQLITE_LIMIT_VDBE_OP, 250000},
        {SQLITE_LIMIT_FUNCTION_ARG, 100},
        {SQLITE_LIMIT_ATTACHED, 0},
        {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 10000},
        {SQLITE_LIMIT_VARIABLE_NUMBER, 1000},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 10},
        {SQLITE_LIMIT_WORKER_THREADS, 0},
};

/* Pragmas that only read, with or without the name of a table or index. */
static const char *const pragmas[] = {
        "foreign_key_list", "function_list", "index_info",   "index_list", "index_xinfo",
        "integrity_check",  "quick_check",   "table_info",   "table_list", "table_xinfo",
};
/* These also write when given a value. */
static const char *const pragmas_bare[] = {
        "application_id", "encoding", "freelist_count", "page_count", "page_size", "user_version",
};
/* Functions that reach outside of the case, should a build of SQLite have them. */
static const char *const functions_denied[] = {
        "load_extension", "readfile", "writefile", "edit", "lsdir", "fts3_tokenizer", "zipfile",
        "sqlar_compress", "sqlar_uncompress",
};

#define LISTED(list, name) is_listed((list), sizeof(list) / sizeof *(list), (name))

static bool is_listed(const char *const *list, size_t n, const char *name)
{
        for (size_t i = 0; name && i < n; i++)
                if (sqlite3_stricmp(list[i], name) == 0)
                        return true;
        return false;
}

static int authorize(void *arg, int action, const char *a, const char *b, const char *database,
                     const char *trigger)
{
        const LimnCase *c = arg;

        if (!c->guarded)
                return SQLITE_OK;
        switch (action) {
        case SQLITE_SELECT:
        case SQLITE_READ:
        case SQLITE_RECURSIVE:
                return SQLITE_OK;
        case SQLITE_UPDATE:
                /* Asked when a virtual table declares its columns. A statement that means it is
                 * refused by the defensive mode and by sqlite3_stmt_readonly(). */
                return strcmp(a, "sqlite_master") == 0 ? SQLITE_OK : SQLITE_DENY;
        case SQLITE_FUNCTION:
                return LISTED(functions_denied, b) ? SQLITE_DENY : SQLITE_OK;
        case SQLITE_PRAGMA:
                return LISTED(pragmas, a) || (!b && LISTED(pragmas_bare, a)) ? SQLITE_OK
                                                                              : SQLITE_DENY;
        default:
                return SQLITE_DENY;
        }
}

static int count_steps(void *arg)
{
        LimnCase *c = arg;

        if (!c->guarded)
                return 0;
        c->steps += STEPS_BETWEEN_CHECKS;
        return c->steps > c->steps_max;
}

bool limn_case_steps_exhausted(const LimnCase *c)
{
        return c->steps > c->steps_max;
}

void limn_case_limit_steps(LimnCase *c, int64_t steps)
{
        c->steps_max = steps < LIMN_SQL_STEPS_MAX ? steps : LIMN_SQL_STEPS_MAX;
}

int limn_case_guard_install(LimnCase *c)
{
        int rc = sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);

        /* The schema stays trusted: SQLite 3.40 holds its own JSON functions, which our views use,
         * for unsafe. What a forged view can reach is not: no function here has effects, the
         * authorizer refuses those that a build may add, triggers are off. */
        if (rc == SQLITE_OK)
                rc = sqlite3_db_config(c->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
        if (rc == SQLITE_OK)
                rc = limn_case_functions(c->db);
        for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
                sqlite3_limit(c->db, limits[i].id, limits[i].value);
        limn_case_limit_steps(c, LIMN_SQL_STEPS_MAX);
        /* Installed once and steered by a counter: setting one makes SQLite prepare every
         * statement anew. */
        if (rc == SQLITE_OK)
                rc = sqlite3_set_authorizer(c->db, authorize, c);
        sqlite3_progress_handler(c->db, STEPS_BETWEEN_CHECKS, count_steps, c);
        return rc;
}
