/* SPDX-License-Identifier: Apache-2.0 */
/* lt, lte, gt, gte: the field as a number. A value that is no number meets none of them. */
#include "rules/op.h"
#include "rules/part.h"

static int operand(LimnItemBuild *build, LimnOperand *op)
{
        if (op->type != LIMN_OPERAND_NUMBER && !limn_number(op->raw, &op->number))
                return limn_op_error(build, op, NULL, "needs a number");
        return 0;
}

static bool number_of(const LimnItem *item, LimnSlice value, LimnNumber *ret)
{
        return item->part ? limn_part(value, item->part, ret) : limn_number(value, ret);
}

#define COMPARE(id, sign, text)                                                               \
        static LimnVerdict match_##id(const LimnItem *item, const LimnOperand *op,            \
                                      LimnSlice value, const LimnEvent *event,                \
                                      LimnRegexScratch *scratch)                              \
        {                                                                                     \
                LimnNumber number;                                                            \
                return number_of(item, value, &number) &&                                     \
                                       limn_number_cmp(&number, &op->number) sign 0           \
                               ? LIMN_YES                                                     \
                               : LIMN_NO;                                                     \
        }                                                                                     \
        const LimnOp limn_op_##id = {                                                         \
                .name = #id,                                                                  \
                .help = text,                                                                 \
                .flags = LIMN_OP_NO_KEYWORD,                                                  \
                .compile = limn_op_compare,                                                   \
                .operand = operand,                                                           \
                .match = match_##id,                                                          \
        };

COMPARE(lt, <, "the field is a number below the value")
COMPARE(lte, <=, "the field is a number, at most the value")
COMPARE(gt, >, "the field is a number above the value")
COMPARE(gte, >=, "the field is a number, at least the value")
