/* SPDX-License-Identifier: Apache-2.0 */
/* What a mask's values look like, and their tokens. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/ascii.h"
#include "core/hash.h"
#include "reports/mask_private.h"

extern const char *const limn_mask_words[]; /* made by dev/words.py */
extern const size_t limn_mask_words_n;

static const char *const reserved[] = {
#include "reports/reserved.list"
};

bool limn_mask_reserved(LimnSlice value)
{
        for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
                if (limn_slice_eq_nocase(value, limn_slice_str(reserved[i])))
                        return true;
        return value.n == 0 || value.p[0] == '%' || value.p[0] == '<' || value.p[0] == '*' ||
               value.p[0] == '{' || value.p[0] == '$';
}

static int by_word(const void *key, const void *word)
{
        return strcmp(key, *(const char *const *)word);
}

bool limn_mask_common(LimnSlice value)
{
        char word[64];
        bool digits = true;
        for (size_t i = 0; i < value.n; i++)
                digits = digits && limn_ascii_digit(value.p[i]);
        if (digits)
                return true; /* counts, offsets and ports look like it */
        if (value.n >= sizeof word)
                return false;
        for (size_t i = 0; i < value.n; i++)
                word[i] = limn_ascii_lower(value.p[i]);
        word[value.n] = '\0';
        return bsearch(word, limn_mask_words, limn_mask_words_n, sizeof *limn_mask_words,
                       by_word) != NULL;
}

bool limn_mask_is_token(LimnSlice value)
{
        for (int i = 0; i < _LIMN_MASK_MAX; i++) {
                LimnSlice prefix = limn_slice_str(limn_mask_class_info[i].prefix);
                if (!prefix.n || !limn_slice_starts(value, prefix) || value.n < prefix.n + 6)
                        continue;
                size_t hex = 0;
                while (prefix.n + hex < value.n && limn_ascii_hex(value.p[prefix.n + hex]) >= 0)
                        hex++;
                LimnSlice rest = limn_slice_from(value, prefix.n + hex);
                if (hex >= 6 && (rest.n == 0 || limn_slice_eq(rest, LIMN_S(".invalid"))))
                        return true;
        }
        return limn_slice_ends(value, LIMN_S(".invalid")) ||
               limn_slice_starts(value, LIMN_S("198.18.")) ||
               limn_slice_starts(value, LIMN_S("198.19.")) ||
               limn_slice_starts(value, LIMN_S("2001:db8:")) ||
               limn_slice_find(value, LIMN_S("[secret]")) < value.n;
}

static bool is_ip4(LimnSlice s)
{
        int parts = 0;
        while (s.n) {
                size_t n = 0;
                int value = 0;
                while (n < s.n && n < 4 && limn_ascii_digit(s.p[n]))
                        value = value * 10 + (s.p[n++] - '0');
                if (n == 0 || n > 3 || value > 255)
                        return false;
                parts++;
                s = limn_slice_from(s, n);
                if (s.n && (s.p[0] != '.' || s.n == 1))
                        return false;
                s = limn_slice_from(s, 1);
        }
        return parts == 4;
}

bool limn_mask_is_ip(LimnSlice s)
{
        if (is_ip4(s))
                return true;
        size_t colons = 0, run = 0;
        for (size_t i = 0; i < s.n; i++) {
                if (s.p[i] == ':') {
                        colons++;
                        run = 0;
                } else if (limn_ascii_hex(s.p[i]) < 0 || ++run > 4) {
                        return false;
                }
        }
        return colons >= 2 && colons <= 7 &&
               (colons == 7 || limn_slice_find(s, LIMN_S("::")) < s.n) && s.n > 2;
}

bool limn_mask_is_loopback(LimnSlice ip)
{
        return limn_slice_starts(ip, LIMN_S("127.")) || limn_slice_starts(ip, LIMN_S("0.")) ||
               limn_slice_starts(ip, LIMN_S("255.")) || limn_slice_eq(ip, LIMN_S("::1")) ||
               limn_slice_eq(ip, LIMN_S("::")) || limn_slice_eq(ip, LIMN_S("0:0:0:0:0:0:0:1"));
}

int limn_mask_digest(const LimnMask *mask, const char *purpose, LimnSlice data,
                     unsigned char ret[LIMN_MASK_KEY_BYTES])
{
        const LimnSlice parts[] = {LIMN_S("limn/"), limn_slice_str(purpose), LIMN_S("/"), data};
        return limn_hmac_sha256(limn_slice((const char *)mask->key, LIMN_MASK_KEY_BYTES), parts,
                                sizeof parts / sizeof *parts, ret);
}

int limn_mask_token(const LimnMask *mask, LimnMaskClass class, LimnSlice value, unsigned probe,
                    LimnSlice *ret)
{
        char folded[512], count[16], text[64];
        LimnSlice key = limn_slice((const char *)mask->key, LIMN_MASK_KEY_BYTES), body = value;
        if (value.n <= sizeof folded) {
                for (size_t i = 0; i < value.n; i++)
                        folded[i] = limn_ascii_lower(value.p[i]);
                body = limn_slice(folded, value.n);
        }
        snprintf(count, sizeof count, "%u", probe);
        const LimnMaskClassInfo *info = &limn_mask_class_info[class];
        const LimnSlice parts[] = {limn_slice_str(info->name), LIMN_S("/"), limn_slice_str(count),
                                   LIMN_S("/"), body};
        unsigned char d[LIMN_SHA256_BYTES];
        int r = limn_hmac_sha256(key, parts, sizeof parts / sizeof *parts, d);
        if (r < 0)
                return r;
        /* Digits alone would be a counter, in the name of a file. */
        bool letter = false;
        for (int i = 0; i < 3; i++)
                letter = letter || d[i] >> 4 > 9 || (d[i] & 15) > 9;
        if (!letter && class != LIMN_MASK_IP)
                d[0] |= 0xa0;
        if (class == LIMN_MASK_IP && memchr(value.p, ':', value.n) == NULL)
                snprintf(text, sizeof text, "198.%d.%d.%d", 18 + (d[0] & 1), d[1], d[2]);
        else if (class == LIMN_MASK_IP)
                snprintf(text, sizeof text, "2001:db8:%x:%x:%x:%x:%x:%x", d[0] << 8 | d[1] | 1,
                         d[2] << 8 | d[3] | 1, d[4] << 8 | d[5] | 1, d[6] << 8 | d[7] | 1,
                         d[8] << 8 | d[9] | 1, d[10] << 8 | d[11] | 1);
        else if (class == LIMN_MASK_EMAIL)
                snprintf(text, sizeof text, "m-%02x%02x%02x%02x@mail.invalid", d[0], d[1], d[2],
                         d[3]);
        else
                snprintf(text, sizeof text, "%s%02x%02x%02x%s", info->prefix, d[0], d[1], d[2],
                         class == LIMN_MASK_HOST ? ".invalid" : "");
        *ret = limn_arena_dup(mask->arena, limn_slice_str(text));
        return ret->p ? 0 : -ENOMEM;
}
