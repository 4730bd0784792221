/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rule_text.h"

#include "core/printable.h"

static void value(LimnBuf *out, const LimnItem *item, const LimnOperand *operand, size_t most)
{
        static const char *const shapes[] = {
                [LIMN_SHAPE_EQUALS] = "is",      [LIMN_SHAPE_STARTS] = "begins with",
                [LIMN_SHAPE_ENDS] = "ends with", [LIMN_SHAPE_CONTAINS] = "contains",
                [LIMN_SHAPE_WILD] = "matches",
        };
        if (operand->type == LIMN_OPERAND_NULL) {
                limn_buf_add_str(out, "is absent or null");
                return;
        }
        bool text = item->op == &limn_op_equals;
        limn_buf_add_str(out, text ? shapes[operand->pattern.shape] : item->op->name);
        LimnSlice is = text && operand->pattern.literal.p ? operand->pattern.literal : operand->raw;
        limn_buf_add_str(out, " \"");
        limn_printable(limn_slice_to(is, most), out);
        limn_buf_add_str(out, is.n > most ? "...\"" : "\"");
}

void limn_item_text(LimnBuf *out, const LimnItem *item, const LimnOperand *operand, size_t most)
{
        limn_printable(item->field.name.p ? item->field.name : LIMN_S("anything"), out);
        limn_buf_add_char(out, ' ');
        value(out, item, operand, most);
        limn_buf_add_str(out, item->cased ? " (cased)" : "");
}
