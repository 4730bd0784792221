/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The prefilter never changes what is met, only what is looked at: a differential over generated
 * rules and records, and tables of what it looks for.
 */
#include "rules/literal.h"
#include "rules/prefilter.h"
#include "tests/unit/rules_help.h"

#define CASES 2000

static uint64_t next_random(uint64_t *state)
{
        /* xorshift64*: the same on every machine and in every year. */
        *state ^= *state >> 12;
        *state ^= *state << 25;
        *state ^= *state >> 27;
        return *state * 0x2545f4914f6cdd1du;
}

static size_t pick(uint64_t *state, size_t n)
{
        return (size_t)(next_random(state) >> 33) % n;
}

static const char *const words[] = {
        "binlog", "Dump",  "purged", "thread", "gone away", "x",  "1236",     "caf\xc3\xa9",
        "a-b.c:", "tmp",   "server", "READ",   "timeout",   "it's", "na\\\\ive", "lost connection",
};
#define N_WORDS (sizeof words / sizeof *words)

static const char *const patterns[] = {
        "binlog|purged", "dum?p", "thread\\d+", "(gone )?away", "lost[ -]connection", "time(out)+",
        "(?i)server",    "^READ", "x{2,}",      "(?:binlog|READ) ?dump", "a-b\\.c:", "tmp$",
};
#define N_PATTERNS (sizeof patterns / sizeof *patterns)

/* One entry of a map: a field, perhaps modifiers, and values. */
static void random_entry(LimnBuf *out, uint64_t *seed)
{
        static const char *const fields[] = {"message", "record", "level", "note.a", "note.b"};
        static const char *const mods[] = {"",          "|contains", "|startswith", "|endswith",
                                           "|contains|all", "|contains|cased", "|contains|neq"};
        const char *field = fields[pick(seed, 5)];
        if (pick(seed, 4) == 0) {
                limn_buf_printf(out, "'%s|re%s': '%s'", field, pick(seed, 2) ? "" : "|i",
                                patterns[pick(seed, N_PATTERNS)]);
                return;
        }
        limn_buf_printf(out, "'%s%s': [", field, mods[pick(seed, 7)]);
        for (size_t i = 0, n = 1 + pick(seed, 3); i < n; i++)
                limn_buf_printf(out, "%s\"%s%s%s\"", i ? ", " : "", pick(seed, 6) ? "" : "*",
                                words[pick(seed, N_WORDS)], pick(seed, 6) ? "" : "*");
        limn_buf_add_str(out, "]");
}

static void random_rule(LimnBuf *out, uint64_t *seed, size_t number)
{
        static const char *const conditions[] = {
                "a", "a and b", "a or b", "a and not b", "not a", "1 of them", "all of them",
                "(a or b) and c", "not (a and b) and c",
        };
        limn_buf_printf(out, "%stitle: rule %zu\nlogsource: {product: test}\ndetection:\n",
                        number ? "---\n" : "", number);
        for (char name = 'a'; name <= 'c'; name++) {
                limn_buf_printf(out, "  %c: ", name);
                if (pick(seed, 5) == 0) {
                        limn_buf_printf(out, "[\"%s\", \"%s\"]\n", words[pick(seed, N_WORDS)],
                                        words[pick(seed, N_WORDS)]);
                        continue;
                }
                limn_buf_add_char(out, '{');
                for (size_t i = 0, n = 1 + pick(seed, 2); i < n; i++) {
                        LimnBuf one = LIMN_BUF(4096);
                        random_entry(&one, seed);
                        /* A map's keys must differ. */
                        size_t colon = limn_slice_chr(limn_buf_slice(&one), ':');
                        LimnSlice key = limn_slice_to(limn_buf_slice(&one), colon);
                        LimnSlice line = limn_buf_slice(out);
                        while (limn_slice_chr(line, '\n') < line.n)
                                line = limn_slice_from(line, limn_slice_chr(line, '\n') + 1);
                        if (limn_slice_find(line, key) == line.n) {
                                if (i)
                                        limn_buf_add_str(out, ", ");
                                limn_buf_add(out, limn_buf_slice(&one));
                        }
                        limn_buf_done(&one);
                }
                limn_buf_add_str(out, "}\n");
        }
        limn_buf_printf(out, "  condition: %s\n", conditions[pick(seed, 9)]);
}

/* A record like a JSON parser gives it: what is written escaped in the bytes is decoded in the
 * values. */
