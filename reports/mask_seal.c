/* SPDX-License-Identifier: Apache-2.0 */
/* Sealing a mask: tokens for values, and the spellings that are looked for. */
#include <errno.h>
#include <stdlib.h>

#include "core/ascii.h"
#include "reports/mask_address.h"
#include "reports/mask_private.h"

#define SHORT 4 /* below, an underscore beside it makes another word of it */
#define TINY 3  /* below, case counts, too */

static int by_class(const void *a, const void *b)
{
        const MaskValue *x = a, *y = b;
        if (x->class != y->class)
                return x->class < y->class ? -1 : 1;
        return limn_slice_cmp(x->value, y->value);
}

typedef struct Seal {
        LimnMask *mask;
        LimnBuf scratch;
} Seal;

static LimnSlice keep(Seal *s)
{
        return s->scratch.error ? LIMN_NONE
                                : limn_arena_dup(s->mask->arena, limn_buf_slice(&s->scratch));
}

/* With every separator as this one. */
static LimnSlice swapped(Seal *s, LimnSlice text, char separator)
{
        limn_buf_clear(&s->scratch);
        for (size_t i = 0; i < text.n; i++)
                limn_buf_add_char(&s->scratch,
                                  strchr(".-_:", text.p[i]) && text.p[i] ? separator : text.p[i]);
        return keep(s);
}

static LimnSlice url_encoded(Seal *s, LimnSlice text)
{
        limn_buf_clear(&s->scratch);
        for (size_t i = 0; i < text.n; i++) {
                bool plain = limn_ascii_alnum(text.p[i]) ||
                             (text.p[i] && strchr("-._~", text.p[i]));
                if (plain)
                        limn_buf_add_char(&s->scratch, text.p[i]);
                else
                        limn_buf_printf(&s->scratch, "%%%02x", (unsigned char)text.p[i]);
        }
        return keep(s);
}

static int spelling(Seal *s, size_t value, LimnSlice from, LimnSlice to, bool first)
{
        const MaskValue *v = &s->mask->at[value];
        if (!from.p || !to.p)
                return -ENOMEM;
        if (!first && limn_slice_eq(from, v->value))
                return 0;
        LimnNeedle needle = {.text = from,
                             .other = to,
                             .value = value,
                             .second = !first,
                             .strict = v->value.n < SHORT,
                             .common = v->common,
                             .exact = v->value.n < TINY || v->common};
        int r = limn_needles_add(&s->mask->plain, &needle);
        if (r == 0) /* and back */
                r = limn_needles_add(&s->mask->tokens, &(LimnNeedle){.text = to,
                                                                     .other = from,
                                                                     .value = value,
                                                                     .second = !first});
        return r;
}

static void base64(LimnBuf *b, const unsigned char *p, size_t n, const char *alphabet)
{
        for (size_t i = 0; i + 2 < n; i += 3) {
                unsigned v = (unsigned)p[i] << 16 | (unsigned)p[i + 1] << 8 | p[i + 2];
                for (int shift = 18; shift >= 0; shift -= 6)
                        limn_buf_add_char(b, alphabet[v >> shift & 63]);
        }
}

/* The characters of base64 that the value alone decides, at each of three alignments: with its
 * first bytes and its last ones left out where they share a character with a neighbour. */
