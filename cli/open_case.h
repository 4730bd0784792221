/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What commands that read a case share. */
#include "cli/cli.h"
#include "cli/table.h"
#include "db/case.h"

/* --case, else limn.case. */
const char *limn_case_given(const LimnCli *cli);
/* Opens it for reading, `event` table included. 0, or an exit status with a message. */
int limn_open_case(LimnCase **ret, LimnCli *cli);
/* The same for commands that tell what was concluded: refuses a case into which something was read
 * since, as `nothing was found` would be no answer. */
int limn_open_concluded_case(LimnCase **ret, LimnCli *cli);
/* JSON with --json, aligned on a terminal, else tab-separated. */
LimnTableStyle limn_table_style(const LimnCli *cli);
/* The exit status of a negative error. */
int limn_case_exit(int error);
/* Runs one statement and prints its rows. An exit status. */
int limn_print_query(LimnCli *cli, LimnCase *c, const char *sql, const LimnParam *params,
                     size_t n_params);
