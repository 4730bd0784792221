/* SPDX-License-Identifier: Apache-2.0 */
/* utf16le (= wide), utf16be, utf16 (little endian with its mark): the value's characters as two or
 * four bytes; wildcards stay. Usually base64 follows. */
#include <errno.h>

#include "rules/op.h"

enum { LITTLE, BIG, MARKED };

typedef struct Out {
        LimnToken *at;
        size_t n;
        bool big;
} Out;

static void put(Out *out, unsigned unit)
{
        out->at[out->n++] = (LimnToken)(out->big ? unit >> 8 : unit & 0xff);
        out->at[out->n++] = (LimnToken)(out->big ? unit & 0xff : unit >> 8);
}

/* The code point at `*i`, which is advanced; a byte that is no UTF-8 stands for itself. */
static unsigned long code_point(const LimnText *text, size_t *i)
{
        unsigned lead = text->at[(*i)++];
        size_t more = lead >= 0xf0 && lead < 0xf5 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc2 ? 1 : 0;
        if (lead >= 0xf5 || *i + more > text->n)
                return lead;
        unsigned long point = lead & (0x7fu >> (more ? more + 1 : 0));
        for (size_t k = 0; k < more; k++) {
                if ((text->at[*i + k] & ~0x3fu) != 0x80)
                        return lead;
                point = point << 6 | (text->at[*i + k] & 0x3fu);
        }
        *i += more;
        return point;
}

static int widen(LimnItemBuild *build, LimnOperand *operand, int form)
{
        const LimnText *text = &operand->text;
        if (operand->type == LIMN_OPERAND_NULL)
                return limn_op_error(build, operand, NULL, "null has no text");
        Out out = {limn_arena_new_of(build->arena, LimnToken, text->n * 2 + 3), 0, form == BIG};
        if (!out.at)
                return -ENOMEM;
        if (form == MARKED)
                put(&out, 0xfeff);
        for (size_t i = 0; i < text->n;) {
                if (text->at[i] > 255) {
                        out.at[out.n++] = text->at[i++];
                        continue;
                }
                unsigned long point = code_point(text, &i);
                if (point > 0xffff) {
                        point -= 0x10000;
                        put(&out, 0xd800 | (unsigned)(point >> 10));
                        put(&out, 0xdc00 | (unsigned)(point & 0x3ff));
                } else {
                        put(&out, (unsigned)point);
                }
        }
        operand->type = LIMN_OPERAND_TEXT;
        operand->text = (LimnText){out.at, out.n};
        return 0;
}

static int widen_little(LimnItemBuild *build, LimnOperand *operand)
{
        return widen(build, operand, LITTLE);
}

static int widen_big(LimnItemBuild *build, LimnOperand *operand)
{
        return widen(build, operand, BIG);
}

static int widen_marked(LimnItemBuild *build, LimnOperand *operand)
{
        return widen(build, operand, MARKED);
}

static int little(LimnItemBuild *build)
{
        return limn_op_each(build, widen_little);
}

static int big(LimnItemBuild *build)
{
        return limn_op_each(build, widen_big);
}

static int marked(LimnItemBuild *build)
{
        return limn_op_each(build, widen_marked);
}

#define WIDE(id, does, text) \
        const LimnOp limn_op_##id = {.name = #id, .help = text, .compile = does}

WIDE(utf16le, little, "the value in UTF-16, little endian");
WIDE(wide, little, "the same as utf16le");
WIDE(utf16be, big, "the value in UTF-16, big endian");
WIDE(utf16, marked, "the value in UTF-16, little endian, with its byte order mark");
