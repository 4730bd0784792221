/* SPDX-License-Identifier: Apache-2.0 */
#include "core/buf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void limn_buf_done(LimnBuf *buf)
{
        free(buf->p);
        *buf = LIMN_BUF(buf->max);
}

void limn_buf_clear(LimnBuf *buf)
{
        buf->n = 0;
        buf->error = 0;
        if (buf->p)
                buf->p[0] = '\0';
}

int limn_buf_reserve(LimnBuf *buf, size_t more)
{
        if (buf->error)
                return buf->error;
        if (more > buf->max || buf->n > buf->max - more)
                return buf->error = -E2BIG;
        size_t need = buf->n + more + 1;
        if (need <= buf->cap)
                return 0;
        size_t cap = buf->cap ? buf->cap : 64;
        while (cap < need)
                cap *= 2;
        char *p = realloc(buf->p, cap);
        if (!p)
                return buf->error = -ENOMEM;
        buf->p = p;
        buf->cap = cap;
        return 0;
}

int limn_buf_add(LimnBuf *buf, LimnSlice s)
{
        int r = limn_buf_reserve(buf, s.n);
        if (r < 0)
                return r;
        if (s.n)
                memcpy(buf->p + buf->n, s.p, s.n);
        buf->n += s.n;
        buf->p[buf->n] = '\0';
        return 0;
}

int limn_buf_add_str(LimnBuf *buf, const char *s)
{
        return limn_buf_add(buf, limn_slice_str(s));
}

int limn_buf_add_char(LimnBuf *buf, char c)
{
        int r = limn_buf_reserve(buf, 1);
        if (r < 0)
                return r;
        buf->p[buf->n++] = c;
        buf->p[buf->n] = '\0';
        return 0;
}

int limn_buf_printf(LimnBuf *buf, const char *format, ...)
{
        va_list args;
        va_start(args, format);
        int n = vsnprintf(NULL, 0, format, args);
        va_end(args);
        if (n < 0)
                return buf->error ? buf->error : (buf->error = -EINVAL);
        int r = limn_buf_reserve(buf, (size_t)n);
        if (r < 0)
                return r;
        va_start(args, format);
        vsnprintf(buf->p + buf->n, (size_t)n + 1, format, args);
        va_end(args);
        buf->n += (size_t)n;
        return 0;
}

const char *limn_buf_str(const LimnBuf *buf)
{
        return buf->p ? buf->p : "";
}

char *limn_buf_take(LimnBuf *buf)
{
        char *p = buf->error ? NULL : buf->p;
        if (!p)
                free(buf->p);
        *buf = LIMN_BUF(buf->max);
        return p;
}
