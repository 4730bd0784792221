/* SPDX-License-Identifier: Apache-2.0 */
/* limn explain: every term of a finding's score, met or not, with what met it. */
#include <stdio.h>

#include "cli/explain_rule.h"
#include "cli/ingest_options.h"
#include "cli/open_case.h"
#include "core/limits.h"
#include "core/printable.h"
#include "rules/diagnosis.h"

typedef struct Explain {
        LimnCli *cli;
        LimnQuery query;
        const LimnDiagnosis *diagnosis;
        LimnBuf line; /* scratch */
} Explain;

static void print_clean(Explain *x, LimnSlice text)
{
        limn_buf_clear(&x->line);
        if (limn_printable(text, &x->line) == 0)
                fwrite(x->line.p ? x->line.p : "", 1, x->line.n, stdout);
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

static void print_condition(Explain *x, const LimnTerm *term)
{
        printf("          asks for: %s", kind_text(term->kind));
        for (size_t i = 0; i < term->n_names; i++)
                printf("%s%.*s", i ? ", " : " ", LIMN_FMT(term->names[i]));
        if (term->n_needs) {
                printf("; needs a log that covers the incident:");
                for (size_t i = 0; i < term->n_needs; i++)
                        printf(" %.*s", LIMN_FMT(term->needs[i]));
        }
        printf("\n");
}

typedef struct Pieces {
        Explain *explain;
        size_t n;
} Pieces;

/* sign, points, sentence, path, line */
static int print_piece(void *arg, const LimnValue *v, size_t n)
{
        Pieces *pieces = arg;
        Explain *x = pieces->explain;
        if (limn_slice_eq(v[0].s, LIMN_S("unobserved"))) {
                printf("          could not be observed\n");
        } else {
                printf("          ");
                print_clean(x, v[2].s);
                if (v[3].type == LIMN_VALUE_TEXT) {
                        printf("  [");
                        print_clean(x, v[3].s);
                        printf(":%lld]", (long long)v[4].i);
                }
                printf("\n");
        }
        pieces->n++;
        return 0;
}

static int print_term(Explain *x, const LimnTerm *term, int64_t incident, LimnSlice cause,
                      char sign)
{
        printf("      %c%-2.0f %.*s\n", sign, term->points, LIMN_FMT(term->name));
        Pieces pieces = {x, 0};
        const LimnParam params[] = {
                {":incident", LIMN_VALUE_OF_INT(incident)},
                {":cause",
                 cause.p ? LIMN_VALUE_OF_TEXT(cause) : (LimnValue){.type = LIMN_VALUE_NULL}},
                {":term", LIMN_VALUE_OF_TEXT(term->name)},
        };
        int r = x->query.run(x->query.ctx,
                             "SELECT e.sign, e.points, e.sentence, s.path, e.line FROM evidence e"
                             " LEFT JOIN source s USING (source_id)"
                             " WHERE e.incident_id = :incident AND e.cause IS :cause AND e.term = :term"
                             " ORDER BY e.evidence_id",
                             params, 3, print_piece, &pieces, x->cli->diag);
        if (r < 0)
                return r;
        if (pieces.n == 0)
                printf("          not met\n");
        print_condition(x, term);
        return 0;
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
        int64_t id;
} Incident;

/* cause, rank, p, score, verdict, title */
static int print_cause(void *arg, const LimnValue *v, size_t n)
{
        Incident *incident = arg;
        Explain *x = incident->explain;
        printf("\n    %lld. ", (long long)v[1].i);
        print_clean(x, v[0].s);
        printf("  %.*s  p %.2f = 2^(%.0f/2) / (2 + the same of every cause with a met term)\n",
               LIMN_FMT(v[4].s), v[2].d, v[3].d);
        printf("       ");
        print_clean(x, v[5].s);
        printf("\n");
        const LimnCause *cause = find_cause(x->diagnosis, v[0].s);
        int r = 0;
        for (size_t i = 0; cause && i < cause->n_supports && r >= 0; i++)
                r = print_term(x, &cause->supports[i], incident->id, cause->id, '+');
        for (size_t i = 0; cause && i < cause->n_opposes && r >= 0; i++)
                r = print_term(x, &cause->opposes[i], incident->id, cause->id, '-');
        return r;
}

/* incident_id, n, start, end */
static int print_incident(void *arg, const LimnValue *v, size_t n)
{
        Explain *x = arg;
        char start[LIMN_TIME_ISO_MAX], end[LIMN_TIME_ISO_MAX];
        printf("\n  Incident %lld, %s to %s\n    What opened it:\n", (long long)v[1].i,
               limn_time_iso_str(v[2].type == LIMN_VALUE_INT ? v[2].i : LIMN_TIME_NONE, start),
               limn_time_iso_str(v[3].type == LIMN_VALUE_INT ? v[3].i : LIMN_TIME_NONE, end));
        int r = 0;
        for (size_t i = 0; i < x->diagnosis->n_opens && r >= 0; i++)
                r = print_term(x, &x->diagnosis->opens[i], v[0].i, LIMN_NONE, '+');
        Incident incident = {x, v[0].i};
        const LimnParam param = {":incident", LIMN_VALUE_OF_INT(v[0].i)};
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

static int explain(Explain *x)
{
        const LimnDiagnosis *d = x->diagnosis;
        const LimnParam param = {":finding", LIMN_VALUE_OF_TEXT(d->id)};
        double confidence = -1;
        int r = x->query.run(x->query.ctx,
                             "SELECT confidence FROM finding WHERE finding = :finding", &param, 1,
                             take_confidence, &confidence, x->cli->diag);
        if (r < 0)
                return r;
        printf("%.*s %.*s\n", LIMN_FMT(d->id), LIMN_FMT(d->title));
        if (confidence < 0) {
                printf("  It was not found. Any of these would have opened it:\n");
                for (size_t i = 0; i < d->n_opens && r >= 0; i++)
                        if (!d->opens[i].joins)
                                r = print_term(x, &d->opens[i], 0, LIMN_NONE, '+');
                return r;
        }
        printf("  confidence %.2f, described in %s\n", confidence, d->path);
        return x->query.run(x->query.ctx,
                            "SELECT incident_id, n, start, \"end\" FROM incident"
                            " WHERE finding = :finding ORDER BY n",
                            &param, 1, print_incident, x, x->cli->diag);
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
        const LimnDiagnosis *d = find(rules, limn_slice_str(cli->args[0]));
        if (!d) {
                limn_diag_addf(cli->diag,
                               &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                              .help = "limn findings lists what was found"},
                               "limn knows no finding %s", cli->args[0]);
                return LIMN_EXIT_USAGE;
        }
        LimnCase *c = NULL;
        int status = limn_open_case(&c, cli);
        if (status == LIMN_EXIT_OK) {
                Explain x = {cli, limn_case_query(c), d, LIMN_BUF(LIMN_OUTPUT_MAX)};
                int r = explain(&x);
                status = r < 0 ? limn_case_exit(r) : LIMN_EXIT_OK;
                limn_buf_done(&x.line);
        }
        limn_case_close(c);
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

static int run_explain(LimnCli *cli)
{
        LimnRules *rules = NULL;
        int r = limn_rules_given(&rules, cli);
        if (r == 0 && limn_cli_get(cli, LIMN_OPT_RULE) && cli->n_args == 0)
                r = limn_explain_rule(cli, rules);
        else if (r == 0 && cli->n_args == 1 && !limn_cli_get(cli, LIMN_OPT_RULE))
                r = explain_given(cli, rules);
        else if (r == 0)
                r = needs_one(cli);
        limn_rules_free(rules);
        return r < 0 ? LIMN_EXIT_UNFINISHED : r;
}

static const LimnOption options[] = {LIMN_OPT_CASE, LIMN_OPT_FROM,  LIMN_OPT_RULE,
                                     LIMN_OPT_RULES, LIMN_OPT_TO, _LIMN_OPT_MAX};

const LimnCommand limn_cmd_explain = {
        .name = "explain",
        .usage = "FINDING | --rule NAME",
        .help = "show why a finding was made, or was not",
        .details =
                "Prints what opened each incident of a finding, and for every cause every term of "
                "its score: its points, whether it was met, by which line, and what was asked. For "
                "a finding that was not made, what would have opened it.\n\n"
                "Points: decisive 8, strong 4, supporting 2, weak 1.\n\n"
                "With --rule: the hits of a detection, or an episode of a correlation with its "
                "hits; of one that did not fire the nearest, what is missing, and by how much the "
                "window was missed.",
        .options = options,
        .max_args = 1,
        .run = run_explain,
};
