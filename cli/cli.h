/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Command line: one row a command (cli/commands.list), one row an option (cli/options.list); help,
 * man page and completions are printed from the same rows. One file a command: cli/cmd_<name>.c.
 */
#include <stdio.h>

#include "cli/sandbox.h"
#include "core/diag.h"

/* Exit status (design.md section 7). Where several hold: 2, 6, 3, 5, 4, 1, 0. */
enum {
        LIMN_EXIT_OK = 0,
        LIMN_EXIT_FINDINGS = 1,   /* findings at or above --fail-on */
        LIMN_EXIT_USAGE = 2,
        LIMN_EXIT_NOTHING = 3,    /* nothing could be read */
        LIMN_EXIT_PARTIAL = 4,    /* some input could not be read; the rest was analysed */
        LIMN_EXIT_UNVERIFIED = 5, /* a case or bundle failed verification */
        LIMN_EXIT_UNFINISHED = 6, /* disk full, memory, case locked or newer */
        LIMN_EXIT_INTERRUPTED = 130,
};
/* The one of two that counts. */
int limn_exit_worse(int a, int b);

typedef enum LimnOption {
#define OPTION(constant, name, letter, argument, repeats, help) LIMN_OPT_##constant,
#include "cli/options.list"
#undef OPTION
        _LIMN_OPT_MAX,
} LimnOption;

/* Without --case. */
#define LIMN_CASE_DEFAULT "limn.case"

/* What a command's arguments are, and so what the sandbox leaves open to it (cli/confine.c). */
typedef enum LimnArgs {
        LIMN_ARGS_WORDS,   /* no paths */
        LIMN_ARGS_READ,    /* files and folders to read; `-` and other words are none */
        LIMN_ARGS_WRITTEN, /* files to write; also cases, whose journal SQLite may roll back */
} LimnArgs;

typedef struct LimnCli {
        const struct LimnCommand *command;
        const char *const *args; /* positional, after the command's name */
        size_t n_args;
        LimnDiag *diag; /* printed to stderr by main when the command returns */
        bool color_out, color_err;
        LimnSandbox sandbox; /* in force when a command runs */
        struct LimnGiven *given; /* options, in order: cli/options.c */
        size_t n_given;
} LimnCli;

typedef struct LimnCommand {
        const char *name;
        const char *usage;   /* "PATH..." */
        const char *help;    /* one line */
        const char *details; /* paragraphs for --help and the man page */
        const LimnOption *options; /* ends with _LIMN_OPT_MAX */
        size_t min_args, max_args; /* max SIZE_MAX: any */
        LimnArgs args_are;
        int (*run)(LimnCli *cli);  /* an exit status */
} LimnCommand;

/* Is standard output a pipe whose reader went away (`limn timeline | head`)? It had what it wanted:
 * that nothing more can be written is no error. */
bool limn_stdout_gone(void);

/* The last value given, or NULL; for a flag "" when given. */
const char *limn_cli_get(const LimnCli *cli, LimnOption option);
/* The i-th value of an option that repeats, or NULL. */
const char *limn_cli_nth(const LimnCli *cli, LimnOption option, size_t i);
/* How many values of it were given. */
size_t limn_cli_count(const LimnCli *cli, LimnOption option);
