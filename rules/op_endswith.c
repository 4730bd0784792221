/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/op.h"

static int open(LimnItemBuild *build, LimnOperand *operand)
{
        if (operand->type == LIMN_OPERAND_NULL)
                return limn_op_error(build, operand, NULL, "null has no text");
        operand->type = LIMN_OPERAND_TEXT;
        return limn_text_open(&operand->text, true, false, build->arena);
}

static int compile(LimnItemBuild *build)
{
        build->item->before = true;
        build->item->behind = false;
        return limn_op_each(build, open);
}

const LimnOp limn_op_endswith = {
        .name = "endswith",
        .help = "the field ends with the value",
        .flags = LIMN_OP_NO_KEYWORD,
        .compile = compile,
};
