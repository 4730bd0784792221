/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * SQLite, linked into limn; or, for the files that the loadable extension shares
 * (cli/extension.c), the SQLite of the program that loads it, through its table of functions.
 */
#ifdef LIMN_SQLITE_EXTENSION
#include <sqlite3ext.h>
extern const sqlite3_api_routines *sqlite3_api;
#else
#include <sqlite3.h>
#endif
