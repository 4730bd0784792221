/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The second step of loading correlations (rules/kinds.h): names to rules, captures asked for,
 * rules->correlations in the order inner before outer. */
#include "rules/correlation.h"

int limn_correlation_link(LimnRules *rules, LimnArena *arena, LimnDiag *diag);