static int encodings(Seal *s, size_t value)
{
        static const char *const alphabets[] = {
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"};
        LimnSlice v = s->mask->at[value].value;
        LimnNeedle needle = {.value = value, .exact = true, .anywhere = true};
        int r = 0;
        for (size_t lead = 0; r == 0 && lead < 3; lead++) {
                /* The value stands `lead` bytes into a group of three. */
                unsigned char bytes[600] = {0};
                size_t n = lead + v.n;
                if (n + 3 > sizeof bytes)
                        return 0;
                memcpy(bytes + lead, v.p, v.n);
                size_t first = (lead * 8 + 5) / 6, end = n * 8 / 6;
                for (size_t a = 0; r == 0 && a < 2; a++) {
                        limn_buf_clear(&s->scratch);
                        base64(&s->scratch, bytes, (n + 2) / 3 * 3, alphabets[a]);
                        if (s->scratch.error || end <= first)
                                return s->scratch.error;
                        LimnSlice sure = limn_slice(s->scratch.p + first, end - first);
                        if (a == 1 && !memchr(sure.p, '-', sure.n) && !memchr(sure.p, '_', sure.n))
                                continue;
                        needle.text = limn_arena_dup(s->mask->arena, sure);
                        r = needle.text.p ? limn_needles_add(&s->mask->encoded, &needle) : -ENOMEM;
                }
        }
        limn_buf_clear(&s->scratch);
        for (size_t i = 0; i < v.n; i++)
                limn_buf_printf(&s->scratch, "%02x", (unsigned char)v.p[i]);
        needle.text = keep(s);
        needle.exact = false;
        return r < 0 ? r : !needle.text.p ? -ENOMEM : limn_needles_add(&s->mask->encoded, &needle);
}

static int address(Seal *s, size_t i)
{
        const MaskValue *v = &s->mask->at[i];
        int r = 0;
        for (unsigned k = 0; r == 0; k++) {
                limn_buf_clear(&s->scratch);
                if (!limn_mask_address_form(v->value, k, &s->scratch))
                        break;
                if (s->scratch.n == 0)
                        continue;
                LimnSlice from = keep(s);
                limn_buf_clear(&s->scratch);
                limn_mask_address_form(v->token, k, &s->scratch);
                /* Where the token has no such form it stands as it is. */
                r = spelling(s, i, from, s->scratch.n ? keep(s) : v->token, false);
        }
        return r;
}

static int spellings(Seal *s, size_t i)
{
        const MaskValue *v = &s->mask->at[i];
        int r = spelling(s, i, v->value, v->token, true);
        if (v->common || v->class == LIMN_MASK_ENCODED)
                return r;
        if (r == 0 && v->class == LIMN_MASK_IP)
                r = address(s, i);
        for (size_t k = 0; r == 0 && v->class != LIMN_MASK_IP && k < 2; k++)
                r = spelling(s, i, swapped(s, v->value, "-_"[k]), swapped(s, v->token, "-_"[k]),
                             false);
        if (r == 0)
                r = spelling(s, i, url_encoded(s, v->value), url_encoded(s, v->token), false);
        if (r == 0 && v->value.n >= LIMN_MASK_ENCODED_MIN)
                r = encodings(s, i);
        return r;
}

/* Tokens are told apart by an open hash: some probe of each value is free. */
typedef struct Tokens {
        LimnSlice *at;
        size_t n;
} Tokens;

/* False: somebody has it. */
static bool claim(Tokens *tokens, LimnSlice token)
{
        size_t i = 0;
        for (size_t k = 0; k < token.n; k++)
                i = i * 131 + (unsigned char)token.p[k];
        for (i &= tokens->n - 1; tokens->at[i].p; i = (i + 1) & (tokens->n - 1))
                if (limn_slice_eq(tokens->at[i], token))
                        return false;
        tokens->at[i] = token;
        return true;
}

static int give_tokens(LimnMask *mask)
{
        Tokens tokens = {.n = 1024};
        while (tokens.n < mask->n * 2)
                tokens.n *= 2;
        tokens.at = calloc(tokens.n, sizeof *tokens.at);
        int r = tokens.at ? 0 : -ENOMEM;
        for (size_t i = 0; r == 0 && i < mask->n; i++)
                if (mask->at[i].token.p)
                        claim(&tokens, mask->at[i].token);
        for (size_t i = 0; r == 0 && i < mask->n; i++) {
                MaskValue *v = &mask->at[i];
                for (unsigned probe = 0; r == 0 && !v->token.p; probe++) {
                        LimnSlice token;
                        r = limn_mask_token(mask, v->class, v->value, probe, &token);
                        if (r == 0 && claim(&tokens, token))
                                v->token = token;
                }
        }
        free(tokens.at);
        return r;
}

int limn_mask_seal(LimnMask *mask)
{
        if (mask->sealed && mask->sealed == mask->n)
                return 0;
        Seal s = {.mask = mask, .scratch = LIMN_BUF(1 << 20)};
        if (mask->n)
                qsort(mask->at, mask->n, sizeof *mask->at, by_class);
        limn_needles_done(&mask->plain);
        limn_needles_done(&mask->encoded);
        limn_needles_done(&mask->tokens);
        int r = limn_mask_rehash(mask);
        if (r == 0)
                r = give_tokens(mask);
        for (size_t i = 0; r == 0 && i < mask->n; i++) {
                MaskValue *v = &mask->at[i];
                v->common = v->class != LIMN_MASK_IP && v->class != LIMN_MASK_EMAIL &&
                            v->class != LIMN_MASK_ENCODED && limn_mask_common(v->value);
        }
        for (size_t i = 0; r == 0 && i < mask->n; i++)
                r = spellings(&s, i);
        if (r == 0)
                r = limn_needles_build(&mask->plain);
        if (r == 0)
                r = limn_needles_build(&mask->encoded);
        if (r == 0)
                r = limn_needles_build(&mask->tokens);
        limn_buf_done(&s.scratch);
        mask->sealed = r == 0 ? mask->n : 0;
        return r;
}
