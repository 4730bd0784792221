/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --help, for a terminal of 80 columns. Paragraphs of `details` are parted by an empty line; a
 * line that begins with a blank is printed as it stands (examples).
 */
#include "cli/frame.h"
#include "cli/text.h"

enum { WIDTH = 79, OPTION_COLUMN = 26 };

static void print_option(LimnOption option, FILE *out)
{
        const LimnOptionRow *row = &limn_option_rows[option];
        int n = row->letter ? fprintf(out, "  -%c, --%s", row->letter, row->name)
                            : fprintf(out, "      --%s", row->name);

        if (row->argument)
                n += fprintf(out, " %s", row->argument);
        if (n > OPTION_COLUMN - 2) {
                fputc('\n', out);
                n = 0;
        }
        limn_help_wrap(out, row->help, (size_t)n, OPTION_COLUMN, WIDTH);
        if (row->repeats)
                limn_help_wrap(out, "may be given several times", 0, OPTION_COLUMN, WIDTH);
}

static void print_options(const LimnCommand *command, FILE *out)
{
        fputs("\nOptions:\n", out);
        for (size_t i = 0; i < _LIMN_OPT_MAX; i++)
                if (limn_command_takes(command, (LimnOption)i))
                        print_option((LimnOption)i, out);
}

void limn_help_command(const LimnCommand *command, FILE *out)
{
        fprintf(out, "usage: limn %s [OPTIONS]%s%s\n\n", command->name,
                command->usage[0] ? " " : "", command->usage);
        limn_help_wrap(out, command->help, 0, 0, WIDTH);
        if (command->details) {
                fputc('\n', out);
                limn_paragraphs(out, command->details, WIDTH);
        }
        print_options(command, out);
}

void limn_help_tool(FILE *out)
{
        fprintf(out, "usage: limn %s\n\n", limn_tool.usage);
        limn_paragraphs(out, limn_tool.details, WIDTH);
        fputs("\nCommands:\n", out);
        for (size_t i = 0; limn_commands[i]; i++) {
                int n = fprintf(out, "  %s", limn_commands[i]->name);

                limn_help_wrap(out, limn_commands[i]->help, (size_t)n, 14, WIDTH);
        }
        print_options(&limn_tool, out);
        fputs("\n`limn COMMAND --help` tells about one command.\n"
              "\nExit status: 0 analysed; 1 findings at or above --fail-on; 2 usage;\n"
              "3 nothing could be read; 4 some input could not be read; 5 verification\n"
              "failed; 6 could not finish; 130 interrupted.\n",
              out);
}
