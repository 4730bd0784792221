/* SPDX-License-Identifier: Apache-2.0 */
/* windash: where an option begins (\B[-/]\b), any of - / and three longer dashes. A token of its
 * own, so that five dashes in a value are not 3,125 patterns. */
#include <errno.h>

#include "core/ascii.h"
#include "rules/op.h"

static bool word(LimnToken c)
{
        return c < 128 && (limn_ascii_alnum((char)c) || c == '_');
}

static int dashes(LimnItemBuild *build, LimnOperand *operand)
{
        LimnToken *at = limn_arena_new_of(build->arena, LimnToken, operand->text.n + 1);
        if (!at)
                return -ENOMEM;
        const LimnText *from = &operand->text;
        for (size_t i = 0; i < from->n; i++) {
                bool dash = from->at[i] == '-' || from->at[i] == '/';
                bool before = i > 0 && word(from->at[i - 1]);
                bool behind = i + 1 < from->n && word(from->at[i + 1]);
                at[i] = dash && !before && behind ? LIMN_TOKEN_DASH : from->at[i];
        }
        operand->text.at = at;
        return 0;
}

static int compile(LimnItemBuild *build)
{
        return limn_op_each(build, dashes);
}

const LimnOp limn_op_windash = {
        .name = "windash",
        .help = "a dash or slash that begins an option may be any of them",
        .compile = compile,
};
