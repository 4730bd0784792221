/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/lanes.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "reports/escape.h"
#include "reports/text.h"
#include "reports/view_load.h"
#include "reports/wrap.h"

/* Rows wait here for repeats of theirs: a repeat further away is told again. */
#define HELD 64
#define LANES_MAX 26 /* sources with a column of their own, by letter; others are `+` */
#define MESSAGE_SHOWN 600
#define STAMP_COLUMNS 24

typedef struct Held {
        LimnLaneRow row; /* rule and message: in `text` */
        LimnTime last;
        LimnBuf text;
} Held;

struct LimnLanes {
        const LimnView *view;
        LimnOut *out;
        LimnWrap wrap;
        LimnBuf scratch;
        char *letters; /* of the view's sources; 0: it has none */
        size_t width;  /* columns */
        Held held[HELD]; /* a ring: n from `first` on */
        size_t first, n;
};

static void legend(LimnLanes *l)
{
        for (size_t i = 0; i < l->view->n_sources; i++) {
                if (!l->letters[i])
                        continue;
                limn_wrap_begin(&l->wrap, 2, 4);
                limn_wrap(&l->wrap, LIMN_STYLE_CYAN, limn_slice(&l->letters[i], 1));
                limn_wrap(&l->wrap, LIMN_STYLE_PLAIN,
                          limn_view_short(l->view, l->view->sources[i].path));
                limn_text_instance(l->view->sources[i].instance, l->view->sources[i].kind,
                                   l->view->sources[i].role, &l->scratch);
                if (l->view->sources[i].instance.p)
                        limn_wrap(&l->wrap, LIMN_STYLE_DIM, limn_buf_slice(&l->scratch));
                limn_buf_clear(&l->scratch);
                limn_wrap_end(&l->wrap);
        }
        if (l->width)
                limn_buf_add_char(&l->out->buf, '\n');
}

int limn_lanes_new(LimnLanes **ret, const LimnView *view, const LimnReportInput *input,
                   LimnOut *out)
{
        LimnLanes *l = calloc(1, sizeof *l);
        if (!l)
                return -ENOMEM;
        *l = (LimnLanes){.view = view,
                         .out = out,
                         .wrap = {.out = &out->buf,
                                  .width = input->width ? input->width : 96,
                                  .color = input->color},
                         .scratch = LIMN_BUF(LIMN_OUTPUT_MAX)};
        for (size_t i = 0; i < HELD; i++)
                l->held[i].text = LIMN_BUF(LIMN_OUTPUT_MAX);
        l->letters = calloc(view->n_sources + 1, 1);
        if (!l->letters) {
                limn_lanes_free(l);
                return -ENOMEM;
        }
        for (size_t i = 0; i < view->n_sources; i++) {
                const LimnViewSource *s = &view->sources[i];
                if (s->first == LIMN_TIME_NONE || s->twin_of.p || s->superseded_by.p)
                        continue;
                l->letters[i] = l->width < LANES_MAX ? (char)('a' + l->width++) : '+';
        }
        legend(l);
        *ret = l;
        return 0;
}

LimnLanes *limn_lanes_free(LimnLanes *l)
{
        if (!l)
                return NULL;
        for (size_t i = 0; i < HELD; i++)
                limn_buf_done(&l->held[i].text);
        limn_buf_done(&l->scratch);
        free(l->letters);
        free(l);
        return NULL;
}

/* `..c.`: a dot for each source that is silent here. */
static void lanes(LimnLanes *l, int64_t source, bool loud)
{
        char letter = source < 0 ? 0 : l->letters[source];
        for (size_t i = 0; i < l->width; i++)
                limn_buf_add_char(&l->scratch, source < 0            ? '='
                                               : letter == 'a' + (char)i ? letter
                                                                         : '.');
        if (letter == '+')
                limn_buf_add_char(&l->scratch, '+');
        if (l->scratch.n)
                limn_wrap(&l->wrap, loud ? LIMN_STYLE_RED : LIMN_STYLE_CYAN,
                          limn_buf_slice(&l->scratch));
        limn_buf_clear(&l->scratch);
}

static int put(LimnLanes *l)
{
        Held *h = &l->held[l->first];
        LimnWrap *w = &l->wrap;
        int64_t source = limn_view_source_index(l->view, h->row.source);

        l->first = (l->first + 1) % HELD;
        l->n--;
        limn_wrap_begin(w, 0, STAMP_COLUMNS);
        limn_text_time(h->row.time, &l->scratch);
        limn_wrap(w, LIMN_STYLE_DIM, limn_buf_slice(&l->scratch));
        limn_buf_clear(&l->scratch);
        limn_wrap_to(w, STAMP_COLUMNS);
        lanes(l, source, h->row.loud);
        limn_wrap(w, h->row.loud ? LIMN_STYLE_RED : LIMN_STYLE_PLAIN,
                  limn_utf8_cut(h->row.message, MESSAGE_SHOWN));
        if (source >= 0) {
                limn_buf_add_char(&l->scratch, '(');
                limn_text_where_short(l->view, source, h->row.line, &l->scratch);
                limn_buf_add_char(&l->scratch, ')');
                limn_wrap(w, LIMN_STYLE_DIM, limn_buf_slice(&l->scratch));
                limn_buf_clear(&l->scratch);
        }
        if (h->row.count > 1) {
                limn_buf_printf(&l->scratch, "x%" PRIu64, h->row.count);
                if (h->last != h->row.time) {
                        limn_buf_add_str(&l->scratch, ", to ");
                        limn_text_time(h->last, &l->scratch);
                }
                limn_wrap(w, LIMN_STYLE_YELLOW, limn_buf_slice(&l->scratch));
                limn_buf_clear(&l->scratch);
        }
        limn_wrap_end(w);
        return limn_out_spill(l->out);
}

/* The source's last hit, if it is of the same rule. Nothing is folded over an incident's begin or
 * end. */
static Held *repeated(LimnLanes *l, const LimnLaneRow *row)
{
        for (size_t i = l->n; i-- > 0;) {
                Held *h = &l->held[(l->first + i) % HELD];
                if (h->row.source < 0)
                        return NULL;
                if (h->row.source == row->source && h->row.rule.p)
                        return limn_slice_eq(h->row.rule, row->rule) ? h : NULL;
        }
        return NULL;
}

int limn_lanes_add(LimnLanes *l, const LimnLaneRow *row)
{
        Held *h = row->rule.p ? repeated(l, row) : NULL;
        int r = 0;

        if (h) {
                h->row.count += row->count;
                h->last = row->time;
                return 0;
        }
        if (l->n == HELD)
                r = put(l);
        h = &l->held[(l->first + l->n++) % HELD];
        h->row = *row;
        h->last = row->time;
        limn_buf_clear(&h->text);
        limn_buf_add(&h->text, row->rule);
        size_t rule = h->text.n;
        limn_buf_add(&h->text, row->message);
        if (h->text.error)
                return h->text.error;
        LimnSlice all = limn_buf_slice(&h->text);
        h->row.rule = row->rule.p ? limn_slice_to(all, rule) : LIMN_NONE;
        h->row.message = limn_slice_from(all, rule);
        return r;
}

int limn_lanes_end(LimnLanes *l)
{
        int r = 0;

        while (l->n && r >= 0)
                r = put(l);
        return r;
}
