/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/mask.h"

#include <errno.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/ascii.h"
#include "core/limits.h"
#include "core/vec.h"
#include "reports/mask_address.h"
#include "reports/mask_hidden.h"
#include "reports/mask_index.h"
#include "reports/mask_private.h"

#define VALUES_BYTES (256u * 1024 * 1024)
#define VALUE_MAX 512 /* longer ones are no names */
#define ENCODED_RUN_MAX (64 * 1024)
#define PASSES_MAX 4
#define LABEL_MIN 3 /* shorter ones are everybody's: db, s3 */

const LimnMaskClassInfo limn_mask_class_info[_LIMN_MASK_MAX] = {
#define CLASS(constant, name, prefix, help) [LIMN_MASK_##constant] = {name, prefix, help},
#include "reports/classes.list"
#undef CLASS
};

int limn_mask_classes(const char *text, unsigned *ret_classes, LimnDiag *diag)
{
        LimnSlice rest = limn_slice_str(text);
        unsigned classes = 0;
        while (rest.n) {
                size_t end = limn_slice_chr(rest, ',');
                LimnSlice name = limn_slice_trim(limn_slice_to(rest, end));
                rest = limn_slice_from(rest, end + 1);
                LimnMaskClass class;
                if (limn_slice_eq(name, LIMN_S("all"))) {
                        classes |= LIMN_MASK_ALL;
                } else if (limn_slice_eq(name, LIMN_S("secrets"))) {
                        continue; /* always masked */
                } else if (limn_mask_class_find(name, &class) && class != LIMN_MASK_ENCODED) {
                        classes |= 1u << class;
                } else {
                        limn_diag_addf(diag,
                                       &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                                      .help = "all, or of hosts, ips, users, "
                                                              "databases, tables, emails, "
                                                              "literals, words"},
                                       "--redact does not know the class %.*s", LIMN_FMT(name));
                        return -EINVAL;
                }
        }
        *ret_classes = classes ? classes | 1u << LIMN_MASK_ENCODED : 0;
        return 0;
}

const char *limn_mask_class_name(LimnMaskClass class)
{
        return limn_mask_class_info[class].name;
}

bool limn_mask_class_find(LimnSlice name, LimnMaskClass *ret)
{
        for (int i = 0; i < _LIMN_MASK_MAX; i++)
                if (limn_slice_eq(name, limn_slice_str(limn_mask_class_info[i].name))) {
                        *ret = (LimnMaskClass)i;
                        return true;
                }
        return false;
}

int limn_mask_new(LimnMask **ret, unsigned classes, const unsigned char key[LIMN_MASK_KEY_BYTES])
{
        LimnMask *mask = calloc(1, sizeof *mask);
        if (!mask)
                return -ENOMEM;
        mask->classes = classes;
        memcpy(mask->key, key, LIMN_MASK_KEY_BYTES);
        mask->arena = limn_arena_new(VALUES_BYTES);
        if (!mask->arena) {
                limn_mask_free(mask);
                return -ENOMEM;
        }
        *ret = mask;
        return 0;
}

LimnMask *limn_mask_free(LimnMask *mask)
{
        if (!mask)
                return NULL;
        limn_needles_done(&mask->plain);
        limn_needles_done(&mask->encoded);
        limn_needles_done(&mask->tokens);
        limn_arena_free(mask->arena);
        free(mask->at);
        free(mask->slots);
        free(mask);
        return NULL;
}

bool limn_mask_wants(const LimnMask *mask, LimnMaskClass class)
{
        return mask->classes >> class & 1;
}

/* -- values --------------------------------------------------------------------------------- */

static size_t hash_of(LimnSlice s)
{
        uint64_t hash = 0xcbf29ce484222325u;
        for (size_t i = 0; i < s.n; i++)
                hash = (hash ^ (unsigned char)limn_ascii_lower(s.p[i])) * 0x100000001b3u;
        return hash ^ hash >> 32;
}

static int rehash(LimnMask *mask, size_t n)
{
        size_t *slots = calloc(n, sizeof *slots);
        if (!slots)
                return -ENOMEM;
        for (size_t i = 0; i < mask->n; i++) {
                size_t at = hash_of(mask->at[i].value) & (n - 1);
                while (slots[at])
                        at = (at + 1) & (n - 1);
                slots[at] = i + 1;
        }
        free(mask->slots);
        mask->slots = slots;
        mask->n_slots = n;
        return 0;
}

int limn_mask_rehash(LimnMask *mask)
{
        return rehash(mask, mask->n_slots ? mask->n_slots : 1024);
}

