/* SPDX-License-Identifier: Apache-2.0 */
/* limn explain: one term of a finding. Met: each piece with the conditions of its record. Not met:
 * the nearest hit, or record. Not observable: which logs were there, and when. */
#include <errno.h>

#include "cli/explain.h"
#include "core/json_scan.h"
#include "core/limits.h"
#include "rules/correlation.h"
#include "rules/diagnosis.h"

typedef struct Term {
        LimnExplain *x;
        const LimnExplainedTerm *t;
        const LimnTerm *term;
        size_t pieces, listed;
        bool any; /* hits of any rule, where a question names none of the record's */
        bool unobserved, points;
} Term;

static void add(Term *t, const char *text)
{
        limn_buf_add_str(&t->x->out, text);
}

static const char *kind_text(LimnTermKind kind)
{
        switch (kind) {
        case LIMN_TERM_RULE:
                return "hits of";
        case LIMN_TERM_EPISODE:
                return "episodes of";
        case LIMN_TERM_ABSENCE:
                return "no hits of";
        case LIMN_TERM_SQL:
                break;
        }
        return "a question to the case";
}

static void print_asked(Term *t)
{
        const LimnTerm *term = t->term;

        add(t, "          asks for: ");
        add(t, kind_text(term->kind));
        for (size_t i = 0; i < term->n_names; i++) {
                add(t, i ? ", " : " ");
                limn_explain_clean(t->x, term->names[i]);
        }
        if (term->at_least > 1)
                limn_buf_printf(&t->x->out, "; at least %zu", term->at_least);
        if (term->n_needs)
                add(t, "; needs a log that covers the incident:");
        for (size_t i = 0; i < term->n_needs; i++) {
                add(t, " ");
                limn_explain_clean(t->x, term->needs[i]);
        }
        add(t, "\n");
}

static bool is_named(const LimnRules *rules, const LimnCorrelation *c, LimnSlice detection)
{
        for (size_t i = 0; i < c->n_rules; i++)
                if (c->rules[i].is_correlation
                            ? is_named(rules, rules->correlations[c->rules[i].index], detection)
                            : limn_slice_eq(rules->detections[c->rules[i].index].name, detection))
                        return true;
        return false;
}

/* Does a question to the case name this rule, in quotes? */
static bool asks_for(const LimnTerm *term, LimnSlice rule)
{
        LimnSlice rest = term->sql;

        for (;;) {
                size_t at = limn_slice_find(rest, rule);

                if (at >= rest.n)
                        return false;
                if (at && rest.p[at - 1] == '\'' && at + rule.n < rest.n &&
                    rest.p[at + rule.n] == '\'')
                        return true;
                rest = limn_slice_from(rest, at + 1);
        }
}

/* Does a hit of this detection feed the term? */
static bool feeds(const Term *t, LimnSlice detection)
{
        bool any = t->any;

        if (t->term->kind == LIMN_TERM_SQL)
                return any || asks_for(t->term, detection);
        for (size_t i = 0; i < t->term->n_names && !any; i++) {
                const LimnCorrelation *c =
                        t->term->kind == LIMN_TERM_EPISODE
                                ? limn_rules_correlation(t->x->rules, t->term->names[i])
                                : NULL;

                any = c ? is_named(t->x->rules, c, detection)
                        : limn_slice_eq(t->term->names[i], detection);
        }
        return any;
}

/* -- what met it --------------------------------------------------------------------------- */

/* rule, event_id */
static int print_hit(void *arg, const LimnValue *v, size_t n)
{
        Term *t = arg;
        const LimnDetection *d = limn_rules_detection(t->x->rules, v[0].s);

        if (!d || !feeds(t, d->name))
                return 0;
        t->listed++;
        add(t, "            ");
        limn_explain_clean(t->x, d->name);
        add(t, "\n");
        return limn_explain_event(t->x, d, v[1].i, 14);
}

static int print_hits(Term *t, int64_t source, int64_t offset)
{
        const LimnParam params[] = {{":source", LIMN_VALUE_OF_INT(source)},
                                    {":offset", LIMN_VALUE_OF_INT(offset)}};

        t->listed = 0;
        return t->x->query.run(t->x->query.ctx,
                               "SELECT r.name, h.event_id FROM hit h JOIN rule r USING (rule_id)"
                               " WHERE h.source_id = :source AND h.offset = :offset"
                               " ORDER BY r.name",
                               params, 2, print_hit, t, t->x->cli->diag);
}

