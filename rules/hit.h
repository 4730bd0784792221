/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Hit: a detection rule met an event, as the later stages see it: read back from the case, with
 * corrected time, twins already left out.
 */
#include "rules/rules.h"

typedef struct LimnHit {
        int64_t id;        /* hit_id */
        uint32_t rule;     /* index in LimnRules.detections */
        uint32_t source;   /* rank of the source among all, by SHA-256 */
        int64_t source_id;
        int64_t instance;  /* instance_id; 0: none */
        uint64_t offset;   /* in the source */
        LimnTime time;     /* corrected; LIMN_TIME_NONE: a fact only, enters no window */
        LimnDuration uncertainty; /* of the source's clock: one for all of its hits */
        const LimnField *fields; /* sorted by name */
        size_t n_fields;
} LimnHit;

/* By time (none first), source, offset, rule: the one order of everything (never by path). */
int limn_hit_cmp(const void *a, const void *b);
LimnSlice limn_hit_get(const LimnHit *hit, LimnSlice name); /* LIMN_NONE: absent */
