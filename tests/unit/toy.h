/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A small format with everything that makes decoding hard, and the shortest ingest that writes
 * true segments of it. For tests of db/.
 *
 *     100 error disk is full disk=sda      seconds, level, message; name=value words are fields
 *      more                                 a line that begins with a blank continues
 *     - info the same moment               the time of the record before it (state)
 *     anything else                        a record that is not understood
 */
#include <assert.h>
#include <stdlib.h>

#include "core/frame.h"
#include "core/hash.h"
#include "core/limits.h"
#include "db/case.h"
#include "db/segment.h"

typedef struct ToyState {
        LimnTime last;
        uint64_t n;
} ToyState;

static bool toy_starts_record(LimnSlice line)
{
        return line.n == 0 || line.p[0] != ' ';
}

static LimnSlice toy_word(LimnSlice *rest)
{
        size_t end = limn_slice_chr(*rest, ' ');
        LimnSlice word = limn_slice_to(*rest, end);
        *rest = limn_slice_from(*rest, end + 1);
        return word;
}

static int toy_parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        ToyState *state = parse->state;
        LimnFields fields = {0};
        LimnSlice rest = record, line = LIMN_NONE, words;
        long long seconds = 0;
        char text[32];

        state->n++;
        limn_slice_line(&rest, &line);
        words = line;
        LimnSlice stamp = toy_word(&words);
        LimnSlice level = toy_word(&words);
        bool inherit = limn_slice_eq(stamp, LIMN_S("-"));
        if (!inherit && !limn_slice_i64(stamp, &seconds)) {
                ret->message = line;
                return LIMN_PARSE_PLAIN;
        }
        ret->time = inherit ? state->last : seconds * LIMN_SECOND;
        ret->time_basis = inherit ? LIMN_BASIS_INHERITED : LIMN_BASIS_ASSUMED;
        if (parse->zone && !inherit) {
                limn_zone_to_utc(parse->zone, ret->time, &ret->time);
                ret->time_basis = LIMN_BASIS_CONFIGURED;
        }
        if (inherit && state->last == LIMN_TIME_NONE)
                ret->time_basis = LIMN_BASIS_NONE;
        state->last = ret->time;
        ret->time_raw = stamp;
        ret->level = limn_level_from_word(level);
        ret->level_raw = level;
        ret->message = words;
        snprintf(text, sizeof text, "%llu", (unsigned long long)state->n);
        if (limn_fields_add(&fields, parse->arena, LIMN_S("n"),
                            limn_arena_dup(parse->arena, limn_slice_str(text))) < 0)
                return -ENOMEM;
        while (words.n) {
                LimnSlice word = toy_word(&words);
                size_t at = limn_slice_chr(word, '=');
                if (at < word.n && limn_fields_add(&fields, parse->arena, limn_slice_to(word, at),
                                                   limn_slice_from(word, at + 1)) < 0)
                        return -ENOMEM;
        }
        if (rest.n)
                limn_fields_add(&fields, parse->arena, LIMN_S("trace"), rest);
        limn_event_take_fields(ret, &fields);
        return LIMN_PARSED;
}

static const LimnFormat toy_format = {
        .name = "toy",
        .title = "for tests",
        .version = 1,
        .starts_record = toy_starts_record,
        .state_size = sizeof(ToyState),
        .parse = toy_parse,
};

static inline const LimnFormat *toy_find(const char *name)
{
        return strcmp(name, "toy") == 0 ? &toy_format : NULL;
}

typedef struct ToyIngest {
        LimnCase *c;
        int64_t source;
        LimnPacker *packer;
        LimnArena *arena;
        LimnZone *zone;
        size_t segment_bytes; /* 0: LIMN_SEGMENT_BYTES */
        bool hits;            /* a hit for each error, of rule 1 */
        int64_t supersedes;
        LimnDiag *diag;
} ToyIngest;

static inline int toy_segment(ToyIngest *in, LimnSlice all, size_t from, size_t to,
                              LimnSegmentInfo *segment, const ToyState *before,
                              const LimnCaseHit *hits, size_t n_hits)
{
        LimnBuf frame = LIMN_BUF(2 * LIMN_SEGMENT_MAX);
        int64_t id;

        segment->offset = from;
        segment->length = (uint32_t)(to - from);
        segment->final = to == all.n;
        segment->state = limn_slice((const char *)before, sizeof *before);
        int r = limn_segment_pack(in->packer, limn_slice(all.p + from, to - from), &frame);
        segment->data = limn_buf_slice(&frame);
        if (r == 0)
                r = limn_case_segment_add(in->c, in->source, segment, &id, in->diag);
        for (size_t i = 0; r == 0 && i < n_hits; i++) {
                LimnCaseHit hit = hits[i];
                hit.segment_id = id;
                r = limn_case_hit_add(in->c, in->source, &hit, in->diag);
        }
        limn_buf_done(&frame);
        return r;
}

