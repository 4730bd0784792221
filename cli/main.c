/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "build.h"
#include "cli/frame.h"

/* A file opened later must not become standard output or error because that was closed. */
static int open_standard_streams(void)
{
        for (int fd = 0; fd <= 2; fd++)
                if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
                        return -errno;
        return 0;
}

static bool color_wanted(int fd)
{
        const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

        return isatty(fd) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

static int unknown_command(LimnCli *cli, const char *name)
{
        const char *names[64];
        size_t n = 0;
        LimnBuf help = LIMN_BUF(1024);
        const char *near;

        for (size_t i = 0; limn_commands[i] && n + 1 < sizeof(names) / sizeof(names[0]); i++)
                names[n++] = limn_commands[i]->name;
        names[n] = NULL;
        near = limn_nearest(name, names);
        if (near)
                limn_buf_printf(&help, "did you mean `limn %s`?", near);
        else
                limn_buf_add_str(&help, "limn --help lists the commands");
        limn_diag_addf(cli->diag,
                       &(LimnMessage){.severity = LIMN_DIAG_ERROR, .help = limn_buf_str(&help)},
                       "limn has no command %s", name);
        limn_buf_done(&help);
        return LIMN_EXIT_USAGE;
}

/* `limn --help` and its like: nothing but options of the tool itself. */
static int run_tool(const LimnCli *cli)
{
        const char *shell = limn_cli_get(cli, LIMN_OPT_COMPLETIONS);

        if (limn_cli_get(cli, LIMN_OPT_HELP)) {
                limn_help_tool(stdout);
                return LIMN_EXIT_OK;
        }
        if (limn_cli_get(cli, LIMN_OPT_VERSION)) {
                printf("limn %s\n", LIMN_VERSION);
                return LIMN_EXIT_OK;
        }
        if (limn_cli_get(cli, LIMN_OPT_MAN)) {
                limn_man(stdout);
                return LIMN_EXIT_OK;
        }
        if (shell && limn_completions(shell, stdout))
                return LIMN_EXIT_OK;
        limn_diag_addf(cli->diag,
                       &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                      .help = shell ? "bash, zsh or fish"
                                                    : "limn --help lists the commands"},
                       shell ? "no completions for the shell %s" : "no command given%s",
                       shell ? shell : "");
        return LIMN_EXIT_USAGE;
}

static int run(LimnCli *cli, char *const *argv, size_t n)
{
        size_t used = 0;
        int r;

        r = limn_cli_parse(cli, argv, n, true, &used);
        if (r != 0)
                return r;
        if (used == n || cli->n_given > 0)
                return run_tool(cli);
        limn_cli_done(cli);

        cli->command = limn_command_find(argv[used]);
        if (!cli->command)
                return unknown_command(cli, argv[used]);
        r = limn_cli_parse(cli, argv + used + 1, n - used - 1, false, NULL);
        if (r != 0)
                return r;
        if (limn_cli_get(cli, LIMN_OPT_HELP)) {
                limn_help_command(cli->command, stdout);
                return LIMN_EXIT_OK;
        }
        r = limn_cli_confine(cli);
        return r < 0 ? r : cli->command->run(cli);
}

/* Buffered output may fail only now. */
static int flush_output(int status, LimnDiag *diag)
{
        errno = 0;
        if (fflush(stdout) == 0 && !ferror(stdout))
                return status;
        if (limn_stdout_gone())
                return status;
        limn_diag_addf(diag,
                       &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                      .why = errno ? strerror(errno) : NULL,
                                      .help = "what was printed is incomplete"},
                       "cannot write to standard output");
        return limn_exit_worse(status, LIMN_EXIT_UNFINISHED);
}

/* Without memory a message is only counted, and an error is passed on without one: a status that
 * says "failed" must not stand alone. */
static void say_unsaid(int status, const LimnDiag *diag)
{
        if (status != LIMN_EXIT_UNFINISHED)
                return;
        for (size_t i = 0; i < limn_diag_kept(diag); i++)
                if (limn_diag_at(diag, i)->severity == LIMN_DIAG_ERROR)
                        return;
        fputs("error: limn could not finish\n  why: out of memory\n", stderr);
}

int main(int argc, char **argv)
{
        LimnCli cli = {.command = &limn_tool};
        size_t printed = 0;
        int status;

        if (open_standard_streams() < 0)
                return LIMN_EXIT_UNFINISHED;
        signal(SIGPIPE, SIG_IGN);
        cli.color_out = color_wanted(STDOUT_FILENO);
        cli.color_err = color_wanted(STDERR_FILENO);
        cli.diag = limn_diag_new();
        if (!cli.diag) {
                fputs("error: out of memory\n", stderr);
                return LIMN_EXIT_UNFINISHED;
        }

        status = run(&cli, argv + 1, argc > 0 ? (size_t)argc - 1 : 0);
        if (status < 0) {
                limn_diag_addf(cli.diag,
                               &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                              .why = strerror(-status)},
                               "limn could not finish");
                status = LIMN_EXIT_UNFINISHED;
        }
        status = flush_output(status, cli.diag);
        limn_diag_print(cli.diag, cli.color_err, &printed, stderr);
        if (limn_diag_dropped(cli.diag) > 0)
                fprintf(stderr, "note: %zu more messages are not shown\n",
                        limn_diag_dropped(cli.diag));
        say_unsaid(status, cli.diag);
        limn_cli_done(&cli);
        limn_diag_free(cli.diag);
        return status;
}