static MaskValue *known(LimnMask *mask, LimnSlice value, size_t *ret_slot)
{
        size_t at = hash_of(value) & (mask->n_slots - 1);
        for (; mask->slots[at]; at = (at + 1) & (mask->n_slots - 1))
                if (limn_slice_eq_nocase(mask->at[mask->slots[at] - 1].value, value))
                        return &mask->at[mask->slots[at] - 1];
        *ret_slot = at;
        return NULL;
}

static int put(LimnMask *mask, LimnMaskClass class, LimnSlice value, LimnSlice token)
{
        if (mask->n * 2 >= mask->n_slots &&
            rehash(mask, mask->n_slots ? mask->n_slots * 2 : 1024) < 0)
                return -ENOMEM;
        size_t slot = 0;
        MaskValue *there = known(mask, value, &slot);
        if (there) {
                if (!there->token.p && class < there->class)
                        there->class = class;
                return 0;
        }
        LimnSlice kept = limn_arena_dup(mask->arena, value);
        LimnSlice given = token.p ? limn_arena_dup(mask->arena, token) : LIMN_NONE;
        if (!kept.p || (token.p && !given.p) || limn_vec_room(mask) < 0)
                return -ENOMEM;
        mask->at[mask->n++] = (MaskValue){.class = class, .value = kept, .token = given};
        mask->slots[slot] = mask->n;
        return 0;
}

int limn_mask_adopt(LimnMask *mask, LimnMaskClass class, LimnSlice value, LimnSlice token)
{
        return put(mask, class, value, token);
}

static bool all_digits(LimnSlice s)
{
        for (size_t i = 0; i < s.n; i++)
                if (!limn_ascii_digit(s.p[i]) && s.p[i] != '.' && s.p[i] != '-')
                        return false;
        return true;
}

static int add_name(LimnMask *mask, LimnMaskClass class, LimnSlice value)
{
        value = limn_slice_trim(value);
        while (value.n && strchr("`'\"", value.p[0]))
                value = limn_slice_from(value, 1);
        while (value.n && strchr("`'\"", value.p[value.n - 1]))
                value.n--;
        if (value.n < 2 || value.n > VALUE_MAX || memchr(value.p, '\n', value.n) ||
            memchr(value.p, '\0', value.n) || limn_mask_reserved(value) ||
            limn_mask_is_token(value))
                return 0;
        return put(mask, class, value, LIMN_NONE);
}

/* Each part of `a.b.c`, of `a, b`; the last is the table. */
static int add_qualified(LimnMask *mask, LimnMaskClass class, LimnSlice value)
{
        int r = 0;
        while (r == 0 && value.n) {
                size_t end = 0;
                while (end < value.n && value.p[end] != '.' && value.p[end] != ',' &&
                       value.p[end] != '/')
                        end++;
                bool last = end == value.n || value.p[end] == ',';
                LimnMaskClass of = class == LIMN_MASK_TABLE && !last ? LIMN_MASK_DATABASE : class;
                LimnSlice part = limn_slice_to(value, end);
                if (limn_mask_wants(mask, of) && part.n && memchr(part.p, ' ', part.n) == NULL)
                        r = add_name(mask, of, part);
                value = limn_slice_from(value, end + 1);
                while (value.n && value.p[0] == ' ')
                        value = limn_slice_from(value, 1);
        }
        return r;
}

/* Of a full name the first label is what a prompt, a pid file or a relay log calls the host, and
 * the rest is what its neighbours are called; a cloud's domain is nobody's. */
static int add_labels(LimnMask *mask, LimnSlice name)
{
        static const char *const public[] = {
#include "reports/public_domains.list"
        };
        size_t dot = limn_slice_chr(name, '.');
        LimnSlice first = limn_slice_to(name, dot), domain = limn_slice_from(name, dot + 1);
        bool letter = false;
        for (size_t i = 0; i < first.n; i++)
                letter = letter || limn_ascii_alpha(first.p[i]);
        int r = 0;
        if (dot < name.n && letter && first.n >= LABEL_MIN && !limn_mask_common(first))
                r = add_name(mask, LIMN_MASK_HOST, first);
        if (r < 0 || limn_slice_chr(domain, '.') == domain.n)
                return r;
        for (size_t i = 0; i < sizeof public / sizeof *public; i++) {
                LimnSlice end = limn_slice_str(public[i]);
                if (limn_slice_ends(domain, end) &&
                    (domain.n == end.n || domain.p[domain.n - end.n - 1] == '.'))
                        return 0;
        }
        return add_name(mask, LIMN_MASK_HOST, domain);
}

