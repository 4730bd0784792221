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

bool limn_form_masked(const LimnReporter *reporter)
{
        return reporter == &limn_reporter_summary || reporter == &limn_reporter_csv ||
               reporter == &limn_reporter_timesketch;
}

static bool among(const char *forms, LimnSlice name)
{
        LimnSlice rest = limn_slice_str(forms);
        while (rest.n) {
                size_t end = limn_slice_chr(rest, ' ');
                if (limn_slice_eq(limn_slice_to(rest, end), name))
                        return true;
                rest = limn_slice_from(rest, end + 1);
        }
        return false;
}

int limn_form_given(LimnCli *cli, const char *forms, const LimnReporter *plain,
                    const LimnReporter **ret)
{
        const char *form = limn_cli_get(cli, LIMN_OPT_FORM);
        LimnBuf help = LIMN_BUF(1024);

        *ret = plain;
        if (form && among(forms, limn_slice_str(form))) {
                for (size_t i = 0; limn_reporters[i]; i++)
                        if (strcmp(limn_reporters[i]->suffix + 1, form) == 0)
                                *ret = limn_reporters[i];
        } else if (form && strcmp(form, "text") != 0) {
                limn_buf_printf(&help, "text %s", forms);
                limn_diag_addf(cli->diag,
                               &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                              .help = limn_buf_str(&help)},
                               "limn %s has no form %s", cli->command->name, form);
                *ret = NULL;
        }
        limn_buf_done(&help);
        if (*ret && form && limn_cli_get(cli, LIMN_OPT_JSON)) {
                limn_diag_add(cli->diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                                        .what = "--json and --format exclude each "
                                                                "other"});
                *ret = NULL;
        }
        return *ret ? LIMN_EXIT_OK : LIMN_EXIT_USAGE;
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
        const LimnReporter *form = NULL;
        if (status != LIMN_EXIT_USAGE)
                status = limn_exit_worse(
                        status, limn_form_given(cli, "json md html csv jsonl",
                                                limn_cli_get(cli, LIMN_OPT_JSON)
                                                        ? &limn_reporter_json
                                                        : &limn_reporter_terminal,
                                                &form));
        if (r >= 0 && form) {
                status = limn_exit_worse(status, write_given(cli, c, &report));
                status = limn_exit_worse(status, limn_case_report_print(&report, cli, form));
        }
        limn_case_report_done(&report);
        return status;
}
