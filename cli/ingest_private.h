/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the files of the pipeline share (cli/pipeline.h says how it works). */
#include <pthread.h>
#include <stddef.h>

#include "cli/pipeline.h"
#include "cli/unexplained.h"
#include "core/hash.h"
#include "core/limits.h"
#include "core/vec.h"
#include "db/segment.h"
#include "ingest/frame.h"
#include "ingest/stream.h"
#include "ingest/turnstile.h"
#include "rules/coverage.h"
#include "rules/matcher.h"
#include "rules/repeat.h"

/* A source in the case that begins like the one being read. */
typedef struct LimnCandidate {
        int64_t id;
        uint64_t size;
        char sha256[LIMN_SHA256_HEX];
} LimnCandidate;

typedef struct LimnCandidates {
        LimnCandidate *at; /* by size */
        size_t n, cap;
} LimnCandidates;

/* A source on its way: made at READ, ended at WRITE. Each part is touched behind one gate only,
 * or behind a later one once no segment of the source is before it. */
typedef struct LimnSourceRun {
        /* READ */
        char *path;
        const LimnFormat *format, *rival;
        const LimnZone *zone; /* or NULL */
        char head[LIMN_SHA256_HEX]; /* of the first line */
        bool truncated;
        bool once; /* it cannot be read again before it is written: in an archive, from a pipe */
        uint64_t received;
        char received_sha256[LIMN_SHA256_HEX]; /* "" when not compressed */
        uint64_t lines;

        /* PARSE */
        _Alignas(max_align_t) char state[LIMN_STATE_MAX];
        bool outside; /* as in LimnSegmentWork, of the segment before */
        LimnSourceTotals totals;
        size_t undecided; /* matches that a limit of regular expressions cut short */
        uint64_t twice, never; /* local times that the clocks went through twice, or left out */
        LimnUnexplained *unexplained;
        LimnCoverage *coverage; /* of steady formats; as stamped */

        /* WRITE */
        int64_t id;
        LimnSha256 *sha;
        LimnCandidates older; /* of which it may be a later state; READ fills it */
        size_t n_older;       /* of them passed */
        int64_t supersedes;
        uint64_t hits;
        LimnDuration resolution; /* the finest of its hits' stamps; 0: none has one */
        LimnRepeats *repeats;    /* NULL: none yet */
} LimnSourceRun;

LimnSourceRun *limn_source_run_free(LimnSourceRun *run);

typedef struct LimnSegmentHit {
        const LimnDetection *rule;
        uint32_t ordinal, length;
        uint64_t line, offset;
        LimnTime time;
        size_t fields, n_fields; /* in the segment's `json` */
        size_t key;              /* in `keys`; for rules with `repeat` */
        LimnRepeatKey lengths;
} LimnSegmentHit;

/* What one thread works with: a segment and all that becomes of it. Reused. */
typedef struct LimnSegmentWork {
        LimnDiag *diag; /* of this ticket; moved on at WRITE, so that messages keep their order */
        int error;      /* ends the run, at WRITE */

        /* READ */
        LimnSourceRun *source; /* NULL: only messages */
        bool first, final, end;
        char *bytes;
        size_t n, cap;
        uint64_t offset, first_line;
        LimnCuts cuts; /* none: the rest of a record too long */
        char state[LIMN_STATE_MAX]; /* frame state, then parse state */
        uint64_t received;          /* of all sources, for progress */

        /* between the gates, and in them for formats with a state */
        LimnMatcher *matcher;
        LimnMarks marks;
        LimnPacker *packer;
        LimnBuf packed;

        LimnArena *arena;
        const LimnFormat *applicable_to;
        const LimnApplicable *applicable;
        bool parsed;
        bool outside; /* the last stamped record was before --since or after --until */
        LimnTime time_min, time_max; /* of all records */
        uint32_t level_mask;
        LimnSourceTotals totals;     /* the segment's share */
        uint64_t twice, never;
        size_t undecided;
        LimnUnexplained *unexplained;
        struct {
                LimnTime *at;
                size_t n, cap;
        } times; /* of steady formats: each below or above all before it in the segment */
        struct {
                LimnSegmentHit *at;
                size_t n, cap;
        } hits;
        LimnBuf json, keys;
} LimnSegmentWork;

