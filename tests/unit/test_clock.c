/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

#include "rules/clock.h"

#define MOST 4096
#define BASE ((LimnTime)1795333000 * LIMN_SECOND)

typedef struct World {
        LimnClockSource sources[8];
        size_t n_sources;
        LimnClockAnchor anchors[MOST];
        char keys[MOST][48];
        size_t n;
        LimnClock clocks[8];
} World;

static World world;

static uint64_t seed;

static uint32_t below(uint32_t n)
{
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        return (uint32_t)(seed >> 33) % n;
}

static uint32_t source(uint32_t group, LimnClockKind kind, LimnClockZone zone, LimnDuration offset,
                       LimnDuration resolution)
{
        world.sources[world.n_sources] = (LimnClockSource){group, kind, zone, offset, resolution};
        return (uint32_t)world.n_sources++;
}

/* `when`: common time; `off`: how the source's stamps are off; cut to its resolution. */
static void anchor(const char *name, const char *key, uint32_t of, LimnTime when, LimnDuration off)
{
        LimnDuration resolution = world.sources[of].resolution;
        LimnTime stamp = when + off;

        snprintf(world.keys[world.n], sizeof world.keys[0], "%s", key);
        world.anchors[world.n] = (LimnClockAnchor){limn_slice_str(name),
                                                   limn_slice_str(world.keys[world.n]), of,
                                                   stamp - stamp % resolution, resolution};
        world.n++;
}

static void solve(void)
{
        static LimnClockAnchor shuffled[MOST];
        LimnClock again[8];
        size_t i;

        assert_int_equal(limn_clocks(world.sources, world.n_sources, world.anchors, world.n,
                                     world.clocks), 0);
        /* The order of anchors decides nothing. */
        memcpy(shuffled, world.anchors, sizeof shuffled);
        for (i = world.n; i > 1; i--) {
                size_t k = below((uint32_t)i);
                LimnClockAnchor swap = shuffled[i - 1];

                shuffled[i - 1] = shuffled[k];
                shuffled[k] = swap;
        }
        assert_int_equal(limn_clocks(world.sources, world.n_sources, shuffled, world.n, again), 0);
        for (i = 0; i < world.n_sources; i++) {
                assert_int_equal(again[i].correction, world.clocks[i].correction);
                assert_int_equal(again[i].uncertainty, world.clocks[i].uncertainty);
                assert_int_equal(again[i].anchors, world.clocks[i].anchors);
                assert_int_equal(again[i].reference, world.clocks[i].reference);
        }
}

static int fresh(void **state)
{
        memset(&world, 0, sizeof world);
        seed = 1;
        return 0;
}

#define near(is, want, within) assert_true(llabs((long long)((is) - (want))) <= (long long)(within))

/*
 * The recorded incident: the server in New York time (said by a snapshot), the gateway's host
 * 137 s ahead, its text log naive and its JSON log and events with a zone, all of one host.
 */
