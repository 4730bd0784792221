/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/wait.h>
#include <unistd.h>

#include "core/json.h"
#include "reports/report.h"
#include "tests/support/case_fixture.h"

static const char *const ARGS[] = {"analyze", "evidence", "--tz", "old=Asia/Kolkata"};

static void render(CaseFixture *fixture, LimnOut *out)
{
        LimnReportInput input = {.query = case_fixture_query(fixture),
                                 .version = "0.1.0",
                                 .args = ARGS,
                                 .n_args = 4};
        *out = LIMN_OUT_MEMORY;
        assert_int_equal(limn_reporter_json.write(&input, out, NULL), 0);
        assert_int_equal(limn_out_end(out, NULL), 0);
}

/* The document may hold U+0000, which limn_json_load() refuses. */
static json_t *parse(const LimnOut *out)
{
        json_t *root = json_loadb(out->buf.p, out->buf.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL,
                                  NULL);
        assert_non_null(root);
        return root;
}

static void temporary(char path[], LimnSlice text)
{
        int fd = mkstemp(path);
        assert_true(fd >= 0);
        assert_int_equal(write(fd, text.p, text.n), (ssize_t)text.n);
        close(fd);
}

/* 0 valid, 1 not, 77 when this machine has no python3-jsonschema. */
static int validate(LimnSlice document)
{
        static const char script[] =
                "import json, sys\n"
                "try:\n"
                "    import jsonschema\n"
                "except ImportError:\n"
                "    sys.exit(77)\n"
                "schema, document = (json.load(open(p, encoding='utf-8')) for p in sys.argv[1:])\n"
                "def closed(node):\n"
                "    if isinstance(node, dict):\n"
                "        if 'properties' in node:\n"
                "            assert node['additionalProperties'] is False, node\n"
                "            assert set(node['required']) <= set(node['properties']), node\n"
                "        for value in node.values(): closed(value)\n"
                "    elif isinstance(node, list):\n"
                "        for value in node: closed(value)\n"
                "closed(schema)\n"
                "check = jsonschema.Draft202012Validator\n"
                "check.check_schema(schema)\n"
                "errors = list(check(schema).iter_errors(document))\n"
                "for e in errors: print(list(e.absolute_path), e.message[:200], file=sys.stderr)\n"
                "sys.exit(1 if errors else 0)\n";
        char schema[] = "/tmp/limn-schema-XXXXXX", text[] = "/tmp/limn-document-XXXXXX";
        temporary(schema, limn_findings_schema());
        temporary(text, document);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
                execl("/usr/bin/python3", "python3", "-c", script, schema, text, (char *)NULL);
                _exit(77);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        unlink(schema);
        unlink(text);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static void test_schema(void **state)
{
        CaseFixture *full = case_fixture_new(false, NULL), *empty = case_fixture_new(true, NULL);
        LimnOut out;
        render(full, &out);
        int valid = validate(limn_buf_slice(&out.buf));
        if (valid == 77) {
                print_message("python3-jsonschema is not installed\n");
                limn_out_done(&out);
                case_fixture_free(full);
                case_fixture_free(empty);
                skip();
        }
        assert_int_equal(valid, 0);
        limn_out_done(&out);
        render(empty, &out);
        assert_int_equal(validate(limn_buf_slice(&out.buf)), 0);
        limn_out_done(&out);
        /* The validator is one: what is not in the schema fails. */
        assert_int_equal(validate(LIMN_S("{\"schema\": \"limn.findings/1\"}")), 1);
        case_fixture_free(full);
        case_fixture_free(empty);
}

static json_t *finding(json_t *root, size_t i, const char *id)
{
        json_t *f = json_array_get(json_object_get(root, "findings"), i);
        assert_string_equal(json_string_value(json_object_get(f, "id")), id);
        return f;
}

static const char *text_at(json_t *node, const char *key)
{
        const char *s = json_string_value(json_object_get(node, key));
        return s ? s : "(null)";
}

static void test_content(void **state)
{
        CaseFixture *fixture = case_fixture_new(false, NULL);
        LimnOut out;
        render(fixture, &out);
        json_t *root = parse(&out);
        assert_string_equal(text_at(root, "schema"), "limn.findings/1");
        assert_int_equal(json_array_size(json_object_get(root, "sources")), 8);
        /* By severity, then id. */
        json_t *purge = finding(root, 0, "CDC-12");
        finding(root, 1, "CDC-17");
        finding(root, 2, "CDC-07");
        finding(root, 3, "CDC-00");
        json_t *cause = json_array_get(json_object_get(purge, "causes"), 0);
        assert_string_equal(text_at(cause, "id"), "CDC-12/manual-purge");
        assert_string_equal(text_at(cause, "verdict"), "likely");
        assert_int_equal(json_array_size(json_object_get(purge, "causes")), 3);
        json_t *story = json_object_get(root, "story");
        assert_int_equal(json_array_size(story), 4);
        assert_string_equal(text_at(json_array_get(story, 1), "part"), "began");
        assert_string_equal(text_at(json_array_get(story, 1), "source"),
                            "evidence/mysql/general.log");
        assert_string_equal(text_at(json_array_get(story, 3), "source"), "(null)");
        json_t *evidence = json_array_get(json_object_get(cause, "for"), 0);
        assert_string_equal(text_at(evidence, "source"), "evidence/mysql/general.log");
        assert_int_equal(json_integer_value(json_object_get(evidence, "line")), 77);
        assert_int_equal(json_integer_value(json_object_get(evidence, "offset")), 5120);
        assert_string_equal(text_at(evidence, "time"), "2026-11-20T09:41:09.000000Z");
        assert_string_equal(text_at(evidence, "text"),
                            "2026-11-20T09:41:09.000000Z\t   12 Query\tPURGE BINARY LOGS TO "
                            "'mysql-bin.000044'");
        /* Twelve of a kind: five are shown, the last says how many are not. */
        json_t *all = json_object_get(cause, "for");
        assert_int_equal(json_array_size(all), 3 + LIMN_EVIDENCE_PER_TERM_MAX);
        json_t *last = json_array_get(all, json_array_size(all) - 1);
        assert_int_equal(json_integer_value(json_object_get(last, "more")),
                         12 - LIMN_EVIDENCE_PER_TERM_MAX);
        json_t *symptom = json_object_get(json_object_get(purge, "symptom"), "for");
        assert_int_equal(json_array_size(symptom), 2);
        /* The record's own line feed is left out: the rest is the bytes at that offset. */
        const char *quoted = text_at(json_array_get(symptom, 0), "text");
        assert_true(quoted[0] == '{' && quoted[strlen(quoted) - 1] == '}');
        json_t *incident = json_array_get(json_object_get(purge, "incidents"), 0);
        json_t *tables = json_object_get(json_object_get(incident, "entities"), "table");
        assert_int_equal(json_array_size(tables), 2);
        assert_int_equal(json_array_size(json_object_get(incident, "causes")), 3);
        json_t *decide = json_object_get(
                json_array_get(json_object_get(purge, "causes"), 2), "would_decide");
        assert_string_equal(text_at(decide, "text"), "Does numbering begin again?");
        json_decref(root);
        limn_out_done(&out);
        case_fixture_free(fixture);
}

/* A text as long as a record may be is cut between two characters. */
static void test_cut(void **state)
{
        CaseFixture *fixture = case_fixture_new(false, NULL);
        LimnOut out;
        render(fixture, &out);
        json_t *root = parse(&out);
        json_t *cause = json_array_get(json_object_get(finding(root, 2, "CDC-07"), "causes"), 0);
        json_t *evidence = json_array_get(json_object_get(cause, "against"), 0);
        json_t *text = json_object_get(evidence, "text");
        assert_true(json_is_true(json_object_get(evidence, "cut")));
        assert_in_range(json_string_length(text), LIMN_EVIDENCE_TEXT_MAX - 3,
                        LIMN_EVIDENCE_TEXT_MAX);
        assert_true(strstr(json_string_value(text), "\xEF\xBF\xBD") == NULL);
        json_decref(root);
        limn_out_done(&out);
        case_fixture_free(fixture);
}

/* The order of rows in the tables decides nothing. */
static void test_same_bytes(void **state)
{
        CaseFixture *a = case_fixture_new(false, NULL);
        CaseFixture *b = case_fixture_new(
                false, "CREATE TEMP TABLE swap AS SELECT * FROM source_name;"
                       "DELETE FROM source_name;"
                       "INSERT INTO source_name SELECT * FROM swap ORDER BY path DESC;"
                       "CREATE TEMP TABLE cover AS SELECT * FROM coverage;"
                       "DELETE FROM coverage;"
                       "INSERT INTO coverage SELECT * FROM cover ORDER BY start DESC;");
        LimnOut one, two;
        render(a, &one);
        render(b, &two);
        assert_string_equal(limn_buf_str(&one.buf), limn_buf_str(&two.buf));
        limn_out_done(&one);
        limn_out_done(&two);
        case_fixture_free(a);
        case_fixture_free(b);
}

/* A database that fails is an error of the report, not half a document. */
static void test_broken(void **state)
{
        CaseFixture *fixture = case_fixture_new(false, "UPDATE finding SET remedies = '[{'");
        LimnReportInput input = {.query = case_fixture_query(fixture), .version = "0.1.0"};
        LimnOut out = LIMN_OUT_MEMORY;
        assert_true(limn_reporter_json.write(&input, &out, NULL) < 0);
        assert_int_equal(out.buf.n, 0);
        limn_out_done(&out);
        case_fixture_free(fixture);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_schema), cmocka_unit_test(test_content),
                cmocka_unit_test(test_cut),    cmocka_unit_test(test_same_bytes),
                cmocka_unit_test(test_broken),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
