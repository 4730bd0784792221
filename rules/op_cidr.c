/* SPDX-License-Identifier: Apache-2.0 */
/* cidr: the field is an address within the network, IPv4 or IPv6. An IPv4 address written the
 * IPv6 way (::ffff:10.0.0.1) is that IPv6 address and the IPv4 one; so is such a network. */
#include <arpa/inet.h>
#include <stdio.h>

#include "rules/op.h"

#define MAPPED_BITS 96
static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool address(LimnSlice s, int *ret_family, unsigned char ret[16])
{
        char text[INET6_ADDRSTRLEN + 1];
        if (s.n == 0 || s.n >= sizeof text || memchr(s.p, '\0', s.n))
                return false;
        memcpy(text, s.p, s.n);
        text[s.n] = '\0';
        *ret_family = AF_INET;
        if (inet_pton(AF_INET, text, ret) == 1)
                return true;
        *ret_family = AF_INET6;
        return inet_pton(AF_INET6, text, ret) == 1;
}

static bool is_mapped(int family, const unsigned char *a)
{
        return family == AF_INET6 && memcmp(a, mapped, sizeof mapped) == 0;
}

static bool within(const struct LimnNet *net, const unsigned char *a)
{
        unsigned whole = net->bits / 8, rest = net->bits % 8;
        if (memcmp(net->address, a, whole) != 0)
                return false;
        unsigned char mask = (unsigned char)(0xff << (8 - rest));
        return rest == 0 || ((net->address[whole] ^ a[whole]) & mask) == 0;
}

static int operand(LimnItemBuild *build, LimnOperand *op)
{
        size_t slash = limn_slice_chr(op->raw, '/');
        bool bare = slash == op->raw.n;
        if (!address(limn_slice_to(op->raw, slash), &op->net.family, op->net.address))
                return limn_op_error(build, op, "like 10.0.0.0/8 or fd00::/8", "not a network");
        long long max = op->net.family == AF_INET ? 32 : 128, bits = max;
        if (!bare && (!limn_slice_i64(limn_slice_from(op->raw, slash + 1), &bits) || bits < 0 ||
                      bits > max))
                return limn_op_error(build, op, NULL, "the prefix length must be 0 to %lld", max);
        op->net.bits = (unsigned)bits;
        if (is_mapped(op->net.family, op->net.address) && bits >= MAPPED_BITS) {
                memmove(op->net.address, op->net.address + sizeof mapped, 4);
                op->net.family = AF_INET;
                op->net.bits -= MAPPED_BITS;
        }
        return 0;
}

static LimnVerdict match(const LimnItem *item, const LimnOperand *op, LimnSlice value,
                         const LimnEvent *event, LimnRegexScratch *scratch)
{
        int family;
        unsigned char a[16];
        if (!address(value, &family, a))
                return LIMN_NO;
        if (family == op->net.family)
                return within(&op->net, a) ? LIMN_YES : LIMN_NO;
        return is_mapped(family, a) && within(&op->net, a + sizeof mapped) ? LIMN_YES : LIMN_NO;
}

const LimnOp limn_op_cidr = {
        .name = "cidr",
        .help = "the field is an IP address within the network",
        .flags = LIMN_OP_FIRST | LIMN_OP_NO_KEYWORD,
        .compile = limn_op_compare,
        .operand = operand,
        .match = match,
};
