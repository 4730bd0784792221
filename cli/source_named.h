/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* How options name sources: --tz SOURCE=ZONE, --role SOURCE=ROLE, --what-if SOURCE=DURATION. */
#include <stdbool.h>

/* Is `name` the end of the path from a component on (a folder's, or an archive's member), or a
 * pattern (* and ?) for the path or its last component? */
bool limn_source_named(const char *name, const char *path);
