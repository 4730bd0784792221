/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/report_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "build.h"
#include "core/limits.h"
#include "reports/report.h"

static unsigned terminal_width(void)
{
        struct winsize size;
        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 60)
                return 0;
        return size.ws_col > 120 ? 120 : size.ws_col;
}

static int cannot_write(LimnCli *cli, const char *path, int error)
{
        limn_diag_add(cli->diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                                .what = "cannot write the report",
                                                .where = path,
                                                .why = strerror(error)});
        return LIMN_EXIT_UNFINISHED;
}

/* To a new name beside the target, renamed when it is whole: no half report under its name. */
static int write_file(LimnCli *cli, const LimnReporter *reporter, const LimnReportInput *input,
                      const char *path)
{
        LimnBuf name = LIMN_BUF(LIMN_RULE_FILE_MAX);
        limn_buf_printf(&name, "%s.part", path);
        int fd = name.error ? -1 : open(limn_buf_str(&name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        if (fd < 0) {
                int error = name.error ? -name.error : errno;
                limn_buf_done(&name);
                return cannot_write(cli, path, error);
        }
        LimnOut out = LIMN_OUT(limn_out_sink_fd, &fd);
        int r = reporter->write(input, &out, cli->diag);
        if (r >= 0)
                r = limn_out_end(&out, cli->diag);
        limn_out_done(&out);
        if (fsync(fd) < 0 && r >= 0 && errno != EINVAL)
                r = -errno;
        close(fd);
        if (r >= 0 && rename(limn_buf_str(&name), path) < 0)
                r = -errno;
        if (r < 0)
                unlink(limn_buf_str(&name));
        limn_buf_done(&name);
        return r < 0 ? cannot_write(cli, path, -r) : LIMN_EXIT_OK;
}

static int write_standard(LimnCli *cli, const LimnReporter *reporter, const LimnReportInput *input)
{
        int fd = STDOUT_FILENO;
        LimnOut out = LIMN_OUT(limn_out_sink_fd, &fd);
        int r = reporter->write(input, &out, cli->diag);
        if (r >= 0)
                r = limn_out_end(&out, cli->diag);
        limn_out_done(&out);
        return r < 0 ? LIMN_EXIT_UNFINISHED : LIMN_EXIT_OK;
}

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
                limn_diag_addf(cli->diag,
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

int limn_reports_given(LimnCli *cli, LimnCase *c, const LimnRules *rules)
{
        const LimnQuery query = limn_case_query(c);
        LimnReportInput input = {.query = &query,
                                 .version = LIMN_VERSION,
                                 .rules_hash = rules->hash,
                                 .args = cli->args,
                                 .n_args = cli->n_args};
        const char *report = limn_cli_get(cli, LIMN_OPT_REPORT);
        const char *bundle = limn_cli_get(cli, LIMN_OPT_BUNDLE);
        int status = fail_on(cli, &query);
        if (status == LIMN_EXIT_USAGE)
                return status;
        if (report)
                status = limn_exit_worse(status, write_file(cli, limn_reporter_find(LIMN_S("html")),
                                                            &input, report));
        (void)bundle;
        bool json = limn_cli_get(cli, LIMN_OPT_JSON) != NULL;
        input.width = terminal_width();
        input.color = cli->color_out;
        return limn_exit_worse(status,
                               write_standard(cli, limn_reporter_find(json ? LIMN_S("json") : LIMN_S("terminal")),
                                              &input));
}
