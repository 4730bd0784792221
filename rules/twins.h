/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Twins: two sources that hold the same records (gateway.log and gateway.jsonl).
 *
 * Two sources of one instance are twins when at least 80 % of the messages of the one to be left
 * out are found in the other at the same time, at the coarser resolution of the two. The error
 * that was logged with a message stands behind it or in a field (twin_text.h), or is left out by
 * one of the layouts; two different errors make two messages. The one with the finer resolution
 * counts; with equal resolution the one with more messages, then the lower source. Where the finer
 * is only an excerpt, so that the coarser holds much that it lacks, the coarser counts: nothing is
 * left out that is not in the other.
 *
 * Memory is bounded: a sketch keeps at most LIMN_TWIN_SAMPLE messages, chosen by their own
 * content, so that both sources of a pair choose the same ones.
 */
#include <stdint.h>

#include "core/slice.h"
#include "core/time.h"

#define LIMN_TWIN_SAMPLE 16384
#define LIMN_TWIN_PERCENT 80
/* Fewer messages than this prove nothing. */
#define LIMN_TWIN_LEAST 5

typedef struct LimnTwinSketch LimnTwinSketch;

LimnTwinSketch *limn_twin_sketch_new(void); /* NULL: no memory */
LimnTwinSketch *limn_twin_sketch_free(LimnTwinSketch *sketch);
/* `time` corrected by the source's clock (NONE: left out); of `message` the first line is compared,
 * without blanks at its ends; of `trace` (empty: none) the error that it begins with. */
void limn_twin_sketch_add(LimnTwinSketch *sketch, LimnTime time, LimnSlice message,
                          LimnSlice trace);

typedef struct LimnTwinSource { /* in the order of SHA-256 */
        const LimnTwinSketch *sketch; /* NULL: never a twin */
        uint32_t instance;            /* 0: none, and never a twin */
        LimnDuration resolution;      /* of its stamps; 0: a second */
} LimnTwinSource;

#define LIMN_TWIN_NONE UINT32_MAX

/* ret[i]: the source that counts in place of source i, itself never left out; or NONE.
 * 0 or -ENOMEM. */
int limn_twins(const LimnTwinSource *sources, size_t n, uint32_t *ret);
