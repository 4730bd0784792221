/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/text.h"

#include <inttypes.h>

void limn_text_time(LimnTime t, LimnBuf *out)
{
        if (t == LIMN_TIME_NONE) {
                limn_buf_add_str(out, "unknown");
                return;
        }
        char iso[LIMN_TIME_ISO_MAX];
        LimnSlice s = limn_slice_str(limn_time_iso_str(t, iso));
        size_t at = limn_slice_chr(s, 'T');
        limn_buf_add(out, limn_slice_to(s, at));
        limn_buf_add_char(out, ' ');
        /* To the millisecond, and none of them when there are none. */
        LimnSlice clock = limn_slice_from(s, at + 1);
        limn_buf_add(out, limn_slice_to(clock, t % LIMN_SECOND ? 12 : 8));
}

static int64_t day(LimnTime t)
{
        return t / LIMN_DAY - (t % LIMN_DAY < 0);
}

void limn_text_span(LimnTime start, LimnTime end, LimnBuf *out)
{
        if (start == LIMN_TIME_NONE && end == LIMN_TIME_NONE) {
                limn_buf_add_str(out, "at an unknown time");
                return;
        }
        if (start == end) {
                limn_text_time(start, out);
                return;
        }
        if (start == LIMN_TIME_NONE)
                limn_buf_add_str(out, "before the records begin");
        else
                limn_text_time(start, out);
        limn_buf_add_str(out, " to ");
        if (end == LIMN_TIME_NONE) {
                limn_buf_add_str(out, "the end of the records");
                return;
        }
        size_t from = out->n;
        limn_text_time(end, out);
        LimnSlice whole = limn_slice_from(limn_buf_slice(out), from);
        size_t blank = limn_slice_chr(whole, ' ');
        if (start != LIMN_TIME_NONE && day(start) == day(end) && blank < whole.n) {
                memmove(out->p + from, out->p + from + blank + 1, whole.n - blank);
                out->n -= blank + 1;
        }
}

void limn_text_offset(LimnDuration d, LimnBuf *out)
{
        limn_buf_add_str(out, d < 0 ? "-" : d > 0 ? "+" : "");
        if (d == 0)
                limn_buf_add_str(out, "0 s");
        else
                limn_duration_text(d < 0 ? -d : d, out);
}

static void zone(int64_t offset, LimnBuf *out)
{
        int64_t minutes = (offset < 0 ? -offset : offset) / LIMN_MINUTE;
        if (minutes == 0)
                limn_buf_add_str(out, "UTC");
        else
                limn_buf_printf(out, "%c%02" PRId64 ":%02" PRId64, offset < 0 ? '-' : '+',
                                minutes / 60, minutes % 60);
}

void limn_text_clock(const LimnViewSource *s, LimnBuf *out)
{
        if (!s->has_clock) {
                limn_buf_add_str(out, "clock not measured");
                return;
        }
        limn_buf_add_str(out, "stamps in ");
        zone(s->zone_offset, out);
        limn_buf_add_str(out, " (");
        limn_buf_add(out, s->basis);
        limn_buf_add_str(out, "), clock ");
        if (s->skew == 0) {
                limn_buf_add_str(out, s->anchors ? "agrees" : "taken as right");
        } else {
                limn_duration_text(s->skew < 0 ? -s->skew : s->skew, out);
                limn_buf_add_str(out, s->skew < 0 ? " behind" : " ahead");
        }
        if (s->anchors) {
                limn_buf_add_str(out, " (\xC2\xB1 ");
                limn_duration_text(s->uncertainty, out);
                limn_buf_printf(out, ", %" PRId64 " shared moment%s)", s->anchors,
                                s->anchors == 1 ? "" : "s");
        }
}

