/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Prefilter: one search for the literals of all rules at once (libhs; for few bytes a table), so
 * that a rule is evaluated only on records that can meet it. Which literals a rule gives:
 * rules/literal.h.
 *
 * Shared by threads, each with a scratch. A search is compiled when it is asked for.
 */
#include "rules/matcher.h"

typedef struct LimnPrefilter LimnPrefilter;
typedef struct LimnPrefilterScratch LimnPrefilterScratch;

/* The literal of a mark that makes its record a candidate of all rules: an escape (\uNNNN) or a
 * NUL (UTF-16) stands there, so that literals may be hidden. */
#define LIMN_LITERAL_ANY UINT32_MAX

/* The rules that are looked for at once. Owned by the prefilter. */
typedef struct LimnPrefilterSet LimnPrefilterSet;

int limn_prefilter_new(LimnPrefilter **ret, const LimnRules *rules);
LimnPrefilter *limn_prefilter_free(LimnPrefilter *prefilter);

LimnPrefilterScratch *limn_prefilter_scratch_new(void);
LimnPrefilterScratch *limn_prefilter_scratch_free(LimnPrefilterScratch *scratch);
/* `rules`: bits by index; NULL: all. 0 or -ENOMEM. */
int limn_prefilter_set(LimnPrefilter *prefilter, const uint64_t *rules,
                       const LimnPrefilterSet **ret);
/* 0; 1: it cannot tell (a processor that libhs does not know), every record is a candidate of all
 * rules; -ENOMEM, -EINVAL. */
int limn_prefilter_scan(const LimnPrefilterSet *set, LimnPrefilterScratch *scratch,
                        LimnSlice bytes, LimnMarks *marks);

/* The same for the literals of all rules, without a search made for them: for few bytes. */
int limn_prefilter_scan_few(const LimnPrefilter *prefilter, LimnSlice bytes, LimnMarks *marks);

/* The literals of a rule (index); none: it is evaluated on every record. */
size_t limn_prefilter_literals(const LimnPrefilter *prefilter, uint32_t rule,
                               const uint32_t **ret_literals);
LimnSlice limn_prefilter_literal(const LimnPrefilter *prefilter, uint32_t literal);
/* The rules that a literal stands for, rising. */
size_t limn_prefilter_rules(const LimnPrefilter *prefilter, uint32_t literal,
                            const uint32_t **ret_rules);
