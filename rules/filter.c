/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Filter: a Sigma filter document, whose condition is added to those of the rules that it lists:
 * `(the rule's) and (the filter's)`. Its searches are its own: a rule's `1 of sel_*` never selects
 * them.
 */
#include <errno.h>

#include "core/vec.h"
#include "rules/condition.h"
#include "rules/loading.h"

struct LimnFilter {
        LimnLogsource logsource;
        const LimnYaml *rules;                /* a list; NULL: any */
        const LimnCondition *condition;
        const LimnYamlFile *file;
};

/* `any`, an empty list, one name or a list of names. */
static int load_rules(LimnFilter *f, const LimnYaml *map, LimnDiag *diag)
{
        const LimnYaml *node = limn_yaml_get(map, "rules");

        if (!node)
                return limn_yaml_error(f->file, map, diag, "a list of names or ids, or `any`",
                                       "filter does not say for which rules it is");
        if (node->type == LIMN_YAML_MAP)
                return limn_yaml_error(f->file, node, diag, "a list of names or ids, or `any`",
                                       "rules is not a list of names");
        if (node->type == LIMN_YAML_LIST ? node->n == 0
                                         : limn_slice_eq(node->scalar, LIMN_S("any")))
                return 0;
        f->rules = node;
        for (const LimnYaml *item = node->type == LIMN_YAML_LIST ? node->child : NULL; item;
             item = item->next)
                if (item->type != LIMN_YAML_SCALAR || item->scalar.n == 0)
                        return limn_yaml_error(f->file, item, diag, NULL, "not the name of a rule");
        return 0;
}

/* The map without `rules` has the form of a `detection`. */
static LimnYaml *without_rules(const LimnYaml *map, LimnArena *arena)
{
        LimnYaml *copy = limn_arena_new_of(arena, LimnYaml, 1), **end;

        if (!copy)
                return NULL;
        *copy = *map;
        copy->n = 0;
        end = &copy->child;
        for (const LimnYaml *item = map->child; item; item = item->next) {
                if (limn_slice_eq(item->key, LIMN_S("rules")))
                        continue;
                *end = limn_arena_new_of(arena, LimnYaml, 1);
                if (!*end)
                        return NULL;
                **end = *item;
                end = &(*end)->next;
                copy->n++;
        }
        *end = NULL;
        return copy;
}

static int load(LimnRules *rules, const LimnYamlFile *file, const LimnYaml *doc, LimnArena *arena,
                LimnDiag *diag)
{
        const LimnYaml *map = limn_yaml_get(doc, "filter"), *searches;
        LimnFilter f = {.file = file};
        LimnHead head = {0};
        int worst, e;

        if (map->type != LIMN_YAML_MAP)
                return limn_yaml_error(file, map, diag, NULL, "filter is not a map");
        searches = without_rules(map, arena);
        if (!searches)
                return -ENOMEM;
        worst = limn_head_load(&head, rules, file, doc, diag);
        if (worst == -ENOMEM)
                return worst;
        e = limn_logsource_load(&f.logsource, file, doc, "filter", diag);
        worst = worst ? worst : e;
        e = load_rules(&f, map, diag);
        worst = worst ? worst : e;
        e = limn_condition_load(&f.condition, rules, file, searches, diag);
        if (e == -ENOMEM)
                return e;
        worst = worst ? worst : e;
        if (worst < 0)
                return worst;
        if (limn_vec_room(&rules->loading->filters) < 0)
                return -ENOMEM;
        rules->loading->filters.at[rules->loading->filters.n] =
                limn_arena_new_of(arena, LimnFilter, 1);
        if (!rules->loading->filters.at[rules->loading->filters.n])
                return -ENOMEM;
        *rules->loading->filters.at[rules->loading->filters.n++] = f;
        return 0;
}

/* Does the rule's logsource say all that the filter's says? */
static bool says(LimnSlice asked, LimnSlice said)
{
        return !asked.p || (said.p && limn_slice_eq(asked, said));
}

static bool contained(const LimnFilter *f, const LimnDetection *d)
{
        return says(f->logsource.category, d->category) &&
               says(f->logsource.product, d->product) && says(f->logsource.service, d->service);
}

static int apply(LimnRules *rules, const LimnFilter *f, LimnDetection *d)
{
        LimnCondition *condition = limn_arena_new_of(rules->arena, LimnCondition, 1);
        LimnNode *both = limn_node_new(rules->arena, LIMN_NODE_AND, 2);

        if (!condition || !both)
                return -ENOMEM;
        both->child[both->n++] = d->condition->root;
        both->child[both->n++] = f->condition->root;
        *condition = *d->condition;
        condition->root = both;
        d->condition = condition;
        return 0;
}

static int apply_named(LimnRules *rules, const LimnFilter *f, const LimnYaml *name, LimnDiag *diag)
{
        const LimnDetection *d = limn_rules_detection(rules, name->scalar);

        if (!d && limn_loading_failed(rules, name->scalar))
                return -EINVAL;
        if (!d)
                return limn_yaml_error(f->file, name, diag, "filters are for detections",
                                       "there is no detection rule %.*s", LIMN_FMT(name->scalar));
        if (!contained(f, d))
                return limn_yaml_error(f->file, name, diag,
                                       "a filter is for rules whose logsource says all that its "
                                       "own does",
                                       "the filter's logsource is not that of rule %.*s",
                                       LIMN_FMT(name->scalar));
        return apply(rules, f, &rules->loading->detections.at[d->index]);
}

static int link(LimnRules *rules, LimnArena *arena, LimnDiag *diag)
{
        int worst = 0, e;

        for (size_t i = 0; i < rules->loading->filters.n; i++) {
                const LimnFilter *f = rules->loading->filters.at[i];

                for (size_t k = 0; k < rules->n_detections && !f->rules; k++)
                        if (contained(f, &rules->detections[k]) &&
                            apply(rules, f, &rules->loading->detections.at[k]) < 0)
                                return -ENOMEM;
                if (!f->rules)
                        continue;
                for (const LimnYaml *name = f->rules->type == LIMN_YAML_LIST ? f->rules->child
                                                                             : f->rules;
                     name; name = f->rules->type == LIMN_YAML_LIST ? name->next : NULL) {
                        e = apply_named(rules, f, name, diag);
                        if (e == -ENOMEM)
                                return e;
                        worst = worst ? worst : e;
                }
        }
        return worst;
}

const LimnKind limn_kind_filter = {
        .name = "filter",
        .key = "filter",
        .load = load,
        .link = link,
};
