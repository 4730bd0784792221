/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Unescape: how a text reads once what may hide a name in it is undone, and where each byte of that
 * came from. Undone are percent-encoding, \uXXXX, \xXX and \ooo (behind any number of backslashes),
 * HTML's numbered entities, quoted-printable, full-width letters, [.] and [at], and characters
 * that nobody sees (zero width, soft hyphen, direction marks) are left out. It is a guess of what
 * the text may mean, made to be searched, never to be shown. Private to reports/mask*.c.
 */
#include <stdint.h>

#include "core/buf.h"

typedef struct LimnUnescaped {
        LimnBuf text;
        uint32_t *from; /* of each byte, and of the end: where it began in the original */
        size_t cap;
} LimnUnescaped;

/* 1: something was undone; 0: nothing was, and *v holds nothing; negative: -ENOMEM. May be called
 * again with the same one, which begins as {0}. The text has less than 4 GiB. */
int limn_unescape(LimnSlice text, LimnUnescaped *v);
void limn_unescaped_done(LimnUnescaped *v);
