/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The frame around the commands: what main uses and commands do not need.
 */
#include <stdio.h>

#include "cli/cli.h"

/* A row of cli/options.list. */
typedef struct LimnOptionRow {
        const char *name;
        char letter;          /* 0: none */
        const char *argument; /* NULL: a flag */
        bool repeats;
        const char *help;
} LimnOptionRow;

/* Indexed by LimnOption. */
extern const LimnOptionRow limn_option_rows[];
/* cli/commands.list, ends with NULL. */
extern const LimnCommand *const limn_commands[];
/* `limn` itself: what may stand before, or instead of, a command's name. */
extern const LimnCommand limn_tool;

bool limn_command_takes(const LimnCommand *command, LimnOption option);
/* NULL: no such command. */
const LimnCommand *limn_command_find(const char *name);

/*
 * Sorts argv (without the program's and the command's name) into options and arguments. The two
 * arrays of *cli hold pointers into argv; limn_cli_done frees them. A positive result is a usage
 * error, told to cli->diag; --help given anywhere before `--` is success whatever else is wrong,
 * and then limn_cli_get(cli, LIMN_OPT_HELP) is set. With `stop_at_argument` parsing ends at the
 * first argument that is no option, and *ret_used is its index.
 */
int limn_cli_parse(LimnCli *cli, char *const *argv, size_t n, bool stop_at_argument,
                   size_t *ret_used);
void limn_cli_done(LimnCli *cli);

typedef enum LimnOptionPath {
        LIMN_OPTION_NO_PATH,
        LIMN_OPTION_READS,
        LIMN_OPTION_WRITES,
} LimnOptionPath;
/* Is the option's value a path? A test holds it against cli/options.list. */
LimnOptionPath limn_option_path(LimnOption option);
/* Enters the sandbox, open to what the command line names. -ENOMEM. */
int limn_cli_confine(LimnCli *cli);

/* The word of `words` (ends with NULL) that a hand most likely meant, or NULL. */
const char *limn_nearest(const char *word, const char *const *words);

void limn_help_tool(FILE *out);
void limn_help_command(const LimnCommand *command, FILE *out);
void limn_man(FILE *out);
/* False: no such shell. */
bool limn_completions(const char *shell, FILE *out);

/* What was collected since the last call of it: *printed is how many messages went out. */
void limn_diag_print(const LimnDiag *diag, bool color, size_t *printed, FILE *out);
