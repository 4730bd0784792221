/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/explain_rule.h"

#include <errno.h>
#include <stdio.h>

#include "cli/open_case.h"
#include "core/event_json.h"
#include "core/json_scan.h"
#include "core/limits.h"
#include "core/printable.h"
#include "core/vec.h"
#include "parsers/registry.h"
#include "rules/near.h"

/* Hits of an episode that are printed one by one. */
#define HITS_SHOWN 20

typedef struct Place {
        LimnSlice path;
        int64_t line;
} Place;

typedef struct Explain {
        LimnCli *cli;
        const LimnRules *rules;
        const LimnCorrelation *rule;
        LimnArena *arena;
        LimnTime from, to;
        struct {
                LimnHit *at;
                size_t n, cap;
        } hits;
        struct {
                Place *at;
                size_t n, cap;
        } places; /* by LimnHit.id - 1 */
        struct {
                LimnCovered *at;
                size_t n, cap;
        } covered;
        size_t shown;
        LimnBuf out;
} Explain;

static void clean(Explain *x, LimnSlice text)
{
        limn_printable(text, &x->out);
}

static void duration(Explain *x, LimnDuration d)
{
        limn_buf_printf(&x->out, "%.6g s", (double)d / 1e6);
}

static void time_text(Explain *x, LimnTime t)
{
        char text[LIMN_TIME_ISO_MAX];

        limn_buf_add_str(&x->out, limn_time_iso_str(t, text));
}

