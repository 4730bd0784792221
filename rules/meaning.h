/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Meaning: the `limn:` block of a detection, which says what a hit means (docs/rules.md). */
#include "rules/kinds.h"

/* Fills detection->meaning and detection->extraction and asks for all names in templates. `limn`
 * may be NULL. Every error in the block is reported. */
int limn_meaning_load(LimnDetection *detection, LimnRules *rules, const LimnYaml *limn,
                      LimnDiag *diag);
