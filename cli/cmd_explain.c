/* SPDX-License-Identifier: Apache-2.0 */
/* limn explain: every term of a finding's score, met or not, with what met it. */
#include <stdio.h>

#include "cli/explain.h"
#include "cli/explain_json.h"
#include "cli/explain_rule.h"
#include "cli/ingest_options.h"
#include "cli/open_case.h"
#include "core/limits.h"
#include "rules/diagnosis.h"

typedef struct Explain {
        LimnExplain x;
        const LimnDiagnosis *diagnosis;
} Explain;

static int print_terms(LimnExplain *x, const LimnTerm *terms, size_t n, LimnExplainedTerm about)
{
        int r = 0;

        for (size_t i = 0; i < n && r >= 0; i++) {
                about.term = &terms[i];
                r = limn_explain_term(x, &about);
        }
        return r;
}

static const LimnCause *find_cause(const LimnDiagnosis *d, LimnSlice id)
{
        for (size_t i = 0; i < d->n_causes; i++)
                if (limn_slice_eq(d->causes[i].id, id))
                        return &d->causes[i];
        return NULL;
}

typedef struct Incident {
        Explain *explain;
        LimnExplainedTerm about;
} Incident;

/* cause, rank, p, score, verdict, title */
static int print_cause(void *arg, const LimnValue *v, size_t n)
{
        Incident *incident = arg;
        LimnExplain *x = &incident->explain->x;
        const LimnCause *cause = find_cause(incident->explain->diagnosis, v[0].s);
        LimnExplainedTerm about = incident->about;
        int r = 0;

        limn_buf_printf(&x->out, "\n    %lld. ", (long long)v[1].i);
        limn_explain_clean(x, v[0].s);
        limn_buf_add_str(&x->out, "  ");
        limn_explain_clean(x, v[4].s);
        limn_buf_printf(&x->out,
                        "  p %.2f = 2^(%.0f/2) / (2 + the same of every cause with a met term)\n"
                        "       ",
                        v[2].d, v[3].d);
        limn_explain_clean(x, v[5].s);
        limn_buf_add_str(&x->out, "\n");
        if (!cause)
                return 0;
        about.cause = cause->id;
        about.sign = '+';
        r = print_terms(x, cause->supports, cause->n_supports, about);
        about.sign = '-';
        return r < 0 ? r : print_terms(x, cause->opposes, cause->n_opposes, about);
}

/* incident_id, n, start, end */
static int print_incident(void *arg, const LimnValue *v, size_t n)
{
        Explain *e = arg;
        LimnExplain *x = &e->x;
        LimnTime start = v[2].type == LIMN_VALUE_INT ? v[2].i : LIMN_TIME_NONE;
        LimnTime end = v[3].type == LIMN_VALUE_INT ? v[3].i : LIMN_TIME_NONE;
        Incident incident = {e, {.incident = v[0].i, .start = start, .end = end, .sign = '+'}};
        const LimnParam param = {":incident", LIMN_VALUE_OF_INT(v[0].i)};
        int r;

        limn_buf_printf(&x->out, "\n  Incident %lld, ", (long long)v[1].i);
        limn_explain_span(x, start, end);
        limn_buf_add_str(&x->out, "\n    What opened it:\n");
        r = print_terms(x, e->diagnosis->opens, e->diagnosis->n_opens, incident.about);
        if (r >= 0)
                r = x->query.run(x->query.ctx,
                                 "SELECT cause, rank, p, score, verdict, title FROM cause"
                                 " WHERE incident_id = :incident ORDER BY rank",
                                 &param, 1, print_cause, &incident, x->cli->diag);
        return r;
}

static int take_confidence(void *arg, const LimnValue *v, size_t n)
{
        *(double *)arg = v[0].d;
        return 0;
}

static int explain_silence(Explain *e)
{
        const LimnDiagnosis *d = e->diagnosis;
        LimnExplainedTerm about = {.start = LIMN_TIME_NONE, .end = LIMN_TIME_NONE, .sign = '+'};
        int r = 0;

        limn_buf_add_str(&e->x.out, "  It was not found. Any of these would have opened it:\n");
        for (size_t i = 0; i < d->n_opens && r >= 0; i++)
                if (!d->opens[i].joins)
                        r = print_terms(&e->x, &d->opens[i], 1, about);
        return r;
}

