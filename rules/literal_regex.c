/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mandatory literals of a regex: a cautious reader of PCRE's syntax that follows what it surely
 * understands (characters, classes, groups, alternatives, quantifiers) and gives up on the rest.
 * It may find too little, never too much.
 */
#include <errno.h>

#include "core/ascii.h"
#include "core/limits.h"
#include "rules/literal.h"

#define DEPTH_MAX 32

typedef struct Reader {
        LimnArena *arena;
        LimnSlice s;
        size_t i;
        unsigned depth;
        bool lost; /* something was not understood: no literals at all */
} Reader;

/* One concatenation: the run of characters being read, and the best set so far. */
typedef struct Run {
        char *p;
        size_t n;
        LimnLiterals best;
} Run;

static int end_run(Reader *r, Run *run)
{
        LimnLiterals one;
        int e = limn_literals_one(&one, limn_slice(run->p, run->n), r->arena);
        if (e == 0)
                limn_literals_better(&run->best, &one);
        run->n = 0;
        return e;
}

static bool more(const Reader *r)
{
        return r->i < r->s.n;
}

static char peek(const Reader *r, size_t ahead)
{
        return r->i + ahead < r->s.n ? r->s.p[r->i + ahead] : '\0';
}

typedef enum Times { ONCE, AT_LEAST_ONCE, MAYBE } Times;

/* A quantifier, if one follows. `{` that begins none is a character. */
static Times quantifier(Reader *r)
{
        char c = peek(r, 0);
        Times times = ONCE;
        if (c == '*' || c == '?') {
                times = MAYBE;
                r->i++;
        } else if (c == '+') {
                times = AT_LEAST_ONCE;
                r->i++;
        } else if (c == '{') {
                size_t k = 1, digits = 0;
                bool zero = true;
                for (; limn_ascii_digit(peek(r, k)); k++, digits++)
                        zero = zero && peek(r, k) == '0';
                if (digits == 0) {
                        /* {,n} is a quantifier in newer versions, text in older ones. */
                        r->lost = peek(r, k) == ',' || limn_ascii_space(peek(r, k));
                        return ONCE;
                }
                if (peek(r, k) == ',')
                        for (k++; limn_ascii_digit(peek(r, k)); k++)
                                ;
                if (peek(r, k) != '}')
                        return ONCE;
                times = zero ? MAYBE : AT_LEAST_ONCE;
                r->i += k + 1;
        } else {
                return ONCE;
        }
        if (peek(r, 0) == '?' || peek(r, 0) == '+')
                r->i++; /* lazy, possessive */
        return times;
}

/* Length of [:alpha:] and its like; 0: a bracket that is meant as such. */
static size_t named_class(const Reader *r)
{
        char kind = peek(r, 1);
        if (kind != ':' && kind != '.' && kind != '=')
                return 0;
        size_t k = 2;
        while (r->i + k < r->s.n && peek(r, k) != ']' && peek(r, k) != '\\')
                k++;
        return k > 2 && peek(r, k) == ']' && peek(r, k - 1) == kind ? k + 1 : 0;
}

/* Behind "[": to behind "]". */
static void skip_class(Reader *r)
{
        if (peek(r, 0) == '^')
                r->i++;
        if (peek(r, 0) == ']')
                r->i++;
        while (more(r) && peek(r, 0) != ']') {
                if (peek(r, 0) == '\\') {
                        if (peek(r, 1) == 'Q' || peek(r, 1) == 'E')
                                r->lost = true;
                        r->i += 2;
                } else if (peek(r, 0) == '[' && named_class(r)) {
                        r->i += named_class(r);
                } else {
                        r->i++;
                }
        }
        r->i++;
}

/* Behind a backslash. True: *ret is the character that is meant. */
static bool escape(Reader *r, char *ret, bool *ret_zero_width)
{
        char c = peek(r, 0);
        r->i++;
        *ret_zero_width = c == 'b' || c == 'B' || c == 'A' || c == 'z' || c == 'Z' || c == 'G';
        if (!limn_ascii_alnum(c)) {
                *ret = c;
                return c != '\0' && (unsigned char)c < 128;
        }
        if (c == 'Q' || c == 'E' || c == 'c' || c == 'C' || c == 'K')
                r->lost = true;
        if (limn_ascii_digit(c))
                while (limn_ascii_digit(peek(r, 0)))
                        r->i++;
        if (c == 'x')
                for (int k = 0; k < 2 && limn_ascii_hex(peek(r, 0)) >= 0; k++)
                        r->i++;
        if ((c == 'p' || c == 'P') && peek(r, 0) != '{')
                r->i++;
        if (c == 'g' && (peek(r, 0) == '-' || limn_ascii_digit(peek(r, 0))))
                r->lost = true;
        bool takes = c == 'p' || c == 'P' || c == 'x' || c == 'o' || c == 'g' || c == 'k' ||
                     c == 'N';
        char open = peek(r, 0);
        if (takes && (open == '{' || open == '<' || open == '\'')) {
                char close = open == '{' ? '}' : open == '<' ? '>' : '\'';
                r->i++;
                while (more(r) && peek(r, 0) != close)
                        r->i++;
                r->i++;
        }
        return false;
}

