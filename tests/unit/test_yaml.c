/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <errno.h>

#include "core/limits.h"
#include "core/yaml.h"

typedef struct Loaded {
        LimnArena *arena;
        LimnDiag *diag;
        LimnYamlFile file;
        int r;
} Loaded;

static Loaded load(LimnSlice text)
{
        Loaded l = {.arena = limn_arena_new(64 << 20), .diag = limn_diag_new()};
        assert_non_null(l.arena);
        assert_non_null(l.diag);
        l.r = limn_yaml_parse(&l.file, "rule.yml", text, l.arena, l.diag);
        return l;
}

static void unload(Loaded *l)
{
        limn_arena_free(l->arena);
        limn_diag_free(l->diag);
}

static const char rule[] = "title: Server stopped  # a comment\n"
                           "logsource:\n"
                           "    product: mysql\n"
                           "detection:\n"
                           "    stop:\n"
                           "        message|contains:\n"
                           "            - 'Normal shutdown'\n"
                           "            - \"Shut\\tdown\\0\"\n"
                           "    condition: stop\n"
                           "empty:\n"
                           "flow: {a: [1, 2], b: ~}\n"
                           "block: |\n"
                           "    two\n"
                           "    lines\n";

static void test_tree(void **state)
{
        Loaded l = load(LIMN_S(rule));
        assert_int_equal(l.r, 0);
        assert_int_equal(l.file.n, 1);
        const LimnYaml *root = l.file.documents[0];
        assert_int_equal(root->type, LIMN_YAML_MAP);
        assert_int_equal(root->n, 6);
        assert_slice(limn_yaml_get(root, "title")->scalar, "Server stopped");
        assert_slice(limn_yaml_get(root, "block")->scalar, "two\nlines\n");
        assert_false(limn_yaml_get(root, "block")->plain);
        const LimnYaml *list = limn_yaml_get(
                limn_yaml_get(limn_yaml_get(root, "detection"), "stop"), "message|contains");
        assert_non_null(list);
        assert_int_equal(list->type, LIMN_YAML_LIST);
        assert_int_equal(list->n, 2);
        assert_int_equal(list->key_line, 6);
        assert_int_equal(list->key_column, 9);
        assert_slice(list->child->scalar, "Normal shutdown");
        assert_false(list->child->plain);
        assert_int_equal(list->child->line, 7);
        assert_int_equal(list->child->column, 15);
        assert_int_equal(list->child->next->scalar.n, 10);
        assert_memory_equal(list->child->next->scalar.p, "Shut\tdown\0", 11);
        assert_null(list->child->next->next);
        assert_true(limn_yaml_is_null(limn_yaml_get(root, "empty")));
        assert_true(limn_yaml_is_null(limn_yaml_get(limn_yaml_get(root, "flow"), "b")));
        assert_null(limn_yaml_get(root, "nothing"));
        assert_null(limn_yaml_get(list, "x"));
        assert_null(limn_yaml_get(NULL, "x"));
        unload(&l);
}

static void test_documents(void **state)
{
        static const struct {
                const char *text;
                size_t n;
        } table[] = {
                {"", 0},
                {"# nothing\n", 0},
                {"---\n", 0},
                {"---\n---\na: 1\n---\n...\n", 1},
                {"a: 1\n---\nb: 2\n---\n- c\n", 3},
                {"text", 1},
                {"''", 1},
                {"\xef\xbb\xbf" "a: 1\n", 1},
                {"a: 1\r\nb: 2\r\n", 1},
                {"1\n---\n2\n---\n3\n---\n4\n---\n5\n---\n6\n---\n7\n---\n8\n---\n9\n", 9},
        };
        for (size_t i = 0; i < N_OF(table); i++) {
                Loaded l = load(limn_slice_str(table[i].text));
                if (l.r != 0 || l.file.n != table[i].n)
                        fail_msg("%s: %d, %zu documents", table[i].text, l.r, l.file.n);
                unload(&l);
        }
}

