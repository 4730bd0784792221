/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/report_file.h"

#include "cli/report_case.h"
#include "reports/file.h"

static const char *const severities[] = {"informational", "low", "medium", "high", "critical"};
enum { N_SEVERITIES = sizeof severities / sizeof *severities };

static int severity_rank(LimnSlice severity)
{
        for (int i = 0; i < N_SEVERITIES; i++)
                if (limn_slice_eq(severity, limn_slice_str(severities[i])))
                        return i;
        return -1;
}

static int take_severity(void *arg, const LimnValue *v, size_t n)
{
        int rank = severity_rank(v[0].s);
        if (rank > *(int *)arg)
                *(int *)arg = rank;
        return 0;
}

static int fail_on(LimnCli *cli, const LimnQuery *query)
{
        const char *level = limn_cli_get(cli, LIMN_OPT_FAIL_ON);
        if (!level)
                return LIMN_EXIT_OK;
        int asked = severity_rank(limn_slice_str(level)), worst = -1;
        if (asked < 0) {
                limn_diag_addf(
                        cli->diag,
                        &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                       .help = "informational, low, medium, high or critical"},
                        "--fail-on does not know the level %s", level);
                return LIMN_EXIT_USAGE;
        }
        if (query->run(query->ctx, "SELECT severity FROM finding", NULL, 0, take_severity, &worst,
                       cli->diag) < 0)
                return LIMN_EXIT_UNFINISHED;
        return worst >= asked ? LIMN_EXIT_FINDINGS : LIMN_EXIT_OK;
}

/* By the end of the name (.md, .csv, .jsonl, .json), else the page. What is no page is made to be
 * sent around: secrets are masked in it. */
static int write_report(LimnCli *cli, const LimnCaseReport *report, const char *path)
{
        const LimnReporter *as = &limn_reporter_html;
        LimnReportInput input = report->input;
        LimnRedact *redact = NULL;
        for (size_t i = 0; limn_reporters[i]; i++) {
                LimnSlice suffix = limn_slice_str(limn_reporters[i]->suffix);
                if (suffix.n && !limn_slice_eq(suffix, LIMN_S(".txt")) &&
                    limn_slice_ends(limn_slice_str(path), suffix))
                        as = limn_reporters[i];
        }
        int r = as == &limn_reporter_html ? 0 : limn_redact_new(&redact, cli->diag);
        input.redact = redact;
        if (r == 0)
                r = limn_report_to_file(as, &input, path, cli->diag);
        limn_redact_free(redact);
        return r;
}

static int write_given(LimnCli *cli, LimnCase *c, LimnCaseReport *report)
{
        const char *page = limn_cli_get(cli, LIMN_OPT_REPORT);
        const char *bundle = limn_cli_get(cli, LIMN_OPT_BUNDLE);
        int r = 0;
        if (page)
                r = write_report(cli, report, page);
        /* The bundle is tried even if the page could not be written: one may be all that fits. */
        int status = bundle ? limn_bundle_given(cli, c, &report->input, bundle) : LIMN_EXIT_OK;
        return r < 0 ? limn_exit_worse(status, LIMN_EXIT_UNFINISHED) : status;
}

int limn_reports_given(LimnCli *cli, LimnCase *c, const LimnRules *rules)
{
        LimnCaseReport report;
        int r = rules ? limn_case_meta_set(c, "concluded_sha256", limn_slice_str(rules->hash),
                                           cli->diag)
                      : 0;
        if (r < 0)
                return LIMN_EXIT_UNFINISHED;
        r = limn_case_report_init(&report, cli, c);
        int status = r < 0 ? LIMN_EXIT_UNFINISHED : fail_on(cli, &report.query);
        if (r >= 0 && status != LIMN_EXIT_USAGE) {
                bool json = limn_cli_get(cli, LIMN_OPT_JSON) != NULL;
                status = limn_exit_worse(status, write_given(cli, c, &report));
                status = limn_exit_worse(
                        status, limn_case_report_print(&report, cli,
                                                       json ? LIMN_S("json") : LIMN_S("terminal")));
        }
        limn_case_report_done(&report);
        return status;
}
