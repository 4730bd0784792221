/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tests of a detection: `match` and `nomatch`, each a list of
 *
 *      a text               one or several records, read by a format of the rule's logsource
 *      {line: text, fields: {name: value}}     and these must be fields of the hit (null: absent)
 *      {event: {name: value}, fields: {...}}   an event as it is, without a format
 *
 * A text is read by every format that the rule can get events from (or the one of `format:`); one
 * of them must meet `match`, none may meet `nomatch`. Each is matched with and without the
 * prefilter, which must agree.
 */
#include <errno.h>

#include "cli/rules_commands.h"
#include "core/frame.h"
#include "core/limits.h"
#include "parsers/registry.h"
#include "rules/matcher.h"

typedef struct Test {
        const LimnRules *rules;
        const LimnDetection *rule;
        LimnDiag *diag;
        LimnArena *arena;     /* of one test */
        LimnMatcher *with, *without; /* the prefilter */
        const LimnYaml *fields; /* expected, or NULL */
        bool met, fields_met, disagree;
        const LimnTestWatch *watch; /* NULL: nobody */
        size_t number;              /* of the test */
        bool should;
        size_t parsed;
        LimnBuf got; /* the fields of the last hit, for the message */
} Test;

typedef struct Hit {
        Test *test;
        bool met;
        bool watched;
} Hit;

static LimnSlice field_of(const LimnMatch *match, LimnSlice name)
{
        for (size_t i = 0; i < match->n_fields; i++)
                if (limn_slice_eq(match->fields[i].name, name))
                        return match->fields[i].value;
        return LIMN_NONE;
}

static bool fields_agree(const Test *t, const LimnMatch *match)
{
        for (const LimnYaml *want = t->fields ? t->fields->child : NULL; want; want = want->next) {
                LimnSlice have = field_of(match, want->key);
                bool absent = limn_yaml_is_null(want);
                if (absent ? have.p != NULL : !have.p || !limn_slice_eq(have, want->scalar))
                        return false;
        }
        return true;
}

static int on_match(void *arg, const LimnMatch *match)
{
        Hit *hit = arg;
        Test *t = hit->test;
        if (hit->watched)
                t->watch->match(t->watch->arg, match, t->number, t->should);
        if (match->rule != t->rule)
                return 0;
        hit->met = true;
        t->met = true;
        if (fields_agree(t, match))
                t->fields_met = true;
        limn_buf_clear(&t->got);
        for (size_t i = 0; i < match->n_fields; i++)
                limn_buf_printf(&t->got, "%s%.*s: \"%.*s\"", i ? ", " : "",
                                LIMN_FMT(match->fields[i].name), LIMN_FMT(match->fields[i].value));
        return 0;
}

static int run_event(Test *t, const LimnEvent *event, const LimnFormat *format)
{
        LimnMarks marks = {0};
        Hit with = {t, false, false}, without = {t, false, t->watch != NULL};
        const LimnApplicable *a =
                format ? limn_matcher_applicable(t->with, NULL, format->product, format->service)
                       : limn_matcher_all(t->with);
        const LimnApplicable *b =
                format ? limn_matcher_applicable(t->without, NULL, format->product, format->service)
                       : limn_matcher_all(t->without);
        int r = a && b ? 0 : -ENOMEM;
        if (t->watch)
                t->watch->event(t->watch->arg, event, t->number, t->should);
        if (r == 0 && event->record.p) {
                r = limn_matcher_scan(t->with, a, event->record, &marks);
                if (r == 0)
                        r = limn_matcher_match(t->with, a, event, marks.at, marks.n, on_match,
                                               &with, NULL);
        }
        if (r == 0)
                r = limn_matcher_match(t->without, b, event, NULL, 0, on_match, &without, NULL);
        if (event->record.p && with.met != without.met)
                t->disagree = true;
        free(marks.at);
        return r;
}

static bool reads(const Test *t, const LimnFormat *format, const LimnYaml *named)
{
        if (named)
                return limn_slice_eq(named->scalar, limn_slice_str(format->name));
        return (!t->rule->product.p ||
                limn_slice_eq(t->rule->product, limn_slice_str(format->product))) &&
               (!t->rule->service.p ||
                limn_slice_eq(t->rule->service, limn_slice_str(format->service)));
}

/* All records of the text, as a source of this format of its own. */
static int run_format(Test *t, LimnSlice text, const LimnFormat *format)
{
        _Alignas(max_align_t) char frame_state[LIMN_STATE_MAX] = {0};
        _Alignas(max_align_t) char parse_state[LIMN_STATE_MAX] = {0};
        LimnParse parse = {.arena = t->arena, .reference = LIMN_TIME_NONE, .state = parse_state};
        int r = 0;
        while (text.n && r >= 0) {
                size_t n = limn_frame_next(format, text, true, frame_state);
                LimnEvent event = {.record = limn_slice_to(text, n), .time = LIMN_TIME_NONE};
                r = format->parse(event.record, &parse, &event);
                t->parsed += r == LIMN_PARSED;
                if (r >= 0)
                        r = run_event(t, &event, format);
                text = limn_slice_from(text, n);
        }
        return r < 0 ? r : 0;
}

