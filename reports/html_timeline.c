/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The drawn timeline: a lane for each source. Covered stretches as a band, states as bars, hits as
 * ticks, incidents shaded across all lanes, and how far a clock was off as an arrow. Inline SVG
 * with classes only: the policy allows no style attributes.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "reports/html_chart.h"

static void number(LimnHtml *h, const char *name, int64_t tenths)
{
        limn_buf_printf(h->b, " %s=\"%" PRId64 ".%" PRId64 "\"", name, tenths / 10, tenths % 10);
}

static int64_t x_of(const LimnChart *c, LimnTime t)
{
        return LIMN_CHART_LABELS * 10 + limn_chart_at(c, t);
}

static const struct {
        const char *class, *meaning;
} tones[_LIMN_TONE_MAX] = {
        [LIMN_TONE_GOOD] = {"good-state", "works: "},
        [LIMN_TONE_BAD] = {"bad-state", "in trouble: "},
        [LIMN_TONE_MOVING] = {"moving", "on its way: "},
        [LIMN_TONE_REST] = {"rest", "at rest: "},
        [LIMN_TONE_OTHER] = {"other", "other: "},
};

static void text(LimnHtml *h, const char *class, int64_t x, int64_t y, const char *anchor)
{
        limn_html(h, "<text");
        if (class)
                limn_buf_printf(h->b, " class=\"%s\"", class);
        number(h, "x", x);
        number(h, "y", y);
        if (anchor)
                limn_buf_printf(h->b, " text-anchor=\"%s\"", anchor);
        limn_html(h, ">");
}

static void box(LimnHtml *h, const char *class, int64_t x, int64_t y, int64_t w, int64_t height,
                unsigned radius)
{
        limn_buf_printf(h->b, "<rect class=\"%s\"", class);
        number(h, "x", x);
        number(h, "y", y);
        number(h, "width", w);
        number(h, "height", height);
        if (radius)
                limn_buf_printf(h->b, " rx=\"%u\"", radius);
}

static void axis(LimnChart *c)
{
        static const int64_t steps[] = {1,    2,     5,     10,    15,     30,     60,    120,
                                        300,  600,   900,   1800,  3600,   7200,   10800, 21600,
                                        43200, 86400, 172800, 604800, 1209600, 2592000, 7776000};
        LimnHtml *h = c->h;
        size_t i = 0;
        while (i + 1 < sizeof steps / sizeof *steps &&
               (c->t1 - c->t0) / (steps[i] * LIMN_SECOND) > 8)
                i++;
        LimnDuration step = steps[i] * LIMN_SECOND;
        while ((c->t1 - c->t0) / step > 12)
                step *= 2;
        LimnTime t = c->t0 - c->t0 % step;
        if (t < c->t0)
                t += step;
        LimnTime last = LIMN_TIME_NONE;
        for (; t <= c->t1; t += step) {
                int64_t x = x_of(c, t);
                limn_html(h, "<line class=\"grid\"");
                number(h, "x1", x);
                number(h, "x2", x);
                limn_buf_printf(h->b, " y1=\"30\" y2=\"%u\"/>", c->height);
                char iso[LIMN_TIME_ISO_MAX];
                limn_time_iso_str(t, iso);
                LimnSlice stamp = limn_slice_str(iso);
                size_t cut = limn_slice_chr(stamp, 'T');
                if (last == LIMN_TIME_NONE || last / LIMN_DAY != t / LIMN_DAY) {
                        text(h, "dim", x, 120, "middle");
                        limn_buf_add(h->b, limn_slice_to(stamp, cut));
                        limn_html(h, "</text>");
                }
                text(h, "dim", x, 260, "middle");
                limn_buf_add(h->b, limn_slice_to(limn_slice_from(stamp, cut + 1),
                                                 step % LIMN_MINUTE ? 8 : 5));
                limn_html(h, "</text>\n");
                last = t;
        }
}

/* The row in which a name at x touches none of those before; the last row takes the rest. */
#define FLAGS 200 /* incidents drawn */
#define FLAG_ROWS 4
#define FLAG_WIDTH 620 /* tenths of a unit: `CDC-12 #3` */
static int64_t flag_row(int64_t at[FLAGS], unsigned row[FLAGS], unsigned n, int64_t x)
{
        unsigned free = 0;
        for (bool taken = true; taken && free < FLAG_ROWS - 1; free += taken) {
                taken = false;
                for (unsigned i = 0; i < n && !taken; i++)
                        taken = row[i] == free && llabs(at[i] - x) < FLAG_WIDTH;
        }
        at[n] = x;
        row[n] = free;
        return free;
}

