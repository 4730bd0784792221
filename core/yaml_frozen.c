/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frozen trees: numbers in groups of seven bits, the low one first; texts with their length before
 * them and a NUL behind.
 *
 *      file:  nodes documents node...          the documents' nodes, each before its children
 *      node:  kind line column [key] rest      kind: type, PLAIN, KEYED
 *      key:   line column text
 *      rest:  text of a scalar; of a list or map how many children, then they
 */
#include <errno.h>
#include <stdint.h>

#include "core/limits.h"
#include "core/yaml.h"

enum { TYPE = 3, PLAIN = 4, KEYED = 8 };

static void put_number(LimnBuf *out, uint64_t n)
{
        for (; n >= 0x80; n >>= 7)
                limn_buf_add_char(out, (char)(n | 0x80));
        limn_buf_add_char(out, (char)n);
}

static void put_text(LimnBuf *out, LimnSlice text)
{
        put_number(out, text.n);
        limn_buf_add(out, text);
        limn_buf_add_char(out, '\0');
}

/* The depth is limited where trees are made. */
static void put_node(LimnBuf *out, const LimnYaml *node, size_t *n)
{
        ++*n;
        limn_buf_add_char(out, (char)(node->type | (node->plain ? PLAIN : 0) |
                                      (node->key.p ? KEYED : 0)));
        put_number(out, (uint64_t)node->line);
        put_number(out, (uint64_t)node->column);
        if (node->key.p) {
                put_number(out, (uint64_t)node->key_line);
                put_number(out, (uint64_t)node->key_column);
                put_text(out, node->key);
        }
        if (node->type == LIMN_YAML_SCALAR) {
                put_text(out, node->scalar);
                return;
        }
        put_number(out, node->n);
        for (const LimnYaml *child = node->child; child; child = child->next)
                put_node(out, child, n);
}

int limn_yaml_freeze(const LimnYamlFile *file, LimnBuf *out)
{
        LimnBuf nodes = LIMN_BUF(out->max);
        size_t n = 0;
        for (size_t i = 0; i < file->n; i++)
                put_node(&nodes, file->documents[i], &n);
        put_number(out, n);
        put_number(out, file->n);
        limn_buf_add(out, limn_buf_slice(&nodes));
        bool failed = nodes.error || out->error;
        limn_buf_done(&nodes);
        return failed ? -ENOMEM : 0;
}

typedef struct Thawing {
        LimnSlice rest;
        LimnYaml *nodes; /* room for `left` of them */
        size_t left;
} Thawing;

static bool number(Thawing *t, uint64_t *ret)
{
        uint64_t n = 0;
        for (unsigned shift = 0; t->rest.n > 0 && shift < 63; shift += 7) {
                unsigned char c = (unsigned char)t->rest.p[0];
                t->rest = limn_slice_from(t->rest, 1);
                n |= (uint64_t)(c & 0x7f) << shift;
                if (c < 0x80) {
                        *ret = n;
                        return true;
                }
        }
        return false;
}

static bool place(Thawing *t, int *line, int *column)
{
        uint64_t l, c;
        if (!number(t, &l) || !number(t, &c) || l > INT32_MAX || c > INT32_MAX)
                return false;
        *line = (int)l;
        *column = (int)c;
        return true;
}

static bool text(Thawing *t, LimnSlice *ret)
{
        uint64_t n;
        if (!number(t, &n) || n >= t->rest.n || t->rest.p[n] != '\0')
                return false;
        *ret = limn_slice_to(t->rest, (size_t)n);
        t->rest = limn_slice_from(t->rest, (size_t)n + 1);
        return true;
}

static LimnYaml *node(Thawing *t, unsigned depth)
{
        if (t->left == 0 || t->rest.n == 0 || depth > LIMN_YAML_DEPTH_MAX)
                return NULL;
        LimnYaml *made = t->nodes++;
        unsigned kind = (unsigned char)t->rest.p[0];
        t->left--;
        t->rest = limn_slice_from(t->rest, 1);
        made->type = (LimnYamlType)(kind & TYPE);
        made->plain = kind & PLAIN;
        if (made->type > LIMN_YAML_MAP || !place(t, &made->line, &made->column))
                return NULL;
        if (kind & KEYED &&
            (!place(t, &made->key_line, &made->key_column) || !text(t, &made->key)))
                return NULL;
        if (made->type == LIMN_YAML_SCALAR)
                return text(t, &made->scalar) ? made : NULL;
        uint64_t n;
        LimnYaml **tail = &made->child;
        if (!number(t, &n))
                return NULL;
        for (; made->n < n; made->n++, tail = &(*tail)->next)
                if (!(*tail = node(t, depth + 1)))
                        return NULL;
        return made;
}

int limn_yaml_thaw(LimnYamlFile *ret, const char *path, LimnSlice whole, LimnSlice frozen,
                   LimnArena *arena)
{
        Thawing t = {.rest = frozen};
        uint64_t nodes, documents;
        if (!number(&t, &nodes) || !number(&t, &documents) || nodes > frozen.n ||
            documents > nodes)
                return -EINVAL;
        LimnYamlFile file = {.text = whole, .n = (size_t)documents,
                             .path = limn_arena_str(arena, limn_slice_str(path)),
                             .documents = limn_arena_new_of(arena, LimnYaml *, documents + 1)};
        t.nodes = limn_arena_new_of(arena, LimnYaml, nodes + 1);
        t.left = (size_t)nodes;
        if (!file.path || !file.documents || !t.nodes)
                return -ENOMEM;
        for (size_t i = 0; i < file.n; i++)
                if (!(file.documents[i] = node(&t, 0)))
                        return -EINVAL;
        if (t.left > 0 || t.rest.n > 0)
                return -EINVAL;
        *ret = file;
        return 0;
}
