/* SPDX-License-Identifier: Apache-2.0 */
/* The WRITE gate: segments, hits and figures into the case, in the order they were read. */
#include <errno.h>

#include "cli/ingest_private.h"

typedef struct Adding {
        LimnPipeline *p;
        const LimnSourceRun *run;
} Adding;

static int add_unexplained(void *arg, const LimnUnexplainedRow *row)
{
        const Adding *adding = arg;

        return limn_case_unexplained_add(adding->p->c, adding->run->id,
                                         &(LimnCaseUnexplained){.template = row->template,
                                                                .level = row->level,
                                                                .count = row->count,
                                                                .first = row->first,
                                                                .last = row->last,
                                                                .line = row->line,
                                                                .offset = row->offset,
                                                                .text = row->text,
                                                                .burst = row->burst.most,
                                                                .burst_at = row->burst.at},
                                         adding->p->diag);
}

static int begin(LimnPipeline *p, LimnSourceRun *run)
{
        LimnTime reference = p->reference;

        run->sha = limn_sha256_new();
        if (!run->sha)
                return -ENOMEM;
        return limn_case_source_begin(
                p->c,
                &(LimnSourceInfo){
                        .path = limn_slice_str(run->path),
                        .format = run->format,
                        .rival = run->rival ? run->rival->name : NULL,
                        .zone = run->zone ? limn_zone_name(run->zone) : NULL,
                        .reference = reference,
                        .head_sha256 = limn_slice_str(run->head),
                },
                &run->id, p->diag);
}

/* Hashes the segment, and looks on the way whether an earlier state of the file ended in it. */
static int hash_segment(LimnSourceRun *run, const LimnSegmentWork *work)
{
        LimnSlice rest = limn_slice(work->bytes, work->n);
        uint64_t at = work->offset;
        char hex[LIMN_SHA256_HEX];

        for (; run->n_older < run->older.n; run->n_older++) {
                const LimnCandidate *older = &run->older.at[run->n_older];
                size_t n;

                if (older->size > at + rest.n)
                        break;
                n = (size_t)(older->size - at);
                if (limn_sha256_add(run->sha, limn_slice_to(rest, n)) < 0 ||
                    limn_sha256_hex(run->sha, hex) < 0)
                        return -ENOMEM;
                at += n;
                rest = limn_slice_from(rest, n);
                if (older->size > 0 && strcmp(hex, older->sha256) == 0)
                        run->supersedes = older->id;
        }
        return limn_sha256_add(run->sha, rest);
}

static int store_hit(void *arg, const LimnRepeatHit *hit)
{
        const Adding *adding = arg;

        return limn_case_hit_add(adding->p->c, adding->run->id,
                                 &(LimnCaseHit){
                                         .id = hit->id,
                                         .segment_id = hit->segment_id,
                                         .ordinal = hit->ordinal,
                                         .rule_id = adding->p->rule_ids[hit->rule->index],
                                         .line = hit->line,
                                         .offset = hit->offset,
                                         .length = hit->length,
                                         .time = hit->time,
                                         .fields = hit->fields,
                                         .n = hit->n,
                                         .since = hit->since,
                                 },
                                 adding->p->diag);
}

static LimnDuration resolution_of(LimnTime t)
{
        if (t % LIMN_SECOND == 0)
                return LIMN_SECOND;
        return t % 1000 == 0 ? 1000 : 1;
}

static int add_hit(LimnPipeline *p, const LimnSegmentWork *work, const LimnSegmentHit *at,
                   int64_t segment)
{
        LimnSourceRun *run = work->source;
        Adding adding = {p, run};
        const LimnRepeatHit hit = {
                .rule = at->rule,
                .id = p->next_hit++,
                .segment_id = segment,
                .ordinal = at->ordinal,
                .line = at->line,
                .offset = at->offset,
                .length = at->length,
                .time = at->time,
                .fields = limn_slice(work->json.p + at->fields, at->n_fields),
                .n = 1,
                .since = LIMN_TIME_NONE,
        };
        int r = 0;

        if (hit.time != LIMN_TIME_NONE &&
            (run->resolution == 0 || resolution_of(hit.time) < run->resolution))
                run->resolution = resolution_of(hit.time);
        if (run->repeats && at->rule->n_ends)
                r = limn_repeats_until(run->repeats, at->rule, store_hit, &adding);
        if (r || !at->rule->meaning.repeat.node)
                return r ? r : store_hit(&adding, &hit);
        if (!run->repeats && !(run->repeats = limn_repeats_new()))
                return -ENOMEM;
        return limn_repeats_add(run->repeats, &hit, work->keys.p + at->key, &at->lengths, store_hit,
                                &adding);
}

static int add_segment(LimnPipeline *p, LimnSegmentWork *work)
{
        LimnSourceRun *run = work->source;
        int64_t segment;
        int r;

        r = limn_case_segment_add(
                p->c, run->id,
                &(LimnSegmentInfo){
                        .offset = work->offset,
                        .first_line = work->first_line,
                        .length = (uint32_t)work->n,
                        .records = (uint32_t)work->cuts.n,
                        .time_min = work->time_min,
                        .time_max = work->time_max,
                        .level_mask = work->level_mask,
                        .final = work->final,
                        .state = limn_slice(work->state, run->format->frame_state_size +
                                                                 run->format->state_size),
                        .data = limn_buf_slice(&work->packed),
                },
                &segment, p->diag);
        for (size_t i = 0; r == 0 && i < work->hits.n; i++)
                r = add_hit(p, work, &work->hits.at[i], segment);
        run->hits += work->hits.n;
        return r;
}

