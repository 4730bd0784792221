/* SPDX-License-Identifier: Apache-2.0 */
#include "core/printable.h"

unsigned limn_utf8_decode(LimnSlice s, uint32_t *ret)
{
        const unsigned char *p = (const unsigned char *)s.p;
        if (p[0] < 0x80) {
                *ret = p[0];
                return 1;
        }
        unsigned n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
        static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
        if (p[0] < 0xc2 || p[0] > 0xf4 || s.n < n)
                return 0;
        uint32_t c = p[0] & (0x7fu >> n);
        for (unsigned i = 1; i < n; i++) {
                if ((p[i] & 0xc0) != 0x80)
                        return 0;
                c = c << 6 | (p[i] & 0x3fu);
        }
        if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
                return 0;
        *ret = c;
        return n;
}

unsigned limn_utf8_encode(uint32_t c, char out[4])
{
        if (c < 0x80) {
                out[0] = (char)c;
                return 1;
        }
        unsigned n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        for (unsigned i = n - 1; i > 0; i--, c >>= 6)
                out[i] = (char)(0x80 | (c & 0x3f));
        out[0] = (char)((0xf00u >> n) | c);
        return n;
}

bool limn_is_deceptive(uint32_t c)
{
        return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || c == 0x180e ||
               (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
               (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
               (c >= 0xe0000 && c <= 0xe007f);
}

int limn_printable(LimnSlice s, LimnBuf *out)
{
        size_t i = 0;
        while (i < s.n) {
                size_t start = i;
                while (i < s.n && s.p[i] >= 0x20 && s.p[i] < 0x7f)
                        i++;
                limn_buf_add(out, limn_slice(s.p + start, i - start));
                if (i == s.n)
                        break;
                uint32_t c;
                unsigned n = limn_utf8_decode(limn_slice_from(s, i), &c);
                if (n == 0)
                        limn_buf_printf(out, "\\x%02x", (unsigned char)s.p[i]);
                else if (!limn_is_deceptive(c))
                        limn_buf_add(out, limn_slice(s.p + i, n));
                else
                        limn_buf_printf(out, c < 0x80 ? "\\x%02x" : "\\u{%x}", (unsigned)c);
                i += n ? n : 1;
        }
        return out->error;
}
