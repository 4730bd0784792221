/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/diagnose.h"

#include <errno.h>

#include "core/limits.h"
#include "core/vec.h"
#include "rules/chain.h"
#include "rules/incident.h"
#include "rules/rank.h"

/* Memory of one diagnosis run: the rows that terms read, and the findings. */
enum { ARENA_MAX = 256 * 1024 * 1024 };

typedef struct Evidences {
        LimnEvidence *at;
        size_t n, cap;
} Evidences;

typedef struct Used { /* hits that fed a term of the cause already: one hit feeds one term */
        int64_t *at;
        size_t n, cap;
} Used;

static bool is_used(const Used *used, int64_t hit)
{
        for (size_t i = 0; i < used->n; i++)
                if (used->at[i] == hit)
                        return true;
        return false;
}

static int add_evidence(const LimnObserver *o, Evidences *out, LimnSlice cause,
                        const LimnTerm *term, LimnSign sign, double points, const LimnRow *row,
                        size_t n, const LimnScope *scope)
{
        LimnBuf sentence = LIMN_BUF(LIMN_EVIDENCE_TEXT_MAX);
        int r = sign == LIMN_SIGN_UNOBSERVED && term->unseen.p
                        ? limn_buf_add(&sentence, term->unseen)
                        : limn_term_sentence(term, row, n, scope, &sentence);
        if (r == 0 && row->ambiguous)
                r = limn_buf_add_str(&sentence, " (in doubt: the clocks could change the order)");
        if (r == -E2BIG)
                r = 0; /* what fitted stands; the record itself is cited beside it */
        LimnSlice text = r < 0 ? LIMN_NONE : limn_arena_dup(o->arena, limn_buf_slice(&sentence));
        limn_buf_done(&sentence);
        if (r < 0 || !text.p || limn_vec_room(out) < 0)
                return r < 0 ? r : -ENOMEM;
        out->at[out->n++] = (LimnEvidence){.cause = cause,
                                           .term = term->name,
                                           .sign = sign,
                                           .points = points,
                                           .sentence = text,
                                           .hit = row->hit,
                                           .time = row->start};
        return 0;
}

/* The pieces of a met term: the first carries the points, if it is not in doubt. */
static int add_pieces(const LimnObserver *o, Evidences *out, LimnSlice cause, const LimnTerm *term,
                      LimnSign sign, const LimnRows *rows, const LimnScope *scope)
{
        for (size_t i = 0; i < rows->n && i < LIMN_EVIDENCE_PER_TERM_MAX; i++) {
                double points = i || rows->ambiguous ? 0 : term->points;
                int r = add_evidence(o, out, cause, term, sign, points, &rows->at[i], rows->n,
                                     scope);
                if (r < 0)
                        return r;
        }
        return 0;
}

/* Only the rows that may be shown matter: the search stays short. */
static bool cited_before(const LimnRow *rows, size_t n, int64_t hit)
{
        for (size_t i = 0; i < n && i < LIMN_EVIDENCE_PER_TERM_MAX; i++)
                if (rows[i].hit == hit)
                        return true;
        return false;
}

/* Drops rows whose hit fed another term of this cause; marks the rest. */
static int claim(LimnRows *rows, Used *used)
{
        size_t kept = 0;
        for (size_t i = 0; i < rows->n; i++)
                if (!rows->at[i].hit || (!is_used(used, rows->at[i].hit) &&
                                         !cited_before(rows->at, kept, rows->at[i].hit)))
                        rows->at[kept++] = rows->at[i];
        rows->n = kept;
        for (size_t i = 0; i < kept && i < LIMN_EVIDENCE_PER_TERM_MAX; i++) {
                if (!rows->at[i].hit)
                        continue;
                if (limn_vec_room(used) < 0)
                        return -ENOMEM;
                used->at[used->n++] = rows->at[i].hit;
        }
        return 0;
}

/* An order that the clocks could change weighs nothing; what would be decisive may still be so. */
static void doubt(LimnScore *score, bool supports, double points)
{
        if (points < LIMN_POINTS_DECISIVE)
                return;
        if (supports && points > score->unobserved_for)
                score->unobserved_for = points;
        score->opposed_in_doubt |= !supports;
}

