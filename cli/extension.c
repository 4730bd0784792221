/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table `event` for other programs that read a case with SQLite: a loadable extension,
 * limn_event.so. In the sqlite3 shell: `.load ./limn_event`. Here because it hands the formats of
 * parsers/ to the virtual table of db/.
 */
#include "db/event_vtab.h"
#include "parsers/registry.h"

const sqlite3_api_routines *sqlite3_api;

/* sqlite3_vtab_in() came with it. */
enum { SQLITE_NEEDED = 3038000 };

/* The name that SQLite derives from the file's. */
__attribute__((visibility("default"))) int
sqlite3_limnevent_init(sqlite3 *db, char **ret_error, const sqlite3_api_routines *api);

int sqlite3_limnevent_init(sqlite3 *db, char **ret_error, const sqlite3_api_routines *api)
{
        sqlite3_api = api;
        if (sqlite3_libversion_number() < SQLITE_NEEDED) {
                *ret_error = sqlite3_mprintf("limn_event needs SQLite 3.38 or newer, this is %s",
                                             sqlite3_libversion());
                return SQLITE_ERROR;
        }
        return limn_event_register(db, limn_format_find, NULL);
}
