/* SPDX-License-Identifier: Apache-2.0 */
/*
 * re and its flags. Searched anywhere in the value, case-sensitive, by PCRE2 under the limits of
 * core/regex.h; reaching one leaves the answer unknown. With startswith or endswith the pattern
 * is tied to that end.
 */
#include <errno.h>

#include "core/limits.h"
#include "rules/op.h"

static int operand(LimnItemBuild *build, LimnOperand *op)
{
        const LimnItem *item = build->item;
        if (op->type == LIMN_OPERAND_NULL)
                return limn_op_error(build, op, NULL, "null is no pattern");
        LimnSlice pattern = op->raw;
        if (item->before != item->behind) {
                LimnBuf buf = LIMN_BUF(LIMN_RULE_FILE_MAX);
                limn_buf_add_str(&buf, item->behind ? "\\A(?:" : "(?:");
                limn_buf_add(&buf, pattern);
                limn_buf_add_str(&buf, item->behind ? ")" : ")\\z");
                LimnSlice joined = buf.error ? LIMN_NONE
                                             : limn_arena_dup(build->arena, limn_buf_slice(&buf));
                limn_buf_done(&buf);
                if (!joined.p)
                        return -ENOMEM;
                pattern = joined;
        }
        LimnDiag *inner = limn_diag_new();
        int r = limn_regex_new(&op->regex, pattern, item->regex_flags, inner);
        if (r == -EINVAL) {
                const LimnMessage *message = limn_diag_at(inner, 0);
                limn_op_error(build, op, NULL, "bad pattern: %s",
                              message && message->why    ? message->why
                              : message && message->what ? message->what
                                                         : "it does not compile");
        }
        limn_diag_free(inner);
        if (r < 0)
                return r;
        return limn_loading_own(build->rules, op->regex);
}

static LimnVerdict match(const LimnItem *item, const LimnOperand *op, LimnSlice value,
                         const LimnEvent *event, LimnRegexScratch *scratch)
{
        switch (limn_regex_match(op->regex, scratch, value)) {
        case LIMN_REGEX_YES:
                return LIMN_YES;
        case LIMN_REGEX_NO:
                return LIMN_NO;
        default:
                return LIMN_UNKNOWN;
        }
}

const LimnOp limn_op_re = {
        .name = "re",
        .help = "a regular expression (PCRE), found anywhere in the field; case-sensitive",
        .flags = LIMN_OP_FIRST,
        .compile = limn_op_compare,
        .operand = operand,
        .match = match,
};

static int flag(LimnItemBuild *build, unsigned bit)
{
        if (build->item->op != &limn_op_re)
                return limn_op_error(build, NULL, "write it behind re: Field|re|i",
                                     "is a flag of re");
        build->item->regex_flags |= bit;
        return 0;
}

static int nocase(LimnItemBuild *build)
{
        return flag(build, LIMN_REGEX_NOCASE);
}

static int multiline(LimnItemBuild *build)
{
        return flag(build, LIMN_REGEX_MULTILINE);
}

static int dotall(LimnItemBuild *build)
{
        return flag(build, LIMN_REGEX_DOTALL);
}

#define FLAG(id, does, text) \
        const LimnOp limn_op_##id = {.name = #id, .help = text, .compile = does}

FLAG(i, nocase, "of re: upper and lower case are the same");
FLAG(ignorecase, nocase, "the same as i");
FLAG(m, multiline, "of re: ^ and $ also match at line ends");
FLAG(multiline, multiline, "the same as m");
FLAG(s, dotall, "of re: . also matches a line feed");
FLAG(dotall, dotall, "the same as s");
