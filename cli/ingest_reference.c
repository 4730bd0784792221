/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A date for stamps that have none of their own (syslog writes no year): the latest that the
 * beginnings of this run's sources, or else the case, state. Sought before anything is read, so
 * that it is the same for any order and number of threads.
 */
#include <errno.h>
#include <stdlib.h>

#include "cli/ingest_private.h"
#include "core/frame.h"
#include "ingest/sniff.h"
#include "parsers/registry.h"

/* Bytes of an entry that its members' beginnings are looked for in. */
#define LOOK_BYTES (4u * 1024 * 1024)

typedef struct Look {
        char *head; /* LIMN_DETECT_BYTES */
        LimnArena *arena;
        LimnTime latest;
        bool yearless; /* a stamp lacked its year */
} Look;

static int look_at_text(Look *look, LimnSlice text, bool whole)
{
        _Alignas(max_align_t) char frame[LIMN_STATE_MAX] = {0}, state[LIMN_STATE_MAX] = {0};
        const LimnFormat *format = limn_format_detect(limn_sniff_text(text), whole, NULL);
        LimnParse parse = {.arena = look->arena, .reference = LIMN_TIME_NONE,
                           .state = state};

        while (format && text.n) {
                size_t n = limn_frame_next(format, text, whole, frame);
                LimnEvent event = {.record = limn_slice_to(text, n), .time = LIMN_TIME_NONE};
                int r;

                if (n == 0)
                        break;
                limn_arena_reset(look->arena);
                r = format->parse(event.record, &parse, &event);
                if (r < 0)
                        return r;
                bool assumed = event.quality & LIMN_Q_YEAR_ASSUMED;
                if (event.time == LIMN_TIME_NONE)
                        look->yearless |= assumed;
                else if (!assumed && (look->latest == LIMN_TIME_NONE || event.time > look->latest))
                        look->latest = event.time;
                text = limn_slice_from(text, n);
        }
        return 0;
}

static int look_at(Look *look, const LimnEntry *entry)
{
        LimnStream *stream = NULL;
        const char *what, *help;
        int r = 0;

        if (entry->kind != LIMN_ENTRY_FILE)
                return 0;
        /* What is wrong with it is said when it is read. */
        if (limn_stream_open(&stream, entry, NULL) < 0)
                return 0;
        while (r == 0 && limn_stream_taken(stream) < LOOK_BYTES &&
               limn_stream_next_member(stream, NULL) == 0) {
                size_t n;
                r = limn_stream_read(stream, look->head, LIMN_DETECT_BYTES, &n, NULL);
                LimnSlice text = limn_slice(look->head, n);
                if (r < 0 || limn_sniff(text, &what, &help) != LIMN_CONTENT_TEXT)
                        continue;
                r = look_at_text(look, text, n < LIMN_DETECT_BYTES);
        }
        limn_stream_free(stream);
        return r == -ENOMEM ? r : 0;
}

static int take_latest(void *arg, const LimnValue *values, size_t n)
{
        LimnTime *latest = arg;

        if (n && values[0].type == LIMN_VALUE_INT)
                *latest = values[0].i;
        return 0;
}

int limn_ingest_reference(LimnPipeline *p)
{
        Look look = {.latest = LIMN_TIME_NONE};
        int r = 0;

        p->reference = p->options->reference;
        if (p->reference != LIMN_TIME_NONE)
                return 0;
        look.head = malloc(LIMN_DETECT_BYTES);
        look.arena = limn_arena_new(LIMN_RECORD_ARENA_MAX);
        if (!look.head || !look.arena)
                r = -ENOMEM;
        for (size_t i = 0; r == 0 && i < p->reader.walk.n; i++)
                r = look_at(&look, &p->reader.walk.at[i]);
        if (r == 0 && look.yearless && look.latest == LIMN_TIME_NONE) {
                LimnQuery query = limn_case_query(p->c);
                r = query.run(query.ctx, "SELECT max(last_time) FROM source", NULL, 0,
                              take_latest, &look.latest, p->diag);
        }
        if (r == 0 && look.yearless && look.latest != LIMN_TIME_NONE) {
                char text[LIMN_TIME_ISO_MAX];
                p->reference = look.latest;
                limn_diag_addf(p->diag, &(LimnMessage){
                        .severity = LIMN_DIAG_NOTE,
                        .why = "stamps without a year are taken to be nearest to it",
                        .help = "--reference-time TIME says otherwise"},
                        "the latest date that is stated with a year is %s",
                        limn_time_iso_str(look.latest, text));
        } else if (r == 0 && look.yearless) {
                limn_diag_add(p->diag, &(LimnMessage){
                        .severity = LIMN_DIAG_WARNING, .what = "stamps without a year have no time",
                        .why = "no other source states a year",
                        .help = "--reference-time TIME gives one"});
        }
        limn_arena_free(look.arena);
        free(look.head);
        return r;
}