static int run_text(Test *t, LimnSlice text)
{
        const LimnYaml *named = limn_yaml_get(t->rule->meaning.tests, "format");
        int r = 0;
        for (size_t i = 0; i < limn_formats_n && r == 0; i++)
                if (reads(t, limn_formats[i], named))
                        r = run_format(t, text, limn_formats[i]);
        return r;
}

/* Names and values of a map, nested ones by dotted path. */
static int flatten(LimnFields *fields, LimnArena *arena, LimnSlice prefix, const LimnYaml *node)
{
        size_t number = 0;
        int r = 0;
        for (const LimnYaml *c = node->child; c && r == 0; c = c->next) {
                LimnBuf name = LIMN_BUF(LIMN_RULE_FILE_MAX);
                limn_buf_add(&name, prefix);
                if (prefix.n)
                        limn_buf_add_char(&name, '.');
                if (node->type == LIMN_YAML_LIST)
                        limn_buf_printf(&name, "%zu", number++);
                else
                        limn_buf_add(&name, c->key);
                LimnSlice path = name.error ? LIMN_NONE
                                            : limn_arena_dup(arena, limn_buf_slice(&name));
                limn_buf_done(&name);
                if (!path.p)
                        return -ENOMEM;
                r = c->type == LIMN_YAML_SCALAR
                            ? limn_fields_add(fields, arena, path,
                                              limn_yaml_is_null(c) ? LIMN_NONE : c->scalar)
                            : flatten(fields, arena, path, c);
        }
        return r;
}

static int run_map(Test *t, const LimnYaml *map)
{
        LimnFields fields = {0};
        LimnEvent event = {.time = LIMN_TIME_NONE};
        int r = flatten(&fields, t->arena, LIMN_NONE, map);
        if (r < 0)
                return r;
        limn_event_take_fields(&event, &fields);
        t->parsed++;
        return run_event(t, &event, NULL);
}

static int fail(Test *t, const LimnYaml *node, const char *help, const char *what)
{
        limn_yaml_error(t->rule->file, node, t->diag, help, "%.*s: %s", LIMN_FMT(t->rule->name),
                        what);
        return 1;
}

/* 1: the test failed, with an error. */
static int judge(Test *t, const LimnYaml *node, bool should)
{
        LimnBuf help = LIMN_BUF(LIMN_RULE_FILE_MAX);
        int r = 0;
        if (t->disagree) {
                r = fail(t, node, "report this: it is a defect of limn's",
                         "with and without the prefilter differ");
        } else if (should && !t->met) {
                r = fail(t, node,
                         t->parsed ? "limn rules show NAME prints what was understood"
                                   : "no format of the rule's logsource understands this record",
                         "should be met, and is not");
        } else if (!should && t->met) {
                r = fail(t, node, NULL, "must not be met, and is");
        } else if (should && !t->fields_met) {
                limn_buf_printf(&help, "the hit has {%s}", limn_buf_str(&t->got));
                r = fail(t, t->fields, limn_buf_str(&help), "the fields of the hit differ");
        }
        limn_buf_done(&help);
        return r;
}

static int run_test(Test *t, const LimnYaml *node, bool should)
{
        static const char *const known[] = {"line", "event", "fields", NULL};
        const LimnYaml *line = node, *event = NULL;
        limn_arena_reset(t->arena);
        t->met = t->fields_met = t->disagree = false;
        t->parsed = 0;
        t->fields = NULL;
        if (node->type == LIMN_YAML_MAP) {
                if (limn_yaml_known_keys(t->rule->file, node, known, t->diag) < 0)
                        return 1;
                line = limn_yaml_get(node, "line");
                event = limn_yaml_get(node, "event");
                t->fields = limn_yaml_get(node, "fields");
                if (!line == !event)
                        return fail(t, node, NULL, "a test has `line` or `event`");
        }
        if ((line && line->type != LIMN_YAML_SCALAR) || (event && event->type != LIMN_YAML_MAP) ||
            (t->fields && t->fields->type != LIMN_YAML_MAP))
                return fail(t, node, "a text, {line: ..., fields: {...}} or {event: {...}}",
                            "this is no test");
        int r = event ? run_map(t, event) : run_text(t, line->scalar);
        return r < 0 ? r : judge(t, node, should);
}

int limn_detection_test(const LimnRules *rules, const LimnDetection *rule,
                        const LimnTestWatch *watch, size_t *ret_run, size_t *ret_failed,
                        LimnDiag *diag)
{
        Test t = {.rules = rules, .rule = rule, .watch = watch, .diag = diag,
                  .arena = limn_arena_new(LIMN_RECORD_ARENA_MAX),
                  .got = LIMN_BUF(LIMN_RULE_FILE_MAX)};
        int r = t.arena ? limn_matcher_new(&t.with, rules, true) : -ENOMEM;
        if (r == 0)
                r = limn_matcher_new(&t.without, rules, false);
        for (int should = 1; should >= 0; should--) {
                const LimnYaml *list = limn_yaml_get(rule->meaning.tests,
                                                     should ? "match" : "nomatch");
                for (const LimnYaml *c = list ? list->child : NULL; c && r >= 0; c = c->next) {
                        t.should = should;
                        r = run_test(&t, c, should);
                        t.number++;
                        ++*ret_run;
                        *ret_failed += r > 0;
                }
        }
        limn_matcher_free(t.with);
        limn_matcher_free(t.without);
        limn_arena_free(t.arena);
        limn_buf_done(&t.got);
        return r < 0 ? r : 0;
}