typedef struct Record {
        char raw[512], message[256], a[64], b[64];
        LimnField fields[2];
        LimnEvent event;
} Record;

static void append(char *to, size_t size, const char *text)
{
        size_t n = strlen(to);
        snprintf(to + n, size - n, "%s", text);
}

static void random_text(char *to, size_t size, uint64_t *seed, size_t max)
{
        to[0] = '\0';
        for (size_t i = 0, n = pick(seed, max); i < n; i++) {
                if (i)
                        append(to, size, pick(seed, 3) ? " " : "");
                append(to, size, words[pick(seed, N_WORDS)]);
        }
        if (pick(seed, 3) == 0)
                for (char *c = to; *c; c++)
                        if (*c >= 'a' && *c <= 'z')
                                *c = (char)(*c - 32);
}

static void random_record(Record *r, uint64_t *seed)
{
        random_text(r->message, sizeof r->message, seed, 6);
        random_text(r->a, sizeof r->a, seed, 3);
        random_text(r->b, sizeof r->b, seed, 2);
        r->raw[0] = '\0';
        append(r->raw, sizeof r->raw, "{\"m\":\"");
        if (pick(seed, 4) == 0) {
                for (const char *c = r->message; *c && strlen(r->raw) < 300; c++) {
                        char escaped[8];
                        snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned char)*c);
                        append(r->raw, sizeof r->raw, escaped);
                }
                if (strlen(r->raw) >= 300)
                        r->message[0] = '\0', append(r->raw, sizeof r->raw, r->message);
        } else {
                append(r->raw, sizeof r->raw, r->message);
        }
        append(r->raw, sizeof r->raw, "\",\"a\":\"");
        append(r->raw, sizeof r->raw, r->a);
        append(r->raw, sizeof r->raw, "\",\"b\":\"");
        append(r->raw, sizeof r->raw, r->b);
        append(r->raw, sizeof r->raw, "\"}\n");
        r->fields[0] = (LimnField){LIMN_S("note.a"), limn_slice_str(r->a)};
        r->fields[1] = (LimnField){LIMN_S("note.b"), limn_slice_str(r->b)};
        r->event = (LimnEvent){
                .record = limn_slice_str(r->raw),
                .time = LIMN_TIME_NONE,
                .level = pick(seed, 2) ? LIMN_LEVEL_ERROR : LIMN_LEVEL_NONE, /* not in the bytes */
                .message = limn_slice_str(r->message),
                .fields = r->fields,
                .n_fields = 2,
        };
}

static int note(void *arg, const LimnMatch *match)
{
        limn_buf_printf(arg, " %u", match->rule->index);
        return 0;
}

static int by_place(const void *a, const void *b)
{
        const LimnMark *x = a, *y = b;
        if (x->end != y->end)
                return x->end < y->end ? -1 : 1;
        return (x->literal > y->literal) - (x->literal < y->literal);
}

/* The search of libhs and the table that few bytes get find the same. Returns how much. */
static size_t assert_same_marks(const LimnRules *rules, LimnSlice bytes)
{
        LimnPrefilterScratch *scratch = limn_prefilter_scratch_new();
        const LimnPrefilterSet *set;
        LimnMarks many = {0}, few = {0};
        assert_non_null(scratch);
        assert_int_equal(limn_prefilter_set(rules->prefilter, NULL, &set), 0);
        assert_int_equal(limn_prefilter_scan(set, scratch, bytes, &many), 0);
        assert_int_equal(limn_prefilter_scan_few(rules->prefilter, bytes, &few), 0);
        for (size_t i = 1; i < few.n; i++)
                assert_true(few.at[i - 1].end <= few.at[i].end);
        assert_int_equal(many.n, few.n);
        if (few.n) {
                qsort(many.at, many.n, sizeof *many.at, by_place);
                qsort(few.at, few.n, sizeof *few.at, by_place);
        }
        for (size_t i = 0; i < few.n; i++)
                assert_int_equal(by_place(&many.at[i], &few.at[i]), 0);
        size_t n = few.n;
        free(many.at);
        free(few.at);
        limn_prefilter_scratch_free(scratch);
        return n;
}