static void test_gateway_ahead(void **state)
{
        static const double at[] = {111.0, 121.2, 128.4, 135.1};
        static const char *const keys[] = {"mysql-bin.000001:12078", "mysql-bin.000001:24333",
                                           "mysql-bin.000002:21283", "mysql-bin.000003:17778"};
        uint32_t server = source(2, LIMN_CLOCK_SERVER, LIMN_CLOCK_SNAPSHOT, -5 * LIMN_HOUR,
                                 LIMN_SECOND);
        uint32_t text = source(3, LIMN_CLOCK_GATEWAY, LIMN_CLOCK_NAIVE, 0, LIMN_SECOND);
        uint32_t lines = source(3, LIMN_CLOCK_GATEWAY, LIMN_CLOCK_STATED, 0, 1000);
        uint32_t events = source(3, LIMN_CLOCK_EVENTS, LIMN_CLOCK_STATED, 0, 1000);
        size_t i;

        for (i = 0; i < N_OF(at); i++) {
                LimnTime t = BASE + (LimnTime)(at[i] * 1e6);

                anchor("dump_start", keys[i], server, t + 3000, -5 * LIMN_HOUR);
                anchor("dump_start", keys[i], text, t, 137 * LIMN_SECOND);
                anchor("dump_start", keys[i], lines, t, 137 * LIMN_SECOND);
        }
        /* Connection ids: the same one again after each restart. */
        for (i = 0; i < N_OF(at); i++) {
                anchor("conn_open", "5", server, BASE + (LimnTime)(at[i] * 1e6), -5 * LIMN_HOUR);
                anchor("conn_open", "5", lines, BASE + (LimnTime)(at[i] * 1e6),
                       137 * LIMN_SECOND);
        }
        solve();
        /* Events state their zone: the reference; so it is the server that is behind. */
        assert_int_equal(world.clocks[events].skew, 0);
        assert_int_equal(world.clocks[events].correction, 0);
        assert_int_equal(world.clocks[events].reference, LIMN_CLOCK_NO_SOURCE);
        assert_int_equal(world.clocks[text].zone_offset, 0);
        assert_int_equal(world.clocks[text].basis, LIMN_CLOCK_BY_ANCHORS);
        assert_int_equal(world.clocks[lines].basis, LIMN_CLOCK_BY_STATED);
        assert_int_equal(world.clocks[server].basis, LIMN_CLOCK_BY_SNAPSHOT);
        assert_int_equal(world.clocks[server].zone_offset, -5 * LIMN_HOUR);
        near(world.clocks[server].skew, -137 * LIMN_SECOND, LIMN_SECOND);
        assert_true(world.clocks[server].anchors >= 4);
        assert_true(world.clocks[server].uncertainty <= 3 * LIMN_SECOND);
        assert_int_equal(world.clocks[server].reference, text);
}

/* Two hosts, the gateway off by each of these, its stamps naive and in each of these zones. */
static void test_zones_and_skews(void **state)
{
        static const LimnDuration zones[] = {0, 330, -300, 345, -570, 765, 60, -720};
        static const LimnDuration skews[] = {0, 137, -95, 3, -400, 440};
        size_t i, k, n;

        for (i = 0; i < N_OF(zones); i++) {
                for (k = 0; k < N_OF(skews); k++) {
                        LimnDuration zone = zones[i] * LIMN_MINUTE, skew = skews[k] * LIMN_SECOND;
                        uint32_t server, gateway;
                        char key[48];

                        fresh(NULL);
                        server = source(10, LIMN_CLOCK_SERVER, LIMN_CLOCK_STATED, 0, 1);
                        gateway = source(5, LIMN_CLOCK_GATEWAY, LIMN_CLOCK_NAIVE, 0, LIMN_SECOND);
                        for (n = 0; n < 20; n++) {
                                LimnTime t = BASE + below(86400) * LIMN_SECOND + below(1000000);

                                snprintf(key, sizeof key, "binlog.%06zu:%u", n, below(100000));
                                anchor("dump_start", key, server, t + below(20000), 0);
                                anchor("dump_start", key, gateway, t, zone + skew);
                        }
                        solve();
                        assert_int_equal(world.clocks[server].correction, 0);
                        assert_int_equal(world.clocks[gateway].zone_offset, zone);
                        near(world.clocks[gateway].skew, skew, LIMN_SECOND);
                        near(world.clocks[gateway].correction, -(zone + skew), LIMN_SECOND);
                        assert_int_equal(world.clocks[gateway].anchors, 20);
                }
        }
}

/* Reconnects every 5 s from one position: eleven pairs say +5 s, twelve say the truth. */
static void test_repeated_keys(void **state)
{
        uint32_t server = source(1, LIMN_CLOCK_SERVER, LIMN_CLOCK_STATED, 0, LIMN_SECOND);
        uint32_t gateway = source(2, LIMN_CLOCK_GATEWAY, LIMN_CLOCK_STATED, 0, 1000);
        LimnTime t;
        int i;

        for (i = 0, t = BASE; i < 12; i++, t += 5 * LIMN_SECOND + 120000) {
                anchor("dump_start", "mysql-bin.000007:16927", server, t, 0);
                anchor("dump_start", "mysql-bin.000007:16927", gateway, t, -95 * LIMN_SECOND);
        }
        solve();
        near(world.clocks[gateway].skew, -95 * LIMN_SECOND, LIMN_SECOND);
        assert_int_equal(world.clocks[gateway].anchors, 12);
        assert_int_equal(world.clocks[gateway].reference, server);
}

