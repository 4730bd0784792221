/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/excerpt_check.h"

#include <errno.h>
#include <inttypes.h>

#include "core/json.h"
#include "core/limits.h"
#include "core/merkle.h"
#include "reports/excerpt_text.h"

typedef struct Check {
        LimnBuf hold, leaf;
        uint64_t n, size; /* records and bytes of the source */
        unsigned char root[LIMN_SHA256_BYTES];
        int64_t index, end; /* of the record before */
        LimnBuf *why;
} Check;

static LimnSlice text_of(const json_t *object, const char *key)
{
        const json_t *s = json_object_get(object, key);
        return json_is_string(s) ? limn_slice(json_string_value(s), json_string_length(s))
                                 : LIMN_NONE;
}

static int64_t int_of(const json_t *object, const char *key)
{
        const json_t *i = json_object_get(object, key);
        return json_is_integer(i) ? json_integer_value(i) : -1;
}

static int bad(Check *c, int64_t index, const char *what)
{
        limn_buf_printf(c->why, "its record %" PRId64 " %s", index, what);
        return LIMN_EXCERPT_BAD;
}

/* The hash of its leaf: of what is shown, or as it is given. */
static int leaf_of(Check *c, const json_t *r, int64_t index, unsigned char ret[LIMN_SHA256_BYTES])
{
        unsigned char salt[LIMN_SHA256_BYTES];
        LimnSlice bytes = limn_excerpt_bytes(r, &c->hold);
        bool given = limn_unhex(text_of(r, "leaf"), ret, LIMN_SHA256_BYTES);
        bool salted = limn_unhex(text_of(r, "salt"), salt, sizeof salt);
        if (!bytes.p || given == salted)
                return bad(c, index, "is not written as limn writes one");
        if (given)
                return 0;
        if ((int64_t)bytes.n != int_of(r, "length"))
                return bad(c, index, "does not have the length that it states");
        if (json_is_true(json_object_get(r, "masked")) || json_is_true(json_object_get(r, "cut")))
                return bad(c, index, "is not written as limn writes one");
        limn_buf_clear(&c->leaf);
        limn_buf_add(&c->leaf, limn_slice((const char *)salt, sizeof salt));
        int e = limn_buf_add(&c->leaf, bytes);
        return e < 0 ? -ENOMEM : limn_merkle_leaf(limn_buf_slice(&c->leaf), ret);
}

static int record(Check *c, const json_t *r, size_t place)
{
        unsigned char leaf[LIMN_SHA256_BYTES], path[LIMN_MERKLE_PATH_MAX * LIMN_SHA256_BYTES];
        const json_t *steps = json_object_get(r, "path"), *step;
        int64_t index = int_of(r, "record"), offset = int_of(r, "offset");
        int64_t length = int_of(r, "length");
        if (index < 0 || length < 0 || offset < 0 || int_of(r, "line") < 0 ||
            !json_is_array(steps) || json_array_size(steps) > LIMN_MERKLE_PATH_MAX)
                return bad(c, (int64_t)place, "in the file is not written as limn writes one");
        /* A neighbour begins where this one ends. */
        if (index <= c->index || offset < c->end || (index == c->index + 1 && offset != c->end) ||
            (uint64_t)offset > c->size || (uint64_t)length > c->size - (uint64_t)offset)
                return bad(c, index, "does not lie where it is said to");
        c->index = index;
        c->end = offset + length;
        int e = leaf_of(c, r, index, leaf);
        if (e)
                return e;
        size_t i;
        json_array_foreach(steps, i, step)
                if (!json_is_string(step) ||
                    !limn_unhex(limn_slice(json_string_value(step), json_string_length(step)),
                                path + i * LIMN_SHA256_BYTES, LIMN_SHA256_BYTES))
                        return bad(c, index, "has a proof that is none");
        e = limn_merkle_check((uint64_t)index, c->n, leaf, path, json_array_size(steps), c->root);
        return e == 0 ? bad(c, index, "is not in the source: its proof does not lead to the root")
                      : e < 0 ? e : 0;
}

static int keep(LimnArena *arena, LimnSlice text, LimnSlice *ret)
{
        *ret = limn_arena_dup(arena, text);
        return ret->p ? 0 : -ENOMEM;
}

static int check(Check *c, const json_t *root, LimnArena *arena, LimnExcerptChecked *ret)
{
        const json_t *source = json_object_get(root, "source"), *r;
        const json_t *tree = json_object_get(root, "tree");
        LimnSlice path = text_of(source, "path"), sha256 = text_of(source, "sha256");
        LimnSlice hex = text_of(tree, "root");
        ret->bytes = int_of(source, "bytes");
        ret->records = int_of(tree, "records");
        LimnBuf text = LIMN_BUF(LIMN_OUTPUT_MAX);
        int e = limn_excerpt_text(root, &text);
        if (e == 0)
                e = limn_sha256_of(limn_buf_slice(&text), ret->text_sha256);
        limn_buf_done(&text);
        if (e == -ENOMEM)
                return e;
        if (e < 0 || !path.p || !sha256.p || ret->bytes < 0 || ret->records < 0 ||
            !limn_unhex(hex, c->root, sizeof c->root)) {
                limn_buf_add_str(c->why, "it is no " LIMN_EXCERPT_SCHEMA);
                return LIMN_EXCERPT_BAD;
        }
        c->n = (uint64_t)ret->records;
        c->size = (uint64_t)ret->bytes;
        size_t i;
        json_array_foreach(json_object_get(root, "records"), i, r)
        {
                e = record(c, r, i);
                if (e)
                        return e;
                ret->proved++;
        }
        e = keep(arena, path, &ret->path);
        if (e == 0)
                e = keep(arena, sha256, &ret->sha256);
        return e == 0 ? keep(arena, hex, &ret->root) : e;
}

int limn_excerpt_check(LimnSlice document, LimnArena *arena, LimnExcerptChecked *ret, LimnBuf *why)
{
        json_t *root = NULL;
        *ret = (LimnExcerptChecked){0};
        int r = limn_json_load_nul(&root, document, "an excerpt", NULL);
        if (r == -EINVAL) {
                limn_buf_add_str(why, "it is no JSON");
                return LIMN_EXCERPT_BAD;
        }
        if (r < 0)
                return r;
        Check c = {.hold = LIMN_BUF(LIMN_EXCERPT_MAX),
                   .leaf = LIMN_BUF(LIMN_EXCERPT_MAX),
                   .index = -1,
                   .why = why};
        r = check(&c, root, arena, ret);
        limn_buf_done(&c.hold);
        limn_buf_done(&c.leaf);
        json_decref(root);
        return r;
}
