/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json.h"

#include <errno.h>

#include "core/limits.h"

/* Refuses, pointing at byte `at`. */
static int refuse(LimnSlice text, const char *name, size_t at, const char *what, const char *why,
                  LimnDiag *diag)
{
        size_t line = 1, start = 0;
        for (size_t i = 0; i < at && i < text.n; i++) {
                if (text.p[i] == '\n') {
                        line++;
                        start = i + 1;
                }
        }
        LimnSlice rest = limn_slice_from(text, start), shown = LIMN_NONE;
        LimnBuf where = LIMN_BUF(8192), snippet = LIMN_BUF(4096);
        limn_buf_printf(&where, "%s:%zu:%zu", name, line, at - start + 1);
        if (limn_slice_line(&rest, &shown))
                limn_snippet(&snippet, shown, at - start, 1);
        limn_diag_add(diag, &(LimnMessage){
                                    .severity = LIMN_DIAG_ERROR,
                                    .what = what,
                                    .where = limn_buf_str(&where),
                                    .snippet = limn_buf_str(&snippet),
                                    .why = why,
                            });
        limn_buf_done(&where);
        limn_buf_done(&snippet);
        return -EINVAL;
}

/* Index of the first bracket that nests too deeply, or text.n; brackets in strings do not count.
 * jansson itself allows 2048 levels. */
static size_t too_deep(LimnSlice text)
{
        size_t depth = 0;
        bool quoted = false;
        for (size_t i = 0; i < text.n; i++) {
                char c = text.p[i];
                if (c == '"')
                        quoted = !quoted;
                else if (quoted)
                        i += c == '\\';
                else if ((c == '{' || c == '[') && ++depth > LIMN_JSON_DEPTH_MAX)
                        return i;
                else if ((c == '}' || c == ']') && depth > 0)
                        depth--;
        }
        return text.n;
}

static int load(json_t **ret, LimnSlice text, const char *name, size_t flags, LimnDiag *diag)
{
        if (text.n > LIMN_JSON_DOCUMENT_MAX)
                return refuse(LIMN_NONE, name, 0, "JSON document too large",
                              "the limit is 64 MiB (LIMN_JSON_DOCUMENT_MAX)", diag);
        size_t deep = too_deep(text);
        if (deep < text.n)
                return refuse(text, name, deep, "JSON nested too deeply",
                              "the limit is 64 levels (LIMN_JSON_DEPTH_MAX)", diag);
        json_error_t error;
        json_t *json = json_loadb(text.p ? text.p : "", text.n, flags, &error);
        if (json) {
                *ret = json;
                return 0;
        }
        if (json_error_code(&error) == json_error_out_of_memory)
                return -ENOMEM;
        size_t at = error.position > 0 ? (size_t)error.position - 1 : 0;
        return refuse(text, name, at < text.n ? at : text.n, "invalid JSON", error.text, diag);
}

int limn_json_load(json_t **ret, LimnSlice text, const char *name, LimnDiag *diag)
{
        return load(ret, text, name, JSON_REJECT_DUPLICATES, diag);
}

int limn_json_load_nul(json_t **ret, LimnSlice text, const char *name, LimnDiag *diag)
{
        return load(ret, text, name, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, diag);
}
