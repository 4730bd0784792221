/* SPDX-License-Identifier: Apache-2.0 */
/* limn rules show: a rule as it was understood, so that an author sees what the engine saw. */
#include "cli/ingest_options.h"
#include "cli/rule_text.h"
#include "cli/rules_commands.h"
#include "core/limits.h"
#include "core/printable.h"
#include "rules/condition.h"
#include "rules/correlation.h"
#include "rules/diagnosis.h"
#include "rules/prefilter.h"

static void line(LimnBuf *out, const char *name, LimnSlice value)
{
        if (!value.p)
                return;
        limn_buf_printf(out, "%-11s ", name);
        limn_printable(value, out);
        limn_buf_add_char(out, '\n');
}

static void indent(LimnBuf *out, unsigned depth)
{
        for (unsigned i = 0; i < depth; i++)
                limn_buf_add_str(out, "  ");
}

static void show_item(LimnBuf *out, const LimnItem *item, unsigned depth)
{
        if (item->negate) {
                indent(out, depth++);
                limn_buf_add_str(out, "not\n");
        }
        bool several = item->n_operands > 1 || item->operands[0]->alternative;
        if (several) {
                indent(out, depth++);
                limn_buf_add_str(out, item->all ? "all of\n" : "any of\n");
        }
        for (size_t i = 0; i < item->n_operands; i++) {
                for (const LimnOperand *o = item->operands[i]; o; o = o->alternative) {
                        indent(out, depth);
                        limn_item_text(out, item, o, SIZE_MAX);
                        limn_buf_add_char(out, '\n');
                }
        }
}

static void show_node(LimnBuf *out, const LimnNode *node, unsigned depth)
{
        if (node->kind == LIMN_NODE_ITEM) {
                show_item(out, node->item, depth);
                return;
        }
        if (node->kind != LIMN_NODE_NOT && node->n == 1) {
                show_node(out, node->child[0], depth);
                return;
        }
        indent(out, depth);
        limn_buf_add_str(out, node->kind == LIMN_NODE_NOT   ? "not\n"
                              : node->kind == LIMN_NODE_AND ? "all of\n"
                                                            : "any of\n");
        for (size_t i = 0; i < node->n; i++)
                show_node(out, node->child[i], depth + 1);
}

static void show_detection(LimnBuf *out, const LimnRules *rules, const LimnDetection *d)
{
        line(out, "name", d->name);
        line(out, "id", d->id);
        line(out, "title", d->title);
        line(out, "level", d->level);
        line(out, "file", limn_slice_str(d->path));
        limn_buf_printf(out, "%-11s %.*s %.*s %.*s%s\n", "logsource",
                        LIMN_FMT(d->category.p ? d->category : LIMN_S("-")),
                        LIMN_FMT(d->product.p ? d->product : LIMN_S("-")),
                        LIMN_FMT(d->service.p ? d->service : LIMN_S("-")),
                        limn_rule_applies(d) ? "" : " (no format gives such events)");
        limn_buf_printf(out, "%-11s", "fields");
        for (size_t i = 0; i < d->n_captures; i++)
                limn_buf_printf(out, " %.*s", LIMN_FMT(d->captures[i]));
        limn_buf_printf(out, "\n%-11s", "looks for");
        const uint32_t *literals;
        size_t n = limn_prefilter_literals(rules->prefilter, d->index, &literals);
        for (size_t i = 0; i < n; i++)
                limn_buf_printf(out, " \"%.*s\"",
                                LIMN_FMT(limn_prefilter_literal(rules->prefilter, literals[i])));
        limn_buf_add_str(out, n ? "\nmeets\n" : " nothing: evaluated on every record\nmeets\n");
        show_node(out, d->condition->root, 1);
}

static int show(LimnBuf *out, const LimnRules *rules, const char *name, LimnDiag *diag)
{
        LimnSlice wanted = limn_slice_str(name);
        const LimnDetection *d = limn_rules_detection(rules, wanted);
        const LimnCorrelation *c = d ? NULL : limn_rules_correlation(rules, wanted);
        if (d) {
                show_detection(out, rules, d);
                return 0;
        }
        if (c) {
                line(out, "name", c->name);
                line(out, "id", c->id);
                line(out, "title", c->title);
                line(out, "level", c->level);
                line(out, "file", limn_slice_str(c->path));
                line(out, "type", limn_slice_str(c->type->name));
                for (size_t i = 0; i < c->n_rules; i++)
                        line(out, i ? "" : "rules", c->rules[i].name);
                for (size_t i = 0; i < c->n_group_by; i++)
                        line(out, i ? "" : "group-by", c->group_by[i]);
                limn_buf_printf(out, "%-11s ", "timespan");
                limn_duration_text(c->timespan, out);
                limn_buf_printf(out, "\n%-11s ", "condition");
                limn_corr_condition_text(c, out);
                limn_buf_add_char(out, '\n');
                return 0;
        }
        for (size_t i = 0; i < rules->n_diagnoses; i++) {
                const LimnDiagnosis *x = rules->diagnoses[i];
                if (!limn_slice_eq(x->id, wanted))
                        continue;
                line(out, "id", x->id);
                line(out, "title", x->title);
                line(out, "severity", x->severity);
                line(out, "file", limn_slice_str(x->path));
                for (size_t k = 0; k < x->n_causes; k++)
                        line(out, k ? "" : "causes", x->causes[k].id);
                return 0;
        }
        limn_diag_addf(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                            .help = "limn rules list names them"},
                       "no rule is called `%s`", name);
        return LIMN_EXIT_USAGE;
}

static int run(LimnCli *cli, const char *const *args, size_t n_args)
{
        LimnRules *rules = NULL;
        LimnBuf out = LIMN_BUF(LIMN_OUTPUT_MAX);
        int r = limn_rules_given(&rules, cli);

        if (r != 0)
                return r;
        for (size_t i = 0; i < n_args; i++) {
                if (i)
                        limn_buf_add_char(&out, '\n');
                r = limn_exit_worse(r, show(&out, rules, args[i], cli->diag));
        }
        fwrite(limn_buf_str(&out), 1, out.n, stdout);
        if (out.error)
                r = out.error;
        limn_buf_done(&out);
        limn_rules_free(rules);
        return r;
}

const LimnRulesCommand limn_rules_show = {
        .name = "show",
        .usage = "NAME...",
        .help = "one rule, as it was understood",
        .min_args = 1,
        .max_args = SIZE_MAX,
        .run = run,
};
