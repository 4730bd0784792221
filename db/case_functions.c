/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL functions of our own, for the sentences of diagnosis documents. Views must not use them:
 * plain sqlite3 reads those, too.
 */
#include "db/case_private.h"

enum { DURATION_TEXT_MAX = 128 };

/* duration(microseconds): `3 d 4 h`; NULL of NULL. */
static void duration(sqlite3_context *ctx, int n, sqlite3_value **args)
{
        LimnBuf text = LIMN_BUF(DURATION_TEXT_MAX);

        (void)n;
        if (sqlite3_value_type(args[0]) == SQLITE_NULL)
                return;
        if (limn_duration_text(sqlite3_value_int64(args[0]), &text) < 0)
                sqlite3_result_error_nomem(ctx);
        else
                sqlite3_result_text(ctx, limn_buf_str(&text), (int)text.n, SQLITE_TRANSIENT);
        limn_buf_done(&text);
}

int limn_case_functions(sqlite3 *db)
{
        const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;

        return sqlite3_create_function_v2(db, "duration", 1, flags, NULL, duration, NULL, NULL,
                                          NULL);
}
