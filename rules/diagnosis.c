/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/diagnosis_load.h"

#include <errno.h>

#include "rules/correlation.h"
#include "rules/kinds.h"

static int load_ask(LimnDiagnosisLoad *l, const LimnYaml *node, LimnAsk *ask)
{
        int r = limn_diagnosis_text(l, node, "text", true, &ask->text);
        return r < 0 ? r : limn_diagnosis_text(l, node, "fetch", true, &ask->fetch);
}

static int load_asks(LimnDiagnosisLoad *l, const LimnYaml *list, const LimnAsk **ret, size_t *ret_n)
{
        if (!list)
                return 0;
        LimnAsk *asks = limn_arena_new_of(l->arena, LimnAsk, list->n + 1);
        if (!asks)
                return -ENOMEM;
        for (const LimnYaml *item = list->child; item; item = item->next) {
                int r = load_ask(l, item, &asks[(*ret_n)++]);
                if (r < 0)
                        return r;
        }
        *ret = asks;
        return 0;
}

static bool one_of(LimnSlice word, const char *const *words)
{
        for (; *words; words++)
                if (limn_slice_eq(word, limn_slice_str(*words)))
                        return true;
        return false;
}

static int load_remedy(LimnDiagnosisLoad *l, const LimnYaml *node, LimnRemedy *remedy)
{
        static const char *const known[] = {"text",   "risk",    "precondition",
                                            "source", "caution", NULL};
        static const char *const risks[] = {"none", "restart", "data reload", "data loss", NULL};
        static const char *const sources[] = {"guide", "documentation", NULL};
        int r = limn_yaml_known_keys(l->file, node, known, l->diag);
        if (r >= 0)
                r = limn_diagnosis_text(l, node, "text", true, &remedy->text);
        if (r >= 0)
                r = limn_diagnosis_text(l, node, "risk", true, &remedy->risk);
        if (r >= 0)
                r = limn_diagnosis_text(l, node, "source", true, &remedy->source);
        if (r >= 0)
                r = limn_diagnosis_text(l, node, "precondition", false, &remedy->precondition);
        if (r >= 0)
                r = limn_diagnosis_text(l, node, "caution", false, &remedy->caution);
        if (r < 0)
                return r;
        if (!one_of(remedy->risk, risks))
                return limn_diagnosis_fail(l, limn_yaml_get(node, "risk"),
                                           "none, restart, data reload, data loss", "not a risk");
        if (!one_of(remedy->source, sources))
                return limn_diagnosis_fail(l, limn_yaml_get(node, "source"),
                                           "guide or documentation",
                                           "a remedy names where it comes from");
        return 0;
}

static int load_remedies(LimnDiagnosisLoad *l, const LimnYaml *list, const LimnRemedy **ret,
                         size_t *ret_n)
{
        if (!list)
                return 0;
        LimnRemedy *remedies = limn_arena_new_of(l->arena, LimnRemedy, list->n + 1);
        if (!remedies)
                return -ENOMEM;
        for (const LimnYaml *item = list->child; item; item = item->next) {
                int r = load_remedy(l, item, &remedies[(*ret_n)++]);
                if (r < 0)
                        return r;
        }
        *ret = remedies;
        return 0;
}

/* CDC-12 and manual-purge to CDC-12/manual-purge. */
static LimnSlice cause_id(LimnArena *arena, LimnSlice finding, LimnSlice slug)
{
        char *id = limn_arena_alloc(arena, finding.n + 1 + slug.n + 1);
        if (!id)
                return LIMN_NONE;
        memcpy(id, finding.p, finding.n);
        id[finding.n] = '/';
        memcpy(id + finding.n + 1, slug.p, slug.n);
        id[finding.n + 1 + slug.n] = '\0';
        return limn_slice(id, finding.n + 1 + slug.n);
}

