/* SPDX-License-Identifier: Apache-2.0 */
/* Negates the item as a whole: none of the values. An absent field meets it, as with `not`. */
#include "rules/op.h"

static int compile(LimnItemBuild *build)
{
        build->item->negate = true;
        return 0;
}

const LimnOp limn_op_neq = {
        .name = "neq",
        .help = "none of the values is met",
        .compile = compile,
};
