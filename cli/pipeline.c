/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/pipeline.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/ingest_private.h"

/* Input for which one more thread is worth its start. */
#define BYTES_PER_THREAD (2u * 1024 * 1024)
/* Fields of one segment's hits, as JSON. */
#define HITS_JSON_MAX (256u * 1024 * 1024)

/* -- one thread ----------------------------------------------------------------------------- */

typedef struct Worker {
        LimnPipeline *p;
        pthread_t thread;
        LimnSegmentWork work;
} Worker;

static int work_init(LimnSegmentWork *work, const LimnPipeline *p)
{
        int r;

        work->packed = LIMN_BUF(2 * LIMN_SEGMENT_MAX);
        work->json = LIMN_BUF(HITS_JSON_MAX);
        work->keys = LIMN_BUF(HITS_JSON_MAX);
        work->diag = limn_diag_new();
        work->arena = limn_arena_new(LIMN_RECORD_ARENA_MAX);
        if (!work->diag || !work->arena)
                return -ENOMEM;
        r = limn_packer_new(&work->packer);
        if (r == 0)
                r = limn_matcher_new(&work->matcher, p->rules, !p->options->no_prefilter);
        if (r == 0 && p->reader.walk.size)
                limn_matcher_expect(work->matcher, p->reader.walk.size);
        return r;
}

static void work_done(LimnSegmentWork *work)
{
        /* A final segment that was not written still owns its source. */
        if (work->final)
                limn_source_run_free(work->source);
        limn_diag_free(work->diag);
        limn_arena_free(work->arena);
        limn_unexplained_free(work->unexplained);
        limn_packer_free(work->packer);
        limn_matcher_free(work->matcher);
        limn_cuts_done(&work->cuts);
        limn_buf_done(&work->packed);
        limn_buf_done(&work->json);
        limn_buf_done(&work->keys);
        free(work->marks.at);
        free(work->hits.at);
        free(work->times.at);
        free(work->bytes);
}

static void break_all(LimnPipeline *p)
{
        limn_turnstile_break(&p->read);
        limn_turnstile_break(&p->parse);
        limn_turnstile_break(&p->write);
}

static int between_gates(LimnPipeline *p, LimnSegmentWork *work)
{
        LimnSlice bytes = limn_slice(work->bytes, work->n);
        int r;

        work->marks.n = 0;
        work->parsed = false;
        if (work->error || !work->source || work->n == 0)
                return 0;
        r = limn_ingest_applicable(work);
        if (r == 0 && work->cuts.n > 0)
                r = limn_matcher_scan(work->matcher, work->applicable, bytes, &work->marks);
        if (r == 0 && limn_ingest_parses_alone(p, work))
                r = limn_ingest_parse(p, work);
        return r < 0 ? r : limn_segment_pack(work->packer, bytes, &work->packed);
}

/* One segment through all gates. False: that was the last, for this thread. */
static bool do_ticket(LimnPipeline *p, LimnSegmentWork *work)
{
        uint64_t ticket = __atomic_fetch_add(&p->tickets, 1, __ATOMIC_RELAXED);
        bool done;
        int r;

        if (!limn_turnstile_enter(&p->read, ticket))
                return false;
        done = p->done;
        if (!done)
                limn_ingest_read(p, work, ticket);
        limn_turnstile_leave(&p->read);
        if (done)
                return false;

        r = between_gates(p, work);
        if (r < 0 && !work->error)
                work->error = r;

        if (!limn_turnstile_enter(&p->parse, ticket))
                return false;
        if (!work->error && work->source) {
                r = work->parsed ? 0 : limn_ingest_parse(p, work);
                if (r == 0)
                        r = limn_ingest_merge(work);
                if (r < 0)
                        work->error = r;
        }
        limn_turnstile_leave(&p->parse);

        if (!limn_turnstile_enter(&p->write, ticket))
                return false;
        pthread_mutex_lock(&p->case_lock);
        r = limn_ingest_write(p, work);
        pthread_mutex_unlock(&p->case_lock);
        if (r < 0) {
                p->error = r;
                break_all(p);
                return false;
        }
        limn_turnstile_leave(&p->write);
        return !work->end;
}