static int load_cause(LimnDiagnosisLoad *l, const LimnYaml *node, LimnSlice finding,
                      LimnCause *cause)
{
        static const char *const known[] = {"title",    "for",      "against", "would_decide",
                                            "remedies", "explains", NULL};
        int r = limn_yaml_known_keys(l->file, node, known, l->diag);
        if (r < 0)
                return r;
        cause->id = cause_id(l->arena, finding, node->key);
        if (!cause->id.p)
                return -ENOMEM;
        r = limn_diagnosis_text(l, node, "title", true, &cause->title);
        if (r >= 0)
                r = limn_diagnosis_terms(l, node, "for", &cause->supports, &cause->n_supports);
        if (r >= 0)
                r = limn_diagnosis_terms(l, node, "against", &cause->opposes, &cause->n_opposes);
        if (r >= 0)
                r = limn_diagnosis_names(l, node, "explains", &cause->explains, &cause->n_explains);
        if (r >= 0)
                r = load_remedies(l, limn_yaml_get(node, "remedies"), &cause->remedies,
                                  &cause->n_remedies);
        if (r < 0)
                return r;
        if (cause->n_supports == 0)
                return limn_diagnosis_fail(l, node, NULL,
                                           "a cause needs evidence that speaks for it");
        const LimnYaml *ask = limn_yaml_get(node, "would_decide");
        if (!ask)
                return limn_diagnosis_fail(l, node, "would_decide: {text: ..., fetch: ...}",
                                           "a cause names the one missing piece that would decide");
        return load_ask(l, ask, &cause->would_decide);
}

static int load_causes(LimnDiagnosisLoad *l, const LimnYaml *map, LimnDiagnosis *d)
{
        if (!map || map->type != LIMN_YAML_MAP || map->n == 0)
                return limn_diagnosis_fail(l, map ? map : l->file->documents[0], NULL,
                                           "\"cause\" is a map from slugs to causes");
        LimnCause *causes = limn_arena_new_of(l->arena, LimnCause, map->n);
        if (!causes)
                return -ENOMEM;
        for (const LimnYaml *node = map->child; node; node = node->next) {
                int r = load_cause(l, node, d->id, &causes[d->n_causes++]);
                if (r < 0)
                        return r;
        }
        d->causes = causes;
        return 0;
}

static int load_merge(LimnDiagnosisLoad *l, const LimnYaml *merge, LimnDiagnosis *d)
{
        static const char *const known[] = {"by", "gap", NULL};
        d->merge_gap = LIMN_TIME_NONE;
        if (!merge)
                return 0;
        int r = limn_yaml_known_keys(l->file, merge, known, l->diag);
        if (r >= 0)
                r = limn_diagnosis_names(l, merge, "by", &d->merge_by, &d->n_merge_by);
        return r < 0 ? r : limn_diagnosis_duration(l, merge, "gap", &d->merge_gap);
}

static int load_follows(LimnDiagnosisLoad *l, const LimnYaml *follows, LimnDiagnosis *d)
{
        static const char *const known[] = {"findings", "within", NULL};
        if (!follows)
                return 0;
        int r = limn_yaml_known_keys(l->file, follows, known, l->diag);
        if (r >= 0)
                r = limn_diagnosis_names(l, follows, "findings", &d->follows, &d->n_follows);
        return r < 0 ? r : limn_diagnosis_duration(l, follows, "within", &d->follows_within);
}

static int load_escalate(LimnDiagnosisLoad *l, const LimnYaml *escalate, LimnDiagnosis *d)
{
        static const char *const known[] = {"needed", "why", NULL};
        if (!escalate)
                return limn_diagnosis_fail(l, l->file->documents[0],
                                           "escalate: {needed: false, why: ...}",
                                           "a finding says whether it needs escalation, and why");
        int r = limn_yaml_known_keys(l->file, escalate, known, l->diag);
        if (r < 0)
                return r;
        if (!limn_yaml_bool(limn_yaml_get(escalate, "needed"), &d->escalate))
                return limn_diagnosis_fail(l, escalate, NULL, "\"needed\" is true or false");
        return limn_diagnosis_text(l, escalate, "why", true, &d->escalate_why);
}

static int load_mode(LimnDiagnosisLoad *l, const LimnYaml *document, LimnDiagnosis *d)
{
        LimnSlice mode = LIMN_NONE;
        int r = limn_diagnosis_text(l, document, "causes", true, &mode);
        if (r < 0)
                return r;
        d->cumulative = limn_slice_eq(mode, LIMN_S("cumulative"));
        if (!d->cumulative && !limn_slice_eq(mode, LIMN_S("exclusive")))
                return limn_diagnosis_fail(l, limn_yaml_get(document, "causes"), NULL,
                                           "exclusive or cumulative");
        return 0;
}

