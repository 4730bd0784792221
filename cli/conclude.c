/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/conclude.h"

#include "cli/conclude_private.h"

static int conclude_all(LimnCase *c, LimnTimeline *t, const LimnRules *rules, LimnDiag *diag)
{
        int r = limn_timeline_parts(t, rules);
        if (r == 0)
                r = limn_timeline_instances(t, rules);
        if (r >= 0)
                r = limn_timeline_clocks(t, rules);
        if (r >= 0)
                r = limn_timeline_twins(t, c, diag);
        if (r >= 0)
                r = limn_timeline_correct(t);
        if (r >= 0)
                r = limn_conclude_instances(c, t, diag);
        if (r >= 0)
                r = limn_conclude_facts(c, t, rules, diag);
        if (r >= 0)
                r = limn_conclude_intervals(c, t, rules, diag);
        if (r >= 0)
                r = limn_conclude_coverage(c, t, diag);
        if (r >= 0)
                r = limn_conclude_episodes(c, t, rules, diag);
        if (r >= 0)
                r = limn_conclude_findings(c, t, rules, diag);
        if (r >= 0)
                r = limn_conclude_story(c, t, rules, diag);
        if (r >= 0)
                r = limn_conclude_assumptions(c, t, diag);
        return r;
}

int limn_conclude_trial(LimnCase *c, const LimnRules *rules, const LimnConcludeOptions *options,
                        LimnDiag *diag)
{
        LimnTimeline t = {0};
        int r = limn_case_conclude_begin(c, diag);
        if (r >= 0)
                r = limn_timeline_load(&t, c, rules, options, diag);
        if (r >= 0)
                r = conclude_all(c, &t, rules, diag);
        limn_timeline_done(&t);
        return r;
}

int limn_conclude(LimnCase *c, const LimnRules *rules, const LimnConcludeOptions *options,
                  LimnDiag *diag)
{
        int r = limn_conclude_trial(c, rules, options, diag);
        return r < 0 ? r : limn_case_conclude_end(c, diag);
}