/* rule, source_id, path, line, offset, t, uncertainty, instance_id, fields */
static int read_hit(void *arg, const LimnValue *v, size_t n)
{
        Explain *x = arg;
        const LimnDetection *d = limn_rules_detection(x->rules, v[0].s);
        LimnFields fields = {0};
        LimnJsonError error;
        LimnSlice json;
        size_t used;
        int r;

        if (!d || v[5].type != LIMN_VALUE_INT || v[5].i < x->from || v[5].i > x->to)
                return 0;
        json = limn_arena_dup(x->arena, v[8].s);
        if (!json.p || limn_vec_room(&x->hits) < 0 || limn_vec_room(&x->places) < 0)
                return -ENOMEM;
        r = limn_json_flatten(json, LIMN_S(""), x->arena, &fields, &used, &error);
        if (r < 0)
                return r;
        if (fields.n == 1 && fields.at[0].name.n == 0)
                fields.n = 0; /* {} */
        x->places.at[x->places.n++] = (Place){limn_arena_dup(x->arena, v[2].s), v[3].i};
        x->hits.at[x->hits.n++] = (LimnHit){.id = (int64_t)x->places.n,
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
        Explain *x = arg;
        char *name = limn_arena_str(x->arena, v[0].s);
        const LimnFormat *format = name ? limn_format_find(name) : NULL;

        if (!format)
                return 0;
        if (limn_vec_room(&x->covered) < 0)
                return -ENOMEM;
        x->covered.at[x->covered.n++] =
                (LimnCovered){.product = limn_slice_str(format->product),
                              .service = limn_slice_str(format->service),
                              .instance = v[1].type == LIMN_VALUE_INT ? v[1].i : 0,
                              .start = v[2].i,
                              .end = v[3].i};
        return 0;
}

static void print_hit(Explain *x, const LimnHit *hit)
{
        const Place *place = &x->places.at[hit->id - 1];

        limn_buf_add_str(&x->out, "      ");
        time_text(x, hit->time);
        limn_buf_add_str(&x->out, "  ");
        clean(x, x->rules->detections[hit->rule].name);
        limn_buf_add_str(&x->out, "  ");
        clean(x, place->path);
        limn_buf_printf(&x->out, ":%lld\n", (long long)place->line);
        for (size_t i = 0; i < hit->n_fields; i++) {
                limn_buf_add_str(&x->out, "        ");
                clean(x, hit->fields[i].name);
                limn_buf_add_str(&x->out, " = ");
                clean(x, hit->fields[i].value);
                limn_buf_add_char(&x->out, '\n');
        }
}

static int print_episode(void *arg, const LimnEpisode *e)
{
        Explain *x = arg;

        limn_buf_add_str(&x->out, "    from ");
        time_text(x, e->first);
        limn_buf_add_str(&x->out, " to ");
        time_text(x, e->last);
        limn_buf_printf(&x->out, ", %zu hits", e->n_hits);
        for (size_t i = 0; i < e->n_group; i++) {
                limn_buf_add_str(&x->out, ", ");
                clean(x, e->group[i].name);
                limn_buf_add_str(&x->out, " ");
                clean(x, e->group[i].value);
        }
        limn_buf_add_str(&x->out, e->ambiguous ? "; the clocks' uncertainty could change it" : "");
        limn_buf_add_str(&x->out, e->not_observable
                                          ? "; not observable: a log that would show what must "
                                            "not be there was missing"
                                          : "");
        limn_buf_add_char(&x->out, '\n');
        for (size_t i = 0; i < e->n_hits && i < HITS_SHOWN; i++)
                print_hit(x, e->hits[i]);
        if (e->n_hits > HITS_SHOWN)
                limn_buf_printf(&x->out, "      and %zu more\n", e->n_hits - HITS_SHOWN);
        return 0;
}

static int keep_episode(void *arg, const LimnEpisode *e)
{
        Explain *x = arg;

        return x->shown++ ? 0 : print_episode(x, e);
}

static size_t count_hits(const Explain *x, uint32_t detection)
{
        size_t n = 0;

        for (size_t i = 0; i < x->hits.n; i++)
                n += x->hits.at[i].rule == detection;
        return n;
}

static void print_steps(Explain *x)
{
        for (size_t i = 0; i < x->rule->n_rules; i++) {
                const LimnCorrelated *step = &x->rule->rules[i];

                limn_buf_add_str(&x->out, "    ");
                clean(x, step->name);
                if (step->is_correlation)
                        limn_buf_add_str(&x->out, ": a correlation\n");
                else
                        limn_buf_printf(&x->out, ": %zu hits\n", count_hits(x, step->index));
        }
}

static void print_verdict(Explain *x, const LimnNear *near)
{
        const LimnCorrelation *c = x->rule;

        switch (near->kind) {
        case LIMN_NEAR_FIRES:
                limn_buf_add_str(&x->out, "  It fired:\n");
                break;
        case LIMN_NEAR_FORBIDDEN:
                limn_buf_add_str(&x->out, "  It did not fire: what must not be there was there. "
                                          "But for that:\n");
                break;
        case LIMN_NEAR_WINDOW:
                limn_buf_add_str(&x->out, "  It did not fire: all of it is there, within ");
                duration(x, near->needed);
                limn_buf_add_str(&x->out, "; the window was missed by ");
                duration(x, near->needed - c->timespan);
                limn_buf_add_str(&x->out, ". The nearest:\n");
                break;
        case LIMN_NEAR_FEWER:
                limn_buf_printf(&x->out, "  It did not fire: the most in one window is %lld. "
                                         "The nearest:\n",
                                near->most);
                break;
        case LIMN_NEAR_STEPS:
                limn_buf_printf(&x->out, "  It did not fire: the first %lld steps are there, and "
                                         "then no ",
                                near->most);
                clean(x, c->rules[c->alternatives[0].with[near->most]].name);
                limn_buf_add_str(&x->out, " behind them. The nearest:\n");
                break;
        case LIMN_NEAR_NOTHING:
                if (c->type->ordered) {
                        limn_buf_add_str(&x->out, "  It did not fire: there is no ");
                        clean(x, c->rules[c->alternatives[0].with[0]].name);
                        limn_buf_add_str(&x->out, " to begin with.\n");
                        break;
                }
                limn_buf_add_str(&x->out, c->whole || c->type->numbers
                                                  ? "  It did not fire.\n"
                                                  : "  It did not fire, nor any part of it.\n");
                break;
        }
}

static int explain_correlation(Explain *x)
{
        LimnNear near;
        LimnBuf head = x->out, body;
        int r;

        limn_buf_add_str(&x->out, "  condition  ");
        limn_buf_add_str(&x->out, x->rule->type->name);
        limn_buf_add_char(&x->out, ' ');
        limn_corr_condition_text(x->rule, &x->out);
        limn_buf_add_str(&x->out, " within ");
        duration(x, x->rule->timespan);
        limn_buf_add_char(&x->out, '\n');
        print_steps(x);
        /* What it came to is known behind the episodes, and stands before them. */
        head = x->out;
        x->out = LIMN_BUF(LIMN_OUTPUT_MAX);
        r = limn_near(x->rules, x->rule, x->hits.at, x->hits.n, x->covered.at, x->covered.n, &near,
                      keep_episode, x);
        body = x->out;
        x->out = head;
        print_verdict(x, &near);
        limn_buf_add(&x->out, limn_buf_slice(&body));
        if (x->shown > 1)
                limn_buf_printf(&x->out, "    and %zu more like it\n", x->shown - 1);
        limn_buf_done(&body);
        return r;
}

static int explain_detection(Explain *x, const LimnDetection *d)
{
        size_t n = count_hits(x, d->index), shown = 0;

        limn_buf_printf(&x->out, "  %zu hits%s\n", n, n ? ":" : "");
        for (size_t i = 0; i < x->hits.n && shown < HITS_SHOWN; i++)
                if (x->hits.at[i].rule == d->index) {
                        print_hit(x, &x->hits.at[i]);
                        shown++;
                }
        if (n > shown)
                limn_buf_printf(&x->out, "      and %zu more\n", n - shown);
        return 0;
}

static int read_time(LimnCli *cli, LimnOption option, LimnTime *ret)
{
        const char *text = limn_cli_get(cli, option);
        LimnStamp stamp;
        LimnSlice given;

        if (!text)
                return 0;
        given = limn_slice_str(text);
        if (limn_stamp_iso(given, &stamp) != given.n || !limn_stamp_to_utc(&stamp, ret)) {
                limn_diag_addf(cli->diag,
                               &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                              .help = "like 2026-03-02T05:20:00Z"},
                               "%s is not a time", text);
                return LIMN_EXIT_USAGE;
        }
        return 0;
}

