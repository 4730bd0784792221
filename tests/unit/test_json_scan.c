/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <errno.h>
#include <jansson.h>

#include "core/json_scan.h"
#include "core/limits.h"

typedef struct Run {
        LimnArena *arena;
        LimnFields fields;
        LimnJsonError error;
        size_t used;
        int r;
} Run;

static Run flatten(LimnSlice text, const char *prefix)
{
        Run run = {.arena = limn_arena_new(LIMN_RECORD_ARENA_MAX)};
        assert_non_null(run.arena);
        run.r = limn_json_flatten(text, limn_slice_str(prefix), run.arena, &run.fields, &run.used,
                                  &run.error);
        return run;
}

/* name=value, one a line; null as it is written nowhere else. */
static void list(const LimnFields *fields, LimnBuf *out)
{
        limn_buf_clear(out);
        for (size_t i = 0; i < fields->n; i++) {
                limn_buf_add(out, fields->at[i].name);
                limn_buf_add_char(out, '=');
                if (fields->at[i].value.p)
                        limn_buf_add(out, fields->at[i].value);
                else
                        limn_buf_add_str(out, "(null)");
                limn_buf_add_char(out, '\n');
        }
}

static void test_shapes(void **state)
{
        static const struct {
                const char *text, *prefix, *want;
        } table[] = {
                {"{}", "", "={}\n"},
                {"[]", "", "=[]\n"},
                {"{}", "details", "details={}\n"},
                {"7", "", "=7\n"},
                {"7", "a", "a=7\n"},
                {"7", "a.", "a=7\n"},
                {"\"x\"", "", "=x\n"},
                {"null", "n", "n=(null)\n"},
                {" \t\r\n{ \"a\" : 1 , \"b\" : [ true , false , null ] } ", "",
                 "a=1\nb.0=true\nb.1=false\nb.2=(null)\n"},
                {"{\"a\":{\"b\":{\"c\":\"d\"}},\"e\":\"\"}", "", "a.b.c=d\ne=\n"},
                {"{\"error\":{\"exceptions\":[{\"message\":\"m\",\"stack\":[]},"
                 "{\"message\":\"n\"}]}}",
                 "", "error.exceptions.0.message=m\nerror.exceptions.0.stack=[]\n"
                     "error.exceptions.1.message=n\n"},
                {"{\"x\":1}", "p.q", "p.q.x=1\n"},
                {"{\"x\":1}", "p.", "p.x=1\n"},
                {"[[1,[2]],[3]]", "", "0.0=1\n0.1.0=2\n1.0=3\n"},
                {"[0,1,2,3,4,5,6,7,8,9,10]", "a",
                 "a.0=0\na.1=1\na.2=2\na.3=3\na.4=4\na.5=5\na.6=6\na.7=7\na.8=8\na.9=9\na.10=10\n"},
                {"{\"k\":1,\"k\":2}", "", "k=1\nk=2\n"},
                {"{\"\":1,\"a.b\":2}", "", "=1\na.b=2\n"},
                {"[0,-0,1.5,-12.25e+10,1E5,0.0e-1]", "",
                 "0=0\n1=-0\n2=1.5\n3=-12.25e+10\n4=1E5\n5=0.0e-1\n"},
                {"{\"a\\\"b\":\"\\\\\\/\\b\\f\\n\\r\\t\"}", "", "a\"b=\\/\b\f\n\r\t\n"},
                {"\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\"", "",
                 "=A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n"},
                {"\"\\ud83d\"", "", "=\xef\xbf\xbd\n"},
                {"\"\\ude00x\"", "", "=\xef\xbf\xbdx\n"},
                {"\"\\ud83d\\ud83d\\ude00\"", "", "=\xef\xbf\xbd\xf0\x9f\x98\x80\n"},
                {"\"\\ud83d\\n\"", "", "=\xef\xbf\xbd\n\n"},
                {"\"\xff\xfe invalid\"", "", "=\xff\xfe invalid\n"},
        };
        LimnBuf text = LIMN_BUF(10000);
        for (size_t i = 0; i < N_OF(table); i++) {
                Run run = flatten(limn_slice_str(table[i].text), table[i].prefix);
                if (run.r != 0)
                        fail_msg("%s: %d %s", table[i].text, run.r, run.error.what);
                list(&run.fields, &text);
                if (strcmp(limn_buf_str(&text), table[i].want) != 0)
                        fail_msg("%s: gives %s", table[i].text, limn_buf_str(&text));
                limn_arena_free(run.arena);
        }
        limn_buf_done(&text);
}

