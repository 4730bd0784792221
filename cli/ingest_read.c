/* SPDX-License-Identifier: Apache-2.0 */
/* The READ gate: entries to sources, sources to segments of whole records. */
#include <errno.h>
#include <stdlib.h>

#include "cli/ingest_private.h"
#include "cli/source_named.h"
#include "ingest/sniff.h"
#include "parsers/registry.h"

/* Ordinals of records have 20 bits. */
#define RECORDS_MAX ((size_t)1 << 20)

LimnSourceRun *limn_source_run_free(LimnSourceRun *run)
{
        if (!run)
                return NULL;
        limn_unexplained_free(run->unexplained);
        limn_repeats_free(run->repeats);
        limn_coverage_free(run->coverage);
        limn_sha256_free(run->sha);
        free(run->older.at);
        free(run->path);
        free(run);
        return NULL;
}

/* -- what a source is ----------------------------------------------------------------------- */

static const LimnZone *zone_of(LimnPipeline *p, const char *path)
{
        const LimnZone *zone = NULL;

        for (size_t i = 0; i < p->options->n_zones; i++) {
                if (!limn_source_named(p->options->zones[i].source, path))
                        continue;
                zone = p->options->zones[i].zone;
                p->zone_used[i] = true;
        }
        return zone;
}

/* The first line: what a file keeps while it grows. */
static int hash_head(LimnSlice head, char ret[LIMN_SHA256_HEX])
{
        LimnSlice text = limn_slice_to(head, LIMN_DETECT_BYTES);
        size_t end = limn_slice_chr(text, '\n');

        return limn_sha256_of(limn_slice_to(text, end), ret);
}

static void say(LimnDiag *diag, LimnSeverity severity, const char *path, const char *what,
                const char *why, const char *help)
{
        limn_diag_add(diag, &(LimnMessage){.severity = severity, .what = what, .where = path,
                                           .why = why, .help = help});
}

/* Text of a kind that can be read? Said and counted if not. */
static bool readable(LimnPipeline *p, const char *path, bool named, LimnSlice head,
                     LimnDiag *diag)
{
        const char *what, *help;
        LimnContent content = limn_sniff(head, &what, &help);
        LimnBuf why = LIMN_BUF(256);
        bool fails = named || content == LIMN_CONTENT_UTF16;

        if (content == LIMN_CONTENT_TEXT)
                return true;
        limn_buf_printf(&why, "it is %s", what ? what : "binary, no text");
        say(diag, fails ? LIMN_DIAG_ERROR : LIMN_DIAG_NOTE, path,
            fails ? "cannot read" : "skipped", limn_buf_str(&why), help);
        limn_buf_done(&why);
        if (fails)
                p->stats.failed++;
        else
                p->stats.skipped++;
        return false;
}

static int choose_format(LimnPipeline *p, LimnSourceRun *run, LimnSlice head, bool whole,
                         LimnDiag *diag)
{
        LimnBuf why = LIMN_BUF(256);

        if (p->options->format) {
                run->format = p->options->format;
                return 0;
        }
        run->format = limn_format_detect(limn_sniff_text(head), whole, &run->rival);
        if (!run->format) {
                run->format = limn_format_find("plain");
                run->rival = NULL;
        }
        if (run->rival) {
                limn_buf_printf(&why, "it looks as much like %s", run->rival->name);
                say(diag, LIMN_DIAG_WARNING, run->path, "the format is not certain",
                    limn_buf_str(&why), "--format decides");
                limn_buf_done(&why);
        }
        return run->format->frame_state_size + run->format->state_size <= LIMN_STATE_MAX
                       ? 0
                       : -EINVAL;
}

/* -- bytes ---------------------------------------------------------------------------------- */

static int reserve(LimnSegmentWork *work, size_t cap)
{
        char *p;

        if (work->cap >= cap)
                return 0;
        p = realloc(work->bytes, cap);
        if (!p)
                return -ENOMEM;
        work->bytes = p;
        work->cap = cap;
        return 0;
}

/* Reads until work->bytes holds `want` bytes, or all there are. */
static int fill(LimnReader *reader, LimnSegmentWork *work, size_t want)
{
        int r = reserve(work, want + 1);
        size_t got = 0;

        if (r < 0 || reader->ended || work->n > want)
                return r;
        /* One more than wanted tells whether this is the end. */
        r = limn_stream_read(reader->stream, work->bytes + work->n, want + 1 - work->n, &got,
                             work->diag);
        if (r < 0)
                return r;
        work->n += got;
        reader->ended = work->n <= want;
        if (r == LIMN_STREAM_TRUNCATED && reader->source)
                reader->source->truncated = reader->ended = true;
        return 0;
}

