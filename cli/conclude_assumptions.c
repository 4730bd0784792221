/* SPDX-License-Identifier: Apache-2.0 */
/* What was taken for granted, as sentences, so that a reader can object. */
#include "cli/conclude_private.h"
#include "cli/value.h"
#include "core/limits.h"

static int put(LimnCase *c, const LimnBuf *text, int64_t source, LimnDiag *diag)
{
        if (text->error)
                return text->error;
        const LimnValue row[] = {LIMN_VALUE_OF_TEXT(limn_buf_slice(text)), limn_value_id(source)};
        return limn_case_insert(c, "assumption", "text, source_id", row, 2, NULL, diag);
}

static void offset_text(LimnDuration offset, LimnBuf *out)
{
        LimnDuration minutes = (offset < 0 ? -offset : offset) / LIMN_MINUTE;
        limn_buf_printf(out, "UTC%c%02d:%02d", offset < 0 ? '-' : '+', (int)(minutes / 60),
                        (int)(minutes % 60));
}

static void clock_text(const LimnTimeline *t, size_t i, LimnBuf *out)
{
        const LimnClock *clock = &t->clocks[i];
        const LimnTimelineSource *source = &t->sources[i];
        bool naive = source->naive && !source->zone_given;
        if (naive) {
                limn_buf_printf(out, "%.*s states no time zone; its stamps were read as ",
                                LIMN_FMT(source->path));
                offset_text(clock->zone_offset, out);
                switch (clock->basis) {
                case LIMN_CLOCK_BY_SNAPSHOT:
                        limn_buf_add_str(out, ", as the server itself said");
                        break;
                case LIMN_CLOCK_BY_ANCHORS:
                        limn_buf_printf(out,
                                        ", measured from %zu moments that another source shares",
                                        clock->anchors);
                        break;
                default:
                        limn_buf_add_str(out, " for want of anything better (--tz says otherwise)");
                        break;
                }
        }
        if (clock->skew) {
                if (naive)
                        limn_buf_add_str(out, "; ");
                else
                        limn_buf_printf(out, "%.*s: ", LIMN_FMT(source->path));
                limn_buf_printf(
                        out, "its host's clock was %.1f s %s, measured from %zu shared moment%s",
                        (double)(clock->skew < 0 ? -clock->skew : clock->skew) / LIMN_SECOND,
                        clock->skew < 0 ? "behind" : "ahead", clock->anchors,
                                clock->anchors == 1 ? "" : "s");
        }
        if (clock->moved) {
                if (out->n)
                        limn_buf_add_str(out, "; ");
                else
                        limn_buf_printf(out, "%.*s: ", LIMN_FMT(source->path));
                limn_buf_printf(out,
                                "its host's clock did not keep step but went %.1f s %s while both "
                                "logged: an order within that is uncertain",
                                (double)(clock->moved < 0 ? -clock->moved : clock->moved) /
                                        LIMN_SECOND,
                                clock->moved < 0 ? "back" : "ahead");
        }
}

/* What a zone's change of clocks left in doubt. */
static int put_local_times(LimnCase *c, const LimnTimelineSource *source, LimnBuf *text,
                           LimnDiag *diag)
{
        const struct {
                uint64_t n;
                const char *one, *many, *why;
        } rows[] = {
                {source->twice, "local time was", "local times were",
                 "shown twice there, as the clocks went back: the earlier moment was taken, so an "
                 "order within that hour is uncertain"},
                {source->never, "local time does", "local times do",
                 "not exist there, as the clocks went forward: read as if they had not, and the "
                 "zone may be another"},
        };
        int r = 0;

        for (size_t i = 0; i < sizeof rows / sizeof *rows && r >= 0; i++) {
                if (rows[i].n == 0)
                        continue;
                limn_buf_clear(text);
                limn_buf_printf(text, "%.*s was read in the zone %.*s: %llu %s %s",
                                LIMN_FMT(source->path), LIMN_FMT(source->zone),
                                (unsigned long long)rows[i].n,
                                rows[i].n == 1 ? rows[i].one : rows[i].many, rows[i].why);
                r = put(c, text, source->id, diag);
        }
        return r;
}

int limn_conclude_assumptions(LimnCase *c, const LimnTimeline *t, LimnDiag *diag)
{
        LimnBuf text = LIMN_BUF(LIMN_RULE_FILE_MAX);
        int r = 0;
        for (size_t i = 0; i < t->n_sources && r >= 0; i++) {
                if (t->sources[i].first == LIMN_TIME_NONE)
                        continue;
                limn_buf_clear(&text);
                clock_text(t, i, &text);
                if (text.n)
                        r = put(c, &text, t->sources[i].id, diag);
                if (r >= 0)
                        r = put_local_times(c, &t->sources[i], &text, diag);
        }
        limn_buf_done(&text);
        return r;
}
