/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <errno.h>

#include "core/json.h"
#include "core/limits.h"

static void test_loads(void **state)
{
        json_t *json = NULL;
        assert_int_equal(limn_json_load(&json, LIMN_S("{\"a\": [1, \"]]]}\\\"\"]}"), "m", NULL), 0);
        assert_int_equal(json_array_size(json_object_get(json, "a")), 2);
        json_decref(json);
}

static void test_refused(void **state)
{
        char deep[2 * LIMN_JSON_DEPTH_MAX + 4];
        memset(deep, '[', LIMN_JSON_DEPTH_MAX + 1);
        memset(deep + LIMN_JSON_DEPTH_MAX + 1, ']', LIMN_JSON_DEPTH_MAX + 1);
        const struct {
                LimnSlice text;
                const char *where, *what, *snippet;
        } table[] = {
                {LIMN_S("{\n  \"a\": x\n}"), "m.json:2:", "invalid JSON", "  \"a\": x\n"},
                {LIMN_S("{\"a\":1,\"a\":2}"), "m.json:1:", "invalid JSON", "{\"a\":1,"},
                {LIMN_S(""), "m.json:1:1", "invalid JSON", ""},
                {LIMN_S("1"), "m.json:1:", "invalid JSON", "1\n"},
                {LIMN_S("{} {}"), "m.json:1:", "invalid JSON", "{} {}\n"},
                {LIMN_S("{\"a\":\"\xff\"}"), "m.json:1:", "invalid JSON", "{"},
                {LIMN_S("{\"a\":\"\\u0000\"}"), "m.json:1:", "invalid JSON", "{"},
                {LIMN_NONE, "m.json:1:1", "invalid JSON", ""},
                {limn_slice(deep, 2 * (LIMN_JSON_DEPTH_MAX + 1)), "m.json:1:65",
                 "JSON nested too deeply", "...["},
        };
        for (size_t i = 0; i < N_OF(table); i++) {
                LimnDiag *diag = limn_diag_new();
                json_t *json = NULL;
                assert_int_equal(limn_json_load(&json, table[i].text, "m.json", diag), -EINVAL);
                assert_null(json);
                assert_int_equal(limn_diag_count(diag, LIMN_DIAG_ERROR), 1);
                const LimnMessage *m = limn_diag_at(diag, 0);
                if (strcmp(m->what, table[i].what) != 0 ||
                    strncmp(m->where, table[i].where, strlen(table[i].where)) != 0 ||
                    strncmp(m->snippet, table[i].snippet, strlen(table[i].snippet)) != 0)
                        fail_msg("%zu: %s: %s\n%s", i, m->where, m->what, m->snippet);
                assert_non_null(m->why);
                limn_diag_free(diag);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_loads),
                cmocka_unit_test(test_refused),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
