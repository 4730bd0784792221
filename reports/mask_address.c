/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/mask_address.h"

#include <arpa/inet.h>
#include <stdint.h>

#include "core/ascii.h"

/* What counts seconds since 1970, this decade and the next. */
#define SECONDS_FROM 1400000000u
#define SECONDS_TO 2200000000u
#define NUMBER_MIN 100000000u /* shorter ones are positions, sizes and ids */

typedef enum Form4 {
        DASHED, UNDERSCORED, COMMAS, PADDED, HEX_DOTS, OCTAL_DOTS, MAPPED, MAPPED_PADDED, NUMBER,
        HEX, HEX_PREFIXED, HEX_SHORT,
        _FORM4_MAX,
} Form4;

static bool form4(const unsigned char *p, Form4 form, LimnBuf *out)
{
        uint32_t number = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
        bool letter = false;
        for (int shift = 0; shift < 32; shift += 4)
                letter = letter || (number >> shift & 15) > 9;
        switch (form) {
        case DASHED:
                limn_buf_printf(out, "%u-%u-%u-%u", p[0], p[1], p[2], p[3]);
                break;
        case UNDERSCORED:
                limn_buf_printf(out, "%u_%u_%u_%u", p[0], p[1], p[2], p[3]);
                break;
        case COMMAS:
                limn_buf_printf(out, "%u,%u,%u,%u", p[0], p[1], p[2], p[3]);
                break;
        case PADDED:
                limn_buf_printf(out, "%03u.%03u.%03u.%03u", p[0], p[1], p[2], p[3]);
                break;
        case HEX_DOTS:
                limn_buf_printf(out, "0x%02x.0x%02x.0x%02x.0x%02x", p[0], p[1], p[2], p[3]);
                break;
        case OCTAL_DOTS:
                limn_buf_printf(out, "0%o.0%o.0%o.0%o", p[0], p[1], p[2], p[3]);
                break;
        case MAPPED:
                limn_buf_printf(out, "ffff:%x:%x", number >> 16, number & 0xffff);
                break;
        case MAPPED_PADDED:
                limn_buf_printf(out, "ffff:%04x:%04x", number >> 16, number & 0xffff);
                break;
        case NUMBER:
                if (number >= NUMBER_MIN && (number < SECONDS_FROM || number > SECONDS_TO))
                        limn_buf_printf(out, "%u", number);
                break;
        case HEX:
                if (letter)
                        limn_buf_printf(out, "%08x", number);
                break;
        case HEX_PREFIXED:
                limn_buf_printf(out, "0x%08x", number);
                break;
        case HEX_SHORT:
                limn_buf_printf(out, "0x%x", number);
                break;
        case _FORM4_MAX:
                return false;
        }
        return true;
}

typedef enum Form6 { SHORT, LONG, LONG_PADDED, DASHED6, NIBBLES, HEX6, _FORM6_MAX } Form6;

static bool form6(const struct in6_addr *address, Form6 form, LimnBuf *out)
{
        const unsigned char *p = address->s6_addr;
        char text[INET6_ADDRSTRLEN];
        if (!inet_ntop(AF_INET6, address, text, sizeof text))
                return false;
        switch (form) {
        case SHORT:
                limn_buf_add_str(out, text);
                break;
        case LONG:
        case LONG_PADDED:
                for (int i = 0; i < 16; i += 2)
                        limn_buf_printf(out, form == LONG ? "%s%x" : "%s%04x", i ? ":" : "",
                                        (unsigned)p[i] << 8 | p[i + 1]);
                break;
        case DASHED6:
                for (char *c = text; *c; c++)
                        limn_buf_add_char(out, *c == ':' ? '-' : *c);
                break;
        case NIBBLES: /* of ip6.arpa */
                for (int i = 15; i >= 0; i--)
                        limn_buf_printf(out, "%x.%x%s", p[i] & 15u, (unsigned)p[i] >> 4,
                                        i ? "." : "");
                break;
        case HEX6:
                for (int i = 0; i < 16; i++)
                        limn_buf_printf(out, "%02x", p[i]);
                break;
        case _FORM6_MAX:
                return false;
        }
        return true;
}

bool limn_mask_address_form(LimnSlice ip, unsigned k, LimnBuf *out)
{
        char text[INET6_ADDRSTRLEN];
        struct in6_addr six;
        unsigned char four[4];
        if (ip.n >= sizeof text)
                return false;
        memcpy(text, ip.p, ip.n);
        text[ip.n] = '\0';
        if (inet_pton(AF_INET, text, four) == 1)
                return k < _FORM4_MAX && form4(four, (Form4)k, out);
        return inet_pton(AF_INET6, text, &six) == 1 && k < _FORM6_MAX && form6(&six, (Form6)k, out);
}

bool limn_mask_is_mac(LimnSlice s)
{
        if (s.n != 17 || (s.p[2] != ':' && s.p[2] != '-'))
                return false;
        for (size_t i = 0; i < s.n; i++)
                if (i % 3 == 2 ? s.p[i] != s.p[2] : limn_ascii_hex(s.p[i]) < 0)
                        return false;
        return true;
}
