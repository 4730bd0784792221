/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Buf: bytes that grow, up to a ceiling.
 *
 * Failure is sticky: once an append failed, `error` holds -ENOMEM or -E2BIG, later appends do
 * nothing and return it, so that a writer may check once at its end. The bytes are always
 * followed by a NUL that `n` does not count (when anything was appended).
 */
#include <stddef.h>

#include "core/slice.h"

typedef struct LimnBuf {
        char *p;
        size_t n, cap, max;
        int error;
} LimnBuf;

#define LIMN_BUF(ceiling) ((LimnBuf){.max = (ceiling)})

void limn_buf_done(LimnBuf *buf);
void limn_buf_clear(LimnBuf *buf); /* empties, keeps the memory, forgets the error */
int limn_buf_reserve(LimnBuf *buf, size_t more);
int limn_buf_add(LimnBuf *buf, LimnSlice s);
int limn_buf_add_str(LimnBuf *buf, const char *s);
int limn_buf_add_char(LimnBuf *buf, char c);
int limn_buf_printf(LimnBuf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Never NULL: "" while nothing was appended. */
const char *limn_buf_str(const LimnBuf *buf);
/* Hands the bytes over; the caller frees them. NULL when nothing was appended or on error. */
char *limn_buf_take(LimnBuf *buf);

static inline LimnSlice limn_buf_slice(const LimnBuf *buf)
{
        return (LimnSlice){limn_buf_str(buf), buf->n};
}
