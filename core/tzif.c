/* SPDX-License-Identifier: Apache-2.0 */
#include "core/tzif.h"

#include <errno.h>
#include <stdlib.h>

#include "core/tzrule.h"
#include "core/time.h"
#include "core/vec.h"

enum { HEADER = 44, OFFSET_MAX = 26 * 3600 };

typedef struct Block {
        uint32_t isut, isstd, leap, times, types, chars;
        size_t width; /* of a time: 4 or 8 bytes */
        size_t bytes; /* of the data behind the header */
} Block;

static uint32_t be32(const char *p)
{
        const unsigned char *u = (const unsigned char *)p;
        return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | (uint32_t)u[2] << 8 | u[3];
}

static bool header(LimnSlice s, size_t width, Block *ret)
{
        if (s.n < HEADER || memcmp(s.p, "TZif", 4) != 0)
                return false;
        *ret = (Block){be32(s.p + 20), be32(s.p + 24), be32(s.p + 28),
                       be32(s.p + 32), be32(s.p + 36), be32(s.p + 40), width, 0};
        /* Each count is below 2^32, so the sum cannot wrap in 64 bits. */
        uint64_t bytes = (uint64_t)ret->times * (width + 1) + (uint64_t)ret->types * 6 +
                         ret->chars + (uint64_t)ret->leap * (width + 4) + ret->isstd + ret->isut;
        ret->bytes = (size_t)bytes;
        return bytes <= s.n - HEADER && ret->types > 0 && ret->types <= 256;
}

static int add(LimnTzif *tz, int64_t from, int32_t offset)
{
        if (tz->n && tz->at[tz->n - 1].offset == offset)
                return 0;
        int r = limn_vec_room(tz);
        if (r == 0)
                tz->at[tz->n++] = (LimnTzPeriod){from, offset};
        return r;
}

static int read_block(LimnTzif *tz, const Block *b, const char *p, int64_t *ret_last)
{
        const char *indexes = p + b->times * b->width, *types = indexes + b->times;
        int64_t last = INT64_MIN;
        if (b->leap)
                return -EINVAL;
        /* Before the first change the first type holds. */
        int r = add(tz, INT64_MIN, (int32_t)be32(types));
        for (uint32_t i = 0; r == 0 && i < b->times; i++) {
                const char *at = p + i * b->width;
                int64_t from = b->width == 4 ? (int32_t)be32(at)
                                             : (int64_t)((uint64_t)be32(at) << 32 | be32(at + 4));
                unsigned char type = (unsigned char)indexes[i];
                if (type >= b->types || (i && from <= last))
                        return -EINVAL;
                last = from;
                r = add(tz, from, (int32_t)be32(types + type * 6));
        }
        *ret_last = last;
        for (size_t i = 0; r == 0 && i < tz->n; i++)
                if (tz->at[i].offset < -OFFSET_MAX || tz->at[i].offset > OFFSET_MAX)
                        r = -EINVAL;
        return r;
}

/* One change by the rule, if it lies behind those that are listed. Of two at the same instant
 * (a year that is daylight saving time from end to end) the later one counts. */
static int expand_one(LimnTzif *tz, int64_t listed, int64_t from, int32_t offset)
{
        if (from <= listed)
                return 0;
        if (tz->n > 1 && tz->at[tz->n - 1].from == from)
                tz->n--;
        return add(tz, from, offset);
}

/* `listed`: the last change that the file itself lists. */
static int expand(LimnTzif *tz, int64_t listed, const LimnTzRule *rule)
{
        if (!rule->has_dst)
                return 0;
        int year = 1970, month, day, r = 0;
        if (listed > 0)
                limn_civil_from_days(listed / 86400, &year, &month, &day);
        if (year > 9999)
                return -EINVAL;
        /* One year more than the cycle: a local time just before `end` looks a day ahead. */
        for (int y = year; r == 0 && y <= year + 402; y++) {
                int64_t start = limn_tz_rule_start(rule, y), stop = limn_tz_rule_stop(rule, y);
                bool north = start < stop;
                r = expand_one(tz, listed, north ? start : stop, north ? rule->dst : rule->std);
                if (r == 0)
                        r = expand_one(tz, listed, north ? stop : start,
                                       north ? rule->std : rule->dst);
        }
        tz->end = limn_days_from_civil(year + 401, 1, 1) * 86400;
        return r;
}

static int read_all(LimnTzif *tz, LimnSlice s)
{
        Block block;
        int64_t last;
        if (!header(s, 4, &block))
                return -EINVAL;
        if (s.p[4] < '2')
                return read_block(tz, &block, s.p + HEADER, &last);
        s = limn_slice_from(s, HEADER + block.bytes);
        if (!header(s, 8, &block))
                return -EINVAL;
        int r = read_block(tz, &block, s.p + HEADER, &last);
        if (r < 0)
                return r;
        s = limn_slice_from(s, HEADER + block.bytes);
        size_t line = limn_slice_chr(limn_slice_from(s, 1), '\n');
        if (s.n < 2 || s.p[0] != '\n' || line + 1 >= s.n)
                return -EINVAL;
        LimnTzRule rule;
        if (line == 0)
                return 0;
        if (!limn_tz_rule_parse(limn_slice(s.p + 1, line), &rule))
                return -EINVAL;
        return expand(tz, last, &rule);
}

int limn_tzif_read(LimnTzif *ret, LimnSlice bytes)
{
        LimnTzif tz = {.end = INT64_MAX};
        int r = read_all(&tz, bytes);
        if (r < 0)
                limn_tzif_done(&tz);
        else
                *ret = tz;
        return r;
}

int limn_tzif_fixed(LimnTzif *ret, int32_t offset)
{
        LimnTzif tz = {.end = INT64_MAX};
        int r = add(&tz, INT64_MIN, offset);
        if (r == 0)
                *ret = tz;
        return r;
}

void limn_tzif_done(LimnTzif *tz)
{
        free(tz->at);
        *tz = (LimnTzif){0};
}
