/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <errno.h>

#include "core/format.h"
#include "core/limits.h"

static void test_names_of_enums(void **state)
{
        for (int i = 0; i < _LIMN_LEVEL_MAX; i++) {
                const char *name = limn_level_to_string((LimnLevel)i);
                assert_int_equal(limn_level_from_string(limn_slice_str(name)), i);
        }
        assert_int_equal(limn_level_from_string(LIMN_S("Error")), _LIMN_LEVEL_INVALID);
        assert_string_equal(limn_level_to_string(_LIMN_LEVEL_INVALID), "");
        for (int i = 0; i < _LIMN_BASIS_MAX; i++) {
                const char *name = limn_basis_to_string((LimnBasis)i);
                assert_int_equal(limn_basis_from_string(limn_slice_str(name)), i);
        }
        assert_int_equal(limn_basis_from_string(LIMN_S("")), _LIMN_BASIS_INVALID);
}

static void test_level_words(void **state)
{
        static const struct {
                LimnLevel level;
                const char *words[16];
        } table[] = {
                {LIMN_LEVEL_FATAL, {"FATAL", "fatal", "CRITICAL", "crit", "alert", "emerg", "panic",
                 "60"}},
                {LIMN_LEVEL_ERROR, {"ERROR", "Error", "err", "SEVERE", "50"}},
                {LIMN_LEVEL_WARNING, {"Warning", "WARN", "warn", "WARNING", "40"}},
                {LIMN_LEVEL_NOTICE, {"NOTICE", "notice"}},
                {LIMN_LEVEL_INFO, {"Note", "NOTE", "System", "INFO", "CONFIG", "METRICS",
                 "Information", "informational", "30"}},
                {LIMN_LEVEL_DEBUG, {"DEBUG", "TRACE", "FINE", "FINER", "FINEST", "verbose", "20",
                 "10"}},
                {LIMN_LEVEL_NONE, {"", "Errors", "Warn ", " INFO", "70", "3", "InnoDB", "Notes",
                 "0"}},
        };
        for (size_t i = 0; i < N_OF(table); i++) {
                for (size_t k = 0; k < 16 && table[i].words[k]; k++) {
                        LimnLevel level = limn_level_from_word(limn_slice_str(table[i].words[k]));
                        if (level != table[i].level)
                                fail_msg("\"%s\": %s", table[i].words[k],
                                         limn_level_to_string(level));
                }
        }
        assert_int_equal(limn_level_from_word(LIMN_NONE), LIMN_LEVEL_NONE);
}

static void test_get(void **state)
{
        static const LimnField fields[] = {
                {{"origin.cloud", 12}, {"AWS", 3}},
                {{"thread", 6}, {"7", 1}},
                {{"code", 4}, {"own goes first", 14}},
                {{"nothing", 7}, {NULL, 0}},
                {{"twice", 5}, {"first", 5}},
                {{"twice", 5}, {"second", 6}},
        };
        LimnEvent event = {
                .time = LIMN_SECOND,
                .time_basis = LIMN_BASIS_STATED,
                .level = LIMN_LEVEL_WARNING,
                .level_raw = LIMN_S("Warning"),
                .code = LIMN_S("MY-010055"),
                .message = LIMN_S(""),
                .fields = fields,
                .n_fields = N_OF(fields),
        };
        char scratch[LIMN_TIME_ISO_MAX];
        static const struct {
                const char *name, *value;
        } table[] = {
                {"time", "1970-01-01T00:00:01.000000Z"},
                {"time_basis", "stated"},
                {"level", "warning"},
                {"level_raw", "Warning"},
                {"code", "MY-010055"},
                {"message", ""},
                {"thread", "7"},
                {"origin.cloud", "AWS"},
                {"twice", "first"},
        };
        LimnSlice value;
        for (size_t i = 0; i < N_OF(table); i++) {
                if (!limn_event_get(&event, limn_slice_str(table[i].name), scratch, &value))
                        fail_msg("no %s", table[i].name);
                assert_slice(value, table[i].value);
        }
        assert_true(limn_event_get(&event, LIMN_S("nothing"), scratch, &value));
        assert_null(value.p);
        static const char *const absent[] = {"component", "logger", "time_raw", "origin", "",
                "Code"};
        for (size_t i = 0; i < N_OF(absent); i++)
                assert_false(limn_event_get(&event, limn_slice_str(absent[i]), scratch, &value));
        event.time = LIMN_TIME_NONE;
        event.level = LIMN_LEVEL_NONE;
        assert_false(limn_event_get(&event, LIMN_S("time"), scratch, &value));
        assert_false(limn_event_get(&event, LIMN_S("level"), scratch, &value));
}

static LimnEvent stamped(const char *text, const char *zone_name, const char *reference)
{
        LimnEvent event = {0};
        LimnStamp stamp = {0};
        LimnZone *zone = NULL;
        LimnParse parse = {.reference = LIMN_TIME_NONE};
        if (zone_name)
                assert_int_equal(limn_zone_new(&zone, zone_name, NULL), 0);
        if (reference) {
                assert_true(limn_stamp_iso(limn_slice_str(reference), &stamp));
                assert_true(limn_stamp_to_utc(&stamp, &parse.reference));
        }
        parse.zone = zone;
        LimnSlice raw = limn_slice_str(text);
        bool no_year = limn_slice_starts(raw, LIMN_S("YYYY"));
        char copy[64];
        snprintf(copy, sizeof copy, "%s", text);
        if (no_year)
                memcpy(copy, "2000", 4);
        if (!limn_stamp_iso(limn_slice_str(copy), &stamp))
                assert_true(limn_stamp_slash(limn_slice_str(copy), &stamp));
        if (no_year)
                stamp.year = 0;
        limn_event_set_stamp(&event, &parse, &stamp, raw);
        assert_ptr_equal(event.time_raw.p, text);
        limn_zone_free(zone);
        return event;
}

