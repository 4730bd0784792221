/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Repeat: rules whose hits say again and again that something goes on (`limn: repeat:`).
 *
 * A run is what hits of one rule in one source are that have the same values of `by`, as long as
 * those of `change` stay the same, none of the rules in `until` hits in the source, and less than
 * `every` has passed since its first. A run of up to LIMN_RUN_WHOLE hits is stored whole. Of a
 * longer one are stored: the first and the last; hits in equal numbers from each other, at least
 * half as many; both ends of its longest silences; and of each number in `follow` the first that
 * was as low and the first that was as high as any. Each stored hit says for how many it stands:
 * itself and those after the stored one before it.
 *
 * So what a run costs does not grow with its hits, and first, last, counts, silences, changes and
 * extremes are exact.
 */
#include "rules/rules.h"

#define LIMN_RUN_WHOLE 16
#define LIMN_RUN_SILENCES 8
#define LIMN_RUN_FOLLOWS 4

/* `node` NULL: nothing. Every error is reported. */
int limn_repeat_load(LimnDetection *detection, LimnRules *rules, const LimnYaml *node,
                     LimnDiag *diag);
/* Once all rules are there: ties `until` to rules; a correlation may not count such hits. */
int limn_repeat_link(LimnRules *rules, LimnDiag *diag);

/* What decides to which run a hit belongs, as bytes. */
typedef struct LimnRepeatKey {
        size_t by, change, follow; /* lengths of its three parts */
        uint64_t hash;             /* of the first */
} LimnRepeatKey;
/* Appends the key of a hit with these fields (sorted or not) to `out`. */
void limn_repeat_key(const LimnDetection *rule, const LimnField *fields, size_t n, LimnBuf *out,
                     LimnRepeatKey *ret);
/* Value number i of a part of a key, which it lies in; p NULL: it has none. */
LimnSlice limn_repeat_value(LimnSlice part, size_t i);

typedef struct LimnRepeatHit {
        const LimnDetection *rule;
        int64_t id, segment_id;
        uint32_t ordinal, length;
        uint64_t line, offset;
        LimnTime time; /* as stamped */
        LimnSlice fields; /* JSON */
        /* Given to the callback: the hit stands for n, those after `since` (NONE: it is the first
         * of its run, or the one before has no time). */
        uint64_t n;
        LimnTime since;
} LimnRepeatHit;
typedef int (*LimnRepeatFn)(void *arg, const LimnRepeatHit *hit);

/* The runs of one source. */
typedef struct LimnRepeats LimnRepeats;
LimnRepeats *limn_repeats_new(void); /* NULL: no memory */
LimnRepeats *limn_repeats_free(LimnRepeats *repeats);

/*
 * A hit of a rule with `repeat`, in the order of the source. `key`: its three parts, as
 * limn_repeat_key() wrote them. Hits of runs that end are handed to `fn`, in the order of the
 * source within each run. 0, -ENOMEM, or what fn returned.
 */
int limn_repeats_add(LimnRepeats *repeats, const LimnRepeatHit *hit, const char *key,
                     const LimnRepeatKey *lengths, LimnRepeatFn fn, void *arg);
/* Another rule hit: the runs that end with it do. */
int limn_repeats_until(LimnRepeats *repeats, const LimnDetection *rule, LimnRepeatFn fn,
                       void *arg);
/* All runs end; hits come in the order of the source (of their ids). */
int limn_repeats_end(LimnRepeats *repeats, LimnRepeatFn fn, void *arg);
