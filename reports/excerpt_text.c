/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/excerpt_text.h"

#include <errno.h>

#include "core/hash.h"
#include "core/limits.h"
#include "reports/escape.h"

static LimnSlice text_of(const json_t *object, const char *key)
{
        const json_t *s = json_object_get(object, key);
        return json_is_string(s) ? limn_slice(json_string_value(s), json_string_length(s))
                                 : LIMN_NONE;
}

static json_int_t int_of(const json_t *object, const char *key)
{
        return json_integer_value(json_object_get(object, key));
}

LimnSlice limn_excerpt_bytes(const json_t *record, LimnBuf *hold)
{
        LimnSlice text = text_of(record, "text"), hex = text_of(record, "hex");
        if (text.p || !hex.p)
                return text;
        limn_buf_clear(hold);
        if (hex.n % 2 || limn_buf_reserve(hold, hex.n / 2 + 1) < 0 ||
            !limn_unhex(hex, (unsigned char *)hold->p, hex.n / 2))
                return LIMN_NONE;
        return limn_slice(hold->p, hex.n / 2);
}

static void head(const json_t *root, LimnBuf *b)
{
        static const struct {
                const char *label, *key;
        } lines[] = {{"source  ", "path"}, {"digest  ", "sha256"}, {"times   ", "times"}};
        const json_t *source = json_object_get(root, "source");
        const json_t *tree = json_object_get(root, "tree");
        for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
                limn_buf_add_str(b, lines[i].label);
                limn_escape_terminal(text_of(source, lines[i].key), b);
                limn_buf_add_char(b, '\n');
        }
        limn_buf_printf(b, "size    %" JSON_INTEGER_FORMAT " bytes, %" JSON_INTEGER_FORMAT
                           " records; the root of their tree is\n        ",
                        int_of(source, "bytes"), int_of(tree, "records"));
        limn_escape_terminal(text_of(tree, "root"), b);
        limn_buf_add_str(b, "\n\n> a cited record; those around it are context; the number is its "
                            "line\nm something in it is masked: its hash is proved, not its text\n"
                            "c only its beginning is shown: its hash is proved\n");
}

static void cited_for(const json_t *cite, LimnBuf *b)
{
        limn_buf_add_str(b, "             ^ ");
        limn_escape_terminal(text_of(cite, "finding"), b);
        LimnSlice cause = text_of(cite, "cause");
        if (cause.p) {
                limn_buf_add_str(b, ", ");
                limn_escape_terminal(text_of(cite, "sign"), b);
                limn_buf_add_char(b, ' ');
                limn_escape_terminal(cause, b);
        }
        limn_buf_add_str(b, ": ");
        limn_escape_terminal(text_of(cite, "sentence"), b);
        limn_buf_add_char(b, '\n');
}

static int record(const json_t *r, LimnBuf *hold, LimnBuf *b)
{
        const json_t *cited = json_object_get(r, "cited");
        LimnSlice text = limn_excerpt_bytes(r, hold), line;
        if (!text.p)
                return hold->error ? hold->error : -EINVAL;
        bool first = true;
        while (limn_slice_line(&text, &line)) {
                if (first)
                        limn_buf_printf(b, "%c%c%c %8" JSON_INTEGER_FORMAT " ",
                                        json_array_size(cited) ? '>' : ' ',
                                        json_is_true(json_object_get(r, "masked")) ? 'm' : ' ',
                                        json_is_true(json_object_get(r, "cut")) ? 'c' : ' ',
                                        int_of(r, "line"));
                else
                        limn_buf_add_str(b, "             ");
                limn_escape_terminal(line, b);
                limn_buf_add_char(b, '\n');
                first = false;
        }
        if (json_array_size(cited) == 0)
                return 0;
        limn_buf_printf(b, "             ^ byte %" JSON_INTEGER_FORMAT, int_of(r, "offset"));
        LimnSlice time = text_of(r, "time");
        if (time.p) {
                limn_buf_add_str(b, ", ");
                limn_escape_terminal(time, b);
                limn_buf_add_str(b, " on the corrected clock");
        }
        limn_buf_add_char(b, '\n');
        size_t i;
        const json_t *cite;
        json_array_foreach(cited, i, cite)
                cited_for(cite, b);
        return 0;
}

int limn_excerpt_text(const json_t *root, LimnBuf *out)
{
        const json_t *records = json_object_get(root, "records"), *r;
        LimnSlice schema = text_of(root, "schema");
        if (!schema.p || !limn_slice_eq(schema, LIMN_S(LIMN_EXCERPT_SCHEMA)) ||
            !json_is_array(records))
                return -EINVAL;
        LimnBuf hold = LIMN_BUF(LIMN_EXCERPT_MAX);
        head(root, out);
        json_int_t last = -1;
        int error = 0;
        size_t i;
        json_array_foreach(records, i, r)
        {
                json_int_t index = int_of(r, "record");
                if (i == 0 || index != last + 1)
                        limn_buf_add_str(out, i ? "\n         ...\n" : "\n");
                last = index;
                if (error == 0)
                        error = record(r, &hold, out);
        }
        limn_buf_done(&hold);
        return error ? error : out->error;
}
