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

static int compare(sqlite3_stmt *ours, sqlite3_stmt *theirs)
{
        int rc;

        while ((rc = sqlite3_step(ours)) == SQLITE_ROW) {
                for (int i = 0; i < 3; i++)
                        sqlite3_bind_value(theirs, i + 1, sqlite3_column_value(ours, i));
                rc = sqlite3_step(theirs);
                sqlite3_reset(theirs);
                if (rc != SQLITE_ROW)
                        return rc;
        }
        return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int limn_case_schema_check(LimnCase *c, LimnDiag *diag)
{
        sqlite3 *model = NULL;
        sqlite3_stmt *ours = NULL, *theirs = NULL;
        int r = 0;

        int rc = sqlite3_open_v2(":memory:", &model, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                                 NULL);
        if (rc == SQLITE_OK)
                rc = sqlite3_exec(model, limn_schema[0].text.p, NULL, NULL, NULL);
        if (rc == SQLITE_OK)
                rc = sqlite3_prepare_v2(model, "SELECT type, name, sql FROM sqlite_schema", -1,
                                        &ours, NULL);
        if (rc != SQLITE_OK)
                r = -ENOMEM;
        if (r == 0) {
                rc = sqlite3_prepare_v2(c->db,
                                        "SELECT 1 FROM sqlite_schema"
                                        " WHERE type = ?1 AND name = ?2 AND sql IS ?3",
                                        -1, &theirs, NULL);
                if (rc == SQLITE_OK)
                        rc = compare(ours, theirs);
                if (rc == SQLITE_DONE)
                        r = limn_case_invalid(c, diag, "not a case that this limn can use",
                                              "its tables or views are not those of this version");
                else if (rc != SQLITE_OK)
                        r = limn_case_fail(c, rc, "read the case", diag);
        }
        sqlite3_finalize(ours);
        sqlite3_finalize(theirs);
        sqlite3_close(model);
        return r;
}