/* Shades lie below the states, whose colours mean something; edges and names above them. */
static void incidents(LimnChart *c, bool shades)
{
        LimnHtml *h = c->h;
        int64_t flag_at[FLAGS];
        unsigned drawn = 0, flag_in[FLAGS];
        for (size_t i = 0; i < h->view->n_findings; i++) {
                const LimnViewFinding *f = &h->view->findings[i];
                if (!limn_text_loud(f))
                        continue;
                for (size_t k = 0; k < f->n_incidents && drawn < FLAGS; k++) {
                        const LimnViewIncident *it = &f->incidents[k];
                        if (it->start == LIMN_TIME_NONE)
                                continue;
                        int64_t x = x_of(c, it->start);
                        int64_t end = x_of(c, it->end == LIMN_TIME_NONE ? c->t1 : it->end);
                        unsigned n = drawn++;
                        if (shades) {
                                box(h, "shade", x, 360, end - x > 15 ? end - x : 15,
                                    (int64_t)c->height * 10 - 360, 0);
                                limn_html(h, "/>\n");
                                continue;
                        }
                        limn_html(h, "<a href=\"#i-");
                        limn_html_id(h, f->id);
                        limn_buf_printf(h->b, "-%" PRId64 "\"><title>", it->n);
                        limn_html_text(h, f->id);
                        limn_html(h, ": ");
                        limn_text_span(it->start, it->end, &h->scratch);
                        limn_html_phrase(h);
                        limn_html(h, "</title><line class=\"edge\"");
                        number(h, "x1", x);
                        number(h, "x2", x);
                        limn_buf_printf(h->b, " y1=\"36\" y2=\"%u\"/>", c->height);
                        text(h, "flag", x + 30, 430 + 110 * flag_row(flag_at, flag_in, n, x), NULL);
                        limn_html_text(h, f->id);
                        if (f->n_incidents > 1)
                                limn_buf_printf(h->b, " #%" PRId64, it->n);
                        limn_html(h, "</text></a>\n");
                }
        }
}

static void bar(LimnChart *c, const LimnChartLane *lane, const LimnChartBar *b)
{
        LimnHtml *h = c->h;
        if (b->start > c->t1 || (b->end != LIMN_TIME_NONE && b->end < c->t0))
                return;
        unsigned row = 0;
        while (row < lane->rows && !(limn_slice_eq(lane->kind[row], b->kind) &&
                                     limn_slice_eq(lane->entity[row], b->entity)))
                row++;
        if (row == lane->rows)
                return;
        int64_t x = x_of(c, b->start), end = x_of(c, b->end == LIMN_TIME_NONE ? c->t1 : b->end);
        int64_t w = end - x > 20 ? end - x : 20;
        int64_t y = ((int64_t)lane->y + 28 + row * LIMN_CHART_ROW) * 10;
        box(h, tones[b->tone].class, x, y, w, (LIMN_CHART_ROW - 4) * 10, 2);
        limn_html(h, "><title>");
        limn_html_text(h, b->kind);
        limn_html(h, " ");
        limn_html_text(h, b->entity);
        limn_html(h, " ");
        limn_html_text(h, b->state);
        limn_html(h, ", ");
        limn_text_span(b->start, b->end, &h->scratch);
        limn_html_phrase(h);
        limn_html(h, "</title></rect>");
        if ((int64_t)b->state.n * 70 + 60 < w) {
                text(h, "in", x + 50, y + 105, NULL);
                limn_html_text(h, limn_utf8_cut(b->state, 40));
                limn_html(h, "</text>");
        }
        limn_html(h, "\n");
}

static void label(LimnHtml *h, LimnSlice s, unsigned most)
{
        if (s.n <= most) {
                limn_html_text(h, s);
                return;
        }
        limn_html(h, "\xE2\x80\xA6");
        size_t from = s.n - most;
        while (from < s.n && ((unsigned char)s.p[from] & 0xC0) == 0x80)
                from++;
        limn_html_text(h, limn_slice_from(s, from));
}

static void shift(LimnChart *c, const LimnChartLane *lane, const LimnViewSource *s)
{
        LimnHtml *h = c->h;
        if (s->skew == 0 || s->first == LIMN_TIME_NONE)
                return;
        LimnTime stamped = s->first + s->skew;
        int64_t from = x_of(c, stamped), to = x_of(c, s->first);
        int64_t y = ((int64_t)lane->y + 15) * 10, tip = from > to ? 40 : -40;
        if (from == to)
                return;
        limn_html(h, "<g><title>stamps moved by ");
        limn_text_offset(-s->skew, &h->scratch);
        limn_html_phrase(h);
        limn_buf_printf(h->b,
                        "</title><path class=\"shift\" d=\"M%" PRId64 ".%" PRId64 " %" PRId64
                        "H%" PRId64 ".%" PRId64 "m%" PRId64 " -3l%" PRId64 " 3l%" PRId64
                        " 3\"/></g>\n",
                        from / 10, from % 10, y / 10, to / 10, to % 10, tip / 10, -tip / 10,
                        tip / 10);
}

