/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/redact_needs.h"

#include <errno.h>

#include "core/ascii.h"

static void mark(LimnNeeds *needs, unsigned char first, unsigned char second)
{
        unsigned pair = (unsigned)first << 8 | second;
        needs->pairs[pair / 8] |= (unsigned char)(1u << pair % 8);
}

/* Every byte that folds to the piece's own. */
static void mark_all(LimnNeeds *needs, LimnSlice piece)
{
        for (unsigned a = 0; a < 256; a++) {
                if (limn_ascii_lower((char)a) != piece.p[0])
                        continue;
                for (unsigned b = 0; b < 256; b++)
                        if (piece.n == 1 || limn_ascii_lower((char)b) == piece.p[1])
                                mark(needs, (unsigned char)a, (unsigned char)b);
        }
}

static int add_piece(LimnNeeds *needs, unsigned row, LimnSlice piece)
{
        if (piece.n == 0 || needs->n == LIMN_NEEDS_MAX || row >= LIMN_NEEDS_ROWS)
                return -E2BIG;
        unsigned char *head = &needs->heads[(unsigned char)piece.p[0]];
        needs->at[needs->n++] = (LimnNeed){piece, UINT64_C(1) << row, *head};
        *head = (unsigned char)needs->n;
        mark_all(needs, piece);
        return 0;
}

int limn_needs_add(LimnNeeds *needs, unsigned row, LimnSlice pieces)
{
        int r = 0;
        do {
                size_t end = limn_slice_chr(pieces, '|');
                r = add_piece(needs, row, limn_slice_to(pieces, end));
                pieces = limn_slice_from(pieces, end + 1);
        } while (r == 0 && pieces.n);
        return r;
}

uint64_t limn_needs_find(const LimnNeeds *needs, LimnSlice text)
{
        uint64_t rows = 0;
        for (size_t i = 0; i < text.n; i++) {
                unsigned char first = (unsigned char)text.p[i];
                unsigned char second = i + 1 < text.n ? (unsigned char)text.p[i + 1] : 0;
                unsigned pair = (unsigned)first << 8 | second;
                if (!(needs->pairs[pair / 8] >> pair % 8 & 1))
                        continue;
                unsigned char k = needs->heads[(unsigned char)limn_ascii_lower((char)first)];
                for (; k; k = needs->at[k - 1].next) {
                        const LimnNeed *need = &needs->at[k - 1];
                        if ((rows & need->rows) == 0 && text.n - i >= need->piece.n &&
                            limn_slice_eq_nocase(limn_slice(text.p + i, need->piece.n),
                                                 need->piece))
                                rows |= need->rows;
                }
        }
        return rows;
}