/* sign, points, sentence, path, line, source_id, offset */
static int print_piece(void *arg, const LimnValue *v, size_t n)
{
        Term *t = arg;
        LimnExplain *x = t->x;

        t->pieces++;
        t->unobserved |= limn_slice_eq(v[0].s, LIMN_S("unobserved"));
        t->points |= v[1].d > 0;
        if (limn_slice_eq(v[0].s, LIMN_S("unobserved")))
                return limn_buf_add_str(&x->out, "          could not be observed\n");
        add(t, "          ");
        limn_explain_clean(x, v[2].s);
        if (v[3].type != LIMN_VALUE_TEXT)
                return limn_buf_add_str(&x->out, "\n");
        add(t, "  [");
        limn_explain_clean(x, v[3].s);
        limn_buf_printf(&x->out, ":%lld]\n", (long long)v[4].i);
        int r = print_hits(t, v[5].i, v[6].i);
        if (r == 0 && t->listed == 0) {
                t->any = true;
                r = print_hits(t, v[5].i, v[6].i);
                t->any = false;
        }
        return r;
}

/* rule, first, last, group, ambiguous, not_observable, hits */
static int print_episode(void *arg, const LimnValue *v, size_t n)
{
        Term *t = arg;
        LimnExplain *x = t->x;
        const LimnCorrelation *c = limn_rules_correlation(x->rules, v[0].s);

        if (t->listed++ >= LIMN_EVIDENCE_PER_TERM_MAX)
                return 0;
        add(t, "          episode of ");
        limn_explain_clean(x, v[0].s);
        if (v[3].s.n > 2) {
                add(t, " ");
                limn_explain_clean(x, v[3].s);
        }
        add(t, ": ");
        limn_explain_span(x, v[1].i, v[2].i);
        limn_buf_printf(&x->out, ", %lld hits in ", (long long)v[6].i);
        limn_explain_duration(x, v[2].i - v[1].i);
        if (c) {
                add(t, " of ");
                limn_explain_duration(x, c->timespan);
        }
        add(t, v[4].i ? ", in doubt" : "");
        add(t, v[5].i ? ", not observable" : "");
        return limn_buf_add_str(&x->out, "\n");
}

/* -- what did not ------------------------------------------------------------------------- */

static void names_json(const LimnSlice *names, size_t n, LimnBuf *out)
{
        limn_buf_clear(out);
        limn_buf_add_char(out, '[');
        for (size_t i = 0; i < n; i++) {
                if (i)
                        limn_buf_add_char(out, ',');
                limn_json_quote(out, names[i]);
        }
        limn_buf_add_char(out, ']');
}

/* :names and the term's window, open where it is unlimited. */
static size_t window(const Term *t, LimnSlice names, LimnParam params[3])
{
        LimnTime from = INT64_MIN + 1, to = INT64_MAX;

        if (t->t->start != LIMN_TIME_NONE && t->term->before != LIMN_TIME_NONE)
                from = t->t->start - t->term->before;
        if (t->t->end != LIMN_TIME_NONE && t->term->after != LIMN_TIME_NONE)
                to = t->t->end + t->term->after;
        params[0] = (LimnParam){":names", LIMN_VALUE_OF_TEXT(names)};
        params[1] = (LimnParam){":from", LIMN_VALUE_OF_INT(from)};
        params[2] = (LimnParam){":to", LIMN_VALUE_OF_INT(to)};
        return 3;
}

/* rule, path, line, t, before, behind */
static int print_near_hit(void *arg, const LimnValue *v, size_t n)
{
        Term *t = arg;
        LimnExplain *x = t->x;

        t->listed++;
        add(t, "          the nearest hit, of ");
        limn_explain_clean(x, v[0].s);
        add(t, ", ");
        if (v[3].type != LIMN_VALUE_INT) {
                add(t, "has no time");
        } else if (v[4].i > 0 || v[5].i > 0) {
                add(t, "misses the window by ");
                limn_explain_duration(x, v[4].i > 0 ? v[4].i : v[5].i);
        } else {
                add(t, "lies within the window, but agrees in too little, or is one of too few");
        }
        add(t, "  [");
        limn_explain_clean(x, v[1].s);
        return limn_buf_printf(&x->out, ":%lld]\n", (long long)v[2].i);
}

