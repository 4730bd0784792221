/* SPDX-License-Identifier: Apache-2.0 */
/* fieldref: the value names another field of the same event; their texts are compared. Combines
 * with startswith, endswith, contains, cased and neq. An absent field equals nothing. */
#include "rules/op.h"

static int operand(LimnItemBuild *build, LimnOperand *op)
{
        if (op->type == LIMN_OPERAND_NULL || op->raw.n == 0)
                return limn_op_error(build, op, NULL, "needs a field's name");
        op->field = limn_field_ref(op->raw);
        return 0;
}

static bool meets(const LimnItem *item, LimnSlice value, LimnSlice other)
{
        LimnPattern pattern = {
                .shape = item->before && item->behind ? LIMN_SHAPE_CONTAINS
                         : item->before               ? LIMN_SHAPE_ENDS
                         : item->behind               ? LIMN_SHAPE_STARTS
                                                      : LIMN_SHAPE_EQUALS,
                .cased = item->cased,
                .literal = other,
        };
        return limn_pattern_match(&pattern, value);
}

static LimnVerdict match(const LimnItem *item, const LimnOperand *op, LimnSlice value,
                         const LimnEvent *event, LimnRegexScratch *scratch)
{
        LimnFieldWalk walk = LIMN_FIELD_WALK(&op->field, event);
        LimnSlice other;
        while (limn_field_next(&walk, &other))
                if (other.p && meets(item, value, other))
                        return LIMN_YES;
        return LIMN_NO;
}

const LimnOp limn_op_fieldref = {
        .name = "fieldref",
        .help = "the value is the name of another field, which must be equal",
        .flags = LIMN_OP_NO_KEYWORD,
        .compile = limn_op_compare,
        .operand = operand,
        .match = match,
};
