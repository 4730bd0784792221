/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "core/embed.h"
#include "db/case_private.h"

extern const LimnEmbedded limn_schema[]; /* db/schema.sql */

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

int limn_case_schema_create(LimnCase *c, LimnDiag *diag)
{
        int r = limn_case_exec(c, limn_schema[0].text.p, "create the case", diag);

        if (r == 0)
                r = limn_case_exec(c,
                                   "PRAGMA application_id = " TEXT(LIMN_CASE_APPLICATION_ID) ";"
                                   "PRAGMA user_version = " TEXT(LIMN_CASE_VERSION),
                                   "create the case", diag);
        return r;
}

/* What differs between the case and what this version would create. */
typedef struct Differs {
        bool facts, conclusions, views;
} Differs;

static int compare(sqlite3_stmt *ours, sqlite3_stmt *theirs, Differs *ret)
{
        int rc;

        while ((rc = sqlite3_step(ours)) == SQLITE_ROW) {
                for (int i = 0; i < 3; i++)
                        sqlite3_bind_value(theirs, i + 1, sqlite3_column_value(ours, i));
                rc = sqlite3_step(theirs);
                sqlite3_reset(theirs);
                if (rc == SQLITE_ROW)
                        continue;
                if (rc != SQLITE_DONE)
                        return rc;
                if (strcmp((const char *)sqlite3_column_text(ours, 0), "view") == 0)
                        ret->views = true;
                else if (limn_case_is_conclusion((const char *)sqlite3_column_text(ours, 3)))
                        ret->conclusions = true;
                else
                        ret->facts = true;
        }
        return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int drop(LimnCase *c, const char *type, const char *name)
{
        sqlite3_str *sql = sqlite3_str_new(NULL);

        sqlite3_str_appendf(sql, "DROP %s IF EXISTS main.\"%w\"", type, name);
        char *text = sqlite3_str_finish(sql);
        int rc = text ? sqlite3_exec(c->db, text, NULL, NULL, NULL) : SQLITE_NOMEM;
        sqlite3_free(text);
        return rc;
}

static int make(LimnCase *c, const char *sql, bool temporary)
{
        static const char head[] = "CREATE VIEW ";

        if (!temporary)
                return sqlite3_exec(c->db, sql, NULL, NULL, NULL);
        if (strncmp(sql, head, sizeof head - 1) != 0)
                return SQLITE_INTERNAL;
        char *text = sqlite3_mprintf("CREATE TEMP VIEW %s", sql + sizeof head - 1);
        int rc = text ? sqlite3_exec(c->db, text, NULL, NULL, NULL) : SQLITE_NOMEM;
        sqlite3_free(text);
        return rc;
}

enum { TABLES = 1, VIEWS = 2, DROP = 4, MAKE = 8, TEMPORARY = 16 };

/* Drops or makes what `what` picks of the schema, in its order; tables take their indexes along. */
static int renew(LimnCase *c, sqlite3 *model, unsigned what)
{
        sqlite3_stmt *each = NULL;
        int rc = sqlite3_prepare_v2(model,
                                    "SELECT type, tbl_name, name, sql FROM sqlite_schema"
                                    " WHERE sql IS NOT NULL ORDER BY rowid",
                                    -1, &each, NULL);

        while (rc == SQLITE_OK && (rc = sqlite3_step(each)) == SQLITE_ROW) {
                const char *type = (const char *)sqlite3_column_text(each, 0);
                bool view = strcmp(type, "view") == 0, table = strcmp(type, "table") == 0;

                rc = SQLITE_OK;
                if (view ? !(what & VIEWS)
                         : !(what & TABLES) ||
                                   !limn_case_is_conclusion(
                                           (const char *)sqlite3_column_text(each, 1)))
                        continue;
                if (what & MAKE)
                        rc = make(c, (const char *)sqlite3_column_text(each, 3), what & TEMPORARY);
                else if (view || table)
                        rc = drop(c, type, (const char *)sqlite3_column_text(each, 2));
        }
        sqlite3_finalize(each);
        return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* Facts are as this version has them; of the rest something is another version's. */
static int adapt(LimnCase *c, sqlite3 *model, const Differs *differs, bool may_renew,
                 LimnDiag *diag)
{
        int rc = SQLITE_OK;

        if (may_renew) {
                unsigned tables = differs->conclusions ? TABLES : 0;
                rc = renew(c, model, DROP | VIEWS);
                if (rc == SQLITE_OK && tables)
                        rc = renew(c, model, DROP | TABLES);
                if (rc == SQLITE_OK)
                        rc = renew(c, model, MAKE | VIEWS | tables);
                if (rc == SQLITE_OK && tables)
                        rc = sqlite3_exec(c->db, "DELETE FROM meta WHERE key = 'concluded_sha256'",
                                          NULL, NULL, NULL);
                return rc == SQLITE_OK ? 0 : limn_case_fail(c, rc, "renew the case", diag);
        }
        if (differs->conclusions) {
                LimnBuf help = LIMN_BUF(1 << 16);
                limn_buf_printf(&help, "limn diagnose --case %s draws them anew from what was read",
                                c->path);
                limn_diag_add(diag,
                              &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                             .what = "the conclusions in this case are of another "
                                                     "version of limn",
                                             .where = c->path,
                                             .why = "their tables are laid out in another way",
                                             .help = limn_buf_str(&help)});
                limn_buf_done(&help);
                return -EINVAL;
        }
        /* The case's own views are not asked; these stand before them and go with the connection.
         * All of them: a view of the file would go on asking views of the file. */
        sqlite3_exec(c->db, "PRAGMA query_only = 0", NULL, NULL, NULL);
        rc = renew(c, model, MAKE | VIEWS | TEMPORARY);
        if (!c->writable)
                sqlite3_exec(c->db, "PRAGMA query_only = 1", NULL, NULL, NULL);
        return rc == SQLITE_OK ? 0 : limn_case_fail(c, rc, "read the case", diag);
}

int limn_case_schema_check(LimnCase *c, bool may_renew, LimnDiag *diag)
{
        sqlite3 *model = NULL;
        sqlite3_stmt *ours = NULL, *theirs = NULL;
        Differs differs = {0};
        int r = 0;

        int rc = sqlite3_open_v2(":memory:", &model, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                                 NULL);
        if (rc == SQLITE_OK)
                rc = sqlite3_exec(model, limn_schema[0].text.p, NULL, NULL, NULL);
        if (rc == SQLITE_OK)
                rc = sqlite3_prepare_v2(model,
                                        "SELECT type, name, sql, tbl_name FROM sqlite_schema", -1,
                                        &ours, NULL);
        if (rc != SQLITE_OK)
                r = -ENOMEM;
        if (r == 0) {
                rc = sqlite3_prepare_v2(c->db,
                                        "SELECT 1 FROM sqlite_schema"
                                        " WHERE type = ?1 AND name = ?2 AND sql IS ?3",
                                        -1, &theirs, NULL);
                if (rc == SQLITE_OK)
                        rc = compare(ours, theirs, &differs);
                if (rc != SQLITE_OK)
                        r = limn_case_fail(c, rc, "read the case", diag);
        }
        sqlite3_finalize(ours);
        sqlite3_finalize(theirs);
        if (r == 0 && differs.facts) {
                limn_diag_add(diag,
                              &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                             .what = "not a case that this limn can use",
                                             .where = c->path,
                                             .why = "its tables are those of another version, or "
                                                    "somebody changed them",
                                             .help = "read the sources into a new case: limn "
                                                     "analyze PATH... --case NEW"});
                r = -EINVAL;
        } else if (r == 0 && (differs.conclusions || differs.views)) {
                r = adapt(c, model, &differs, may_renew, diag);
        }
        sqlite3_close(model);
        return r;
}
