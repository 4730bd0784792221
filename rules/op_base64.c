/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base64, base64offset. The second looks for the value inside something longer that was encoded:
 * it may begin at each of three positions within a group of three bytes, so the value becomes
 * three, each without the characters that its unknown neighbours decide.
 */
#include <errno.h>

#include "rules/op.h"

static LimnSlice encode(LimnArena *arena, LimnSlice s, size_t shift)
{
        static const char digits[] =
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        size_t total = s.n + shift, n = 0;
        char *out = limn_arena_alloc(arena, (total + 2) / 3 * 4 + 1);
        if (!out)
                return LIMN_NONE;
        for (size_t i = 0; i < total; i += 3) {
                unsigned long bits = 0;
                for (size_t k = i; k < i + 3; k++) {
                        unsigned char byte = k < shift    ? ' '
                                             : k < total ? (unsigned char)s.p[k - shift]
                                                         : 0;
                        bits = bits << 8 | byte;
                }
                out[n++] = digits[bits >> 18 & 63];
                out[n++] = digits[bits >> 12 & 63];
                out[n++] = i + 1 < total ? digits[bits >> 6 & 63] : '=';
                out[n++] = i + 2 < total ? digits[bits & 63] : '=';
        }
        return limn_slice(out, n);
}

static int plain(LimnItemBuild *build, LimnOperand *operand)
{
        LimnSlice bytes;
        int r = limn_op_bytes(build, operand, &bytes);
        if (r < 0)
                return r;
        LimnSlice encoded = encode(build->arena, bytes, 0);
        if (!encoded.p)
                return -ENOMEM;
        operand->type = LIMN_OPERAND_TEXT;
        return limn_text_literal(&operand->text, encoded, build->arena);
}

static int shifted(LimnItemBuild *build, LimnOperand *operand)
{
        static const size_t start[3] = {0, 2, 3};
        static const size_t cut[3] = {0, 3, 2};
        LimnSlice bytes;
        int r = limn_op_bytes(build, operand, &bytes);
        if (r < 0)
                return r;
        if (bytes.n == 0)
                return limn_op_error(build, operand, NULL, "needs a value");
        LimnOperand *rest = operand->alternative;
        LimnOperand *last = operand;
        for (size_t i = 0; i < 3; i++) {
                LimnSlice encoded = encode(build->arena, bytes, i);
                if (!encoded.p)
                        return -ENOMEM;
                size_t end = encoded.n - cut[(bytes.n + i) % 3];
                size_t from = start[i] < end ? start[i] : end;
                encoded = limn_slice(encoded.p + from, end - from);
                if (i == 0) {
                        operand->type = LIMN_OPERAND_TEXT;
                        r = limn_text_literal(&operand->text, encoded, build->arena);
                        if (r < 0)
                                return r;
                } else {
                        last->alternative = limn_op_variant(build, operand, encoded);
                        if (!last->alternative)
                                return -ENOMEM;
                        last = last->alternative;
                }
        }
        last->alternative = rest;
        return 0;
}

static int compile_plain(LimnItemBuild *build)
{
        return limn_op_each(build, plain);
}

static int compile_shifted(LimnItemBuild *build)
{
        return limn_op_each(build, shifted);
}

const LimnOp limn_op_base64 = {
        .name = "base64",
        .help = "the value is encoded first",
        .compile = compile_plain,
};

const LimnOp limn_op_base64offset = {
        .name = "base64offset",
        .help = "the value is encoded first, as it looks at each of three positions",
        .compile = compile_shifted,
};
