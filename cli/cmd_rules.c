/* SPDX-License-Identifier: Apache-2.0 */
/* limn rules: what rules there are, what is wrong with them, what they meet. */
#include <stdint.h>

#include "cli/ingest_options.h"
#include "cli/rules_commands.h"
#include "parsers/registry.h"

static const LimnRulesCommand *const commands[] = {
        &limn_rules_check, &limn_rules_draft, &limn_rules_list,
        &limn_rules_match, &limn_rules_show,  &limn_rules_test,
};
#define N_COMMANDS (sizeof commands / sizeof *commands)

bool limn_rule_is_given(const char *path)
{
        return !limn_slice_starts(limn_slice_str(path), LIMN_S(LIMN_PACK_PREFIX));
}

bool limn_rule_applies(const LimnDetection *rule)
{
        if (rule->category.p)
                return false;
        for (size_t i = 0; i < limn_formats_n; i++)
                if ((!rule->product.p ||
                     limn_slice_eq(rule->product, limn_slice_str(limn_formats[i]->product))) &&
                    (!rule->service.p ||
                     limn_slice_eq(rule->service, limn_slice_str(limn_formats[i]->service))))
                        return true;
        return false;
}

static int usage(LimnCli *cli, const char *help, const char *what)
{
        limn_diag_add(cli->diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR, .what = what,
                                                .help = help});
        return LIMN_EXIT_USAGE;
}

static int run_rules(LimnCli *cli)
{
        for (size_t i = 0; i < N_COMMANDS; i++) {
                const LimnRulesCommand *command = commands[i];
                if (strcmp(command->name, cli->args[0]) != 0)
                        continue;
                size_t n = cli->n_args - 1;
                if (n < command->min_args || n > command->max_args) {
                        char line[128];
                        snprintf(line, sizeof line, "limn rules %s %s", command->name,
                                 command->usage);
                        return usage(cli, line, "wrong number of arguments");
                }
                return command->run(cli, cli->args + 1, n);
        }
        return usage(cli, "check, draft, list, match, show or test", "unknown subcommand of rules");
}

static const LimnOption options[] = {
        LIMN_OPT_CASE, LIMN_OPT_NO_PREFILTER, LIMN_OPT_RULES, _LIMN_OPT_MAX,
};

const LimnCommand limn_cmd_rules = {
        .name = "rules",
        .usage = "check|draft|list|match|show|test ...",
        .help = "list, show, check, test rules, or match events with them",
        .details =
                "Rules are Sigma documents and limn's diagnoses; docs/rules.md says all about "
                "them. The pack is built in; --rules adds files and folders.\n\n"
                "  check [PATH...]     what a careful reviewer would say of them\n"
                "  draft [TEXT]        starting rules, with tests, for errors of the case that\n"
                "                      no rule explains; only those whose template holds TEXT\n"
                "  list                names, levels, logsources and titles\n"
                "  match RULES EVENTS  evaluate rules over JSON events, one a line\n"
                "  show NAME...        one rule, as it was understood\n"
                "  test [PATH...]      run the tests that the rules carry\n\n"
                "With a PATH, check and test speak of the rules in it, which may use those of the "
                "pack; without, of all.\n\n"
                "match reads the rules of RULES (a file or folder) and nothing of the pack, and "
                "the objects of EVENTS (`-`: standard input). Every rule is evaluated, whatever "
                "its logsource. Fields are named by dotted paths; the time is that of `time` or "
                "`timestamp`. It prints hits as {rule, id, line} and episodes as {rule, id, first, "
                "last, lines, group}, one a line. With --no-prefilter no rule is left out because none of "
                "its literals stands in the event: the same hits, slower.\n\n"
                "Exit status: 1 when a test fails or check finds something; 2 when rules do not "
                "load.",
        .options = options,
        .min_args = 1,
        .max_args = SIZE_MAX,
        .args_are = LIMN_ARGS_READ,
        .run = run_rules,
};
