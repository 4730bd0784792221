/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Zone: local time to UTC, from the system's tz database (TZif files, RFC 8536) or a fixed
 * offset. Never the process's own TZ. Immutable once made; may be shared by threads.
 */
#include "core/diag.h"
#include "core/time.h"

typedef struct LimnZone LimnZone;

typedef enum LimnLocal {
        LIMN_LOCAL_UNIQUE,  /* one moment had this local time */
        LIMN_LOCAL_TWICE,   /* two had: clocks went back; the earlier one is returned */
        LIMN_LOCAL_NEVER,   /* none had: clocks went forward; the moment as if they had not */
} LimnLocal;

/*
 * `name`: an IANA name (`Europe/Berlin`), `UTC`, `Z`, or a fixed offset (`+05:30`, `-0500`).
 * Abbreviations other than UTC, GMT and Z are refused: EST and IST are several zones.
 * -EINVAL with a message when unknown, -ENOMEM.
 */
int limn_zone_new(LimnZone **ret, const char *name, LimnDiag *diag);
LimnZone *limn_zone_free(LimnZone *zone);
const char *limn_zone_name(const LimnZone *zone);

/* Local microseconds (a stamp read as if UTC) to UTC. NULL zone: UTC. */
LimnLocal limn_zone_to_utc(const LimnZone *zone, LimnTime local, LimnTime *ret_utc);
/* UTC to local microseconds. */
LimnTime limn_zone_to_local(const LimnZone *zone, LimnTime utc);

/* The version of the system's tz database as it says itself (`2026a`), for the assumptions of a
 * report; "unknown" when it does not. Returns `out`. */
#define LIMN_ZONE_VERSION_MAX 16
char *limn_zone_database_version(char out[LIMN_ZONE_VERSION_MAX]);
