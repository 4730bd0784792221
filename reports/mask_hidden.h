/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Hidden: names that no list of spellings could have, because the text has to be decoded first:
 * escapes of any kind (reports/unescape.h), and runs of base64, base32 or hexadecimal digits that
 * hold another encoding, a compressed text or UTF-16. Some levels deep. Private to reports/mask*.c.
 */
#include "reports/mask_private.h"

/* text[from, to) hides a value; non-zero stops and is returned. */
typedef int (*LimnHiddenFn)(void *arg, size_t from, size_t to, size_t value);

/* In no order, and what is found may overlap. The mask is sealed. 0, what fn returned, -ENOMEM. */
int limn_mask_hidden(const LimnMask *mask, LimnSlice text, LimnHiddenFn fn, void *arg);
