/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * java.util.logging's head, `Nov 22, 2026 7:24:01 AM a.b.Class method`, in the languages of
 * parsers/jul_words.list; and its levels in them.
 */
#include "core/format.h"

typedef struct LimnJulHead {
        LimnStamp stamp;
        LimnSlice stamp_raw;
        LimnSlice source; /* class and method, or the logger's name */
} LimnJulHead;

bool limn_jul_head(LimnSlice line, LimnJulHead *ret);

/* NONE: no such word. */
LimnLevel limn_jul_level(LimnSlice word);
