/* SPDX-License-Identifier: Apache-2.0 */
/* One row a modifier and a case of it: the search, the event, whether they meet. */
#include "tests/unit/rules_help.h"

#define EVENT(...) {__VA_ARGS__, NULL}

typedef struct Row {
        const char *search; /* the value of the search `s`, in YAML flow style */
        const char *event[13];
        bool yes;
} Row;

static const Row rows[] = {
        /* whole values, case, types */
        {"{user: root}", EVENT("user", "ROOT"), true},
        {"{user: root}", EVENT("user", "rooty"), false},
        {"{user: root}", EVENT("host", "root"), false},
        {"{user: [a, b]}", EVENT("user", "b"), true},
        {"{user: [a, b]}", EVENT("user", "c"), false},
        {"{user: a, host: b}", EVENT("user", "a", "host", "b"), true},
        {"{user: a, host: b}", EVENT("user", "a", "host", "c"), false},
        {"[{user: a}, {user: b}]", EVENT("user", "b"), true},
        {"{n: 4}", EVENT("n", "4"), true},
        {"{n: 4}", EVENT("n", "4.0"), true},
        {"{n: '4'}", EVENT("n", "4.0"), false},
        {"{n: 4}", EVENT("n", "40"), false},
        {"{n: -1.5}", EVENT("n", "-1.50"), true},
        {"{flag: true}", EVENT("flag", "True"), true},
        {"{flag: false}", EVENT("flag", "true"), false},
        {"{user: ''}", EVENT("user", ""), true},
        {"{user: ''}", EVENT("host", "x"), false},
        {"{user: null}", EVENT("host", "x"), true},
        {"{user: null}", EVENT("user", "\1"), true},
        {"{user: null}", EVENT("user", ""), false},
        {"{user: '*'}", EVENT("user", ""), true},
        {"{user: '*'}", EVENT("host", "x"), false},
        {"{user: 'r*t'}", EVENT("user", "rabbit"), true},
        {"{user: 'r*t'}", EVENT("user", "rabbits"), false},
        /* names */
        {"{a.b: x}", EVENT("a.b", "x"), true},
        {"{a.b: x}", EVENT("a.0.b", "y", "a.1.b", "x"), true},
        {"{a.b: x}", EVENT("a.0.b", "y", "a.1.b", "z"), false},
        {"{a: x}", EVENT("a.0", "y", "a.1", "x"), true},
        {"{a.1: x}", EVENT("a.0", "x", "a.1", "y"), false},
        {"{a.1: y}", EVENT("a.0", "x", "a.1", "y"), true},
        {"{a.b: x}", EVENT("a.x.b", "x"), false},
        {"{a.b.c: x}", EVENT("a.0.b.12.c.0", "x"), true},
        {"{NewValue: x}", EVENT("New Value", "x"), true},
        {"{New Value: x}", EVENT("NewValue", "x"), true}, /* blanks count on neither side */
        {"{New Value: x}", EVENT("New Value", "x"), true},
        {"{New Value: x}", EVENT("New Values", "x"), false},
        {"{a.1: x}", EVENT("a.11.1", "x"), true}, /* 11 is an index, not a 1 with a 1 behind */
        {"{a.11: x}", EVENT("a.1.11", "x"), true},
        {"{a.11: x}", EVENT("a.1", "x"), false},
        {"{a.1: x}", EVENT("a.b.1", "x"), false},
        {"{message: hello}", EVENT("message", "Hello"), true},
        {"{said: hello}", EVENT("message", "Hello"), true},
        {"{said: hello}", EVENT("message", "x", "error_text", "Hello"), true},
        {"{said: hello}", EVENT("note", "Hello"), false},
        /* contains, startswith, endswith, all, cased */
        {"{message|contains: b}", EVENT("message", "aBc"), true},
        {"{message|contains: d}", EVENT("message", "abc"), false},
        {"{message|contains: 'a?c'}", EVENT("message", "xabcx"), true},
        {"{message|contains: '\\*'}", EVENT("message", "a*b"), true},
        {"{message|contains: '\\*'}", EVENT("message", "ab"), false},
        {"{message|contains: [x, y]}", EVENT("message", "y"), true},
        {"{message|contains|all: [x, y]}", EVENT("message", "y"), false},
        {"{message|contains|all: [x, y]}", EVENT("message", "y..x"), true},
        {"{message|contains: 12}", EVENT("message", "a 123"), true},
        {"{message|startswith: ab}", EVENT("message", "ABc"), true},
        {"{message|startswith: ab}", EVENT("message", "cab"), false},
        {"{message|endswith: ab}", EVENT("message", "cab"), true},
        {"{message|endswith: ab}", EVENT("message", "abc"), false},
        {"{message|contains|cased: Ab}", EVENT("message", "xAbx"), true},
        {"{message|contains|cased: Ab}", EVENT("message", "xabx"), false},
        {"{message|cased: Ab}", EVENT("message", "ab"), false},
        /* neq */
        {"{user|neq: a}", EVENT("user", "b"), true},
        {"{user|neq: a}", EVENT("user", "a"), false},
        {"{user|neq: [a, b]}", EVENT("user", "b"), false},
        {"{user|neq: a}", EVENT("host", "a"), true},
        {"{user|contains|neq: a}", EVENT("user", "xax"), false},
        {"{user|neq: null}", EVENT("user", "x"), true},
        {"{user|neq: null}", EVENT("host", "x"), false},
        /* re */
        {"{message|re: 'a.c'}", EVENT("message", "xxabcxx"), true},
        {"{message|re: 'a.c'}", EVENT("message", "ABC"), false},
        {"{message|re|i: 'a.c'}", EVENT("message", "ABC"), true},
        {"{message|re|ignorecase: 'a.c'}", EVENT("message", "ABC"), true},
        {"{message|re: '^b'}", EVENT("message", "a\nb"), false},
        {"{message|re|m: '^b'}", EVENT("message", "a\nb"), true},
        {"{message|re: 'a.b'}", EVENT("message", "a\nb"), false},
        {"{message|re|s: 'a.b'}", EVENT("message", "a\nb"), true},
        {"{message|re|i|s: 'A.B'}", EVENT("message", "a\nb"), true},
        {"{message|re: ['x', 'b$']}", EVENT("message", "ab"), true},
        {"{message|re|all: ['a', 'b$']}", EVENT("message", "ab"), true},
        {"{message|re|all: ['c', 'b$']}", EVENT("message", "ab"), false},
        {"{message|re|neq: 'b$'}", EVENT("message", "ab"), false},
        {"{message|re|startswith: 'b|c'}", EVENT("message", "ac"), false},
        {"{message|re|startswith: 'b|c'}", EVENT("message", "ca"), true},
        {"{message|re|endswith: 'b|c'}", EVENT("message", "ca"), false},
        {"{message|re|contains: 'b'}", EVENT("message", "aba"), true},
        {"{n|re: 45}", EVENT("n", "1456"), true},
        /* numbers */
        {"{n|lt: 5}", EVENT("n", "4.9"), true},
        {"{n|lt: 5}", EVENT("n", "5"), false},
        {"{n|lte: 5}", EVENT("n", "5"), true},
        {"{n|gt: 5}", EVENT("n", "10"), true},
        {"{n|gt: 5}", EVENT("n", "abc"), false},
        {"{n|gt: 5}", EVENT("m", "10"), false},
        {"{n|gte: -5}", EVENT("n", "-5"), true},
        {"{n|gt: 9007199254740992}", EVENT("n", "9007199254740993"), true},
        /* exists */
        {"{user|exists: true}", EVENT("user", ""), true},
        {"{user|exists: true}", EVENT("user", "\1"), true},
        {"{user|exists: true}", EVENT("host", ""), false},
        {"{user|exists: false}", EVENT("host", ""), true},
        {"{user|exists: 'false'}", EVENT("host", ""), true},
        {"{user|exists: yes}", EVENT("user", ""), true},
        {"{user|exists: No}", EVENT("user", ""), false},
        /* windash */
        {"{cmd|windash|contains: ' -f'}", EVENT("cmd", "x /f"), true},
        {"{cmd|windash|contains: ' -f'}", EVENT("cmd", "x \xe2\x80\x93"
                                                       "f"), true},
        {"{cmd|windash|contains: ' -f'}", EVENT("cmd", "x +f"), false},
        {"{cmd|windash|contains: 'a-f'}", EVENT("cmd", "xa/f"), false},
        {"{cmd|contains: ' -f'}", EVENT("cmd", "x /f"), false},
        /* encodings */
        {"{b|base64: foobar}", EVENT("b", "Zm9vYmFy"), true},
        {"{b|base64|contains: foob}", EVENT("b", "xx Zm9vYg== yy"), true},
        {"{b|base64offset|contains: foobar}", EVENT("b", "eGZvb2Jhcg=="), true},  /* xfoobar */
        {"{b|base64offset|contains: foobar}", EVENT("b", "eHhmb29iYXI="), true},  /* xxfoobar */
        {"{b|base64offset|contains: foobar}", EVENT("b", "eHh4Zm9vYmFyeA=="), true},
        {"{b|base64offset|contains: foobar}", EVENT("b", "eHh4Zm9vYmF6"), false},
        {"{b|wide|base64offset|contains: hi}", EVENT("b", "aABpAA=="), true},
        {"{b|utf16le|base64: hi}", EVENT("b", "aABpAA=="), true},
        {"{b|utf16be|base64: hi}", EVENT("b", "AGgAaQ=="), true},
        {"{b|utf16|base64: hi}", EVENT("b", "//5oAGkA"), true},
        /* cidr */
        {"{ip|cidr: 10.0.0.0/8}", EVENT("ip", "10.200.3.4"), true},
        {"{ip|cidr: 10.0.0.0/8}", EVENT("ip", "11.0.0.1"), false},
        {"{ip|cidr: 192.168.1.128/25}", EVENT("ip", "192.168.1.127"), false},
        {"{ip|cidr: 192.168.1.128/25}", EVENT("ip", "192.168.1.200"), true},
        {"{ip|cidr: 10.0.0.0/8}", EVENT("ip", "::ffff:10.1.1.1"), true},
        {"{ip|cidr: 'fd00::/8'}", EVENT("ip", "fd12::1"), true},
        {"{ip|cidr: 'fd00::/8'}", EVENT("ip", "10.0.0.1"), false},
        {"{ip|cidr: 0.0.0.0/0}", EVENT("ip", "8.8.8.8"), true},
        {"{ip|cidr: '::ffff:10.0.0.0/104'}", EVENT("ip", "10.1.1.1"), true},
        {"{ip|cidr: '::ffff:10.0.0.0/104'}", EVENT("ip", "::ffff:11.0.0.1"), false},
        {"{ip|cidr: '::/0'}", EVENT("ip", "::ffff:10.1.1.1"), true}, /* as it is written */
        {"{ip|cidr: '::/0'}", EVENT("ip", "10.1.1.1"), false},
        {"{ip|cidr: 10.0.0.0/8}", EVENT("ip", "not an address"), false},
        {"{ip|cidr|neq: 10.0.0.0/8}", EVENT("ip", "11.0.0.1"), true},
        /* fieldref */
        {"{a|fieldref: b}", EVENT("a", "X", "b", "x"), true},
        {"{a|fieldref: b}", EVENT("a", "x", "b", "y"), false},
        {"{a|fieldref: b}", EVENT("a", "x"), false},
        {"{a|fieldref|neq: b}", EVENT("a", "x", "b", "y"), true},
        {"{a|fieldref|cased: b}", EVENT("a", "X", "b", "x"), false},
        {"{a|cased|fieldref: b}", EVENT("a", "X", "b", "X"), true},
        {"{a|fieldref|startswith: b}", EVENT("a", "xyz", "b", "xy"), true},
        {"{a|fieldref|endswith: b}", EVENT("a", "xyz", "b", "xy"), false},
        {"{a|fieldref|contains: b}", EVENT("a", "xyz", "b", "y"), true},
        /* parts of a stamp */
        {"{t|hour: 7}", EVENT("t", "2026-11-22T07:24:02.399Z"), true},
        {"{t|minute: 25}", EVENT("t", "2026-11-22T07:24:02Z"), false},
        {"{t|month|gte: 11}", EVENT("t", "2026-11-22 07:24:02"), true},
        {"{t|week: 47}", EVENT("t", "2026-11-22T07:24:02Z"), true},
        {"{t|week: 53}", EVENT("t", "2027-01-01T00:00:00Z"), true},
        {"{t|year: 2026}", EVENT("t", "no stamp"), false},
        /* keywords */
        {"[deadlock, timeout]", EVENT("record", "a TimeOut b"), true},
        {"[deadlock, timeout]", EVENT("record", "nothing"), false},
        {"deadlock", EVENT("x", "a deadlock"), true},
        {"{'|all': [dead, lock]}", EVENT("record", "lock and dead"), true},
        {"{'|all': [dead, lock]}", EVENT("record", "dead"), false},
        {"{'|re': 'd.ad'}", EVENT("record", "is dead"), true},
        {"['a*c']", EVENT("record", "xx abbbc xx"), true},
        {"[7, {user: x}]", EVENT("user", "x"), true},
        {"[7, {user: x}]", EVENT("record", "a 7"), true},
        /* expand without placeholders */
        {"{x|expand: '50\\%'}", EVENT("x", "50%"), true},
        {"{x|expand: '50%'}", EVENT("x", "50%"), true},
};

