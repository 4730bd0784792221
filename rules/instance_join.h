/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Joining sources into instances, in steps (rules/instance.h): by keys, by names, then roles.
 * Private to rules/instance*.c.
 */
#include "rules/instance.h"
#include "rules/instance_keys.h"
#include "rules/qualifier.h"

/* Kinds that may be one instance: a gateway's log and its pipeline's events are. */
typedef enum LimnFamily {
        LIMN_FAMILY_MYSQLD,
        LIMN_FAMILY_GATEWAY,
        LIMN_FAMILY_OTHER,
} LimnFamily;

/* A set of sources known to speak of one instance; those merged away have `into` set. */
typedef struct LimnCluster {
        uint32_t into;  /* itself, or whom it was merged into */
        uint32_t next;  /* members as a list through sources */
        uint32_t last;
        LimnFamily family;
        LimnSlice role; /* decided late */
        LimnKeySet keys;
} LimnCluster;

#define LIMN_NOBODY UINT32_MAX

typedef struct LimnJoining {
        const LimnInstanceSource *sources;
        uint32_t n;
        LimnQualifier *qualifiers;
        LimnCluster *clusters; /* one a source to begin with */
        LimnKeys keys;
} LimnJoining;

LimnFamily limn_family_of_kind(LimnSlice kind);
bool limn_key_is_own(const LimnJoining *j, uint32_t source, const LimnInstanceKey *key);
uint32_t limn_cluster_of(const LimnJoining *j, uint32_t source);
/* Has the source's cluster any key that joins? */
bool limn_cluster_has_keys(const LimnJoining *j, uint32_t source);
bool limn_same_name(const LimnJoining *j, uint32_t a, uint32_t b);
bool limn_same_folder(const LimnJoining *j, uint32_t a, uint32_t b);
/* Merges the clusters of two sources unless their keys contradict. 0 or -ENOMEM. */
int limn_clusters_join(LimnJoining *j, uint32_t x, uint32_t y);

/* The steps. 0 or -ENOMEM. */
int limn_joining_start(LimnJoining *j);
int limn_join_by_keys(LimnJoining *j);
int limn_join_by_name(LimnJoining *j);
/* `keyed_only`: clusters without keys are not counted when the source is assumed. */
int limn_decide_roles(LimnJoining *j, bool keyed_only);

/* 1 target, 2 replica, 3 source; 0: no role. */
int limn_role_weight(LimnSlice role);