static int nearest_hit(Term *t, LimnSlice names)
{
        LimnExplain *x = t->x;
        LimnParam params[3];
        size_t n = window(t, names, params);

        t->listed = 0;
        return x->query.run(x->query.ctx,
                            "SELECT rule, path, line, t, :from - t AS early, t - :to AS late"
                            " FROM v_hit WHERE rule IN (SELECT value FROM json_each(:names))"
                            " ORDER BY t IS NULL, max(early, late, 0), t, sha256, offset LIMIT 1",
                            params, n, print_near_hit, t, x->cli->diag);
}

/* The detections that the term asks for, directly or in its question. NULL: no memory. */
static const LimnDetection **asked_rules(Term *t, size_t *ret)
{
        const LimnRules *rules = t->x->rules;
        const LimnDetection **all =
                limn_arena_new_of(t->x->arena, const LimnDetection *, rules->n_detections + 1);

        *ret = 0;
        for (size_t i = 0; i < rules->n_detections && all; i++)
                if (feeds(t, rules->detections[i].name))
                        all[(*ret)++] = &rules->detections[i];
        return all;
}

static int take_count(void *arg, const LimnValue *v, size_t n)
{
        *(int64_t *)arg = v[0].i;
        return 0;
}

/* What a question reads: how many hits there are of each rule that it names. */
static int print_reads(Term *t, const LimnDetection *const *rules, size_t n, int64_t *ret)
{
        int r = 0;

        *ret = 0;
        for (size_t i = 0; i < n && r == 0; i++) {
                const LimnParam param = {":rule", LIMN_VALUE_OF_TEXT(rules[i]->name)};
                int64_t hits = 0;

                r = t->x->query.run(t->x->query.ctx,
                                    "SELECT coalesce(sum(n), 0) FROM v_hit WHERE rule = :rule", &param, 1,
                                    take_count, &hits, t->x->cli->diag);
                add(t, i ? ", " : "          reads hits of ");
                limn_explain_clean(t->x, rules[i]->name);
                limn_buf_printf(&t->x->out, " (%lld)", (long long)hits);
                *ret += hits;
        }
        add(t, n ? "\n" : "");
        return r;
}

/* Without any hit: the nearest record, of a finding that was not made. */
static int nearest_record(Term *t)
{
        size_t n;
        int64_t hits = 0;
        const LimnDetection **rules = asked_rules(t, &n);
        int r = rules ? 0 : -ENOMEM;

        if (r == 0 && t->term->kind == LIMN_TERM_SQL)
                r = print_reads(t, rules, n, &hits);
        if (r < 0 || hits > 0 || t->t->incident)
                return r;
        return limn_explain_nearest(t->x, rules, n, LIMN_TIME_NONE, LIMN_TIME_NONE, 10);
}

/* path, format, start, end */
static int print_log(void *arg, const LimnValue *v, size_t n)
{
        Term *t = arg;
        LimnExplain *x = t->x;

        if (t->listed++ >= LIMN_EXPLAIN_HITS)
                return 0;
        add(t, "            ");
        limn_explain_clean(x, v[0].s);
        add(t, " (");
        limn_explain_clean(x, v[1].s);
        add(t, "): ");
        limn_explain_span(x, v[2].i, v[3].i);
        return limn_buf_add_str(&x->out, "\n");
}