/* Equal evidence for two offsets: the smaller one, whichever way the anchors lie. */
static void test_two_clusters(void **state)
{
        uint32_t server = source(1, LIMN_CLOCK_SERVER, LIMN_CLOCK_STATED, 0, 1000);
        uint32_t gateway = source(2, LIMN_CLOCK_GATEWAY, LIMN_CLOCK_STATED, 0, 1000);
        char key[48];
        int i;

        for (i = 0; i < 8; i++) {
                snprintf(key, sizeof key, "mysql-bin.000001:%d", 1000 + i);
                anchor("dump_start", key, server, BASE + i * LIMN_MINUTE, 0);
                anchor("dump_start", key, gateway, BASE + i * LIMN_MINUTE,
                       (i < 4 ? 100 : -40) * LIMN_SECOND);
        }
        solve();
        near(world.clocks[gateway].skew, -40 * LIMN_SECOND, 1000);
        assert_int_equal(world.clocks[gateway].anchors, 4);
        /* One more on the other side decides. */
        anchor("dump_start", "mysql-bin.000001:9999", server, BASE, 0);
        anchor("dump_start", "mysql-bin.000001:9999", gateway, BASE, 100 * LIMN_SECOND);
        solve();
        near(world.clocks[gateway].skew, 100 * LIMN_SECOND, 1000);
        assert_int_equal(world.clocks[gateway].anchors, 5);
}

/* Two anchors with short keys prove nothing; one telling key does; one telling key twice not. */
static void test_too_few(void **state)
{
        uint32_t server = source(1, LIMN_CLOCK_SERVER, LIMN_CLOCK_STATED, 0, LIMN_SECOND);
        uint32_t gateway = source(2, LIMN_CLOCK_GATEWAY, LIMN_CLOCK_NAIVE, 0, LIMN_SECOND);

        anchor("conn_open", "12", server, BASE, 0);
        anchor("conn_open", "12", gateway, BASE, LIMN_HOUR);
        anchor("conn_open", "13", server, BASE + LIMN_MINUTE, 0);
        anchor("conn_open", "13", gateway, BASE + LIMN_MINUTE, LIMN_HOUR);
        solve();
        assert_int_equal(world.clocks[gateway].anchors, 0);
        assert_int_equal(world.clocks[gateway].correction, 0);
        assert_int_equal(world.clocks[gateway].basis, LIMN_CLOCK_BY_ASSUMED);
        assert_int_equal(world.clocks[gateway].uncertainty, LIMN_CLOCK_ZONE_UNKNOWN);
        assert_int_equal(world.clocks[gateway].reference, LIMN_CLOCK_NO_SOURCE);

        anchor("dump_start", "mysql-bin.000001:4", server, BASE, 0);
        anchor("dump_start", "mysql-bin.000001:4", gateway, BASE, LIMN_HOUR);
        solve();
        assert_int_equal(world.clocks[gateway].zone_offset, LIMN_HOUR);
        assert_int_equal(world.clocks[gateway].skew, 0);
        assert_int_equal(world.clocks[gateway].anchors, 3);

        world.n = 0;
        anchor("dump_start", "mysql-bin.000001:4", server, BASE, 0);
        anchor("dump_start", "mysql-bin.000001:4", gateway, BASE, LIMN_HOUR);
        anchor("dump_start", "mysql-bin.000001:4", server, BASE + LIMN_MINUTE, 0);
        solve();
        assert_int_equal(world.clocks[gateway].anchors, 0);
        /* Another phase with the same key is no anchor. */
        world.n = 0;
        anchor("dump_start", "mysql-bin.000001:4", server, BASE, 0);
        anchor("checkpoint_at", "mysql-bin.000001:4", gateway, BASE, LIMN_HOUR);
        solve();
        assert_int_equal(world.clocks[gateway].anchors, 0);
}

/* The gateway's events state their zone and share no moment; its log shares them and states
 * none. */
