/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/html_chart.h"

#include <errno.h>

#include "reports/view_load.h"

__extension__ typedef __int128 Wide; /* microseconds of centuries times the plot's width */
int64_t limn_chart_at(const LimnChart *c, LimnTime t)
{
        if (t == LIMN_TIME_NONE || t < c->t0)
                t = c->t0;
        if (t > c->t1)
                t = c->t1;
        return (int64_t)((Wide)(t - c->t0) * LIMN_CHART_PLOT * 10 / (c->t1 - c->t0));
}

static const struct {
        const char *state;
        LimnChartTone tone;
} tones[] = {
#define STATE(name, tone) {name, LIMN_TONE_##tone},
#include "reports/states.list"
#undef STATE
};

static LimnChartTone tone_of(LimnSlice state)
{
        for (size_t i = 0; i < sizeof tones / sizeof *tones; i++)
                if (limn_slice_eq_nocase(state, limn_slice_str(tones[i].state)))
                        return tones[i].tone;
        return LIMN_TONE_OTHER;
}

static int on_bar(void *arg, const LimnValue *v, size_t n)
{
        LimnViewRows *rows = arg;
        LimnChartBar *bar = limn_view_row(rows, sizeof *bar);
        if (!bar)
                return -ENOMEM;
        bar->start = limn_value_time(&v[3]);
        bar->end = limn_value_time(&v[4]);
        bar->source = limn_view_source_index(rows->view, limn_value_int(&v[5], -1));
        int64_t instance = limn_value_int(&v[6], -1);
        for (size_t i = 0; bar->source < 0 && instance >= 0 && i < rows->view->n_sources; i++) {
                const LimnViewSource *s = &rows->view->sources[i];
                if (s->instance_id == instance && !s->twin_of.p && s->first != LIMN_TIME_NONE)
                        bar->source = (int64_t)i;
        }
        LimnSlice *to[] = {&bar->kind, &bar->entity, &bar->state};
        int r = 0;
        for (size_t i = 0; r == 0 && i < 3; i++)
                r = limn_view_keep(rows->view, rows->input, limn_value_text(&v[i]), to[i], NULL);
        bar->tone = tone_of(limn_value_text(&v[2]));
        return r;
}

static int on_tick(void *arg, const LimnValue *v, size_t n)
{
        LimnViewRows *rows = arg;
        LimnChartTick *tick = limn_view_row(rows, sizeof *tick);
        if (!tick)
                return -ENOMEM;
        *tick = (LimnChartTick){
                .source = limn_view_source_index(rows->view, limn_value_int(&v[0], -1)),
                .bin = limn_value_int(&v[1], 0),
                .count = limn_value_int(&v[2], 0),
                .loud = limn_value_int(&v[3], 0) != 0,
        };
        return limn_view_keep(rows->view, rows->input, limn_value_text(&v[4]), &tick->rule, NULL);
}

static int load(LimnChart *c, LimnDiag *diag)
{
        LimnHtml *h = c->h;
        /* The view is ours while the report is written: its arena takes these rows too. */
        LimnView *view = (LimnView *)h->view;
        LimnParam params[] = {
                {":t0", LIMN_VALUE_OF_INT(c->t0)},
                {":t1", LIMN_VALUE_OF_INT(c->t1)},
                {":width", LIMN_VALUE_OF_INT((c->t1 - c->t0) / LIMN_CHART_BINS + 1)},
                {":most", LIMN_VALUE_OF_INT(LIMN_CHART_BARS)},
        };
        int r = limn_view_rows(
                view, h->input,
                "SELECT v.kind, v.entity, v.state, v.start, v.\"end\","
                " coalesce(a.source_id, b.source_id), v.instance_id FROM interval v"
                " LEFT JOIN hit a ON a.hit_id = v.start_hit"
                " LEFT JOIN hit b ON b.hit_id = v.end_hit"
                " ORDER BY v.kind, v.entity, v.start, v.\"end\", v.state LIMIT :most",
                params, 4, on_bar, sizeof(LimnChartBar), (const void **)&c->bars, &c->n_bars, diag);
        if (r < 0)
                return r;
        return limn_view_rows(
                view, h->input,
                "SELECT h.source_id, (h.t - :t0) / :width AS bin, sum(h.n),"
                " max(r.level IN ('high', 'critical')), min(r.title) FROM v_hit h"
                " JOIN rule r ON r.name = h.rule WHERE h.t BETWEEN :t0 AND :t1"
                " GROUP BY h.source_id, bin ORDER BY h.source_id, bin",
                params, 4, on_tick, sizeof(LimnChartTick), (const void **)&c->ticks,
                &c->n_ticks, diag);
}