/* All literals of the pack, in pieces: whole, cut short, run into each other, in capitals. */
static void test_few_bytes(void **state)
{
        LimnRules *rules = NULL;
        assert_int_equal(limn_rules_load(&rules, limn_pack, limn_pack_n, NULL), 0);
        LimnBuf text = LIMN_BUF(1 << 22);
        uint64_t seed = 7;
        size_t n = 0, marks = 0;
        for (uint32_t i = 0; i < rules->n_detections; i++) {
                const uint32_t *literals;
                size_t of = limn_prefilter_literals(rules->prefilter, i, &literals);
                for (size_t k = 0; k < of; k++, n++) {
                        LimnSlice s = limn_prefilter_literal(rules->prefilter, literals[k]);
                        size_t start = text.n;
                        limn_buf_add(&text, limn_slice_to(s, pick(&seed, 3) ? s.n
                                                                             : pick(&seed, s.n)));
                        if (pick(&seed, 3) == 0)
                                limn_buf_add_char(&text, " \\u@[_\xc3"[pick(&seed, 7)]);
                        for (char *c = text.p + start; pick(&seed, 2) && c < text.p + text.n; c++)
                                if (*c >= 'a' && *c <= 'z')
                                        *c = (char)(*c - 32);
                }
                if (i % 8 == 0)
                        marks += assert_same_marks(rules, limn_slice_from(limn_buf_slice(&text),
                                                                          text.n / 2));
        }
        marks += assert_same_marks(rules, limn_buf_slice(&text));
        for (size_t i = 0; i < 8; i++) /* shorter than a literal, and nothing */
                assert_same_marks(rules, limn_slice_to(limn_buf_slice(&text), i));
        assert_true(n > 300 && marks > n);
        limn_buf_done(&text);
        limn_rules_free(rules);
}

static void test_differential(void **state)
{
        uint64_t seed = 20261123;
        size_t hits = 0;
        for (size_t round = 0; round < CASES / 20; round++) {
                LimnBuf text = LIMN_BUF(1 << 20);
                for (size_t i = 0; i < 12; i++)
                        random_rule(&text, &seed, i);
                LimnRules *rules = load_rules(limn_buf_str(&text));
                LimnMatcher *with, *without;
                assert_int_equal(limn_matcher_new(&with, rules, true), 0);
                assert_int_equal(limn_matcher_new(&without, rules, false), 0);
                limn_matcher_expect(with, round % 2 ? UINT64_MAX : 1); /* by libhs, by the table */
                const LimnApplicable *a = limn_matcher_applicable(with, NULL, "test", NULL);
                const LimnApplicable *b = limn_matcher_applicable(without, NULL, "test", NULL);

                /* Twenty records as one segment, as the pipeline has them. */
                Record records[20];
                LimnBuf segment = LIMN_BUF(1 << 20);
                for (size_t i = 0; i < 20; i++) {
                        random_record(&records[i], &seed);
                        limn_buf_add(&segment, records[i].event.record);
                }
                LimnMarks marks = {0};
                assert_same_marks(rules, limn_buf_slice(&segment));
                assert_int_equal(limn_matcher_scan(with, a, limn_buf_slice(&segment), &marks), 0);
                size_t start = 0, m = 0;
                for (size_t i = 0; i < 20; i++) {
                        size_t end = start + records[i].event.record.n, first = m;
                        while (m < marks.n && marks.at[m].end <= end)
                                m++;
                        LimnBuf x = LIMN_BUF(4096), y = LIMN_BUF(4096);
                        limn_matcher_match(with, a, &records[i].event, marks.at + first, m - first,
                                           note, &x, NULL);
                        limn_matcher_match(without, b, &records[i].event, NULL, 0, note, &y, NULL);
                        if (strcmp(limn_buf_str(&x), limn_buf_str(&y)) != 0)
                                fail_msg("round %zu record %zu:%s instead of%s\n%s\n%s", round, i,
                                         limn_buf_str(&x), limn_buf_str(&y), records[i].raw,
                                         limn_buf_str(&text));
                        hits += x.n;
                        limn_buf_done(&x);
                        limn_buf_done(&y);
                        start = end;
                }
                free(marks.at);
                limn_buf_done(&segment);
                limn_matcher_free(with);
                limn_matcher_free(without);
                limn_rules_free(rules);
                limn_buf_done(&text);
        }
        /* The generator must make rules that are met, or the test says nothing. */
        assert_true(hits > 5000);
}

/* A random regex, and a text that it matches. */
typedef struct Grown {
        LimnBuf regex, text;
        uint64_t seed;
} Grown;

