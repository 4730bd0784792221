/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The steps of limn_conclude(), in order. Each writes its own tables. */
#include "cli/timeline.h"

static inline LimnValue limn_value_time(LimnTime t)
{
        return t == LIMN_TIME_NONE ? (LimnValue){.type = LIMN_VALUE_NULL} : LIMN_VALUE_OF_INT(t);
}

static inline LimnValue limn_value_id(int64_t id)
{
        return id ? LIMN_VALUE_OF_INT(id) : (LimnValue){.type = LIMN_VALUE_NULL};
}

static inline LimnValue limn_value_real(double d)
{
        return (LimnValue){.type = LIMN_VALUE_REAL, .d = d};
}

/* instance, instance_key, source_instance, clock */
int limn_conclude_instances(LimnCase *c, const LimnTimeline *t, LimnDiag *diag);
/* fact, anchor, action */
int limn_conclude_facts(LimnCase *c, const LimnTimeline *t, const LimnRules *rules, LimnDiag *diag);
/* interval, coverage, episode, episode_hit */
int limn_conclude_intervals(LimnCase *c, const LimnTimeline *t, const LimnRules *rules,
                            LimnDiag *diag);
int limn_conclude_coverage(LimnCase *c, const LimnTimeline *t, LimnDiag *diag);
int limn_conclude_episodes(LimnCase *c, const LimnTimeline *t, const LimnRules *rules,
                           LimnDiag *diag);
/* finding, incident, cause, evidence, missing */
int limn_conclude_findings(LimnCase *c, const LimnTimeline *t, const LimnRules *rules,
                           LimnDiag *diag);
/* assumption */
int limn_conclude_assumptions(LimnCase *c, const LimnTimeline *t, LimnDiag *diag);
