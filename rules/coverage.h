/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Coverage: the stretches of time for which a source can testify.
 *
 * "No restart was seen" proves something only where the log that would show it was supplied.
 *   - A steady format (gateway, events) writes at its own rhythm: a silence above the larger of
 *     15 minutes and 10 times the 99th percentile of its gaps is a hole.
 *   - A sparse format (server logs) writes when something happens: covered from its first to its
 *     last record, and on to the time of collection where that is stated.
 * Rotated files of one log (`series`) are one stream: from the last record of error.log.2 to the
 * first of error.log.1 it is covered when both are there (for steady ones: unless it is a hole);
 * where a number is missing, it is a hole. The space between belongs to the older file.
 *
 * Memory is a few KiB a source, whatever its size: gaps are kept as a histogram (each octave of
 * microseconds in 16 parts, so that the percentile is at most 7 % high) and those above 15
 * minutes one by one.
 */
#include <stdint.h>

#include "core/slice.h"
#include "core/time.h"

typedef struct LimnCoverage LimnCoverage;

LimnCoverage *limn_coverage_new(bool steady); /* NULL: no memory */
LimnCoverage *limn_coverage_free(LimnCoverage *coverage);

/*
 * The source has records all through [start, end] (one record: both the same), in the order of
 * the file. Times that go back only move nothing: silence is measured from the latest time so
 * far. NONE is left out. 0 or -ENOMEM.
 */
int limn_coverage_add(LimnCoverage *coverage, LimnTime start, LimnTime end);

typedef struct LimnCoverageSource {
        const LimnCoverage *coverage;
        LimnTime collected; /* when the files were taken, if a snapshot says so; else NONE */
        /* Files with the same series are rotations of one log, `rotation` rising with age, 0 the
         * one still written. Series 0: none. Set both from limn_rotation() and the instance. */
        uint32_t series;
        int rotation;
} LimnCoverageSource;

/* Stretches of source i, inclusive. Non-zero stops. */
typedef int (*LimnCoverageFn)(void *arg, size_t source, LimnTime start, LimnTime end);

/* Calls fn by source, then time. 0, what fn returned, or -ENOMEM. */
int limn_coverage(const LimnCoverageSource *sources, size_t n, LimnCoverageFn fn, void *arg);

/* What silence of a steady source is a hole: max(15 min, 10 * p99), or what was set: for one of
 * which only the stretches are known. */
LimnDuration limn_coverage_hole(const LimnCoverage *coverage);
void limn_coverage_set_hole(LimnCoverage *coverage, LimnDuration hole);

/* `mysql-error.log.2.gz` -> `mysql-error.log`, 2; without a number: the path itself, 0. Names with
 * a date (`log4j-2026-11-22-07.log.gz`, `stdout--2026-11-22--07-00`, `error.log-20261122`) have
 * numbers that rise with age as well, neighbours one apart. */
LimnSlice limn_rotation(LimnSlice path, int *ret_number);