static int weigh_terms(const LimnObserver *o, const LimnCause *cause, LimnSign sign,
                       const LimnScope *scope, Used *used, LimnScore *score, Evidences *out)
{
        bool supports = sign == LIMN_SIGN_FOR;
        const LimnTerm *terms = supports ? cause->supports : cause->opposes;
        size_t n = supports ? cause->n_supports : cause->n_opposes;
        int r = 0;
        for (size_t i = 0; i < n && r >= 0; i++) {
                const LimnTerm *term = &terms[i];
                LimnRows rows = {0};
                r = limn_term_observe(o, term, scope, &rows);
                bool met = rows.n > 0;
                if (r >= 0 && !rows.ambiguous)
                        r = claim(&rows, used);
                if (r >= 0 && rows.ambiguous) {
                        doubt(score, supports, term->points);
                        r = add_pieces(o, out, cause->id, term, sign, &rows, scope);
                } else if (r >= 0 && rows.n) {
                        score->met = true;
                        score->score += supports ? term->points : -term->points;
                        score->opposed |= !supports && term->points >= LIMN_POINTS_DECISIVE;
                        r = add_pieces(o, out, cause->id, term, sign, &rows, scope);
                } else if (r >= 0 && !met && rows.unobservable) {
                        if (supports)
                                doubt(score, true, term->points);
                        LimnRow none = {.start = LIMN_TIME_NONE, .end = LIMN_TIME_NONE};
                        r = add_evidence(o, out, cause->id, term, LIMN_SIGN_UNOBSERVED, 0, &none, 0,
                                         scope);
                }
                limn_rows_done(&rows);
        }
        return r;
}

static int weigh_cause(const LimnObserver *o, const LimnCause *cause, const LimnScope *scope,
                       LimnScore *score, Evidences *out)
{
        Used used = {0};
        int r = weigh_terms(o, cause, LIMN_SIGN_FOR, scope, &used, score, out);
        if (r >= 0)
                r = weigh_terms(o, cause, LIMN_SIGN_AGAINST, scope, &used, score, out);
        free(used.at);
        return r;
}

/* The finding's own evidence: what opened this incident, term by term. */
static int weigh_opening(const LimnObserver *o, const LimnDiagnosis *d, const LimnGroup *group,
                         const LimnScope *scope, double *ret_score, Evidences *out)
{
        *ret_score = 0;
        for (size_t i = 0; i < d->n_opens; i++) {
                const LimnTerm *term = &d->opens[i];
                LimnRow pieces[LIMN_EVIDENCE_PER_TERM_MAX];
                size_t n = 0, total = 0, sure = 0;
                for (size_t k = 0; k < group->openings.n; k++) {
                        if (group->openings.at[k].term != term)
                                continue;
                        if (n < LIMN_EVIDENCE_PER_TERM_MAX)
                                pieces[n++] = group->openings.at[k].row;
                        sure += !group->openings.at[k].row.ambiguous;
                        total++;
                }
                if (total == 0)
                        continue;
                double points = sure ? term->points : 0;
                *ret_score += points;
                for (size_t k = 0; k < n; k++) {
                        int r = add_evidence(o, out, LIMN_NONE, term, LIMN_SIGN_FOR,
                                             k ? 0 : points, &pieces[k], total, scope);
                        if (r < 0)
                                return r;
                }
        }
        return 0;
}

static int diagnose_incident(const LimnObserver *o, const LimnDiagnosis *d, const LimnGroup *group,
                             LimnIncident *incident)
{
        const LimnScope scope = {group->start, group->end, group->instance, group->entities,
                                 group->n_entities};
        Evidences evidence = {0};
        LimnScore *scores = limn_arena_new_of(o->arena, LimnScore, d->n_causes);
        LimnRanked *causes = limn_arena_new_of(o->arena, LimnRanked, d->n_causes);
        if (!scores || !causes)
                return -ENOMEM;
        int r = weigh_opening(o, d, group, &scope, &incident->score, &evidence);
        for (size_t i = 0; i < d->n_causes && r >= 0; i++)
                r = weigh_cause(o, &d->causes[i], &scope, &scores[i], &evidence);
        if (r >= 0) {
                limn_rank(d->causes, scores, d->n_causes, d->cumulative, causes);
                LimnEvidence *kept = limn_arena_new_of(o->arena, LimnEvidence, evidence.n);
                if (kept && evidence.n)
                        memcpy(kept, evidence.at, evidence.n * sizeof *kept);
                incident->start = group->start;
                incident->end = group->end;
                incident->instance = group->instance;
                incident->entities = group->entities;
                incident->n_entities = group->n_entities;
                incident->causes = causes;
                incident->n_causes = d->n_causes;
                incident->evidence = kept;
                incident->n_evidence = evidence.n;
                r = kept ? 0 : -ENOMEM;
        }
        free(evidence.at);
        return r;
}

static bool better(const LimnRanked *a, const LimnRanked *b)
{
        if ((a->verdict == LIMN_JUDGED_RULED_OUT) != (b->verdict == LIMN_JUDGED_RULED_OUT))
                return b->verdict == LIMN_JUDGED_RULED_OUT;
        if (a->score != b->score)
                return a->score > b->score;
        if (a->p != b->p)
                return a->p > b->p;
        return a->cause < b->cause;
}

