/* SPDX-License-Identifier: Apache-2.0 */
/* limn parse: events of files as JSON lines, without a case. */
#include <errno.h>

#include "cli/option_values.h"
#include "cli/source_named.h"
#include "core/event_json.h"
#include "core/frame.h"
#include "core/limits.h"
#include "ingest/frame.h"
#include "ingest/stream.h"
#include "parsers/registry.h"

/* As the pipeline does it: a record of this length is ended, and parsed as far as it is here. */
#define WINDOW LIMN_RECORD_PARSED_MAX

typedef struct Run {
        LimnCli *cli;
        const LimnFormat *format; /* --format, or NULL */
        LimnTime reference;
        LimnZonesGiven zones;
        LimnArena *arena;
        LimnBuf out;
        char *window, *spare; /* WINDOW bytes each */
        size_t read, failed;
} Run;

typedef struct Source {
        const char *path;
        LimnStream *stream;
        const LimnFormat *format;
        LimnParse parse;
        _Alignas(max_align_t) char frame_state[LIMN_STATE_MAX];
        _Alignas(max_align_t) char parse_state[LIMN_STATE_MAX];
        uint64_t offset, line;
        size_t n;   /* bytes in the window */
        bool ended; /* the stream has no more */
} Source;

static int fill(Run *run, Source *source)
{
        size_t n = 0;
        int r;

        if (source->ended || source->n == WINDOW)
                return 0;
        r = limn_stream_read(source->stream, run->window + source->n, WINDOW - source->n, &n,
                             run->cli->diag);
        if (r < 0)
                return r;
        source->n += n;
        source->ended = source->n < WINDOW || r == LIMN_STREAM_TRUNCATED;
        run->failed += r == LIMN_STREAM_TRUNCATED;
        return 0;
}

/* Parses and prints a record; `length` is its own, of which `bytes` may be the beginning. */
static int print(Run *run, Source *source, LimnSlice bytes, uint64_t length)
{
        LimnEvent event = {.record = bytes, .time = LIMN_TIME_NONE};
        int r;

        limn_arena_reset(run->arena);
        r = source->format->parse(bytes, &source->parse, &event);
        if (r < 0)
                return r;
        limn_buf_clear(&run->out);
        r = limn_event_to_json(&event, source->path, source->line, source->offset, length,
                               &run->out);
        if (r >= 0)
                r = limn_buf_add_char(&run->out, '\n');
        if (r < 0)
                return r;
        /* Whether it could be written shows when main flushes. */
        fwrite(run->out.p, 1, run->out.n, stdout);
        source->offset += length;
        return 0;
}

/* The window is full and its record goes on: the rest of it is counted, not kept. */
static int print_long(Run *run, Source *source)
{
        LimnSlice head = limn_slice(run->window, source->n);
        bool mid_line = head.p[head.n - 1] != '\n', open = true;
        uint64_t length = head.n, lines = limn_count_lines(head);
        size_t n = 0, used = 0;
        int r;

        while (open) {
                memmove(run->spare, run->spare + used, n - used);
                n -= used;
                size_t more = 0;
                r = source->ended ? 0
                                  : limn_stream_read(source->stream, run->spare + n, WINDOW - n,
                                                     &more, run->cli->diag);
                if (r < 0)
                        return r;
                run->failed += r == LIMN_STREAM_TRUNCATED;
                source->ended |= n + more < WINDOW || r == LIMN_STREAM_TRUNCATED;
                n += more;
                used = limn_frame_rest(source->format, limn_slice(run->spare, n), source->ended,
                                       &mid_line, &open);
                length += used;
                lines += limn_count_lines(limn_slice_to(limn_slice(run->spare, n), used));
                open &= !source->ended || n - used > 0;
        }
        r = print(run, source, head, length);
        source->line += lines;
        memmove(run->window, run->spare + used, n - used);
        source->n = n - used;
        return r;
}

static int print_all(Run *run, Source *source)
{
        int r = 0;

        while (r >= 0) {
                LimnSlice rest = limn_slice(run->window, source->n);
                while (rest.n && r >= 0) {
                        size_t n = limn_frame_next(source->format, rest, source->ended,
                                                   source->frame_state);
                        if (n == 0)
                                break;
                        LimnSlice record = limn_slice_to(rest, n);
                        r = print(run, source, record, n);
                        source->line += limn_count_lines(record);
                        rest = limn_slice_from(rest, n);
                }
                if (r < 0)
                        break;
                if (rest.n == WINDOW) {
                        r = print_long(run, source);
                } else {
                        memmove(run->window, rest.p, rest.n);
                        source->n = rest.n;
                        if (source->ended && source->n == 0)
                                return 0;
                }
                if (r >= 0)
                        r = fill(run, source);
        }
        return r;
}

