/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/report_case.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "build.h"
#include "cli/report_file.h"
#include "core/limits.h"

static unsigned terminal_width(void)
{
        struct winsize size;
        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 60)
                return 0;
        return size.ws_col;
}

/* One a line, as analyze was given them; a path by its last component, as sources are, so that
 * the same evidence in another folder gives the same bytes. */
static int split_arguments(LimnCaseReport *report)
{
        LimnSlice rest = limn_buf_slice(&report->arguments), line;
        size_t n = 0;
        for (LimnSlice left = rest; limn_slice_line(&left, &line);)
                n++;
        report->args = calloc(n + 1, sizeof *report->args);
        if (!report->args)
                return -ENOMEM;
        n = 0;
        while (limn_slice_line(&rest, &line)) {
                while (line.n > 1 && line.p[line.n - 1] == '/')
                        line.n--;
                for (size_t i = line.n; i > 0; i--)
                        if (line.p[i - 1] == '/' && i < line.n) {
                                line = limn_slice_from(line, i);
                                break;
                        }
                /* What follows is the line's end or a slash: nobody else's. */
                ((char *)line.p)[line.n] = '\0';
                report->args[n++] = line.p;
        }
        report->input.args = report->args;
        report->input.n_args = n;
        return 0;
}

int limn_case_report_init(LimnCaseReport *report, LimnCli *cli, LimnCase *c)
{
        *report = (LimnCaseReport){.query = limn_case_query(c),
                                   .rules_hash = LIMN_BUF(4096),
                                   .arguments = LIMN_BUF(LIMN_OUTPUT_MAX),
                                   .sandbox = LIMN_BUF(4096)};
        report->input = (LimnReportInput){.query = &report->query,
                                          .version = LIMN_VERSION,
                                          .width = terminal_width(),
                                          .color = cli->color_out};
        int r = limn_case_meta_get(c, "concluded_sha256", &report->rules_hash, cli->diag);
        if (r >= 0 && report->rules_hash.n == 0)
                r = limn_case_meta_get(c, "rules_sha256", &report->rules_hash, cli->diag);
        if (r >= 0)
                r = limn_case_meta_get(c, "arguments", &report->arguments, cli->diag);
        if (r >= 0)
                r = split_arguments(report);
        if (r >= 0)
                r = limn_case_meta_get(c, "sandbox", &report->sandbox, cli->diag);
        if (report->sandbox.n)
                report->input.sandbox = limn_buf_str(&report->sandbox);
        if (report->rules_hash.n)
                report->input.rules_hash = limn_buf_str(&report->rules_hash);
        return r;
}

void limn_case_report_done(LimnCaseReport *report)
{
        limn_buf_done(&report->rules_hash);
        limn_buf_done(&report->arguments);
        limn_buf_done(&report->sandbox);
        free(report->args);
        *report = (LimnCaseReport){0};
}

int limn_case_report_print(LimnCaseReport *report, LimnCli *cli, const LimnReporter *reporter)
{
        int fd = STDOUT_FILENO;
        LimnOut out = LIMN_OUT(limn_out_sink_fd, &fd);
        LimnReportInput input = report->input;
        LimnRedact *redact = NULL;
        int r = limn_form_masked(reporter) ? limn_redact_new(&redact, cli->diag) : 0;

        input.redact = redact;
        if (r == 0)
                r = reporter->write(&input, &out, cli->diag);
        if (r >= 0 || out.buf.error)
                r = limn_out_end(&out, cli->diag);
        limn_out_done(&out);
        limn_redact_free(redact);
        return r < 0 && r != -EPIPE ? LIMN_EXIT_UNFINISHED : LIMN_EXIT_OK;
}
