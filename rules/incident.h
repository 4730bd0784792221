/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Incidents: what opens a finding, merged by entity and time. Private to diagnosis. */
#include "rules/term.h"

typedef struct LimnOpening {
        const LimnTerm *term;
        LimnRow row;
        LimnSlice key;    /* the values of merge_by, joined */
        bool key_missing; /* one of them was not there */
        size_t order;     /* as observed: the tie break */
} LimnOpening;

typedef struct LimnGroup { /* openings of one incident, in time */
        LimnTime start, end;
        LimnSlice key;
        struct {
                LimnOpening *at;
                size_t n, cap;
        } openings;
        /* Filled by limn_group_entities(). */
        int64_t instance;
        LimnEntity *entities;
        size_t n_entities;
} LimnGroup;

typedef struct LimnGroups {
        LimnGroup *at; /* by start, key */
        size_t n, cap;
} LimnGroups;

void limn_groups_done(LimnGroups *groups);
/* Observes the opening terms of a document and merges what they give. */
int limn_groups_open(const LimnObserver *observer, const LimnDiagnosis *diagnosis, LimnGroups *ret);
