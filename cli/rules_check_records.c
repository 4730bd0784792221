/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the records of the tests tell of the rules. They went through the real parsers: a field that
 * none of them has is probably one that no parser gives, and a name that no hit gets leaves a
 * template without its sentence, a fact unlearned, a correlation without a group.
 */
#include <errno.h>
#include <stdlib.h>

#include "cli/rules_check.h"
#include "rules/condition.h"

typedef struct Fields {
        const LimnFieldRef **at;
        bool *seen;
        size_t n, cap;
} Fields;

/* Of one rule. */
typedef struct Records {
        const LimnDetection *rule;
        Fields fields;     /* that its condition speaks of */
        bool *captured;    /* by LimnDetection.captures: some hit had it */
        uint32_t *met;     /* by rule: of how many of the tests that must meet this one */
        size_t *last_met;  /* by rule: the last such test, +1 */
        size_t n, n_match; /* tests; of these to be met */
} Records;

static void records_done(Records *r)
{
        free(r->fields.at);
        free(r->fields.seen);
        free(r->captured);
        free(r->met);
        free(r->last_met);
}

/* Room for all before: a callback cannot fail. */
static size_t count_items(const LimnNode *node)
{
        size_t n = node->kind == LIMN_NODE_ITEM;

        for (size_t i = 0; i < node->n; i++)
                n += count_items(node->child[i]);
        return n;
}

static void collect(Fields *fields, const LimnNode *node)
{
        if (node->kind == LIMN_NODE_ITEM && node->item->field.name.p) {
                size_t i = 0;

                while (i < fields->n && !limn_slice_eq(fields->at[i]->name, node->item->field.name))
                        i++;
                if (i == fields->n)
                        fields->at[fields->n++] = &node->item->field;
        }
        for (size_t i = 0; i < node->n; i++)
                collect(fields, node->child[i]);
}

static void on_event(void *arg, const LimnEvent *event, size_t test, bool should)
{
        Records *r = arg;

        r->n = test + 1 > r->n ? test + 1 : r->n;
        for (size_t i = 0; i < r->fields.n; i++) {
                LimnFieldWalk walk = LIMN_FIELD_WALK(r->fields.at[i], event);
                LimnSlice value;

                r->fields.seen[i] = r->fields.seen[i] || limn_field_next(&walk, &value);
        }
}

static void on_match(void *arg, const LimnMatch *match, size_t test, bool should)
{
        Records *r = arg;
        size_t k = 0;

        if (!should)
                return;
        if (r->last_met[match->rule->index] != test + 1) {
                r->last_met[match->rule->index] = test + 1;
                r->met[match->rule->index]++;
        }
        if (match->rule != r->rule)
                return;
        for (size_t i = 0; i < match->n_fields; i++)
                for (k = 0; k < r->rule->n_captures; k++)
                        if (limn_slice_eq(r->rule->captures[k], match->fields[i].name))
                                r->captured[k] = true;
}

static int records_of(Records *r, const LimnRules *rules, const LimnDetection *rule)
{
        const LimnYaml *match = limn_yaml_get(rule->meaning.tests, "match");
        size_t items = count_items(rule->condition->root), run = 0, failed = 0;
        const LimnTestWatch watch = {r, on_event, on_match};
        LimnDiag *ignored;
        int e;

        r->rule = rule;
        r->n_match = match ? match->n : 0;
        if (r->n_match == 0)
                return 0;
        r->fields.at = calloc(items + 1, sizeof *r->fields.at);
        r->fields.seen = calloc(items + 1, sizeof *r->fields.seen);
        r->captured = calloc(rule->n_captures + 1, sizeof *r->captured);
        r->met = calloc(rules->n_detections, sizeof *r->met);
        r->last_met = calloc(rules->n_detections, sizeof *r->last_met);
        ignored = limn_diag_new();
        if (!r->fields.at || !r->fields.seen || !r->captured || !r->met || !r->last_met || !ignored)
                e = -ENOMEM;
        else {
                collect(&r->fields, rule->condition->root);
                e = limn_detection_test(rules, rule, &watch, &run, &failed, ignored);
        }
        limn_diag_free(ignored);
        return e;
}

