/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/literal.h"

#include <errno.h>

#include "core/ascii.h"
#include "core/limits.h"

extern const LimnOp limn_op_re;

bool limn_literal_char(char c)
{
        return limn_ascii_alnum(c) || c == ' ' || c == '_' || c == '.' || c == ':' || c == '-' ||
               (unsigned char)c >= 128;
}

/* Words that stand in so many lines that looking for them saves nothing. */
static bool common(LimnSlice s)
{
        static const char *const words[] = {"connection", "error", "failed", "false",   "info",
                                            "level",      "message", "mysqld", "note",  "true",
                                            "server",     "system",  "warning", "null", NULL};
        s = limn_slice_trim(s);
        for (size_t i = 0; words[i]; i++)
                if (limn_slice_eq(s, limn_slice_str(words[i])))
                        return true;
        for (size_t i = 0; i < s.n; i++)
                if (limn_ascii_alpha(s.p[i]) || s.p[i] == '_')
                        return false;
        return true; /* numbers and stamps */
}

static size_t worth(LimnSlice s)
{
        return common(s) ? 1 : s.n > 16 ? 16 : s.n;
}

static size_t least_worth(const LimnLiterals *set)
{
        size_t least = set->n ? SIZE_MAX : 0;
        for (size_t i = 0; i < set->n; i++)
                if (worth(set->at[i]) < least)
                        least = worth(set->at[i]);
        return least;
}

void limn_literals_better(LimnLiterals *a, const LimnLiterals *b)
{
        size_t x = least_worth(a), y = least_worth(b);
        if (y > x || (y == x && b->n && b->n < a->n))
                *a = *b;
}

static int by_text(const void *a, const void *b)
{
        return limn_slice_cmp(*(const LimnSlice *)a, *(const LimnSlice *)b);
}

int limn_literals_join(LimnLiterals *a, const LimnLiterals *b, LimnArena *arena)
{
        if (a->n == 0 || b->n == 0 || a->n + b->n > LIMN_LITERALS_PER_RULE_MAX) {
                *a = (LimnLiterals){0};
                return 0;
        }
        LimnLiterals sum = {limn_arena_new_of(arena, LimnSlice, a->n + b->n), 0};
        if (!sum.at)
                return -ENOMEM;
        size_t i = 0, j = 0;
        while (i < a->n || j < b->n) {
                int c = i == a->n ? 1 : j == b->n ? -1 : by_text(&a->at[i], &b->at[j]);
                sum.at[sum.n++] = c <= 0 ? a->at[i] : b->at[j];
                i += c <= 0;
                j += c >= 0;
        }
        *a = sum;
        return 0;
}

int limn_literals_one(LimnLiterals *ret, LimnSlice text, LimnArena *arena)
{
        *ret = (LimnLiterals){0};
        if (text.n < LIMN_LITERAL_MIN)
                return 0;
        LimnSlice *at = limn_arena_new_of(arena, LimnSlice, 1);
        LimnSlice copy = limn_arena_dup(arena, limn_slice_to(text, LIMN_LITERAL_MAX));
        if (!at || !copy.p)
                return -ENOMEM;
        for (size_t i = 0; i < copy.n; i++)
                ((char *)(uintptr_t)copy.p)[i] = limn_ascii_lower(copy.p[i]);
        *at = copy;
        *ret = (LimnLiterals){at, 1};
        return 0;
}

/* The best of the runs of usable characters between a text's wildcards. */
static int of_text(LimnLiterals *ret, const LimnText *text, LimnArena *arena)
{
        char *run = limn_arena_alloc(arena, text->n + 1);
        if (!run)
                return -ENOMEM;
        *ret = (LimnLiterals){0};
        size_t n = 0;
        for (size_t i = 0; i <= text->n; i++) {
                if (i < text->n && text->at[i] < 256 && limn_literal_char((char)text->at[i])) {
                        run[n++] = (char)text->at[i];
                        continue;
                }
                LimnLiterals one;
                int r = limn_literals_one(&one, limn_slice(run, n), arena);
                if (r < 0)
                        return r;
                limn_literals_better(ret, &one);
                n = 0;
        }
        return 0;
}

static int of_operand(LimnLiterals *ret, const LimnItem *item, const LimnOperand *operand,
                      LimnArena *arena)
{
        int r = 0;
        for (bool first = true; operand && r == 0; operand = operand->alternative) {
                LimnLiterals one = {0};
                if (item->op == &limn_op_re)
                        r = limn_literals_of_regex(&one, operand->raw, arena);
                else if (operand->type == LIMN_OPERAND_TEXT)
                        r = of_text(&one, &operand->text, arena);
                /* A number may be written 4.0, and true is no word of the log's own. */
                if (r == 0 && first)
                        *ret = one;
                else if (r == 0)
                        r = limn_literals_join(ret, &one, arena);
                first = false;
        }
        return r;
}

static int of_item(LimnLiterals *ret, const LimnItem *item, LimnArena *arena)
{
        *ret = (LimnLiterals){0};
        if (item->negate || item->part || (item->op != &limn_op_equals && item->op != &limn_op_re))
                return 0;
        if (item->field.name.p && !limn_field_raw(&item->field))
                return 0;
        for (size_t i = 0; i < item->n_operands; i++) {
                LimnLiterals one = {0};
                int r = of_operand(&one, item, item->operands[i], arena);
                if (r == 0 && i == 0)
                        *ret = one;
                else if (r == 0 && item->all)
                        limn_literals_better(ret, &one);
                else if (r == 0)
                        r = limn_literals_join(ret, &one, arena);
                if (r < 0)
                        return r;
        }
        return 0;
}

static int of_node(LimnLiterals *ret, const LimnNode *node, LimnArena *arena)
{
        *ret = (LimnLiterals){0};
        if (node->kind == LIMN_NODE_ITEM)
                return of_item(ret, node->item, arena);
        if (node->kind == LIMN_NODE_NOT)
                return 0;
        for (size_t i = 0; i < node->n; i++) {
                LimnLiterals one;
                int r = of_node(&one, node->child[i], arena);
                if (r == 0 && i == 0)
                        *ret = one;
                else if (r == 0 && node->kind == LIMN_NODE_AND)
                        limn_literals_better(ret, &one);
                else if (r == 0)
                        r = limn_literals_join(ret, &one, arena);
                if (r < 0)
                        return r;
        }
        return 0;
}

int limn_literals_of(LimnLiterals *ret, const LimnCondition *condition, LimnArena *arena)
{
        return of_node(ret, condition->root, arena);
}
