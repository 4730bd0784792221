/* SPDX-License-Identifier: Apache-2.0 */
/* limn explain --rule: the hits of a detection and why each is one, or how near it came; the
 * episode of a correlation, or the nearest there is to one, and what is missing. */
#include "cli/explain_rule.h"

#include <errno.h>
#include <stdio.h>

#include "cli/explain_rule_private.h"
#include "cli/open_case.h"
#include "cli/option_values.h"
#include "core/event_json.h"
#include "core/json_scan.h"
#include "core/limits.h"
#include "core/vec.h"
#include "parsers/registry.h"

static void add(LimnExplainRule *e, const char *text)
{
        limn_buf_add_str(&e->x.out, text);
}

/* rule, source_id, path, line, offset, t, uncertainty, instance_id, fields, event_id,
 * n */
static int read_hit(void *arg, const LimnValue *v, size_t n)
{
        LimnExplainRule *e = arg;
        const LimnDetection *d = limn_rules_detection(e->x.rules, v[0].s);
        LimnFields fields = {0};
        LimnJsonError error;
        LimnSlice json;
        size_t used;
        int r;

        if (!d || v[5].type != LIMN_VALUE_INT || v[5].i < e->from || v[5].i > e->to)
                return 0;
        json = limn_arena_dup(e->x.arena, v[8].s);
        if (!json.p || limn_vec_room(&e->hits) < 0 || limn_vec_room(&e->places) < 0)
                return -ENOMEM;
        r = limn_json_flatten(json, LIMN_S(""), e->x.arena, &fields, &used, &error);
        if (r < 0)
                return r;
        if (fields.n == 1 && fields.at[0].name.n == 0)
                fields.n = 0; /* {} */
        e->places.at[e->places.n++] = (LimnExplainPlace){.path = limn_arena_dup(e->x.arena, v[2].s),
                                                         .line = v[3].i,
                                                         .event_id = v[9].i,
                                                         .n = (size_t)v[10].i};
        e->hits.at[e->hits.n++] = (LimnHit){.id = (int64_t)e->places.n,
                                            .rule = d->index,
                                            .source = (uint32_t)v[1].i,
                                            .source_id = v[1].i,
                                            .offset = (uint64_t)v[4].i,
                                            .time = v[5].i,
                                            .uncertainty = v[6].i,
                                            .instance = v[7].type == LIMN_VALUE_INT ? v[7].i : 0,
                                            .fields = fields.at,
                                            .n_fields = fields.n};
        return 0;
}

/* format, instance_id, start, end */
static int read_covered(void *arg, const LimnValue *v, size_t n)
{
        LimnExplainRule *e = arg;
        char *name = limn_arena_str(e->x.arena, v[0].s);
        const LimnFormat *format = name ? limn_format_find(name) : NULL;

        if (!format)
                return 0;
        if (limn_vec_room(&e->covered) < 0)
                return -ENOMEM;
        e->covered.at[e->covered.n++] =
                (LimnCovered){.product = limn_slice_str(format->product),
                              .service = limn_slice_str(format->service),
                              .instance = v[1].type == LIMN_VALUE_INT ? v[1].i : 0,
                              .start = v[2].i,
                              .end = v[3].i};
        return 0;
}

void limn_explain_hit_line(LimnExplainRule *e, const LimnHit *hit, unsigned indent)
{
        const LimnExplainPlace *place = &e->places.at[hit->id - 1];

        limn_explain_indent(&e->x, indent);
        limn_explain_time(&e->x, hit->time);
        add(e, "  ");
        limn_explain_clean(&e->x, e->x.rules->detections[hit->rule].name);
        add(e, "  ");
        limn_explain_clean(&e->x, place->path);
        limn_buf_printf(&e->x.out, ":%lld", (long long)place->line);
        if (hit->uncertainty > 0) {
                add(e, "  (give or take ");
                limn_explain_duration(&e->x, hit->uncertainty);
                add(e, ")");
        }
        add(e, "\n");
}

/* The hit, its fields, and each condition that it met. */
static int print_hit(LimnExplainRule *e, const LimnHit *hit)
{
        limn_explain_hit_line(e, hit, 6);
        for (size_t i = 0; i < hit->n_fields; i++) {
                limn_explain_indent(&e->x, 8);
                limn_explain_clean(&e->x, hit->fields[i].name);
                add(e, " = ");
                if (limn_redact_is_secret_name(hit->fields[i].name))
                        add(e, LIMN_SECRET_MASK);
                else
                        limn_explain_quote(&e->x, hit->fields[i].value, LIMN_NONE);
                add(e, "\n");
        }
        return limn_explain_event(&e->x, &e->x.rules->detections[hit->rule],
                                  e->places.at[hit->id - 1].event_id, 8);
}

static void print_group(LimnExplainRule *e, const LimnField *group, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                add(e, i ? ", " : "    group ");
                limn_explain_clean(&e->x, group[i].name);
                add(e, " ");
                limn_explain_quote(&e->x, group[i].value, LIMN_NONE);
        }
        add(e, n ? "\n" : "");
}

