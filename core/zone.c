/* SPDX-License-Identifier: Apache-2.0 */
#include "core/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/ascii.h"
#include "core/limits.h"
#include "core/tzif.h"

struct LimnZone {
        char *name;
        LimnTzif tz;
};

/* No zone is, or was, further from UTC than this. */
enum { FAR_S = 26 * 3600 };
/* The Gregorian calendar, weekdays included, repeats after 400 years. */
#define CYCLE_S ((int64_t)146097 * 86400)
#define ZONE_FOLDER "/usr/share/zoneinfo/"

LimnZone *limn_zone_free(LimnZone *zone)
{
        if (zone) {
                free(zone->name);
                limn_tzif_done(&zone->tz);
                free(zone);
        }
        return NULL;
}

const char *limn_zone_name(const LimnZone *zone)
{
        return zone ? zone->name : "UTC";
}

/* `+05:30`, `-0500`, `+05`. */
static bool fixed_offset(LimnSlice s, int32_t *ret)
{
        if (s.n < 3 || s.n > 6 || (s.p[0] != '+' && s.p[0] != '-'))
                return false;
        char digits[4] = "0000";
        size_t n = 0;
        for (size_t i = 1; i < s.n; i++) {
                if (i == 3 && s.p[i] == ':' && s.n == 6)
                        continue;
                if (!limn_ascii_digit(s.p[i]) || n == 4)
                        return false;
                digits[n++] = s.p[i];
        }
        int hours = (digits[0] - '0') * 10 + digits[1] - '0';
        int minutes = (digits[2] - '0') * 10 + digits[3] - '0';
        if (n % 2 || hours > 15 || minutes > 59)
                return false;
        *ret = (hours * 3600 + minutes * 60) * (s.p[0] == '-' ? -1 : 1);
        return true;
}

/* Letters, digits, _ + - in parts joined by single slashes: nothing that leaves the folder. */
static bool plain_name(LimnSlice s)
{
        bool inside = false;
        for (size_t i = 0; i < s.n; i++) {
                char c = s.p[i];
                if (c == '/' ? !inside
                             : !limn_ascii_alnum(c) && c != '_' && c != '+' && c != '-')
                        return false;
                inside = c != '/';
        }
        return inside && s.n < 64 && limn_ascii_upper(s.p[0]);
}

static bool abbreviation(LimnSlice s)
{
        for (size_t i = 0; i < s.n; i++)
                if (!limn_ascii_upper(s.p[i]))
                        return false;
        return s.n <= 5;
}

static int refuse(LimnDiag *diag, const char *name, const char *why)
{
        LimnMessage rest = {
                .severity = LIMN_DIAG_ERROR,
                .why = why,
                .help = "give a name such as Europe/Berlin, or an offset such as +05:30",
        };
        limn_diag_addf(diag, &rest, "unknown time zone \"%.100s\"", name);
        return -EINVAL;
}

/* Reads to the buffer's ceiling at most; -E2BIG when there is more. */
static int read_file(const char *path, LimnBuf *ret)
{
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (fd < 0)
                return -errno;
        struct stat st;
        int r = fstat(fd, &st) < 0 ? -errno : S_ISREG(st.st_mode) ? 0 : -EINVAL;
        while (r == 0) {
                char chunk[4096];
                ssize_t n = read(fd, chunk, sizeof chunk);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0) {
                        r = n < 0 ? -errno : 0;
                        break;
                }
                r = limn_buf_add(ret, limn_slice(chunk, (size_t)n));
        }
        close(fd);
        return r;
}

static int load(LimnZone *zone, const char *name, LimnDiag *diag)
{
        LimnSlice s = limn_slice_str(name);
        int32_t seconds = 0;
        if (fixed_offset(s, &seconds) || limn_slice_eq_nocase(s, LIMN_S("UTC")) ||
            limn_slice_eq_nocase(s, LIMN_S("GMT")) || limn_slice_eq_nocase(s, LIMN_S("Z")))
                return limn_tzif_fixed(&zone->tz, seconds);
        if (abbreviation(s))
                return refuse(diag, name, "abbreviations stand for several zones each");
        if (!plain_name(s))
                return refuse(diag, name, "not the form of a tz database name");

        char path[sizeof ZONE_FOLDER + 64];
        snprintf(path, sizeof path, ZONE_FOLDER "%s", name);
        LimnBuf bytes = LIMN_BUF(LIMN_ZONE_FILE_MAX);
        const char *why = "its tz database file is damaged";
        int r = read_file(path, &bytes);
        if (r == 0)
                r = limn_tzif_read(&zone->tz, limn_buf_slice(&bytes));
        else
                why = access(ZONE_FOLDER, R_OK) == 0 ? "not in the tz database"
                                                     : "no tz database in " ZONE_FOLDER;
        limn_buf_done(&bytes);
        if (r == 0 || r == -ENOMEM)
                return r;
        return refuse(diag, name, why);
}