static const LimnZone *zone_of(const Run *run, const char *path)
{
        for (size_t i = run->zones.n; i > 0; i--)
                if (limn_source_named(run->zones.at[i - 1].source, path))
                        return run->zones.at[i - 1].zone;
        return NULL;
}

static int parse_member(Run *run, const LimnEntry *entry, LimnStream *stream)
{
        const char *path = limn_stream_path(stream);
        Source source = {.path = path, .line = 1, .stream = stream};
        bool named = entry->named && strcmp(path, entry->path) == 0;
        int r = fill(run, &source);

        if (r < 0)
                return r;
        source.format = run->format;
        if (!source.format)
                source.format = limn_format_detect(limn_slice(run->window, source.n),
                                                   source.ended, NULL);
        source.parse = (LimnParse){.arena = run->arena,
                                   .zone = zone_of(run, path),
                                   .reference = run->reference,
                                   .state = source.parse_state};
        if (source.format) {
                run->read++;
                return print_all(run, &source);
        }
        run->failed += named;
        limn_diag_add(run->cli->diag, &(LimnMessage){
                .severity = named ? LIMN_DIAG_ERROR : LIMN_DIAG_NOTE,
                .what = "not a text file",
                .where = path,
                .help = named ? "--format reads it all the same" : NULL});
        return 0;
}

static int parse_entry(Run *run, const LimnEntry *entry)
{
        LimnStream *stream = NULL;
        int r = limn_stream_open(&stream, entry, run->cli->diag);

        if (r == -ENOMEM)
                return r;
        if (r < 0) {
                run->failed++;
                return 0;
        }
        while ((r = limn_stream_next_member(stream, run->cli->diag)) == 0) {
                r = parse_member(run, entry, stream);
                if (r < 0)
                        break;
        }
        run->failed += limn_stream_broken(stream);
        limn_stream_free(stream);
        return r < 0 ? r : 0;
}

/* 0, an exit status, or -ENOMEM. */
static int read_options(Run *run)
{
        LimnCli *cli = run->cli;
        const char *format = limn_cli_get(cli, LIMN_OPT_FORMAT);

        if (format) {
                run->format = limn_format_find(format);
                if (!run->format)
                        return limn_option_bad(cli, "format", format,
                                               "limn formats lists the formats");
        }
        int r = limn_option_time(cli, LIMN_OPT_REFERENCE_TIME, "reference-time", &run->reference);
        return r ? r : limn_option_zones(cli, &run->zones);
}

static int parse_paths(Run *run)
{
        LimnWalk walk = {0};
        int r = limn_walk(&walk, run->cli->args, run->cli->n_args, NULL, 0, run->cli->diag);

        for (size_t i = 0; r == 0 && i < walk.n; i++)
                r = parse_entry(run, &walk.at[i]);
        run->failed += walk.failed;
        limn_walk_done(&walk);
        if (r < 0)
                return r;
        if (run->read == 0)
                return LIMN_EXIT_NOTHING;
        return run->failed ? LIMN_EXIT_PARTIAL : LIMN_EXIT_OK;
}

static int run_parse(LimnCli *cli)
{
        Run run = {.cli = cli, .reference = LIMN_TIME_NONE, .out = LIMN_BUF(LIMN_OUTPUT_MAX)};
        int r = read_options(&run);

        if (r == 0) {
                run.arena = limn_arena_new(LIMN_RECORD_ARENA_MAX);
                run.window = malloc(WINDOW);
                run.spare = malloc(WINDOW);
                r = run.arena && run.window && run.spare ? parse_paths(&run) : -ENOMEM;
        }
        limn_zones_given_done(&run.zones);
        limn_arena_free(run.arena);
        limn_buf_done(&run.out);
        free(run.window);
        free(run.spare);
        return r;
}

static const LimnOption options[] = {
        LIMN_OPT_FORMAT, LIMN_OPT_REFERENCE_TIME, LIMN_OPT_TZ, _LIMN_OPT_MAX,
};

const LimnCommand limn_cmd_parse = {
        .name = "parse",
        .usage = "PATH...",
        .help = "print the events of files as JSON, one a line",
        .details =
                "Reads files, folders, archives (tar, zip, 7z), compressed files or `-` (standard "
                "input), cuts them into "
                "records and prints what each means, without a case.\n\n"
                "Keys: source, line, offset, length (bytes of the decompressed source), time "
                "(UTC), time_raw, time_basis, level, level_raw, component, thread, code, logger, "
                "message, fields. What an event has not is left out. A record that its format does not "
                "understand has its text as the message.",
        .options = options,
        .min_args = 1,
        .max_args = SIZE_MAX,
        .args_are = LIMN_ARGS_READ,
        .run = run_parse,
};