/* From when to when, and how much of the timespan that is. */
static void print_window(LimnExplainRule *e, const LimnEpisode *ep)
{
        LimnDuration timespan = e->rule->timespan;

        add(e, "    window ");
        limn_explain_span(&e->x, ep->first, ep->last);
        limn_buf_printf(&e->x.out, ": %zu hit%s in ", ep->n_hits, ep->n_hits == 1 ? "" : "s");
        limn_explain_duration(&e->x, ep->last - ep->first);
        add(e, ", the timespan is ");
        limn_explain_duration(&e->x, timespan);
        limn_buf_printf(&e->x.out, " (%.3g %% of it)\n",
                        100 * (double)(ep->last - ep->first) / (double)timespan);
        if (ep->doubtful)
                add(e, "    in doubt: by the stamps there is none; the clocks could make it one\n");
        else if (ep->ambiguous)
                add(e, "    in doubt: the clocks could change it\n");
        if (ep->not_observable)
                add(e, "    not observable: a log that would show what must not be there was "
                       "missing\n");
}

static int keep_episode(LimnExplainRule *e, const LimnEpisode *ep)
{
        e->first = ep->first;
        e->last = ep->last;
        e->doubtful = ep->doubtful;
        e->group = limn_arena_new_of(e->x.arena, LimnField, ep->n_group + 1);
        if (!e->group)
                return -ENOMEM;
        e->n_group = ep->n_group;
        for (size_t i = 0; i < ep->n_group; i++)
                e->group[i] = (LimnField){ep->group[i].name,
                                          limn_arena_dup(e->x.arena, ep->group[i].value)};
        for (size_t i = 0; i < e->rule->n_rules; i++)
                for (size_t k = 0; k < ep->n_hits && !e->met[i]; k++)
                        e->met[i] = !e->rule->rules[i].is_correlation &&
                                    ep->hits[k]->rule == e->rule->rules[i].index;
        return 0;
}

static int on_episode(void *arg, const LimnEpisode *ep)
{
        LimnExplainRule *e = arg;
        int r;

        if (e->shown++)
                return 0;
        r = keep_episode(e, ep);
        print_group(e, ep->group, ep->n_group);
        print_window(e, ep);
        for (size_t i = 0; i < ep->n_hits && i < LIMN_EXPLAIN_HITS && r == 0; i++)
                r = print_hit(e, ep->hits[i]);
        if (ep->n_hits > LIMN_EXPLAIN_HITS)
                limn_buf_printf(&e->x.out, "      and %zu more\n", ep->n_hits - LIMN_EXPLAIN_HITS);
        return r;
}

size_t limn_explain_count(const LimnExplainRule *e, uint32_t detection)
{
        size_t n = 0;

        for (size_t i = 0; i < e->hits.n; i++)
                if (e->hits.at[i].rule == detection)
                        n += e->places.at[e->hits.at[i].id - 1].n;
        return n;
}

static void print_steps(LimnExplainRule *e)
{
        for (size_t i = 0; i < e->rule->n_rules; i++) {
                const LimnCorrelated *step = &e->rule->rules[i];

                add(e, "    ");
                limn_explain_clean(&e->x, step->name);
                if (step->is_correlation)
                        add(e, ": a correlation\n");
                else
                        limn_buf_printf(&e->x.out, ": %zu hits\n",
                                        limn_explain_count(e, step->index));
        }
}

int limn_explain_nearest_to(LimnExplainRule *e, const LimnDetection *d, unsigned indent)
{
        return limn_explain_nearest(&e->x, &d, 1, e->from == INT64_MIN ? LIMN_TIME_NONE : e->from,
                                    e->to == INT64_MAX ? LIMN_TIME_NONE : e->to, indent);
}

static void print_verdict(LimnExplainRule *e, const LimnNear *near)
{
        const LimnCorrelation *c = e->rule;

        switch (near->kind) {
        case LIMN_NEAR_FIRES:
                add(e, e->doubtful ? "  It fired, in doubt:\n" : "  It fired:\n");
                break;
        case LIMN_NEAR_FORBIDDEN:
                add(e, "  It did not fire: what must not be there was there. But for that:\n");
                break;
        case LIMN_NEAR_ORDER:
                add(e, "  It did not fire: all of it is there within the timespan, in another "
                       "order than the list's:\n");
                break;
        case LIMN_NEAR_WINDOW:
                add(e, "  It did not fire: all of it is there, within ");
                limn_explain_duration(&e->x, near->needed);
                add(e, "; the window was missed by ");
                limn_explain_duration(&e->x, near->needed - c->timespan);
                add(e, ". The nearest:\n");
                break;
        case LIMN_NEAR_NUMBER:
                add(e, "  It did not fire: the nearest window misses the condition by ");
                limn_amount_text(near->off, &e->x.out);
                add(e, ":\n");
                break;
        case LIMN_NEAR_STEPS:
                limn_buf_printf(&e->x.out,
                                "  It did not fire: %zu of %zu steps are there. The nearest:\n",
                                c->alternatives[near->way].n_with - near->n_missing,
                                c->alternatives[near->way].n_with);
                break;
        case LIMN_NEAR_UNCOVERED:
                add(e, "  It could not be observed: there is no stretch of the timespan's length "
                       "in which all of its logs were there.\n");
                break;
        case LIMN_NEAR_NOTHING:
                add(e, "  It did not fire, nor any part of it.\n");
                break;
        }
}