static int read_or(Reader *r, LimnLiterals *ret);

/* Behind "(". *ret_counts: what it holds must be met where it stands. */
static int read_group(Reader *r, LimnLiterals *ret, bool *ret_zero_width)
{
        bool counts = true;
        *ret_zero_width = false;
        if (peek(r, 0) == '*') {
                r->lost = true;
        } else if (peek(r, 0) == '?') {
                char c = peek(r, 1), d = peek(r, 2);
                bool look = c == '=' || c == '!' || (c == '<' && (d == '=' || d == '!'));
                if (c == ':' || c == '>') {
                        r->i += 2;
                } else if (look) {
                        r->i += c == '<' ? 3 : 2;
                        counts = false;
                        *ret_zero_width = true;
                } else if (c == '<' || c == '\'' || (c == 'P' && d == '<')) {
                        r->i += c == 'P' ? 3 : 2;
                        while (more(r) && peek(r, 0) != '>' && peek(r, 0) != '\'')
                                r->i++;
                        r->i++;
                } else if (c == 'i' || c == 'm' || c == 's') {
                        for (r->i++; peek(r, 0) == 'i' || peek(r, 0) == 'm' || peek(r, 0) == 's';)
                                r->i++;
                        if (peek(r, 0) == ':')
                                r->i++;
                        else if (peek(r, 0) != ')')
                                r->lost = true;
                } else {
                        r->lost = true; /* other options, conditions, comments, recursion */
                }
        }
        int e = read_or(r, ret);
        if (e < 0)
                return e;
        if (peek(r, 0) != ')')
                r->lost = true;
        r->i++;
        if (!counts)
                *ret = (LimnLiterals){0};
        return 0;
}

/* One character `c`, perhaps repeated. */
static int take_char(Reader *r, Run *run, char c)
{
        Times times = quantifier(r);
        int e = 0;
        if (times == MAYBE || !limn_literal_char(c))
                return end_run(r, run);
        run->p[run->n++] = c;
        if (times == AT_LEAST_ONCE) {
                e = end_run(r, run);
                run->p[run->n++] = c; /* the last of the repeated ones stands before what follows */
        }
        return e;
}

static int take_other(Reader *r, Run *run, const LimnLiterals *set)
{
        int e = end_run(r, run);
        Times times = quantifier(r);
        if (e == 0 && set && times != MAYBE)
                limn_literals_better(&run->best, set);
        return e;
}

static int read_concat(Reader *r, LimnLiterals *ret)
{
        Run run = {limn_arena_alloc(r->arena, (r->s.n - r->i) * 2 + 2), 0, {0}};
        int e = run.p ? 0 : -ENOMEM;
        while (e == 0 && more(r) && !r->lost && peek(r, 0) != '|' && peek(r, 0) != ')') {
                char c = r->s.p[r->i++];
                LimnLiterals set;
                bool zero_width = false;
                if (c == '(') {
                        e = read_group(r, &set, &zero_width);
                        if (e == 0)
                                e = take_other(r, &run, &set);
                } else if (c == '[') {
                        skip_class(r);
                        e = take_other(r, &run, NULL);
                } else if (c == '\\') {
                        if (escape(r, &c, &zero_width))
                                e = take_char(r, &run, c);
                        else if (!zero_width)
                                e = take_other(r, &run, NULL);
                } else if (c == '^' || c == '$') {
                        continue;
                } else if (c == '.') {
                        e = take_other(r, &run, NULL);
                } else if (c == '*' || c == '+' || c == '?') {
                        r->lost = true; /* behind something of no width */
                } else {
                        e = take_char(r, &run, c);
                }
        }
        if (e == 0)
                e = end_run(r, &run);
        *ret = run.best;
        return e;
}

static int read_or(Reader *r, LimnLiterals *ret)
{
        *ret = (LimnLiterals){0};
        if (++r->depth > DEPTH_MAX)
                r->lost = true;
        if (r->i > r->s.n)
                r->lost = true;
        int e = r->lost ? 0 : read_concat(r, ret);
        while (e == 0 && !r->lost && peek(r, 0) == '|') {
                LimnLiterals one;
                r->i++;
                e = read_concat(r, &one);
                if (e == 0)
                        e = limn_literals_join(ret, &one, r->arena);
        }
        r->depth--;
        return e;
}

int limn_literals_of_regex(LimnLiterals *ret, LimnSlice pattern, LimnArena *arena)
{
        Reader r = {.arena = arena, .s = pattern};
        /* Each group takes a run of its own: bound what a hostile pattern may ask for. */
        if (pattern.n > 4096) {
                *ret = (LimnLiterals){0};
                return 0;
        }
        int e = read_or(&r, ret);
        if (e == 0 && (r.lost || more(&r)))
                *ret = (LimnLiterals){0};
        return e;
}
