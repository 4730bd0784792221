/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `a and (b or c) and not d` over the rules of a correlation, into alternatives: `a b` without d,
 * or `a c` without d. not binds tighter than and, that tighter than or.
 */
#include <errno.h>

#include "core/ascii.h"
#include "core/limits.h"
#include "rules/correlation_read.h"

#define FAIL LIMN_READ_FAIL

enum { WORDS = (LIMN_CORRELATED_MAX + 63) / 64 };

typedef struct Set {
        uint64_t bits[WORDS];
} Set;

typedef struct Way {
        Set with, without;
} Way;

typedef struct Ways {
        Way at[LIMN_ALTERNATIVES_MAX];
        size_t n;
} Ways;

typedef struct Parser {
        LimnReading *r;
        const LimnYaml *node;
        LimnSlice rest, token; /* token.n 0: the end */
        unsigned depth;
        Set seen, wanted; /* wanted: not only under a not */
} Parser;

static bool has(const Set *set, size_t i)
{
        return set->bits[i / 64] >> (i % 64) & 1;
}

static void put(Set *set, size_t i)
{
        set->bits[i / 64] |= UINT64_C(1) << (i % 64);
}

static bool within(const Set *small, const Set *large)
{
        for (size_t i = 0; i < WORDS; i++)
                if (small->bits[i] & ~large->bits[i])
                        return false;
        return true;
}

static bool meet(const Set *a, const Set *b)
{
        for (size_t i = 0; i < WORDS; i++)
                if (a->bits[i] & b->bits[i])
                        return true;
        return false;
}

static Set both(const Set *a, const Set *b)
{
        Set ret;

        for (size_t i = 0; i < WORDS; i++)
                ret.bits[i] = a->bits[i] | b->bits[i];
        return ret;
}

static bool word_char(char c)
{
        return limn_ascii_alnum(c) || c == '_' || c == '-' || c == '.';
}

static void next(Parser *p)
{
        LimnSlice s = p->rest;
        size_t n = 0;

        while (s.n && limn_ascii_space(s.p[0]))
                s = limn_slice_from(s, 1);
        while (n < s.n && word_char(s.p[n]))
                n++;
        if (n == 0 && s.n)
                n = 1;
        p->token = limn_slice(s.p, n);
        p->rest = limn_slice_from(s, n);
}

static bool is(const Parser *p, const char *token)
{
        return limn_slice_eq(p->token, limn_slice_str(token));
}

/* Is b met whenever a is, with no fewer events around it that must not be? */
static bool asks_less(const Way *a, const Way *b)
{
        static const Set none;

        return within(&a->with, &b->with) && within(&a->without, &b->without) &&
               (within(&a->without, &none) || within(&b->with, &a->with));
}

/* Adds a way that can be and does not stand there yet. */
static int add(Parser *p, Ways *to, const Way *way)
{
        size_t i;

        if (meet(&way->with, &way->without))
                return 0;
        for (i = 0; i < to->n; i++)
                if (memcmp(&to->at[i], way, sizeof *way) == 0)
                        return 0;
        if (to->n == LIMN_ALTERNATIVES_MAX)
                return FAIL(p->r, p->node, "make it several correlations",
                            "the condition has more than %d alternatives", LIMN_ALTERNATIVES_MAX);
        to->at[to->n++] = *way;
        return 0;
}

/* Drops the ways that ask for more than another. Only of the whole condition: what asks for less
 * may yet be joined to a `not`, and then does not stand for the other any more. */
static void drop(Ways *ways)
{
        size_t n = 0, i, k;

        for (i = 0; i < ways->n; i++) {
                bool more = false;

                for (k = 0; k < n && !more; k++)
                        more = asks_less(&ways->at[k], &ways->at[i]);
                for (k = i + 1; k < ways->n && !more; k++)
                        more = asks_less(&ways->at[k], &ways->at[i]);
                if (!more)
                        ways->at[n++] = ways->at[i];
        }
        ways->n = n;
}

