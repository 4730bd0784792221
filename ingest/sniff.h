/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Sniff: is this text that a log reader can read, judged by a source's first bytes? */
#include "core/slice.h"

typedef enum LimnContent {
        LIMN_CONTENT_TEXT,
        LIMN_CONTENT_UTF16,  /* text, but not in an encoding that formats read */
        LIMN_CONTENT_BINARY,
} LimnContent;

/* `head`: up to LIMN_DETECT_BYTES. *ret_what: "a MySQL binary log", where it is known what it is,
 * and *ret_help what to do about it; NULL where not. */
LimnContent limn_sniff(LimnSlice head, const char **ret_what, const char **ret_help);

/* Without leading NULs: a server that died may leave a hole of thousands before its log. */
LimnSlice limn_sniff_text(LimnSlice head);
