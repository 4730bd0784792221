/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "rules/twin_text.h"
#include "rules/twins.h"

typedef struct Message {
        LimnTime time;
        uint64_t hash;  /* of what it says */
        uint64_t error; /* of the error logged with it; 0: none known */
} Message;

/*
 * A message is sampled by its text and second alone, so that two logs of the same records sample
 * the same ones: kept while the lowest `halvings` bits of its choice are 0. When the sketch is
 * full, one bit more is asked for. A pair is compared at the larger of its two halvings.
 */
struct LimnTwinSketch {
        Message at[LIMN_TWIN_SAMPLE];
        size_t n;
        unsigned halvings;
        uint64_t total;
};

LimnTwinSketch *limn_twin_sketch_new(void)
{
        return calloc(1, sizeof(LimnTwinSketch));
}

LimnTwinSketch *limn_twin_sketch_free(LimnTwinSketch *sketch)
{
        free(sketch);
        return NULL;
}

static uint64_t mix(uint64_t h)
{
        h ^= h >> 33;
        h *= 0xff51afd7ed558ccdu;
        h ^= h >> 33;
        h *= 0xc4ceb9fe1a85ec53u;
        return h ^ (h >> 33);
}

static uint64_t hash_of(LimnSlice s)
{
        uint64_t h = 0xcbf29ce484222325u;
        size_t i;

        for (i = 0; i < s.n; i++)
                h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
        return mix(h);
}

static LimnTime floor_to(LimnTime t, LimnDuration unit)
{
        LimnTime q = t / unit;

        return q - (t % unit < 0);
}

static bool chosen(const Message *m, unsigned halvings)
{
        uint64_t second = (uint64_t)floor_to(m->time, LIMN_SECOND);
        uint64_t choice = mix(m->hash + second * 0x9e3779b97f4a7c15u);

        return (choice & ((UINT64_C(1) << halvings) - 1)) == 0;
}

static void halve(LimnTwinSketch *s)
{
        size_t kept = 0, i;

        s->halvings++;
        for (i = 0; i < s->n; i++)
                if (chosen(&s->at[i], s->halvings))
                        s->at[kept++] = s->at[i];
        s->n = kept;
}

void limn_twin_sketch_add(LimnTwinSketch *s, LimnTime time, LimnSlice message, LimnSlice trace)
{
        LimnSlice error, whole, said = limn_twin_text(message, &error);
        Message m = {.time = time, .hash = hash_of(said)};

        if (!error.n)
                limn_twin_text(trace, &error);
        /* Its text: how the class is written differs between layouts. */
        if (error.n)
                m.error = hash_of(limn_twin_text(error, &whole)) | 1;
        if (time == LIMN_TIME_NONE)
                return;
        s->total++;
        /* One message a thousand times in one second is chosen always or never: stop at 63. */
        while (chosen(&m, s->halvings) && s->n == LIMN_TWIN_SAMPLE && s->halvings < 63)
                halve(s);
        if (chosen(&m, s->halvings) && s->n < LIMN_TWIN_SAMPLE)
                s->at[s->n++] = m;
}

static int by_time_then_hash(const Message *x, const Message *y)
{
        if (x->time != y->time)
                return (x->time > y->time) - (x->time < y->time);
        return (x->hash > y->hash) - (x->hash < y->hash);
}

static int by_all(const void *a, const void *b)
{
        const Message *x = a, *y = b;
        int c = by_time_then_hash(x, y);

        return c ? c : (x->error > y->error) - (x->error < y->error);
}

static size_t prepare(const LimnTwinSketch *s, unsigned halvings, LimnDuration unit, Message *ret)
{
        size_t n = 0, i;

        for (i = 0; i < s->n; i++)
                if (chosen(&s->at[i], halvings))
                        ret[n++] = (Message){floor_to(s->at[i].time, unit), s->at[i].hash,
                                             s->at[i].error};
        if (n)
                qsort(ret, n, sizeof *ret, by_all);
        return n;
}

/* How many begin with the first one's time and text. */
static size_t alike(const Message *m, size_t n)
{
        size_t k = 0;

        while (k < n && by_time_then_hash(&m[k], &m[0]) == 0)
                k++;
        return k;
}

/* Pairs of one time and one text: those with the same error or none on either side, then those
 * where one layout wrote an error and the other none. Two different errors are no pair. */
static size_t pairs(const Message *a, size_t n_a, const Message *b, size_t n_b)
{
        size_t i = 0, k = 0, same = 0;
        size_t bare_a = 0, bare_b = 0, more_a = 0, more_b = 0; /* without a like one */

        while (i < n_a || k < n_b) {
                int c = i == n_a ? 1 : k == n_b ? -1 : by_all(&a[i], &b[k]);

                same += c == 0;
                bare_a += c < 0 && a[i].error == 0;
                more_a += c < 0 && a[i].error != 0;
                bare_b += c > 0 && b[k].error == 0;
                more_b += c > 0 && b[k].error != 0;
                i += c <= 0;
                k += c >= 0;
        }
        return same + (bare_a < more_b ? bare_a : more_b) + (bare_b < more_a ? bare_b : more_a);
}

