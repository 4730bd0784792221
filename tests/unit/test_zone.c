/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <errno.h>

#include "core/tzif.h"
#include "core/zone.h"

static LimnZone *zone(const char *name)
{
        LimnZone *z = NULL;
        if (limn_zone_new(&z, name, NULL) < 0)
                fail_msg("no zone %s", name);
        assert_string_equal(limn_zone_name(z), name);
        return z;
}

static LimnTime at(const char *text)
{
        LimnStamp stamp;
        LimnTime t;
        assert_true(limn_stamp_iso(limn_slice_str(text), &stamp));
        assert_true(limn_stamp_to_utc(&stamp, &t));
        return t;
}

static const struct {
        const char *zone, *local, *utc;
        LimnLocal kind;
} rows[] = {
        {"UTC", "2026-07-01 12:00:00", "2026-07-01 12:00:00", LIMN_LOCAL_UNIQUE},
        {"utc", "2026-07-01 12:00:00", "2026-07-01 12:00:00", LIMN_LOCAL_UNIQUE},
        {"Z", "2026-07-01 12:00:00", "2026-07-01 12:00:00", LIMN_LOCAL_UNIQUE},
        {"GMT", "2026-07-01 12:00:00", "2026-07-01 12:00:00", LIMN_LOCAL_UNIQUE},
        {"Etc/UTC", "2026-07-01 12:00:00", "2026-07-01 12:00:00", LIMN_LOCAL_UNIQUE},
        {"+05:30", "2026-07-01 12:00:00", "2026-07-01 06:30:00", LIMN_LOCAL_UNIQUE},
        {"-0500", "2026-07-01 12:00:00", "2026-07-01 17:00:00", LIMN_LOCAL_UNIQUE},
        {"+14", "2026-07-01 12:00:00", "2026-06-30 22:00:00", LIMN_LOCAL_UNIQUE},
        {"Asia/Kolkata", "2026-07-01 12:00:00", "2026-07-01 06:30:00", LIMN_LOCAL_UNIQUE},
        {"Asia/Kathmandu", "2026-07-01 12:00:00", "2026-07-01 06:15:00", LIMN_LOCAL_UNIQUE},
        /* Berlin: forward 2026-03-29 02:00, back 2026-10-25 03:00 */
        {"Europe/Berlin", "2026-01-15 12:00:00", "2026-01-15 11:00:00", LIMN_LOCAL_UNIQUE},
        {"Europe/Berlin", "2026-07-15 12:00:00", "2026-07-15 10:00:00", LIMN_LOCAL_UNIQUE},
        {"Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29 00:59:59", LIMN_LOCAL_UNIQUE},
        {"Europe/Berlin", "2026-03-29 02:00:00", "2026-03-29 01:00:00", LIMN_LOCAL_NEVER},
        {"Europe/Berlin", "2026-03-29 02:59:59", "2026-03-29 01:59:59", LIMN_LOCAL_NEVER},
        {"Europe/Berlin", "2026-03-29 03:00:00", "2026-03-29 01:00:00", LIMN_LOCAL_UNIQUE},
        {"Europe/Berlin", "2026-10-25 01:59:59", "2026-10-24 23:59:59", LIMN_LOCAL_UNIQUE},
        {"Europe/Berlin", "2026-10-25 02:00:00", "2026-10-25 00:00:00", LIMN_LOCAL_TWICE},
        {"Europe/Berlin", "2026-10-25 02:59:59", "2026-10-25 00:59:59", LIMN_LOCAL_TWICE},
        {"Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25 02:00:00", LIMN_LOCAL_UNIQUE},
        /* Far ahead of any list in the file: the footer's rule, and then its repetition */
        {"Europe/Berlin", "2100-07-15 12:00:00", "2100-07-15 10:00:00", LIMN_LOCAL_UNIQUE},
        {"Europe/Berlin", "2100-03-28 02:30:00", "2100-03-28 01:30:00", LIMN_LOCAL_NEVER},
        {"Europe/Berlin", "2826-03-29 02:30:00", "2826-03-29 01:30:00", LIMN_LOCAL_NEVER},
        {"Europe/Berlin", "9999-07-15 12:00:00", "9999-07-15 10:00:00", LIMN_LOCAL_UNIQUE},
        /* The southern half: summer over the new year */
        {"Australia/Sydney", "2026-01-15 12:00:00", "2026-01-15 01:00:00", LIMN_LOCAL_UNIQUE},
        {"Australia/Sydney", "2099-01-15 12:00:00", "2099-01-15 01:00:00", LIMN_LOCAL_UNIQUE},
        {"Australia/Sydney", "2099-07-15 12:00:00", "2099-07-15 02:00:00", LIMN_LOCAL_UNIQUE},
        /* Half an hour of daylight saving time; days that a zone skipped; negative DST */
        {"Australia/Lord_Howe", "2026-10-04 02:15:00", "2026-10-03 15:45:00", LIMN_LOCAL_NEVER},
        {"Pacific/Apia", "2011-12-30 12:00:00", "2011-12-30 22:00:00", LIMN_LOCAL_NEVER},
        {"Pacific/Apia", "2011-12-31 12:00:00", "2011-12-30 22:00:00", LIMN_LOCAL_UNIQUE},
        {"Europe/Dublin", "2090-07-15 12:00:00", "2090-07-15 11:00:00", LIMN_LOCAL_UNIQUE},
        {"Europe/Dublin", "2090-01-15 12:00:00", "2090-01-15 12:00:00", LIMN_LOCAL_UNIQUE},
        {"America/St_Johns", "2026-07-01 12:00:00", "2026-07-01 14:30:00", LIMN_LOCAL_UNIQUE},
        /* Before the first change: local mean time */
        {"Europe/Berlin", "1800-01-01 00:53:28", "1800-01-01 00:00:00", LIMN_LOCAL_UNIQUE},
};

