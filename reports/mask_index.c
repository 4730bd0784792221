/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/mask_index.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/ascii.h"
#include "core/vec.h"

/* Values begin alike (10.0.0.1, 10.0.0.2): a bucket by a few bytes would hold them all. */
#define KEY 16
#define STARTS_BITS 15

static size_t start_of(const char *p)
{
        uint32_t x = (uint32_t)(unsigned char)limn_ascii_lower(p[0]) << 16 |
                     (uint32_t)(unsigned char)limn_ascii_lower(p[1]) << 8 |
                     (unsigned char)limn_ascii_lower(p[2]);
        return x * 0x9e3779b1u >> (32 - STARTS_BITS);
}

static void mark(LimnNeedles *needles, LimnSlice text)
{
        if (text.n < 3) {
                needles->any = true;
                return;
        }
        size_t bit = start_of(text.p);
        needles->starts[bit / 8] |= (unsigned char)(1u << bit % 8);
}

/* False: none begins with these three bytes. */
static bool may_start(const LimnNeedles *needles, LimnSlice text, size_t at)
{
        if (needles->any || text.n - at < 3)
                return true;
        size_t bit = start_of(text.p + at);
        return needles->starts[bit / 8] >> bit % 8 & 1;
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

static int by_length(const void *a, const void *b)
{
        const LimnNeedle *x = a, *y = b;
        if (x->text.n != y->text.n)
                return x->text.n < y->text.n ? -1 : 1;
        int r = limn_slice_cmp(x->text, y->text);
        if (r == 0 && x->second != y->second)
                return x->second ? -1 : 1; /* the last of equals is found */
        return r ? r : x->value > y->value ? -1 : x->value < y->value;
}

int limn_needles_build(LimnNeedles *needles)
{
        size_t n = 16;
        while (n < needles->n * 2)
                n *= 2;
        free(needles->buckets);
        free(needles->starts);
        needles->buckets = malloc(n * sizeof *needles->buckets);
        needles->starts = calloc(1, (1u << STARTS_BITS) / 8);
        if (!needles->buckets || !needles->starts)
                return -ENOMEM;
        needles->n_buckets = n;
        needles->lengths = 0;
        needles->any = false;
        for (size_t i = 0; i < n; i++)
                needles->buckets[i] = SIZE_MAX;
        if (needles->n)
                qsort(needles->at, needles->n, sizeof *needles->at, by_length);
        for (size_t i = 0; i < needles->n; i++) {
                LimnNeedle *needle = &needles->at[i];
                size_t k = needle->text.n < KEY ? needle->text.n : KEY;
                uint64_t hash = HASH_FIRST;
                for (size_t c = 0; c < k; c++)
                        hash = hash_more(hash, needle->text.p[c]);
                size_t *head = &needles->buckets[bucket(needles, hash)];
                needles->lengths |= 1u << k;
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

static bool quote(char c)
{
        return c == '\'' || c == '"' || c == '`';
}

/* Does the word before name what comes: `table data`, `FROM data`? */
static bool announced(LimnSlice text, size_t at)
{
        static const char *const words[] = {"table", "database", "schema", "user", "host", "from",
                                            "into",  "update",   "join",   "use",  "db",   "as"};
        size_t end = at;
        while (end > 0 && (text.p[end - 1] == ' ' || text.p[end - 1] == '\t'))
                end--;
        size_t from = end;
        while (from > 0 && wordy(text.p[from - 1], true))
                from--;
        if (end == at || from == end)
                return false;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
                if (limn_slice_eq_nocase(limn_slice(text.p + from, end - from),
                                         limn_slice_str(words[i])))
                        return true;
        return false;
}

/* A word that also means something else: is it a name here? */
static bool in_context(LimnSlice text, size_t at, size_t end)
{
        char before = at > 0 ? text.p[at - 1] : 0, after = end < text.n ? text.p[end] : 0;
        if (quote(before) || quote(after)) {
                size_t next = end + 1;
                while (next < text.n && text.p[next] == ' ')
                        next++;
                if (after == '"' && next < text.n && text.p[next] == ':')
                        return false; /* a key */
                return before == after || before == '.' || after == '.' ||
                       (quote(before) && (after == '@' || after == '\\'));
        }
        if (before == '@' || after == '@' || before == '=')
                return true;
        if (before == '.' && at >= 2 && (wordy(text.p[at - 2], true) || quote(text.p[at - 2])))
                return true;
        if (after == '.' && end + 1 < text.n &&
            (wordy(text.p[end + 1], true) || quote(text.p[end + 1]) || text.p[end + 1] == '*'))
                return true;
        if (before == ' ' && at >= 2 && text.p[at - 2] == '|') { /* a cell */
                size_t next = end;
                while (next < text.n && text.p[next] == ' ')
                        next++;
                return next < text.n && text.p[next] == '|';
        }
        return announced(text, at);
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
               (!needle->common || in_context(text, at, at + needle->text.n));
}

const LimnNeedle *limn_needles_find(const LimnNeedles *needles, LimnSlice text, size_t at)
{
        if (needles->n == 0 || !may_start(needles, text, at))
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
