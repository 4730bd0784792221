/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "core/hash.h"
#include "reports/view_load.h"

void *limn_view_row(LimnViewRows *rows, size_t row_size)
{
        if (rows->n == rows->cap) {
                size_t cap = rows->cap ? rows->cap * 2 : 16;
                void *at = reallocarray(rows->at, cap, row_size);
                if (!at)
                        return NULL;
                rows->at = at;
                rows->cap = cap;
        }
        void *row = (char *)rows->at + rows->n++ * row_size;
        memset(row, 0, row_size);
        return row;
}

int limn_view_rows(LimnView *view, const LimnReportInput *input, const char *sql,
                   const LimnParam *params, size_t n_params, LimnRowFn fn, size_t row_size,
                   const void **ret, size_t *ret_n, LimnDiag *diag)
{
        LimnViewRows rows = {.view = view, .input = input};
        int r = input->query->run(input->query->ctx, sql, params, n_params, fn, &rows, diag);
        if (r == 0 && rows.n) {
                void *kept = limn_arena_alloc(view->arena, rows.n * row_size);
                if (kept) {
                        memcpy(kept, rows.at, rows.n * row_size);
                        *ret = kept;
                        *ret_n = rows.n;
                } else {
                        r = -ENOMEM;
                }
        }
        free(rows.at);
        return r;
}

/* Rows that belong to sources: [source_id, ...], sorted by the order of the sources. */
typedef struct Name {
        int64_t source;
        LimnSlice path;
} Name;

typedef struct Stretch {
        int64_t source;
        LimnViewSpan span;
} Stretch;

static const char SQL_SOURCES[] =
        "SELECT s.source_id, s.path, s.sha256, s.format, s.format_rival, s.size, s.lines,"
        " s.records, l.parsed, l.continuation, l.unparsed, l.skipped,"
        " s.first_time + coalesce(c.correction, 0), s.last_time + coalesce(c.correction, 0),"
        " s.complete, s.truncated, s.zone, c.zone_basis, c.reference, c.zone_offset, c.skew,"
        " c.correction, c.uncertainty, c.anchors, i.instance_id, i.name, i.kind, i.role,"
        " t.path, g.path"
        " FROM source s LEFT JOIN ledger l USING (source_id) LEFT JOIN clock c USING (source_id)"
        " LEFT JOIN source_instance si USING (source_id)"
        " LEFT JOIN instance i USING (instance_id)"
        " LEFT JOIN source t ON t.source_id = si.twin_of"
        " LEFT JOIN source g ON g.source_id = s.superseded_by"
        " ORDER BY s.path, s.sha256, s.source_id";

/* Of a source whose names are masked the digest is keyed: with the plain one, and a copy in which
 * only a few names are masked, guesses could be tried until one fits. */
static int keyed_digest(LimnViewRows *rows, LimnSlice *sha256)
{
        const LimnMask *mask = rows->input->redact ? limn_redact_mask(rows->input->redact) : NULL;
        unsigned char digest[LIMN_SHA256_BYTES];
        char hex[LIMN_SHA256_HEX];
        if (!mask || !sha256->p)
                return 0;
        int r = limn_mask_digest(mask, "source", *sha256, digest);
        if (r < 0)
                return r;
        limn_hex(digest, sizeof digest, hex);
        *sha256 = limn_arena_dup(rows->view->arena, limn_slice_str(hex));
        return sha256->p ? 0 : -ENOMEM;
}

static int on_source(void *arg, const LimnValue *v, size_t n)
{
        LimnViewRows *rows = arg;
        LimnViewSource *s = limn_view_row(rows, sizeof *s);
        if (!s || n != 30)
                return -ENOMEM;
        *s = (LimnViewSource){
                .id = limn_value_int(&v[0], 0),
                .bytes = limn_value_int(&v[5], 0),
                .lines = limn_value_int(&v[6], 0),
                .records = limn_value_int(&v[7], 0),
                .parsed = limn_value_int(&v[8], 0),
                .continuation = limn_value_int(&v[9], 0),
                .unparsed = limn_value_int(&v[10], 0),
                .skipped = limn_value_int(&v[11], 0),
                .first = limn_value_time(&v[12]),
                .last = limn_value_time(&v[13]),
                .complete = limn_value_int(&v[14], 0) != 0,
                .truncated = limn_value_int(&v[15], 0) != 0,
                .has_clock = v[17].type != LIMN_VALUE_NULL,
                .zone_offset = limn_value_int(&v[19], 0),
                .skew = limn_value_int(&v[20], 0),
                .correction = limn_value_int(&v[21], 0),
                .uncertainty = limn_value_int(&v[22], 0),
                .anchors = limn_value_int(&v[23], 0),
                .instance_id = limn_value_int(&v[24], -1),
        };
        const struct {
                LimnSlice *to;
                int column;
        } texts[] = {{&s->path, 1},   {&s->sha256, 2},     {&s->format, 3},    {&s->rival, 4},
                     {&s->zone, 16},  {&s->basis, 17},     {&s->reference, 18}, {&s->instance, 25},
                     {&s->kind, 26},  {&s->role, 27},      {&s->twin_of, 28},
                     {&s->superseded_by, 29}};
        int r = 0;
        for (size_t i = 0; r == 0 && i < sizeof texts / sizeof *texts; i++)
                r = limn_view_keep(rows->view, rows->input, limn_value_text(&v[texts[i].column]),
                                   texts[i].to, NULL);
        s->content = v[2].type == LIMN_VALUE_TEXT ? limn_arena_dup(rows->view->arena, v[2].s)
                                                  : LIMN_NONE;
        return r == 0 ? keyed_digest(rows, &s->sha256) : r;
}

