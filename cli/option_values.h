/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What several commands read out of the values of their options. */
#include "cli/cli.h"
#include "core/time.h"
#include "core/zone.h"

/* Says that the option cannot have this value; returns LIMN_EXIT_USAGE. */
int limn_option_bad(const LimnCli *cli, const char *option, const char *value, const char *help);

/* A time as in 2026-11-22T07:24:02Z; *ret stays as it is where the option is not given. 0, or
 * LIMN_EXIT_USAGE with a message. `name` is the option's. */
int limn_option_time(const LimnCli *cli, LimnOption option, const char *name, LimnTime *ret);

/* --tz SOURCE=ZONE. `source` is the end of a path, from a component on, or a pattern (*, ?). */
typedef struct LimnZoneGiven {
        const char *source;
        const LimnZone *zone;
} LimnZoneGiven;

typedef struct LimnZonesGiven {
        LimnZoneGiven *at; /* the last that fits counts */
        size_t n;
} LimnZonesGiven;

/* 0; an exit status, with a message; -ENOMEM. *ret may be given to _done either way. */
int limn_option_zones(const LimnCli *cli, LimnZonesGiven *ret);
void limn_zones_given_done(LimnZonesGiven *zones);