static int either(Parser *p, Ways *ret, const Ways *b)
{
        int e = 0;

        for (size_t i = 0; i < b->n && e == 0; i++)
                e = add(p, ret, &b->at[i]);
        return e;
}

static int each(Parser *p, Ways *ret, const Ways *b)
{
        Ways *product = limn_arena_new_of(p->r->arena, Ways, 1);
        int e = product ? 0 : -ENOMEM;
        size_t i, k;

        for (i = 0; i < ret->n && e == 0; i++)
                for (k = 0; k < b->n && e == 0; k++) {
                        Way way = {both(&ret->at[i].with, &b->at[k].with),
                                   both(&ret->at[i].without, &b->at[k].without)};

                        e = add(p, product, &way);
                }
        if (e == 0)
                *ret = *product;
        return e;
}

static int parse_or(Parser *p, bool negate, Ways **ret);

static int parse_name(Parser *p, bool negate, Ways **ret)
{
        const LimnCorrelation *c = p->r->ret;
        Way way = {0};
        size_t i;

        if (p->token.n == 0 || !word_char(p->token.p[0]) || is(p, "and") || is(p, "or"))
                return FAIL(p->r, p->node, "rules, and, or, not and parentheses",
                            p->token.n ? "\"%.*s\" where the name of a rule should stand"
                                       : "the condition ends%.*s where a rule should stand",
                            LIMN_FMT(p->token));
        for (i = 0; i < c->n_rules; i++)
                if (limn_slice_eq(c->rules[i].name, p->token))
                        break;
        if (i == c->n_rules)
                return FAIL(p->r, p->node, "every rule of the condition stands in `rules`",
                            "%.*s is not among the rules", LIMN_FMT(p->token));
        *ret = limn_arena_new_of(p->r->arena, Ways, 1);
        if (!*ret)
                return -ENOMEM;
        put(&p->seen, i);
        if (!negate)
                put(&p->wanted, i);
        put(negate ? &way.without : &way.with, i);
        next(p);
        return add(p, *ret, &way);
}

static int parse_not(Parser *p, bool negate, Ways **ret)
{
        bool parenthesis = is(p, "(");
        int e;

        if (!parenthesis && !is(p, "not"))
                return parse_name(p, negate, ret);
        if (++p->depth > LIMN_CONDITION_DEPTH_MAX)
                return FAIL(p->r, p->node, NULL, "the condition is nested deeper than %d",
                            LIMN_CONDITION_DEPTH_MAX);
        next(p);
        e = parenthesis ? parse_or(p, negate, ret) : parse_not(p, !negate, ret);
        p->depth--;
        if (e < 0 || !parenthesis)
                return e;
        if (!is(p, ")"))
                return FAIL(p->r, p->node, NULL, "a parenthesis is not closed");
        next(p);
        return 0;
}

/* Under a not, and is or, and or is and. */
static int parse_and(Parser *p, bool negate, Ways **ret)
{
        int e = parse_not(p, negate, ret);

        while (e == 0 && is(p, "and")) {
                Ways *more = NULL;

                next(p);
                e = parse_not(p, negate, &more);
                if (e == 0)
                        e = negate ? either(p, *ret, more) : each(p, *ret, more);
        }
        return e;
}

static int parse_or(Parser *p, bool negate, Ways **ret)
{
        int e = parse_and(p, negate, ret);

        while (e == 0 && is(p, "or")) {
                Ways *more = NULL;

                next(p);
                e = parse_and(p, negate, &more);
                if (e == 0)
                        e = negate ? each(p, *ret, more) : either(p, *ret, more);
        }
        return e;
}

static int keep(LimnReading *r, const Way *way, LimnAlternative *ret)
{
        LimnCorrelation *c = r->ret;
        uint32_t *with = limn_arena_new_of(r->arena, uint32_t, c->n_rules);
        LimnWithout *without = limn_arena_new_of(r->arena, LimnWithout, c->n_rules);
        uint32_t i;

        if (!with || !without)
                return -ENOMEM;
        ret->with = with;
        ret->without = without;
        for (i = 0; i < c->n_rules; i++) {
                if (has(&way->with, i)) {
                        with[ret->n_with++] = i;
                } else if (has(&way->without, i)) {
                        without[ret->n_without++] = (LimnWithout){i, (uint32_t)ret->n_with};
                        c->forbidden[i] = true;
                }
        }
        return 0;
}

