/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Rules: Sigma detections and correlations, and our diagnosis documents, loaded and compiled.
 *
 * A LimnRules is immutable once loaded and may be shared by threads. Its slices live as long as
 * it does. Rules stand in the order of their names, so that nothing depends on the order of files.
 * What each key means: docs/rules.md.
 */
#include "core/arena.h"
#include "core/diag.h"
#include "core/embed.h"
#include "core/event.h"
#include "core/yaml.h"

/* The path is for messages, and stored with the rule. A `tree` must live as long as the rules. */
typedef LimnEmbedded LimnRuleText;

/* The pack built into the program (rules/pack/, by path). */
extern const LimnRuleText limn_pack[];
extern const size_t limn_pack_n;

/* A text with {names} in it, cut into its parts when the rule is loaded. */
typedef struct LimnTemplate {
        struct LimnTemplatePart {
                LimnSlice literal;
                LimnSlice name; /* p NULL: literal only */
        } *parts;
        size_t n;
} LimnTemplate;
int limn_template_compile(LimnTemplate *ret, LimnSlice text, LimnArena *arena);
/* False when a name has no value among `fields` (nothing is appended then). */
bool limn_template_expand(const LimnTemplate *t, const LimnField *fields, size_t n, LimnBuf *out);

typedef struct LimnNamed {
        LimnSlice name;
        LimnTemplate value;
} LimnNamed;

/* repeat: {by, change, follow, until, every}: its hits say again and again that something goes on,
 * and of a run of them only some are stored (rules/repeat.h). */
typedef struct LimnRepeat {
        const LimnYaml *node; /* NULL: every hit is stored */
        LimnSlice *by, *change, *follow, *until;
        size_t n_by, n_change, n_follow, n_until;
        LimnDuration every; /* 0: a run may be as long as it is */
} LimnRepeat;

/* What a hit means: the `limn:` key (design.md section 6, docs/rules.md). */
typedef struct LimnMeaning {
        /* instance: {kind, role, keys: {name: template}}: whom this source speaks of */
        LimnSlice instance_kind, role; /* p NULL: not said */
        LimnNamed *keys;
        size_t n_keys;
        /* fact: [{key: template, value: template}] */
        struct LimnFactOf {
                LimnTemplate key, value;
        } *facts;
        size_t n_facts;
        /* state: [{kind, entity: template, state: template, from: template}] */
        struct LimnStateOf {
                LimnSlice kind;
                LimnTemplate entity, state;
                LimnTemplate from; /* the state it was in until now; no parts: not said */
        } *states;
        size_t n_states;
        /* anchor: [{name, key: template}] */
        struct LimnAnchorOf {
                LimnSlice name;
                LimnTemplate key;
        } *anchors;
        size_t n_anchors;
        LimnSlice action;     /* action: restart, full_refresh, ... (a step somebody attempted) */
        bool noise;           /* harmless: explains an error line, opens nothing */
        bool vague;           /* says that something failed, not why: explains no error line */
        LimnTemplate explain; /* a sentence for people, with {fields} */
        LimnRepeat repeat;
        const LimnYaml *tests;
} LimnMeaning;

typedef struct LimnDetection {
        uint32_t index; /* in LimnRules.detections */
        LimnSlice id, name, title, level;
        const char *path;
        LimnSlice category, product, service; /* p NULL: any */
        LimnMeaning meaning;
        /* Names that every hit must carry: what extract gives, what templates, group-by, aliases
         * and value fields of correlations ask for. */
        const LimnSlice *captures;
        size_t n_captures;
        const struct LimnCondition *condition;   /* rules/condition.h */
        const struct LimnExtraction *extraction; /* rules/extract.h: how captures get values */
        const uint32_t *ends; /* detections with `repeat` whose runs end where this one hits */
        size_t n_ends;
        const LimnYamlFile *file; /* for messages about the rule; tests point into it */
        const LimnYaml *document;
} LimnDetection;

typedef struct LimnCorrelation LimnCorrelation; /* rules/correlation.h */
typedef struct LimnDiagnosis LimnDiagnosis;     /* rules/diagnosis.h */

typedef struct LimnRules {
        LimnArena *arena;
        const LimnDetection *detections;
        size_t n_detections;
        const LimnCorrelation *const *correlations; /* inner before outer */
        size_t n_correlations;
        const LimnDiagnosis *const *diagnoses; /* by finding id */
        size_t n_diagnoses;
        char hash[65]; /* SHA-256 over all rule texts, sorted by path */
        struct LimnPrefilter *prefilter;
        struct LimnLoading *loading; /* rules/loading.h */
} LimnRules;

/* Loads and compiles all texts as one set. Every error in every file is reported before it gives
 * up: -EINVAL when any was found, -ENOMEM. */
int limn_rules_load(LimnRules **ret, const LimnRuleText *texts, size_t n, LimnDiag *diag);
LimnRules *limn_rules_free(LimnRules *rules);
const LimnDetection *limn_rules_detection(const LimnRules *rules, LimnSlice name_or_id);
