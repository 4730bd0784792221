/* SPDX-License-Identifier: Apache-2.0 */
/* limn rules test: the tests that rules carry. */
#include <errno.h>

#include "cli/ingest_options.h"
#include "cli/rules_commands.h"
#include "rules/correlation_test.h"

static int run(LimnCli *cli, const char *const *args, size_t n_args)
{
        LimnRules *rules = NULL;
        size_t n = 0, tests = 0, failed = 0;
        bool broken = false;
        int r = n_args ? limn_rules_read(&rules, args, n_args, LIMN_PACK_BESIDE, cli->diag)
                       : limn_rules_given(&rules, cli);

        if (r != 0)
                return r;
        for (size_t i = 0; r == 0 && i < rules->n_detections; i++) {
                const LimnDetection *rule = &rules->detections[i];
                if (!limn_rule_is_given(rule->path))
                        continue;
                r = limn_detection_test(rules, rule, NULL, &tests, &failed, cli->diag);
                n++;
        }
        for (size_t i = 0; r == 0 && i < rules->n_correlations; i++) {
                const LimnCorrelation *rule = rules->correlations[i];
                size_t run_now = 0, failed_now = 0;
                if (!limn_rule_is_given(rule->path))
                        continue;
                r = limn_correlation_test(rules, rule, &run_now, &failed_now, cli->diag);
                if (r == -EINVAL) {
                        broken = true;
                        r = 0;
                }
                tests += run_now;
                failed += failed_now;
                n++;
        }
        if (r == 0)
                printf("%zu rules, %zu tests, %zu failed\n", n, tests, failed);
        limn_rules_free(rules);
        if (r < 0)
                return r;
        return broken ? LIMN_EXIT_USAGE : failed ? LIMN_EXIT_FINDINGS : LIMN_EXIT_OK;
}

const LimnRulesCommand limn_rules_test = {
        .name = "test",
        .usage = "[PATH...]",
        .help = "run the tests that the rules carry",
        .max_args = SIZE_MAX,
        .run = run,
};
