/* SPDX-License-Identifier: Apache-2.0 */
/* Runs tests/conformance/correlation/: rules with their own tests, as anyone would write them. */
#include <dirent.h>
#include <stdlib.h>

#include "rules/correlation_test.h"
#include "tests/unit/rules_help.h"

static LimnBuf read_file(const char *path)
{
        LimnBuf text = LIMN_BUF(1 << 20);
        char part[4096];
        size_t n;
        FILE *f = fopen(path, "rb");

        if (!f)
                fail_msg("cannot read %s", path);
        while ((n = fread(part, 1, sizeof part, f)) > 0)
                limn_buf_add(&text, limn_slice(part, n));
        fclose(f);
        return text;
}

/* Every test of every correlation of the file; how many there were. */
static size_t run_file(const char *path)
{
        LimnBuf text = read_file(path), out;
        LimnRuleText one = {path, limn_buf_slice(&text)};
        LimnDiag *diag = limn_diag_new();
        LimnRules *rules = NULL;
        size_t total = 0, n, failed, i;

        if (limn_rules_load(&rules, &one, 1, diag) < 0) {
                out = messages(diag);
                fail_msg("%s", limn_buf_str(&out));
        }
        for (i = 0; i < rules->n_correlations; i++) {
                int r = limn_correlation_test(rules, rules->correlations[i], &n, &failed, diag);

                if (r < 0 || failed) {
                        out = messages(diag);
                        fail_msg("%s", limn_buf_str(&out));
                }
                total += n;
        }
        limn_rules_free(rules);
        limn_diag_free(diag);
        limn_buf_done(&text);
        return total;
}

static void test_cases(void **state)
{
        const char *root = getenv("LIMN_SOURCE_ROOT");
        LimnBuf folder = LIMN_BUF(4096), path = LIMN_BUF(4096);
        size_t files = 0;
        struct dirent *entry;
        DIR *dir;

        limn_buf_printf(&folder, "%s/tests/conformance/correlation", root ? root : ".");
        dir = opendir(limn_buf_str(&folder));
        if (!dir)
                fail_msg("cannot open %s", limn_buf_str(&folder));
        while ((entry = readdir(dir))) {
                size_t n;

                if (!limn_slice_ends(limn_slice_str(entry->d_name), LIMN_S(".yml")))
                        continue;
                limn_buf_clear(&path);
                limn_buf_printf(&path, "%s/%s", limn_buf_str(&folder), entry->d_name);
                n = run_file(limn_buf_str(&path));
                print_message("# %s: %zu\n", entry->d_name, n);
                assert_true(n > 0);
                files++;
        }
        closedir(dir);
        assert_true(files >= 5);
        limn_buf_done(&folder);
        limn_buf_done(&path);
}

/* A wrong expectation must be told, or the cases prove nothing. */
static void test_wrong_expectations(void **state)
{
        static const char *const wrong[] = {
                "[]",
                "[{first: 0, last: 2}]",
                "[{first: 1, last: 1}]",
                "[{first: 0, last: 1, n: 3}]",
                "[{first: 0, last: 1, ambiguous: true}]",
                "[{first: 0, last: 1, group: {g: y}}]",
                "[{first: 0, last: 1}, {first: 5, last: 6}]",
                "[{first: 0, last: 1, n: 2, ambiguous: false, group: {g: x}}]", /* the right one */
        };

        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
                LimnBuf text = LIMN_BUF(1 << 16);
                LimnDiag *diag = limn_diag_new();
                LimnRules *rules;
                size_t n, failed;

                limn_buf_printf(&text,
                                "title: a\nname: a\nlogsource: {product: test}\n"
                                "detection: {a: {message: a}, condition: a}\n---\n"
                                "title: c\nname: c\ncorrelation: {type: event_count, rules: [a], "
                                "group-by: [g], timespan: 5s, condition: {gte: 2}}\n"
                                "limn:\n  tests:\n  - events: [{rule: a, t: 0, g: x}, "
                                "{rule: a, t: 1, g: x}]\n    episodes: %s\n",
                                wrong[i]);
                rules = load_rules(limn_buf_str(&text));
                assert_int_equal(
                        limn_correlation_test(rules, rules->correlations[0], &n, &failed, diag), 0);
                assert_int_equal(n, 1);
                assert_int_equal(failed, i + 1 < sizeof wrong / sizeof *wrong);
                assert_int_equal(limn_diag_count(diag, LIMN_DIAG_ERROR) > 0, failed);
                limn_rules_free(rules);
                limn_diag_free(diag);
                limn_buf_done(&text);
        }
}

static LimnSlice text_of(const LimnYaml *document, const char *key)
{
        const LimnYaml *node = limn_yaml_get(document, key);

        return node ? node->scalar : LIMN_NONE;
}

/* tests/conformance/refused.yml: what Sigma does not allow, or limn cannot do exactly. */
static void test_refused(void **state)
{
        const char *root = getenv("LIMN_SOURCE_ROOT");
        LimnArena *arena = limn_arena_new(1 << 24);
        LimnDiag *diag = limn_diag_new();
        LimnBuf path = LIMN_BUF(4096), text;
        LimnYamlFile cases;

        limn_buf_printf(&path, "%s/tests/conformance/refused.yml", root ? root : ".");
        text = read_file(limn_buf_str(&path));
        assert_int_equal(limn_yaml_parse(&cases, "refused.yml", limn_buf_slice(&text), arena, diag),
                         0);
        assert_true(cases.n >= 40);
        for (size_t i = 0; i < cases.n; i++) {
                LimnSlice why = text_of(cases.documents[i], "why");
                LimnSlice says = text_of(cases.documents[i], "says");
                LimnRuleText one = {"rule.yml", text_of(cases.documents[i], "rules")};
                LimnRules *rules = NULL;
                LimnDiag *said = limn_diag_new();
                LimnBuf out;

                assert_true(why.n && says.n && one.text.n);
                if (limn_rules_load(&rules, &one, 1, said) != -EINVAL)
                        fail_msg("%.*s: it loads", LIMN_FMT(why));
                out = messages(said);
                if (limn_slice_find(limn_buf_slice(&out), says) == out.n)
                        fail_msg("%.*s: %s", LIMN_FMT(why), limn_buf_str(&out));
                limn_buf_done(&out);
                limn_diag_free(said);
        }
        limn_diag_free(diag);
        limn_arena_free(arena);
        limn_buf_done(&text);
        limn_buf_done(&path);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_cases),
                cmocka_unit_test(test_wrong_expectations),
                cmocka_unit_test(test_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
