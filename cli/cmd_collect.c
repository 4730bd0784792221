/* SPDX-License-Identifier: Apache-2.0 */
/* limn collect: a script that asks for what limn wants to see. The script is cli/collect*. */
#include <stdint.h>

#include "cli/cli.h"
#include "core/embed.h"
#include "core/limits.h"

extern const LimnEmbedded limn_collect_files[]; /* meson.build */
extern const size_t limn_collect_files_n;

static LimnSlice part(LimnSlice name)
{
        for (size_t i = 0; i < limn_collect_files_n; i++)
                if (limn_slice_eq(name, limn_slice_str(limn_collect_files[i].path)))
                        return limn_collect_files[i].text;
        return LIMN_NONE;
}

/* Doubled where it closes; in a string a backslash would escape. */
static void quote(LimnBuf *out, LimnSlice text, char mark)
{
        limn_buf_add_char(out, mark);
        for (size_t i = 0; i < text.n; i++) {
                if (text.p[i] == mark || (mark == '\'' && text.p[i] == '\\'))
                        limn_buf_add_char(out, text.p[i]);
                limn_buf_add_char(out, text.p[i]);
        }
        limn_buf_add_char(out, mark);
}

static void quote_schema(LimnBuf *out, LimnSlice name)
{
        quote(out, name, '`');
}

/* NAME@HOST; any host without one. */
static void quote_account(LimnBuf *out, LimnSlice account)
{
        size_t at = account.n;

        while (at > 0 && account.p[at - 1] != '@')
                at--;
        quote(out, at ? limn_slice_to(account, at - 1) : account, '\'');
        limn_buf_add_char(out, '@');
        quote(out, at ? limn_slice_from(account, at) : LIMN_S("%"), '\'');
}

/* A line of the SQL once for each name, which takes the place of %. */
static void repeat(LimnBuf *out, LimnSlice line, const LimnCli *cli, bool accounts)
{
        size_t hole = limn_slice_chr(line, '%');
        const char *name;

        for (size_t i = 0; (name = accounts      ? limn_cli_nth(cli, LIMN_OPT_ACCOUNT, i)
                                   : i < cli->n_args ? cli->args[i]
                                                     : NULL);
             i++) {
                limn_buf_add(out, limn_slice_to(line, hole));
                if (hole < line.n)
                        (accounts ? quote_account : quote_schema)(out, limn_slice_str(name));
                limn_buf_add(out, limn_slice_from(line, hole + 1));
                limn_buf_add_char(out, '\n');
        }
}

static void write_part(LimnBuf *out, const LimnCli *cli, LimnSlice text, bool nested)
{
        static const LimnSlice account = {"-- <account> ", 13}, schema = {"-- <schema> ", 12};
        LimnSlice line, rest = text;

        /* A licence line that opens a part is for the tree, not for the script. */
        if (limn_slice_line(&rest, &line) &&
            limn_slice_find(line, LIMN_S("SPDX-License-Identifier")) < line.n)
                text = rest;
        while (limn_slice_line(&text, &line)) {
                if (limn_slice_starts(line, account)) {
                        repeat(out, limn_slice_from(line, account.n), cli, true);
                } else if (limn_slice_starts(line, schema)) {
                        repeat(out, limn_slice_from(line, schema.n), cli, false);
                } else if (!nested && line.n > 2 && line.p[0] == '@' && line.p[line.n - 1] == '@') {
                        write_part(out, cli, part(limn_slice(line.p + 1, line.n - 2)), true);
                } else {
                        limn_buf_add(out, line);
                        limn_buf_add_char(out, '\n');
                }
        }
}

/* A line feed would end the script's SQL, and what follows would be the shell's. */
static bool is_plain(const LimnCli *cli, const char *name)
{
        for (const char *c = name; *c; c++)
                if ((unsigned char)*c < 32 || *c == 127) {
                        limn_diag_add(cli->diag, &(LimnMessage){
                                .severity = LIMN_DIAG_ERROR,
                                .what = "a name holds a control character"});
                        return false;
                }
        return true;
}

static bool names_are_plain(const LimnCli *cli)
{
        const char *name;

        for (size_t i = 0; i < cli->n_args; i++)
                if (!is_plain(cli, cli->args[i]))
                        return false;
        for (size_t i = 0; (name = limn_cli_nth(cli, LIMN_OPT_ACCOUNT, i)); i++)
                if (!is_plain(cli, name))
                        return false;
        return true;
}

static int run(LimnCli *cli)
{
        bool mysql = limn_cli_get(cli, LIMN_OPT_MYSQL) != NULL;
        bool gateway = limn_cli_get(cli, LIMN_OPT_GATEWAY) != NULL;
        LimnBuf out = LIMN_BUF(LIMN_OUTPUT_MAX);

        if (!names_are_plain(cli))
                return LIMN_EXIT_USAGE;
        write_part(&out, cli, part(LIMN_S("collect.sh")), false);
        if (mysql || !gateway)
                write_part(&out, cli, part(LIMN_S("collect_mysql.sh")), false);
        if (gateway || !mysql)
                write_part(&out, cli, part(LIMN_S("collect_gateway.sh")), false);
        int r = out.error;
        if (r == 0)
                fwrite(out.p, 1, out.n, stdout); /* main tells when it failed */
        limn_buf_done(&out);
        return r < 0 ? r : LIMN_EXIT_OK;
}

static const LimnOption options[] = {
        LIMN_OPT_ACCOUNT, LIMN_OPT_GATEWAY, LIMN_OPT_MYSQL, _LIMN_OPT_MAX,
};

const LimnCommand limn_cmd_collect = {
        .name = "collect",
        .usage = "[SCHEMA...]",
        .help = "print a script that collects what limn wants to see",
        .details =
                "Prints a shell script for those who have access: the DBA runs it beside a mysql "
                "client (settings, binary logs, replication, connections, grants of --account, "
                "tables of each SCHEMA, the end of the error log), who runs the pipelines beside "
                "the databricks client (events, logs, checkpoints). It changes nothing on either "
                "side, and can be read before it is run. Give the folder that it fills to `limn "
                "analyze`.\n\n"
                "With --mysql or --gateway only that part.",
        .options = options,
        .min_args = 0,
        .max_args = SIZE_MAX,
        .args_are = LIMN_ARGS_WORDS,
        .run = run,
};
