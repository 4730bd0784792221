/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Item: one field of a search with its modifiers and values, compiled and compared.
 */
#include "rules/op.h"

/*
 * `key`: `Field|modifier|...` as written, LIMN_NONE for keywords. `values`: a scalar, or a list of
 * scalars. `node` is where errors point. *ret lives in the arena.
 */
int limn_item_load(const LimnItem **ret, LimnRules *rules, const LimnYamlFile *file, LimnSlice key,
                   const LimnYaml *values, LimnDiag *diag);

/* The values that an item is asked of: of its field; of keywords, everything the event says. */
typedef struct LimnItemValues {
        LimnFieldWalk walk;
        bool keywords;
        size_t next;
} LimnItemValues;
#define LIMN_ITEM_VALUES(of_item, of_event)                                 \
        ((LimnItemValues){.walk = LIMN_FIELD_WALK(&(of_item)->field, of_event), \
                          .keywords = !(of_item)->field.name.p})
/* The next one; p NULL for null. False: no more. */
bool limn_item_value(LimnItemValues *values, LimnSlice *ret);

/* One value against one of the item's operands (its alternatives included); null meets none. */
LimnVerdict limn_item_compare(const LimnItem *item, const LimnOperand *operand, LimnSlice value,
                              const LimnEvent *event, LimnRegexScratch *scratch);
/* All of the event's values against one operand; not for `exists`. */
LimnVerdict limn_item_operand(const LimnItem *item, const LimnOperand *operand,
                              const LimnEvent *event, LimnRegexScratch *scratch);
LimnVerdict limn_item_match(const LimnItem *item, const LimnEvent *event,
                            LimnRegexScratch *scratch);