static void test_refused(void **state)
{
        static const struct {
                const char *text, *where, *what, *snippet;
        } table[] = {
                {"a: &x 1\n", "rule.yml:1:4", "anchors are not allowed", "a: &x 1\n   ^"},
                {"a: 1\nb: *x\n", "rule.yml:2:4", "aliases are not allowed", "b: *x\n   ^"},
                {"a: !!str 1\n", "rule.yml:1:4", "tags are not allowed", "a: !!str 1\n   ^"},
                {"- !x [1]\n", "rule.yml:1:3", "tags are not allowed", "- !x [1]\n  ^"},
                {"&x {a: 1}\n", "rule.yml:1:1", "anchors are not allowed", "&x {a: 1}\n^"},
                {"a: 1\nb: 2\na: 3\n", "rule.yml:3:1", "key \"a\" is already in line 1", "a: 3\n^"},
                {"{abc: 1, \"abc\": 2}\n", "rule.yml:1:10", "key \"abc\" is already in line 1",
                 "{abc: 1, \"abc\": 2}\n         ^"},
                {"[a]: 1\n", "rule.yml:1:1", "a key must be plain text", "[a]: 1\n^"},
                {"a: [1, 2\n", "rule.yml:2:1", "invalid YAML", "\n^"},
                {"a: b: c\n", "rule.yml:1:5", "invalid YAML", "a: b: c\n    ^"},
                {"a:\n\t- b\n", "rule.yml:2:1", "invalid YAML", " - b\n^"},
                {"a: 'x\n", "rule.yml:2:1", "invalid YAML", "\n^"},
                {"\xc3\xa9\xc3\xa9: *x\n", "rule.yml:1:5", "aliases are not allowed",
                 "\xc3\xa9\xc3\xa9: *x\n    ^"},
        };
        for (size_t i = 0; i < N_OF(table); i++) {
                Loaded l = load(limn_slice_str(table[i].text));
                if (l.r != -EINVAL || limn_diag_count(l.diag, LIMN_DIAG_ERROR) != 1)
                        fail_msg("%s: %d", table[i].text, l.r);
                const LimnMessage *m = limn_diag_at(l.diag, 0);
                if (strcmp(m->where, table[i].where) != 0 ||
                    strncmp(m->what, table[i].what, strlen(table[i].what)) != 0 ||
                    strcmp(m->snippet, table[i].snippet) != 0)
                        fail_msg("%s: %s: %s\n%s", table[i].text, m->where, m->what, m->snippet);
                unload(&l);
        }
}

