/* SPDX-License-Identifier: Apache-2.0 */
/* limn.1 in groff's man macros, from the same rows as --help. */
#include "build.h"
#include "cli/frame.h"
#include "cli/text.h"

/* A leading dot or apostrophe would be a macro, a backslash an escape, a bare '-' a hyphen. */
static void escaped(FILE *out, LimnSlice text, bool at_line_start)
{
        if (at_line_start && text.n > 0 && (text.p[0] == '.' || text.p[0] == '\''))
                fputs("\\&", out);
        for (size_t i = 0; i < text.n; i++) {
                if (text.p[i] == '\\')
                        fputs("\\e", out);
                else if (text.p[i] == '-')
                        fputs("\\-", out);
                else
                        fputc(text.p[i], out);
        }
}

static void line_of(FILE *out, const char *text)
{
        escaped(out, limn_slice_str(text), true);
        fputc('\n', out);
}

static void details(FILE *out, const char *text)
{
        LimnSlice rest = limn_slice_str(text), line;
        bool verbatim = false;

        while (limn_slice_line(&rest, &line)) {
                bool wants = line.n > 0 && line.p[0] == ' ';

                if (wants != verbatim)
                        fputs(wants ? ".nf\n" : ".fi\n", out);
                verbatim = wants;
                if (line.n == 0) {
                        fputs(".PP\n", out);
                        continue;
                }
                escaped(out, line, true);
                fputc('\n', out);
        }
        if (verbatim)
                fputs(".fi\n", out);
}

static void options(const LimnCommand *command, FILE *out)
{
        for (size_t i = 0; i < _LIMN_OPT_MAX; i++) {
                const LimnOptionRow *row = &limn_option_rows[i];

                if (!limn_command_takes(command, (LimnOption)i))
                        continue;
                fputs(".TP\n\\fB", out);
                if (row->letter)
                        fprintf(out, "\\-%c\\fR, \\fB", row->letter);
                fputs("\\-\\-", out);
                escaped(out, limn_slice_str(row->name), false);
                fputs("\\fR", out);
                if (row->argument) {
                        fputs(" \\fI", out);
                        escaped(out, limn_slice_str(row->argument), false);
                        fputs("\\fR", out);
                }
                fputc('\n', out);
                line_of(out, row->help);
        }
}

static const char exit_status[] =
        ".SH EXIT STATUS\n"
        ".TP\n0\nanalysed\n"
        ".TP\n1\nfindings at or above \\fB\\-\\-fail\\-on\\fR\n"
        ".TP\n2\nusage error\n"
        ".TP\n3\nnothing could be read\n"
        ".TP\n4\nsome input could not be read; the rest was analysed\n"
        ".TP\n5\na case or bundle failed verification\n"
        ".TP\n6\nlimn could not finish (disk full, memory, case locked or newer)\n"
        ".TP\n130\ninterrupted\n"
        ".PP\nWhere several hold: 2, 6, 3, 5, 4, 1, 0.\n";

void limn_man(FILE *out)
{
        fprintf(out, ".\\\" SPDX-License-Identifier: Apache-2.0\n"
                     ".TH LIMN 1 \"\" \"limn %s\" \"User Commands\"\n",
                LIMN_VERSION);
        fputs(".SH NAME\nlimn \\- ", out);
        line_of(out, limn_tool.help);
        fputs(".SH SYNOPSIS\n.B limn\n.I COMMAND\n[\\fIOPTIONS\\fR] [\\fIARGUMENTS\\fR]\n"
              ".SH DESCRIPTION\n",
              out);
        details(out, limn_tool.details);
        fputs(".SH OPTIONS\n", out);
        options(&limn_tool, out);
        fputs(".SH COMMANDS\n", out);
        for (size_t i = 0; limn_commands[i]; i++) {
                const LimnCommand *command = limn_commands[i];

                fprintf(out, ".SS \"limn %s", command->name);
                if (command->usage[0]) {
                        fputc(' ', out);
                        escaped(out, limn_slice_str(command->usage), false);
                }
                fputs("\"\n", out);
                line_of(out, command->help);
                if (command->details) {
                        fputs(".PP\n", out);
                        details(out, command->details);
                }
                options(command, out);
        }
        fputs(exit_status, out);
        fputs(".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nno colours, even on a terminal\n", out);
}