static void grow_word(Grown *g, bool *quantifiable)
{
        static const char letters[] = "abcdABCD._ -";
        size_t n = 1 + pick(&g->seed, 6);
        for (size_t i = 0; i < n; i++) {
                char c = letters[pick(&g->seed, sizeof letters - 1)];
                if (c == '.' || (c == '-' && pick(&g->seed, 2)))
                        limn_buf_add_char(&g->regex, '\\');
                limn_buf_add_char(&g->regex, c);
                limn_buf_add_char(&g->text, c);
        }
        *quantifiable = true;
}

static void grow(Grown *g, unsigned depth);

static void grow_atom(Grown *g, unsigned depth)
{
        static const struct {
                const char *regex, *text;
                bool quantifiable;
        } atoms[] = {
                {".", "#", true},          {"[abc]", "b", true},      {"[^x]", "]", true},
                {"[]a]", "]", true},       {"[[:alpha:]x]", "q", true}, {"[[.a]", ".", true},
                {"[a\\]b]", "]", true},  {"\\d", "7", true},      {"\\x41", "A", true},
                {"\\b", "", false},      {"^", "", false},          {"(?!zzzz)", "", false},
                {"(?<!zzzz)", "", false},  {"\\w+", "word", false}, {"\\p{Lu}", "Q", true},
                {"\\101", "A", true},    {"\\t", "\t", true},      {"(?=)", "", false},
                {"\\N", "n", true},      {"a{,", "a{,", false},     {"a{x}", "a{x}", false},
        };
        size_t kind = pick(&g->seed, depth ? 8 : 4);
        bool quantifiable = true;
        if (kind < 3) {
                grow_word(g, &quantifiable);
        } else if (kind == 3) {
                size_t i = pick(&g->seed, sizeof atoms / sizeof *atoms);
                limn_buf_add_str(&g->regex, atoms[i].regex);
                limn_buf_add_str(&g->text, atoms[i].text);
                quantifiable = atoms[i].quantifiable;
        } else {
                static const char *const opens[] = {"(", "(?:", "(?i:", "(?>"};
                size_t arms = 1 + pick(&g->seed, 3), taken = pick(&g->seed, arms);
                limn_buf_add_str(&g->regex, opens[pick(&g->seed, 4)]);
                for (size_t i = 0; i < arms; i++) {
                        size_t before = g->text.n;
                        if (i)
                                limn_buf_add_char(&g->regex, '|');
                        grow(g, depth - 1);
                        if (i != taken)
                                g->text.n = before; /* that arm was not the one taken */
                }
                limn_buf_add_char(&g->regex, ')');
        }
        static const char *const optional[] = {"*", "?", "{0,2}", "*?", "{0}", "?+"};
        static const char *const repeated[] = {"+", "{1,3}", "{2}", "+?", "{1,}"};
        size_t how = pick(&g->seed, 6);
        if (!quantifiable)
                return;
        if (how == 0)
                limn_buf_add_str(&g->regex, optional[pick(&g->seed, 6)]);
        else if (how == 1)
                limn_buf_add_str(&g->regex, repeated[pick(&g->seed, 5)]);
}

static void grow(Grown *g, unsigned depth)
{
        for (size_t i = 0, n = 1 + pick(&g->seed, 3); i < n; i++)
                grow_atom(g, depth);
}

static bool holds_one(const LimnLiterals *set, LimnSlice text)
{
        for (size_t i = 0; i < set->n; i++)
                if (limn_slice_find_nocase(text, set->at[i]) < text.n)
                        return true;
        return set->n == 0;
}

