/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/mask_index.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/ascii.h"
#include "core/vec.h"
#include "reports/mask_context.h"

/* Values begin alike (10.0.0.1, 10.0.0.2): a bucket by a few bytes would hold them all. */
#define KEY 16
#define STARTS_BITS 18

static unsigned fold(char c)
{
        return (unsigned char)limn_ascii_lower(c);
}

static unsigned pair_of(const char *p)
{
        return fold(p[0]) << 8 | fold(p[1]);
}

static uint32_t start_of(const char *p)
{
        uint32_t x = (uint32_t)pair_of(p) << 16 | pair_of(p + 2);
        return x * 0x9e3779b1u >> (32 - STARTS_BITS);
}

static bool bit(const unsigned char *bits, size_t i)
{
        return bits[i / 8] >> i % 8 & 1;
}

static void set(unsigned char *bits, size_t i)
{
        bits[i / 8] |= (unsigned char)(1u << i % 8);
}

static void mark(LimnNeedles *needles, LimnSlice text)
{
        if (text.n == 1) {
                for (unsigned second = 0; second < 256; second++) {
                        set(needles->pairs, fold(text.p[0]) << 8 | second);
                        set(needles->brief, fold(text.p[0]) << 8 | second);
                }
                return;
        }
        set(needles->pairs, pair_of(text.p));
        if (text.n < 4)
                set(needles->brief, pair_of(text.p));
        else
                set(needles->starts, start_of(text.p));
}

int limn_needles_add(LimnNeedles *needles, const LimnNeedle *needle)
{
        if (needle->text.n == 0)
                return 0;
        if (limn_vec_room(needles) < 0)
                return -ENOMEM;
        needles->at[needles->n++] = *needle;
        if (needle->text.n > needles->longest)
                needles->longest = needle->text.n;
        return 0;
}

#define HASH_FIRST 0xcbf29ce484222325u

static uint64_t hash_more(uint64_t hash, char c)
{
        return (hash ^ (unsigned char)limn_ascii_lower(c)) * 0x100000001b3u;
}

static size_t bucket(const LimnNeedles *needles, uint64_t hash)
{
        return (hash ^ hash >> 29) & (needles->n_buckets - 1);
}

/* Shorter ones first, then those that give way: the last of a bucket is found first. The order of
 * equals is that of adding, backwards. */
static int sort(LimnNeedles *needles)
{
        size_t keys = 2 * (needles->longest + 1), before = 0;
        size_t *place = calloc(keys, sizeof *place);
        LimnNeedle *sorted = malloc((needles->n + 1) * sizeof *sorted);
        if (!place || !sorted) {
                free(place);
                free(sorted);
                return -ENOMEM;
        }
#define KEY_OF(needle) (2 * (needle)->text.n + !(needle)->second)
        for (size_t i = 0; i < needles->n; i++)
                place[KEY_OF(&needles->at[i])]++;
        for (size_t k = 0; k < keys; k++) {
                size_t n = place[k];
                place[k] = before;
                before += n;
        }
        for (size_t i = needles->n; i > 0; i--)
                sorted[place[KEY_OF(&needles->at[i - 1])]++] = needles->at[i - 1];
#undef KEY_OF
        free(place);
        free(needles->at);
        needles->at = sorted;
        needles->cap = needles->n + 1;
        return 0;
}

int limn_needles_build(LimnNeedles *needles)
{
        size_t n = 16;
        while (n < needles->n * 2)
                n *= 2;
        free(needles->buckets);
        free(needles->pairs);
        free(needles->brief);
        free(needles->starts);
        needles->buckets = malloc(n * sizeof *needles->buckets);
        needles->pairs = calloc(1, 65536 / 8);
        needles->brief = calloc(1, 65536 / 8);
        needles->starts = calloc(1, (1u << STARTS_BITS) / 8);
        if (!needles->buckets || !needles->pairs || !needles->brief || !needles->starts)
                return -ENOMEM;
        needles->n_buckets = n;
        needles->lengths = 0;
        needles->anywhere = false;
        for (size_t i = 0; i < n; i++)
                needles->buckets[i] = SIZE_MAX;
        if (sort(needles) < 0)
                return -ENOMEM;
        for (size_t i = 0; i < needles->n; i++) {
                LimnNeedle *needle = &needles->at[i];
                size_t k = needle->text.n < KEY ? needle->text.n : KEY;
                uint64_t hash = HASH_FIRST;
                for (size_t c = 0; c < k; c++)
                        hash = hash_more(hash, needle->text.p[c]);
                size_t *head = &needles->buckets[bucket(needles, hash)];
                needles->lengths |= 1u << k;
                needles->anywhere = needles->anywhere || needle->anywhere;
                mark(needles, needle->text);
                needle->next = *head;
                *head = i;
        }
        return 0;
}

