/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules_check.h"
#include "rules/condition.h"

extern const LimnOp limn_op_re;

/* Nothing but a star: the field is there, and that is all. */
static bool meets_all(const LimnOperand *operand)
{
        return operand->type == LIMN_OPERAND_TEXT && operand->text.n == 1 &&
               operand->text.at[0] == LIMN_TOKEN_STAR;
}

static bool literal(const LimnOperand *operand)
{
        return operand->type == LIMN_OPERAND_TEXT && operand->pattern.shape != LIMN_SHAPE_WILD &&
               !operand->alternative;
}

/* Is b met by whatever meets a? */
static bool implies(const LimnOperand *a, const LimnOperand *b)
{
        enum LimnShape x = a->pattern.shape, y = b->pattern.shape;
        bool open_before = x == LIMN_SHAPE_ENDS || x == LIMN_SHAPE_CONTAINS;
        bool open_behind = x == LIMN_SHAPE_STARTS || x == LIMN_SHAPE_CONTAINS;

        /* What stands around a's text is not known, so b may not look at it. */
        if (open_before && (y == LIMN_SHAPE_EQUALS || y == LIMN_SHAPE_STARTS))
                return false;
        if (open_behind && (y == LIMN_SHAPE_EQUALS || y == LIMN_SHAPE_ENDS))
                return false;
        return limn_pattern_match(&b->pattern, a->pattern.literal);
}

/* In a list of which any will do, a says nothing beside b; where all are needed, b beside a. */
static void check_list(LimnCheck *c, const LimnItem *item)
{
        for (size_t i = 0; i < item->n_operands; i++) {
                for (size_t k = 0; k < item->n_operands; k++) {
                        const LimnOperand *a = item->operands[i], *b = item->operands[k];

                        if (i == k || !literal(a) || !literal(b) || !implies(a, b) ||
                            (k > i && implies(b, a)))
                                continue;
                        LIMN_REMARK(c, item->all ? b->node : a->node, NULL,
                                    "%.*s: \"%.*s\" adds nothing beside \"%.*s\"",
                                    LIMN_FMT(c->rule->name),
                                    LIMN_FMT(item->all ? b->raw : a->raw),
                                    LIMN_FMT(item->all ? a->raw : b->raw));
                        break;
                }
        }
}

static void check_item(LimnCheck *c, const LimnItem *item)
{
        for (size_t i = 0; i < item->n_operands; i++) {
                const LimnOperand *operand = item->operands[i];

                if (item->op == &limn_op_equals && meets_all(operand))
                        LIMN_REMARK(c, operand->node,
                                    item->field.name.p ? "write NAME|exists: true" : NULL,
                                    "%.*s: every value meets \"%.*s\"", LIMN_FMT(c->rule->name),
                                    LIMN_FMT(operand->raw));
                if (item->op == &limn_op_re && !item->before && !item->behind &&
                    (limn_slice_starts(operand->raw, LIMN_S(".*")) ||
                     limn_slice_ends(operand->raw, LIMN_S(".*"))))
                        LIMN_REMARK(c, operand->node, "leave it out",
                                    "%.*s: a regex is looked for anywhere: .* at its edge costs "
                                    "time and changes nothing",
                                    LIMN_FMT(c->rule->name));
        }
        if (item->op == &limn_op_equals && !item->part)
                check_list(c, item);
}

static void check_node(LimnCheck *c, const LimnNode *node)
{
        if (node->kind == LIMN_NODE_ITEM)
                check_item(c, node->item);
        for (size_t i = 0; i < node->n; i++)
                check_node(c, node->child[i]);
}

void limn_check_values(LimnCheck *c)
{
        for (size_t i = 0; i < c->rule->condition->n_searches; i++)
                check_node(c, c->rule->condition->searches[i].root);
}
