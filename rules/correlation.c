/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "core/limits.h"
#include "rules/correlation_link.h"
#include "rules/correlation_read.h"

#define CORRELATION(name) extern const LimnCorrelationType limn_correlation_##name;
#include "rules/correlations.list"
#undef CORRELATION
#define CORRELATION(name) &limn_correlation_##name,
const LimnCorrelationType *const limn_correlation_types[] = {
#include "rules/correlations.list"
        NULL,
};
#undef CORRELATION

#define FAIL LIMN_READ_FAIL

int limn_read_texts(LimnReading *r, const LimnYaml *node, const char *what, const LimnSlice **ret,
                    size_t *ret_n)
{
        const LimnYaml *item = node && node->type == LIMN_YAML_LIST ? node->child : node;
        size_t n = node && node->type == LIMN_YAML_LIST ? node->n : node != NULL, i;
        LimnSlice *at;

        if (n > LIMN_CORRELATED_MAX)
                return FAIL(r, node, NULL, "more than %d entries in %s", LIMN_CORRELATED_MAX, what);
        at = limn_arena_new_of(r->arena, LimnSlice, n + 1);
        if (!at)
                return -ENOMEM;
        for (i = 0; i < n; i++, item = item->next) {
                if (item->type != LIMN_YAML_SCALAR || item->scalar.n == 0)
                        return FAIL(r, item, NULL, "%s is not a name or a list of names", what);
                at[i] = item->scalar;
        }
        *ret = at;
        *ret_n = n;
        return 0;
}

static int read_type(LimnReading *r)
{
        const LimnYaml *node = limn_yaml_get(r->map, "type");
        const LimnCorrelationType *const *t;

        if (!node || node->type != LIMN_YAML_SCALAR)
                return FAIL(r, node ? node : r->map, NULL, "a correlation needs a type");
        for (t = limn_correlation_types; *t; t++)
                if (limn_slice_eq(node->scalar, limn_slice_str((*t)->name))) {
                        r->ret->type = *t;
                        return 0;
                }
        return FAIL(r, node,
                    "event_count, temporal, temporal_ordered, value_avg, value_count, "
                    "value_median, value_percentile and value_sum",
                    "correlation type %.*s is not supported", LIMN_FMT(node->scalar));
}

static int read_rules(LimnReading *r)
{
        const LimnYaml *node = limn_yaml_get(r->map, "rules"), *item;
        const LimnYaml *condition = limn_yaml_get(r->map, "condition");
        const LimnSlice *names;
        size_t n, i, k;
        int e;

        /* A condition of names says them itself. */
        if (!node && condition && condition->type == LIMN_YAML_SCALAR &&
            !r->ret->type->needs_condition)
                e = limn_read_expression_names(r, node = condition, &names, &n);
        else if (!node)
                return FAIL(r, r->map, NULL, "a correlation needs rules");
        else
                e = limn_read_texts(r, node, "rules", &names, &n);
        if (e < 0)
                return e;
        if (n == 0)
                return FAIL(r, node, NULL, "a correlation needs at least one rule");
        r->ret->rules = limn_arena_new_of(r->arena, LimnCorrelated, n);
        if (!r->ret->rules)
                return -ENOMEM;
        r->ret->n_rules = n;
        item = node->type == LIMN_YAML_LIST ? node->child : node;
        for (i = 0; i < n; i++, item = node->type == LIMN_YAML_LIST ? item->next : node) {
                for (k = 0; k < i; k++)
                        if (limn_slice_eq(names[k], names[i]))
                                return FAIL(r, item, NULL, "rule %.*s is named twice",
                                            LIMN_FMT(names[i]));
                r->ret->rules[i].name = names[i];
                r->ret->rules[i].node = item;
        }
        return 0;
}

static int read_timespan(LimnReading *r)
{
        const LimnYaml *node = limn_yaml_get(r->map, "timespan");

        if (!node)
                return FAIL(r, r->map, "such as `timespan: 10m`", "a correlation needs a timespan");
        if (node->type != LIMN_YAML_SCALAR ||
            !limn_duration_parse(node->scalar, &r->ret->timespan) || r->ret->timespan <= 0)
                return FAIL(r, node, "a number and s, m, h, d, w, M or y: 90s, 15m, 2h",
                            "not a timespan");
        return 0;
}

/* What `alias` is called in rule i: as the aliases say, else the name itself. */
static int resolve(LimnReading *r, const LimnYaml *aliases, LimnSlice name, size_t i,
                   LimnSlice *ret)
{
        const LimnYaml *alias, *rule;

        *ret = name;
        for (alias = aliases ? aliases->child : NULL; alias; alias = alias->next) {
                if (!limn_slice_eq(alias->key, name))
                        continue;
                for (rule = alias->child; rule; rule = rule->next)
                        if (limn_slice_eq(rule->key, r->ret->rules[i].name))
                                *ret = rule->scalar;
        }
        return 0;
}