static int add_stretch(void *arg, size_t unused, LimnTime start, LimnTime end)
{
        const Adding *adding = arg;
        const LimnValue row[] = {LIMN_VALUE_OF_INT(adding->run->id), LIMN_VALUE_OF_INT(start),
                                 LIMN_VALUE_OF_INT(end)};

        return limn_case_insert(adding->p->c, "stretch", "source_id, start, \"end\"", row, 3, NULL,
                                adding->p->diag);
}

/* What could not be read as more than it is, or only with a choice. */
static void say_doubts(LimnPipeline *p, const LimnSourceRun *run)
{
        const LimnSourceTotals *totals = &run->totals;

        if (strcmp(run->format->name, "plain") == 0 && !p->options->format && totals->records)
                limn_diag_addf(p->diag, &(LimnMessage){
                        .severity = LIMN_DIAG_NOTE, .where = run->path,
                        .why = "no format that limn reads fits",
                        .help = "limn formats --explain FILE says what each format looked for"},
                        "kept as plain text; %llu of its %llu lines have a time",
                        (unsigned long long)(totals->naive + totals->stated),
                        (unsigned long long)totals->records);
        if (run->twice)
                limn_diag_addf(p->diag, &(LimnMessage){
                        .severity = LIMN_DIAG_WARNING, .where = run->path,
                        .why = "in this zone the clocks went back: the earlier moment was taken"},
                        "local times that exist twice: %llu", (unsigned long long)run->twice);
        if (run->never)
                limn_diag_addf(p->diag, &(LimnMessage){
                        .severity = LIMN_DIAG_WARNING, .where = run->path,
                        .why = "in this zone the clocks went forward: is it the right one?"},
                        "local times that do not exist: %llu", (unsigned long long)run->never);
}

static void say_end(LimnPipeline *p, const LimnSourceRun *run)
{
        say_doubts(p, run);
        if (run->supersedes)
                limn_diag_add(p->diag, &(LimnMessage){
                        .severity = LIMN_DIAG_NOTE, .where = run->path,
                        .what = "the file has grown since it was read",
                        .why = "its new state replaces the earlier one in the case"});
        if (run->undecided)
                limn_diag_addf(p->diag, &(LimnMessage){
                        .severity = LIMN_DIAG_WARNING, .where = run->path,
                        .why = "a regular expression reached its limit of steps"},
                        "%zu matches could not be decided", run->undecided);
}

static int end(LimnPipeline *p, LimnSourceRun *run, const LimnSegmentWork *work)
{
        LimnSourceTotals *totals = &run->totals;
        char hex[LIMN_SHA256_HEX];
        Adding adding = {p, run};
        int r = limn_sha256_hex(run->sha, hex);

        /* Only now is it known of what could be read but once: members of archives, a FIFO. */
        if (r == 0)
                r = limn_ingest_known_late(p, run, work->offset + work->n, hex, p->diag);
        if (r == 1) {
                p->known_late++;
                return limn_case_source_drop(p->c, run->id, p->diag);
        }
        if (r == 0 && run->repeats)
                r = limn_repeats_end(run->repeats, store_hit, &adding);
        if (r == 0 && run->coverage)
                r = limn_coverage(&(LimnCoverageSource){.coverage = run->coverage,
                                                        .collected = LIMN_TIME_NONE},
                                  1, add_stretch, &adding);
        if (r == 0 && run->unexplained)
                r = limn_unexplained_each(run->unexplained, add_unexplained, &adding);
        if (r < 0)
                return r;
        totals->size = totals->parsed + totals->continuation + totals->unparsed + totals->skipped;
        totals->sha256 = limn_slice_str(hex);
        totals->sha256_received = run->received_sha256[0] ? limn_slice_str(run->received_sha256)
                                                          : totals->sha256;
        totals->size_received = run->received;
        totals->lines = run->lines;
        totals->truncated = run->truncated;
        totals->local_twice = run->twice;
        totals->local_never = run->never;
        totals->resolution = run->resolution;
        totals->hole = run->coverage ? limn_coverage_hole(run->coverage) : 0;
        /* What was concluded before knows nothing of this source. */
        r = limn_case_meta_set(p->c, "concluded_sha256", LIMN_S(""), p->diag);
        if (r == 0)
                r = limn_case_source_end(p->c, run->id, totals, run->supersedes, p->diag);
        if (r < 0)
                return r;
        p->stats.read++;
        p->stats.grown += run->supersedes != 0;
        p->stats.bytes += totals->size;
        p->stats.lines += totals->lines;
        p->stats.records += totals->records;
        p->stats.hits += run->hits;
        say_end(p, run);
        return 0;
}

int limn_ingest_write(LimnPipeline *p, LimnSegmentWork *work)
{
        LimnSourceRun *run = work->source;
        int r = 0;

        limn_diag_move(p->diag, work->diag);
        if (work->error || !run)
                return work->error;
        if (work->first)
                r = begin(p, run);
        if (r == 0)
                r = hash_segment(run, work);
        if (r == 0 && work->n > 0)
                r = add_segment(p, work);
        if (r == 0 && work->final)
                r = end(p, run, work);
        if (r == 0 && work->final) {
                work->source = limn_source_run_free(run);
                work->final = false;
        }
        if (r == 0 && p->options->progress)
                p->options->progress(p->options->progress_arg, work->received,
                                     p->reader.walk.size);
        return r;
}
