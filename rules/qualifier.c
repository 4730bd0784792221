/* SPDX-License-Identifier: Apache-2.0 */
#include "core/ascii.h"
#include "rules/qualifier.h"

typedef enum WordClass { OTHER, PLAIN_WORD, WHEN_WORD, ROLE_WORD } WordClass;

static const struct Known {
        const char *word;
        WordClass class;
        const char *role;
} known[] = {
#define ROLE(word, role) {word, ROLE_WORD, role},
#define WHEN(word) {word, WHEN_WORD, NULL},
#define PLAIN(word) {word, PLAIN_WORD, NULL},
#include "rules/qualifier.list"
#undef ROLE
#undef WHEN
#undef PLAIN
};

static bool is_separator(char c)
{
        return !limn_ascii_alnum(c) && (unsigned char)c < 0x80;
}

/* The next word of `s` from *at on; *at moves behind it. Empty at the end. */
static LimnSlice next_word(LimnSlice s, size_t *at)
{
        size_t start;

        while (*at < s.n && is_separator(s.p[*at]))
                ++*at;
        start = *at;
        while (*at < s.n && !is_separator(s.p[*at]))
                ++*at;
        return limn_slice(s.p + start, *at - start);
}

static bool is_number(LimnSlice word)
{
        size_t i;

        for (i = 0; i < word.n; i++)
                if (!limn_ascii_digit(word.p[i]))
                        return false;
        return word.n > 0;
}

static bool is(LimnSlice word, const char *text)
{
        return limn_slice_eq_nocase(word, limn_slice_str(text));
}

/* Dates (20261122, 2026, 112233) and the number of a rotated file (error.log.3, error.log.3.gz). */
static bool is_counter(LimnSlice name, LimnSlice word, size_t behind)
{
        size_t at = behind;
        LimnSlice next = next_word(name, &at), more = next_word(name, &at);

        if (!is_number(word))
                return false;
        if (word.n >= 4)
                return true;
        if (word.p == name.p || word.p[-1] != '.')
                return false;
        return next.n == 0 ||
               (more.n == 0 && (is(next, "gz") || is(next, "xz") || is(next, "bz2") ||
                                is(next, "zst")));
}

static WordClass classify(LimnSlice name, LimnSlice word, size_t behind, const char **ret_role)
{
        size_t i, at = behind;
        LimnSlice next = next_word(name, &at);

        if (is_counter(name, word, behind))
                return PLAIN_WORD;
        /* SHOW MASTER STATUS and SHOW MASTER LOGS are commands of any server with a binary log. */
        if (is(word, "master") && (is(next, "status") || is(next, "logs")))
                return PLAIN_WORD;
        for (i = 0; i < sizeof known / sizeof *known; i++) {
                if (!is(word, known[i].word))
                        continue;
                *ret_role = known[i].role;
                return known[i].class;
        }
        return OTHER;
}

/* old_primary, former-source, new_master: which of two, not what it is now. */
static bool is_former(LimnSlice word)
{
        return is(word, "old") || is(word, "former") || is(word, "ex") || is(word, "new") ||
               is(word, "previous");
}

static void extend(LimnSlice *span, LimnSlice word)
{
        if (!span->p)
                *span = word;
        else
                span->n = (size_t)(word.p + word.n - span->p);
}

static void words_of(LimnSlice name, LimnQualifier *q)
{
        LimnSlice former = LIMN_NONE, word;
        size_t at = 0;

        while ((word = next_word(name, &at)).n) {
                const char *role = NULL;
                WordClass class = classify(name, word, at, &role);

                if (class == ROLE_WORD && former.p) {
                        extend(&q->which, former);
                        extend(&q->which, word);
                } else if (class == ROLE_WORD && !q->role.p) {
                        q->role = limn_slice_str(role);
                } else if (class == WHEN_WORD && !q->when.p) {
                        q->when = word;
                } else if (class == OTHER) {
                        extend(&q->which, word);
                }
                former = is_former(word) ? word : LIMN_NONE;
        }
}

/* An archive is a folder to its members: `logs.tar.gz!error.log`. */
static size_t folder_length(LimnSlice path)
{
        size_t n = path.n;

        while (n && path.p[n - 1] != '/' && path.p[n - 1] != '!')
                n--;
        return n;
}

LimnQualifier limn_qualifier(LimnSlice path)
{
        size_t n = folder_length(path);
        LimnQualifier q = {.folder = limn_slice(path.p, n ? n - 1 : 0)};

        words_of(limn_slice_from(path, n), &q);
        return q;
}

static size_t common_folders(LimnSlice a, LimnSlice b)
{
        size_t i, end = 0;

        for (i = 0; i < a.n && i < b.n && a.p[i] == b.p[i]; i++)
                if (a.p[i] == '/')
                        end = i + 1;
        return end;
}

/* The next component whose name says more than what kind of files it holds. */
static LimnQualifier next_telling(LimnSlice folders, size_t *at)
{
        while (*at < folders.n) {
                LimnSlice rest = limn_slice_from(folders, *at);
                size_t n = limn_slice_chr(rest, '/');
                LimnQualifier q = {0};

                words_of(limn_slice_to(rest, n), &q);
                *at += n + 1;
                if (q.role.p || q.which.p)
                        return q;
        }
        return (LimnQualifier){0};
}

bool limn_folders_alike(LimnSlice a, LimnSlice b)
{
        size_t la = folder_length(a), lb = folder_length(b), common;
        size_t at_a, at_b;

        a = limn_slice_to(a, la);
        b = limn_slice_to(b, lb);
        common = common_folders(a, b);
        for (at_a = at_b = common;;) {
                LimnQualifier x = next_telling(a, &at_a), y = next_telling(b, &at_b);

                if (!limn_slice_eq_nocase(x.role, y.role) ||
                    !limn_slice_eq_nocase(x.which, y.which))
                        return false;
                if (!x.role.p && !x.which.p)
                        return true;
        }
}