static size_t in_common(const Message *a, size_t n_a, const Message *b, size_t n_b)
{
        size_t i = 0, k = 0, n = 0;

        while (i < n_a && k < n_b) {
                int c = by_time_then_hash(&a[i], &b[k]);
                size_t of_a = c <= 0 ? alike(&a[i], n_a - i) : 0;
                size_t of_b = c >= 0 ? alike(&b[k], n_b - k) : 0;

                n += c == 0 ? pairs(&a[i], of_a, &b[k], of_b) : 0;
                i += of_a;
                k += of_b;
        }
        return n;
}

static LimnDuration resolution_of(const LimnTwinSource *s)
{
        return s->resolution > 0 ? s->resolution : LIMN_SECOND;
}

/* Which of the two would count: finer, then more messages, then lower. */
static bool first_counts(const LimnTwinSource *s, uint32_t a, uint32_t b)
{
        if (resolution_of(&s[a]) != resolution_of(&s[b]))
                return resolution_of(&s[a]) < resolution_of(&s[b]);
        if (s[a].sketch->total != s[b].sketch->total)
                return s[a].sketch->total > s[b].sketch->total;
        return a < b;
}

static bool enough(size_t common, size_t of)
{
        return of >= LIMN_TWIN_LEAST && common * 100 >= of * LIMN_TWIN_PERCENT;
}

/* Does b, or else a, hold nothing that the other lacks? *ret_left, *ret_counts when so. */
static bool are_twins(const LimnTwinSource *s, uint32_t a, uint32_t b, Message *scratch,
                      uint32_t *ret_left, uint32_t *ret_counts)
{
        const LimnTwinSketch *x = s[a].sketch, *y = s[b].sketch;
        unsigned halvings = x->halvings > y->halvings ? x->halvings : y->halvings;
        LimnDuration unit = resolution_of(&s[a]) > resolution_of(&s[b]) ? resolution_of(&s[a])
                                                                        : resolution_of(&s[b]);
        size_t n_a = prepare(x, halvings, unit, scratch);
        size_t n_b = prepare(y, halvings, unit, scratch + LIMN_TWIN_SAMPLE);
        size_t common = in_common(scratch, n_a, scratch + LIMN_TWIN_SAMPLE, n_b);
        bool a_counts = first_counts(s, a, b);

        if (enough(common, a_counts ? n_b : n_a)) {
                *ret_left = a_counts ? b : a;
                *ret_counts = a_counts ? a : b;
                return true;
        }
        if (enough(common, a_counts ? n_a : n_b)) {
                *ret_left = a_counts ? a : b;
                *ret_counts = a_counts ? b : a;
                return true;
        }
        return false;
}

typedef struct Candidate {
        uint32_t instance, source;
} Candidate;

static int by_instance(const void *a, const void *b)
{
        const Candidate *x = a, *y = b;

        if (x->instance != y->instance)
                return (x->instance > y->instance) - (x->instance < y->instance);
        return (x->source > y->source) - (x->source < y->source);
}

/* To the end of a chain of twins. A source left out points to one that was there, so there is no
 * circle: only sources that still count are compared. */
static uint32_t who_counts(const uint32_t *twin, uint32_t i)
{
        while (twin[i] != LIMN_TWIN_NONE)
                i = twin[i];
        return i;
}

int limn_twins(const LimnTwinSource *s, size_t n, uint32_t *ret)
{
        Candidate *at = calloc(n + 1, sizeof *at);
        Message *scratch = calloc(2 * LIMN_TWIN_SAMPLE, sizeof *scratch);
        size_t n_at = 0, i, k;
        uint32_t left, counts;

        if (!at || !scratch) {
                free(at);
                free(scratch);
                return -ENOMEM;
        }
        for (i = 0; i < n; i++) {
                ret[i] = LIMN_TWIN_NONE;
                if (s[i].sketch && s[i].instance)
                        at[n_at++] = (Candidate){s[i].instance, (uint32_t)i};
        }
        qsort(at, n_at, sizeof *at, by_instance);
        for (i = 0; i < n_at; i++) {
                for (k = i + 1; k < n_at && at[k].instance == at[i].instance; k++) {
                        uint32_t a = at[i].source, b = at[k].source;

                        if (ret[a] == LIMN_TWIN_NONE && ret[b] == LIMN_TWIN_NONE &&
                            are_twins(s, a, b, scratch, &left, &counts))
                                ret[left] = counts;
                }
        }
        for (i = 0; i < n; i++)
                if (ret[i] != LIMN_TWIN_NONE)
                        ret[i] = who_counts(ret, ret[i]);
        free(at);
        free(scratch);
        return 0;
}
