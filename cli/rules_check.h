/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The checks of `limn rules check`: one file a subject, cli/rules_check*.c. A remark is a warning
 * at the place it speaks of; what is wrong beyond doubt was an error when the rule was loaded.
 */
#include "cli/rules_commands.h"
#include "rules/correlation.h"

typedef struct LimnCheck {
        const LimnRules *rules;
        const LimnDetection *rule; /* of a correlation: NULL */
        LimnDiag *diag;
        size_t remarks;
} LimnCheck;

/* node NULL: the rule as a whole. */
#define LIMN_REMARK(check, node, help, ...)                                                     \
        do {                                                                                    \
                (check)->remarks++;                                                             \
                limn_yaml_warn((check)->rule->file, (node) ? (node) : (check)->rule->document,  \
                               (check)->diag, help, __VA_ARGS__);                               \
        } while (0)

/* Does the template ask for this name? */
bool limn_template_asks(const LimnTemplate *t, LimnSlice name);

/* Values that meet everything, or nothing that another does not. */
void limn_check_values(LimnCheck *c);
/* A condition that can never hold, or always does. */
void limn_check_truth(LimnCheck *c);
/* By the records of the tests: fields that no record has, names that no hit gets, and rules that
 * meet each other's records. Of all given rules at once. 0 or -ENOMEM. */
int limn_check_records(LimnCheck *c);
/* One correlation: its tests, level and window. */
void limn_check_correlation(LimnCheck *c, const LimnCorrelation *rule);