static void test_faults(void **state)
{
        static const struct {
                const char *text;
                size_t at;
                const char *what;
        } table[] = {
                {"", 0, "unexpected end"},
                {"  ", 2, "unexpected end"},
                {"{", 1, "unexpected end"},
                {"{\"a\"", 4, "unexpected end"},
                {"{\"a\":", 5, "unexpected end"},
                {"{\"a\":1", 6, "unexpected end"},
                {"{\"a\":1,", 7, "unexpected end"},
                {"{\"a\":1,}", 7, "expected a key in quotes"},
                {"{a:1}", 1, "expected a key in quotes"},
                {"{'a':1}", 1, "expected a key in quotes"},
                {"{\"a\" 1}", 5, "expected a colon"},
                {"{\"a\":1 \"b\":2}", 7, "expected a comma or }"},
                {"[1 2]", 3, "expected a comma or ]"},
                {"[1,]", 3, "expected a value"},
                {"[,1]", 1, "expected a value"},
                {"[1}", 2, "expected a comma or ]"},
                {"]", 0, "expected a value"},
                {"nul", 0, "expected a value"},
                {"True", 0, "expected a value"},
                {"NaN", 0, "expected a value"},
                {"+1", 0, "expected a value"},
                {".5", 0, "expected a value"},
                {"-", 1, "unexpected end"},
                {"-a", 1, "expected a value"},
                {"[1.]", 3, "expected a digit"},
                {"[1e]", 3, "expected a digit"},
                {"[1e+]", 4, "expected a digit"},
                {"[01]", 2, "expected a comma or ]"},
                {"[0x1]", 2, "expected a comma or ]"},
                {"[\"abc", 1, "unterminated string"},
                {"[\"abc\\", 1, "unterminated string"},
                {"[\"abc\\\"", 1, "unterminated string"},
                {"\"\\x\"", 1, "unknown escape"},
                {"\"\\u12g4\"", 1, "malformed \\u escape"},
                {"\"\\u12", 1, "malformed \\u escape"},
                {"\"a\nb\"", 2, "control character in a string"},
                {"\"abcdefgh\x01ijklmnop\"", 9, "control character in a string"},
                {"/* c */ 1", 0, "expected a value"},
                {"\xef\xbb\xbf{}", 0, "expected a value"},
        };
        for (size_t i = 0; i < N_OF(table); i++) {
                Run run = flatten(limn_slice_str(table[i].text), "");
                if (run.r != 1 || run.error.at != table[i].at ||
                    strcmp(run.error.what, table[i].what) != 0)
                        fail_msg("%s: %d, %s at %zu", table[i].text, run.r,
                                 run.r == 1 ? run.error.what : "-", run.error.at);
                limn_arena_free(run.arena);
        }
}

static void test_nul_bytes(void **state)
{
        Run run = flatten(LIMN_S("{\"a\\u0000b\":\"c\\u0000d\"}"), "");
        assert_int_equal(run.r, 0);
        assert_int_equal(run.fields.at[0].name.n, 3);
        assert_memory_equal(run.fields.at[0].name.p, "a\0b", 3);
        assert_memory_equal(run.fields.at[0].value.p, "c\0d", 3);
        limn_arena_free(run.arena);
        run = flatten(LIMN_S("\"a\0b\""), "");
        assert_int_equal(run.r, 1);
        limn_arena_free(run.arena);
        run = flatten(LIMN_S("\0"), "");
        assert_int_equal(run.r, 1);
        limn_arena_free(run.arena);
}

static void test_points_into_text(void **state)
{
        LimnSlice text = LIMN_S("{\"name\":\"value\",\"n\":12,\"e\":\"a\\nb\"} rest");
        Run run = flatten(text, "");
        assert_int_equal(run.used, text.n - 5);
        assert_ptr_equal(run.fields.at[0].name.p, text.p + 2);
        assert_ptr_equal(run.fields.at[0].value.p, text.p + 9);
        assert_ptr_equal(run.fields.at[1].value.p, text.p + 20);
        assert_true(run.fields.at[2].value.p < text.p ||
                    run.fields.at[2].value.p >= text.p + text.n);
        limn_arena_free(run.arena);
}