static void test_rows(void **state)
{
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                LimnBuf text = LIMN_BUF(1 << 16);
                limn_buf_printf(&text, RULE_HEAD "detection:\n  s: %s\n  condition: s\n",
                                rows[i].search);
                LimnRules *rules = load_rules(limn_buf_str(&text));
                LimnField fields[8];
                LimnEvent event = event_of(fields, rows[i].event);
                if ((count_matches(rules, &event) == 1) != rows[i].yes)
                        fail_msg("%s on %s=%s", rows[i].search, rows[i].event[0], rows[i].event[1]);
                limn_rules_free(rules);
                limn_buf_done(&text);
        }
}

static void test_refused(void **state)
{
        static const struct {
                const char *search, *says;
        } refused[] = {
                {"{a|contain: x}", "unknown modifier \"contain\""},
                {"{a|: x}", "unknown modifier \"\""},
                {"{a|contains|re: x}", "re: must be the first modifier"},
                {"{a|re: '('}", "re: bad pattern"},
                {"{a|i: x}", "i: is a flag of re"},
                {"{a|re|cased: x}", "cased: is for texts only"},
                {"{a|exists|all: true}", "exists: must be the only modifier"},
                {"{a|exists: x}", "exists: needs a truth value"},
                {"{a|exists: [true, false]}", "exists: takes one value"},
                {"{a|lt: x}", "lt: needs a number"},
                {"{a|lt|gt: 5}", "gt: cannot be combined with lt"},
                {"{a|cidr: 10.0.0/8}", "cidr: not a network"},
                {"{a|cidr: 10.0.0.0/33}", "the prefix length must be 0 to 32"},
                {"{a|all|cidr: 10.0.0.0/8}", "cidr: must be the first modifier"},
                {"{a|base64: 'x*'}", "wildcards cannot be encoded"},
                {"{a|windash|base64: '-x'}", "wildcards cannot be encoded"},
                {"{a|expand: '%users%'}", "no values for placeholders"},
                {"{a|fieldref: null}", "needs a field's name"},
                {"{a: [x, null]}", "null may not stand in a list"},
                {"{a: []}", "an empty list matches nothing"},
                {"{a: {b: c}}", "cannot be a list in a list or a map"},
                {"{a|contains: null}", "null has no text"},
                {"{a|hour: x}", "hour: needs a number"},
                {"{}", "an empty search matches nothing"},
                {"['']", "an empty keyword"},
                {"{'|startswith': x}", "startswith: needs a field"},
                {"{'|endswith': x}", "endswith: needs a field"},
                {"{'|lt': 5}", "lt: needs a field"},
        };
        for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
                LimnBuf text = LIMN_BUF(1 << 16);
                limn_buf_printf(&text, RULE_HEAD "detection:\n  s: %s\n  condition: s\n",
                                refused[i].search);
                LimnRules *rules = NULL;
                LimnDiag *diag = limn_diag_new();
                LimnRuleText one = {"rule.yml", limn_buf_slice(&text)};
                if (limn_rules_load(&rules, &one, 1, diag) != -EINVAL)
                        fail_msg("%s was accepted", refused[i].search);
                LimnBuf out = messages(diag);
                if (!strstr(limn_buf_str(&out), refused[i].says))
                        fail_msg("%s: %s", refused[i].search, limn_buf_str(&out));
                limn_buf_done(&out);
                limn_diag_free(diag);
                limn_buf_done(&text);
        }
}