/* What is there of the logs that it needs, and what they would have had to cover. */
static int print_needed(Term *t)
{
        LimnExplain *x = t->x;
        int r;

        if (t->t->start != LIMN_TIME_NONE) {
                add(t, "          to be covered: ");
                limn_explain_span(x, t->t->start, t->t->end);
                add(t, "; ");
        } else {
                add(t, "          ");
        }
        add(t, "the logs there are of these kinds:\n");
        names_json(t->term->needs, t->term->n_needs, &x->text);
        LimnSlice names = limn_arena_dup(x->arena, limn_buf_slice(&x->text));
        const LimnParam params[] = {{":names", LIMN_VALUE_OF_TEXT(names)}};
        if (!names.p)
                return -ENOMEM;
        t->listed = 0;
        r = x->query.run(x->query.ctx,
                         "SELECT path, format, start, \"end\" FROM v_coverage"
                         " WHERE substr(format, instr(format, '+') + 1)"
                         " IN (SELECT value FROM json_each(:names))"
                         " AND coalesce(role, 'unknown') NOT IN ('replica', 'target')"
                         " ORDER BY start, path, \"end\"",
                         params, 1, print_log, t, x->cli->diag);
        if (r >= 0 && t->listed == 0)
                add(t, "            none\n");
        if (t->listed > LIMN_EXPLAIN_HITS)
                limn_buf_printf(&x->out, "            and %zu more\n",
                                t->listed - LIMN_EXPLAIN_HITS);
        return r < 0 ? r : 0;
}

static int print_unmet(Term *t, LimnSlice names)
{
        int r = 0;

        if (!t->unobserved)
                add(t, "          not met\n");
        if (t->term->kind == LIMN_TERM_RULE) {
                r = nearest_hit(t, names);
                if (r == 0 && t->listed == 0 && t->t->incident == 0)
                        r = nearest_record(t);
                else if (r == 0 && t->listed == 0)
                        add(t, "          no such hit in the whole case\n");
        } else if (t->term->kind == LIMN_TERM_SQL) {
                r = nearest_record(t);
        } else if (t->term->kind == LIMN_TERM_EPISODE) {
                for (size_t i = 0; i < t->term->n_names; i++) {
                        add(t, "          how near it came: limn explain --rule ");
                        limn_explain_clean(t->x, t->term->names[i]);
                        add(t, "\n");
                }
        }
        if (r == 0 && t->term->n_needs && (t->unobserved || t->t->incident == 0))
                r = print_needed(t);
        return r;
}

int limn_explain_term(LimnExplain *x, const LimnExplainedTerm *explained)
{
        Term t = {.x = x, .t = explained, .term = explained->term};
        LimnSlice cause = explained->cause, names;
        LimnParam window_params[3];
        const LimnParam params[] = {
                {":incident", LIMN_VALUE_OF_INT(explained->incident)},
                {":cause",
                 cause.p ? LIMN_VALUE_OF_TEXT(cause) : (LimnValue){.type = LIMN_VALUE_NULL}},
                {":term", LIMN_VALUE_OF_TEXT(t.term->name)},
        };
        int r;

        names_json(t.term->names, t.term->n_names, &x->text);
        names = limn_arena_dup(x->arena, limn_buf_slice(&x->text));
        if (!names.p)
                return -ENOMEM;
        limn_buf_printf(&x->out, "      %c%-2.0f ", explained->sign, t.term->points);
        limn_explain_clean(x, t.term->name);
        add(&t, "\n");
        print_asked(&t);
        r = x->query.run(
                x->query.ctx,
                "SELECT e.sign, e.points, e.sentence, s.path, e.line, e.source_id, e.offset"
                " FROM evidence e LEFT JOIN source s USING (source_id)"
                " WHERE e.incident_id = :incident AND e.cause IS :cause"
                " AND e.term = :term ORDER BY e.evidence_id",
                params, 3, print_piece, &t, x->cli->diag);
        t.listed = 0;
        if (r == 0 && t.pieces && t.term->kind == LIMN_TERM_EPISODE && !t.unobserved)
                r = x->query.run(x->query.ctx,
                                 "SELECT rule, first, last, \"group\", ambiguous, not_observable,"
                                 " (SELECT count(*) FROM episode_hit h"
                                 " WHERE h.episode_id = e.episode_id)"
                                 " FROM v_episode e WHERE rule IN (SELECT value FROM"
                                 " json_each(:names)) AND last >= :from AND first <= :to"
                                 " ORDER BY ambiguous, first, last, episode_id",
                                 window_params, window(&t, names, window_params), print_episode, &t,
                                 x->cli->diag);
        if (r == 0 && t.pieces && !t.points && !t.unobserved && t.term->points > 0)
                add(&t, "          in doubt, so no points are counted\n");
        if (r == 0 && (t.pieces == 0 || t.unobserved))
                r = print_unmet(&t, names);
        return r < 0 ? r : 0;
}
