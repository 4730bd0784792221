/* SPDX-License-Identifier: Apache-2.0 */
/* Search identifiers: maps are joined by AND, lists by OR, scalars without a field are keywords. */
#include <errno.h>

#include "rules/condition.h"

LimnNode *limn_node_new(LimnArena *arena, enum LimnNodeKind kind, size_t n)
{
        LimnNode *node = limn_arena_new_of(arena, LimnNode, 1);
        const LimnNode **child = limn_arena_new_of(arena, const LimnNode *, n + 1);
        if (!node || !child)
                return NULL;
        *node = (LimnNode){.kind = kind, .child = child};
        return node;
}

static int item_node(const LimnNode **ret, LimnRules *rules, const LimnYamlFile *file,
                     LimnSlice key, const LimnYaml *values, LimnDiag *diag)
{
        LimnNode *node = limn_node_new(rules->arena, LIMN_NODE_ITEM, 0);
        if (!node)
                return -ENOMEM;
        *ret = node;
        return limn_item_load(&node->item, rules, file, key, values, diag);
}

static bool all_scalars(const LimnYaml *list)
{
        for (const LimnYaml *child = list->child; child; child = child->next)
                if (child->type != LIMN_YAML_SCALAR)
                        return false;
        return true;
}

int limn_search_load(const LimnNode **ret, LimnRules *rules, const LimnYamlFile *file,
                     const LimnYaml *value, LimnDiag *diag)
{
        bool map = value->type == LIMN_YAML_MAP;
        if (value->type == LIMN_YAML_SCALAR || (!map && value->n && all_scalars(value)))
                return item_node(ret, rules, file, LIMN_NONE, value, diag);
        if (value->n == 0)
                return limn_yaml_error(file, value, diag, NULL, "an empty search matches nothing");
        LimnNode *node = limn_node_new(rules->arena, map ? LIMN_NODE_AND : LIMN_NODE_OR, value->n);
        if (!node)
                return -ENOMEM;
        int result = 0;
        for (const LimnYaml *child = value->child; child; child = child->next) {
                int r = map ? item_node(&node->child[node->n++], rules, file, child->key, child,
                                        diag)
                            : limn_search_load(&node->child[node->n++], rules, file, child, diag);
                if (r == -ENOMEM)
                        return r;
                if (r < 0)
                        result = r;
        }
        *ret = node;
        return result;
}
