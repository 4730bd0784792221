/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/condition.h"

#include <errno.h>

#include "core/ascii.h"
#include "core/limits.h"

typedef struct Parser {
        LimnArena *arena;
        const LimnYamlFile *file;
        const LimnYaml *node;
        LimnDiag *diag;
        LimnSearch *searches;
        size_t n_searches;
        LimnSlice rest;
        LimnSlice token; /* a word, a parenthesis, or empty at the end */
        unsigned depth;
} Parser;

static bool word_char(char c)
{
        return limn_ascii_alnum(c) || c == '_' || c == '-' || c == '*';
}

static void next(Parser *p)
{
        while (p->rest.n && limn_ascii_space(p->rest.p[0]))
                p->rest = limn_slice_from(p->rest, 1);
        size_t n = 0;
        while (n < p->rest.n && word_char(p->rest.p[n]))
                n++;
        if (n == 0 && p->rest.n)
                n = 1;
        p->token = limn_slice_to(p->rest, n);
        p->rest = limn_slice_from(p->rest, n);
}

static bool is(const Parser *p, const char *word)
{
        return limn_slice_eq(p->token, limn_slice_str(word));
}

static bool is_word(LimnSlice token)
{
        return token.n && word_char(token.p[0]);
}

static int unexpected(Parser *p, const char *wanted)
{
        if (p->token.n == 0)
                return limn_yaml_error(p->file, p->node, p->diag, NULL,
                                       "the condition ends where %s should follow", wanted);
        if (is(p, "|"))
                return limn_yaml_error(p->file, p->node, p->diag,
                                       "write a correlation rule (event_count, value_count, "
                                       "temporal) over this one",
                                       "aggregations behind a pipe are no longer part of Sigma");
        return limn_yaml_error(p->file, p->node, p->diag,
                               "and, or, not, parentheses, `1 of`, `any of` and `all of`",
                               "\"%.*s\" where %s should stand", LIMN_FMT(p->token), wanted);
}

/* `*` is any run; everything else is itself. */
static bool selects(LimnSlice pattern, LimnSlice name)
{
        size_t p = 0, i = 0, star = SIZE_MAX, star_i = 0;
        for (;;) {
                if (p < pattern.n && pattern.p[p] == '*') {
                        star = p++;
                        star_i = i;
                } else if (i == name.n) {
                        return p == pattern.n;
                } else if (p < pattern.n && pattern.p[p] == name.p[i]) {
                        p++;
                        i++;
                } else if (star != SIZE_MAX) {
                        p = star + 1;
                        i = ++star_i;
                } else {
                        return false;
                }
        }
}

static int parse_quantified(Parser *p, bool all, const LimnNode **ret)
{
        LimnSlice pattern = p->token;
        if (!is_word(pattern))
                return unexpected(p, "a pattern or `them`");
        next(p);
        bool them = limn_slice_eq(pattern, LIMN_S("them"));
        LimnNode *node = limn_node_new(p->arena, all ? LIMN_NODE_AND : LIMN_NODE_OR,
                                       p->n_searches);
        if (!node)
                return -ENOMEM;
        for (size_t i = 0; i < p->n_searches; i++) {
                LimnSearch *search = &p->searches[i];
                bool hidden = search->name.p[0] == '_' && (them || pattern.p[0] != '_');
                if (hidden || (!them && !selects(pattern, search->name)))
                        continue;
                search->used = true;
                node->child[node->n++] = search->root;
        }
        if (node->n == 0)
                return limn_yaml_error(p->file, p->node, p->diag,
                                       "names that begin with an underscore are only selected by "
                                       "patterns that do",
                                       "no search matches \"%.*s\"", LIMN_FMT(pattern));
        *ret = node;
        return 0;
}

static int parse_or(Parser *p, const LimnNode **ret);

