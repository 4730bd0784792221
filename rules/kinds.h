/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Kinds: what the loader does with documents that are no detections.
 *
 * A document is told by its top-level key: `detection` (rules/loader.c itself), else the key of a
 * kind in rules/kinds.list. To add a kind: one file with a `const LimnKind limn_kind_<name>`, one
 * line in kinds.list.
 *
 * Loading has two steps, because documents may name rules that come later:
 *   load   once for each document, in the order of the texts. Reads it completely, reports every
 *          error of its own, and hands its object to limn_loading_add_...(). Names of other rules
 *          are kept as text.
 *   link   once for each kind, in the order of kinds.list, after all documents were loaded;
 *          rules->detections is sorted by name and numbered by then, so that
 *          limn_rules_detection() works. Resolves names, asks for captures, sorts its own list
 *          (correlations: inner before outer; diagnoses: by id). It is called even when earlier
 *          documents had errors; a name that limn_loading_failed() knows is no second error.
 * Both return 0, -EINVAL (with at least one error in diag) or -ENOMEM. Objects, and all they
 * point to, live in `arena` (= rules->arena); what needs freeing (a LimnRegex) is registered with
 * limn_loading_own(). YAML nodes live as long as the rules. `file` does too.
 */
#include "core/regex.h"
#include "rules/rules.h"

typedef struct LimnKind {
        const char *name; /* "correlation rule", for messages */
        const char *key;  /* the top-level key that tells it */
        int (*load)(LimnRules *rules, const LimnYamlFile *file, const LimnYaml *doc,
                    LimnArena *arena, LimnDiag *diag);
        int (*link)(LimnRules *rules, LimnArena *arena, LimnDiag *diag); /* NULL: nothing to do */
} LimnKind;

extern const LimnKind *const limn_kinds[]; /* ends with NULL */

/* Appends to rules->correlations or rules->diagnoses. 0 or -ENOMEM. */
int limn_loading_add_correlation(LimnRules *rules, const LimnCorrelation *correlation);
int limn_loading_add_diagnosis(LimnRules *rules, const LimnDiagnosis *diagnosis);

/*
 * Claims a rule's id or name: detections and correlations share one namespace, since either may be
 * named by a correlation. -EINVAL with an error that names both places when it is taken.
 */
int limn_loading_claim(LimnRules *rules, const LimnYamlFile *file, const LimnYaml *node,
                       LimnSlice name, LimnDiag *diag);
/* Marks a name or id of a document that did not load, and asks for it. */
int limn_loading_fail(LimnRules *rules, LimnSlice name);
bool limn_loading_failed(const LimnRules *rules, LimnSlice name);

/* In link: hits of this detection must carry the field `name`. */
int limn_loading_capture(LimnRules *rules, uint32_t detection, LimnSlice name);

/* The regex is freed with the rules (and at once when this fails). */
int limn_loading_own(LimnRules *rules, LimnRegex *regex);

/* limn_template_compile() of a scalar node, with an error that points at it. */
int limn_template_load(LimnTemplate *ret, const LimnYamlFile *file, const LimnYaml *node,
                       LimnArena *arena, LimnDiag *diag);

/* title, id, name, level, status, taxonomy: what detections and correlations have in common. */
typedef struct LimnHead {
        LimnSlice id, name, title, level; /* name: else id, else title */
} LimnHead;
/* category, product, service; p NULL (not said, or null): any. */
typedef struct LimnLogsource {
        LimnSlice category, product, service;
        const LimnYaml *node;
} LimnLogsource;

/* The key `logsource` of a `kind` (rule, filter), which needs one of the three. */
int limn_logsource_load(LimnLogsource *ret, const LimnYamlFile *file, const LimnYaml *doc,
                        const char *kind, LimnDiag *diag);

/* Reads, checks and claims them. */
int limn_head_load(LimnHead *ret, LimnRules *rules, const LimnYamlFile *file, const LimnYaml *doc,
                   LimnDiag *diag);