static int load(Explain *x, LimnCase *c)
{
        LimnQuery query = limn_case_query(c);
        int r = query.run(query.ctx,
                          "SELECT rule, source_id, path, line, offset, t, uncertainty, instance_id,"
                          " fields FROM v_hit ORDER BY t, sha256, offset, rule",
                          NULL, 0, read_hit, x, x->cli->diag);

        if (r >= 0)
                r = query.run(query.ctx,
                              "SELECT format, instance_id, start, \"end\" FROM v_coverage", NULL, 0,
                              read_covered, x, x->cli->diag);
        if (r >= 0 && x->hits.n)
                qsort(x->hits.at, x->hits.n, sizeof *x->hits.at, limn_hit_cmp);
        return r;
}

int limn_explain_rule(LimnCli *cli, const LimnRules *rules)
{
        LimnSlice name = limn_slice_str(limn_cli_get(cli, LIMN_OPT_RULE));
        const LimnDetection *d = limn_rules_detection(rules, name);
        Explain x = {.cli = cli,
                     .rules = rules,
                     .rule = d ? NULL : limn_rules_correlation(rules, name),
                     .from = INT64_MIN,
                     .to = INT64_MAX,
                     .out = LIMN_BUF(LIMN_OUTPUT_MAX)};
        LimnCase *c = NULL;
        int status;

        if (!d && !x.rule) {
                limn_diag_addf(cli->diag,
                               &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                              .help = "limn rules list names them"},
                               "no rule is called `%.*s`", LIMN_FMT(name));
                return LIMN_EXIT_USAGE;
        }
        status = read_time(cli, LIMN_OPT_FROM, &x.from);
        status = status ? status : read_time(cli, LIMN_OPT_TO, &x.to);
        status = status ? status : limn_open_case(&c, cli);
        if (status == LIMN_EXIT_OK) {
                int r;

                x.arena = limn_arena_new((size_t)LIMN_OUTPUT_MAX);
                r = x.arena ? load(&x, c) : -ENOMEM;
                clean(&x, d ? d->name : x.rule->name);
                limn_buf_add_str(&x.out, "  ");
                clean(&x, d ? d->title : x.rule->title);
                limn_buf_add_char(&x.out, '\n');
                if (r >= 0)
                        r = d ? explain_detection(&x, d) : explain_correlation(&x);
                if (r >= 0)
                        fwrite(limn_buf_str(&x.out), 1, x.out.n, stdout);
                status = r < 0 ? limn_case_exit(r) : LIMN_EXIT_OK;
        }
        limn_buf_done(&x.out);
        free(x.hits.at);
        free(x.places.at);
        free(x.covered.at);
        limn_arena_free(x.arena);
        limn_case_close(c);
        return status;
}
