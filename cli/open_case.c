/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/open_case.h"

#include <errno.h>
#include <unistd.h>

#include "core/limits.h"
#include "parsers/registry.h"

const char *limn_case_given(const LimnCli *cli)
{
        const char *path = limn_cli_get(cli, LIMN_OPT_CASE);

        return path ? path : LIMN_CASE_DEFAULT;
}

int limn_case_exit(int error)
{
        switch (error) {
        case 0:
                return LIMN_EXIT_OK;
        case -EBADMSG:
                return LIMN_EXIT_UNVERIFIED;
        case -ENOENT:
                return LIMN_EXIT_NOTHING;
        default:
                return LIMN_EXIT_UNFINISHED;
        }
}

int limn_open_case(LimnCase **ret, LimnCli *cli)
{
        LimnCase *c = NULL;
        int r = limn_case_open(&c, limn_case_given(cli), LIMN_CASE_READ, cli->diag);

        if (r == 0)
                r = limn_case_enable_events(c, limn_format_find, cli->diag);
        if (r < 0) {
                limn_case_close(c);
                return limn_case_exit(r);
        }
        *ret = c;
        return 0;
}

int limn_open_concluded_case(LimnCase **ret, LimnCli *cli)
{
        LimnCase *c = NULL;
        LimnBuf rules = LIMN_BUF(4096), help = LIMN_BUF(LIMN_OUTPUT_MAX);
        int status = limn_open_case(&c, cli);
        if (status != LIMN_EXIT_OK)
                return status;
        int r = limn_case_meta_get(c, "concluded_sha256", &rules, cli->diag);
        if (r >= 0 && rules.n == 0) {
                limn_buf_add_str(&help, "limn diagnose --case ");
                limn_buf_add_str(&help, limn_case_given(cli));
                limn_buf_add_str(&help, " does");
                limn_diag_add(cli->diag,
                              &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                             .where = limn_case_given(cli),
                                             .what = "nothing was concluded since the "
                                                     "last source was read",
                                             .help = limn_buf_str(&help)});
                r = -ENODATA;
        }
        limn_buf_done(&rules);
        limn_buf_done(&help);
        if (r < 0) {
                limn_case_close(c);
                return LIMN_EXIT_UNFINISHED;
        }
        *ret = c;
        return LIMN_EXIT_OK;
}

LimnTableStyle limn_table_style(const LimnCli *cli)
{
        if (limn_cli_get(cli, LIMN_OPT_JSON))
                return LIMN_TABLE_JSON;
        return isatty(STDOUT_FILENO) ? LIMN_TABLE_ALIGNED : LIMN_TABLE_TSV;
}

int limn_print_query(LimnCli *cli, LimnCase *c, const char *sql, const LimnParam *params,
                     size_t n_params)
{
        LimnTable *table = limn_table_new(stdout, limn_table_style(cli));
        int r = -ENOMEM;

        if (table)
                r = limn_case_select(c, sql, params, n_params, limn_table_head, limn_table_row,
                                     table, cli->diag);
        if (r == 0 && limn_table_end(table) < 0) {
                r = -EIO;
                if (!limn_stdout_gone())
                        limn_diag_add(cli->diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                                                .what = "cannot write the rows",
                                                                .where = "standard output"});
        }
        limn_table_free(table);
        if (r == -EIO && limn_stdout_gone())
                return LIMN_EXIT_OK;
        return r == -EINVAL ? LIMN_EXIT_USAGE : limn_case_exit(r);
}
