/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The subcommands of `limn rules`: one file each, cli/rules_<name>.c. */
#include "cli/cli.h"
#include "rules/matcher.h"

typedef struct LimnRulesCommand {
        const char *name, *usage, *help;
        size_t min_args, max_args; /* behind its name */
        /* An exit status or -ENOMEM. args and n_args are those behind the name. */
        int (*run)(LimnCli *cli, const char *const *args, size_t n_args);
} LimnRulesCommand;

extern const LimnRulesCommand limn_rules_check, limn_rules_draft, limn_rules_list, limn_rules_match,
        limn_rules_show, limn_rules_test;

/* Is the rule one that the user named, not one of the pack beside it (LIMN_PACK_BESIDE)? */
bool limn_rule_is_given(const char *path);
/* Can a format give events to this rule? */
bool limn_rule_applies(const LimnDetection *rule);

/* Sees the records of a detection's tests, and what each rule meets in them. */
typedef struct LimnTestWatch {
        void *arg;
        /* `test` counts from 0, `should` it be met? Events and matches die with the call. */
        void (*event)(void *arg, const LimnEvent *event, size_t test, bool should);
        void (*match)(void *arg, const LimnMatch *match, size_t test, bool should);
} LimnTestWatch;

/* A detection's own tests, cli/rules_test_detection.c. 0 or -ENOMEM; failures are errors. `watch`
 * may be NULL. */
int limn_detection_test(const LimnRules *rules, const LimnDetection *rule,
                        const LimnTestWatch *watch, size_t *ret_run, size_t *ret_failed,
                        LimnDiag *diag);
