/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/op.h"

static int open(LimnItemBuild *build, LimnOperand *operand)
{
        if (operand->type == LIMN_OPERAND_NULL)
                return limn_op_error(build, operand, NULL, "null has no text");
        operand->type = LIMN_OPERAND_TEXT;
        return limn_text_open(&operand->text, false, true, build->arena);
}

static int compile(LimnItemBuild *build)
{
        build->item->before = false;
        build->item->behind = true;
        return limn_op_each(build, open);
}

const LimnOp limn_op_startswith = {
        .name = "startswith",
        .help = "the field begins with the value",
        .flags = LIMN_OP_NO_KEYWORD,
        .compile = compile,
};
