/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Pipeline: paths to a case. The only place that wires ingest, parsers, rules and db together.
 *
 * Sources are read one after another, in the order of their paths, each in segments of about
 * LIMN_SEGMENT_BYTES. Several threads work on segments at once; what must happen in order passes
 * turnstiles:
 *
 *   [READ: bytes, records] -> literal scan, compression -> [PARSE: events, hits] -> [WRITE: case]
 *
 * so that the case is the same, byte for byte, for any number of threads. Formats that carry no
 * state from record to record are parsed before PARSE, not in it. Small sources flow through the
 * same gates as the segments of a large one.
 */
#include <signal.h>

#include "cli/option_values.h"
#include "core/format.h"
#include "db/case.h"
#include "ingest/walk.h"
#include "rules/rules.h"

typedef struct LimnIngestOptions {
        unsigned jobs;            /* threads; 0: one a processor */
        bool no_prefilter;        /* every rule on every record: the same hits, slowly */
        const LimnFormat *format; /* NULL: by content */
        LimnTime since, until;    /* as stamped; records outside are stored and not matched */
        LimnTime reference;       /* for stamps without a year */
        const LimnZoneGiven *zones; /* the last that fits counts */
        size_t n_zones;
        const LimnFileId *except; /* our own outputs: not input */
        size_t n_except;
        const volatile sig_atomic_t *stop; /* not 0: end with -EINTR; may be NULL */
        /* Bytes received so far, of how many (0: not known). Called by one thread at a time. */
        void (*progress)(void *arg, uint64_t done, uint64_t total);
        void *progress_arg;
} LimnIngestOptions;

#define LIMN_INGEST_OPTIONS \
        {.since = LIMN_TIME_NONE, .until = LIMN_TIME_NONE, .reference = LIMN_TIME_NONE}

typedef struct LimnIngestStats {
        size_t read;      /* sources now in the case by this run, grown ones too */
        size_t known;     /* were there already */
        size_t grown;     /* of `read`: replace an earlier state of themselves */
        size_t empty;     /* of `read` or `known` */
        size_t truncated; /* of `read`: broke off */
        size_t skipped;   /* in folders: binaries, links, devices */
        size_t failed;    /* could not be read */
        uint64_t bytes, lines, records, hits;
} LimnIngestStats;

/*
 * 0; -EINTR: stopped, what was complete is in the case; -ENOSPC and others of db/case.h, -ENOMEM:
 * with a message. Whatever it returns, sources that were complete stay, and one that was not is
 * dropped by the next run, which reads it anew.
 */
int limn_ingest(LimnCase *c, const LimnRules *rules, const LimnIngestOptions *options,
                const char *const *paths, size_t n_paths, LimnIngestStats *ret_stats,
                LimnDiag *diag);

/* The exit status of an ingest that ended with `result`. */
int limn_ingest_exit(int result, const LimnIngestStats *stats);