static void test_rows(void **state)
{
        for (size_t i = 0; i < N_OF(rows); i++) {
                LimnZone *z = zone(rows[i].zone);
                LimnTime utc, local = at(rows[i].local) + 123456;
                char text[LIMN_TIME_ISO_MAX];
                LimnLocal kind = limn_zone_to_utc(z, local, &utc);
                if (kind != rows[i].kind || utc != at(rows[i].utc) + 123456)
                        fail_msg("%s %s: kind %d, %s", rows[i].zone, rows[i].local, kind,
                                 limn_time_iso_str(utc, text));
                if (kind != LIMN_LOCAL_NEVER)
                        assert_int_equal(limn_zone_to_local(z, utc), local);
                limn_zone_free(z);
        }
}

/* Every quarter of an hour of some years, there and back. */
static void test_round_trip(void **state)
{
        static const char *const names[] = {"Europe/Berlin", "America/New_York",
                                            "Australia/Lord_Howe", "Africa/Casablanca",
                                            "America/Sao_Paulo", "Antarctica/Troll", "-03:30"};
        static const char *const years[] = {"1996", "2011", "2026", "2037", "2045", "2437", "2838"};
        for (size_t n = 0; n < N_OF(names); n++) {
                LimnZone *z = zone(names[n]);
                for (size_t y = 0; y < N_OF(years); y++) {
                        char text[32];
                        snprintf(text, sizeof text, "%s-01-01 00:00:00", years[y]);
                        LimnTime first = at(text);
                        for (int q = 0; q < 366 * 96; q++) {
                                LimnTime utc = first + q * 15 * LIMN_MINUTE, back;
                                LimnTime local = limn_zone_to_local(z, utc);
                                LimnLocal kind = limn_zone_to_utc(z, local, &back);
                                if (kind == LIMN_LOCAL_NEVER || back > utc ||
                                    (kind == LIMN_LOCAL_UNIQUE && back != utc) ||
                                    limn_zone_to_local(z, back) != local)
                                        fail_msg("%s, quarter %d of %s", names[n], q, years[y]);
                        }
                }
                limn_zone_free(z);
        }
}

static void test_names_refused(void **state)
{
        static const char *const names[] = {
                "", "EST", "IST", "CET", "PST", "MST", "HST", "LOCAL", "est", "localtime",
                "posixrules", "../../etc/passwd", "/etc/passwd", "Europe/../UTC", "Europe//Berlin",
                "Europe/", "Europe", "/Europe/Berlin", "./UTC", ".", "Europe/Berlin\n",
                "Europe/Nowhere", "Europe/Berlin\xff", "+5", "+5:30", "+05:3", "+053", "+25:00",
                "+05:60", "+05:300", "++0500", "+0:530", "+:", "-", "UTC+5", "right/UTC",
                "tzdata.zi", "zone.tab",
                "Europe/Berlinnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn",
        };
        for (size_t i = 0; i < N_OF(names); i++) {
                LimnDiag *diag = limn_diag_new();
                LimnZone *z = NULL;
                assert_non_null(diag);
                if (limn_zone_new(&z, names[i], diag) != -EINVAL || z)
                        fail_msg("\"%s\" is a zone", names[i]);
                assert_int_equal(limn_diag_count(diag, LIMN_DIAG_ERROR), 1);
                assert_non_null(limn_diag_at(diag, 0)->why);
                assert_non_null(strstr(limn_diag_at(diag, 0)->help, "Europe/Berlin"));
                limn_diag_free(diag);
        }
}

static void test_no_zone_is_utc(void **state)
{
        LimnTime t = 0;
        assert_int_equal(limn_zone_to_utc(NULL, 5, &t), LIMN_LOCAL_UNIQUE);
        assert_int_equal(t, 5);
        assert_int_equal(limn_zone_to_local(NULL, 5), 5);
        assert_string_equal(limn_zone_name(NULL), "UTC");
        assert_null(limn_zone_free(NULL));
}

