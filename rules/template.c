/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "core/ascii.h"
#include "rules/kinds.h"

static bool name_char(char c)
{
        return limn_ascii_alnum(c) || c == '_' || c == '.' || c == '-';
}

/* {{ and }} are braces. */
static int compile(LimnTemplate *ret, LimnSlice text, LimnArena *arena, bool write, size_t *parts)
{
        size_t i = 0, n = 0;
        char *out = write ? limn_arena_alloc(arena, text.n + 1) : NULL;
        size_t used = 0;
        if (write && !out)
                return -ENOMEM;
        while (i < text.n) {
                size_t from = used;
                while (i < text.n) {
                        char c = text.p[i];
                        bool twice = i + 1 < text.n && text.p[i + 1] == c;
                        if (c == '{' && !twice)
                                break;
                        i += (c == '{' || c == '}') && twice ? 2 : 1;
                        if (out)
                                out[used] = c;
                        used++;
                }
                LimnSlice name = LIMN_NONE;
                if (i < text.n) {
                        size_t begin = ++i;
                        while (i < text.n && name_char(text.p[i]))
                                i++;
                        if (i == begin || i == text.n || text.p[i] != '}')
                                return -EINVAL;
                        name = limn_slice(text.p + begin, i - begin);
                        i++;
                }
                if (write)
                        ret->parts[n] = (struct LimnTemplatePart){
                                .literal = limn_slice(out + from, used - from), .name = name};
                n++;
        }
        *parts = n;
        return 0;
}

int limn_template_compile(LimnTemplate *ret, LimnSlice text, LimnArena *arena)
{
        size_t n = 0;
        int r = compile(NULL, text, arena, false, &n);
        if (r < 0)
                return r;
        LimnTemplate t = {.parts = limn_arena_new_of(arena, struct LimnTemplatePart, n + 1),
                          .n = n};
        if (!t.parts)
                return -ENOMEM;
        r = compile(&t, text, arena, true, &n);
        if (r == 0)
                *ret = t;
        return r;
}

int limn_template_load(LimnTemplate *ret, const LimnYamlFile *file, const LimnYaml *node,
                       LimnArena *arena, LimnDiag *diag)
{
        if (node->type != LIMN_YAML_SCALAR || limn_yaml_is_null(node))
                return limn_yaml_error(file, node, diag, NULL, "needs a text");
        int r = limn_template_compile(ret, node->scalar, arena);
        if (r == -EINVAL)
                return limn_yaml_error(file, node, diag,
                                       "{name} is a field of the hit; write {{ for a brace",
                                       "a brace without a name");
        return r;
}

static LimnSlice value_of(const LimnField *fields, size_t n, LimnSlice name)
{
        for (size_t i = 0; i < n; i++)
                if (limn_slice_eq(fields[i].name, name))
                        return fields[i].value;
        return LIMN_NONE;
}

bool limn_template_expand(const LimnTemplate *t, const LimnField *fields, size_t n, LimnBuf *out)
{
        for (size_t i = 0; i < t->n; i++)
                if (t->parts[i].name.p && !value_of(fields, n, t->parts[i].name).p)
                        return false;
        for (size_t i = 0; i < t->n; i++) {
                limn_buf_add(out, t->parts[i].literal);
                if (t->parts[i].name.p)
                        limn_buf_add(out, value_of(fields, n, t->parts[i].name));
        }
        return true;
}
