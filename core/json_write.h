/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * JSON writer: streams one document into a LimnBuf, keys in the order written.
 *
 * Commas, indentation and quoting are its business; nesting mistakes are assertions. Numbers that
 * are not finite become null. Errors are the buffer's sticky error.
 */
#include <stdint.h>

#include "core/buf.h"
#include "core/time.h"

typedef struct LimnJsonWriter {
        LimnBuf *out;
        unsigned indent; /* blanks per level; 0: everything on one line */
        unsigned depth;
        uint64_t used;  /* bit per level: something was written at it */
        uint64_t array; /* bit per level: it is an array */
        bool after_key;
} LimnJsonWriter;

#define LIMN_JSON_WRITER(buf, blanks) ((LimnJsonWriter){.out = (buf), .indent = (blanks)})

void limn_json_object(LimnJsonWriter *w);
void limn_json_array(LimnJsonWriter *w);
void limn_json_end(LimnJsonWriter *w); /* of the object or array begun last */
void limn_json_key(LimnJsonWriter *w, const char *key);
void limn_json_key_slice(LimnJsonWriter *w, LimnSlice key);
void limn_json_string(LimnJsonWriter *w, LimnSlice s); /* p NULL: null */
void limn_json_str(LimnJsonWriter *w, const char *s);  /* NULL: null */
void limn_json_int(LimnJsonWriter *w, int64_t i);
/* With `decimals` digits after the point, always. */
void limn_json_real(LimnJsonWriter *w, double d, int decimals);
void limn_json_bool(LimnJsonWriter *w, bool b);
void limn_json_null(LimnJsonWriter *w);
void limn_json_time(LimnJsonWriter *w, LimnTime t); /* ISO text, or null */
/* Text that is JSON already. */
void limn_json_raw(LimnJsonWriter *w, LimnSlice json);
