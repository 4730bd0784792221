/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A compiled comparison in words: `message contains "went away"`. */
#include "rules/item.h"

/* Without a line end, at most `most` bytes of the value; of `neq` only what it negates. The
 * alternatives of an operand (base64offset) are not its own. */
void limn_item_text(LimnBuf *out, const LimnItem *item, const LimnOperand *operand, size_t most);