static int add_host(LimnMask *mask, LimnSlice value)
{
        if (limn_mask_is_mac(value))
                return limn_mask_wants(mask, LIMN_MASK_HOST) ? add_name(mask, LIMN_MASK_HOST, value)
                                                             : 0;
        size_t colon = limn_slice_chr(value, ':');
        if (colon < value.n && limn_slice_chr(limn_slice_from(value, colon + 1), ':') ==
                                       value.n - colon - 1)
                value = limn_slice_to(value, colon); /* host:port; IPv6 has more colons */
        if (limn_mask_is_ip(value))
                return limn_mask_wants(mask, LIMN_MASK_IP) && !limn_mask_is_loopback(value)
                               ? add_name(mask, LIMN_MASK_IP, value)
                               : 0;
        while (value.n && value.p[value.n - 1] == '.')
                value.n--; /* the root's dot */
        bool letter = false;
        for (size_t i = 0; i < value.n; i++) {
                bool beyond_ascii = (unsigned char)value.p[i] >= 0x80;
                letter = letter || limn_ascii_alpha(value.p[i]) || beyond_ascii;
                if (!limn_ascii_alnum(value.p[i]) && !strchr(".-_", value.p[i]) && !beyond_ascii)
                        return 0;
        }
        size_t digits = 0; /* binlog.000123 is a file */
        while (digits < value.n && limn_ascii_digit(value.p[value.n - 1 - digits]))
                digits++;
        if (digits >= 6 && digits < value.n && value.p[value.n - 1 - digits] == '.')
                return 0;
        if (!letter || !limn_mask_wants(mask, LIMN_MASK_HOST) || limn_mask_is_token(value))
                return 0;
        int r = add_name(mask, LIMN_MASK_HOST, value);
        return r < 0 ? r : add_labels(mask, value);
}

int limn_mask_add_piece(LimnMask *mask, LimnSlice piece)
{
        LimnSlice word = piece;
        while (word.n && limn_ascii_digit(word.p[word.n - 1]))
                word.n--;
        return !limn_mask_wants(mask, LIMN_MASK_HOST) || limn_mask_common(piece) ||
                               limn_mask_common(word) || limn_mask_reserved(word)
                       ? 0
                       : add_name(mask, LIMN_MASK_WORD, piece);
}

int limn_mask_add(LimnMask *mask, LimnMaskClass class, LimnSlice value)
{
        if (!value.p || !value.n)
                return 0;
        switch (class) {
        case LIMN_MASK_HOST:
        case LIMN_MASK_IP:
                return add_host(mask, value);
        case LIMN_MASK_DATABASE:
        case LIMN_MASK_TABLE:
                return add_qualified(mask, class, value);
        case LIMN_MASK_LITERAL:
                if (all_digits(value))
                        return 0; /* a number says little, and is everywhere */
                break;
        default:
                break;
        }
        return limn_mask_wants(mask, class) ? add_name(mask, class, value) : 0;
}

size_t limn_mask_n(const LimnMask *mask)
{
        return mask->n;
}

LimnMaskValue limn_mask_at(const LimnMask *mask, size_t i)
{
        const MaskValue *v = &mask->at[i];
        return (LimnMaskValue){v->class, v->value, v->token, v->common,
                               !v->common && v->value.n >= LIMN_MASK_ENCODED_MIN};
}

/* -- text ----------------------------------------------------------------------------------- */

static int replace(const LimnNeedles *needles, LimnSlice text, LimnBuf *out, size_t *ret_n)
{
        size_t kept = 0, n = 0, i = 0;
        for (const LimnNeedle *needle; (needle = limn_needles_next(needles, text, &i, text.n));) {
                limn_buf_add(out, limn_slice(text.p + kept, i - kept));
                limn_buf_add(out, needle->other);
                i += needle->text.n;
                kept = i;
                n++;
        }
        limn_buf_add(out, limn_slice_from(text, kept));
        if (ret_n)
                *ret_n = n;
        return out->error;
}

typedef struct Spans {
        struct Span {
                size_t from, to, value;
        } *at;
        size_t n, cap;
} Spans;

static int add_span(void *arg, size_t from, size_t to, size_t value)
{
        Spans *spans = arg;
        if (limn_vec_room(spans) < 0)
                return -ENOMEM;
        spans->at[spans->n++] = (struct Span){from, to, value};
        return 0;
}

