/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/repeat.h"

#include <errno.h>
#include <stdlib.h>

#include "core/limits.h"
#include "core/vec.h"
#include "rules/correlation.h"

/* -- runs --------------------------------------------------------------------------------- */

/* A hit that may be stored; several parts of a run may hold it. */
typedef struct Kept {
        unsigned held;
        uint64_t seq; /* within the run, from 0 */
        LimnRepeatHit hit;
        size_t cap;
        char text[];
} Kept;

typedef struct Run {
        struct Run *next; /* of the same slot */
        uint64_t hash;
        const LimnDetection *rule;
        LimnBuf by, change;
        uint64_t n, stride;
        LimnTime first; /* LIMN_TIME_NONE: it has none */
        Kept *last;
        Kept *samples[LIMN_RUN_WHOLE];
        size_t n_samples;
        struct Silence {
                LimnDuration length;
                Kept *from, *to;
        } silences[LIMN_RUN_SILENCES];
        size_t n_silences;
        struct Extremes {
                Kept *least, *most;
                LimnAmount low, high;
        } extremes[LIMN_RUN_FOLLOWS];
} Run;

/* All that a run may hold at once. */
#define HELD_MAX (LIMN_RUN_WHOLE + 2 * LIMN_RUN_SILENCES + 2 * LIMN_RUN_FOLLOWS + 1)

struct LimnRepeats {
        struct {
                Run **at; /* in the order in which they began */
                size_t n, cap;
        } runs;
        Run **slots;
        size_t n_slots; /* a power of two */
        size_t bytes;
};

LimnRepeats *limn_repeats_new(void)
{
        LimnRepeats *repeats = calloc(1, sizeof *repeats);

        if (!repeats)
                return NULL;
        repeats->n_slots = 64;
        repeats->slots = calloc(repeats->n_slots, sizeof *repeats->slots);
        if (!repeats->slots)
                return limn_repeats_free(repeats);
        return repeats;
}

static Kept *hold(Kept *kept)
{
        kept->held++;
        return kept;
}

static void let_go(LimnRepeats *repeats, Kept **kept)
{
        if (*kept && --(*kept)->held == 0) {
                repeats->bytes -= sizeof **kept + (*kept)->cap;
                free(*kept);
        }
        *kept = NULL;
}

static void empty(LimnRepeats *repeats, Run *run)
{
        let_go(repeats, &run->last);
        for (size_t i = 0; i < run->n_samples; i++)
                let_go(repeats, &run->samples[i]);
        for (size_t i = 0; i < run->n_silences; i++) {
                let_go(repeats, &run->silences[i].from);
                let_go(repeats, &run->silences[i].to);
        }
        for (size_t i = 0; i < LIMN_RUN_FOLLOWS; i++) {
                let_go(repeats, &run->extremes[i].least);
                let_go(repeats, &run->extremes[i].most);
        }
        run->n = run->n_samples = run->n_silences = 0;
        run->stride = 1;
}

static void free_runs(LimnRepeats *repeats)
{
        for (size_t i = 0; i < repeats->runs.n; i++) {
                Run *run = repeats->runs.at[i];

                empty(repeats, run);
                limn_buf_done(&run->by);
                limn_buf_done(&run->change);
                free(run);
        }
        repeats->runs.n = 0;
        repeats->bytes = 0;
        if (repeats->slots)
                memset(repeats->slots, 0, repeats->n_slots * sizeof *repeats->slots);
}

LimnRepeats *limn_repeats_free(LimnRepeats *repeats)
{
        if (!repeats)
                return NULL;
        free_runs(repeats);
        free(repeats->runs.at);
        free(repeats->slots);
        free(repeats);
        return NULL;
}

/* -- storing ------------------------------------------------------------------------------ */

static int by_seq(const void *a, const void *b)
{
        const Kept *x = *(const Kept *const *)a, *y = *(const Kept *const *)b;

        return (x->seq > y->seq) - (x->seq < y->seq);
}

static size_t gather(const Run *run, Kept *ret[HELD_MAX])
{
        size_t n = 0;

        ret[n++] = run->last;
        for (size_t i = 0; i < run->n_samples; i++)
                ret[n++] = run->samples[i];
        for (size_t i = 0; i < run->n_silences; i++) {
                ret[n++] = run->silences[i].from;
                ret[n++] = run->silences[i].to;
        }
        for (size_t i = 0; i < LIMN_RUN_FOLLOWS; i++) {
                if (!run->extremes[i].least)
                        continue;
                ret[n++] = run->extremes[i].least;
                ret[n++] = run->extremes[i].most;
        }
        qsort(ret, n, sizeof *ret, by_seq);
        return n;
}