int limn_zone_new(LimnZone **ret, const char *name, LimnDiag *diag)
{
        LimnZone *zone = calloc(1, sizeof *zone);
        if (!zone)
                return -ENOMEM;
        zone->name = strdup(name);
        int r = zone->name ? load(zone, name, diag) : -ENOMEM;
        if (r < 0) {
                limn_zone_free(zone);
                return r;
        }
        *ret = zone;
        return 0;
}

/* Seconds to add so that `s` lies within what the tables cover: whole calendar cycles, or 0. */
static int64_t cycles_back(const LimnTzif *tz, int64_t s)
{
        if (s < tz->end)
                return 0;
        return -((s - tz->end) / CYCLE_S + 1) * CYCLE_S;
}

/* Index of the period in force at `s`: period i is from at[i] to at[i + 1]. */
static size_t period(const LimnTzif *tz, int64_t s)
{
        size_t low = 0, high = tz->n;
        while (high - low > 1) {
                size_t middle = low + (high - low) / 2;
                if (tz->at[middle].from <= s)
                        low = middle;
                else
                        high = middle;
        }
        return low;
}

static int64_t until(const LimnTzif *tz, size_t i)
{
        return i + 1 < tz->n ? tz->at[i + 1].from : INT64_MAX;
}

/* A change of offset is within reach of `local`: look at all periods around it. */
static LimnLocal near_change(const LimnTzif *tz, int64_t local, int64_t *ret)
{
        size_t first = period(tz, local - FAR_S), found = 0;
        int64_t forward = local - tz->at[first].offset;
        for (size_t i = first; i < tz->n && tz->at[i].from <= local + FAR_S; i++) {
                int64_t utc = local - tz->at[i].offset;
                if (utc >= until(tz, i))
                        forward = utc; /* past this period, read by its offset all the same */
                else if ((utc >= tz->at[i].from || i == 0) && found++ == 0)
                        *ret = utc;
        }
        if (found == 0) {
                *ret = forward;
                return LIMN_LOCAL_NEVER;
        }
        return found == 1 ? LIMN_LOCAL_UNIQUE : LIMN_LOCAL_TWICE;
}

static int64_t seconds(LimnTime t)
{
        return t / LIMN_SECOND - (t % LIMN_SECOND < 0);
}

/* Beyond this a shift by an offset could overflow; there is no civil time there. */
static bool absurd(LimnTime t)
{
        return t < INT64_MIN / 2 || t > INT64_MAX / 2;
}

LimnLocal limn_zone_to_utc(const LimnZone *zone, LimnTime local, LimnTime *ret_utc)
{
        if (!zone || absurd(local)) {
                *ret_utc = local;
                return LIMN_LOCAL_UNIQUE;
        }
        const LimnTzif *tz = &zone->tz;
        int64_t cycles = cycles_back(tz, seconds(local)), s = seconds(local) + cycles, utc;
        size_t i = period(tz, s);
        LimnLocal r = LIMN_LOCAL_UNIQUE;
        if ((i == 0 || s - FAR_S >= tz->at[i].from) && s + FAR_S < until(tz, i))
                utc = s - tz->at[i].offset;
        else
                r = near_change(tz, s, &utc);
        *ret_utc = local + (utc - s) * LIMN_SECOND;
        return r;
}

LimnTime limn_zone_to_local(const LimnZone *zone, LimnTime utc)
{
        if (!zone || absurd(utc))
                return utc;
        int64_t s = seconds(utc) + cycles_back(&zone->tz, seconds(utc));
        return utc + zone->tz.at[period(&zone->tz, s)].offset * LIMN_SECOND;
}

char *limn_zone_database_version(char out[LIMN_ZONE_VERSION_MAX])
{
        static const char prefix[] = "# version ";
        char line[sizeof prefix + LIMN_ZONE_VERSION_MAX];
        int fd = open(ZONE_FOLDER "tzdata.zi", O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        ssize_t n = fd < 0 ? -1 : read(fd, line, sizeof line);
        if (fd >= 0)
                close(fd);
        LimnSlice s = limn_slice(line, n > 0 ? (size_t)n : 0);
        size_t length = 0;
        if (limn_slice_starts(s, LIMN_S(prefix))) {
                s = limn_slice_from(s, sizeof prefix - 1);
                while (length < s.n && limn_ascii_alnum(s.p[length]))
                        length++;
        }
        if (length > 0 && length < LIMN_ZONE_VERSION_MAX && length < s.n)
                snprintf(out, LIMN_ZONE_VERSION_MAX, "%.*s", (int)length, s.p);
        else
                snprintf(out, LIMN_ZONE_VERSION_MAX, "unknown");
        return out;
}
