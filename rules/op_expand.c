/* SPDX-License-Identifier: Apache-2.0 */
/* expand: %name% placeholders. limn has nothing to put there, so a rule that has one is refused;
 * \% is a percent sign. */
#include <errno.h>

#include "core/ascii.h"
#include "rules/op.h"

static bool named(LimnToken c)
{
        return c < 128 && (limn_ascii_alnum((char)c) || c == '_' || c == '-' || c == '.');
}

static int unescape(LimnItemBuild *build, LimnOperand *operand)
{
        LimnToken *at = limn_arena_new_of(build->arena, LimnToken, operand->text.n + 1);
        if (!at)
                return -ENOMEM;
        const LimnText *from = &operand->text;
        size_t n = 0;
        for (size_t i = 0; i < from->n; i++) {
                if (from->at[i] == '\\' && i + 1 < from->n && from->at[i + 1] == '%') {
                        i++;
                } else if (from->at[i] == '%') {
                        size_t end = i + 1;
                        while (end < from->n && named(from->at[end]))
                                end++;
                        if (end > i + 1 && end < from->n && from->at[end] == '%')
                                return limn_op_error(build, operand,
                                                     "write the values into the rule",
                                                     "limn has no values for placeholders");
                }
                at[n++] = from->at[i];
        }
        operand->text = (LimnText){at, n};
        return 0;
}

static int compile(LimnItemBuild *build)
{
        return limn_op_each(build, unescape);
}

const LimnOp limn_op_expand = {
        .name = "expand",
        .help = "placeholders: refused, there is nothing to expand them with",
        .compile = compile,
};
