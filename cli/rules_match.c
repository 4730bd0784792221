/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limn rules match: rules over JSON events, one a line, without a case.
 *
 * Hits are printed as they come, episodes behind them. As Sigma has it, a rule that a correlation
 * names is material for it and printed only when the correlation says `generate: true`.
 */
#include <errno.h>

#include "cli/ingest_options.h"
#include "cli/rules_commands.h"
#include "core/json_scan.h"
#include "core/json_write.h"
#include "core/limits.h"
#include "core/vec.h"
#include "ingest/stream.h"
#include "parsers/json_event.h"
#include "rules/correlate.h"
#include "rules/correlation.h"
#include "rules/matcher.h"

#define CHUNK (1024 * 1024)

typedef struct Run {
        LimnCli *cli;
        LimnRules *rules;
        LimnMatcher *matcher;
        const LimnApplicable *all;
        LimnMarks marks;
        LimnArena *event; /* of one line */
        LimnArena *kept;  /* hits for the correlations */
        struct {
                LimnHit *at;
                size_t n, cap;
        } hits;
        LimnBuf out;
        const char *path;
        uint64_t line;
        LimnTime time;
        LimnTime first, last; /* of all events: while the file can testify */
        size_t broken;
        size_t undecided;
} Run;

/* Whether it could be written shows when main flushes. */
static void flush(Run *run)
{
        fwrite(limn_buf_str(&run->out), 1, run->out.n, stdout);
        limn_buf_clear(&run->out);
}

static int keep(Run *run, const LimnMatch *match)
{
        LimnField *fields = limn_arena_new_of(run->kept, LimnField, match->n_fields + 1);
        if (!fields || limn_vec_room(&run->hits) < 0)
                return -ENOMEM;
        for (size_t i = 0; i < match->n_fields; i++) {
                fields[i] = (LimnField){match->fields[i].name,
                                        limn_arena_dup(run->kept, match->fields[i].value)};
                if (!fields[i].value.p)
                        return -ENOMEM;
        }
        run->hits.at[run->hits.n] = (LimnHit){
                .id = (int64_t)run->hits.n + 1,
                .rule = match->rule->index,
                .source_id = 1,
                .offset = run->line,
                .time = run->time,
                .fields = fields,
                .n_fields = match->n_fields,
        };
        run->hits.n++;
        return 0;
}

static int on_match(void *arg, const LimnMatch *match)
{
        Run *run = arg;
        if (limn_detection_generates(run->rules, match->rule->index)) {
                LimnJsonWriter w = LIMN_JSON_WRITER(&run->out, 0);
                limn_json_object(&w);
                limn_json_key(&w, "rule");
                limn_json_string(&w, match->rule->name);
                limn_json_key(&w, "id");
                limn_json_string(&w, match->rule->id);
                limn_json_key(&w, "line");
                limn_json_int(&w, (int64_t)run->line);
                limn_json_end(&w);
                limn_buf_add_char(&run->out, '\n');
                flush(run);
        }
        return run->rules->n_correlations ? keep(run, match) : 0;
}

static int on_episode(void *arg, const LimnEpisode *episode)
{
        Run *run = arg;
        LimnJsonWriter w = LIMN_JSON_WRITER(&run->out, 0);
        if (!limn_correlation_generates(run->rules, episode->rule->index))
                return 0;
        limn_json_object(&w);
        limn_json_key(&w, "rule");
        limn_json_string(&w, episode->rule->name);
        limn_json_key(&w, "id");
        limn_json_string(&w, episode->rule->id);
        limn_json_key(&w, "first");
        limn_json_time(&w, episode->first);
        limn_json_key(&w, "last");
        limn_json_time(&w, episode->last);
        limn_json_key(&w, "lines");
        limn_json_array(&w);
        for (size_t i = 0; i < episode->n_hits; i++)
                limn_json_int(&w, (int64_t)episode->hits[i]->offset);
        limn_json_end(&w);
        limn_json_key(&w, "group");
        limn_json_object(&w);
        for (size_t i = 0; i < episode->n_group; i++) {
                limn_json_key_slice(&w, episode->group[i].name);
                limn_json_string(&w, episode->group[i].value);
        }
        limn_json_end(&w);
        if (episode->not_observable) {
                limn_json_key(&w, "not_observable");
                limn_json_bool(&w, true);
        }
        limn_json_end(&w);
        limn_buf_add_char(&run->out, '\n');
        flush(run);
        return run->out.error;
}