/* What of a run is stored, to fn. */
static int each_stored(const Run *run, LimnRepeatFn fn, void *arg)
{
        Kept *kept[HELD_MAX];
        const Kept *before = NULL;
        size_t n = run->n ? gather(run, kept) : 0;
        int r = 0;

        for (size_t i = 0; i < n && r == 0; i++) {
                LimnRepeatHit hit = kept[i]->hit;

                if (before && kept[i]->seq == before->seq)
                        continue;
                hit.n = before ? kept[i]->seq - before->seq : 1;
                hit.since = before ? before->hit.time : LIMN_TIME_NONE;
                r = fn(arg, &hit);
                before = kept[i];
        }
        return r;
}

static int end_run(LimnRepeats *repeats, Run *run, LimnRepeatFn fn, void *arg)
{
        int r = each_stored(run, fn, arg);

        empty(repeats, run);
        return r;
}

typedef struct Hits {
        LimnRepeatHit *at;
        size_t n, cap;
} Hits;

static int collect(void *arg, const LimnRepeatHit *hit)
{
        Hits *hits = arg;

        if (limn_vec_room(hits) < 0)
                return -ENOMEM;
        hits->at[hits->n++] = *hit;
        return 0;
}

static int by_id(const void *a, const void *b)
{
        const LimnRepeatHit *x = a, *y = b;

        return (x->id > y->id) - (x->id < y->id);
}

int limn_repeats_end(LimnRepeats *repeats, LimnRepeatFn fn, void *arg)
{
        Hits hits = {0};
        int r = 0;

        for (size_t i = 0; i < repeats->runs.n && r == 0; i++)
                r = each_stored(repeats->runs.at[i], collect, &hits);
        if (hits.n)
                qsort(hits.at, hits.n, sizeof *hits.at, by_id);
        for (size_t i = 0; i < hits.n && r == 0; i++)
                r = fn(arg, &hits.at[i]);
        free(hits.at);
        free_runs(repeats);
        return r;
}

int limn_repeats_until(LimnRepeats *repeats, const LimnDetection *rule, LimnRepeatFn fn, void *arg)
{
        int r = 0;

        for (size_t k = 0; k < rule->n_ends; k++)
                for (size_t i = 0; i < repeats->runs.n && r == 0; i++)
                        if (repeats->runs.at[i]->rule->index == rule->ends[k])
                                r = end_run(repeats, repeats->runs.at[i], fn, arg);
        return r;
}

/* -- adding ------------------------------------------------------------------------------- */

static int grow_slots(LimnRepeats *repeats)
{
        size_t n = repeats->n_slots * 2;
        Run **slots = calloc(n, sizeof *slots);

        if (!slots)
                return -ENOMEM;
        for (size_t i = 0; i < repeats->runs.n; i++) {
                Run *run = repeats->runs.at[i];

                run->next = slots[run->hash & (n - 1)];
                slots[run->hash & (n - 1)] = run;
        }
        free(repeats->slots);
        repeats->slots = slots;
        repeats->n_slots = n;
        return 0;
}

static int find(LimnRepeats *repeats, const LimnDetection *rule, uint64_t hash, LimnSlice by,
                Run **ret)
{
        Run *run = repeats->slots[hash & (repeats->n_slots - 1)];

        for (; run; run = run->next)
                if (run->hash == hash && run->rule == rule &&
                    limn_slice_eq(limn_buf_slice(&run->by), by))
                        break;
        *ret = run;
        if (run)
                return 0;
        if ((repeats->runs.n >= repeats->n_slots && grow_slots(repeats) < 0) ||
            limn_vec_room(&repeats->runs) < 0 || !(run = calloc(1, sizeof *run)))
                return -ENOMEM;
        run->hash = hash;
        run->rule = rule;
        run->stride = 1;
        run->by = LIMN_BUF(LIMN_SEGMENT_MAX);
        run->change = LIMN_BUF(LIMN_SEGMENT_MAX);
        limn_buf_add(&run->by, by);
        run->next = repeats->slots[hash & (repeats->n_slots - 1)];
        repeats->slots[hash & (repeats->n_slots - 1)] = run;
        repeats->runs.at[repeats->runs.n++] = run;
        repeats->bytes += sizeof *run + by.n;
        *ret = run;
        return run->by.error;
}

/* A copy of the hit; in the place of `old` where nobody else holds that. */
static Kept *keep(LimnRepeats *repeats, Kept *old, const LimnRepeatHit *hit, uint64_t seq)
{
        Kept *kept = old && old->held == 1 && old->cap >= hit->fields.n ? old : NULL;

        if (!kept) {
                size_t cap = hit->fields.n + hit->fields.n / 8 + 16;

                if (old)
                        let_go(repeats, &old);
                kept = malloc(sizeof *kept + cap);
                if (!kept)
                        return NULL;
                kept->cap = cap;
                repeats->bytes += sizeof *kept + cap;
        }
        kept->held = 1;
        kept->seq = seq;
        kept->hit = *hit;
        if (hit->fields.n)
                memcpy(kept->text, hit->fields.p, hit->fields.n);
        kept->hit.fields = limn_slice(kept->text, hit->fields.n);
        return kept;
}