static void test_hostile(void **state)
{
        LimnBuf text = LIMN_BUF(4 << 20);
        /* Depth */
        for (int i = 0; i < LIMN_YAML_DEPTH_MAX; i++)
                limn_buf_add_char(&text, '[');
        limn_buf_add_str(&text, "1");
        for (int i = 0; i < LIMN_YAML_DEPTH_MAX; i++)
                limn_buf_add_char(&text, ']');
        Loaded l = load(limn_buf_slice(&text));
        assert_int_equal(l.r, 0);
        unload(&l);
        limn_buf_clear(&text);
        for (int i = 0; i < 100000; i++)
                limn_buf_add_char(&text, '[');
        l = load(limn_buf_slice(&text));
        assert_int_equal(l.r, -EINVAL);
        assert_non_null(strstr(limn_diag_at(l.diag, 0)->what, "LIMN_YAML_DEPTH_MAX"));
        unload(&l);
        /* Number of nodes */
        limn_buf_clear(&text);
        limn_buf_add_char(&text, '[');
        for (int i = 0; i < LIMN_YAML_NODES_MAX; i++)
                limn_buf_add_str(&text, "a,");
        limn_buf_add_char(&text, ']');
        l = load(limn_buf_slice(&text));
        assert_int_equal(l.r, -EINVAL);
        assert_non_null(strstr(limn_diag_at(l.diag, 0)->what, "LIMN_YAML_NODES_MAX"));
        unload(&l);
        /* Many keys: quick to check for twins */
        limn_buf_clear(&text);
        for (int i = 0; i < 40000; i++)
                limn_buf_printf(&text, "k%d: 1\n", i);
        limn_buf_add_str(&text, "k7: 1\n");
        l = load(limn_buf_slice(&text));
        assert_int_equal(l.r, -EINVAL);
        assert_string_equal(limn_diag_at(l.diag, 0)->what, "key \"k7\" is already in line 8");
        unload(&l);
        /* Size */
        limn_buf_clear(&text);
        for (int i = 0; i <= LIMN_RULE_FILE_MAX; i++)
                limn_buf_add_char(&text, '#');
        l = load(limn_buf_slice(&text));
        assert_int_equal(l.r, -EINVAL);
        assert_non_null(strstr(limn_diag_at(l.diag, 0)->what, "LIMN_RULE_FILE_MAX"));
        unload(&l);
        limn_buf_done(&text);
        /* Bytes that no YAML holds */
        static const char *const bytes[] = {"a: \xff\xfe\n", "a: \x01\n", "a: \x1b[31m\n", "\xc3"};
        for (size_t i = 0; i < N_OF(bytes); i++) {
                l = load(limn_slice_str(bytes[i]));
                assert_int_equal(l.r, -EINVAL);
                unload(&l);
        }
        l = load(LIMN_S("a: \0b\n"));
        assert_int_equal(l.r, -EINVAL);
        unload(&l);
}

static void test_cut_short(void **state)
{
        for (size_t cut = 0; cut < sizeof rule - 1; cut++) {
                Loaded l = load(limn_slice(rule, cut));
                assert_true(l.r == 0 || l.r == -EINVAL);
                assert_int_equal(limn_diag_count(l.diag, LIMN_DIAG_NOTE), l.r != 0);
                unload(&l);
        }
}

static void test_no_memory(void **state)
{
        for (size_t max = 0; max < 8192; max += 64) {
                LimnArena *arena = limn_arena_new(max);
                LimnDiag *diag = limn_diag_new();
                LimnYamlFile file;
                int r = limn_yaml_parse(&file, "r", LIMN_S(rule), arena, diag);
                assert_true(r == 0 || r == -ENOMEM);
                assert_int_equal(limn_diag_count(diag, LIMN_DIAG_NOTE), 0);
                limn_arena_free(arena);
                limn_diag_free(diag);
        }
}

