/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/option_values.h"

#include <errno.h>
#include <stdlib.h>

int limn_option_bad(const LimnCli *cli, const char *option, const char *value, const char *help)
{
        limn_diag_addf(cli->diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR, .help = help},
                       "--%s cannot be `%s`", option, value);
        return LIMN_EXIT_USAGE;
}

int limn_option_time(const LimnCli *cli, LimnOption option, const char *name, LimnTime *ret)
{
        const char *value = limn_cli_get(cli, option);
        LimnSlice text = limn_slice_str(value);
        LimnStamp stamp;

        if (!value)
                return 0;
        if (limn_stamp_iso(text, &stamp) != text.n || !limn_stamp_to_utc(&stamp, ret))
                return limn_option_bad(cli, name, value, "a time as in 2026-11-22T07:24:02Z");
        return 0;
}

int limn_option_zones(const LimnCli *cli, LimnZonesGiven *ret)
{
        size_t n = limn_cli_count(cli, LIMN_OPT_TZ);

        *ret = (LimnZonesGiven){.at = calloc(n + 1, sizeof *ret->at)};
        if (!ret->at)
                return -ENOMEM;
        for (; ret->n < n; ret->n++) {
                const char *value = limn_cli_nth(cli, LIMN_OPT_TZ, ret->n);
                const char *equals = strrchr(value, '=');
                LimnZone *zone = NULL;
                char *source;
                int r;

                if (!equals || equals == value)
                        return limn_option_bad(cli, "tz", value,
                                               "SOURCE=ZONE, as in `mysql-error.log=Europe/Berlin`");
                r = limn_zone_new(&zone, equals + 1, cli->diag);
                if (r < 0)
                        return r == -ENOMEM ? r : LIMN_EXIT_USAGE;
                source = strndup(value, (size_t)(equals - value));
                if (!source) {
                        limn_zone_free(zone);
                        return -ENOMEM;
                }
                ret->at[ret->n] = (LimnZoneGiven){source, zone};
        }
        return 0;
}

void limn_zones_given_done(LimnZonesGiven *zones)
{
        for (size_t i = 0; i < zones->n; i++) {
                limn_zone_free((LimnZone *)(uintptr_t)zones->at[i].zone);
                free((char *)(uintptr_t)zones->at[i].source);
        }
        free(zones->at);
        *zones = (LimnZonesGiven){0};
}