static int on_name(void *arg, const LimnValue *v, size_t n)
{
        LimnViewRows *rows = arg;
        Name *name = limn_view_row(rows, sizeof *name);
        if (!name)
                return -ENOMEM;
        name->source = limn_value_int(&v[0], 0);
        return limn_view_keep(rows->view, rows->input, limn_value_text(&v[1]), &name->path, NULL);
}

static int on_stretch(void *arg, const LimnValue *v, size_t n)
{
        Stretch *stretch = limn_view_row(arg, sizeof *stretch);
        if (!stretch)
                return -ENOMEM;
        *stretch = (Stretch){limn_value_int(&v[0], 0),
                             {limn_value_time(&v[1]), limn_value_time(&v[2])}};
        return 0;
}

static int share_out(LimnView *view, LimnViewSource *sources, const Name *names, size_t n_names,
                     const Stretch *stretches, size_t n_stretches)
{
        LimnSlice *paths = limn_arena_new_of(view->arena, LimnSlice, n_names + 1);
        LimnViewSpan *spans = limn_arena_new_of(view->arena, LimnViewSpan, n_stretches + 1);
        if (!paths || !spans)
                return -ENOMEM;
        for (size_t i = 0; i < n_names; i++)
                paths[i] = names[i].path;
        for (size_t i = 0; i < n_stretches; i++)
                spans[i] = stretches[i].span;
        size_t name = 0, stretch = 0;
        for (size_t i = 0; i < view->n_sources; i++) {
                sources[i].names = &paths[name];
                while (name < n_names && names[name].source == sources[i].id)
                        name++, sources[i].n_names++;
                sources[i].coverage = &spans[stretch];
                while (stretch < n_stretches && stretches[stretch].source == sources[i].id)
                        stretch++, sources[i].n_coverage++;
        }
        return 0;
}

int64_t limn_view_source_index(const LimnView *view, int64_t source_id)
{
        for (size_t i = 0; i < view->n_sources; i++)
                if (view->sources[i].id == source_id)
                        return (int64_t)i;
        return -1;
}

LimnSlice limn_view_common_folder(LimnSlice first, LimnSlice last)
{
        size_t n = 0, folder = 0;
        while (n < first.n && n < last.n && first.p[n] == last.p[n])
                if (first.p[n++] == '/')
                        folder = n;
        return limn_slice_to(first, folder);
}

int limn_view_load_sources(LimnView *view, const LimnReportInput *input, LimnDiag *diag)
{
        const void *sources = NULL, *names = NULL, *stretches = NULL;
        size_t n_names = 0, n_stretches = 0;
        int r = limn_view_rows(view, input, SQL_SOURCES, NULL, 0, on_source,
                               sizeof(LimnViewSource), &sources, &view->n_sources, diag);
        if (r == 0)
                r = limn_view_rows(view, input,
                                   "SELECT n.source_id, n.path FROM source_name n"
                                   " JOIN source s USING (source_id) WHERE n.path <> s.path"
                                   " ORDER BY s.path, s.sha256, s.source_id, n.path",
                                   NULL, 0, on_name, sizeof(Name), &names, &n_names, diag);
        if (r == 0)
                r = limn_view_rows(view, input,
                                   "SELECT c.source_id, c.start, c.\"end\" FROM coverage c"
                                   " JOIN source s USING (source_id)"
                                   " ORDER BY s.path, s.sha256, s.source_id, c.start, c.\"end\"",
                                   NULL, 0, on_stretch, sizeof(Stretch), &stretches, &n_stretches,
                                   diag);
        if (r == 0)
                r = share_out(view, (LimnViewSource *)sources, names, n_names, stretches,
                              n_stretches);
        view->sources = sources;
        /* Sorted by path: what the first and the last share, all of them do. */
        view->below = view->n_sources
                              ? limn_view_common_folder(
                                        view->sources[0].path,
                                        view->sources[view->n_sources - 1].path)
                              : LIMN_S("");
        for (size_t i = 0; r == 0 && i < view->n_sources; i++) {
                const LimnViewSource *s = &view->sources[i];
                if (s->superseded_by.p || !s->complete)
                        continue;
                if (s->first != LIMN_TIME_NONE &&
                    (view->first == LIMN_TIME_NONE || s->first < view->first))
                        view->first = s->first;
                if (s->last != LIMN_TIME_NONE && s->last > view->last)
                        view->last = s->last;
        }
        return r;
}