/* `wanted` are of the window even where the ways that name them ask for more than others. */
static int keep_all(LimnReading *r, const Way *ways, size_t n, const Set *wanted)
{
        LimnCorrelation *c = r->ret;
        LimnAlternative *at = limn_arena_new_of(r->arena, LimnAlternative, n);
        int e = 0;

        c->present = limn_arena_new_of(r->arena, bool, c->n_rules);
        c->forbidden = limn_arena_new_of(r->arena, bool, c->n_rules);
        if (!at || !c->present || !c->forbidden)
                return -ENOMEM;
        for (size_t i = 0; i < c->n_rules; i++)
                c->present[i] = has(wanted, i);
        for (size_t i = 0; i < n && e == 0; i++)
                e = keep(r, &ways[i], &at[i]);
        c->alternatives = at;
        c->n_alternatives = n;
        return e;
}

int limn_read_all_of_them(LimnReading *r)
{
        Way all = {0};

        for (size_t i = 0; i < r->ret->n_rules; i++)
                put(&all.with, i);
        return keep_all(r, &all, 1, &all.with);
}

int limn_read_expression(LimnReading *r, const LimnYaml *node)
{
        Parser p = {.r = r, .node = node, .rest = node->scalar};
        Ways *ways = NULL;
        size_t i;
        int e;

        if (node->scalar.n > LIMN_CONDITION_MAX)
                return FAIL(r, node, NULL, "the condition is longer than %d bytes",
                            LIMN_CONDITION_MAX);
        next(&p);
        e = parse_or(&p, false, &ways);
        if (e < 0)
                return e;
        if (p.token.n)
                return FAIL(r, node, "rules, and, or, not and parentheses",
                            "\"%.*s\" where `and`, `or` or the end should stand",
                            LIMN_FMT(p.token));
        for (i = 0; i < r->ret->n_rules; i++)
                if (!has(&p.seen, i))
                        return FAIL(r, r->ret->rules[i].node, "name it in the condition, or leave "
                                                              "it out of the rules",
                                    "the condition does not speak of rule %.*s",
                                    LIMN_FMT(r->ret->rules[i].name));
        if (ways->n == 0)
                return FAIL(r, node, NULL, "the condition can never hold");
        for (i = 0; i < ways->n; i++)
                if (within(&ways->at[i].with, &(Set){{0}}))
                        return FAIL(r, node, "say with `and` what must be there",
                                    "a condition that nothing at all would meet says nothing");
        drop(ways);
        r->ret->expression = node->scalar;
        if (!r->ret->type->ordered)
                r->ret->type = &limn_correlation_alternatives;
        return keep_all(r, ways->at, ways->n, &p.wanted);
}

int limn_read_expression_names(LimnReading *r, const LimnYaml *node, const LimnSlice **ret,
                               size_t *ret_n)
{
        Parser p = {.r = r, .node = node, .rest = node->scalar};
        LimnSlice *names = limn_arena_new_of(r->arena, LimnSlice, LIMN_CORRELATED_MAX);
        size_t n = 0, i;

        if (!names)
                return -ENOMEM;
        for (next(&p); p.token.n; next(&p)) {
                if (!word_char(p.token.p[0]) || is(&p, "and") || is(&p, "or") || is(&p, "not"))
                        continue;
                for (i = 0; i < n; i++)
                        if (limn_slice_eq(names[i], p.token))
                                break;
                if (i < n)
                        continue;
                if (n == LIMN_CORRELATED_MAX)
                        return FAIL(r, node, NULL, "more than %d entries in the condition",
                                    LIMN_CORRELATED_MAX);
                names[n++] = p.token;
        }
        *ret = names;
        *ret_n = n;
        return 0;
}