static void test_naive_log_beside_stated_events(void **state)
{
        uint32_t events = source(1, LIMN_CLOCK_EVENTS, LIMN_CLOCK_STATED, 0, 1000);
        uint32_t log = source(1, LIMN_CLOCK_GATEWAY, LIMN_CLOCK_NAIVE, 0, LIMN_SECOND);
        uint32_t server =
                source(2, LIMN_CLOCK_SERVER, LIMN_CLOCK_SNAPSHOT, -5 * LIMN_HOUR, LIMN_SECOND);
        char key[48];

        for (int i = 0; i < 4; i++) {
                LimnTime t = BASE + i * 9 * LIMN_SECOND;

                snprintf(key, sizeof key, "mysql-bin.000001:%d", 12078 + i * 4000);
                anchor("dump_start", key, log, t, 137 * LIMN_SECOND);
                anchor("dump_start", key, server, t, -5 * LIMN_HOUR);
        }
        solve();
        assert_int_equal(world.clocks[events].skew, 0);
        assert_int_equal(world.clocks[log].zone_offset, 0);
        near(world.clocks[server].skew, -137 * LIMN_SECOND, LIMN_SECOND);
        near(world.clocks[server].correction, 5 * LIMN_HOUR + 137 * LIMN_SECOND, LIMN_SECOND);
}

/* What lies below what stamps can tell is no skew. */
static void test_noise_is_no_skew(void **state)
{
        uint32_t server = source(1, LIMN_CLOCK_SERVER, LIMN_CLOCK_STATED, 0, LIMN_SECOND);
        uint32_t gateway = source(2, LIMN_CLOCK_GATEWAY, LIMN_CLOCK_STATED, 0, 1000);
        char key[48];
        int i;

        for (i = 0; i < 10; i++) {
                LimnTime t = BASE + i * 7 * LIMN_SECOND + below(1000000);

                snprintf(key, sizeof key, "mysql-bin.000001:%d", 1000 + i);
                anchor("dump_start", key, server, t + below(300000), 0);
                anchor("dump_start", key, gateway, t, 0);
        }
        solve();
        assert_int_equal(world.clocks[gateway].skew, 0);
        assert_int_equal(world.clocks[gateway].correction, 0);
        assert_int_equal(world.clocks[gateway].anchors, 10);
        assert_true(world.clocks[gateway].uncertainty < 2 * LIMN_SECOND);
}

/* A chain of three hosts: only neighbours share moments. */
static void test_through_another(void **state)
{
        uint32_t events = source(1, LIMN_CLOCK_EVENTS, LIMN_CLOCK_STATED, 0, 1000);
        uint32_t gateway = source(2, LIMN_CLOCK_GATEWAY, LIMN_CLOCK_NAIVE, 0, 1000);
        uint32_t server = source(3, LIMN_CLOCK_SERVER, LIMN_CLOCK_NAIVE, 0, LIMN_SECOND);
        uint32_t alone = source(4, LIMN_CLOCK_SERVER, LIMN_CLOCK_STATED, 0, 1);
        char key[48];
        int i;

        for (i = 0; i < 6; i++) {
                LimnTime t = BASE + i * 11 * LIMN_SECOND + below(1000000);

                snprintf(key, sizeof key, "b7e5-24fa64c97a7b-%d", i);
                anchor("update", key, events, t, 0);
                anchor("update", key, gateway, t, LIMN_HOUR + 20 * LIMN_SECOND);
                snprintf(key, sizeof key, "mysql-bin.000001:%d", i);
                anchor("dump_start", key, gateway, t, LIMN_HOUR + 20 * LIMN_SECOND);
                anchor("dump_start", key, server, t, -8 * LIMN_HOUR - 30 * LIMN_SECOND);
        }
        solve();
        assert_int_equal(world.clocks[gateway].zone_offset, LIMN_HOUR);
        near(world.clocks[gateway].skew, 20 * LIMN_SECOND, 2000);
        assert_int_equal(world.clocks[server].zone_offset, -8 * LIMN_HOUR);
        near(world.clocks[server].skew, -30 * LIMN_SECOND, LIMN_SECOND);
        assert_int_equal(world.clocks[server].reference, events);
        assert_true(world.clocks[server].uncertainty > world.clocks[gateway].uncertainty);
        assert_int_equal(world.clocks[alone].reference, LIMN_CLOCK_NO_SOURCE);
        assert_int_equal(world.clocks[alone].uncertainty, LIMN_CLOCK_UNMEASURED + 1);
}

