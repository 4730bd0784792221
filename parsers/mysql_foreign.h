/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Lines of other programs in a server's error log: what containers, cluster scripts and helpers
 * write to the same stream. They are records of their own, never the continuation of the server's.
 *
 *   Bitnami        mariadb 07:24:01.12 INFO  ==> message (colours and the name may be missing)
 *   SST scripts    WSREP_SST: [INFO] message (20261122 07:24:01.123)
 *   Go helpers     2026/11/22 07:24:01 message
 *   shell traces   + command
 *   the loader     mysqld: symbol lookup error: ...; mysqld: error while loading shared libraries
 */
#include "core/format.h"

bool limn_mysql_is_foreign(LimnSlice line);

/*
 * Of a line for which the above is true: level and component to *event, its time where the line has
 * a date too; *ret_clock points at `hh:mm:ss` where it has only that, else p is NULL.
 */
void limn_mysql_foreign(LimnSlice line, const LimnParse *parse, LimnEvent *event,
                        LimnSlice *ret_clock, LimnSlice *ret_message);
