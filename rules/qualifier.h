/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Qualifier: what the names of files say about whose they are (rules/qualifier.list).
 *
 * The weakest evidence there is: it never decides against keys (rules/instance.h).
 */
#include "core/slice.h"

/* Of the file's name: which server by its role (`role`: source, replica, target), which of several
 * by any other word (`which`: `2`, `old_primary`, `db7`), which collection (`when`: `after`).
 * p NULL: nothing said. `folder`: everything before the last '/'. Slices into `path`, but for
 * role, a literal. */
typedef struct LimnQualifier {
        LimnSlice folder, role, which, when;
} LimnQualifier;
LimnQualifier limn_qualifier(LimnSlice path);

/* Do two paths' folders differ at most in words that say what kind of files they hold
 * (logs/ and config/, not db1/ and db2/)? */
bool limn_folders_alike(LimnSlice a, LimnSlice b);
