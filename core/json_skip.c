/* SPDX-License-Identifier: Apache-2.0 */
/* The length of a JSON value, by brackets and quotes alone. */
#include <stdint.h>

#include "core/json_scan.h"

/* Behind the closing quote of a string, or NULL. */
static const char *string_end(const char *p, const char *end)
{
        while (p < end && (p = memchr(p, '"', (size_t)(end - p)))) {
                size_t slashes = 0;
                while (p[-1 - (ptrdiff_t)slashes] == '\\')
                        slashes++;
                p++;
                if (slashes % 2 == 0)
                        return p;
        }
        return NULL;
}

static bool blank(char c)
{
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Behind a number or a word: where something begins that cannot belong to it. */
static const char *scalar_end(const char *p, const char *end)
{
        while (p < end && !blank(*p) && *p != ',' && *p != ']' && *p != '}')
                p++;
        return p < end ? p : NULL;
}

static const char *nested_end(const char *p, const char *end)
{
        size_t depth = 0;
        while (p && p < end) {
                switch (*p++) {
                case '{':
                case '[':
                        depth++;
                        break;
                case '}':
                case ']':
                        if (--depth == 0)
                                return p;
                        break;
                case '"':
                        p = string_end(p, end);
                        break;
                }
        }
        return NULL;
}

size_t limn_json_skip(LimnSlice text)
{
        const char *p = text.p, *end = text.p + text.n;
        while (p < end && blank(*p))
                p++;
        if (p >= end)
                return 0;
        const char *stop = *p == '{' || *p == '[' ? nested_end(p, end)
                           : *p == '"'            ? string_end(p + 1, end)
                                                  : scalar_end(p, end);
        return stop ? (size_t)(stop - text.p) : 0;
}

size_t limn_json_string_end(LimnSlice text, size_t at)
{
        const char *end = string_end(text.p + at + 1, text.p + text.n);

        return end ? (size_t)(end - text.p) : SIZE_MAX;
}