/* Whatever a regex matches holds one of its literals. */
static void test_regexes_are_sound(void **state)
{
        Grown g = {LIMN_BUF(1 << 16), LIMN_BUF(1 << 16), 42};
        LimnRegexScratch *scratch = limn_regex_scratch_new();
        LimnArena *arena = limn_arena_new(1 << 26);
        size_t matched = 0, with_literals = 0;
        for (size_t round = 0; round < 20000; round++) {
                LimnRegex *regex;
                LimnLiterals set;
                limn_buf_clear(&g.regex);
                limn_buf_clear(&g.text);
                limn_arena_reset(arena);
                grow(&g, 2);
                LimnSlice pattern = limn_buf_slice(&g.regex), text = limn_buf_slice(&g.text);
                if (limn_regex_new(&regex, pattern, 0, NULL) < 0)
                        continue;
                assert_int_equal(limn_literals_of_regex(&set, pattern, arena), 0);
                /* The text as grown, and with parts of it left out: optional parts need not be. */
                for (size_t i = 0; i < 4; i++) {
                        size_t from = text.n ? pick(&g.seed, text.n) : 0;
                        LimnSlice part = i == 0 ? text : limn_slice_from(text, from);
                        if (i == 3)
                                part = limn_slice_to(text, from);
                        if (limn_regex_match(regex, scratch, part) != LIMN_REGEX_YES)
                                continue;
                        matched++;
                        with_literals += set.n > 0;
                        if (!holds_one(&set, part)) {
                                LimnBuf out = LIMN_BUF(1 << 16);
                                for (size_t k = 0; k < set.n; k++)
                                        limn_buf_printf(&out, " [%.*s]", LIMN_FMT(set.at[k]));
                                fail_msg("%.*s matches \"%.*s\" without%s", LIMN_FMT(pattern),
                                         LIMN_FMT(part), limn_buf_str(&out));
                        }
                }
                limn_regex_free(regex);
        }
        assert_true(matched > 5000 && with_literals > 1000);
        limn_regex_scratch_free(scratch);
        limn_arena_free(arena);
        limn_buf_done(&g.regex);
        limn_buf_done(&g.text);
}

static void spell(const LimnLiterals *set, LimnBuf *out)
{
        for (size_t i = 0; i < set->n; i++)
                limn_buf_printf(out, "%s[%.*s]", i ? " " : "", LIMN_FMT(set->at[i]));
}

static void test_regexes(void **state)
{
        static const struct {
                const char *pattern, *literals;
        } rows[] = {
                {"Start binlog_dump", "[start binlog_dump]"},
                {"replica_server\\((?<id>\\d+)\\), pos", "[replica_server]"},
                {"server\\((?<id>\\d+)\\), pos", "[ pos]"}, /* `server` stands everywhere */
                {"abc", ""},
                {"abcd?ef", ""},
                {"abcde?fgh", "[abcd]"},
                {"abcde+fghi", "[abcde]"},
                {"abcde+fghij", "[efghij]"},
                {"(purged|missing)", "[missing] [purged]"},
                {"purged|", ""},
                {"(purged)?gone", "[gone]"},
                {"(purged)*", ""},
                {"(purged)+", "[purged]"},
                {"(purged){0,3}", ""},
                {"(purged){2}", "[purged]"},
                {"x{2}yyyy", "[xyyyy]"},
                {"[a]bcdef", "[bcdef]"},
                {"[]a]bcdef", "[bcdef]"},
                {"[[:alpha:]]word", "[word]"},
                {"[[.]word]", "[word]"},
                {"\\bword\\b next", "[word next]"},
                {"^word$", "[word]"},
                {"(?i)word", "[word]"},
                {"(?i:word)", "[word]"},
                {"(?x)wo rd", ""},
                {"(?=ahead)word", "[word]"},
                {"(?!never)", ""},
                {"(?<!never)word", "[word]"},
                {"(?<name>word)", "[word]"},
                {"(?P<name>word)", "[word]"},
                {"(?:one1|two2|three)", "[one1] [three] [two2]"},
                {"(?:one1|two)", ""},
                {"\\x41bcde", "[bcde]"},
                {"\\Qword\\E", ""},
                {"\\d+word", "[word]"},
                {"wo\\.rd", "[wo.rd]"},
                {"wo\\ rd", "[wo rd]"},
                {"caf\xc3\xa9s", "[caf\xc3\xa9s]"},
                {"line\\nfeed", "[line]"},
                {"(?#note)word", ""},
                {"(a(?1)?b)word", ""},
                {"word{,3}", ""},
                {"a{word}", "[word]"},
                {"error.*deadlock", "[deadlock]"},
        };
        LimnArena *arena = limn_arena_new(1 << 24);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                LimnLiterals set;
                LimnBuf out = LIMN_BUF(4096);
                assert_int_equal(
                        limn_literals_of_regex(&set, limn_slice_str(rows[i].pattern), arena), 0);
                spell(&set, &out);
                if (strcmp(limn_buf_str(&out), rows[i].literals) != 0)
                        fail_msg("%s: %s, not %s", rows[i].pattern, limn_buf_str(&out),
                                 rows[i].literals);
                limn_buf_done(&out);
        }
        limn_arena_free(arena);
}