/* The finding's list: each cause at its best over the incidents. */
static int best_causes(const LimnObserver *o, const LimnDiagnosis *d, LimnFinding *finding)
{
        LimnRanked *best = limn_arena_new_of(o->arena, LimnRanked, d->n_causes);
        if (!best)
                return -ENOMEM;
        for (size_t i = 0; i < d->n_causes; i++)
                for (size_t k = 0; k < finding->n_incidents; k++)
                        for (size_t c = 0; c < d->n_causes; c++) {
                                const LimnRanked *ranked = &finding->incidents[k].causes[c];
                                if (ranked->cause == &d->causes[i] &&
                                    (!best[i].cause || better(ranked, &best[i])))
                                        best[i] = *ranked;
                        }
        for (size_t i = 1; i < d->n_causes; i++)
                for (size_t j = i; j > 0 && better(&best[j], &best[j - 1]); j--) {
                        LimnRanked swap = best[j];
                        best[j] = best[j - 1];
                        best[j - 1] = swap;
                }
        for (size_t i = 0; i < d->n_causes; i++) {
                best[i].rank = (unsigned)i + 1;
                /* Undecided says "first, but not sure"; further down it is merely possible. */
                if (i && best[i].verdict == LIMN_JUDGED_UNDECIDED)
                        best[i].verdict = LIMN_JUDGED_POSSIBLE;
        }
        finding->causes = best;
        finding->n_causes = d->n_causes;
        return 0;
}

static int summarise(const LimnObserver *o, const LimnDiagnosis *d, const LimnGroups *groups,
                     LimnFinding *finding)
{
        const LimnGroup *first = &groups->at[0];
        const LimnScope scope = {first->start, first->end, first->instance, first->entities,
                                 first->n_entities};
        const LimnTerm sentence = {.text = d->summary};
        LimnBuf out = LIMN_BUF(LIMN_EVIDENCE_TEXT_MAX);
        int r = limn_term_sentence(&sentence, &first->openings.at[0].row, groups->n, &scope, &out);
        if (r >= 0 || r == -E2BIG)
                finding->summary = limn_arena_dup(o->arena, limn_buf_slice(&out));
        limn_buf_done(&out);
        return finding->summary.p ? 0 : -ENOMEM;
}

/* The highest of what opened it. */
static LimnSlice severity_of(const LimnDiagnosis *d, const LimnGroups *groups)
{
        LimnSlice highest = LIMN_NONE;
        for (size_t i = 0; i < groups->n; i++)
                for (size_t k = 0; k < groups->at[i].openings.n; k++) {
                        const LimnTerm *term = groups->at[i].openings.at[k].term;
                        LimnSlice own = term->severity.p ? term->severity : d->severity;
                        if (!term->joins &&
                            (!highest.p || limn_severity_rank(own) > limn_severity_rank(highest)))
                                highest = own;
                }
        return highest.p ? highest : d->severity;
}

static int diagnose_one(const LimnObserver *o, const LimnDiagnosis *d, LimnFinding *finding)
{
        LimnGroups groups = {0};
        int r = limn_groups_open(o, d, &groups);
        if (r >= 0 && groups.n) {
                LimnIncident *incidents = limn_arena_new_of(o->arena, LimnIncident, groups.n);
                r = incidents ? 0 : -ENOMEM;
                double score = 0;
                for (size_t i = 0; i < groups.n && r >= 0; i++) {
                        incidents[i].n = (unsigned)i + 1;
                        r = diagnose_incident(o, d, &groups.at[i], &incidents[i]);
                        if (incidents[i].score > score)
                                score = incidents[i].score;
                }
                *finding = (LimnFinding){.diagnosis = d,
                                         .severity = severity_of(d, &groups),
                                         .confidence = limn_confidence(score),
                                         .incidents = incidents,
                                         .n_incidents = groups.n};
                if (r >= 0)
                        r = best_causes(o, d, finding);
                if (r >= 0)
                        r = summarise(o, d, &groups, finding);
        }
        limn_groups_done(&groups);
        return r;
}

int limn_diagnose(const LimnRules *rules, const LimnQuery *query, LimnFindingFn fn, void *arg,
                  LimnDiag *diag)
{
        LimnArena *arena = limn_arena_new(ARENA_MAX);
        if (!arena)
                return -ENOMEM;
        LimnFinding *findings = limn_arena_new_of(arena, LimnFinding, rules->n_diagnoses + 1);
        LimnObserver observer = {.query = query, .arena = arena, .diag = diag};
        size_t n = 0;
        int r = findings ? limn_observer_begin(&observer) : -ENOMEM;
        for (size_t i = 0; i < rules->n_diagnoses && r >= 0; i++) {
                r = diagnose_one(&observer, rules->diagnoses[i], &findings[n]);
                n += r >= 0 && findings[n].n_incidents > 0;
        }
        if (r >= 0)
                r = limn_chain(arena, findings, n);
        for (size_t i = 0; i < n && r == 0; i++)
                r = fn(arg, &findings[i]);
        limn_observer_done(&observer);
        limn_arena_free(arena);
        return r;
}