static void add_row(LimnChartLane *lane, const LimnChartBar *bar)
{
        for (unsigned i = 0; i < lane->rows; i++)
                if (limn_slice_eq(lane->kind[i], bar->kind) &&
                    limn_slice_eq(lane->entity[i], bar->entity))
                        return;
        if (lane->rows < LIMN_CHART_ROWS) {
                lane->kind[lane->rows] = bar->kind;
                lane->entity[lane->rows++] = bar->entity;
        }
}

static void add_state(LimnChart *c, const LimnChartBar *bar)
{
        size_t i = 0, n = c->states[bar->tone].n;
        while (i < n && !limn_slice_eq(c->states[bar->tone].at[i], bar->state))
                i++;
        if (i < n)
                return;
        if (n < LIMN_CHART_STATES)
                c->states[bar->tone].at[c->states[bar->tone].n++] = bar->state;
        else
                c->states[bar->tone].more = true;
}

static void lay_out(LimnChart *c)
{
        const LimnView *view = c->h->view;
        unsigned y = LIMN_CHART_TOP;
        for (size_t i = 0; i < view->n_sources; i++) {
                const LimnViewSource *s = &view->sources[i];
                if (s->first == LIMN_TIME_NONE || s->superseded_by.p)
                        continue;
                if (c->n_lanes == LIMN_CHART_LANES) {
                        c->left_out++;
                        continue;
                }
                LimnChartLane *lane = &c->lanes[c->n_lanes++];
                *lane = (LimnChartLane){.source = (int64_t)i, .y = y};
                for (size_t k = 0; k < c->n_bars; k++)
                        if (c->bars[k].source == (int64_t)i)
                                add_row(lane, &c->bars[k]);
                lane->height = 30 + lane->rows * LIMN_CHART_ROW + 14;
                y += lane->height + 8;
        }
        c->height = y + 6;
        for (size_t k = 0; k < c->n_bars; k++)
                add_state(c, &c->bars[k]);
}

/* Sources whose zone is a guess may be hours off: they do not stretch the picture, unless there
 * are no others. */
static void range(LimnChart *c)
{
        const LimnView *view = c->h->view;
        c->t0 = view->first;
        c->t1 = view->last;
        LimnTime first = LIMN_TIME_NONE, last = LIMN_TIME_NONE;
        for (size_t i = 0; i < view->n_sources; i++) {
                const LimnViewSource *s = &view->sources[i];
                if (s->first == LIMN_TIME_NONE || s->superseded_by.p || !s->complete ||
                    limn_slice_eq(s->basis, LIMN_S("assumed")))
                        continue;
                if (first == LIMN_TIME_NONE || s->first < first)
                        first = s->first;
                if (s->last > last)
                        last = s->last;
        }
        if (first != LIMN_TIME_NONE) {
                c->t0 = first;
                c->t1 = last;
        }
}

int limn_chart_load(LimnChart *ret, LimnHtml *h, LimnDiag *diag)
{
        *ret = (LimnChart){.h = h};
        range(ret);
        LimnDuration margin = (ret->t1 - ret->t0) / 50 + LIMN_SECOND / 2;
        ret->t0 -= margin;
        ret->t1 += margin;
        int r = load(ret, diag);
        if (r == 0)
                lay_out(ret);
        return r;
}