static void test_scalars(void **state)
{
        static const struct {
                const char *text;
                char kind; /* n(ull), b(ool), i(nt: also real), r(eal), t(ext) */
                double value;
        } table[] = {
                {"~", 'n', 0},        {"null", 'n', 0},      {"Null", 'n', 0},   {"NULL", 'n', 0},
                {"nUll", 't', 0},     {"'~'", 't', 0},       {"true", 'b', 1},   {"True", 'b', 1},
                {"TRUE", 'b', 1},     {"tRUE", 't', 0},      {"TRue", 't', 0},   {"false", 'b', 0},
                {"FALSE", 'b', 0},    {"yes", 't', 0},       {"on", 't', 0},     {"'true'", 't', 0},
                {"0", 'i', 0},        {"-12", 'i', -12},     {"+12", 'i', 12},   {"007", 'i', 7},
                {"'1'", 't', 0},      {"\"1\"", 't', 0},     {"1.5", 'r', 1.5},  {".5", 'r', 0.5},
                {"5.", 'r', 5},       {"-1.5e3", 'r', -1500}, {"1E2", 'r', 100}, {"1e", 't', 0},
                {".", 't', 0},        {".inf", 't', 0},   {".nan", 't', 0},
                {"1e999", 't', 0},    {"1_000", 't', 0},     {"1:30", 't', 0},   {"12a", 't', 0},
                {"9223372036854775807", 'i', 9223372036854775807.0},
                {"9223372036854775808", 'r', 9223372036854775808.0},
                {"5m", 't', 0},       {"infinity", 't', 0},  {"nan", 't', 0},    {"1 2", 't', 0},
        };
        for (size_t i = 0; i < N_OF(table); i++) {
                Loaded l = load(limn_slice_str(table[i].text));
                const LimnYaml *node = l.file.documents[0];
                bool b = false;
                long long n = 0;
                double d = 0;
                bool is_null = limn_yaml_is_null(node), is_bool = limn_yaml_bool(node, &b);
                bool is_int = limn_yaml_int(node, &n), is_real = limn_yaml_real(node, &d);
                char kind = is_null ? 'n' : is_bool ? 'b' : is_int ? 'i' : is_real ? 'r' : 't';
                if (kind != table[i].kind || is_null + is_bool + is_real > 1)
                        fail_msg("%s: %c", table[i].text, kind);
                double value = kind == 'b' ? b : kind == 'i' ? (double)n : d;
                if (value > table[i].value || value < table[i].value)
                        fail_msg("%s: %g", table[i].text, value);
                unload(&l);
        }
        static const struct {
                const char *text;
                long long n;
        } bases[] = {{"0x1F", 31}, {"0o17", 15}, {"0x", -1}, {"0xg", -1}, {"0o8", -1},
                     {"0x7fffffffffffffff", INT64_MAX}, {"0x8000000000000000", -1}};
        for (size_t i = 0; i < N_OF(bases); i++) {
                Loaded l = load(limn_slice_str(bases[i].text));
                long long n = -1;
                assert_int_equal(limn_yaml_int(l.file.documents[0], &n), bases[i].n >= 0);
                assert_true(n == bases[i].n);
                unload(&l);
        }
        assert_true(limn_yaml_is_null(NULL));
        assert_false(limn_yaml_bool(NULL, NULL) || limn_yaml_int(NULL, NULL) ||
                     limn_yaml_real(NULL, NULL));
}

static void test_unknown_keys(void **state)
{
        static const char *const known[] = {"title", "detection", "logsource", NULL};
        Loaded l = load(LIMN_S("title: x\nlist:\n  detektion:\n    a: 1\nxyz: 1\n"));
        assert_int_equal(l.r, 0);
        const LimnYaml *root = l.file.documents[0], *list = limn_yaml_get(root, "list");
        assert_int_equal(limn_yaml_known_keys(&l.file, list, known, l.diag), -EINVAL);
        const LimnMessage *m = limn_diag_at(l.diag, 0);
        assert_string_equal(m->what, "unknown key \"detektion\"");
        assert_string_equal(m->where, "rule.yml:3:3");
        assert_string_equal(m->snippet, "  detektion:\n  ^^^^^^^^^");
        assert_string_equal(m->help, "did you mean \"detection\"?");
        assert_int_equal(limn_yaml_known_keys(&l.file, root, known, l.diag), -EINVAL);
        m = limn_diag_at(l.diag, 1);
        assert_string_equal(m->help, "known keys: title, detection, logsource");
        static const char *const all[] = {"title", "list", "xyz", NULL};
        assert_int_equal(limn_yaml_known_keys(&l.file, root, all, l.diag), 0);
        assert_int_equal(limn_yaml_known_keys(&l.file, NULL, all, l.diag), 0);
        assert_int_equal(limn_diag_count(l.diag, LIMN_DIAG_NOTE), 2);
        unload(&l);
}

