/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Conclude: everything in part 2 of the case (db/schema.sql) from what part 1 holds: instances,
 * clocks, twins, facts, intervals, coverage, episodes, findings. May be done again at any time;
 * the same case and rules give the same rows. The case must have limn_case_enable_events().
 */
#include "db/case.h"
#include "rules/rules.h"

/* `roles`: PATH=ROLE, NULL-terminated, may be NULL. 0 or negative with a message. */
int limn_conclude(LimnCase *c, const LimnRules *rules, const char *const *roles, LimnDiag *diag);