typedef struct Seen {
        char text[512];
        size_t n;
} Seen;

static int see(void *arg, const LimnMatch *match)
{
        Seen *seen = arg;
        for (size_t i = 0; i < match->n_fields; i++)
                seen->n += (size_t)snprintf(seen->text + seen->n, sizeof seen->text - seen->n,
                                            "%.*s=%.*s;", LIMN_FMT(match->fields[i].name),
                                            LIMN_FMT(match->fields[i].value));
        return 0;
}

static void test_fields(void **state)
{
        LimnRules *rules = load_rules(
                RULE_HEAD
                "detection: {s: {message|contains: dump}, condition: s}\n"
                "limn:\n"
                "  extract:\n"
                "    - {re: 'pos\\((?<file>[^,]+), (?<pos>\\d+)\\)( x(?<gone>y))?'}\n"
                "    - {field: record, re: 'server\\((?<server_id>\\d+)\\)|(?<file>never)'}\n"
                "  capture: [user, host as from]\n"
                "  set: {place: '{file}:{pos}', channel: main, nothing: '{gone}'}\n"
                "  fact: [{key: 'seen_{port}', value: '{{{server_id}}}'}]\n"
                "  explain: dump at {place}, missing {absent}\n");
        LimnField fields[8];
        const char *const pairs[] = {"record", "00:00 server(7) dump pos(bin.1, 4)",
                                     "message", "dump pos(bin.1, 4)", "user", "repl", "host",
                                     "10.0.0.1", "port", "3306", "gone", "not this", NULL};
        LimnEvent event = event_of(fields, pairs);
        LimnMatcher *matcher;
        Seen seen = {.n = 0};
        assert_int_equal(limn_matcher_new(&matcher, rules, false), 0);
        const LimnApplicable *a = limn_matcher_applicable(matcher, NULL, "test", "any");
        assert_int_equal(limn_matcher_match(matcher, a, &event, NULL, 0, see, &seen, NULL), 0);
        assert_string_equal(seen.text, "channel=main;file=bin.1;from=10.0.0.1;place=bin.1:4;"
                                       "port=3306;pos=4;server_id=7;user=repl;");

        const LimnMeaning *m = &rules->detections[0].meaning;
        LimnBuf out = LIMN_BUF(1000);
        const LimnField one[] = {{LIMN_S("server_id"), LIMN_S("7")}};
        assert_true(limn_template_expand(&m->facts[0].value, one, 1, &out));
        assert_string_equal(limn_buf_str(&out), "{7}");
        limn_buf_clear(&out);
        assert_false(limn_template_expand(&m->explain, one, 1, &out));
        assert_int_equal(out.n, 0);
        limn_buf_done(&out);
        limn_matcher_free(matcher);
        limn_rules_free(rules);
}

