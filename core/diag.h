/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Diag: messages for people, collected by library code, printed only by cli/.
 *
 * A function that can fail for a reason worth telling takes a `LimnDiag *` last, which may be
 * NULL. It adds one error before it returns a negative value, and warnings for what it worked
 * around. It is untouched where nothing is to be said. Messages are kept in the order they came;
 * beyond LIMN_DIAG_MAX they are only counted.
 */
#include <stdbool.h>
#include <stddef.h>

#include "core/buf.h"

typedef enum LimnSeverity {
        LIMN_DIAG_NOTE,
        LIMN_DIAG_WARNING,
        LIMN_DIAG_ERROR,
        _LIMN_DIAG_MAX,
} LimnSeverity;

/* What happened, where, why, and what helps. Only `what` is needed; the rest may be NULL. */
typedef struct LimnMessage {
        LimnSeverity severity;
        const char *what;    /* "rule has no detection" */
        const char *where;   /* a path, or path:line[:column] */
        const char *snippet; /* the line at fault, and a line of carets below it if useful */
        const char *why;     /* "truncated gzip stream" */
        const char *help;    /* "limn formats lists the formats" */
} LimnMessage;

typedef struct LimnDiag LimnDiag;

LimnDiag *limn_diag_new(void);
LimnDiag *limn_diag_free(LimnDiag *diag);

/* Copies the strings. Never fails: when memory runs out the message is counted only. */
void limn_diag_add(LimnDiag *diag, const LimnMessage *message);
/* `what` formatted, everything else as in `rest` (may be NULL). */
void limn_diag_addf(LimnDiag *diag, const LimnMessage *rest, const char *what, ...)
        __attribute__((format(printf, 3, 4)));

size_t limn_diag_count(const LimnDiag *diag, LimnSeverity at_least);
/* Messages kept, in order. */
size_t limn_diag_kept(const LimnDiag *diag);
const LimnMessage *limn_diag_at(const LimnDiag *diag, size_t i);
size_t limn_diag_dropped(const LimnDiag *diag);
/* Moves all of `from`'s messages to the end of `to`. */
void limn_diag_move(LimnDiag *to, LimnDiag *from);

/* The message as text, several lines, ending in a line feed; no colours. */
int limn_diag_render(const LimnMessage *message, LimnBuf *out);
const char *limn_severity_to_string(LimnSeverity severity);

/* A snippet for LimnMessage: `line`, cut around the fault when it is long, and below it carets
 * under its bytes from `from` on, at least one. */
int limn_snippet(LimnBuf *out, LimnSlice line, size_t from, size_t n);
