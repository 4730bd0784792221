/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The comparison without a modifier's name: the whole value, case folded, wildcards honoured.
 * A number in the rule meets the same number however it is written (4, 4.0, 4e0), and its text.
 */
#include "rules/op.h"
#include "rules/part.h"

static int operand(LimnItemBuild *build, LimnOperand *op)
{
        return limn_pattern_compile(&op->pattern, &op->text, build->item->cased, build->arena);
}

static LimnVerdict match(const LimnItem *item, const LimnOperand *op, LimnSlice value,
                         const LimnEvent *event, LimnRegexScratch *scratch)
{
        LimnNumber number;
        if (item->part)
                return limn_part(value, item->part, &number) &&
                                       limn_number_cmp(&number, &op->number) == 0
                               ? LIMN_YES
                               : LIMN_NO;
        if (limn_pattern_match(&op->pattern, value))
                return LIMN_YES;
        return op->type == LIMN_OPERAND_NUMBER && limn_number(value, &number) &&
                               limn_number_cmp(&number, &op->number) == 0
                       ? LIMN_YES
                       : LIMN_NO;
}

const LimnOp limn_op_equals = {
        .name = "equals",
        .help = "the whole value, whatever its case; * and ? are wildcards",
        .operand = operand,
        .match = match,
};