static void *run_worker(void *arg)
{
        Worker *worker = arg;

        while (do_ticket(worker->p, &worker->work))
                ;
        return NULL;
}

/* -- the run -------------------------------------------------------------------------------- */

static unsigned count_processors(void)
{
        cpu_set_t set;

        return sched_getaffinity(0, sizeof(set), &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

/* No more threads than the input is worth, so that a few small files start none. */
static unsigned count_threads(const LimnPipeline *p)
{
        unsigned jobs = p->options->jobs ? p->options->jobs : count_processors();
        uint64_t worth = 1 + p->reader.walk.size / BYTES_PER_THREAD;

        for (size_t i = 0; i < p->reader.walk.n; i++)
                if (p->reader.walk.at[i].kind != LIMN_ENTRY_FILE)
                        worth = LIMN_JOBS_MAX; /* no size is known */
        if (jobs > LIMN_JOBS_MAX)
                jobs = LIMN_JOBS_MAX;
        return worth < jobs ? (unsigned)worth : jobs;
}

static int run_threads(LimnPipeline *p)
{
        unsigned n = count_threads(p), ready = 0, started = 1;
        Worker *workers = calloc(n, sizeof(*workers));
        int r = workers ? 0 : -ENOMEM;

        while (r == 0 && ready < n) {
                workers[ready].p = p;
                r = work_init(&workers[ready].work, p);
                ready++;
        }
        /* Fewer threads than wanted do the same work. */
        for (; r == 0 && started < n; started++)
                if (pthread_create(&workers[started].thread, NULL, run_worker, &workers[started]))
                        break;
        if (r == 0)
                run_worker(&workers[0]);
        for (unsigned i = 1; r == 0 && i < started; i++)
                pthread_join(workers[i].thread, NULL);
        for (unsigned i = 0; i < ready; i++)
                work_done(&workers[i].work);
        free(workers);
        return r < 0 ? r : p->error;
}

/* The rules in the case, so that hits can name them. */
static int add_rules(LimnPipeline *p)
{
        p->rule_ids = calloc(p->rules->n_detections + 1, sizeof(*p->rule_ids));
        if (!p->rule_ids)
                return -ENOMEM;
        for (size_t i = 0; i < p->rules->n_detections; i++) {
                const LimnDetection *d = &p->rules->detections[i];
                const LimnValue values[] = {
                        LIMN_VALUE_OF_TEXT(LIMN_S("detection")), LIMN_VALUE_OF_TEXT(d->id),
                        LIMN_VALUE_OF_TEXT(d->name),             LIMN_VALUE_OF_TEXT(d->title),
                        LIMN_VALUE_OF_TEXT(d->level),
                        LIMN_VALUE_OF_TEXT(limn_slice_str(d->path)),
                };
                int r = limn_case_insert(p->c, "rule", "kind, id, name, title, level, path", values,
                                         sizeof(values) / sizeof(values[0]), &p->rule_ids[i],
                                         p->diag);
                if (r < 0)
                        return r;
        }
        return 0;
}

/* Hits of sources that were read with other rules stay as they are. */
static int check_rules(LimnPipeline *p)
{
        LimnSlice hash = limn_slice_str(p->rules->hash);
        LimnBuf before = LIMN_BUF(256);
        int r = limn_case_meta_get(p->c, "rules_sha256", &before, p->diag);

        if (r == 0 && !limn_slice_eq(limn_buf_slice(&before), hash))
                limn_diag_add(p->diag, &(LimnMessage){
                        .severity = LIMN_DIAG_WARNING,
                        .what = "the case holds sources that were read with other rules",
                        .why = "what they match was decided then",
                        .help = "a new case, with --case FILE, applies these rules to all"});
        limn_buf_done(&before);
        return r < 0 ? r : limn_case_meta_set(p->c, "rules_sha256", hash, p->diag);
}

static int say_incomplete(void *arg, LimnSlice path)
{
        LimnBuf where = LIMN_BUF(1 << 16);

        limn_buf_add(&where, path);
        limn_diag_add(arg, &(LimnMessage){
                .severity = LIMN_DIAG_WARNING, .where = limn_buf_str(&where),
                .what = "an earlier run did not finish reading this",
                .why = "what the case held of it was dropped",
                .help = "it is read again when it is among the paths"});
        limn_buf_done(&where);
        return 0;
}

static void warn_unused_zones(const LimnPipeline *p)
{
        for (size_t i = 0; i < p->options->n_zones; i++)
                if (!p->zone_used[i])
                        limn_diag_addf(p->diag, &(LimnMessage){
                                .severity = LIMN_DIAG_WARNING,
                                .help = "SOURCE is the end of a path that was read, or a pattern"},
                                "--tz %s: no new source is called so",
                                p->options->zones[i].source);
}

static int prepare(LimnPipeline *p)
{
        int r;

        p->zone_used = calloc(p->options->n_zones + 1, sizeof(*p->zone_used));
        p->reader.carry = malloc(LIMN_SEGMENT_MAX + 1);
        if (!p->zone_used || !p->reader.carry)
                return -ENOMEM;
        r = limn_case_drop_incomplete(p->c, say_incomplete, p->diag, p->diag);
        if (r == 0)
                r = limn_case_hit_next(p->c, &p->next_hit, p->diag);
        if (r == 0)
                r = check_rules(p);
        return r < 0 ? r : add_rules(p);
}

static int run(LimnPipeline *p)
{
        int r;

        if (limn_turnstile_init(&p->read) < 0)
                return -ENOMEM;
        if (limn_turnstile_init(&p->parse) < 0)
                goto parse_failed;
        if (limn_turnstile_init(&p->write) < 0)
                goto write_failed;
        pthread_mutex_init(&p->case_lock, NULL);
        r = run_threads(p);
        pthread_mutex_destroy(&p->case_lock);
        limn_turnstile_done(&p->write);
        limn_turnstile_done(&p->parse);
        limn_turnstile_done(&p->read);
        return r;

write_failed:
        limn_turnstile_done(&p->parse);
parse_failed:
        limn_turnstile_done(&p->read);
        return -ENOMEM;
}

int limn_ingest(LimnCase *c, const LimnRules *rules, const LimnIngestOptions *options,
                const char *const *paths, size_t n_paths, LimnIngestStats *ret_stats,
                LimnDiag *diag)
{
        LimnPipeline *p = calloc(1, sizeof(*p));
        int r;

        *ret_stats = (LimnIngestStats){0};
        if (!p)
                return -ENOMEM;
        p->c = c;
        p->rules = rules;
        p->options = options;
        p->diag = diag;
        r = limn_walk(&p->reader.walk, paths, n_paths, options->except, options->n_except, diag);
        if (r == 0) {
                p->stats.failed = p->reader.walk.failed;
                p->stats.skipped = p->reader.walk.skipped;
                r = prepare(p);
        }
        if (r == 0)
                r = limn_ingest_reference(p);
        if (r == 0)
                r = run(p);
        if (r == 0)
                warn_unused_zones(p);
        if (r == 0 || r == -EINTR) {
                int committed = limn_case_commit(c, diag);

                r = committed < 0 ? committed : r;
        }
        if (r == -ENOMEM)
                limn_diag_add(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                                   .what = "out of memory"});
        *ret_stats = p->stats;
        ret_stats->known += p->known_late;
        if (r == 0 && ret_stats->read + ret_stats->known + ret_stats->failed +
                              ret_stats->truncated == 0)
                limn_diag_add(diag, &(LimnMessage){
                        .severity = LIMN_DIAG_ERROR, .what = "nothing to read",
                        .why = "the paths hold no file that could be a log",
                        .help = "name the logs, event exports and snapshots, or the folder or "
                                "archive they are in; limn formats lists what can be read"});
        limn_stream_free(p->reader.stream);
        limn_source_run_free(p->reader.source);
        limn_walk_done(&p->reader.walk);
        free(p->reader.carry);
        free(p->zone_used);
        free(p->rule_ids);
        free(p);
        return r;
}

int limn_ingest_exit(int result, const LimnIngestStats *stats)
{
        if (result == -EINTR)
                return LIMN_EXIT_INTERRUPTED;
        if (result < 0)
                return LIMN_EXIT_UNFINISHED;
        if (stats->read + stats->known == 0)
                return LIMN_EXIT_NOTHING;
        return stats->failed + stats->truncated > 0 ? LIMN_EXIT_PARTIAL : LIMN_EXIT_OK;
}
