/* SPDX-License-Identifier: Apache-2.0 */
/* limn rules check: what a careful reviewer would say. What makes a rule wrong is an error when it
 * is loaded; here is what makes it doubtful. */
#include "cli/ingest_options.h"
#include "cli/rules_check.h"
#include "rules/condition.h"
#include "rules/extract.h"
#include "rules/prefilter.h"

static void check_tests(LimnCheck *c)
{
        const LimnYaml *tests = c->rule->meaning.tests;
        const LimnYaml *match = limn_yaml_get(tests, "match");
        const LimnYaml *nomatch = limn_yaml_get(tests, "nomatch");
        if (!match || match->n == 0)
                LIMN_REMARK(c, tests, "add limn: {tests: {match: [a record]}}",
                       "%.*s: no record shows what it meets", LIMN_FMT(c->rule->name));
        if (!nomatch || nomatch->n == 0)
                LIMN_REMARK(c, tests,
                            "add limn: {tests: {nomatch: [a record that is close to it]}}",
                            "%.*s: no record shows what it must not meet", LIMN_FMT(c->rule->name));
}

static void check_searches(LimnCheck *c)
{
        const LimnCondition *condition = c->rule->condition;
        for (size_t i = 0; i < condition->n_searches; i++)
                if (!condition->searches[i].used)
                        LIMN_REMARK(c, condition->searches[i].node, NULL,
                               "%.*s: the condition does not use `%.*s`", LIMN_FMT(c->rule->name),
                               LIMN_FMT(condition->searches[i].name));
}

bool limn_template_asks(const LimnTemplate *t, LimnSlice name)
{
        for (size_t i = 0; i < t->n; i++)
                if (t->parts[i].name.p && limn_slice_eq(t->parts[i].name, name))
                        return true;
        return false;
}

/* Entities by which sources join and which evidence shows: always of use (design: one set of
 * names everywhere). */
static bool entity(LimnSlice name)
{
        static const char *const names[] = {
                "host", "ip", "port", "user", "database", "table", "binlog_file", "binlog_pos",
                "gtid", "connection_id", "server_id", "server_uuid", "pipeline", "pipeline_id",
                "update_id", "gateway", "error_class", "reason", NULL};
        for (size_t i = 0; names[i]; i++)
                if (limn_slice_eq(name, limn_slice_str(names[i])))
                        return true;
        return false;
}

static bool used(const LimnDetection *rule, LimnSlice name)
{
        const LimnMeaning *m = &rule->meaning;
        bool yes = entity(name) || limn_template_asks(&m->explain, name);
        for (size_t i = 0; i < m->n_keys; i++)
                yes |= limn_template_asks(&m->keys[i].value, name);
        for (size_t i = 0; i < m->n_facts; i++)
                yes |= limn_template_asks(&m->facts[i].key, name) ||
                       limn_template_asks(&m->facts[i].value, name);
        for (size_t i = 0; i < m->n_states; i++)
                yes |= limn_template_asks(&m->states[i].entity, name) ||
                       limn_template_asks(&m->states[i].state, name) ||
                       limn_template_asks(&m->states[i].from, name);
        for (size_t i = 0; i < m->n_anchors; i++)
                yes |= limn_template_asks(&m->anchors[i].key, name);
        for (size_t i = 0; i < rule->extraction->n_sets; i++)
                yes |= limn_template_asks(&rule->extraction->sets[i].named.value, name);
        return yes;
}

/* Fields that only diagnoses use, by SQL, cannot be told from unused ones: no remark of weight. */
static void check_extractions(LimnCheck *c)
{
        const LimnExtraction *x = c->rule->extraction;
        for (size_t i = 0; i < x->n_extracts; i++) {
                for (size_t g = 0; g < limn_regex_names(x->extracts[i].regex); g++) {
                        LimnSlice name = limn_regex_name(x->extracts[i].regex, g);
                        if (used(c->rule, name))
                                continue;
                        limn_diag_addf(c->diag,
                                       &(LimnMessage){.severity = LIMN_DIAG_NOTE,
                                                      .where = c->rule->path},
                                       "%.*s: `%.*s` is extracted and only shown",
                                       LIMN_FMT(c->rule->name), LIMN_FMT(name));
                }
        }
}

static void check_rule(LimnCheck *c)
{
        const uint32_t *literals;
        /* They are small: their rules are evaluated on all of their records. */
        bool small = c->rule->service.p &&
                     (limn_slice_eq(c->rule->service, LIMN_S("snapshot")) ||
                      limn_slice_eq(c->rule->service, LIMN_S("checkpoint")));
        if (!small &&
            limn_prefilter_literals(c->rules->prefilter, c->rule->index, &literals) == 0)
                LIMN_REMARK(c, limn_yaml_get(c->rule->document, "detection"),
                       "add a text of four letters or more that must stand in the record",
                       "%.*s: evaluated on every record of its logsource",
                       LIMN_FMT(c->rule->name));
        if (!c->rule->id.p)
                LIMN_REMARK(c, NULL, "add `id: <a UUID>`", "%.*s: the rule has no id",
                       LIMN_FMT(c->rule->name));
        if (!limn_rule_applies(c->rule))
                LIMN_REMARK(c, limn_yaml_get(c->rule->document, "logsource"),
                       "limn formats lists what can be read",
                       "%.*s: no format gives such events", LIMN_FMT(c->rule->name));
        if (!c->rule->level.p)
                LIMN_REMARK(c, NULL, "informational, low, medium, high or critical",
                            "%.*s: the rule has no level", LIMN_FMT(c->rule->name));
        check_tests(c);
        check_searches(c);
        check_extractions(c);
        limn_check_values(c);
        limn_check_truth(c);
}

static int run(LimnCli *cli, const char *const *args, size_t n_args)
{
        LimnRules *rules = NULL;
        size_t n = 0;
        int r = n_args ? limn_rules_read(&rules, args, n_args, LIMN_PACK_BESIDE, cli->diag)
                       : limn_rules_given(&rules, cli);

        if (r != 0)
                return r;
        LimnCheck all = {.rules = rules, .diag = cli->diag};
        for (size_t i = 0; i < rules->n_detections; i++) {
                all.rule = &rules->detections[i];
                if (!limn_rule_is_given(all.rule->path))
                        continue;
                check_rule(&all);
                n++;
        }
        for (size_t i = 0; i < rules->n_correlations; i++) {
                if (!limn_rule_is_given(rules->correlations[i]->path))
                        continue;
                limn_check_correlation(&all, rules->correlations[i]);
                n++;
        }
        r = limn_check_records(&all);
        if (r < 0) {
                limn_rules_free(rules);
                return r;
        }
        printf("%zu rules checked, %zu remarks\n", n, all.remarks);
        limn_rules_free(rules);
        return all.remarks ? LIMN_EXIT_FINDINGS : LIMN_EXIT_OK;
}

const LimnRulesCommand limn_rules_check = {
        .name = "check",
        .usage = "[PATH...]",
        .help = "what a careful reviewer would say of them",
        .max_args = SIZE_MAX,
        .run = run,
};
