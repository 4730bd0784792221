/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/registry.h"

#include "core/limits.h"
#include "parsers/text.h"
#include "parsers/wrapped.h"

#define FORMAT(name) extern const LimnFormat limn_format_##name;
#include "parsers/formats.list"
#undef FORMAT

const LimnFormat *const limn_formats[] = {
#define FORMAT(name) &limn_format_##name,
#include "parsers/formats.list"
#undef FORMAT
        NULL,
};
const size_t limn_formats_n = sizeof limn_formats / sizeof *limn_formats - 1;

const LimnFormat *limn_format_find(const char *name)
{
        for (size_t i = 0; i < limn_formats_n; i++)
                if (strcmp(limn_formats[i]->name, name) == 0)
                        return limn_formats[i];
        for (size_t i = 0; limn_wrapped_formats[i]; i++)
                if (strcmp(limn_wrapped_formats[i]->name, name) == 0)
                        return limn_wrapped_formats[i];
        return NULL;
}

/* What detection looks at: no byte order mark, no NULs (which a crash leaves in place of bytes that
 * were not written) at either end, no leading blank lines, whole lines. */
static LimnSlice visible(LimnSlice head, bool *whole)
{
        if (head.n > LIMN_DETECT_BYTES) {
                head.n = LIMN_DETECT_BYTES;
                *whole = false;
        }
        if (!*whole) {
                /* A last line that is most of what there is says more than those before it. */
                const char *end = head.n ? memrchr(head.p, '\n', head.n) : NULL;
                if (end && (size_t)(end - head.p) >= head.n / 2)
                        head.n = (size_t)(end - head.p) + 1;
        }
        head = limn_text_lead(head);
        while (head.n && head.p[head.n - 1] == '\0')
                head.n--;
        while (head.n) {
                LimnSlice rest = head, line;
                limn_slice_line(&rest, &line);
                if (limn_slice_trim(line).n)
                        break;
                head = limn_text_lead(rest);
        }
        return head;
}

/*
 * Control characters that text does not hold. A few may stand in any log (a query's binary
 * string, a torn write); more than one in 32 bytes is no text.
 */
static size_t controls(LimnSlice s)
{
        size_t n = 0;
        for (size_t i = 0; i < s.n; i++) {
                unsigned char c = (unsigned char)s.p[i];
                n += (c < 0x20 && !limn_ascii_space(s.p[i]) && c != 0x1b && c != '\b' &&
                      c != 0x1e) ||
                     c == 0x7f;
        }
        return n;
}

static bool is_binary(LimnSlice seen)
{
        return controls(seen) > seen.n / 32;
}

static void bids_of(LimnSlice seen, bool whole, LimnFormatBid *ret)
{
        bool binary = is_binary(seen);

        for (size_t i = 0; i < limn_formats_n; i++) {
                LimnFormatBid bid = {limn_formats[i], LIMN_BID_NO};
                if (!binary)
                        bid.bid = limn_formats[i]->bid(seen, whole);
                size_t at = i;
                for (; at > 0 && ret[at - 1].bid < bid.bid; at--)
                        ret[at] = ret[at - 1];
                ret[at] = bid;
        }
}

void limn_format_bids(LimnSlice head, bool whole, LimnFormatBid *ret)
{
        bids_of(visible(head, &whole), whole, ret);
}

/* What is inside envelopes: no envelopes again. */
static const LimnFormat *detect_inner(LimnSlice head, bool whole)
{
        LimnFormatBid bids[sizeof limn_formats / sizeof *limn_formats];

        limn_format_bids(head, whole, bids);
        return bids[0].bid ? bids[0].format : NULL;
}

const LimnFormat *limn_format_detect(LimnSlice head, bool whole, const LimnFormat **ret_rival)
{
        LimnFormatBid bids[sizeof limn_formats / sizeof *limn_formats];
        const LimnFormat *wrapped;
        bool all = whole;
        LimnSlice seen = visible(head, &all);

        bids_of(seen, all, bids);
        if (ret_rival)
                *ret_rival = bids[0].bid && bids[1].bid == bids[0].bid ? bids[1].format : NULL;
        wrapped = is_binary(seen) ? NULL : limn_wrapped_detect(seen, all, detect_inner);
        /* Envelopes around what nobody knows say less than a format that knows the whole. */
        if (!wrapped || (wrapped->product[0] == '\0' && bids[0].bid > LIMN_BID_FALLBACK) ||
            (limn_wrapped_is_loose(wrapped) && bids[0].bid > LIMN_BID_MAYBE))
                return bids[0].bid ? bids[0].format : NULL;
        if (ret_rival)
                *ret_rival = NULL;
        return wrapped;
}
