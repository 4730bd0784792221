/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A correlation document while it is read. Private to rules/correlation*.c. */
#include "rules/correlation.h"

typedef struct LimnReading {
        LimnRules *rules;
        const LimnYamlFile *file;
        const LimnYaml *doc, *map; /* map: `correlation` */
        LimnArena *arena;
        LimnDiag *diag;
        LimnCorrelation *ret;
} LimnReading;

#define LIMN_READ_FAIL(r, node, help, ...) \
        limn_yaml_error((r)->file, (node), (r)->diag, (help), __VA_ARGS__)

/* A list of texts, or one text. *ret_n 0 when `node` is NULL. */
int limn_read_texts(LimnReading *r, const LimnYaml *node, const char *what, const LimnSlice **ret,
                    size_t *ret_n);
/* `condition`, once type and rules are known: a map of comparisons, or a text. */
int limn_read_condition(LimnReading *r);
/* A text of and, or, not: into alternatives. */
int limn_read_expression(LimnReading *r, const LimnYaml *node);
/* The names in such a text, in the order in which they first come. */
int limn_read_expression_names(LimnReading *r, const LimnYaml *node, const LimnSlice **ret,
                               size_t *ret_n);
/* All rules, in the listed order, as the one alternative. 0 or -ENOMEM. */
int limn_read_all_of_them(LimnReading *r);
