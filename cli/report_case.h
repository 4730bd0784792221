/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What a report of a case says of its making: kept in the case, so that `limn findings` and `limn
 * bundle` print today what `limn analyze` printed then. */
#include "cli/cli.h"
#include "db/case.h"
#include "reports/report.h"

typedef struct LimnCaseReport {
        LimnReportInput input; /* points into the rest */
        LimnQuery query;
        LimnBuf rules_hash, arguments, sandbox;
        const char **args;
} LimnCaseReport;

/* 0 or negative with a message. To be done with either way. */
int limn_case_report_init(LimnCaseReport *report, LimnCli *cli, LimnCase *c);
void limn_case_report_done(LimnCaseReport *report);
/* The reporter's output to standard output. An exit status. */
int limn_case_report_print(LimnCaseReport *report, LimnCli *cli, const LimnReporter *reporter);