/* The entry may hold another one. */
static void end_source(LimnReader *reader)
{
        reader->source = NULL;
        reader->carry_n = 0;
}

static void close_entry(LimnPipeline *p)
{
        LimnReader *reader = &p->reader;

        reader->received_before += limn_stream_taken(reader->stream);
        p->stats.skipped += limn_stream_refused(reader->stream);
        p->stats.failed += limn_stream_broken(reader->stream);
        limn_stream_free(reader->stream);
        reader->stream = NULL;
}

/* -- sources -------------------------------------------------------------------------------- */

/* A source is complete once `final_ticket` is; forgets those that are already. */
static void remember_in_flight(LimnPipeline *p, const char *head)
{
        struct LimnInFlight *last;

        if (p->n_in_flight == sizeof(p->in_flight) / sizeof(p->in_flight[0])) {
                /* As many tickets are out as there are threads: the oldest has long passed. */
                memmove(p->in_flight, p->in_flight + 1, (p->n_in_flight - 1) * sizeof(*last));
                p->n_in_flight--;
        }
        last = &p->in_flight[p->n_in_flight++];
        memcpy(last->head, head, sizeof(last->head));
        last->final_ticket = UINT64_MAX;
}

/* The next member of the entry that is being read, or of the next entry; *ret its run. 1: there is
 * none, look again. */
static int next_member(LimnPipeline *p, LimnDiag *diag, LimnSourceRun **ret)
{
        LimnReader *reader = &p->reader;
        LimnSourceRun *run;
        int r;

        if (!reader->stream) {
                reader->entry = &reader->walk.at[reader->next++];
                r = limn_stream_open(&reader->stream, reader->entry, diag);
                if (r < 0) {
                        p->stats.failed++;
                        return r == -ENOMEM ? r : 1;
                }
        }
        r = limn_stream_next_member(reader->stream, diag);
        if (r == 1)
                close_entry(p);
        if (r)
                return r;
        run = calloc(1, sizeof(*run));
        if (!run || !(run->path = strdup(limn_stream_path(reader->stream)))) {
                free(run);
                return -ENOMEM;
        }
        run->totals.first_time = run->totals.last_time = LIMN_TIME_NONE;
        *ret = run;
        return 0;
}

/* Begins the next source with the first bytes of it in `work`. 0 begun, 1 there is nothing to read
 * in it. */
static int begin_source(LimnPipeline *p, LimnSegmentWork *work)
{
        LimnReader *reader = &p->reader;
        LimnSourceRun *run;
        LimnSlice head;
        bool named;
        int r = next_member(p, work->diag, &run);

        if (r)
                return r;
        reader->offset = 0;
        reader->ended = reader->rest = false;
        memset(reader->frame_state, 0, sizeof(reader->frame_state));
        work->n = 0;
        reader->source = run;
        named = reader->entry->named && strcmp(run->path, reader->entry->path) == 0;
        r = fill(reader, work, LIMN_SEGMENT_BYTES);
        head = limn_slice(work->bytes, work->n < LIMN_DETECT_BYTES ? work->n : LIMN_DETECT_BYTES);
        if (r == 0 && run->truncated)
                p->stats.failed += work->n == 0;
        if (r == 0 && !readable(p, run->path, named, head, work->diag))
                r = 1;
        if (r == 0 && work->n == 0) {
                if (run->truncated) {
                        r = 1;
                } else {
                        say(work->diag, LIMN_DIAG_WARNING, run->path, "the file is empty", NULL,
                            NULL);
                        p->stats.empty++;
                }
        }
        if (r == 0)
                r = hash_head(limn_slice(work->bytes, work->n), run->head);
        if (r == 0) {
                r = limn_ingest_known(p, run, reader->entry, reader->stream, work->n == 0,
                                      work->diag);
                if (r == LIMN_SOURCE_KNOWN) {
                        p->stats.known++;
                        p->stats.truncated += run->truncated;
                }
        }
        if (r == 0)
                r = choose_format(p, run, head, reader->ended && work->n == head.n, work->diag);
        if (r == 0) {
                run->zone = zone_of(p, run->path);
                remember_in_flight(p, run->head);
                work->first = true;
                return 0;
        }
        end_source(reader);
        limn_source_run_free(run);
        return r;
}

/* -- segments ------------------------------------------------------------------------------- */

