/* SPDX-License-Identifier: Apache-2.0 */
/* limn rules list */
#include "cli/ingest_options.h"
#include "cli/rules_commands.h"
#include "core/limits.h"
#include "core/printable.h"
#include "rules/correlation.h"
#include "rules/diagnosis.h"

static void cell(LimnBuf *out, LimnSlice text, size_t width)
{
        size_t before = out->n;
        limn_printable(text, out);
        do
                limn_buf_add_char(out, ' ');
        while (out->n < before + width);
}

static void row(LimnBuf *out, LimnSlice name, const char *kind, LimnSlice level, LimnSlice title)
{
        cell(out, name, 34);
        cell(out, limn_slice_str(kind), 12);
        cell(out, level.p ? level : LIMN_S("-"), 14);
        limn_printable(title, out);
        limn_buf_add_char(out, '\n');
}

static int run(LimnCli *cli, const char *const *args, size_t n_args)
{
        LimnRules *rules = NULL;
        LimnBuf out = LIMN_BUF(LIMN_OUTPUT_MAX);
        int r = limn_rules_given(&rules, cli);

        if (r != 0)
                return r;
        for (size_t i = 0; i < rules->n_detections; i++) {
                const LimnDetection *d = &rules->detections[i];
                row(&out, d->name, limn_rule_applies(d) ? "detection" : "(no log)", d->level,
                    d->title);
        }
        for (size_t i = 0; i < rules->n_correlations; i++)
                row(&out, rules->correlations[i]->name, "correlation",
                    rules->correlations[i]->level, rules->correlations[i]->title);
        for (size_t i = 0; i < rules->n_diagnoses; i++)
                row(&out, rules->diagnoses[i]->id, "diagnosis", rules->diagnoses[i]->severity,
                    rules->diagnoses[i]->title);
        fwrite(limn_buf_str(&out), 1, out.n, stdout);
        r = out.error;
        limn_buf_done(&out);
        limn_rules_free(rules);
        return r;
}

const LimnRulesCommand limn_rules_list = {
        .name = "list",
        .usage = "",
        .help = "names, levels and titles",
        .run = run,
};