/* Who asks the rule for a name, but for sentences: these may do without. NULL: nobody. */
static const char *asker(const LimnMeaning *m, LimnSlice name)
{
        for (size_t i = 0; i < m->n_facts; i++)
                if (limn_template_asks(&m->facts[i].key, name) ||
                    limn_template_asks(&m->facts[i].value, name))
                        return "a fact";
        for (size_t i = 0; i < m->n_states; i++)
                if (limn_template_asks(&m->states[i].entity, name) ||
                    limn_template_asks(&m->states[i].state, name) ||
                    limn_template_asks(&m->states[i].from, name))
                        return "a state";
        for (size_t i = 0; i < m->n_anchors; i++)
                if (limn_template_asks(&m->anchors[i].key, name))
                        return "an anchor";
        return limn_template_asks(&m->explain, name) ? "the sentence" : NULL;
}

/* The correlation that groups this rule's hits by the name, or counts its values. */
static const LimnCorrelation *grouping(const LimnRules *rules, const LimnDetection *rule,
                                       LimnSlice name)
{
        for (size_t i = 0; i < rules->n_correlations; i++) {
                const LimnCorrelation *c = rules->correlations[i];

                for (size_t k = 0; k < c->n_rules; k++) {
                        const LimnCorrelated *named = &c->rules[k];

                        if (named->is_correlation || named->index != rule->index)
                                continue;
                        for (size_t g = 0; g < c->n_group_by; g++)
                                if (limn_slice_eq(named->group[g], name))
                                        return c;
                        for (size_t f = 0; f < c->n_fields && named->values; f++)
                                if (limn_slice_eq(named->values[f], name))
                                        return c;
                }
        }
        return NULL;
}

static void remarks_of(LimnCheck *c, const Records *r)
{
        const LimnDetection *rule = r->rule;

        for (size_t i = 0; i < r->fields.n; i++)
                if (!r->fields.seen[i])
                        LIMN_REMARK(c, limn_yaml_get(rule->document, "detection"),
                                    "limn parse FILE prints the fields of a log; if it is one of "
                                    "them, show a record that has it",
                                    "%.*s: no record of its tests has the field `%.*s`",
                                    LIMN_FMT(rule->name), LIMN_FMT(r->fields.at[i]->name));
        for (size_t i = 0; i < rule->n_captures; i++) {
                LimnSlice name = rule->captures[i];
                const LimnCorrelation *by;
                const char *who;

                if (r->captured[i] || limn_slice_eq(name, LIMN_S("instance")))
                        continue;
                by = grouping(c->rules, rule, name);
                who = asker(&rule->meaning, name);
                if (by)
                        LIMN_REMARK(c, NULL, "extract it, give it an alias, or show a record",
                                    "%.*s: no hit of its tests has `%.*s`, which correlation %.*s "
                                    "asks for",
                                    LIMN_FMT(rule->name), LIMN_FMT(name), LIMN_FMT(by->name));
                else if (who)
                        LIMN_REMARK(c, NULL, "extract it, or show a record that has it",
                                    "%.*s: no hit of its tests has `%.*s`, which %s asks for",
                                    LIMN_FMT(rule->name), LIMN_FMT(name), who);
        }
}

/* Each meets all that shows what the other meets. */
static void twins(LimnCheck *c, const Records *all, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                for (size_t k = i + 1; k < n; k++) {
                        const Records *a = &all[i], *b = &all[k];

                        if (!a->met || !b->met || a->met[b->rule->index] < a->n_match ||
                            b->met[a->rule->index] < b->n_match)
                                continue;
                        c->rule = b->rule;
                        LIMN_REMARK(c, NULL, "make them one, or show records that part them",
                                    "%.*s and %.*s meet all of each other's records",
                                    LIMN_FMT(a->rule->name), LIMN_FMT(b->rule->name));
                }
        }
}

int limn_check_records(LimnCheck *c)
{
        const LimnRules *rules = c->rules;
        Records *all = calloc(rules->n_detections + 1, sizeof *all);
        size_t n = 0;
        int r = all ? 0 : -ENOMEM;

        for (size_t i = 0; r == 0 && i < rules->n_detections; i++) {
                if (!limn_rule_is_given(rules->detections[i].path))
                        continue;
                r = records_of(&all[n++], rules, &rules->detections[i]);
                c->rule = &rules->detections[i];
                if (r == 0)
                        remarks_of(c, &all[n - 1]);
        }
        if (r == 0)
                twins(c, all, n);
        for (size_t i = 0; i < n; i++)
                records_done(&all[i]);
        free(all);
        return r;
}