static int parse_atom(Parser *p, const LimnNode **ret)
{
        if (is(p, "(")) {
                next(p);
                int r = parse_or(p, ret);
                if (r < 0)
                        return r;
                if (!is(p, ")"))
                        return unexpected(p, "\")\"");
                next(p);
                return 0;
        }
        LimnSlice word = p->token;
        if (!is_word(word) || is(p, "and") || is(p, "or") || is(p, "of"))
                return unexpected(p, "the name of a search");
        next(p);
        bool all = limn_slice_eq(word, LIMN_S("all"));
        if (is(p, "of") && (all || limn_slice_eq(word, LIMN_S("1")) ||
                            limn_slice_eq(word, LIMN_S("any")))) {
                next(p);
                return parse_quantified(p, all, ret);
        }
        for (size_t i = 0; i < p->n_searches; i++) {
                if (!limn_slice_eq(word, p->searches[i].name))
                        continue;
                p->searches[i].used = true;
                *ret = p->searches[i].root;
                return 0;
        }
        if (limn_slice_eq_nocase(word, LIMN_S("and")) || limn_slice_eq_nocase(word, LIMN_S("or")) ||
            limn_slice_eq_nocase(word, LIMN_S("not")))
                return limn_yaml_error(p->file, p->node, p->diag, "and, or, not are lower case",
                                       "unknown search \"%.*s\"", LIMN_FMT(word));
        return limn_yaml_error(p->file, p->node, p->diag,
                               "a name in the condition must be a key of `detection`",
                               "unknown search \"%.*s\"", LIMN_FMT(word));
}

static int parse_not(Parser *p, const LimnNode **ret)
{
        if (!is(p, "not"))
                return parse_atom(p, ret);
        if (++p->depth > LIMN_CONDITION_DEPTH_MAX)
                return limn_yaml_error(p->file, p->node, p->diag, NULL,
                                       "the condition is nested deeper than %d",
                                       LIMN_CONDITION_DEPTH_MAX);
        next(p);
        LimnNode *node = limn_node_new(p->arena, LIMN_NODE_NOT, 1);
        if (!node)
                return -ENOMEM;
        int r = parse_not(p, &node->child[0]);
        node->n = 1;
        p->depth--;
        *ret = node;
        return r;
}

/* `first { word next }`: a chain becomes one node. */
static int parse_chain(Parser *p, const char *word, enum LimnNodeKind kind,
                       int (*parse)(Parser *p, const LimnNode **ret), const LimnNode **ret)
{
        const LimnNode *one;
        int r = parse(p, &one);
        if (r < 0 || !is(p, word)) {
                if (r == 0)
                        *ret = one;
                return r;
        }
        size_t cap = 8;
        LimnNode *node = limn_node_new(p->arena, kind, cap);
        if (!node)
                return -ENOMEM;
        node->child[node->n++] = one;
        while (is(p, word)) {
                next(p);
                r = parse(p, &one);
                if (r < 0)
                        return r;
                if (node->n == cap) {
                        const LimnNode **more = limn_arena_new_of(p->arena, const LimnNode *,
                                                                  cap * 2 + 1);
                        if (!more)
                                return -ENOMEM;
                        memcpy(more, node->child, cap * sizeof *more);
                        node->child = more;
                        cap *= 2;
                }
                node->child[node->n++] = one;
        }
        *ret = node;
        return 0;
}

static int parse_and(Parser *p, const LimnNode **ret)
{
        return parse_chain(p, "and", LIMN_NODE_AND, parse_not, ret);
}

static int parse_or(Parser *p, const LimnNode **ret)
{
        if (++p->depth > LIMN_CONDITION_DEPTH_MAX)
                return limn_yaml_error(p->file, p->node, p->diag, NULL,
                                       "the condition is nested deeper than %d",
                                       LIMN_CONDITION_DEPTH_MAX);
        int r = parse_chain(p, "or", LIMN_NODE_OR, parse_and, ret);
        p->depth--;
        return r;
}

static int parse_one(Parser *p, const LimnYaml *node, const LimnNode **ret)
{
        p->node = node;
        p->depth = 0;
        if (node->type != LIMN_YAML_SCALAR || limn_yaml_is_null(node))
                return limn_yaml_error(p->file, node, p->diag, NULL, "a condition is a text");
        if (node->scalar.n > LIMN_CONDITION_MAX)
                return limn_yaml_error(p->file, node, p->diag, NULL,
                                       "the condition is longer than %d bytes", LIMN_CONDITION_MAX);
        p->rest = node->scalar;
        next(p);
        int r = parse_or(p, ret);
        if (r < 0)
                return r;
        return p->token.n ? unexpected(p, "`and`, `or` or the end") : 0;
}

static int parse_all(Parser *p, const LimnYaml *condition, const LimnNode **ret)
{
        if (condition->type == LIMN_YAML_SCALAR)
                return parse_one(p, condition, ret);
        if (condition->type == LIMN_YAML_MAP || condition->n == 0)
                return limn_yaml_error(p->file, condition, p->diag, NULL,
                                       "a condition is a text or a list of them");
        LimnNode *node = limn_node_new(p->arena, LIMN_NODE_OR, condition->n);
        if (!node)
                return -ENOMEM;
        int result = 0;
        for (const LimnYaml *one = condition->child; one; one = one->next) {
                int r = parse_one(p, one, &node->child[node->n++]);
                if (r == -ENOMEM)
                        return r;
                if (r < 0)
                        result = r;
        }
        *ret = node;
        return result;
}