static void test_pointing(void **state)
{
        Loaded l = load(LIMN_S("level: hihg\nquoted: \"a\\\"b\"  # c\nlist:\n  - 1\nnone:\n"));
        assert_int_equal(l.r, 0);
        const LimnYaml *root = l.file.documents[0];
        static const struct {
                const char *key, *where, *snippet;
        } table[] = {
                {"level", "rule.yml:1:8", "level: hihg\n       ^^^^"},
                {"quoted", "rule.yml:2:9", "quoted: \"a\\\"b\"  # c\n        ^^^^^^"},
                {"list", "rule.yml:3:1", "list:\n^"},
                {"none", "rule.yml:5:1", "none:\n^"},
        };
        for (size_t i = 0; i < N_OF(table); i++) {
                assert_int_equal(limn_yaml_error(&l.file, limn_yaml_get(root, table[i].key),
                                                 l.diag, "help", "no %s", "good"),
                                 -EINVAL);
                const LimnMessage *m = limn_diag_at(l.diag, i);
                assert_string_equal(m->what, "no good");
                assert_string_equal(m->where, table[i].where);
                if (strncmp(m->snippet, table[i].snippet, strlen(table[i].snippet)) != 0)
                        fail_msg("%s:\n%s", table[i].key, m->snippet);
        }
        assert_int_equal(limn_yaml_warn(&l.file, root, l.diag, NULL, "hm"), 0);
        assert_int_equal(limn_diag_at(l.diag, N_OF(table))->severity, LIMN_DIAG_WARNING);
        unload(&l);
}

static void assert_same_node(const LimnYaml *a, const LimnYaml *b)
{
        assert_int_equal(a->type, b->type);
        assert_int_equal(a->plain, b->plain);
        assert_int_equal(a->line, b->line);
        assert_int_equal(a->column, b->column);
        assert_int_equal(a->key_line, b->key_line);
        assert_int_equal(a->key_column, b->key_column);
        assert_true((a->key.p == NULL) == (b->key.p == NULL));
        assert_true(limn_slice_eq(a->key, b->key));
        assert_true(limn_slice_eq(a->scalar, b->scalar));
        assert_int_equal(a->n, b->n);
        const LimnYaml *x = a->child, *y = b->child;
        for (; x && y; x = x->next, y = y->next)
                assert_same_node(x, y);
        assert_true(!x && !y);
}

static void test_frozen(void **state)
{
        LimnBuf two = LIMN_BUF(4096), frozen = LIMN_BUF(1 << 16);
        limn_buf_add(&two, LIMN_S(rule));
        limn_buf_add_str(&two, "---\n- \"\"\n- ''\n- {\"\": a}\n---\n");
        Loaded l = load(limn_buf_slice(&two));
        assert_int_equal(l.r, 0);
        assert_int_equal(limn_yaml_freeze(&l.file, &frozen), 0);

        LimnYamlFile thawed;
        LimnSlice all = limn_buf_slice(&frozen);
        assert_int_equal(limn_yaml_thaw(&thawed, "rule.yml", l.file.text, all, l.arena), 0);
        assert_string_equal(thawed.path, "rule.yml");
        assert_int_equal(thawed.n, 2);
        for (size_t i = 0; i < thawed.n; i++)
                assert_same_node(l.file.documents[i], thawed.documents[i]);

        /* Cut short it is refused at every length, and so is what stands behind it. */
        for (size_t n = 0; n < all.n; n++)
                assert_int_equal(limn_yaml_thaw(&thawed, "rule.yml", l.file.text,
                                                limn_slice_to(all, n), l.arena),
                                 -EINVAL);
        limn_buf_add_char(&frozen, 'x');
        assert_int_equal(limn_yaml_thaw(&thawed, "rule.yml", l.file.text,
                                        limn_buf_slice(&frozen), l.arena),
                         -EINVAL);
        limn_buf_done(&two);
        limn_buf_done(&frozen);
        unload(&l);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_tree),
                cmocka_unit_test(test_documents),
                cmocka_unit_test(test_refused),
                cmocka_unit_test(test_hostile),
                cmocka_unit_test(test_cut_short),
                cmocka_unit_test(test_no_memory),
                cmocka_unit_test(test_scalars),
                cmocka_unit_test(test_unknown_keys),
                cmocka_unit_test(test_pointing),
                cmocka_unit_test(test_frozen),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