/* The place for a silence of this length among the longest, or NULL. */
static struct Silence *silence_for(LimnRepeats *repeats, Run *run, LimnDuration length)
{
        struct Silence *least = &run->silences[0];

        if (length <= 0)
                return NULL;
        if (run->n_silences < LIMN_RUN_SILENCES) {
                run->silences[run->n_silences] = (struct Silence){.length = length};
                return &run->silences[run->n_silences++];
        }
        for (size_t i = 1; i < LIMN_RUN_SILENCES; i++)
                if (run->silences[i].length < least->length)
                        least = &run->silences[i];
        if (length <= least->length)
                return NULL;
        let_go(repeats, &least->from);
        let_go(repeats, &least->to);
        least->length = length;
        return least;
}

/* Full: every second sample goes. */
static void thin(LimnRepeats *repeats, Run *run)
{
        size_t kept = 0;

        run->stride *= 2;
        for (size_t i = 0; i < run->n_samples; i++)
                if (run->samples[i]->seq % run->stride == 0)
                        run->samples[kept++] = run->samples[i];
                else
                        let_go(repeats, &run->samples[i]);
        run->n_samples = kept;
}

static void follow(LimnRepeats *repeats, Run *run, LimnSlice values)
{
        for (size_t i = 0; i < run->rule->meaning.repeat.n_follow; i++) {
                struct Extremes *at = &run->extremes[i];
                LimnAmount amount;

                if (!limn_amount_parse(limn_repeat_value(values, i), &amount))
                        continue;
                if (!at->least || amount < at->low) {
                        let_go(repeats, &at->least);
                        at->least = hold(run->last);
                        at->low = amount;
                }
                if (!at->most || amount > at->high) {
                        let_go(repeats, &at->most);
                        at->most = hold(run->last);
                        at->high = amount;
                }
        }
}

static int append(LimnRepeats *repeats, Run *run, const LimnRepeatHit *hit, LimnSlice values)
{
        LimnTime before = run->n ? run->last->hit.time : LIMN_TIME_NONE;
        struct Silence *silence = NULL;

        if (before != LIMN_TIME_NONE && hit->time != LIMN_TIME_NONE)
                silence = silence_for(repeats, run, hit->time - before);
        if (silence)
                silence->from = hold(run->last);
        run->last = keep(repeats, run->last, hit, run->n);
        if (!run->last) {
                if (silence)
                        let_go(repeats, &silence->from);
                return -ENOMEM;
        }
        if (silence)
                silence->to = hold(run->last);
        if (run->n_samples == LIMN_RUN_WHOLE && run->n % run->stride == 0)
                thin(repeats, run);
        if (run->n % run->stride == 0)
                run->samples[run->n_samples++] = hold(run->last);
        follow(repeats, run, values);
        run->n++;
        return 0;
}

static bool goes_on(const Run *run, const LimnRepeatHit *hit, LimnSlice change)
{
        LimnDuration every = run->rule->meaning.repeat.every;

        if (!limn_slice_eq(limn_buf_slice(&run->change), change))
                return false;
        return !every || run->first == LIMN_TIME_NONE || hit->time == LIMN_TIME_NONE ||
               hit->time - run->first < every;
}

int limn_repeats_add(LimnRepeats *repeats, const LimnRepeatHit *hit, const char *key,
                     const LimnRepeatKey *lengths, LimnRepeatFn fn, void *arg)
{
        LimnSlice by = limn_slice(key, lengths->by);
        LimnSlice change = limn_slice(key + lengths->by, lengths->change);
        LimnSlice values = limn_slice(key + lengths->by + lengths->change, lengths->follow);
        Run *run;
        int r = 0;

        if (repeats->bytes > LIMN_REPEATS_BYTES_MAX)
                r = limn_repeats_end(repeats, fn, arg);
        if (r == 0)
                r = find(repeats, hit->rule, lengths->hash, by, &run);
        if (r == 0 && run->n && !goes_on(run, hit, change))
                r = end_run(repeats, run, fn, arg);
        if (r)
                return r;
        if (run->n == 0) {
                limn_buf_clear(&run->change);
                limn_buf_add(&run->change, change);
                run->first = hit->time;
                if (run->change.error)
                        return run->change.error;
        }
        return append(repeats, run, hit, values);
}