static int broken(Run *run, const char *why)
{
        char where[512];
        snprintf(where, sizeof where, "%s:%llu", run->path, (unsigned long long)run->line);
        limn_diag_add(run->cli->diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                                     .what = "not a JSON object",
                                                     .where = where,
                                                     .why = why,
                                                     .help = "events are objects, one a line"});
        run->broken++;
        return 0;
}

/* The event has the object's names and nothing else, but for the time that correlations need. */
static void set_time(Run *run, const LimnFields *fields)
{
        static const LimnSlice names[] = {{"time", 4}, {"timestamp", 9}};
        LimnParse parse = {.arena = run->event, .reference = LIMN_TIME_NONE};
        run->time = LIMN_TIME_NONE;
        for (size_t k = 0; k < 2; k++) {
                for (size_t i = 0; i < fields->n; i++) {
                        LimnEvent event = {.time = LIMN_TIME_NONE};
                        if (!limn_slice_eq(fields->at[i].name, names[k]) || !fields->at[i].value.p)
                                continue;
                        if (!limn_json_event_time(&event, &parse, fields->at[i].value))
                                continue;
                        run->time = event.time;
                        return;
                }
        }
}

static int on_line(Run *run, LimnSlice line)
{
        LimnFields fields = {0};
        LimnJsonError error = {0};
        size_t used = 0, undecided = 0;
        LimnSlice text = limn_slice_trim(line);

        run->line++;
        if (run->line == 1 && limn_slice_starts(text, LIMN_S("\xef\xbb\xbf")))
                text = limn_slice_trim(limn_slice_from(text, 3));
        if (text.n == 0)
                return 0;
        if (text.p[0] != '{')
                return broken(run, "it begins with something else than {");
        limn_arena_reset(run->event);
        int r = limn_json_flatten(text, LIMN_S(""), run->event, &fields, &used, &error);
        if (r > 0)
                return broken(run, error.what);
        if (r < 0)
                return r;
        if (limn_slice_trim(limn_slice_from(text, used)).n)
                return broken(run, "something stands behind it");
        if (fields.n == 1 && fields.at[0].name.n == 0)
                fields.n = 0; /* {} */
        LimnEvent event = {.record = text, .time = LIMN_TIME_NONE};
        limn_event_take_fields(&event, &fields);
        set_time(run, &fields);
        if (run->time != LIMN_TIME_NONE) {
                run->first = run->time < run->first ? run->time : run->first;
                run->last = run->time > run->last ? run->time : run->last;
        }
        r = limn_matcher_scan(run->matcher, run->all, text, &run->marks);
        if (r == 0)
                r = limn_matcher_match(run->matcher, run->all, &event, run->marks.at, run->marks.n,
                                       on_match, run, &undecided);
        run->undecided += undecided;
        return r;
}

