/* SPDX-License-Identifier: Apache-2.0 */
/* Records to events, events to hits and to the source's figures: the PARSE gate. */
#include <errno.h>

#include "cli/ingest_private.h"
#include "core/json_scan.h"

typedef struct Record {
        LimnPipeline *p;
        LimnSegmentWork *work;
        const LimnEvent *event;
        uint32_t ordinal, length;
        uint64_t line, offset;
        bool explained;
} Record;

/* The id by which an event of a pipeline is the same one in every export. */
static LimnSlice event_id(const LimnSegmentWork *work, const LimnEvent *event)
{
        char scratch[LIMN_TIME_ISO_MAX];
        LimnSlice id = LIMN_NONE;

        if (strcmp(work->source->format->service, "pipeline_events") != 0)
                return LIMN_NONE;
        if (!limn_event_get(event, LIMN_S("id"), scratch, &id))
                limn_event_get(event, LIMN_S("pipeline_event_id"), scratch, &id);
        return id;
}

static int add_hit(void *arg, const LimnMatch *match)
{
        Record *record = arg;
        LimnSegmentWork *work = record->work;
        LimnBuf *json = &work->json;
        LimnSegmentHit *hit;
        size_t start = json->n;

        record->explained |= !match->rule->meaning.vague;
        if (limn_vec_room(&work->hits) < 0)
                return -ENOMEM;
        limn_buf_add_char(json, '{');
        for (size_t i = 0; i < match->n_fields; i++) {
                if (i > 0)
                        limn_buf_add_char(json, ',');
                limn_json_quote(json, match->fields[i].name);
                limn_buf_add_char(json, ':');
                if (match->fields[i].value.p)
                        limn_json_quote(json, match->fields[i].value);
                else
                        limn_buf_add(json, LIMN_S("null"));
        }
        LimnSlice id = event_id(work, record->event);
        if (id.n) {
                limn_buf_add_str(json, match->n_fields ? ",\"event_id\":" : "\"event_id\":");
                limn_json_quote(json, id);
        }
        limn_buf_add_char(json, '}');
        LimnRepeatKey lengths = {0};
        size_t key = work->keys.n;
        if (match->rule->meaning.repeat.node)
                limn_repeat_key(match->rule, match->fields, match->n_fields, &work->keys, &lengths);
        if (json->error || work->keys.error)
                return -ENOMEM;
        hit = &work->hits.at[work->hits.n++];
        *hit = (LimnSegmentHit){
                .rule = match->rule,
                .ordinal = record->ordinal,
                .length = record->length,
                .line = record->line,
                .offset = record->offset,
                .time = record->event->time,
                .fields = start,
                .n_fields = json->n - start,
                .key = key,
                .lengths = lengths,
        };
        return 0;
}

/* Left out by --since or --until? A record without a time goes with the one before it. */
static bool is_outside(LimnSegmentWork *work, const LimnIngestOptions *options, LimnTime time)
{
        if (time != LIMN_TIME_NONE)
                work->outside = (options->since != LIMN_TIME_NONE && time < options->since) ||
                                (options->until != LIMN_TIME_NONE && time > options->until);
        return work->outside;
}

static void widen(LimnTime time, LimnTime *min, LimnTime *max)
{
        if (*min == LIMN_TIME_NONE || time < *min)
                *min = time;
        if (*max == LIMN_TIME_NONE || time > *max)
                *max = time;
}

/* The source testifies for this time. */
static int add_time(LimnSegmentWork *work, LimnTime time)
{
        LimnSourceTotals *totals = &work->totals;

        if (time == LIMN_TIME_NONE)
                return 0;
        if (work->source->format->steady &&
            (totals->first_time == LIMN_TIME_NONE || time < totals->first_time ||
             time > totals->last_time)) {
                if (limn_vec_room(&work->times) < 0)
                        return -ENOMEM;
                work->times.at[work->times.n++] = time;
        }
        widen(time, &totals->first_time, &totals->last_time);
        return 0;
}

/* Which of the four columns of the ledger the record's bytes are in. */
static void account(LimnSegmentWork *work, LimnSlice record, const LimnCut *cut, int parsed)
{
        LimnSourceTotals *totals = &work->totals;
        size_t first = record.n;

        if (parsed != LIMN_PARSED) {
                totals->unparsed += record.n;
                return;
        }
        if (cut->lines > 1 && !work->source->format->frame) {
                first = limn_slice_chr(record, '\n') + 1;
                if (first > record.n)
                        first = record.n;
        }
        if (first > LIMN_RECORD_PARSED_MAX)
                first = LIMN_RECORD_PARSED_MAX;
        totals->parsed += first;
        totals->continuation += record.n - first;
}

/* The rules for a record: its source's, unless it is another program's (parsers/wrapped.h). */
static const LimnApplicable *applicable_to(LimnSegmentWork *work, const LimnFormat *format)
{
        return format ? limn_matcher_applicable(work->matcher, NULL, format->product,
                                                format->service)
                      : work->applicable;
}

