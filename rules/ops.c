/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/op.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#define OP(name) extern const LimnOp limn_op_##name;
#include "rules/ops.list"
#undef OP

#define OP(name) &limn_op_##name,
const LimnOp *const limn_ops[] = {
#include "rules/ops.list"
        NULL,
};
#undef OP

const LimnOp *limn_op_find(LimnSlice name)
{
        for (size_t i = 0; limn_ops[i]; i++)
                if (limn_slice_eq(name, limn_slice_str(limn_ops[i]->name)))
                        return limn_ops[i];
        return NULL;
}

int limn_op_error(LimnItemBuild *build, const LimnOperand *operand, const char *help,
                  const char *what, ...)
{
        char text[256];
        va_list args;
        va_start(args, what);
        vsnprintf(text, sizeof text, what, args);
        va_end(args);
        const LimnYaml *node = operand ? operand->node : build->item->node;
        return limn_yaml_error(build->file, node, build->diag, help, "%s: %s", build->self->name,
                               text);
}

int limn_op_compare(LimnItemBuild *build)
{
        if (build->item->op)
                return limn_op_error(build, NULL, NULL, "cannot be combined with %s",
                                     build->item->op->name);
        build->item->op = build->self;
        return 0;
}

int limn_op_each(LimnItemBuild *build, int (*change)(LimnItemBuild *build, LimnOperand *operand))
{
        for (size_t i = 0; i < build->item->n_operands; i++) {
                LimnOperand *operand = build->item->operands[i], *next;
                for (; operand; operand = next) {
                        next = operand->alternative; /* `change` may add some behind it */
                        int r = change(build, operand);
                        if (r)
                                return r;
                }
        }
        return 0;
}

int limn_op_bytes(LimnItemBuild *build, LimnOperand *operand, LimnSlice *ret)
{
        if (operand->type == LIMN_OPERAND_NULL)
                return limn_op_error(build, operand, NULL, "null has no text");
        if (limn_text_wild(&operand->text))
                return limn_op_error(build, operand, "write \\* for a star that is meant as such",
                                     "wildcards cannot be encoded");
        *ret = limn_text_bytes(&operand->text, build->arena);
        return ret->p ? 0 : -ENOMEM;
}

LimnOperand *limn_op_variant(LimnItemBuild *build, const LimnOperand *operand, LimnSlice bytes)
{
        LimnOperand *variant = limn_arena_new_of(build->arena, LimnOperand, 1);
        if (!variant)
                return NULL;
        *variant = *operand;
        variant->type = LIMN_OPERAND_TEXT;
        return limn_text_literal(&variant->text, bytes, build->arena) < 0 ? NULL : variant;
}
