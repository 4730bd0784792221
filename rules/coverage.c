/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/ascii.h"
#include "core/time.h"
#include "core/vec.h"
#include "rules/coverage.h"

#define HOLE_LEAST (15 * LIMN_MINUTE)
#define PARTS 16 /* of an octave */
#define BUCKETS (64 * PARTS)

typedef struct Silence {
        LimnTime from, to;
} Silence;

struct LimnCoverage {
        bool steady;
        LimnDuration hole;    /* 0: from the gaps */
        LimnTime first, last; /* NONE: nothing yet */
        uint64_t n_gaps;
        uint64_t gaps[BUCKETS];
        struct {
                Silence *at;
                size_t n, cap;
        } silences; /* longer than HOLE_LEAST, in order; steady only */
};

LimnCoverage *limn_coverage_new(bool steady)
{
        LimnCoverage *c = calloc(1, sizeof *c);

        if (!c)
                return NULL;
        c->steady = steady;
        c->first = c->last = LIMN_TIME_NONE;
        return c;
}

LimnCoverage *limn_coverage_free(LimnCoverage *c)
{
        if (c)
                free(c->silences.at);
        free(c);
        return NULL;
}

static size_t bucket_of(uint64_t gap)
{
        unsigned octave;

        if (gap < PARTS)
                return (size_t)gap;
        octave = 63 - (unsigned)__builtin_clzll(gap);
        return (size_t)(octave - 3) * PARTS + (size_t)((gap >> (octave - 4)) & (PARTS - 1));
}

/* The largest gap that falls into the bucket. */
static uint64_t bucket_end(size_t bucket)
{
        unsigned octave = (unsigned)(bucket / PARTS) + 3;

        if (bucket < PARTS)
                return bucket;
        return (((uint64_t)PARTS + bucket % PARTS + 1) << (octave - 4)) - 1;
}

int limn_coverage_add(LimnCoverage *c, LimnTime start, LimnTime end)
{
        if (start == LIMN_TIME_NONE || end == LIMN_TIME_NONE)
                return 0;
        if (end < start) {
                LimnTime swap = start;

                start = end;
                end = swap;
        }
        if (c->last == LIMN_TIME_NONE) {
                c->first = start;
                c->last = end;
                return 0;
        }
        if (start < c->first)
                c->first = start;
        if (start > c->last) {
                uint64_t gap = (uint64_t)start - (uint64_t)c->last;

                c->gaps[bucket_of(gap)]++;
                c->n_gaps++;
                if (c->steady && gap > (uint64_t)HOLE_LEAST) {
                        if (limn_vec_room(&c->silences) < 0)
                                return -ENOMEM;
                        c->silences.at[c->silences.n++] = (Silence){c->last, start};
                }
        }
        if (end > c->last)
                c->last = end;
        return 0;
}

LimnDuration limn_coverage_hole(const LimnCoverage *c)
{
        /* The 99th percentile's rank; of few gaps the largest is left out all the same, or else
         * the one hole of a short log would be its own measure. */
        uint64_t above = c->n_gaps / 100 ? c->n_gaps / 100 : 1, rank, seen = 0;
        size_t i;

        if (c->hole)
                return c->hole;
        if (c->n_gaps <= above)
                return HOLE_LEAST;
        rank = c->n_gaps - above;
        for (i = 0; i < BUCKETS; i++) {
                seen += c->gaps[i];
                if (seen >= rank)
                        break;
        }
        if (bucket_end(i) > (uint64_t)INT64_MAX / 10)
                return INT64_MAX;
        if ((LimnDuration)bucket_end(i) * 10 > HOLE_LEAST)
                return (LimnDuration)bucket_end(i) * 10;
        return HOLE_LEAST;
}

void limn_coverage_set_hole(LimnCoverage *c, LimnDuration hole)
{
        c->hole = hole;
}

static bool is_hole(const LimnCoverage *c, LimnTime from, LimnTime to)
{
        return to > from && (uint64_t)to - (uint64_t)from > (uint64_t)limn_coverage_hole(c);
}

static bool is_series(const LimnCoverageSource *s)
{
        return s->series != 0 && s->coverage && s->coverage->last != LIMN_TIME_NONE;
}

typedef struct Link {
        uint32_t series;
        int rotation;
        size_t source;
} Link;

/* Oldest first. */
static int by_age(const void *a, const void *b)
{
        const Link *x = a, *y = b;

        if (x->series != y->series)
                return (x->series > y->series) - (x->series < y->series);
        if (x->rotation != y->rotation)
                return (x->rotation < y->rotation) - (x->rotation > y->rotation);
        return (x->source > y->source) - (x->source < y->source);
}

