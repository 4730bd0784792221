/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Loading: what a rule set keeps besides the rules: names while it is loaded, what must be freed,
 * and the detections by id. Kinds use rules/kinds.h. */
#include "rules/kinds.h"
#include "rules/names.h"

typedef struct LimnFilter LimnFilter; /* rules/filter.c */

struct LimnLoading {
        LimnNames names;  /* ids and names taken */
        LimnNames failed; /* of documents that did not load */
        struct {
                LimnRegex **at;
                size_t n, cap;
        } regexes;
        struct {
                LimnDetection *at;
                size_t n, cap;
        } detections; /* until they are sorted */
        struct {
                LimnFilter **at;
                size_t n, cap;
        } filters;
        uint32_t *by_id;
        size_t n_by_id;
};

void limn_loading_done(struct LimnLoading *loading);