void limn_needles_done(LimnNeedles *needles)
{
        free(needles->at);
        free(needles->buckets);
        free(needles->pairs);
        free(needles->brief);
        free(needles->starts);
        *needles = (LimnNeedles){0};
}

static bool wordy(char c, bool strict)
{
        return limn_ascii_alnum(c) || (strict && c == '_');
}

/* What ends just before text[at] is an escape (\n, %2f, \u0027) and no part of a word. */
static bool after_escape(LimnSlice text, size_t at)
{
        const char *p = text.p + at;
        if (at >= 2 && p[-2] == '\\' && strchr("nrtbfv0", p[-1]))
                return true;
        if (at >= 3 && p[-3] == '%' && limn_ascii_hex(p[-2]) >= 0 && limn_ascii_hex(p[-1]) >= 0)
                return true;
        return at >= 6 && p[-6] == '\\' && p[-5] == 'u';
}

static bool bounded(LimnSlice text, size_t at, const LimnNeedle *needle)
{
        size_t end = at + needle->text.n;
        if (at > 0 && wordy(text.p[at], needle->strict) &&
            wordy(text.p[at - 1], needle->strict) && !after_escape(text, at))
                return false;
        return end == text.n || !wordy(text.p[end - 1], needle->strict) ||
               !wordy(text.p[end], needle->strict);
}

static bool stands(LimnSlice text, size_t at, const LimnNeedle *needle)
{
        LimnSlice here = limn_slice_to(limn_slice_from(text, at), needle->text.n);
        if (needle->exact ? !limn_slice_eq(here, needle->text)
                          : !limn_slice_eq_nocase(here, needle->text))
                return false;
        if (needle->anywhere)
                return true;
        return bounded(text, at, needle) &&
               (!needle->common || limn_mask_in_context(text, at, at + needle->text.n));
}

const LimnNeedle *limn_needles_find(const LimnNeedles *needles, LimnSlice text, size_t at)
{
        if (needles->n == 0)
                return NULL;
        uint64_t hash[KEY + 1] = {HASH_FIRST};
        size_t most = text.n - at < KEY ? text.n - at : KEY;
        for (size_t k = 0; k < most; k++)
                hash[k + 1] = hash_more(hash[k], text.p[at + k]);
        for (size_t k = most; k > 0; k--) {
                if (!(needles->lengths >> k & 1))
                        continue;
                for (size_t i = needles->buckets[bucket(needles, hash[k])]; i != SIZE_MAX;
                     i = needles->at[i].next) {
                        const LimnNeedle *needle = &needles->at[i];
                        if ((k == KEY ? needle->text.n >= KEY : needle->text.n == k) &&
                            stands(text, at, needle))
                                return needle;
                }
        }
        return NULL;
}

/* Nothing that is bounded begins here: a letter stands before, and belongs to no escape. */
static bool within_word(LimnSlice text, size_t at)
{
        return at > 0 && limn_ascii_alnum(text.p[at]) && limn_ascii_alnum(text.p[at - 1]) &&
               !after_escape(text, at);
}

const LimnNeedle *limn_needles_next(const LimnNeedles *needles, LimnSlice text, size_t *at,
                                    size_t to)
{
        size_t i = *at;
        if (to > text.n)
                to = text.n;
        if (needles->n == 0)
                i = to;
        for (; i < to; i++) {
                size_t left = text.n - i;
                if (left >= 2) {
                        unsigned pair = pair_of(text.p + i);
                        if (!bit(needles->pairs, pair))
                                continue;
                        if (left >= 4 && !bit(needles->brief, pair) &&
                            !bit(needles->starts, start_of(text.p + i)))
                                continue;
                }
                if (!needles->anywhere && within_word(text, i))
                        continue;
                const LimnNeedle *needle = limn_needles_find(needles, text, i);
                if (needle) {
                        *at = i;
                        return needle;
                }
        }
        *at = to > *at ? to : *at;
        return NULL;
}
