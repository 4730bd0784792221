/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/fuzz.h"

#include <jansson.h>

#include "core/json_scan.h"
#include "core/limits.h"
#include "core/printable.h"

static bool valid_utf8(LimnSlice s)
{
        uint32_t c;
        for (unsigned n; s.n; s = limn_slice_from(s, n))
                if (!(n = limn_utf8_decode(s, &c)))
                        return false;
        return true;
}

/* A value written as a JSON string and read again is the same, if it was text at all. */
static void round_trip(LimnSlice value, LimnArena *arena)
{
        LimnBuf buf = LIMN_BUF(16u << 20);
        LimnFields fields = {0};
        LimnJsonError error;
        size_t used;
        PROMISE(limn_json_quote(&buf, value) == 0);
        PROMISE(limn_json_flatten(limn_buf_slice(&buf), LIMN_NONE, arena, &fields, &used,
                                  &error) == 0);
        PROMISE(used == buf.n && fields.n == 1);
        PROMISE(valid_utf8(fields.at[0].value));
        if (valid_utf8(value))
                PROMISE(limn_slice_eq(fields.at[0].value, value));
        limn_buf_done(&buf);
}

/* What jansson reads, the scanner reads: it is stricter about nothing but depth. (A NUL behind a
 * number jansson loses when it puts it back.) */
static void agrees(LimnSlice text, int r)
{
        json_error_t error;
        json_t *json = json_loadb(text.p, text.n, JSON_DECODE_ANY | JSON_ALLOW_NUL |
                                  JSON_DISABLE_EOF_CHECK, &error);
        size_t depth = 0, deepest = 0;
        for (size_t i = 0; i < text.n; i++) {
                depth += text.p[i] == '[' || text.p[i] == '{';
                deepest = depth > deepest ? depth : deepest;
        }
        if (json && deepest <= LIMN_JSON_DEPTH_MAX)
                PROMISE(r == 0);
        json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        LimnSlice text = {(const char *)data, size};
        if (size > LIMN_RECORD_PARSED_MAX)
                return 0;
        LimnArena *arena = limn_arena_new(LIMN_RECORD_ARENA_MAX), *other = limn_arena_new(1u << 26);
        LimnFields fields = {0};
        LimnJsonError error = {0};
        size_t used = 0, skipped = limn_json_skip(text);
        PROMISE(arena && other);
        /* No record that is parsed at all can use up a record's arena. */
        int r = limn_json_flatten(text, LIMN_S("prefix"), arena, &fields, &used, &error);
        PROMISE(r == 0 || r == 1);
        PROMISE(skipped <= size && fields.n <= LIMN_FIELDS_MAX);
        if (r == 0) {
                PROMISE(used > 0 && used <= size && fields.n > 0);
                char last = text.p[used - 1];
                if (last == '}' || last == ']' || last == '"')
                        PROMISE(skipped == used);
        } else {
                PROMISE(error.at <= size && error.what);
        }
        for (size_t i = 0; i < fields.n; i++) {
                LimnSlice name = fields.at[i].name, value = fields.at[i].value;
                PROMISE(name.p && name.n <= LIMN_JSON_PATH_MAX);
                fuzz_touch(name);
                fuzz_touch(value);
                if (i < 20 && value.p) {
                        limn_arena_reset(other);
                        round_trip(value, other);
                }
        }
        if (size && !memchr(data, 0, size))
                agrees(text, r);
        limn_arena_free(other);
        limn_arena_free(arena);
        return 0;
}
