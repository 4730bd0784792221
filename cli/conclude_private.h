/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The steps of limn_conclude(), in order. Each writes its own tables. */
#include "cli/timeline.h"

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
/* story */
int limn_conclude_story(LimnCase *c, const LimnTimeline *t, const LimnRules *rules,
                        LimnDiag *diag);
/* What it meant, in sentences: calls `add` with the columns finding, sentence, count, start, end,
 * source_id, line, offset, length of `story`. */
int limn_conclude_impact(LimnCase *c, LimnRowFn add, void *arg, LimnDiag *diag);
/* assumption */
int limn_conclude_assumptions(LimnCase *c, const LimnTimeline *t, LimnDiag *diag);
/* The record at this place as text: without its line end, valid UTF-8, at most
 * LIMN_EVIDENCE_TEXT_MAX bytes of it. `ret` holds nothing else after. */
int limn_conclude_cite(LimnCase *c, int64_t source, int64_t offset, int64_t length, LimnBuf *ret,
                       LimnDiag *diag);