/* The first, and of those the longest. */
static int by_place(const void *a, const void *b)
{
        const struct Span *x = a, *y = b;
        if (x->from != y->from)
                return x->from < y->from ? -1 : 1;
        if (x->to != y->to)
                return x->to > y->to ? -1 : 1;
        return x->value < y->value ? -1 : x->value > y->value;
}

/* Where a value hides, its token takes the place. Out stays empty when none does. */
static int reveal(const LimnMask *mask, LimnSlice text, LimnBuf *out, size_t *n)
{
        Spans spans = {0};
        int r = limn_mask_hidden(mask, text, add_span, &spans);
        if (spans.n)
                qsort(spans.at, spans.n, sizeof *spans.at, by_place);
        size_t kept = 0;
        for (size_t i = 0; r == 0 && i < spans.n; i++) {
                const struct Span *span = &spans.at[i];
                if (span->from < kept)
                        continue;
                limn_buf_add(out, limn_slice(text.p + kept, span->from - kept));
                r = limn_buf_add(out, mask->at[span->value].token);
                kept = span->to;
                (*n)++;
        }
        if (r == 0 && spans.n)
                r = limn_buf_add(out, limn_slice_from(text, kept));
        free(spans.at);
        return r;
}

int limn_mask_apply(const LimnMask *mask, LimnSlice text, LimnBuf *out, size_t *ret_n)
{
        LimnBuf held = LIMN_BUF(LIMN_OUTPUT_MAX);
        size_t hidden = 0, n = 0;
        int r = 0;
        /* What overlapped is found the next time. */
        for (int pass = 0; r == 0 && pass < PASSES_MAX; pass++) {
                LimnBuf shown = LIMN_BUF(LIMN_OUTPUT_MAX);
                r = reveal(mask, text, &shown, &hidden);
                if (shown.n == 0) {
                        limn_buf_done(&shown);
                        break;
                }
                limn_buf_done(&held);
                held = shown;
                text = limn_buf_slice(&held);
        }
        if (r == 0)
                r = replace(&mask->plain, text, out, &n);
        limn_buf_done(&held);
        if (ret_n)
                *ret_n = hidden + n;
        return r;
}

int limn_mask_undo(const LimnMask *mask, LimnSlice text, LimnBuf *out, size_t *ret_n)
{
        return replace(&mask->tokens, text, out, ret_n);
}

static bool in_run(char c)
{
        return limn_ascii_alnum(c) || c == '+' || c == '/' || c == '-' || c == '_';
}

int limn_mask_add_encoded(LimnMask *mask, LimnSlice text)
{
        int r = 0;
        const LimnNeedle *needle;
        for (size_t i = 0; r == 0 && (needle = limn_needles_next(&mask->encoded, text, &i, text.n));
             i++) {
                size_t from = i, to = i + needle->text.n;
                while (from > 0 && in_run(text.p[from - 1]) && i - from < ENCODED_RUN_MAX)
                        from--;
                while (to < text.n && in_run(text.p[to]) && to - i < ENCODED_RUN_MAX)
                        to++;
                while (from < i && !limn_ascii_alnum(text.p[from]))
                        from++;
                r = put(mask, LIMN_MASK_ENCODED, limn_slice(text.p + from, to - from), LIMN_NONE);
                i = to;
        }
        return r;
}

typedef struct Found {
        size_t before, value;
} Found;

static int first_of(void *arg, size_t from, size_t to, size_t value)
{
        Found *found = arg;
        if (from >= found->before)
                return 0;
        found->value = value;
        return 1;
}

int limn_mask_leak(const LimnMask *mask, LimnSlice text, size_t from, size_t to, size_t *ret)
{
        const LimnNeedles *const both[] = {&mask->plain, &mask->encoded};
        for (size_t k = 0; k < 2; k++) {
                const LimnNeedle *needle;
                for (size_t i = from; (needle = limn_needles_next(both[k], text, &i, to)); i++) {
                        if (needle->common)
                                continue; /* not provable; a shorter one would be inside it */
                        *ret = needle->value;
                        return 1;
                }
        }
        Found found = {to > from ? to - from : 0, 0};
        int r = limn_mask_hidden(mask, limn_slice_from(text, from), first_of, &found);
        *ret = found.value;
        return r;
}

size_t limn_mask_reach(const LimnMask *mask)
{
        size_t a = mask->plain.longest, b = mask->encoded.longest;
        size_t longest = a > b ? a : b;
        return longest < ENCODED_RUN_MAX ? ENCODED_RUN_MAX : longest;
}
