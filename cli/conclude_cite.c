/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/conclude_private.h"
#include "core/limits.h"
#include "core/printable.h"

/* Ill-formed bytes as U+FFFD; valid text unchanged. */
static int add_clean(LimnBuf *out, LimnSlice s)
{
        uint32_t ignored;
        for (size_t i = 0; i < s.n;) {
                unsigned n = limn_utf8_decode(limn_slice_from(s, i), &ignored);
                limn_buf_add(out, n ? limn_slice(s.p + i, n) : LIMN_S("\xEF\xBF\xBD"));
                i += n ? n : 1;
        }
        return out->error;
}

int limn_conclude_cite(LimnCase *c, int64_t source, int64_t offset, int64_t length, LimnBuf *ret,
                       LimnDiag *diag)
{
        LimnBuf bytes = LIMN_BUF(LIMN_EVIDENCE_TEXT_MAX);
        if (length > LIMN_EVIDENCE_TEXT_MAX)
                length = LIMN_EVIDENCE_TEXT_MAX;
        int r = limn_case_bytes(c, source, (uint64_t)offset, (uint64_t)length, &bytes, diag);
        if (r >= 0) {
                LimnSlice text = limn_buf_slice(&bytes);
                while (text.n && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r'))
                        text.n--;
                limn_buf_clear(ret);
                r = add_clean(ret, text);
        }
        limn_buf_done(&bytes);
        return r;
}