/* Who is asked: stated stamps before a snapshot's zone before nothing; then by kind. */
static void test_reference(void **state)
{
        uint32_t gateway = source(1, LIMN_CLOCK_GATEWAY, LIMN_CLOCK_NAIVE, 0, LIMN_SECOND);
        uint32_t server = source(2, LIMN_CLOCK_SERVER, LIMN_CLOCK_SNAPSHOT, 2 * LIMN_HOUR,
                                 LIMN_SECOND);
        char key[48];
        int i;

        for (i = 0; i < 5; i++) {
                snprintf(key, sizeof key, "mysql-bin.000001:%d", i);
                anchor("dump_start", key, gateway, BASE + i * LIMN_MINUTE, 50 * LIMN_SECOND);
                anchor("dump_start", key, server, BASE + i * LIMN_MINUTE, 2 * LIMN_HOUR);
        }
        solve();
        assert_int_equal(world.clocks[server].reference, LIMN_CLOCK_NO_SOURCE);
        assert_int_equal(world.clocks[server].correction, -2 * LIMN_HOUR);
        near(world.clocks[gateway].correction, -50 * LIMN_SECOND, LIMN_SECOND);
        assert_int_equal(world.clocks[gateway].reference, server);
        /* Neither zone known: the gateway is asked, and both are said to be assumed. */
        world.sources[server].zone = LIMN_CLOCK_NAIVE;
        world.sources[server].kind = LIMN_CLOCK_OTHER;
        solve();
        assert_int_equal(world.clocks[gateway].reference, LIMN_CLOCK_NO_SOURCE);
        assert_int_equal(world.clocks[gateway].basis, LIMN_CLOCK_BY_ASSUMED);
        assert_int_equal(world.clocks[server].zone_offset, 2 * LIMN_HOUR);
}

/* Group 0 is no group: each has its own clock. */
static void test_no_group(void **state)
{
        uint32_t server = source(0, LIMN_CLOCK_SERVER, LIMN_CLOCK_STATED, 0, LIMN_SECOND);
        uint32_t other = source(0, LIMN_CLOCK_OTHER, LIMN_CLOCK_STATED, 0, LIMN_SECOND);

        anchor("dump_start", "mysql-bin.000001:4", server, BASE, 0);
        anchor("dump_start", "mysql-bin.000001:4", other, BASE, LIMN_MINUTE);
        solve();
        assert_int_equal(world.clocks[other].skew, LIMN_MINUTE);
        assert_int_equal(world.clocks[other].reference, server);
}

/* Alone there is nothing to be off against. */
static void test_one_source(void **state)
{
        uint32_t only = source(1, LIMN_CLOCK_SERVER, LIMN_CLOCK_NAIVE, 0, LIMN_SECOND);

        solve();
        assert_int_equal(world.clocks[only].correction, 0);
        assert_int_equal(world.clocks[only].basis, LIMN_CLOCK_BY_ASSUMED);
        assert_int_equal(world.clocks[only].uncertainty, LIMN_SECOND);
        assert_int_equal(limn_clocks(NULL, 0, NULL, 0, NULL), 0);
}

/* 2,000 x 2,000 pairs of one key stay below the ceiling and end soon; extremes do not overflow. */
static void test_hostile(void **state)
{
        uint32_t server = source(1, LIMN_CLOCK_SERVER, LIMN_CLOCK_STATED, 0, LIMN_SECOND);
        uint32_t gateway = source(2, LIMN_CLOCK_GATEWAY, LIMN_CLOCK_STATED, 0, LIMN_SECOND);
        size_t i;

        for (i = 0; i < 2000; i++) {
                anchor("conn_open", "5", server, BASE + below(1000) * LIMN_SECOND, 0);
                anchor("conn_open", "5", gateway, BASE + below(1000) * LIMN_SECOND, 0);
        }
        solve();
        world.n = 0;
        anchor("a", "a long enough key", server, BASE, 0);
        anchor("a", "a long enough key", gateway, BASE, 0);
        world.anchors[0].time = INT64_MAX;
        world.anchors[1].time = INT64_MIN + 1;
        solve();
        assert_int_equal(world.clocks[gateway].anchors, 0);
        world.anchors[0].source = 99;
        solve();
}

