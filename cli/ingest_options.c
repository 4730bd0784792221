/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ingest_options.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/stop.h"
#include "core/limits.h"
#include "parsers/registry.h"

static int bad_value(const LimnCli *cli, const char *option, const char *value, const char *help)
{
        limn_diag_addf(cli->diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR, .help = help},
                       "--%s cannot be `%s`", option, value);
        return LIMN_EXIT_USAGE;
}

static int read_time(const LimnCli *cli, LimnOption option, const char *name, LimnTime *ret)
{
        const char *value = limn_cli_get(cli, option);
        LimnSlice text = limn_slice_str(value);
        LimnStamp stamp;

        if (!value)
                return 0;
        if (limn_stamp_iso(text, &stamp) != text.n || !limn_stamp_to_utc(&stamp, ret))
                return bad_value(cli, name, value, "a time as in 2026-11-22T07:24:02Z");
        return 0;
}

static int read_zones(const LimnCli *cli, LimnIngestGiven *given)
{
        const char *value;
        size_t n = limn_cli_count(cli, LIMN_OPT_TZ);

        given->zones = calloc(n + 1, sizeof(*given->zones));
        if (!given->zones)
                return -ENOMEM;
        given->options.zones = given->zones;
        for (size_t i = 0; i < n; i++) {
                LimnZone *zone = NULL;
                const char *equals;
                char *source;
                int r;

                value = limn_cli_nth(cli, LIMN_OPT_TZ, i);
                equals = strrchr(value, '=');
                if (!equals || equals == value)
                        return bad_value(cli, "tz", value,
                                         "SOURCE=ZONE, as in `mysql-error.log=Europe/Berlin`");
                r = limn_zone_new(&zone, equals + 1, cli->diag);
                if (r < 0)
                        return r == -ENOMEM ? r : LIMN_EXIT_USAGE;
                source = strndup(value, (size_t)(equals - value));
                given->zones[i] = (LimnIngestZone){source, zone};
                given->options.n_zones = i + 1;
                if (!source)
                        return -ENOMEM;
        }
        return 0;
}

static int read_jobs(const LimnCli *cli, unsigned *ret)
{
        const char *value = limn_cli_get(cli, LIMN_OPT_JOBS);
        long long n;

        if (!value)
                return 0;
        if (!limn_slice_i64(limn_slice_str(value), &n) || n < 1 || n > LIMN_JOBS_MAX)
                return bad_value(cli, "jobs", value, "a number from 1 to 64");
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
                return bad_value(cli, "format", format, "limn formats lists the formats");
        r = read_jobs(cli, &options->jobs);
        if (r == 0)
                r = read_time(cli, LIMN_OPT_SINCE, "since", &options->since);
        if (r == 0)
                r = read_time(cli, LIMN_OPT_UNTIL, "until", &options->until);
        if (r == 0)
                r = read_time(cli, LIMN_OPT_REFERENCE_TIME, "reference-time", &options->reference);
        return r ? r : read_zones(cli, ret);
}

void limn_ingest_given_done(LimnIngestGiven *given)
{
        for (size_t i = 0; i < given->options.n_zones; i++) {
                limn_zone_free((LimnZone *)given->zones[i].zone);
                free((char *)given->zones[i].source);
        }
        free(given->zones);
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
