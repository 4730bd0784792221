/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Part: the minute, hour, ... of a stamp as it is written; no zone is applied (Sigma says so). */
#include "rules/value.h"

/* False: not a stamp. `part`: LIMN_PART_*; the week is that of ISO 8601. */
bool limn_part(LimnSlice stamp, int part, LimnNumber *ret);