static int load(LimnRules *rules, const LimnYamlFile *file, const LimnYaml *document,
                LimnArena *arena, LimnDiag *diag)
{
        static const char *const known[] = {
                "finding", "title",   "severity",    "summary",  "opens",    "merge",      "causes",
                "cause",   "follows", "diagnostics", "remedies", "escalate", "references", NULL};
        LimnDiagnosisLoad l = {file, arena, diag};
        int r = limn_yaml_known_keys(file, document, known, diag);
        if (r < 0)
                return r;
        LimnDiagnosis *d = limn_arena_new_of(arena, LimnDiagnosis, 1);
        if (!d)
                return -ENOMEM;
        d->path = file->path;
        r = limn_diagnosis_text(&l, document, "finding", true, &d->id);
        if (r >= 0)
                r = limn_diagnosis_text(&l, document, "title", true, &d->title);
        if (r >= 0)
                r = limn_diagnosis_severity(&l, document, true, &d->severity);
        if (r >= 0)
                r = limn_diagnosis_template(&l, document, "summary", &d->summary);
        if (r >= 0)
                r = limn_diagnosis_terms(&l, document, "opens", &d->opens, &d->n_opens);
        if (r >= 0 && d->n_opens == 0)
                r = limn_diagnosis_fail(&l, document, NULL, "nothing opens this finding");
        if (r >= 0)
                r = load_merge(&l, limn_yaml_get(document, "merge"), d);
        if (r >= 0)
                r = load_mode(&l, document, d);
        if (r >= 0)
                r = load_causes(&l, limn_yaml_get(document, "cause"), d);
        if (r >= 0)
                r = load_follows(&l, limn_yaml_get(document, "follows"), d);
        if (r >= 0)
                r = load_asks(&l, limn_yaml_get(document, "diagnostics"), &d->diagnostics,
                              &d->n_diagnostics);
        if (r >= 0)
                r = load_remedies(&l, limn_yaml_get(document, "remedies"), &d->remedies,
                                  &d->n_remedies);
        if (r >= 0)
                r = load_escalate(&l, limn_yaml_get(document, "escalate"), d);
        if (r < 0)
                return r;
        for (size_t i = 0; i < rules->n_diagnoses; i++)
                if (limn_slice_eq(rules->diagnoses[i]->id, d->id))
                        return limn_yaml_error(file, limn_yaml_get(document, "finding"), diag, NULL,
                                               "this finding is described in %s already",
                                               rules->diagnoses[i]->path);
        return limn_loading_add_diagnosis(rules, d);
}

static bool correlation_exists(const LimnRules *rules, LimnSlice name)
{
        for (size_t i = 0; i < rules->n_correlations; i++)
                if (limn_slice_eq(rules->correlations[i]->name, name))
                        return true;
        return false;
}

static int check_terms(const LimnDiagnosis *d, const LimnTerm *terms, size_t n,
                       const LimnRules *rules, LimnDiag *diag)
{
        int r = 0;
        for (size_t i = 0; i < n; i++)
                for (size_t k = 0; k < terms[i].n_names; k++) {
                        LimnSlice name = terms[i].names[k];
                        bool known = terms[i].kind == LIMN_TERM_EPISODE
                                             ? correlation_exists(rules, name)
                                             : limn_rules_detection(rules, name) != NULL;
                        if (known || limn_loading_failed(rules, name))
                                continue;
                        limn_diag_addf(diag,
                                       &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                                      .where = d->path,
                                                      .help = "limn rules list shows the names"},
                                       "%.*s: term %.*s names %.*s, which is no rule",
                                       LIMN_FMT(d->id), LIMN_FMT(terms[i].name), LIMN_FMT(name));
                        r = -EINVAL;
                }
        return r;
}

static int check(const LimnDiagnosis *d, const LimnRules *rules, LimnDiag *diag)
{
        int r = check_terms(d, d->opens, d->n_opens, rules, diag);
        for (size_t i = 0; i < d->n_causes; i++) {
                const LimnCause *cause = &d->causes[i];
                int a = check_terms(d, cause->supports, cause->n_supports, rules, diag);
                int b = check_terms(d, cause->opposes, cause->n_opposes, rules, diag);
                if (a < 0 || b < 0)
                        r = -EINVAL;
        }
        return r;
}

static int by_id(const void *a, const void *b)
{
        const LimnDiagnosis *const *x = a, *const *y = b;
        return limn_slice_cmp((*x)->id, (*y)->id);
}

static int link_all(LimnRules *rules, LimnArena *arena, LimnDiag *diag)
{
        int r = 0;
        for (size_t i = 0; i < rules->n_diagnoses; i++)
                if (check(rules->diagnoses[i], rules, diag) < 0)
                        r = -EINVAL;
        if (rules->n_diagnoses > 1)
                qsort((void *)rules->diagnoses, rules->n_diagnoses, sizeof *rules->diagnoses,
                      by_id);
        return r;
}

const LimnKind limn_kind_diagnosis = {
        .name = "diagnosis document",
        .key = "finding",
        .load = load,
        .link = link_all,
};