static void test_depth(void **state)
{
        char text[2 * (LIMN_JSON_DEPTH_MAX + 1)];
        for (size_t depth = LIMN_JSON_DEPTH_MAX; depth <= LIMN_JSON_DEPTH_MAX + 1; depth++) {
                memset(text, '[', depth);
                memset(text + depth, ']', depth);
                Run run = flatten(limn_slice(text, 2 * depth), "");
                assert_int_equal(run.r, depth > LIMN_JSON_DEPTH_MAX);
                if (run.r)
                        assert_string_equal(run.error.what, "nested too deeply");
                assert_int_equal(limn_json_skip(limn_slice(text, 2 * depth)), 2 * depth);
                limn_arena_free(run.arena);
        }
}

static void test_too_many_fields(void **state)
{
        LimnBuf text = LIMN_BUF(1 << 20);
        limn_buf_add_char(&text, '[');
        for (int i = 0; i < LIMN_FIELDS_MAX + 10; i++)
                limn_buf_printf(&text, "%s{\"a\\n\":\"\\t%d\"}", i ? "," : "", i);
        limn_buf_add_char(&text, ']');
        Run run = flatten(limn_buf_slice(&text), "");
        assert_int_equal(run.r, 0);
        assert_int_equal(run.used, text.n);
        assert_int_equal(run.fields.n, LIMN_FIELDS_MAX);
        assert_true(run.fields.cut);
        limn_arena_free(run.arena);
        limn_buf_done(&text);
}

/* Keys of 3000 bytes inside one another: names are cut, memory stays bounded. */
static void test_long_paths(void **state)
{
        LimnBuf text = LIMN_BUF(1 << 20);
        for (int i = 0; i < 3; i++) {
                limn_buf_add_str(&text, "{\"");
                for (int k = 0; k < 3000; k++)
                        limn_buf_add_char(&text, (char)('a' + i));
                limn_buf_add_str(&text, "\":");
        }
        limn_buf_add_char(&text, '[');
        for (int i = 0; i < 2000; i++)
                limn_buf_add_str(&text, i ? ",1" : "1");
        limn_buf_add_str(&text, "]}}}");
        Run run = flatten(limn_buf_slice(&text), "");
        assert_int_equal(run.r, 0);
        assert_true(run.fields.cut);
        assert_int_equal(run.fields.n, LIMN_FIELDS_MAX);
        for (size_t i = 0; i < run.fields.n; i++)
                assert_true(run.fields.at[i].name.n <= LIMN_JSON_PATH_MAX);
        limn_arena_free(run.arena);
        limn_buf_done(&text);
}

static void test_no_memory(void **state)
{
        LimnSlice text = LIMN_S("{\"a\":{\"b\":1},\"c\":\"\\n\"}");
        for (size_t max = 0; max < 4096; max += 16) {
                LimnArena *arena = limn_arena_new(max);
                LimnFields fields = {0};
                LimnJsonError error;
                size_t used;
                int r = limn_json_flatten(text, LIMN_NONE, arena, &fields, &used, &error);
                assert_true(r == 0 || r == -ENOMEM);
                limn_arena_free(arena);
        }
}

static const char *const documents[] = {
        "{\"id\":\"0f7a\",\"sequence\":{\"data_plane_id\":{\"instance\":\"execution\",\"seq_no\":"
        "1763797442123}},\"origin\":{\"cloud\":\"AWS\",\"org_id\":1234567890123,\"pipeline_name\":"
        "\"cdc \\\"orders\\\"\",\"flow_name\":null},\"timestamp\":\"2026-11-22T07:24:02.399Z\","
        "\"message\":\"Flow 'a' has FAILED.\\n\\tat x\",\"level\":\"ERROR\",\"error\":{\"fatal\":true,"
        "\"exceptions\":[{\"class_name\":\"java.sql.SQLException\",\"message\":\"\\u00e9\",\"stack\":"
        "[{\"declaring_class\":\"a.B\",\"line_number\":12}]}]},\"details\":{\"flow_progress\":"
        "{\"metrics\":{}}},\"list\":[]}",
        "[1,2.5,-3e2,\"x\",null,true,false,{},[],[[]],{\"a\":{}}]",
        "{\"prio\":1,\"err_code\":10926,\"msg\":\"Access denied for user 'x'@'h' (using password: "
        "YES)\",\"time\":\"2026-11-22T07:24:02.399120Z\",\"SQL_state\":\"HY000\"}",
        "{\"a\":\"\\ud83d\\ude00\\u0041\\/\\b\",\"\":{\"\":1}}",
        "{\"abcdefghijklmnopqrstuvwxyz0123456789\":\"abcdefg\\\"hijklmnop\\\\qrstuvw\"}",
};

