/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/formats_explain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/frame.h"
#include "core/limits.h"
#include "core/printable.h"
#include "ingest/frame.h"
#include "ingest/stream.h"
#include "parsers/registry.h"

/* How much of a line is quoted. */
#define QUOTED_MAX 160

static const char *bid_text(LimnBid bid)
{
        switch (bid) {
        case LIMN_BID_NO:
                return "no";
        case LIMN_BID_FALLBACK:
                return "takes any text";
        case LIMN_BID_MAYBE:
                return "maybe: the shape fits, other formats share it";
        case LIMN_BID_LIKELY:
                return "likely: lines have its own shape";
        case LIMN_BID_CERTAIN:
                return "certain: there are names that only this format has";
        }
        return "no";
}

/* What comes out of the whole records of a head. */
typedef struct Reading {
        size_t records, plain, timed, levelled, naive, others;
        uint64_t lines;
        LimnTime first, last;
        LimnSlice not_understood; /* the first such record's first line that is not blank */
        uint64_t not_understood_line;
} Reading;

/* Is the record one of another program than the source is named for? */
static bool is_other(const LimnFormat *format, const LimnEvent *event)
{
        const char *plus = strchr(format->name, '+');

        return plus && event->format && strcmp(event->format->name, plus + 1) != 0;
}

static void count(Reading *reading, const LimnEvent *event, int parsed, LimnSlice record)
{
        LimnSlice line = LIMN_NONE, rest = record;

        reading->records++;
        reading->plain += parsed != LIMN_PARSED;
        reading->levelled += event->level != LIMN_LEVEL_NONE;
        if (event->time != LIMN_TIME_NONE) {
                reading->timed++;
                reading->naive += event->time_basis == LIMN_BASIS_ASSUMED;
                if (reading->first == LIMN_TIME_NONE || event->time < reading->first)
                        reading->first = event->time;
                if (reading->last == LIMN_TIME_NONE || event->time > reading->last)
                        reading->last = event->time;
        }
        while (line.n == 0 && limn_slice_line(&rest, &line))
                line = limn_slice_trim(line);
        if (parsed != LIMN_PARSED && line.n && !reading->not_understood.p) {
                reading->not_understood = line;
                reading->not_understood_line = reading->lines + 1;
        }
        reading->lines += limn_count_lines(record);
}

static int read_head(const LimnFormat *format, LimnSlice head, bool whole, Reading *ret)
{
        _Alignas(max_align_t) char frame[LIMN_STATE_MAX] = {0}, kept[LIMN_STATE_MAX] = {0};
        LimnArena *arena = limn_arena_new(LIMN_RECORD_ARENA_MAX);
        int r = arena ? 0 : -ENOMEM;

        *ret = (Reading){.first = LIMN_TIME_NONE, .last = LIMN_TIME_NONE};
        while (r >= 0 && head.n) {
                size_t n = limn_frame_next(format, head, whole, frame);
                if (n == 0 && ret->records)
                        break; /* the last record goes on behind the head */
                LimnSlice record = limn_slice_to(head, n ? n : head.n);
                LimnParse parse = {.arena = arena, .reference = LIMN_TIME_NONE, .state = kept};
                LimnEvent event = {.record = record, .time = LIMN_TIME_NONE};
                limn_arena_reset(arena);
                r = format->parse(record, &parse, &event);
                if (r >= 0)
                        count(ret, &event, r, record);
                ret->others += r >= 0 && is_other(format, &event);
                head = limn_slice_from(head, record.n);
        }
        limn_arena_free(arena);
        return r < 0 ? r : 0;
}

static void say_line(LimnSlice line)
{
        LimnBuf quoted = LIMN_BUF(64 * 1024);

        limn_printable(limn_slice_to(line, QUOTED_MAX), &quoted);
        printf("%s%s\n", limn_buf_str(&quoted), line.n > QUOTED_MAX ? "..." : "");
        limn_buf_done(&quoted);
}

