/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/op.h"

static int compile(LimnItemBuild *build)
{
        if (build->item->n_operands < 2)
                limn_yaml_warn(build->file, build->item->node, build->diag, NULL,
                               "all: there is only one value");
        build->item->all = true;
        return 0;
}

const LimnOp limn_op_all = {
        .name = "all",
        .help = "all values of the list must be met, instead of any",
        .compile = compile,
};