static void cover(LimnChart *c, const LimnChartLane *lane)
{
        LimnHtml *h = c->h;
        const LimnViewSource *s = &h->view->sources[lane->source];
        for (size_t i = 0; i < s->n_coverage; i++) {
                if (s->coverage[i].end < c->t0 || s->coverage[i].start > c->t1)
                        continue;
                int64_t x = x_of(c, s->coverage[i].start);
                int64_t end = x_of(c, s->coverage[i].end);
                box(h, "cover", x, (int64_t)lane->y * 10 + 40, end - x > 10 ? end - x : 10,
                    (int64_t)lane->height * 10 - 40, 3);
                limn_html(h, "><title>covered: ");
                limn_text_span(s->coverage[i].start, s->coverage[i].end, &h->scratch);
                limn_html_phrase(h);
                limn_html(h, "</title></rect>\n");
        }
}

static void lane(LimnChart *c, const LimnChartLane *lane)
{
        LimnHtml *h = c->h;
        const LimnViewSource *s = &h->view->sources[lane->source];
        int64_t y = (int64_t)lane->y * 10;
        limn_buf_printf(h->b, "<g class=\"lane\"><a href=\"#s-%" PRId64 "\"><title>",
                        lane->source + 1);
        limn_html_text(h, s->path);
        limn_html(h, "</title>");
        text(h, NULL, 0, y + 140, NULL);
        label(h, limn_view_short(h->view, s->path), 38);
        limn_html(h, "</text></a>");
        text(h, "dim", 0, y + 280, NULL);
        if (s->twin_of.p) {
                limn_html(h, "the same records as another source");
        } else if (s->last < c->t0 || s->first > c->t1) {
                limn_html(h, s->last < c->t0 ? "all of it earlier: its zone is a guess"
                                             : "all of it later: its zone is a guess");
        } else if (s->skew) {
                limn_html(h, "clock ");
                limn_duration_text(s->skew < 0 ? -s->skew : s->skew, &h->scratch);
                limn_html_phrase(h);
                limn_html(h, s->skew < 0 ? " behind, corrected" : " ahead, corrected");
        } else {
                label(h, s->instance, 36);
        }
        limn_html(h, "</text>\n");
        shift(c, lane, s);
        for (size_t i = 0; i < c->n_bars; i++)
                if (c->bars[i].source == lane->source)
                        bar(c, lane, &c->bars[i]);
        for (unsigned i = 0; i < lane->rows; i++) {
                if (lane->rows < 2 && lane->entity[i].n == 0)
                        continue;
                text(h, "dim", (LIMN_CHART_LABELS - 8) * 10, y + 385 + i * LIMN_CHART_ROW * 10,
                     "end");
                label(h, lane->entity[i].n ? lane->entity[i] : lane->kind[i], 20);
                limn_html(h, "</text>");
        }
        for (size_t i = 0; i < c->n_ticks; i++) {
                const LimnChartTick *t = &c->ticks[i];
                if (t->source != lane->source)
                        continue;
                int64_t tall = t->count > 100 ? 140 : t->count > 10 ? 120 : 100;
                box(h, t->loud ? "hit loud" : "hit",
                    LIMN_CHART_LABELS * 10 + t->bin * (LIMN_CHART_PLOT * 10 / LIMN_CHART_BINS),
                    y + lane->height * 10 - tall - 10, 15, tall, 0);
                limn_buf_printf(h->b, "><title>%" PRId64 " hit%s: ", t->count,
                                t->count == 1 ? "" : "s");
                limn_html_text(h, limn_utf8_cut(t->rule, 200));
                limn_html(h, t->count > 1 ? " ...</title></rect>\n" : "</title></rect>\n");
        }
        limn_html(h, "</g>\n");
        limn_out_spill(h->out);
}

