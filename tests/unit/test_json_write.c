/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <errno.h>
#include <math.h>

#include "core/json_write.h"

static void write_all(LimnJsonWriter *w)
{
        limn_json_object(w);
        limn_json_key(w, "a");
        limn_json_int(w, INT64_MIN);
        limn_json_key_slice(w, LIMN_S("b<"));
        limn_json_array(w);
        limn_json_str(w, "x\"");
        limn_json_str(w, NULL);
        limn_json_string(w, LIMN_NONE);
        limn_json_string(w, LIMN_S(""));
        limn_json_bool(w, true);
        limn_json_bool(w, false);
        limn_json_null(w);
        limn_json_array(w);
        limn_json_end(w);
        limn_json_object(w);
        limn_json_end(w);
        limn_json_end(w);
        limn_json_key(w, "t");
        limn_json_time(w, 0);
        limn_json_key(w, "n");
        limn_json_time(w, LIMN_TIME_NONE);
        limn_json_key(w, "r");
        limn_json_raw(w, LIMN_S("{\"raw\":1}"));
        limn_json_end(w);
}

static void test_one_line(void **state)
{
        LimnBuf buf = LIMN_BUF(10000);
        LimnJsonWriter w = LIMN_JSON_WRITER(&buf, 0);
        write_all(&w);
        assert_string_equal(limn_buf_str(&buf),
                            "{\"a\":-9223372036854775808,\"b\\u003c\":[\"x\\\"\",null,null,\"\",true,"
                            "false,null,[],{}],\"t\":\"1970-01-01T00:00:00.000000Z\",\"n\":null,"
                            "\"r\":{\"raw\":1}}");
        limn_buf_done(&buf);
}

static void test_indented(void **state)
{
        LimnBuf buf = LIMN_BUF(10000);
        LimnJsonWriter w = LIMN_JSON_WRITER(&buf, 2);
        write_all(&w);
        assert_string_equal(limn_buf_str(&buf), "{\n"
                                                "  \"a\": -9223372036854775808,\n"
                                                "  \"b\\u003c\": [\n"
                                                "    \"x\\\"\",\n"
                                                "    null,\n"
                                                "    null,\n"
                                                "    \"\",\n"
                                                "    true,\n"
                                                "    false,\n"
                                                "    null,\n"
                                                "    [],\n"
                                                "    {}\n"
                                                "  ],\n"
                                                "  \"t\": \"1970-01-01T00:00:00.000000Z\",\n"
                                                "  \"n\": null,\n"
                                                "  \"r\": {\"raw\":1}\n"
                                                "}");
        limn_buf_done(&buf);
}

static void test_reals(void **state)
{
        static const struct {
                double d;
                int decimals;
                const char *want;
        } table[] = {
                {0.5, 2, "0.50"},    {2.0 / 3, 3, "0.667"}, {-1.25, 1, "-1.2"}, {3, 0, "3"},
                {-0.001, 2, "0.00"}, {-0.0, 0, "0"},        {1e21, 1, "1000000000000000000000.0"},
                {NAN, 2, "null"},    {INFINITY, 2, "null"}, {-INFINITY, 2, "null"},
        };
        for (size_t i = 0; i < N_OF(table); i++) {
                LimnBuf buf = LIMN_BUF(1000);
                LimnJsonWriter w = LIMN_JSON_WRITER(&buf, 0);
                limn_json_array(&w);
                limn_json_real(&w, table[i].d, table[i].decimals);
                limn_json_int(&w, 1);
                limn_json_end(&w);
                char want[100];
                snprintf(want, sizeof want, "[%s,1]", table[i].want);
                assert_string_equal(limn_buf_str(&buf), want);
                limn_buf_done(&buf);
        }
}

static void test_deep(void **state)
{
        LimnBuf buf = LIMN_BUF(1000);
        LimnJsonWriter w = LIMN_JSON_WRITER(&buf, 0);
        for (int i = 0; i < 63; i++)
                limn_json_array(&w);
        for (int i = 0; i < 63; i++)
                limn_json_end(&w);
        assert_int_equal(buf.n, 126);
        limn_buf_done(&buf);
}

static void test_ceiling_is_sticky(void **state)
{
        LimnBuf buf = LIMN_BUF(50);
        LimnJsonWriter w = LIMN_JSON_WRITER(&buf, 0);
        write_all(&w);
        assert_int_equal(buf.error, -E2BIG);
        limn_buf_done(&buf);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_one_line),
                cmocka_unit_test(test_indented),
                cmocka_unit_test(test_reals),
                cmocka_unit_test(test_deep),
                cmocka_unit_test(test_ceiling_is_sticky),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