/* jansson's tree, flattened the slow way. */
static void walk(const json_t *json, const char *path, LimnBuf *out)
{
        char name[512];
        const char *key;
        json_t *child;
        size_t i;
        const char *dot = *path ? "." : "";
        switch (json_typeof(json)) {
        case JSON_OBJECT:
                if (json_object_size(json) == 0)
                        limn_buf_printf(out, "%s={}\n", path);
                json_object_foreach((json_t *)json, key, child) {
                        snprintf(name, sizeof name, "%s%s%s", path, dot, key);
                        walk(child, name, out);
                }
                break;
        case JSON_ARRAY:
                if (json_array_size(json) == 0)
                        limn_buf_printf(out, "%s=[]\n", path);
                json_array_foreach(json, i, child) {
                        snprintf(name, sizeof name, "%s%s%zu", path, dot, i);
                        walk(child, name, out);
                }
                break;
        case JSON_STRING:
                limn_buf_printf(out, "%s=%s\n", path, json_string_value(json));
                break;
        case JSON_INTEGER:
                limn_buf_printf(out, "%s=%lld\n", path, (long long)json_integer_value(json));
                break;
        case JSON_REAL:
                limn_buf_printf(out, "%s=%g\n", path, json_real_value(json));
                break;
        case JSON_NULL:
                limn_buf_printf(out, "%s=(null)\n", path);
                break;
        default:
                limn_buf_printf(out, "%s=%s\n", path, json_is_true(json) ? "true" : "false");
        }
}

/* Numbers as jansson would say them. */
static void normalise(LimnFields *fields, LimnArena *arena)
{
        for (size_t i = 0; i < fields->n; i++)
                if (limn_slice_eq(fields->at[i].value, LIMN_S("-3e2")))
                        fields->at[i].value = LIMN_S("-300");
}

static void test_agrees_with_jansson(void **state)
{
        LimnBuf mine = LIMN_BUF(100000), theirs = LIMN_BUF(100000);
        for (size_t i = 0; i < N_OF(documents); i++) {
                json_t *json = json_loads(documents[i], 0, NULL);
                assert_non_null(json);
                limn_buf_clear(&theirs);
                walk(json, "", &theirs);
                json_decref(json);
                Run run = flatten(limn_slice_str(documents[i]), "");
                assert_int_equal(run.r, 0);
                normalise(&run.fields, run.arena);
                list(&run.fields, &mine);
                assert_string_equal(limn_buf_str(&mine), limn_buf_str(&theirs));
                limn_arena_free(run.arena);
        }
        limn_buf_done(&mine);
        limn_buf_done(&theirs);
}

/* Cut at every byte it is refused, as jansson refuses it; so is every damaged byte that jansson
 * refuses, and what jansson takes is taken. (It also wants valid UTF-8: ASCII damage only.) */
static void test_damage_agrees_with_jansson(void **state)
{
        static const char damage[] = "\"\\{}[],:0- xue\n\x01.";
        for (size_t i = 0; i < N_OF(documents); i++) {
                size_t n = strlen(documents[i]);
                char *copy = malloc(n);
                assert_non_null(copy);
                for (size_t cut = 0; cut < n; cut++) {
                        char *part = malloc(cut ? cut : 1);
                        assert_non_null(part);
                        memcpy(part, documents[i], cut);
                        Run run = flatten(limn_slice(part, cut), "");
                        assert_int_equal(run.r, 1);
                        assert_true(run.error.at <= cut);
                        assert_int_equal(limn_json_skip(limn_slice(part, cut)), 0);
                        limn_arena_free(run.arena);
                        free(part);
                }
                for (size_t at = 0; at < n; at++) {
                        for (size_t d = 0; d < sizeof damage - 1; d++) {
                                memcpy(copy, documents[i], n);
                                copy[at] = damage[d];
                                json_error_t why;
                                json_t *json = json_loadb(copy, n, JSON_ALLOW_NUL, &why);
                                Run run = flatten(limn_slice(copy, n), "");
                                bool mine = run.r == 0 && run.used == n;
                                /* jansson also refuses halves of surrogate pairs and reals it
                                 * cannot hold. */
                                if (mine != (json != NULL) &&
                                    !strstr(why.text, "Unicode") && !strstr(why.text, "overflow"))
                                        fail_msg("%.*s: %d, jansson %s", (int)n, copy, run.r,
                                                 json ? "takes it" : why.text);
                                json_decref(json);
                                limn_arena_free(run.arena);
                        }
                }
                free(copy);
        }
}

