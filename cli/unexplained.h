/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Unexplained: errors that no rule matched, by template, in bounded memory.
 *
 * A template is the message with what varies replaced by `<*>`: numbers, names with digits in
 * them, quoted text, paths.
 */
#include "core/burst.h"
#include "core/event.h"

typedef struct LimnUnexplained LimnUnexplained;

LimnUnexplained *limn_unexplained_new(void);
LimnUnexplained *limn_unexplained_free(LimnUnexplained *u);
/* Beyond LIMN_UNEXPLAINED_MAX templates errors are counted under `<*>` alone. 0 or -ENOMEM. */
int limn_unexplained_add(LimnUnexplained *u, const LimnEvent *event, uint64_t line,
                         uint64_t offset);

/* Adds all of `from`, whose errors came after those of `u`, and empties it. 0 or -ENOMEM. */
int limn_unexplained_take(LimnUnexplained *u, LimnUnexplained *from);

typedef struct LimnUnexplainedRow {
        LimnSlice template;
        LimnLevel level; /* the highest */
        uint64_t count;
        LimnTime first, last; /* LIMN_TIME_NONE: none has a time */
        LimnBurst burst;
        uint64_t line, offset; /* of the first one, as is the text */
        LimnSlice text;
} LimnUnexplainedRow;
/* By template. What fn returned if not 0. */
int limn_unexplained_each(LimnUnexplained *u,
                          int (*fn)(void *arg, const LimnUnexplainedRow *row), void *arg);

/* Appends the template of `message`. */
int limn_message_template(LimnSlice message, LimnBuf *out);