static int explain_correlation(LimnExplainRule *e)
{
        LimnNear near;
        LimnBuf head, body;
        int r;

        add(e, "  condition  ");
        add(e, e->rule->type->name);
        add(e, " ");
        limn_corr_condition_text(e->rule, &e->x.out);
        add(e, " within ");
        limn_explain_duration(&e->x, e->rule->timespan);
        add(e, "\n");
        print_steps(e);
        e->met = limn_arena_new_of(e->x.arena, bool, e->rule->n_rules + 1);
        if (!e->met)
                return -ENOMEM;
        /* What it came to is known behind the episodes, and stands before them. */
        head = e->x.out;
        e->x.out = LIMN_BUF(LIMN_OUTPUT_MAX);
        r = limn_near(e->x.rules, e->rule, e->hits.at, e->hits.n, e->covered.at, e->covered.n,
                      &near, on_episode, e);
        body = e->x.out;
        e->x.out = head;
        print_verdict(e, &near);
        limn_buf_add(&e->x.out, limn_buf_slice(&body));
        if (e->shown > 1)
                limn_buf_printf(&e->x.out, "    and %zu more like it\n", e->shown - 1);
        limn_buf_done(&body);
        return r ? r : limn_explain_lacking(e, &near);
}

static int explain_detection(LimnExplainRule *e, const LimnDetection *d)
{
        size_t n = limn_explain_count(e, d->index), shown = 0;
        int r = 0;

        limn_buf_printf(&e->x.out, "  %zu hit%s%s\n", n, n == 1 ? "" : "s", n ? ":" : "");
        for (size_t i = 0; i < e->hits.n && shown < LIMN_EXPLAIN_HITS && r == 0; i++)
                if (e->hits.at[i].rule == d->index) {
                        r = print_hit(e, &e->hits.at[i]);
                        shown++;
                }
        if (n > shown)
                limn_buf_printf(&e->x.out, "      and %zu more\n", n - shown);
        if (n == 0)
                r = limn_explain_nearest_to(e, d, 2);
        return r;
}

static int load(LimnExplainRule *e)
{
        const LimnQuery *query = &e->x.query;
        int r = query->run(query->ctx,
                           "SELECT v.rule, v.source_id, v.path, v.line, v.offset, v.t,"
                           " v.uncertainty, v.instance_id, v.fields, h.event_id, v.n"
                           " FROM v_hit v JOIN hit h USING (hit_id)"
                           " ORDER BY v.t, v.sha256, v.offset, v.rule",
                           NULL, 0, read_hit, e, e->x.cli->diag);

        if (r >= 0)
                r = query->run(query->ctx,
                               "SELECT format, instance_id, start, \"end\" FROM v_coverage", NULL,
                               0, read_covered, e, e->x.cli->diag);
        if (r >= 0 && e->hits.n)
                qsort(e->hits.at, e->hits.n, sizeof *e->hits.at, limn_hit_cmp);
        return r;
}

int limn_explain_rule(LimnCli *cli, const LimnRules *rules)
{
        LimnSlice name = limn_slice_str(limn_cli_get(cli, LIMN_OPT_RULE));
        const LimnDetection *d = limn_rules_detection(rules, name);
        LimnExplainRule e = {.rule = d ? NULL : limn_rules_correlation(rules, name),
                     .from = INT64_MIN,
                     .to = INT64_MAX};
        int status, r;

        if (!d && !e.rule) {
                limn_diag_addf(cli->diag,
                               &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                              .help = "limn rules list names them"},
                               "no rule is called `%.*s`", LIMN_FMT(name));
                return LIMN_EXIT_USAGE;
        }
        status = limn_option_time(cli, LIMN_OPT_FROM, "from", &e.from);
        status = status ? status : limn_option_time(cli, LIMN_OPT_TO, "to", &e.to);
        if (status)
                return status;
        status = limn_explain_open(&e.x, cli, rules);
        if (status == LIMN_EXIT_OK) {
                r = load(&e);
                limn_explain_clean(&e.x, d ? d->name : e.rule->name);
                add(&e, "  ");
                limn_explain_clean(&e.x, d ? d->title : e.rule->title);
                add(&e, "\n");
                if (r >= 0)
                        r = d ? explain_detection(&e, d) : explain_correlation(&e);
                if (r >= 0)
                        fwrite(limn_buf_str(&e.x.out), 1, e.x.out.n, stdout);
                status = r < 0 ? limn_case_exit(r) : LIMN_EXIT_OK;
        }
        free(e.hits.at);
        free(e.places.at);
        free(e.covered.at);
        limn_explain_done(&e.x);
        return status;
}
