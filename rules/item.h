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

LimnVerdict limn_item_match(const LimnItem *item, const LimnEvent *event,
                            LimnRegexScratch *scratch);
