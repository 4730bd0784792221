/* SPDX-License-Identifier: Apache-2.0 */
/* Completion scripts for the three shells, from the rows of commands and options. */
#include "cli/frame.h"
#include "cli/text.h"

/* Inside single quotes of a shell; zsh also reads [ ] : in a description. */
static void quoted(FILE *out, const char *text, const char *backslashed)
{
        for (; *text; text++) {
                if (*text == '\'')
                        fputs("'\\''", out);
                else if (strchr(backslashed, *text))
                        fprintf(out, "\\%c", *text);
                else
                        fputc(*text, out);
        }
}

static void bash_words(const LimnCommand *command, FILE *out)
{
        for (size_t i = 0; i < _LIMN_OPT_MAX; i++)
                if (limn_command_takes(command, (LimnOption)i))
                        fprintf(out, " --%s", limn_option_rows[i].name);
}

static void bash(FILE *out)
{
        fputs("# limn --completions bash\n"
              "_limn() {\n"
              "        local cur=${COMP_WORDS[COMP_CWORD]} words\n"
              "        if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
              "                words='",
              out);
        for (size_t i = 0; limn_commands[i]; i++)
                fprintf(out, "%s%s", i ? " " : "", limn_commands[i]->name);
        bash_words(&limn_tool, out);
        fputs("'\n        else\n                case ${COMP_WORDS[1]} in\n", out);
        for (size_t i = 0; limn_commands[i]; i++) {
                fprintf(out, "                %s) words='", limn_commands[i]->name);
                bash_words(limn_commands[i], out);
                fputs("' ;;\n", out);
        }
        fputs("                esac\n"
              "                case $cur in\n"
              "                -*) ;;\n"
              "                *) words= ;;\n"
              "                esac\n"
              "        fi\n"
              "        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
              "}\n"
              "complete -o default -F _limn limn\n",
              out);
}

static void zsh_options(const LimnCommand *command, const char *indent, FILE *out)
{
        for (size_t i = 0; i < _LIMN_OPT_MAX; i++) {
                const LimnOptionRow *row = &limn_option_rows[i];

                if (!limn_command_takes(command, (LimnOption)i))
                        continue;
                fprintf(out, "%s'%s--%s%s[", indent, row->repeats ? "*" : "", row->name,
                        row->argument ? "=" : "");
                quoted(out, row->help, "[]:");
                fputc(']', out);
                if (row->argument) {
                        fputc(':', out);
                        quoted(out, row->argument, "[]:");
                        fputs(":_files", out);
                }
                fputs("' \\\n", out);
        }
}

static void zsh(FILE *out)
{
        fputs("#compdef limn\n"
              "# limn --completions zsh\n"
              "_limn() {\n"
              "        local -a commands\n"
              "        commands=(\n",
              out);
        for (size_t i = 0; limn_commands[i]; i++) {
                fprintf(out, "                '%s:", limn_commands[i]->name);
                quoted(out, limn_commands[i]->help, "");
                fputs("'\n", out);
        }
        fputs("        )\n"
              "        if (( CURRENT == 2 )); then\n"
              "                _describe command commands\n"
              "                _arguments \\\n",
              out);
        zsh_options(&limn_tool, "                        ", out);
        fputs("                        && return\n"
              "                return\n"
              "        fi\n"
              "        case $words[2] in\n",
              out);
        for (size_t i = 0; limn_commands[i]; i++) {
                fprintf(out, "        %s)\n                _arguments \\\n",
                        limn_commands[i]->name);
                zsh_options(limn_commands[i], "                        ", out);
                fputs("                        '*:file:_files' ;;\n", out);
        }
        fputs("        esac\n}\n_limn \"$@\"\n", out);
}

static void fish_options(const LimnCommand *command, const char *condition, FILE *out)
{
        for (size_t i = 0; i < _LIMN_OPT_MAX; i++) {
                const LimnOptionRow *row = &limn_option_rows[i];

                if (!limn_command_takes(command, (LimnOption)i))
                        continue;
                fprintf(out, "complete -c limn -n '%s' -l %s", condition, row->name);
                if (row->letter)
                        fprintf(out, " -s %c", row->letter);
                if (row->argument)
                        fputs(" -r", out);
                fputs(" -d '", out);
                quoted(out, row->help, "");
                fputs("'\n", out);
        }
}

static void fish(FILE *out)
{
        fputs("# limn --completions fish\n", out);
        fish_options(&limn_tool, "__fish_use_subcommand", out);
        for (size_t i = 0; limn_commands[i]; i++) {
                LimnBuf condition = LIMN_BUF(256);

                fprintf(out, "complete -c limn -n __fish_use_subcommand -f -a %s -d '",
                        limn_commands[i]->name);
                quoted(out, limn_commands[i]->help, "");
                fputs("'\n", out);
                limn_buf_printf(&condition, "__fish_seen_subcommand_from %s",
                                limn_commands[i]->name);
                fish_options(limn_commands[i], limn_buf_str(&condition), out);
                limn_buf_done(&condition);
        }
}

bool limn_completions(const char *shell, FILE *out)
{
        if (strcmp(shell, "bash") == 0)
                bash(out);
        else if (strcmp(shell, "zsh") == 0)
                zsh(out);
        else if (strcmp(shell, "fish") == 0)
                fish(out);
        else
                return false;
        return true;
}