typedef struct LimnReader {
        LimnWalk walk;
        size_t next; /* entry */
        uint64_t received_before; /* of sources done */
        LimnStream *stream;       /* of the entry being read, or NULL */
        const LimnEntry *entry;   /* it */
        LimnSourceRun *source;
        _Alignas(max_align_t) char frame_state[LIMN_STATE_MAX];
        char *carry; /* LIMN_SEGMENT_MAX + 1: the record that the last segment left open */
        size_t carry_n;
        bool ended;          /* the stream has no more */
        bool rest, mid_line; /* within a record that was ended because of its length */
        uint64_t offset;
} LimnReader;

typedef struct LimnPipeline {
        LimnCase *c;
        const LimnRules *rules;
        const LimnIngestOptions *options;
        LimnDiag *diag;          /* WRITE */
        LimnIngestStats stats;   /* counted at READ or at WRITE, never at both */
        int64_t *rule_ids;       /* by LimnDetection.index */
        LimnReader reader;       /* READ */
        bool done;               /* READ */
        bool *zone_used;         /* READ; by option */
        LimnTime reference;      /* for stamps without a year; set before the threads start */
        uint64_t tickets;        /* atomic */
        LimnTurnstile read, parse, write;
        pthread_mutex_t case_lock; /* READ asks what is known while WRITE writes */
        int error;                 /* WRITE */
        int64_t next_hit;          /* WRITE; its hit_id, also where it is not stored */
        size_t known_late;         /* WRITE; of stats.known */
        /* Heads of sources between READ and the end of WRITE; READ appends, a ticket behind which
         * the source is complete tells when one may be forgotten. */
        struct LimnInFlight {
                char head[LIMN_SHA256_HEX];
                uint64_t final_ticket; /* UINT64_MAX: not known yet */
        } in_flight[LIMN_JOBS_MAX + 1];
        size_t n_in_flight;
} LimnPipeline;

/* cli/ingest_reference.c: sets p->reference. Negative: fatal. */
int limn_ingest_reference(LimnPipeline *p);
/* cli/ingest_read.c: the next segment, or only messages. Errors go to work->error. */
void limn_ingest_read(LimnPipeline *p, LimnSegmentWork *work, uint64_t ticket);
/* cli/ingest_known.c */
typedef enum LimnKnown {
        LIMN_SOURCE_NEW = 0, /* run->older is filled */
        LIMN_SOURCE_KNOWN = 1,
} LimnKnown;
/* Is the source at `entry` in the case already? Negative: fatal. */
int limn_ingest_known(LimnPipeline *p, LimnSourceRun *run, const LimnEntry *entry,
                      LimnStream *stream, bool empty, LimnDiag *diag);
/* Of a source that was read to its end, and no sooner: is the case's source of the same content, or
 * one that begins with it, in the case already? 1 yes, and that was said; 0 no. */
int limn_ingest_known_late(LimnPipeline *p, const LimnSourceRun *run, uint64_t size,
                           const char *sha256, LimnDiag *diag);
/* A note that the source says nothing new, unless it is the very same file. */
int limn_ingest_say_known(LimnPipeline *p, const LimnSourceRun *run, int64_t source,
                          const char *relation, LimnDiag *diag);
/* cli/ingest_parse.c: may the segment be parsed without what is before it? Then it need not wait
 * for its turn. */
bool limn_ingest_parses_alone(const LimnPipeline *p, const LimnSegmentWork *work);
/* Sets work->applicable for its source. 0 or -ENOMEM. */
int limn_ingest_applicable(LimnSegmentWork *work);
int limn_ingest_parse(LimnPipeline *p, LimnSegmentWork *work);
/* In turn: the segment's share into the source's figures. */
int limn_ingest_merge(LimnSegmentWork *work);
/* cli/ingest_write.c */
int limn_ingest_write(LimnPipeline *p, LimnSegmentWork *work);