/* `n` dumps a minute apart; the gateway's clock is off by off(i). */
static void dumps(size_t n, uint32_t server, uint32_t gateway,
                  LimnDuration (*off)(size_t i, size_t n))
{
        for (size_t i = 0; i < n; i++) {
                char key[48];

                snprintf(key, sizeof key, "mysql-bin.%06zu:4", i);
                anchor("dump_start", key, server, BASE + (LimnTime)i * LIMN_MINUTE, 0);
                anchor("dump_start", key, gateway, BASE + (LimnTime)i * LIMN_MINUTE, off(i, n));
        }
}

static LimnDuration jumps(size_t i, size_t n)
{
        return i * 10 < n * 7 ? 0 : 40 * LIMN_SECOND;
}

static LimnDuration drifts(size_t i, size_t n)
{
        return -(LimnDuration)i * 90 * LIMN_SECOND / (LimnDuration)(n - 1);
}

static LimnDuration stands(size_t i, size_t n)
{
        return 137 * LIMN_SECOND + (LimnDuration)below(900) * 1000;
}

/* Reconnects from one position: each pair is of two moments, any time apart. */
static LimnDuration strays(size_t i, size_t n)
{
        return i % 2 ? 0 : (LimnDuration)below(600) * LIMN_SECOND;
}

/* A clock that was set, or runs off, is said, and no order rests on it. */
static void test_moved(void **state)
{
        static const struct {
                LimnDuration (*off)(size_t i, size_t n);
                LimnDuration moved, within;
        } rows[] = {
                {jumps, 40 * LIMN_SECOND, LIMN_SECOND},
                {drifts, -90 * LIMN_SECOND, 5 * LIMN_SECOND},
                {stands, 0, 0},
                {strays, 0, 0},
        };

        for (size_t i = 0; i < N_OF(rows); i++) {
                fresh(NULL);
                uint32_t server = source(1, LIMN_CLOCK_SERVER, LIMN_CLOCK_STATED, 0, LIMN_SECOND);
                uint32_t gateway = source(2, LIMN_CLOCK_GATEWAY, LIMN_CLOCK_STATED, 0, 1000);

                dumps(20, server, gateway, rows[i].off);
                solve();
                near(world.clocks[gateway].moved, rows[i].moved, rows[i].within);
                assert_int_equal(world.clocks[server].moved, 0);
                assert_true(world.clocks[gateway].uncertainty >=
                            llabs(rows[i].moved) - LIMN_SECOND);
                assert_true(rows[i].moved || world.clocks[gateway].uncertainty < 3 * LIMN_SECOND);
        }
        /* Five moments are too few to tell a jump from two strays. */
        fresh(NULL);
        uint32_t server = source(1, LIMN_CLOCK_SERVER, LIMN_CLOCK_STATED, 0, LIMN_SECOND);
        uint32_t gateway = source(2, LIMN_CLOCK_GATEWAY, LIMN_CLOCK_STATED, 0, 1000);

        dumps(5, server, gateway, jumps);
        solve();
        assert_int_equal(world.clocks[gateway].moved, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup(test_gateway_ahead, fresh),
                cmocka_unit_test_setup(test_zones_and_skews, fresh),
                cmocka_unit_test_setup(test_repeated_keys, fresh),
                cmocka_unit_test_setup(test_two_clusters, fresh),
                cmocka_unit_test_setup(test_too_few, fresh),
                cmocka_unit_test_setup(test_naive_log_beside_stated_events, fresh),
                cmocka_unit_test_setup(test_noise_is_no_skew, fresh),
                cmocka_unit_test_setup(test_through_another, fresh),
                cmocka_unit_test_setup(test_reference, fresh),
                cmocka_unit_test_setup(test_no_group, fresh),
                cmocka_unit_test_setup(test_moved, fresh),
                cmocka_unit_test_setup(test_one_source, fresh),
                cmocka_unit_test_setup(test_hostile, fresh),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