static int check_aliases(LimnReading *r, const LimnYaml *aliases)
{
        const LimnYaml *alias, *rule;
        size_t i;

        if (!aliases)
                return 0;
        if (aliases->type != LIMN_YAML_MAP)
                return FAIL(r, aliases, NULL, "aliases is not a map of names");
        for (alias = aliases->child; alias; alias = alias->next) {
                if (alias->type != LIMN_YAML_MAP)
                        return FAIL(r, alias, "such as `ip: {rule_a: src_ip, rule_b: peer}`",
                                    "an alias is not a map of rules to fields");
                for (rule = alias->child; rule; rule = rule->next) {
                        if (rule->type != LIMN_YAML_SCALAR || rule->scalar.n == 0)
                                return FAIL(r, rule, NULL, "not the name of a field");
                        for (i = 0; i < r->ret->n_rules; i++)
                                if (limn_slice_eq(rule->key, r->ret->rules[i].name))
                                        break;
                        if (i == r->ret->n_rules)
                                return FAIL(r, rule, NULL,
                                            "alias for %.*s, which is not among the rules",
                                            LIMN_FMT(rule->key));
                }
        }
        return 0;
}

static int read_groups(LimnReading *r)
{
        const LimnYaml *aliases = limn_yaml_get(r->map, "aliases");
        LimnCorrelation *c = r->ret;
        size_t i, k;
        int e;

        e = limn_read_texts(r, limn_yaml_get(r->map, "group-by"), "group-by", &c->group_by,
                            &c->n_group_by);
        if (e == 0)
                e = check_aliases(r, aliases);
        for (i = 0; i < c->n_rules && e == 0; i++) {
                LimnSlice *group = limn_arena_new_of(r->arena, LimnSlice, c->n_group_by + 1);
                LimnSlice *values = limn_arena_new_of(r->arena, LimnSlice, c->n_fields + 1);

                if (!group || !values)
                        return -ENOMEM;
                for (k = 0; k < c->n_group_by && e == 0; k++)
                        e = resolve(r, aliases, c->group_by[k], i, &group[k]);
                for (k = 0; k < c->n_fields && e == 0; k++)
                        e = resolve(r, aliases, c->fields[k], i, &values[k]);
                c->rules[i].group = group;
                c->rules[i].values = values;
        }
        return e;
}

/* The specification has it at the top, pySigma and hayabusa inside `correlation`. */
static int read_generate(LimnReading *r)
{
        const LimnYaml *inner = limn_yaml_get(r->map, "generate");
        const LimnYaml *outer = limn_yaml_get(r->doc, "generate");
        const LimnYaml *node = inner ? inner : outer;

        if (node && !limn_yaml_bool(node, &r->ret->generate))
                return FAIL(r, node, NULL, "generate is not true or false");
        return 0;
}

static int read_meaning(LimnReading *r)
{
        static const char *const known[] = {"explain", "tests", NULL};
        const LimnYaml *limn = limn_yaml_get(r->doc, "limn"), *explain;
        int e;

        if (!limn)
                return 0;
        if (limn->type != LIMN_YAML_MAP)
                return FAIL(r, limn, NULL, "limn is not a map");
        e = limn_yaml_known_keys(r->file, limn, known, r->diag);
        if (e < 0)
                return e;
        r->ret->tests = limn_yaml_get(limn, "tests");
        explain = limn_yaml_get(limn, "explain");
        return explain ? limn_template_load(&r->ret->explain, r->file, explain, r->arena, r->diag)
                       : 0;
}

static int load(LimnRules *rules, const LimnYamlFile *file, const LimnYaml *doc, LimnArena *arena,
                LimnDiag *diag)
{
        static const char *const known[] = {"type",      "rules",   "group-by", "timespan",
                                            "condition", "aliases", "generate", NULL};
        LimnCorrelation *c = limn_arena_new_of(arena, LimnCorrelation, 1);
        LimnReading r = {rules, file, doc, limn_yaml_get(doc, "correlation"), arena, diag, c};
        LimnHead head = {0};
        int e, worst;

        if (!c)
                return -ENOMEM;
        if (r.map->type != LIMN_YAML_MAP)
                return FAIL(&r, r.map, NULL, "correlation is not a map");
        worst = limn_head_load(&head, rules, file, doc, diag);
        if (worst == -ENOMEM)
                return worst;
        if (worst == 0) {
                c->id = head.id;
                c->name = head.name;
                c->title = head.title;
                c->level = head.level;
        }
        c->path = file->path;
        c->file = file;
        /* Each step needs what the one before read; of independent ones all errors are told. */
        e = limn_yaml_known_keys(file, r.map, known, diag);
        if (e == 0)
                e = read_type(&r);
        if (e == 0)
                e = read_rules(&r);
        if (e == 0)
                e = limn_read_condition(&r);
        if (e == 0)
                e = read_groups(&r);
        if (e != -ENOMEM && worst == 0)
                worst = e;
        e = e == -ENOMEM ? e : read_timespan(&r);
        if (e == 0)
                e = read_generate(&r);
        if (e == 0)
                e = read_meaning(&r);
        if (e == -ENOMEM)
                return e;
        if (worst == 0)
                worst = e;
        if (worst == 0)
                return limn_loading_add_correlation(rules, c);
        /* Who names it is told of this error only. */
        if (limn_loading_fail(rules, head.name) < 0 || limn_loading_fail(rules, head.id) < 0)
                return -ENOMEM;
        return worst;
}

const LimnKind limn_kind_correlation = {
        .name = "correlation rule",
        .key = "correlation",
        .load = load,
        .link = limn_correlation_link,
};
