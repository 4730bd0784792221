/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Conclude: everything in part 2 of the case (db/schema.sql) from what part 1 holds: instances,
 * clocks, twins, facts, intervals, coverage, episodes, findings. May be done again at any time;
 * the same case and rules give the same rows. The case must have limn_case_enable_events().
 */
#include "core/time.h"
#include "db/case.h"
#include "rules/rules.h"

/* The source that `name` names (cli/source_named.h) is a source's, a replica's, a target's log. */
typedef struct LimnRoleGiven {
        const char *name;
        LimnSlice role;
} LimnRoleGiven;

/* What if all that the source tells happened `by` later than its stamps and clock say? */
typedef struct LimnShift {
        const char *name;
        LimnDuration by;
} LimnShift;

/* All borrowed; of several that name one source the first role counts, and shifts add up. */
typedef struct LimnConcludeOptions {
        const LimnRoleGiven *roles;
        size_t n_roles;
        const LimnShift *shifts;
        size_t n_shifts;
} LimnConcludeOptions;

/* 0 or negative with a message. */
int limn_conclude(LimnCase *c, const LimnRules *rules, const LimnConcludeOptions *options,
                  LimnDiag *diag);
/* The same without an end: what is concluded can be read through `c`, and is gone with
 * limn_case_conclude_undo(). */
int limn_conclude_trial(LimnCase *c, const LimnRules *rules, const LimnConcludeOptions *options,
                        LimnDiag *diag);
