/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ingest_options.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/stop.h"
#include "core/limits.h"
#include "parsers/registry.h"

static int read_jobs(const LimnCli *cli, unsigned *ret)
{
        const char *value = limn_cli_get(cli, LIMN_OPT_JOBS);
        long long n;

        if (!value)
                return 0;
        if (!limn_slice_i64(limn_slice_str(value), &n) || n < 1 || n > LIMN_JOBS_MAX)
                return limn_option_bad(cli, "jobs", value, "a number from 1 to 64");
        *ret = (unsigned)n;
        return 0;
}

int limn_ingest_given(LimnIngestGiven *ret, const LimnCli *cli)
{
        const char *format = limn_cli_get(cli, LIMN_OPT_FORMAT);
        LimnIngestOptions *options = &ret->options;
        int r;

        *ret = (LimnIngestGiven){.options = LIMN_INGEST_OPTIONS};
        options->except = ret->except;
        options->stop = limn_stop_on_signals();
        options->progress = limn_progress_update;
        options->progress_arg = &ret->progress;
        if (format && !(options->format = limn_format_find(format)))
                return limn_option_bad(cli, "format", format, "limn formats lists the formats");
        r = read_jobs(cli, &options->jobs);
        if (r == 0)
                r = limn_option_time(cli, LIMN_OPT_SINCE, "since", &options->since);
        if (r == 0)
                r = limn_option_time(cli, LIMN_OPT_UNTIL, "until", &options->until);
        if (r == 0)
                r = limn_option_time(cli, LIMN_OPT_REFERENCE_TIME, "reference-time",
                                     &options->reference);
        if (r == 0)
                r = limn_option_zones(cli, &ret->zones);
        options->zones = ret->zones.at;
        options->n_zones = ret->zones.n;
        return r;
}

void limn_ingest_given_done(LimnIngestGiven *given)
{
        limn_zones_given_done(&given->zones);
        limn_progress_end(&given->progress);
}

static void except_one(LimnIngestGiven *given, const char *path)
{
        size_t *n = &given->options.n_except;
        struct stat st;

        if (*n < sizeof(given->except) / sizeof(given->except[0]) && stat(path, &st) == 0)
                given->except[(*n)++] = (LimnFileId){st.st_dev, st.st_ino};
}

void limn_ingest_except(LimnIngestGiven *given, const char *path)
{
        LimnBuf beside = LIMN_BUF(1 << 16);

        if (!path)
                return;
        except_one(given, path);
        if (limn_buf_printf(&beside, "%s-journal", path) == 0)
                except_one(given, limn_buf_str(&beside));
        limn_buf_done(&beside);
}