static int explain(Explain *e)
{
        const LimnDiagnosis *d = e->diagnosis;
        LimnExplain *x = &e->x;
        const LimnParam param = {":finding", LIMN_VALUE_OF_TEXT(d->id)};
        double confidence = -1;
        int r = x->query.run(x->query.ctx,
                             "SELECT confidence FROM finding WHERE finding = :finding", &param, 1,
                             take_confidence, &confidence, x->cli->diag);
        if (r < 0)
                return r;
        limn_explain_clean(x, d->id);
        limn_buf_add_str(&x->out, " ");
        limn_explain_clean(x, d->title);
        limn_buf_add_str(&x->out, "\n");
        if (confidence < 0)
                return explain_silence(e);
        limn_buf_printf(&x->out, "  confidence %.2f, described in ", confidence);
        limn_explain_clean(x, limn_slice_str(d->path));
        limn_buf_add_str(&x->out, "\n");
        return x->query.run(x->query.ctx,
                            "SELECT incident_id, n, start, \"end\" FROM incident"
                            " WHERE finding = :finding ORDER BY n",
                            &param, 1, print_incident, e, x->cli->diag);
}

/* CDC-12, or CDC-12/manual-purge. */
static const LimnDiagnosis *find(const LimnRules *rules, LimnSlice name)
{
        LimnSlice id = limn_slice_to(name, limn_slice_chr(name, '/'));
        for (size_t i = 0; i < rules->n_diagnoses; i++)
                if (limn_slice_eq_nocase(rules->diagnoses[i]->id, id))
                        return rules->diagnoses[i];
        return NULL;
}

static int explain_given(LimnCli *cli, const LimnRules *rules)
{
        Explain e = {.diagnosis = find(rules, limn_slice_str(cli->args[0]))};
        if (!e.diagnosis) {
                limn_diag_addf(cli->diag,
                               &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                              .help = "limn findings lists what was found"},
                               "limn knows no finding %s", cli->args[0]);
                return LIMN_EXIT_USAGE;
        }
        int status = limn_explain_open(&e.x, cli, rules);
        if (status == LIMN_EXIT_OK) {
                int r = limn_cli_get(cli, LIMN_OPT_JSON) ? limn_explain_json(&e.x, e.diagnosis)
                                                         : explain(&e);
                if (r >= 0)
                        fwrite(limn_buf_str(&e.x.out), 1, e.x.out.n, stdout);
                status = r < 0 ? limn_case_exit(r) : LIMN_EXIT_OK;
        }
        limn_explain_done(&e.x);
        return status;
}

static int needs_one(LimnCli *cli)
{
        limn_diag_addf(cli->diag,
                       &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                      .help = "limn explain CDC-07, or limn explain --rule NAME"},
                       "explain takes a finding, or --rule");
        return LIMN_EXIT_USAGE;
}

static int no_json(LimnCli *cli)
{
        limn_diag_add(cli->diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                                .what = "--json explains a finding, not a rule",
                                                .help = "limn explain --json CDC-07"});
        return LIMN_EXIT_USAGE;
}

static int run_explain(LimnCli *cli)
{
        LimnRules *rules = NULL;
        int r = limn_rules_given(&rules, cli);
        if (r == 0 && limn_cli_get(cli, LIMN_OPT_RULE) && limn_cli_get(cli, LIMN_OPT_JSON))
                r = no_json(cli);
        else if (r == 0 && limn_cli_get(cli, LIMN_OPT_RULE) && cli->n_args == 0)
                r = limn_explain_rule(cli, rules);
        else if (r == 0 && cli->n_args == 1 && !limn_cli_get(cli, LIMN_OPT_RULE))
                r = explain_given(cli, rules);
        else if (r == 0)
                r = needs_one(cli);
        limn_rules_free(rules);
        return r < 0 ? LIMN_EXIT_UNFINISHED : r;
}

static const LimnOption options[] = {LIMN_OPT_CASE, LIMN_OPT_FROM,  LIMN_OPT_JSON, LIMN_OPT_RULE,
                                     LIMN_OPT_RULES, LIMN_OPT_TO,   _LIMN_OPT_MAX};

const LimnCommand limn_cmd_explain = {
        .name = "explain",
        .usage = "FINDING | --rule NAME",
        .help = "show why a finding was made, or was not",
        .details =
                "Prints what opened each incident of a finding, and for every cause every term of "
                "its score: its points, whether it was met, by which line, on which of the rule's "
                "conditions and with which value; if not, the nearest there is, or which logs "
                "would have shown it. For a finding that was not made, what would have opened it, "
                "and what came nearest.\n\n"
                "Points: decisive 8, strong 4, supporting 2, weak 1.\n\n"
                "With --rule: the hits of a detection with the value that met each condition, or "
                "the record that came nearest and what it misses; an episode of a correlation, "
                "its group, its window and its hits, or the nearest to one, what is missing or in "
                "its way, and by how much the window was missed. Values are cut, secrets masked.\n\n"
                "With --json one object (limn.explain/1): for each incident and cause the terms with "
                "their state (met, in_doubt, not_met, not_observable), their pieces and where these "
                "stand; what the text adds comes as lines.",
        .options = options,
        .max_args = 1,
        .run = run_explain,
};