/* Records of the bytes at hand, at least one; more is read while the first is not complete. */
static int cut_records(LimnReader *reader, LimnSegmentWork *work)
{
        const LimnFormat *format = reader->source->format;
        size_t want = LIMN_SEGMENT_BYTES;

        for (;;) {
                LimnSlice bytes = limn_slice_to(limn_slice(work->bytes, work->n), want);
                int r = limn_frame_all(format, bytes, reader->ended && bytes.n == work->n,
                                       reader->frame_state, RECORDS_MAX, &work->cuts);
                if (r < 0 || work->cuts.n > 0 || work->n == 0)
                        return r;
                if (!format->frame || want >= LIMN_SEGMENT_MAX)
                        break;
                want *= 2;
                r = fill(reader, work, want);
                if (r < 0)
                        return r;
        }
        if (format->frame)
                return limn_frame_all(format, limn_slice(work->bytes, want), true,
                                      reader->frame_state, 1, &work->cuts);

        /* A record longer than a segment: its head is one, its rest is others. */
        if (limn_vec_room(&work->cuts) < 0)
                return -ENOMEM;
        work->cuts.bytes = LIMN_SEGMENT_BYTES;
        work->cuts.lines = limn_count_lines(limn_slice(work->bytes, LIMN_SEGMENT_BYTES));
        work->cuts.at[0] = (LimnCut){LIMN_SEGMENT_BYTES, (uint32_t)work->cuts.lines};
        work->cuts.n = 1;
        reader->rest = true;
        reader->mid_line = work->bytes[LIMN_SEGMENT_BYTES - 1] != '\n';
        return 0;
}

/* Takes what belongs to a record that was ended because of its length. True: some does. */
static bool cut_rest(LimnReader *reader, LimnSegmentWork *work)
{
        LimnSlice bytes = limn_slice_to(limn_slice(work->bytes, work->n), LIMN_SEGMENT_BYTES);
        bool last = reader->ended && bytes.n == work->n;
        size_t n = limn_frame_rest(reader->source->format, bytes, last, &reader->mid_line,
                                   &reader->rest);

        work->cuts.n = 0;
        work->cuts.bytes = n;
        work->cuts.lines = limn_count_lines(limn_slice_to(bytes, n));
        if (last && n == bytes.n && n > 0 && bytes.p[n - 1] != '\n')
                work->cuts.lines++;
        return n > 0;
}

static int next_segment(LimnPipeline *p, LimnSegmentWork *work)
{
        LimnReader *reader = &p->reader;
        LimnSourceRun *run = reader->source;
        int r;

        work->source = run;
        work->offset = reader->offset;
        work->first_line = run->lines + 1;
        memcpy(work->state, reader->frame_state, run->format->frame_state_size);
        if (!reader->rest || !cut_rest(reader, work)) {
                r = cut_records(reader, work);
                if (r < 0)
                        return r;
        }
        reader->carry_n = work->n - work->cuts.bytes;
        memcpy(reader->carry, work->bytes + work->cuts.bytes, reader->carry_n);
        work->n = work->cuts.bytes;
        reader->offset += work->n;
        run->lines += work->cuts.lines;
        work->final = reader->ended && reader->carry_n == 0;
        work->received = reader->received_before + limn_stream_taken(reader->stream);
        if (work->final) {
                p->stats.truncated += run->truncated;
                run->received = limn_stream_received(reader->stream);
                r = limn_stream_received_hex(reader->stream, run->received_sha256);
                if (r < 0)
                        return r;
        }
        return 0;
}

void limn_ingest_read(LimnPipeline *p, LimnSegmentWork *work, uint64_t ticket)
{
        LimnReader *reader = &p->reader;
        int r = 0;

        work->source = NULL;
        work->first = work->final = work->end = false;
        work->n = 0;
        work->cuts.n = 0;
        while (r >= 0 && !reader->source) {
                if (p->options->stop && *p->options->stop) {
                        r = -EINTR;
                        break;
                }
                if (!reader->stream && reader->next == reader->walk.n) {
                        work->end = p->done = true;
                        return;
                }
                r = begin_source(p, work);
        }
        if (r >= 0 && !work->first) {
                if (p->options->stop && *p->options->stop)
                        r = -EINTR;
                if (r >= 0)
                        r = reserve(work, reader->carry_n + 1);
                if (r >= 0) {
                        memcpy(work->bytes, reader->carry, reader->carry_n);
                        work->n = reader->carry_n;
                        r = fill(reader, work, LIMN_SEGMENT_BYTES);
                }
        }
        if (r >= 0)
                r = next_segment(p, work);
        if (r >= 0 && work->final) {
                p->in_flight[p->n_in_flight - 1].final_ticket = ticket;
                end_source(reader);
        }
        if (r < 0) {
                work->error = r;
                work->end = p->done = true;
        }
}
