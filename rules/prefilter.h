/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Prefilter: one search for the literals of all rules at once (libhs), so that a rule is evaluated
 * only on records that can meet it. Which literals a rule gives: rules/literal.h.
 *
 * Immutable and shared; each thread brings a scratch.
 */
#include "rules/matcher.h"

typedef struct LimnPrefilter LimnPrefilter;
typedef struct LimnPrefilterScratch LimnPrefilterScratch;

/* The literal of a mark that makes its record a candidate of all rules: an escape (\uNNNN) or a
 * NUL (UTF-16) stands there, so that literals may be hidden. */
#define LIMN_LITERAL_ANY UINT32_MAX

int limn_prefilter_new(LimnPrefilter **ret, const LimnRules *rules);
LimnPrefilter *limn_prefilter_free(LimnPrefilter *prefilter);

LimnPrefilterScratch *limn_prefilter_scratch_new(const LimnPrefilter *prefilter);
LimnPrefilterScratch *limn_prefilter_scratch_free(LimnPrefilterScratch *scratch);
int limn_prefilter_scan(const LimnPrefilter *prefilter, LimnPrefilterScratch *scratch,
                        LimnSlice bytes, LimnMarks *marks);

/* The literals of a rule (index); none: it is evaluated on every record. */
size_t limn_prefilter_literals(const LimnPrefilter *prefilter, uint32_t rule,
                               const uint32_t **ret_literals);
LimnSlice limn_prefilter_literal(const LimnPrefilter *prefilter, uint32_t literal);
/* The rules that a literal stands for, rising. */
size_t limn_prefilter_rules(const LimnPrefilter *prefilter, uint32_t literal,
                            const uint32_t **ret_rules);
