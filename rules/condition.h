/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Condition: a rule's searches, and the expression over their names, as one tree.
 *
 *      condition := or          or   := and { "or" and }      and := not { "and" not }
 *      not       := "not" not | atom
 *      atom      := "(" or ")" | ("1" | "any" | "all") "of" ("them" | pattern) | identifier
 *
 * `*` in a pattern is any run of characters; a pattern that does not begin with an underscore, and
 * `them`, never select names that do. A condition may be a list: any of them.
 */
#include "rules/item.h"

typedef struct LimnNode LimnNode;
struct LimnNode {
        enum LimnNodeKind { LIMN_NODE_ITEM, LIMN_NODE_AND, LIMN_NODE_OR, LIMN_NODE_NOT } kind;
        const LimnItem *item;
        const LimnNode **child; /* may be shared with other nodes */
        size_t n;
};

/* A search identifier of the `detection` map. */
typedef struct LimnSearch {
        LimnSlice name;
        const LimnYaml *node;
        const LimnNode *root;
        bool used; /* by the condition */
} LimnSearch;

typedef struct LimnCondition {
        const LimnNode *root;
        const LimnSearch *searches;
        size_t n_searches;
} LimnCondition;

/* The whole `detection` map. Every error in it is reported. */
int limn_condition_load(const LimnCondition **ret, LimnRules *rules, const LimnYamlFile *file,
                        const LimnYaml *detection, LimnDiag *diag);
/* The value of one search identifier: rules/search.c. */
int limn_search_load(const LimnNode **ret, LimnRules *rules, const LimnYamlFile *file,
                     const LimnYaml *value, LimnDiag *diag);

LimnVerdict limn_condition_match(const LimnCondition *condition, const LimnEvent *event,
                                 LimnRegexScratch *scratch);

/* Of a part of it. */
LimnVerdict limn_node_match(const LimnNode *node, const LimnEvent *event,
                            LimnRegexScratch *scratch);

/* A node with room for `n` children. NULL: no memory. */
LimnNode *limn_node_new(LimnArena *arena, enum LimnNodeKind kind, size_t n);
