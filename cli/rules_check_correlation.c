/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules_check.h"

#define MONTH (31 * 24 * 60 * LIMN_MINUTE)

void limn_check_correlation(LimnCheck *c, const LimnCorrelation *rule)
{
        const char *path = rule->path;
        struct {
                bool doubtful;
                const char *what, *help;
        } rows[] = {
                {!rule->tests || rule->tests->n == 0, "no test shows what it finds",
                 "add limn: {tests: [{events: [...], episodes: [...]}]}"},
                {!rule->level.p, "the rule has no level",
                 "informational, low, medium, high or critical"},
                {!rule->id.p, "the rule has no id", "add `id: <a UUID>`"},
                {rule->timespan > MONTH, "a window of more than a month joins what has nothing "
                                         "to do with each other",
                 "shorten the timespan"},
        };

        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                if (!rows[i].doubtful)
                        continue;
                c->remarks++;
                limn_diag_addf(c->diag,
                               &(LimnMessage){.severity = LIMN_DIAG_WARNING,
                                              .where = path,
                                              .help = rows[i].help},
                               "%.*s: %s", LIMN_FMT(rule->name), rows[i].what);
        }
}
