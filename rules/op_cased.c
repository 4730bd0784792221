/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/op.h"

extern const LimnOp limn_op_fieldref;

static int compile(LimnItemBuild *build)
{
        if (build->item->op && build->item->op != &limn_op_fieldref)
                return limn_op_error(build, NULL, "a regex is case-sensitive without it",
                                     "is for texts only");
        build->item->cased = true;
        return 0;
}

const LimnOp limn_op_cased = {
        .name = "cased",
        .help = "upper and lower case differ",
        .compile = compile,
};