void limn_text_odd(const LimnViewSource *s, LimnBuf *out)
{
        if (s->unparsed)
                limn_buf_printf(out, ", %" PRId64 " bytes not understood", s->unparsed);
        if (s->skipped)
                limn_buf_printf(out, ", %" PRId64 " bytes left out", s->skipped);
        if (s->truncated)
                limn_buf_add_str(out, ", the stream broke off");
        if (!s->complete)
                limn_buf_add_str(out, ", not read to its end");
        if (s->rival.n) {
                limn_buf_add_str(out, ", may be ");
                limn_buf_add(out, s->rival);
                limn_buf_add_str(out, " too");
        }
}

static void where(LimnSlice path, int64_t line, LimnBuf *out)
{
        limn_buf_add(out, path);
        if (line > 0)
                limn_buf_printf(out, ":%" PRId64, line);
}

void limn_text_where(const LimnView *view, int64_t source, int64_t line, LimnBuf *out)
{
        const LimnViewSource *s = limn_view_source(view, source);
        if (s)
                where(s->path, line, out);
}

void limn_text_where_short(const LimnView *view, int64_t source, int64_t line, LimnBuf *out)
{
        const LimnViewSource *s = limn_view_source(view, source);
        if (s)
                where(limn_view_short(view, s->path), line, out);
}

void limn_text_word(LimnSlice word, LimnBuf *out)
{
        for (size_t i = 0; i < word.n; i++)
                limn_buf_add_char(out, word.p[i] == '_' ? ' ' : word.p[i]);
}

void limn_text_burst(const LimnViewUnexplained *u, LimnBuf *out)
{
        if (u->burst < 2)
                return;
        limn_buf_printf(out, "up to %lld a minute, from ", (long long)u->burst);
        limn_text_time(u->burst_at, out);
}

void limn_text_when(const LimnViewStory *s, LimnBuf *out)
{
        if (limn_slice_eq(s->part, LIMN_S("now"))) {
                limn_buf_add_str(out, "since ");
                limn_text_time(s->start, out);
        } else {
                limn_text_span(s->start, s->end, out);
        }
}

const char *limn_text_part(LimnSlice part)
{
        static const struct {
                const char *part, *heading;
        } headings[] = {
                {"standing", "All along"}, {"began", "It began"},  {"followed", "Then"},
                {"impact", "Impact"}, {"tried", "Was done or tried"}, {"now", "At the end"},
        };

        for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
                if (limn_slice_eq(part, limn_slice_str(headings[i].part)))
                        return headings[i].heading;
        return "";
}

void limn_text_instance(LimnSlice name, LimnSlice kind, LimnSlice role, LimnBuf *out)
{
        if (!name.p) {
                limn_buf_add_str(out, "no instance");
                return;
        }
        limn_buf_add(out, name);
        limn_buf_add_str(out, " (");
        limn_buf_add(out, kind);
        if (role.n && !limn_slice_eq(role, LIMN_S("unknown"))) {
                limn_buf_add_str(out, ", ");
                limn_buf_add(out, role);
        }
        limn_buf_add_char(out, ')');
}

void limn_text_verdict(const LimnViewCause *cause, LimnBuf *out)
{
        limn_text_word(cause->verdict, out);
        limn_buf_printf(out, ", %.2f", cause->p);
}

bool limn_text_risky(LimnSlice risk)
{
        return risk.n && !limn_slice_eq(risk, LIMN_S("none"));
}

bool limn_text_loud(const LimnViewFinding *finding)
{
        return !limn_slice_eq(finding->severity, LIMN_S("low")) &&
               !limn_slice_eq(finding->severity, LIMN_S("informational"));
}

void limn_text_hits(const LimnView *view, LimnBuf *out)
{
        limn_buf_printf(out, "%" PRId64 " rule hit%s", view->hits, view->hits == 1 ? "" : "s");
        if (view->duplicates)
                limn_buf_printf(out, " (%" PRId64 " duplicate%s left out)", view->duplicates,
                                view->duplicates == 1 ? "" : "s");
}