/* end[i]: until when source i is covered behind its own records. */
static int extend(const LimnCoverageSource *sources, size_t n, LimnTime *end)
{
        Link *links = calloc(n + 1, sizeof *links);
        size_t n_links = 0, i;

        if (!links)
                return -ENOMEM;
        for (i = 0; i < n; i++)
                if (is_series(&sources[i]))
                        links[n_links++] = (Link){sources[i].series, sources[i].rotation, i};
        qsort(links, n_links, sizeof *links, by_age);
        for (i = 0; i < n; i++) {
                const LimnCoverage *c = sources[i].coverage;

                end[i] = c ? c->last : LIMN_TIME_NONE;
                if (c && !c->steady && sources[i].rotation == 0 && sources[i].collected > end[i])
                        end[i] = sources[i].collected;
        }
        for (i = 0; i + 1 < n_links; i++) {
                const Link *old = &links[i], *young = &links[i + 1];
                const LimnCoverage *c = sources[old->source].coverage;
                LimnTime next = sources[young->source].coverage->first;

                if (old->series != young->series || old->rotation != young->rotation + 1)
                        continue;
                if (next > end[old->source] && !(c->steady && is_hole(c, c->last, next)))
                        end[old->source] = next;
        }
        free(links);
        return 0;
}

static int emit(const LimnCoverage *c, size_t source, LimnTime end, LimnCoverageFn fn, void *arg)
{
        LimnTime from = c->first;
        size_t i;
        int r;

        for (i = 0; i < c->silences.n; i++) {
                const Silence *s = &c->silences.at[i];

                if (!is_hole(c, s->from, s->to))
                        continue;
                r = fn(arg, source, from, s->from);
                if (r)
                        return r;
                from = s->to;
        }
        return fn(arg, source, from, end);
}

int limn_coverage(const LimnCoverageSource *sources, size_t n, LimnCoverageFn fn, void *arg)
{
        LimnTime *end = calloc(n + 1, sizeof *end);
        size_t i;
        int r;

        if (!end)
                return -ENOMEM;
        r = extend(sources, n, end);
        for (i = 0; i < n && r == 0; i++)
                if (sources[i].coverage && sources[i].coverage->last != LIMN_TIME_NONE)
                        r = emit(sources[i].coverage, i, end[i], fn, arg);
        free(end);
        return r;
}

/* Does `shape` (0: a digit) stand at the end of s? Its digits, in turn, to ret. */
static bool ends_as(LimnSlice s, const char *shape, int *ret)
{
        size_t n = strlen(shape);

        if (s.n <= n)
                return false;
        s = limn_slice_from(s, s.n - n);
        for (size_t i = 0; i < n; i++) {
                if (shape[i] == '0' ? !limn_ascii_digit(s.p[i]) : s.p[i] != shape[i])
                        return false;
                if (shape[i] == '0')
                        *ret++ = s.p[i] - '0';
        }
        return true;
}

/*
 * Logs that turn by the clock carry its time in their names: log4j-2026-11-22-07.log beside
 * log4j-active.log, stdout--2026-11-22--07-00 beside stdout, error.log-20261122 beside error.log.
 * Their numbers are hours (days) before a far moment, so that neighbours differ by one.
 */
static bool dated(LimnSlice s, LimnSlice *ret_stem, int *ret_number)
{
        static const struct {
                const char *shape;
                bool hours;
        } rows[] = {
                {"-0000-00-00-00.log", true},   {"--0000-00-00--00-00", true},
                {"-0000-00-00-00", true},       {"-00000000", false},
                {"-0000-00-00.log", false},     {"-0000-00-00", false},
        };
        int d[16];

        if (limn_slice_ends(s, LIMN_S("-active.log"))) {
                *ret_stem = limn_slice_to(s, s.n - 11);
                return true;
        }
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                if (!ends_as(s, rows[i].shape, d))
                        continue;
                LimnSlice stem = limn_slice_to(s, s.n - strlen(rows[i].shape));
                /* A daily file may be anything; only of logs is the next day's the sequel. */
                if (!rows[i].hours && limn_slice_find(stem, LIMN_S("log")) == stem.n &&
                    limn_slice_find(stem, LIMN_S("err")) == stem.n)
                        return false;
                int month = d[4] * 10 + d[5], day = d[6] * 10 + d[7];
                int year = d[0] * 1000 + d[1] * 100 + d[2] * 10 + d[3];
                if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31)
                        return false;
                int64_t at = limn_days_from_civil(year, month, day);
                if (rows[i].hours)
                        at = at * 24 + d[8] * 10 + d[9];
                *ret_number = (int)(INT32_MAX / 2 - at);
                *ret_stem = stem;
                return true;
        }
        return false;
}

LimnSlice limn_rotation(LimnSlice path, int *ret_number)
{
        static const char *const packed[] = {".gz", ".xz", ".bz2", ".zst", ".lz4"};
        LimnSlice s = path;
        long long number;
        size_t i, n;

        *ret_number = 0;
        for (i = 0; i < sizeof packed / sizeof *packed; i++)
                if (limn_slice_ends(s, limn_slice_str(packed[i])))
                        s = limn_slice_to(s, s.n - strlen(packed[i]));
        if (dated(s, &s, ret_number))
                return s;
        for (n = s.n; n && limn_ascii_digit(s.p[n - 1]); n--)
                ;
        if (n == s.n || n < 2 || s.p[n - 1] != '.' || s.p[n - 2] == '/' || s.n - n > 4 ||
            !limn_slice_i64(limn_slice_from(s, n), &number))
                return s;
        *ret_number = (int)number;
        return limn_slice_to(s, n - 1);
}