static void test_set_stamp(void **state)
{
        static const struct {
                const char *text, *zone, *reference, *time;
                LimnBasis basis;
                uint32_t quality;
        } table[] = {
                {"2026-11-22T07:24:02Z", "Europe/Berlin", NULL, "2026-11-22T07:24:02.000000Z",
                 LIMN_BASIS_STATED, 0},
                {"2026-11-22T07:24:02", "Europe/Berlin", NULL, "2026-11-22T06:24:02.000000Z",
                 LIMN_BASIS_CONFIGURED, 0},
                {"2026-11-22T07:24:02", "UTC", NULL, "2026-11-22T07:24:02.000000Z",
                 LIMN_BASIS_CONFIGURED, 0},
                {"2026-11-22T07:24:02", NULL, NULL, "2026-11-22T07:24:02.000000Z",
                 LIMN_BASIS_ASSUMED, 0},
                {"2026-10-25T02:30:00", "Europe/Berlin", NULL, "2026-10-25T00:30:00.000000Z",
                 LIMN_BASIS_CONFIGURED, LIMN_Q_LOCAL_TWICE},
                {"2026-03-29T02:30:00", "Europe/Berlin", NULL, "2026-03-29T01:30:00.000000Z",
                 LIMN_BASIS_CONFIGURED, LIMN_Q_LOCAL_NEVER},
                {"2026-13-01T00:00:00Z", NULL, NULL, "-", LIMN_BASIS_NONE, LIMN_Q_TIME_INVALID},
                {"0000-00-00 00:00:00", NULL, "2026-11-22T00:00:00Z", "-", LIMN_BASIS_NONE,
                 LIMN_Q_TIME_INVALID},
                {"26/11/22 07:24:02", NULL, NULL, "2026-11-22T07:24:02.000000Z", LIMN_BASIS_ASSUMED,
                 LIMN_Q_YEAR_ASSUMED},
                {"2026/11/22 07:24:02", NULL, NULL, "2026-11-22T07:24:02.000000Z",
                 LIMN_BASIS_ASSUMED, 0},
                {"YYYY-11-22T07:24:02Z", NULL, NULL, "-", LIMN_BASIS_NONE, LIMN_Q_YEAR_ASSUMED},
                {"YYYY-11-22T07:24:02Z", NULL, "2026-11-20T00:00:00Z",
                 "2026-11-22T07:24:02.000000Z", LIMN_BASIS_STATED, LIMN_Q_YEAR_ASSUMED},
                {"YYYY-12-31T23:59:59", NULL, "2026-01-01T00:10:00Z", "2025-12-31T23:59:59.000000Z",
                 LIMN_BASIS_ASSUMED, LIMN_Q_YEAR_ASSUMED},
                {"YYYY-01-01T00:00:01", NULL, "2026-12-31T23:50:00Z", "2027-01-01T00:00:01.000000Z",
                 LIMN_BASIS_ASSUMED, LIMN_Q_YEAR_ASSUMED},
                {"YYYY-02-29T00:00:00", NULL, "2027-12-01T00:00:00Z", "2028-02-29T00:00:00.000000Z",
                 LIMN_BASIS_ASSUMED, LIMN_Q_YEAR_ASSUMED},
                {"YYYY-02-29T00:00:00", NULL, "2026-02-01T00:00:00Z", "-", LIMN_BASIS_NONE,
                 LIMN_Q_YEAR_ASSUMED | LIMN_Q_TIME_INVALID},
        };
        for (size_t i = 0; i < N_OF(table); i++) {
                LimnEvent event = stamped(table[i].text, table[i].zone, table[i].reference);
                char text[LIMN_TIME_ISO_MAX];
                if (strcmp(limn_time_iso_str(event.time, text), table[i].time) != 0 ||
                    event.time_basis != table[i].basis || event.quality != table[i].quality)
                        fail_msg("%s: %s, %s, %x", table[i].text, text,
                                 limn_basis_to_string(event.time_basis), event.quality);
        }
}

static void test_fields(void **state)
{
        LimnArena *arena = limn_arena_new(LIMN_RECORD_ARENA_MAX);
        LimnFields fields = {0};
        LimnEvent event = {0};
        char name[LIMN_FIELDS_MAX + 1];
        for (int i = 0; i <= LIMN_FIELDS_MAX; i++) {
                assert_false(fields.cut);
                assert_int_equal(limn_fields_add(&fields, arena, limn_slice(name, (size_t)i),
                                                 LIMN_S("v")), 0);
        }
        assert_true(fields.cut);
        limn_event_take_fields(&event, &fields);
        assert_int_equal(event.n_fields, LIMN_FIELDS_MAX);
        assert_int_equal(event.quality, LIMN_Q_FIELDS_CUT);
        for (size_t i = 0; i < event.n_fields; i++)
                assert_int_equal(event.fields[i].name.n, i);
        limn_arena_free(arena);

        arena = limn_arena_new(8);
        fields = (LimnFields){0};
        assert_int_equal(limn_fields_add(&fields, arena, LIMN_S("a"), LIMN_S("b")), -ENOMEM);
        assert_int_equal(fields.n, 0);
        limn_arena_free(arena);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_names_of_enums),
                cmocka_unit_test(test_level_words),
                cmocka_unit_test(test_get),
                cmocka_unit_test(test_set_stamp),
                cmocka_unit_test(test_fields),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
