/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options: --name value, --name=value, -n value, -nvalue; `--` ends them, `-` is an argument.
 * No abbreviations: what a script says today must mean the same when an option is added.
 */
#include <errno.h>

#include "cli/frame.h"

struct LimnGiven {
        LimnOption option;
        const char *value; /* "" for a flag */
};

bool limn_command_takes(const LimnCommand *command, LimnOption option)
{
        if (option == LIMN_OPT_HELP)
                return true;
        for (const LimnOption *o = command->options; o && *o != _LIMN_OPT_MAX; o++)
                if (*o == option)
                        return true;
        return false;
}

/* Of two with the same name, the one that the command takes. */
static LimnOption better(const LimnCommand *command, LimnOption found, size_t i)
{
        return found == _LIMN_OPT_MAX || limn_command_takes(command, (LimnOption)i) ? (LimnOption)i
                                                                                     : found;
}

static LimnOption by_name(const LimnCommand *command, LimnSlice name)
{
        LimnOption found = _LIMN_OPT_MAX;

        for (size_t i = 0; i < _LIMN_OPT_MAX; i++)
                if (limn_slice_eq(name, limn_slice_str(limn_option_rows[i].name)))
                        found = better(command, found, i);
        return found;
}

static LimnOption by_letter(const LimnCommand *command, char letter)
{
        LimnOption found = _LIMN_OPT_MAX;

        for (size_t i = 0; i < _LIMN_OPT_MAX; i++)
                if (limn_option_rows[i].letter && limn_option_rows[i].letter == letter)
                        found = better(command, found, i);
        return found;
}

static const char *nearest_option(const LimnCommand *command, LimnSlice name)
{
        const char *names[_LIMN_OPT_MAX + 1];
        char word[64];
        size_t n = 0;

        if (name.n >= sizeof(word))
                return NULL;
        memcpy(word, name.p, name.n);
        word[name.n] = '\0';
        for (size_t i = 0; i < _LIMN_OPT_MAX; i++)
                if (limn_command_takes(command, (LimnOption)i))
                        names[n++] = limn_option_rows[i].name;
        names[n] = NULL;
        return limn_nearest(word, names);
}

/* "limn analyze", or "limn" for the tool itself. */
static void command_line(const LimnCommand *command, LimnBuf *out)
{
        limn_buf_printf(out, command == &limn_tool ? "%s" : "limn %s", command->name);
}

static int unknown(LimnCli *cli, LimnSlice shown, LimnSlice name, LimnOption other)
{
        LimnBuf help = LIMN_BUF(1024);
        LimnBuf line = LIMN_BUF(256);
        const char *near = name.n > 1 ? nearest_option(cli->command, name) : NULL;

        command_line(cli->command, &line);
        if (other != _LIMN_OPT_MAX && cli->command == &limn_tool)
                limn_buf_add_str(&help, "options of a command stand after its name");
        else if (near)
                limn_buf_printf(&help, "did you mean --%s?", near);
        else
                limn_buf_printf(&help, "%s --help lists the options", limn_buf_str(&line));
        limn_diag_addf(cli->diag,
                       &(LimnMessage){.severity = LIMN_DIAG_ERROR, .help = limn_buf_str(&help)},
                       "%s has no option %.*s", limn_buf_str(&line), LIMN_FMT(shown));
        limn_buf_done(&help);
        limn_buf_done(&line);
        return LIMN_EXIT_USAGE;
}

static int complain(LimnCli *cli, const char *what, LimnSlice shown, const char *argument)
{
        LimnBuf help = LIMN_BUF(1024);

        if (argument)
                limn_buf_printf(&help, "%.*s %s", LIMN_FMT(shown), argument);
        limn_diag_addf(cli->diag,
                       &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                      .help = argument ? limn_buf_str(&help) : NULL},
                       "option %.*s %s", LIMN_FMT(shown), what);
        limn_buf_done(&help);
        return LIMN_EXIT_USAGE;
}