static bool identifier(LimnSlice name)
{
        for (size_t i = 0; i < name.n; i++)
                if (!word_char(name.p[i]) || name.p[i] == '*')
                        return false;
        return name.n > 0 && !limn_slice_eq(name, LIMN_S("and")) &&
               !limn_slice_eq(name, LIMN_S("or")) && !limn_slice_eq(name, LIMN_S("not")) &&
               !limn_slice_eq(name, LIMN_S("of")) && !limn_slice_eq(name, LIMN_S("them"));
}

static int searches_load(Parser *p, LimnRules *rules, const LimnYaml *detection)
{
        int result = 0;
        for (const LimnYaml *entry = detection->child; entry; entry = entry->next) {
                if (limn_slice_eq(entry->key, LIMN_S("condition")))
                        continue;
                int r = 0;
                if (limn_slice_eq(entry->key, LIMN_S("timeframe"))) {
                        r = limn_yaml_error(p->file, entry, p->diag,
                                            "write a correlation rule with a timespan over this "
                                            "one",
                                            "timeframe is no longer part of Sigma");
                } else if (!identifier(entry->key)) {
                        r = limn_yaml_error(p->file, entry, p->diag,
                                            "letters, digits, _ and -; not and, or, not, of, them",
                                            "\"%.*s\" cannot be the name of a search",
                                            LIMN_FMT(entry->key));
                } else {
                        LimnSearch *search = &p->searches[p->n_searches++];
                        *search = (LimnSearch){.name = entry->key, .node = entry};
                        r = limn_search_load(&search->root, rules, p->file, entry, p->diag);
                }
                if (r == -ENOMEM)
                        return r;
                if (r < 0)
                        result = r;
        }
        return result;
}

int limn_condition_load(const LimnCondition **ret, LimnRules *rules, const LimnYamlFile *file,
                        const LimnYaml *detection, LimnDiag *diag)
{
        if (detection->type != LIMN_YAML_MAP)
                return limn_yaml_error(file, detection, diag, NULL,
                                       "detection must be a map of searches and a condition");
        LimnCondition *condition = limn_arena_new_of(rules->arena, LimnCondition, 1);
        Parser p = {.arena = rules->arena, .file = file, .diag = diag};
        p.searches = limn_arena_new_of(rules->arena, LimnSearch, detection->n + 1);
        if (!condition || !p.searches)
                return -ENOMEM;
        int result = searches_load(&p, rules, detection);
        if (result == -ENOMEM)
                return result;
        const LimnYaml *text = limn_yaml_get(detection, "condition");
        int r;
        if (!text)
                r = limn_yaml_error(file, detection, diag, "add `condition: NAME`",
                                    "detection has no condition");
        else
                r = parse_all(&p, text, &condition->root);
        if (r < 0)
                result = r;
        condition->searches = p.searches;
        condition->n_searches = p.n_searches;
        *ret = condition;
        return result;
}

LimnVerdict limn_node_match(const LimnNode *node, const LimnEvent *event,
                              LimnRegexScratch *scratch)
{
        if (node->kind == LIMN_NODE_ITEM)
                return limn_item_match(node->item, event, scratch);
        if (node->kind == LIMN_NODE_NOT) {
                LimnVerdict v = limn_node_match(node->child[0], event, scratch);
                return v == LIMN_UNKNOWN ? v : v == LIMN_YES ? LIMN_NO : LIMN_YES;
        }
        LimnVerdict decides = node->kind == LIMN_NODE_AND ? LIMN_NO : LIMN_YES;
        bool unknown = false;
        for (size_t i = 0; i < node->n; i++) {
                LimnVerdict v = limn_node_match(node->child[i], event, scratch);
                if (v == decides)
                        return v;
                unknown |= v == LIMN_UNKNOWN;
        }
        return unknown ? LIMN_UNKNOWN : decides == LIMN_NO ? LIMN_YES : LIMN_NO;
}

LimnVerdict limn_condition_match(const LimnCondition *condition, const LimnEvent *event,
                                 LimnRegexScratch *scratch)
{
        return limn_node_match(condition->root, event, scratch);
}