static void test_skip(void **state)
{
        static const struct {
                const char *text;
                size_t n;
        } table[] = {
                {"", 0},
                {"  ", 0},
                {"{}", 2},
                {"{} x", 2},
                {" {}", 3},
                {"{\"a\":\"}\"}{", 9},
                {"{\"a\":\"\\\"}\"}]", 11},
                {"{\"a\":\"\\\\\"}]", 10},
                {"[[[]]]]", 6},
                {"[{]}", 4},
                {"{\"a", 0},
                {"{\"a\\\"}", 0},
                {"[[]", 0},
                {"\"ab\"c", 4},
                {"\"ab\\\"", 0},
                {"12,", 2},
                {"12", 0},
                {"true]", 4},
        };
        for (size_t i = 0; i < N_OF(table); i++)
                if (limn_json_skip(limn_slice_str(table[i].text)) != table[i].n)
                        fail_msg("%s: %zu", table[i].text,
                                 limn_json_skip(limn_slice_str(table[i].text)));
        assert_int_equal(limn_json_skip(LIMN_NONE), 0);
}

static void test_quote(void **state)
{
        static const struct {
                const char *text, *want;
        } table[] = {
                {"", "\"\""},
                {"plain text", "\"plain text\""},
                {"\"\\\b\f\n\r\t\x01\x1b[31m\x7f",
                 "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001b[31m\\u007f\""},
                {"</script>&", "\"\\u003c/script\\u003e\\u0026\""},
                {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
                 "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""},
                {"\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xae", "\"\\u2028\\u2029\\u202e\""},
                {"\xc2\x9b" "31m", "\"\\u009b31m\""},
                {"\xf3\xa0\x81\x81", "\"\\udb40\\udc41\""},
                {"a\xff" "b\xc3", "\"a\xef\xbf\xbd" "b\xef\xbf\xbd\""},
                {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
                {"\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        };
        LimnBuf out = LIMN_BUF(1000);
        for (size_t i = 0; i < N_OF(table); i++) {
                limn_buf_clear(&out);
                assert_int_equal(limn_json_quote(&out, limn_slice_str(table[i].text)), 0);
                assert_string_equal(limn_buf_str(&out), table[i].want);
        }
        limn_buf_clear(&out);
        assert_int_equal(limn_json_quote(&out, LIMN_S("a\0b")), 0);
        assert_string_equal(limn_buf_str(&out), "\"a\\u0000b\"");
        limn_buf_done(&out);
}

/* Quoting, then scanning, gives valid text back. */
static void test_quote_round_trip(void **state)
{
        LimnBuf out = LIMN_BUF(10000), all = LIMN_BUF(10000);
        for (int c = 0; c < 128; c++)
                limn_buf_add_char(&all, (char)c);
        limn_buf_add_str(&all,
                "\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
        limn_json_quote(&out, limn_buf_slice(&all));
        Run run = flatten(limn_buf_slice(&out), "");
        assert_int_equal(run.r, 0);
        assert_true(limn_slice_eq(run.fields.at[0].value, limn_buf_slice(&all)));
        limn_arena_free(run.arena);
        limn_buf_done(&out);
        limn_buf_done(&all);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_shapes),
                cmocka_unit_test(test_faults),
                cmocka_unit_test(test_nul_bytes),
                cmocka_unit_test(test_points_into_text),
                cmocka_unit_test(test_depth),
                cmocka_unit_test(test_too_many_fields),
                cmocka_unit_test(test_long_paths),
                cmocka_unit_test(test_no_memory),
                cmocka_unit_test(test_agrees_with_jansson),
                cmocka_unit_test(test_damage_agrees_with_jansson),
                cmocka_unit_test(test_skip),
                cmocka_unit_test(test_quote),
                cmocka_unit_test(test_quote_round_trip),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