static void test_logsource(void **state)
{
        LimnRules *rules = load_rules("title: a\nlogsource: {product: mysql}\n"
                                      "detection: {s: [xyzzy], condition: s}\n"
                                      "---\n"
                                      "title: b\nlogsource: {product: mysql, service: error}\n"
                                      "detection: {s: [xyzzy], condition: s}\n"
                                      "---\n"
                                      "title: c\nlogsource: {category: process_creation}\n"
                                      "detection: {s: [xyzzy], condition: s}\n");
        static const struct {
                const char *category, *product, *service;
                size_t n;
        } sources[] = {
                {NULL, "mysql", "error", 2},
                {NULL, "mysql", "slow", 1},
                {NULL, "jvm", "error", 0},
                {"process_creation", "windows", NULL, 1},
                {NULL, NULL, NULL, 0},
        };
        const char *const pairs[] = {"record", "xyzzy", NULL};
        LimnEvent event = event_of(NULL, pairs);
        for (int prefilter = 0; prefilter < 2; prefilter++) {
                LimnMatcher *matcher;
                LimnMarks marks = {0};
                assert_int_equal(limn_matcher_new(&matcher, rules, prefilter), 0);
                for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
                        size_t n = 0;
                        const LimnApplicable *a = limn_matcher_applicable(
                                matcher, sources[i].category, sources[i].product,
                                sources[i].service);
                        assert_int_equal(limn_matcher_scan(matcher, a, event.record, &marks), 0);
                        assert_ptr_equal(a, limn_matcher_applicable(matcher, sources[i].category,
                                                                    sources[i].product,
                                                                    sources[i].service));
                        assert_int_equal(limn_matcher_match(matcher, a, &event, marks.at, marks.n,
                                                            count_match, &n, NULL),
                                         0);
                        assert_int_equal(n, sources[i].n);
                }
                free(marks.at);
                limn_matcher_free(matcher);
        }
        limn_rules_free(rules);
}

static void test_unknown_is_counted(void **state)
{
        LimnRules *rules = load_rules(RULE_HEAD "detection: {s: {message|re: '(a+)+$'}, "
                                                "condition: not s}\n");
        char text[60];
        memset(text, 'a', sizeof text);
        text[sizeof text - 1] = 'b';
        LimnEvent event = {.time = LIMN_TIME_NONE, .message = {text, sizeof text}};
        LimnMatcher *matcher;
        size_t n = 0, unknown = 0;
        assert_int_equal(limn_matcher_new(&matcher, rules, false), 0);
        const LimnApplicable *a = limn_matcher_applicable(matcher, NULL, "test", NULL);
        assert_int_equal(limn_matcher_match(matcher, a, &event, NULL, 0, count_match, &n, &unknown),
                         0);
        /* Neither "no match", which `not` would turn into a hit, nor a hit. */
        assert_int_equal(n, 0);
        assert_int_equal(unknown, 1);
        limn_matcher_free(matcher);
        limn_rules_free(rules);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_rows),      cmocka_unit_test(test_refused),
                cmocka_unit_test(test_fields),    cmocka_unit_test(test_logsource),
                cmocka_unit_test(test_unknown_is_counted),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
