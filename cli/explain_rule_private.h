/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the files of `limn explain --rule` share (cli/explain_rule.h). */
#include "cli/explain.h"
#include "rules/episodes.h"
#include "rules/near.h"

typedef struct LimnExplainPlace {
        LimnSlice path;
        int64_t line, event_id;
        size_t n; /* hits that it stands for */
} LimnExplainPlace;

typedef struct LimnExplainRule {
        LimnExplain x;
        const LimnCorrelation *rule;
        LimnTime from, to; /* INT64_MIN, INT64_MAX: open */
        struct {
                LimnHit *at;
                size_t n, cap;
        } hits;
        struct {
                LimnExplainPlace *at;
                size_t n, cap;
        } places; /* by LimnHit.id - 1 */
        struct {
                LimnCovered *at;
                size_t n, cap;
        } covered;
        size_t shown;
        /* Of the episode that is shown. */
        LimnTime first, last;
        bool doubtful;
        bool *met; /* by position: one of its hits is of this rule */
        LimnField *group;
        size_t n_group;
} LimnExplainRule;

/* Where a hit stands, on a line of its own. */
void limn_explain_hit_line(LimnExplainRule *e, const LimnHit *hit, unsigned indent);
size_t limn_explain_count(const LimnExplainRule *e, uint32_t detection);
/* What came nearest to a detection. 0 or negative. */
int limn_explain_nearest_to(LimnExplainRule *e, const LimnDetection *d, unsigned indent);

/* What the nearest to an episode lacks, and what lies in its way (cli/explain_lacking.c). 0 or
 * negative. */
int limn_explain_lacking(LimnExplainRule *e, const LimnNear *near);