static void test_choice(void **state)
{
        static const struct {
                const char *detection, *literals;
        } rows[] = {
                /* the example of rules/literal.h */
                {"{text: {message|contains: ['Start binlog_dump', 'binlog dump thread']}, "
                 "number: {message|re: 'replica_server\\((?<id>\\d+)\\), pos'}, other: {user: repl}, "
                 "condition: text and number and not other}",
                 "[binlog dump thread] [start binlog_dump]"},
                {"{s: {message|contains: 'error'}, condition: s}", "[error]"},
                {"{s: {message|contains: ['error', 'purgedx']}, condition: s}",
                 "[error] [purgedx]"},
                {"{s: {message|contains|all: ['error', 'purged']}, condition: s}", "[purged]"},
                {"{s: {level: error}, condition: s}", ""}, /* not in the bytes */
                {"{s: {code: MY-010914}, condition: s}", ""},
                {"{s: {n: 12345}, condition: s}", ""}, /* may be written 12345.0 */
                {"{s: {n: '12345'}, condition: s}", "[12345]"},
                {"{s: {message|contains: 'a*bcdef?gh'}, condition: s}", "[bcdef]"},
                {"{s: {message|contains: \"it's broken\"}, condition: s}", "[s broken]"},
                {"{a: {message: one1}, b: {message: two2}, condition: a or b}", "[one1] [two2]"},
                {"{a: {message: one1}, b: {n|gt: 5}, condition: a or b}", ""},
                {"{a: {message: one1}, b: {n|gt: 5}, condition: a and b}", "[one1]"},
                {"{a: [keyword, another], condition: a}", "[another] [keyword]"},
                {"{a: {'|all': [keyword, another1]}, condition: a}", "[another1]"},
                {"{a: {message: one1}, condition: not a}", ""},
                {"{a: {message|neq: one1}, condition: a}", ""},
        };
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                LimnBuf text = LIMN_BUF(4096), out = LIMN_BUF(4096);
                limn_buf_printf(&text, RULE_HEAD "detection: %s\n", rows[i].detection);
                LimnRules *rules = load_rules(limn_buf_str(&text));
                const uint32_t *at;
                size_t n = limn_prefilter_literals(rules->prefilter, 0, &at);
                for (size_t k = 0; k < n; k++)
                        limn_buf_printf(&out, "%s[%.*s]", k ? " " : "",
                                        LIMN_FMT(limn_prefilter_literal(rules->prefilter, at[k])));
                if (strcmp(limn_buf_str(&out), rows[i].literals) != 0)
                        fail_msg("%s: %s, not %s", rows[i].detection, limn_buf_str(&out),
                                 rows[i].literals);
                limn_rules_free(rules);
                limn_buf_done(&text);
                limn_buf_done(&out);
        }
}

static void test_marks(void **state)
{
        LimnRules *rules = load_rules(RULE_HEAD
                                      "detection: {s: {message|contains: [needle, edle]}, "
                                      "condition: s}\n");
        LimnMatcher *matcher;
        LimnMarks marks = {0};
        assert_int_equal(limn_matcher_new(&matcher, rules, true), 0);
        const LimnApplicable *all = limn_matcher_all(matcher);
        assert_int_equal(
                limn_matcher_scan(matcher, all, LIMN_S("NEEDLE \\u006e x\0y \\n"), &marks), 0);
        assert_int_equal(marks.n, 4);
        assert_int_equal(marks.at[0].end, 6); /* both literals end there */
        assert_int_equal(marks.at[1].end, 6);
        assert_int_equal(marks.at[2].end, 9);
        assert_int_equal(marks.at[2].literal, LIMN_LITERAL_ANY);
        assert_int_equal(marks.at[3].end, 16);
        assert_int_equal(marks.at[3].literal, LIMN_LITERAL_ANY);
        assert_int_equal(limn_matcher_scan(matcher, all, LIMN_S(""), &marks), 0);
        assert_int_equal(marks.n, 0);
        free(marks.at);
        limn_matcher_free(matcher);
        limn_rules_free(rules);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_regexes),
                cmocka_unit_test(test_regexes_are_sound),
                cmocka_unit_test(test_choice),
                cmocka_unit_test(test_marks),
                cmocka_unit_test(test_few_bytes),
                cmocka_unit_test(test_differential),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
