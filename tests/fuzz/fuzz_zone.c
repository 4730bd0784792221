/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/fuzz.h"

#include <errno.h>

#include "core/tzif.h"
#include "core/tzrule.h"
#include "core/zone.h"

static void file(LimnSlice bytes)
{
        LimnTzif tz;
        int r = limn_tzif_read(&tz, bytes);
        PROMISE(r == 0 || r == -EINVAL);
        if (r < 0)
                return;
        PROMISE(tz.n > 0 && tz.at[0].from == INT64_MIN);
        for (size_t i = 1; i < tz.n; i++)
                PROMISE(tz.at[i].from > tz.at[i - 1].from);
        limn_tzif_done(&tz);
}

static void name(LimnSlice bytes)
{
        char text[80];
        LimnZone *zone = NULL;
        if (bytes.n >= sizeof text || memchr(bytes.p, '\0', bytes.n))
                return;
        memcpy(text, bytes.p, bytes.n);
        text[bytes.n] = '\0';
        if (limn_zone_new(&zone, text, NULL) < 0)
                return;
        PROMISE(!strchr(text, '.') && text[0] != '/');
        for (LimnTime t = 0; t < 200 * 365 * LIMN_DAY; t += 997 * LIMN_HOUR) {
                LimnTime back;
                LimnLocal kind = limn_zone_to_utc(zone, limn_zone_to_local(zone, t), &back);
                PROMISE(kind == LIMN_LOCAL_TWICE || (kind == LIMN_LOCAL_UNIQUE && back == t));
        }
        limn_zone_free(zone);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        LimnSlice s = {(const char *)data, size};
        LimnTzRule rule;
        file(s);
        name(s);
        if (!limn_tz_rule_parse(s, &rule) || !rule.has_dst)
                return 0;
        for (int y = 1970; y < 2400; y += 7) {
                PROMISE(limn_tz_rule_start(&rule, y) < limn_tz_rule_start(&rule, y + 1));
                PROMISE(limn_tz_rule_stop(&rule, y) < limn_tz_rule_stop(&rule, y + 1));
        }
        return 0;
}