static void say_reading(const LimnFormat *format, const Reading *is, bool whole)
{
        char first[LIMN_TIME_ISO_MAX], last[LIMN_TIME_ISO_MAX];

        printf("  its %s%zu record%s: %zu understood, %zu with a level, %zu with a time\n",
               whole ? "" : "first ", is->records, is->records == 1 ? "" : "s",
               is->records - is->plain, is->levelled, is->timed);
        if (is->timed)
                printf("  times: %s to %s%s\n", limn_time_iso_str(is->first, first),
                       limn_time_iso_str(is->last, last),
                       is->naive ? "" : ", in stated zones");
        if (is->naive)
                printf("  %zu stamp%s no zone; read as UTC unless --tz or another source tells\n",
                       is->naive, is->naive == 1 ? " has" : "s have");
        if (is->others)
                printf("  another program's among them: %zu (field wrapper.format)\n", is->others);
        if (is->not_understood.p && format->product[0]) {
                printf("  not understood, kept as text, line %llu: ",
                       (unsigned long long)is->not_understood_line);
                say_line(is->not_understood);
        }
}

static void say_bids(const LimnFormatBid *bids)
{
        size_t column = 0, i = 0;

        printf("  bids, the highest wins:\n");
        for (; i < limn_formats_n && bids[i].bid != LIMN_BID_NO; i++)
                printf("    %-16s %s\n", bids[i].format->name, bid_text(bids[i].bid));
        if (i == limn_formats_n)
                return;
        printf("    %-16s", "no:");
        for (column = 20; i < limn_formats_n; i++) {
                size_t n = strlen(bids[i].format->name) + 1;
                if (column + n > 78) {
                        printf("\n    %16s", "");
                        column = 20;
                }
                printf(" %s", bids[i].format->name);
                column += n;
        }
        printf("\n");
}

static void say_format(const char *path, const LimnFormat *format, const LimnFormat *rival)
{
        const char *plus = format ? strchr(format->name, '+') : NULL;
        LimnBuf name = LIMN_BUF(64 * 1024);

        limn_printable(limn_slice_str(path), &name);
        if (!format)
                printf("%s: binary, no format reads it\n", limn_buf_str(&name));
        else if (rival)
                printf("%s: %s, tied with %s; --format of other commands decides\n",
                       limn_buf_str(&name), format->name, rival->name);
        else
                printf("%s: %s\n", limn_buf_str(&name), format->name);
        limn_buf_done(&name);
        if (plus)
                printf("  most lines are envelopes of %.*s; what is inside them is %s\n",
                       (int)(plus - format->name), format->name, plus + 1);
        else if (format && strcmp(format->name, "plain") == 0)
                printf("  no other format fits: kept as plain text\n");
        else if (format)
                printf("  %s\n", format->title);
}

static int explain_head(const char *path, LimnSlice head, bool whole)
{
        LimnFormatBid *bids = calloc(limn_formats_n, sizeof *bids);
        const LimnFormat *rival = NULL, *format = limn_format_detect(head, whole, &rival);
        Reading reading;
        int r = 0;

        if (!bids)
                return -ENOMEM;
        limn_format_bids(head, whole, bids);
        say_format(path, format, rival);
        if (format && head.n)
                r = read_head(format, head, whole, &reading);
        if (r == 0 && format && head.n)
                say_reading(format, &reading, whole);
        if (r == 0 && format && !strchr(format->name, '+'))
                say_bids(bids);
        free(bids);
        return r;
}

int limn_formats_explain(const LimnEntry *entry, LimnDiag *diag)
{
        char *head = malloc(LIMN_DETECT_BYTES);
        LimnStream *stream = NULL;
        size_t n = 0;
        int r = head ? limn_stream_open(&stream, entry, diag) : -ENOMEM;

        while (r >= 0 && (r = limn_stream_next_member(stream, diag)) == 0) {
                r = limn_stream_read(stream, head, LIMN_DETECT_BYTES, &n, diag);
                if (r >= 0)
                        r = explain_head(limn_stream_path(stream), limn_slice(head, n),
                                         n < LIMN_DETECT_BYTES);
        }
        limn_stream_free(stream);
        free(head);
        return r < 0 ? r : 0;
}