/* All segments of `all`; *ret: the totals. The source was begun. */
static inline int toy_segments(ToyIngest *in, LimnSlice all, LimnSourceTotals *ret)
{
        static LimnCaseHit hits[100000];
        static char sha[LIMN_SHA256_HEX];
        size_t limit = in->segment_bytes ? in->segment_bytes : LIMN_SEGMENT_BYTES, n_hits = 0;
        ToyState state = {.last = LIMN_TIME_NONE}, before = state;
        LimnParse parse = {.arena = in->arena, .zone = in->zone, .state = &state};
        LimnSegmentInfo segment = {.first_line = 1,
                                   .time_min = LIMN_TIME_NONE,
                                   .time_max = LIMN_TIME_NONE};
        size_t at = 0, from = 0;
        uint64_t line = 1;
        int r = 0;

        *ret = (LimnSourceTotals){.size = all.n,
                                  .size_received = all.n,
                                  .first_time = LIMN_TIME_NONE,
                                  .last_time = LIMN_TIME_NONE};
        while (r == 0 && at < all.n) {
                LimnSlice rest = limn_slice_from(all, at);
                size_t n = limn_frame_next(&toy_format, rest, true, NULL);
                LimnEvent event = {.record = limn_slice_to(rest, n)};
                limn_arena_reset(in->arena);
                int kind = toy_parse(event.record, &parse, &event);
                *(kind == LIMN_PARSED ? &ret->parsed : &ret->unparsed) += n;
                segment.level_mask |= 1u << event.level;
                if (event.time_basis != LIMN_BASIS_NONE) {
                        if (segment.time_min == LIMN_TIME_NONE || event.time < segment.time_min)
                                segment.time_min = event.time;
                        if (segment.time_max == LIMN_TIME_NONE || event.time > segment.time_max)
                                segment.time_max = event.time;
                        ret->last_time = event.time;
                        if (ret->first_time == LIMN_TIME_NONE)
                                ret->first_time = event.time;
                }
                if (in->hits && event.level == LIMN_LEVEL_ERROR)
                        hits[n_hits++] = (LimnCaseHit){.ordinal = segment.records,
                                                       .rule_id = 1,
                                                       .line = line,
                                                       .offset = at,
                                                       .length = (uint32_t)n,
                                                       .time = event.time,
                                                       .fields = LIMN_S("{}")};
                segment.records++;
                ret->records++;
                for (size_t i = 0; i < n; i++)
                        line += event.record.p[i] == '\n';
                at += n;
                if (at - from >= limit || at == all.n) {
                        r = toy_segment(in, all, from, at, &segment, &before, hits, n_hits);
                        segment = (LimnSegmentInfo){.first_line = line,
                                                    .time_min = LIMN_TIME_NONE,
                                                    .time_max = LIMN_TIME_NONE};
                        before = state;
                        from = at;
                        n_hits = 0;
                }
        }
        ret->lines = line - 1;
        limn_sha256_of(all, sha);
        ret->sha256 = ret->sha256_received = limn_slice(sha, LIMN_SHA256_HEX - 1);
        return r;
}

static inline void toy_init(ToyIngest *in, LimnCase *c)
{
        *in = (ToyIngest){.c = c, .arena = limn_arena_new(LIMN_RECORD_ARENA_MAX)};
        if (!in->arena || limn_packer_new(&in->packer) < 0)
                abort();
}

static inline void toy_done(ToyIngest *in)
{
        limn_packer_free(in->packer);
        limn_arena_free(in->arena);
}

/* A whole source; its id is in->source. */
static inline int toy_ingest(ToyIngest *in, const char *path, LimnSlice text)
{
        LimnSourceInfo info = {.path = limn_slice_str(path),
                               .format = &toy_format,
                               .zone = in->zone ? limn_zone_name(in->zone) : NULL,
                               .head_sha256 = LIMN_S("head")};
        LimnSourceTotals totals;

        int r = limn_case_source_begin(in->c, &info, &in->source, in->diag);
        if (r == 0)
                r = toy_segments(in, text, &totals);
        if (r == 0)
                r = limn_case_source_end(in->c, in->source, &totals, in->supersedes, in->diag);
        return r;
}