static int parse_record(Record *record, LimnParse *parse, const LimnCut *cut, LimnSlice bytes,
                        const LimnMark *marks, size_t n_marks)
{
        LimnPipeline *p = record->p;
        LimnSegmentWork *work = record->work;
        LimnSourceTotals *totals = &work->totals;
        LimnEvent event = {.record = limn_slice_to(bytes, LIMN_RECORD_PARSED_MAX),
                           .time = LIMN_TIME_NONE};
        size_t undecided = 0;
        int parsed, r;

        limn_arena_reset(work->arena);
        parsed = work->source->format->parse(event.record, parse, &event);
        if (parsed < 0)
                return parsed;
        if (event.time != LIMN_TIME_NONE)
                widen(event.time, &work->time_min, &work->time_max);
        work->level_mask |= 1u << event.level;
        if (is_outside(work, p->options, event.time)) {
                totals->skipped += bytes.n;
                return 0;
        }
        account(work, bytes, cut, parsed);
        r = add_time(work, event.time);
        if (r < 0)
                return r;
        totals->stated += event.time_basis == LIMN_BASIS_STATED;
        work->twice += (event.quality & LIMN_Q_LOCAL_TWICE) != 0;
        work->never += (event.quality & LIMN_Q_LOCAL_NEVER) != 0;
        totals->naive += event.time_basis == LIMN_BASIS_ASSUMED ||
                         event.time_basis == LIMN_BASIS_CONFIGURED;

        record->event = &event;
        record->explained = false;
        const LimnApplicable *applicable = applicable_to(work, event.format);
        if (!applicable)
                return -ENOMEM;
        r = limn_matcher_match(work->matcher, applicable, &event, marks, n_marks, add_hit,
                               record, &undecided);
        work->undecided += undecided;
        if (r == 0 && !record->explained && event.level >= LIMN_LEVEL_ERROR) {
                if (!work->unexplained)
                        work->unexplained = limn_unexplained_new();
                r = work->unexplained ? limn_unexplained_add(work->unexplained, &event,
                                                             record->line, record->offset)
                                      : -ENOMEM;
        }
        return r;
}

bool limn_ingest_parses_alone(const LimnPipeline *p, const LimnSegmentWork *work)
{
        return work->source->format->state_size == 0 && p->options->since == LIMN_TIME_NONE &&
               p->options->until == LIMN_TIME_NONE;
}

int limn_ingest_applicable(LimnSegmentWork *work)
{
        const LimnFormat *format = work->source->format;

        if (format == work->applicable_to)
                return 0;
        work->applicable = limn_matcher_applicable(work->matcher, NULL, format->product,
                                                   format->service);
        if (!work->applicable)
                return -ENOMEM;
        work->applicable_to = format;
        return 0;
}

int limn_ingest_parse(LimnPipeline *p, LimnSegmentWork *work)
{
        LimnSourceRun *run = work->source;
        const LimnFormat *format = run->format;
        Record record = {.p = p, .work = work, .line = work->first_line, .offset = work->offset};
        LimnParse parse = {.arena = work->arena, .zone = run->zone,
                           .reference = p->reference, .state = run->state};
        size_t at = 0, mark = 0;

        if (format->state_size > 0)
                memcpy(work->state + format->frame_state_size, run->state, format->state_size);
        work->time_min = work->time_max = LIMN_TIME_NONE;
        work->level_mask = 0;
        work->hits.n = 0;
        work->times.n = 0;
        limn_buf_clear(&work->json);
        limn_buf_clear(&work->keys);
        work->totals = (LimnSourceTotals){.records = work->cuts.n, .first_time = LIMN_TIME_NONE,
                                          .last_time = LIMN_TIME_NONE};
        work->undecided = 0;
        work->twice = work->never = 0;
        work->outside = !limn_ingest_parses_alone(p, work) && run->outside;

        for (size_t i = 0; i < work->cuts.n; i++) {
                const LimnCut *cut = &work->cuts.at[i];
                size_t end = at + cut->length, first_mark;
                int r;

                while (mark < work->marks.n && work->marks.at[mark].end <= at)
                        mark++;
                first_mark = mark;
                while (mark < work->marks.n && work->marks.at[mark].end <= end)
                        mark++;
                record.ordinal = (uint32_t)i;
                record.length = cut->length;
                r = parse_record(&record, &parse, cut, limn_slice(work->bytes + at, cut->length),
                                 work->marks.at + first_mark, mark - first_mark);
                if (r < 0)
                        return r;
                record.line += cut->lines;
                record.offset += cut->length;
                at = end;
        }
        /* The rest of a record too long to parse. */
        if (work->cuts.n == 0 && work->outside)
                work->totals.skipped = work->n;
        else if (work->cuts.n == 0)
                work->totals.continuation = work->n;
        work->parsed = true;
        return 0;
}

int limn_ingest_merge(LimnSegmentWork *work)
{
        LimnSourceRun *run = work->source;
        LimnSourceTotals *to = &run->totals, *from = &work->totals;

        to->records += from->records;
        to->naive += from->naive;
        to->stated += from->stated;
        to->parsed += from->parsed;
        to->continuation += from->continuation;
        to->unparsed += from->unparsed;
        to->skipped += from->skipped;
        if (from->first_time != LIMN_TIME_NONE) {
                widen(from->first_time, &to->first_time, &to->last_time);
                widen(from->last_time, &to->first_time, &to->last_time);
        }
        if (work->times.n && !run->coverage && !(run->coverage = limn_coverage_new(true)))
                return -ENOMEM;
        for (size_t i = 0; i < work->times.n; i++)
                if (limn_coverage_add(run->coverage, work->times.at[i], work->times.at[i]) < 0)
                        return -ENOMEM;
        run->undecided += work->undecided;
        run->twice += work->twice;
        run->never += work->never;
        run->outside = work->outside;
        if (!work->unexplained)
                return 0;
        if (!run->unexplained)
                run->unexplained = limn_unexplained_new();
        return run->unexplained ? limn_unexplained_take(run->unexplained, work->unexplained)
                                : -ENOMEM;
}
