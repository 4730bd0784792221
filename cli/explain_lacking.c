/* SPDX-License-Identifier: Apache-2.0 */
/* limn explain --rule of a correlation: what is missing, and who could have seen it. */
#include <stdio.h>

#include "cli/explain_rule_private.h"
#include "core/limits.h"

static void add(LimnExplainRule *e, const char *text)
{
        limn_buf_add_str(&e->x.out, text);
}

static LimnTime before(LimnTime t, LimnDuration d)
{
        return t < INT64_MIN + 1 + d ? INT64_MIN + 1 : t - d;
}

static LimnTime after(LimnTime t, LimnDuration d)
{
        return t > INT64_MAX - d ? INT64_MAX : t + d;
}

/* Is the hit of the group that is shown? */
static bool of_group(const LimnExplainRule *e, const LimnCorrelated *named, const LimnHit *hit)
{
        char text[24];

        for (size_t i = 0; i < e->n_group; i++) {
                LimnSlice value = limn_hit_get(hit, named->group[i]);

                if (limn_slice_eq(named->group[i], LIMN_S("instance")) && hit->instance) {
                        snprintf(text, sizeof text, "%lld", (long long)hit->instance);
                        value = limn_slice_str(text);
                }
                if (!value.p || !limn_slice_eq(value, e->group[i].value))
                        return false;
        }
        return true;
}

static LimnDuration away(const LimnExplainRule *e, const LimnHit *hit)
{
        return hit->time < e->first  ? e->first - hit->time
               : hit->time > e->last ? hit->time - e->last
                                     : 0;
}

/* The hit of a missing rule that is nearest to what is shown. */
static void print_nearest_hit(LimnExplainRule *e, const LimnCorrelated *named)
{
        const LimnHit *best = NULL;

        for (size_t i = 0; i < e->hits.n; i++) {
                const LimnHit *hit = &e->hits.at[i];

                if (hit->rule == named->index && of_group(e, named, hit) &&
                    (!best || away(e, hit) < away(e, best)))
                        best = hit;
        }
        if (!best)
                return;
        add(e, "      the nearest is ");
        limn_explain_duration(&e->x, away(e, best));
        add(e, best->time < e->first  ? " before:\n"
               : best->time > e->last ? " behind:\n"
                                      : " away, within it:\n");
        limn_explain_hit_line(e, best, 8);
}

/* Not there; or nobody could have seen it. */
static int print_missing(LimnExplainRule *e, const LimnCorrelated *named)
{
        size_t logs;
        int r;

        add(e, "    missing: ");
        limn_explain_clean(&e->x, named->name);
        add(e, "\n");
        if (named->is_correlation)
                return 0;
        print_nearest_hit(e, named);
        add(e, "      logs that could show it from a timespan before to one behind:\n");
        r = limn_explain_logs(&e->x, &e->x.rules->detections[named->index],
                              before(e->first, e->rule->timespan),
                              after(e->last, e->rule->timespan), 8, &logs);
        if (r == 0 && logs == 0)
                add(e, "        none: it could not be observed\n");
        return r;
}

/* Is the hit, of the group that is shown, where one of the alternatives must do without it? */
static bool is_forbidden(const LimnExplainRule *e, const LimnHit *hit)
{
        for (size_t i = 0; i < e->rule->n_alternatives; i++) {
                const LimnAlternative *way = &e->rule->alternatives[i];

                for (size_t k = 0; k < way->n_without; k++) {
                        const LimnCorrelated *named = &e->rule->rules[way->without[k].rule];
                        LimnStretch s = limn_corr_without(e->rule, way, &way->without[k], e->first,
                                                          e->last);

                        if (!named->is_correlation && hit->rule == named->index &&
                            hit->time >= s.first && hit->time <= s.last && of_group(e, named, hit))
                                return true;
                }
        }
        return false;
}

/* Hits of what must not be there, where it must not be. */
static void print_forbidden(LimnExplainRule *e)
{
        size_t shown = 0;

        for (size_t i = 0; i < e->hits.n && shown < LIMN_EXPLAIN_HITS; i++)
                if (is_forbidden(e, &e->hits.at[i])) {
                        add(e, shown++ ? "" : "    in its way:\n");
                        limn_explain_hit_line(e, &e->hits.at[i], 6);
                }
}

int limn_explain_lacking(LimnExplainRule *e, const LimnNear *near)
{
        int r = 0;

        if (near->kind == LIMN_NEAR_FORBIDDEN)
                print_forbidden(e);
        for (size_t i = 0; i < near->n_missing && near->kind == LIMN_NEAR_STEPS && r == 0; i++)
                r = print_missing(e, &e->rule->rules[near->missing[i]]);
        /* Of a temporal without a text any of the rules would do. */
        if (near->kind == LIMN_NEAR_NUMBER && strcmp(e->rule->type->name, "temporal") == 0)
                for (size_t i = 0; i < e->rule->n_rules && r == 0; i++)
                        if (!e->met[i] && !e->rule->rules[i].is_correlation)
                                r = print_missing(e, &e->rule->rules[i]);
        if (near->kind == LIMN_NEAR_NOTHING || near->kind == LIMN_NEAR_UNCOVERED)
                for (size_t i = 0; i < e->rule->n_rules && r == 0; i++) {
                        const LimnCorrelated *named = &e->rule->rules[i];

                        if (named->is_correlation || limn_explain_count(e, named->index))
                                continue;
                        add(e, "    no hit of ");
                        limn_explain_clean(&e->x, named->name);
                        add(e, "\n");
                        r = limn_explain_nearest_to(e, &e->x.rules->detections[named->index], 6);
                }
        return r;
}