/* One option at argv[*at]; moves *at past what it used. */
static int take_option(LimnCli *cli, char *const *argv, size_t n, size_t *at)
{
        LimnSlice word = limn_slice_str(argv[*at]), shown, name, value = LIMN_NONE;
        LimnOption option;

        if (word.p[1] == '-') {
                size_t equals = limn_slice_chr(word, '=');

                shown = limn_slice_to(word, equals);
                name = limn_slice_from(shown, 2);
                if (equals < word.n)
                        value = limn_slice_from(word, equals + 1);
                option = by_name(cli->command, name);
        } else {
                shown = limn_slice_to(word, 2);
                name = limn_slice_from(shown, 1);
                if (word.n > 2)
                        value = limn_slice_from(word, 2);
                option = by_letter(cli->command, word.p[1]);
        }
        if (option == _LIMN_OPT_MAX || !limn_command_takes(cli->command, option))
                return unknown(cli, word.p[1] == '-' ? shown : word, name, option);

        if (!limn_option_rows[option].argument) {
                if (value.p)
                        return complain(cli, "takes no value", shown, NULL);
                value = LIMN_S("");
        } else if (!value.p) {
                if (*at + 1 == n)
                        return complain(cli, "needs a value", shown,
                                        limn_option_rows[option].argument);
                value = limn_slice_str(argv[++*at]);
        }
        if (limn_option_rows[option].argument && value.n == 0)
                return complain(cli, "needs a value that is not empty", shown,
                                limn_option_rows[option].argument);
        cli->given[cli->n_given++] = (struct LimnGiven){option, value.p};
        ++*at;
        return 0;
}

static bool help_wanted(char *const *argv, size_t n)
{
        for (size_t i = 0; i < n && strcmp(argv[i], "--") != 0; i++)
                if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
                        return true;
        return false;
}

static int check_count(LimnCli *cli)
{
        const LimnCommand *command = cli->command;
        LimnBuf help = LIMN_BUF(1024);

        if (cli->n_args >= command->min_args && cli->n_args <= command->max_args)
                return 0;
        limn_buf_printf(&help, "usage: limn %s [OPTIONS] %s", command->name, command->usage);
        if (cli->n_args < command->min_args)
                limn_diag_addf(cli->diag,
                               &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                              .help = limn_buf_str(&help)},
                               "limn %s: %s", command->name,
                               cli->n_args == 0 ? "nothing given to work on"
                                                : "an argument is missing");
        else
                limn_diag_addf(cli->diag,
                               &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                              .help = limn_buf_str(&help)},
                               "limn %s: one argument too many: %s", command->name,
                               cli->args[command->max_args]);
        limn_buf_done(&help);
        return LIMN_EXIT_USAGE;
}

int limn_cli_parse(LimnCli *cli, char *const *argv, size_t n, bool stop_at_argument,
                   size_t *ret_used)
{
        const char **args = calloc(n + 1, sizeof(*args));
        size_t i = 0;
        bool only_arguments = false;

        cli->given = calloc(n + 1, sizeof(*cli->given));
        cli->args = args;
        if (!args || !cli->given)
                return -ENOMEM;
        if (!stop_at_argument && help_wanted(argv, n)) {
                cli->given[cli->n_given++] = (struct LimnGiven){LIMN_OPT_HELP, ""};
                return 0;
        }

        while (i < n) {
                if (only_arguments || argv[i][0] != '-' || argv[i][1] == '\0') {
                        if (stop_at_argument)
                                break;
                        args[cli->n_args++] = argv[i++];
                } else if (strcmp(argv[i], "--") == 0) {
                        only_arguments = true;
                        i++;
                } else {
                        int r = take_option(cli, argv, n, &i);

                        if (r != 0)
                                return r;
                }
        }
        if (ret_used)
                *ret_used = i;
        return stop_at_argument ? 0 : check_count(cli);
}

void limn_cli_done(LimnCli *cli)
{
        free((void *)cli->args);
        free(cli->given);
        cli->args = NULL;
        cli->given = NULL;
        cli->n_args = cli->n_given = 0;
}

const char *limn_cli_get(const LimnCli *cli, LimnOption option)
{
        for (size_t i = cli->n_given; i-- > 0;)
                if (cli->given[i].option == option)
                        return cli->given[i].value;
        return NULL;
}

const char *limn_cli_nth(const LimnCli *cli, LimnOption option, size_t i)
{
        for (size_t k = 0; k < cli->n_given; k++)
                if (cli->given[k].option == option && i-- == 0)
                        return cli->given[k].value;
        return NULL;
}

size_t limn_cli_count(const LimnCli *cli, LimnOption option)
{
        size_t n = 0;

        for (size_t k = 0; k < cli->n_given; k++)
                n += cli->given[k].option == option;
        return n;
}