static void test_extremes(void **state)
{
        LimnZone *z = zone("America/New_York");
        static const LimnTime times[] = {INT64_MIN, INT64_MIN + 1, INT64_MIN / 2, INT64_MAX / 2,
                                         INT64_MAX - 1, INT64_MAX};
        for (size_t i = 0; i < N_OF(times); i++) {
                LimnTime utc;
                limn_zone_to_utc(z, times[i], &utc);
                limn_zone_to_local(z, times[i]);
        }
        assert_true(limn_zone_to_local(z, LIMN_TIME_NONE) == LIMN_TIME_NONE);
        limn_zone_free(z);
}

/* A file of version 2 with no listed change and the footer given. */
static int read_footer(const char *footer, LimnTzif *ret)
{
        char bytes[512] = {0};
        static const char head[] = "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                                   "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4";
        static const char data[] = "\0\0\0\0\0\0" "XXX";
        size_t n = 0;
        for (int i = 0; i < 2; i++) {
                memcpy(bytes + n, head, 44);
                memcpy(bytes + n + 44, data, 10);
                n += 54;
        }
        n += (size_t)snprintf(bytes + n, sizeof bytes - n, "\n%s\n", footer);
        return limn_tzif_read(ret, limn_slice(bytes, n));
}

static void test_footers(void **state)
{
        static const struct {
                const char *footer;
                size_t periods; /* 0: damaged */
        } table[] = {
                {"", 1},
                {"UTC0", 1},
                {"<+0330>-3:30", 1},
                {"CET-1CEST,M3.5.0,M10.5.0/3", 807},
                {"EST5EDT4:30,J60/0,J300/-1", 807},
                {"XXX3EDT4,0/0,J365/23", 3}, /* all year,
                 so one change before and one beyond the cycle */
                {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 807},
                {"X0", 0},
                {"<>0", 0},
                {"CET", 0},
                {"CET-1CEST", 0},
                {"CET-25", 0},
                {"CET-1CEST,M3.5.0", 0},
                {"CET-1CEST,M13.5.0,M10.5.0", 0},
                {"CET-1CEST,M3.6.0,M10.5.0", 0},
                {"CET-1CEST,M3.5.7,M10.5.0", 0},
                {"CET-1CEST,M3.5.0/168,M10.5.0", 0},
                {"CET-1CEST,J0,J300", 0},
                {"CET-1CEST,M3.5.0,M10.5.0,", 0},
        };
        for (size_t i = 0; i < N_OF(table); i++) {
                LimnTzif tz;
                int r = read_footer(table[i].footer, &tz);
                if (r != (table[i].periods ? 0 : -EINVAL))
                        fail_msg("%s: %d", table[i].footer, r);
                if (r < 0)
                        continue;
                if (tz.n != table[i].periods)
                        fail_msg("%s: %zu periods", table[i].footer, tz.n);
                limn_tzif_done(&tz);
        }
}

/* A real file cut at every byte, and with every byte changed: refused or read, never out of
 * bounds (the sanitizers watch). */
static void test_damaged_files(void **state)
{
        FILE *f = fopen("/usr/share/zoneinfo/America/St_Johns", "rb");
        char all[16384];
        assert_non_null(f);
        size_t n = fread(all, 1, sizeof all, f);
        fclose(f);
        LimnTzif tz;
        assert_int_equal(limn_tzif_read(&tz, limn_slice(all, n)), 0);
        limn_tzif_done(&tz);
        for (size_t cut = 0; cut < n; cut += cut < 100 || cut > n - 100 ? 1 : 37) {
                char *copy = malloc(cut ? cut : 1);
                assert_non_null(copy);
                memcpy(copy, all, cut);
                assert_int_equal(limn_tzif_read(&tz, limn_slice(copy, cut)), -EINVAL);
                free(copy);
        }
        for (size_t i = 0; i < n; i += i < 200 || i > n - 60 ? 1 : 17) {
                char was = all[i];
                all[i] = (char)(was ^ 0x91);
                if (limn_tzif_read(&tz, limn_slice(all, n)) == 0)
                        limn_tzif_done(&tz);
                all[i] = was;
        }
}

static void test_database_version(void **state)
{
        char version[LIMN_ZONE_VERSION_MAX], line[64] = "", want[64];
        assert_ptr_equal(limn_zone_database_version(version), version);
        FILE *f = fopen("/usr/share/zoneinfo/tzdata.zi", "r");
        if (!f) {
                assert_string_equal(version, "unknown");
                return;
        }
        assert_non_null(fgets(line, sizeof line, f));
        fclose(f);
        snprintf(want, sizeof want, "# version %s\n", version);
        assert_string_equal(line, want);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_rows),
                cmocka_unit_test(test_round_trip),
                cmocka_unit_test(test_names_refused),
                cmocka_unit_test(test_no_zone_is_utc),
                cmocka_unit_test(test_extremes),
                cmocka_unit_test(test_footers),
                cmocka_unit_test(test_damaged_files),
                cmocka_unit_test(test_database_version),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