/* Lines of a stream, however they come in pieces. */
static int read_lines(Run *run, LimnStream *stream)
{
        LimnBuf rest = LIMN_BUF(LIMN_RECORD_ARENA_MAX);
        bool ended = false;
        int r = 0;
        while (r == 0 && !ended) {
                size_t n = 0;
                r = limn_buf_reserve(&rest, CHUNK);
                if (r == -E2BIG) {
                        run->line++;
                        broken(run, "the line is longer than 16 MiB; the rest is not read");
                        r = 0;
                        break;
                }
                if (r == 0)
                        r = limn_stream_read(stream, rest.p + rest.n, CHUNK, &n, run->cli->diag);
                if (r == LIMN_STREAM_TRUNCATED) {
                        run->broken++;
                        ended = true;
                        r = 0;
                }
                if (r < 0)
                        break;
                ended |= n < CHUNK;
                rest.n += n;
                LimnSlice text = limn_slice(rest.p, rest.n), line;
                while (r == 0 && (ended ? text.n : limn_slice_chr(text, '\n') < text.n) &&
                       limn_slice_line(&text, &line))
                        r = on_line(run, line);
                if (text.n && text.p != rest.p)
                        memmove(rest.p, text.p, text.n);
                rest.n = text.n;
        }
        limn_buf_done(&rest);
        return r;
}

static int read_events(Run *run, const char *path)
{
        LimnWalk walk = {0};
        int r = limn_walk(&walk, &path, 1, NULL, 0, run->cli->diag);
        if (r == 0 && (walk.failed || walk.n == 0))
                r = LIMN_EXIT_NOTHING;
        for (size_t i = 0; r == 0 && i < walk.n; i++) {
                LimnStream *stream = NULL;
                run->path = walk.at[i].path;
                r = limn_stream_open(&stream, &walk.at[i], run->cli->diag);
                if (r < 0 && r != -ENOMEM)
                        r = LIMN_EXIT_NOTHING;
                if (r == 0)
                        r = limn_stream_next_member(stream, run->cli->diag);
                if (r == 0)
                        r = read_lines(run, stream);
                limn_stream_free(stream);
        }
        limn_walk_done(&walk);
        return r;
}

static int correlate(Run *run)
{
        /* The file is taken for all there was from its first event to its last. */
        LimnCovered covered = {.start = run->first, .end = run->last};
        if (run->hits.n)
                qsort(run->hits.at, run->hits.n, sizeof *run->hits.at, limn_hit_cmp);
        return limn_correlate(run->rules, run->hits.at, run->hits.n, &covered,
                              run->first <= run->last, on_episode, run);
}

static int run(LimnCli *cli, const char *const *args, size_t n_args)
{
        Run run = {.cli = cli,
                   .out = LIMN_BUF(LIMN_OUTPUT_MAX),
                   .first = INT64_MAX,
                   .last = INT64_MIN};
        int r = limn_rules_read(&run.rules, args, 1, LIMN_PACK_NONE, cli->diag);

        if (r == 0)
                r = limn_matcher_new(&run.matcher, run.rules,
                                     !limn_cli_get(cli, LIMN_OPT_NO_PREFILTER));
        if (r == 0) {
                run.all = limn_matcher_all(run.matcher);
                run.event = limn_arena_new(LIMN_RECORD_ARENA_MAX);
                run.kept = limn_arena_new(LIMN_OUTPUT_MAX);
                r = run.all && run.event && run.kept ? read_events(&run, args[1]) : -ENOMEM;
        }
        if (r == 0)
                r = correlate(&run);
        if (run.undecided)
                limn_diag_addf(cli->diag, &(LimnMessage){.severity = LIMN_DIAG_WARNING},
                               "a regex limit left %zu answers open: neither hit nor none",
                               run.undecided);
        free(run.marks.at);
        free(run.hits.at);
        limn_buf_done(&run.out);
        limn_arena_free(run.event);
        limn_arena_free(run.kept);
        limn_matcher_free(run.matcher);
        limn_rules_free(run.rules);
        return r ? r : run.broken ? LIMN_EXIT_PARTIAL : LIMN_EXIT_OK;
}

const LimnRulesCommand limn_rules_match = {
        .name = "match",
        .usage = "RULES EVENTS",
        .help = "evaluate rules over JSON events, one a line",
        .min_args = 2,
        .max_args = 2,
        .run = run,
};