static void legend(LimnChart *c)
{
        LimnHtml *h = c->h;
        limn_html(h, "<ul class=\"legend\">");
        static const char *const fixed[][2] = {{"cover", "covered by the source"},
                                               {"shade", "incident"},
                                               {"hit loud", "hit of a rule of high level"},
                                               {"hit", "other hit"}};
        for (size_t i = 0; i < 4; i++)
                limn_buf_printf(h->b,
                                "<li><svg viewBox=\"0 0 14 10\" aria-hidden=\"true\"><rect "
                                "class=\"%s\" x=\"%d\" width=\"%d\" height=\"10\"/></svg>%s</li>",
                                fixed[i][0], i < 2 ? 0 : 6, i < 2 ? 14 : 2, fixed[i][1]);
        for (size_t tone = 0; tone < _LIMN_TONE_MAX; tone++) {
                if (c->states[tone].n == 0)
                        continue;
                limn_buf_printf(h->b,
                                "<li><svg viewBox=\"0 0 14 10\" aria-hidden=\"true\"><rect "
                                "class=\"%s\" width=\"14\" height=\"10\"/></svg>%s",
                                tones[tone].class, tones[tone].meaning);
                for (size_t i = 0; i < c->states[tone].n; i++) {
                        limn_html(h, i ? ", " : "");
                        limn_html_text(h, c->states[tone].at[i]);
                }
                limn_html(h, c->states[tone].more ? ", ...</li>" : "</li>");
        }
        limn_html(h, "</ul>\n");
}

static void table(LimnChart *c)
{
        LimnHtml *h = c->h;
        if (c->n_bars == 0)
                return;
        limn_html(h, "<details class=\"aside\"><summary>The states as a table</summary>\n"
                     "<div class=\"tablebox\"><table>\n<thead><tr><th scope=\"col\">Source</th>"
                     "<th scope=\"col\">Of</th><th scope=\"col\">State</th>"
                     "<th scope=\"col\">From and to (UTC)</th></tr></thead>\n<tbody>\n");
        for (size_t i = 0; i < c->n_bars; i++) {
                const LimnChartBar *b = &c->bars[i];
                limn_html(h, "<tr><td>");
                limn_html_where(h, b->source, 0);
                limn_html(h, "</td><td>");
                limn_html_text(h, b->kind);
                limn_html(h, " ");
                limn_html_text(h, b->entity);
                limn_html(h, "</td><td>");
                limn_html_text(h, b->state);
                limn_html(h, "</td><td class=\"t\">");
                limn_text_span(b->start, b->end, &h->scratch);
                limn_html_phrase(h);
                limn_html(h, "</td></tr>\n");
                limn_out_spill(h->out);
        }
        if (c->n_bars == LIMN_CHART_BARS)
                limn_html(h, "<tr><td colspan=\"4\">More than these: limn sql has them all."
                             "</td></tr>\n");
        limn_html(h, "</tbody></table></div></details>\n");
}

static void draw(LimnChart *c)
{
        LimnHtml *h = c->h;
        limn_buf_printf(h->b,
                        "<div class=\"picture\" tabindex=\"0\" role=\"region\" "
                        "aria-label=\"Drawn timeline\">\n<svg role=\"img\" id=\"chart\" "
                        "data-from=\"%" PRId64 "\" data-to=\"%" PRId64 "\" data-left=\"%d\" "
                        "data-width=\"%d\" viewBox=\"0 0 %d %u\" "
                        "aria-labelledby=\"timeline-title\">\n<title id=\"timeline-title\">What "
                        "each source tells of, from ",
                        c->t0, c->t1, LIMN_CHART_LABELS, LIMN_CHART_PLOT,
                        LIMN_CHART_LABELS + LIMN_CHART_PLOT + LIMN_CHART_RIGHT, c->height);
        limn_text_span(c->t0, c->t1, &h->scratch);
        limn_html_phrase(h);
        limn_html(h, " UTC</title>\n");
        axis(c);
        for (size_t i = 0; i < c->n_lanes; i++)
                cover(c, &c->lanes[i]);
        incidents(c, true);
        for (size_t i = 0; i < c->n_lanes; i++)
                lane(c, &c->lanes[i]);
        incidents(c, false);
        limn_html(h, "</svg>\n</div>\n");
        legend(c);
        if (c->left_out)
                limn_buf_printf(h->b, "<p class=\"soft\">%zu more sources are not drawn.</p>\n",
                                c->left_out);
        table(c);
}

int limn_html_timeline(LimnHtml *h, LimnDiag *diag)
{
        limn_html(h, "<section id=\"timeline\">\n<h2>Timeline</h2>\n");
        const LimnView *view = h->view;
        if (view->first == LIMN_TIME_NONE) {
                limn_html(h, "<p>No source has a time in it.</p>\n</section>\n");
                return 0;
        }
        LimnChart *c = calloc(1, sizeof *c);
        if (!c)
                return -ENOMEM;
        int r = limn_chart_load(c, h, diag);
        if (r == 0)
                draw(c);
        limn_html(h, "</section>\n");
        free(c);
        return r;
}
