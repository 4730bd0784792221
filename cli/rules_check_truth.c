/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions that can never hold, or always do.
 *
 * Each different item is taken for true and for false in all combinations, but for those that no
 * event can be in: a field that is absent meets no value and is null; one of limn's own fields has
 * one value and not another as well (an event's may be a list). Regexes are taken for independent:
 * what this calls impossible is, and it may miss some.
 */
#include "cli/rules_check.h"
#include "rules/condition.h"

/* 2^14 combinations of one rule are some milliseconds; no rule of the pack has as many items. */
enum { ATOMS_MAX = 14 };

extern const LimnOp limn_op_exists;

typedef struct Atoms {
        const LimnItem *at[ATOMS_MAX];
        size_t n;
        bool many;
} Atoms;

static bool same_operand(const LimnOperand *a, const LimnOperand *b)
{
        if (a->type != b->type || a->text.n != b->text.n || !limn_slice_eq(a->raw, b->raw))
                return false;
        return a->text.n == 0 ||
               memcmp(a->text.at, b->text.at, a->text.n * sizeof *a->text.at) == 0;
}

/* But for neq. */
static bool same_item(const LimnItem *a, const LimnItem *b)
{
        if (!limn_slice_eq(a->field.name, b->field.name) || a->op != b->op || a->all != b->all ||
            a->cased != b->cased || a->before != b->before || a->behind != b->behind ||
            a->regex_flags != b->regex_flags || a->part != b->part ||
            a->n_operands != b->n_operands)
                return false;
        for (size_t i = 0; i < a->n_operands; i++)
                if (!same_operand(a->operands[i], b->operands[i]))
                        return false;
        return true;
}

static size_t number_of(const Atoms *atoms, const LimnItem *item)
{
        size_t i = 0;

        while (i < atoms->n && !same_item(atoms->at[i], item))
                i++;
        return i;
}

static void collect(Atoms *atoms, const LimnNode *node)
{
        if (node->kind == LIMN_NODE_ITEM && number_of(atoms, node->item) == atoms->n) {
                if (atoms->n == ATOMS_MAX)
                        atoms->many = true;
                else
                        atoms->at[atoms->n++] = node->item;
        }
        for (size_t i = 0; i < node->n && !atoms->many; i++)
                collect(atoms, node->child[i]);
}

static bool holds(const Atoms *atoms, const LimnNode *node, unsigned truth)
{
        if (node->kind == LIMN_NODE_ITEM)
                return (truth >> number_of(atoms, node->item) & 1) != node->item->negate;
        if (node->kind == LIMN_NODE_NOT)
                return !holds(atoms, node->child[0], truth);
        for (size_t i = 0; i < node->n; i++)
                if (holds(atoms, node->child[i], truth) == (node->kind == LIMN_NODE_OR))
                        return node->kind == LIMN_NODE_OR;
        return node->kind == LIMN_NODE_AND;
}

/* What an item says of its field: that it is absent, there, absent or null, or has a value. */
typedef enum Says { ABSENT, PRESENT, NONE, VALUE } Says;

static Says says(const LimnItem *item, bool met)
{
        if (item->op == &limn_op_exists)
                return item->operands[0]->flag == met ? PRESENT : ABSENT;
        if (item->n_operands == 1 && item->operands[0]->type == LIMN_OPERAND_NULL)
                return met ? NONE : PRESENT;
        return VALUE;
}

/* Two texts that one value cannot both be. */
static bool exclude(const LimnItem *a, const LimnItem *b)
{
        const LimnOperand *x = a->operands[0], *y = b->operands[0];

        /* `said` is several values. */
        if (a->field.own < 0 || limn_slice_eq(a->field.name, LIMN_S("said")))
                return false;
        if (a->op != &limn_op_equals || b->op != &limn_op_equals || a->part || b->part ||
            a->n_operands != 1 || b->n_operands != 1)
                return false;
        if (x->type != LIMN_OPERAND_TEXT || y->type != LIMN_OPERAND_TEXT || x->alternative ||
            y->alternative)
                return false;
        return (x->pattern.shape == LIMN_SHAPE_EQUALS &&
                !limn_pattern_match(&y->pattern, x->pattern.literal)) ||
               (y->pattern.shape == LIMN_SHAPE_EQUALS &&
                !limn_pattern_match(&x->pattern, y->pattern.literal));
}

static bool can_be(const Atoms *atoms, unsigned truth)
{
        for (size_t i = 0; i < atoms->n; i++) {
                bool x = truth >> i & 1;

                for (size_t k = 0; k < atoms->n; k++) {
                        const LimnItem *a = atoms->at[i], *b = atoms->at[k];
                        bool y = truth >> k & 1;
                        Says about_a, about_b;

                        if (i == k || !a->field.name.p ||
                            !limn_slice_eq(a->field.name, b->field.name))
                                continue;
                        about_a = says(a, x);
                        about_b = says(b, y);
                        if (about_a == ABSENT && (about_b == PRESENT || (about_b == VALUE && y)))
                                return false;
                        if (about_a == VALUE && about_b == VALUE && x && y && exclude(a, b))
                                return false;
                }
        }
        return true;
}

void limn_check_truth(LimnCheck *c)
{
        const LimnNode *root = c->rule->condition->root;
        Atoms atoms = {.n = 0};
        bool ever = false, always = true;

        collect(&atoms, root);
        if (atoms.many)
                return;
        for (unsigned truth = 0; truth < 1u << atoms.n && (always || !ever); truth++) {
                bool met;

                if (!can_be(&atoms, truth))
                        continue;
                met = holds(&atoms, root, truth);
                ever |= met;
                always &= met;
        }
        if (!ever)
                LIMN_REMARK(c, limn_yaml_get(c->rule->document, "detection"), NULL,
                            "%.*s: the condition can never hold", LIMN_FMT(c->rule->name));
        else if (always)
                LIMN_REMARK(c, limn_yaml_get(c->rule->document, "detection"), NULL,
                            "%.*s: the condition always holds", LIMN_FMT(c->rule->name));
}
