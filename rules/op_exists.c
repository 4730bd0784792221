/* SPDX-License-Identifier: Apache-2.0 */
/* Presence only: an empty value and null are present. Decided in rules/item.c, which alone sees
 * that there is no value. */
#include "rules/op.h"

/* A quoted truth value, and those of YAML 1.1, are meant as such: there is nothing else to say. */
static bool truth(LimnOperand *op)
{
        static const char *const words[] = {"false", "true", "no", "yes", "off", "on"};
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
                if (!limn_slice_eq_nocase(op->raw, limn_slice_str(words[i])))
                        continue;
                op->type = LIMN_OPERAND_BOOL;
                op->flag = i % 2 == 1;
                return true;
        }
        return false;
}

static int operand(LimnItemBuild *build, LimnOperand *op)
{
        if (op->type != LIMN_OPERAND_NULL && truth(op))
                return 0;
        if (op->type != LIMN_OPERAND_BOOL)
                return limn_op_error(build, op, "write true or false", "needs a truth value");
        return 0;
}

static int compile(LimnItemBuild *build)
{
        if (build->item->n_operands != 1)
                return limn_op_error(build, NULL, NULL, "takes one value");
        return limn_op_compare(build);
}

const LimnOp limn_op_exists = {
        .name = "exists",
        .help = "true: the event has the field, even if empty; false: it has not",
        .flags = LIMN_OP_ALONE | LIMN_OP_NO_KEYWORD,
        .compile = compile,
        .operand = operand,
};
