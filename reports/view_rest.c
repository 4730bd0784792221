/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "reports/view_load.h"

static int keep(LimnViewRows *rows, const LimnValue *v, LimnSlice *ret, bool *masked)
{
        return limn_view_keep(rows->view, rows->input, limn_value_text(v), ret, masked);
}

static int on_missing(void *arg, const LimnValue *v, size_t n)
{
        LimnViewRows *rows = arg;
        LimnViewAdvice *row = limn_view_row(rows, sizeof *row);
        int r = row ? keep(rows, &v[0], &row->text, NULL) : -ENOMEM;
        if (r == 0)
                r = keep(rows, &v[1], &row->fetch, NULL);
        return r < 0 ? r : keep(rows, &v[2], &row->owner, NULL);
}

static int on_story(void *arg, const LimnValue *v, size_t n)
{
        LimnViewRows *rows = arg;
        LimnViewStory *row = limn_view_row(rows, sizeof *row);
        if (!row)
                return -ENOMEM;
        row->count = limn_value_int(&v[3], 1);
        row->start = limn_value_time(&v[4]);
        row->end = limn_value_time(&v[5]);
        row->source = v[6].type == LIMN_VALUE_NULL
                              ? -1
                              : limn_view_source_index(rows->view, limn_value_int(&v[6], 0));
        row->line = limn_value_int(&v[7], 0);
        row->offset = limn_value_int(&v[8], 0);
        int r = keep(rows, &v[0], &row->part, NULL);
        if (r == 0)
                r = keep(rows, &v[1], &row->sentence, NULL);
        if (r == 0)
                r = keep(rows, &v[2], &row->finding, NULL);
        return r < 0 ? r : keep(rows, &v[9], &row->text, &row->masked);
}

static int on_unexplained(void *arg, const LimnValue *v, size_t n)
{
        LimnViewRows *rows = arg;
        LimnViewUnexplained *row = limn_view_row(rows, sizeof *row);
        if (!row)
                return -ENOMEM;
        row->count = limn_value_int(&v[3], 0);
        row->first = limn_value_time(&v[4]);
        row->last = limn_value_time(&v[5]);
        row->source = limn_view_source_index(rows->view, limn_value_int(&v[6], 0));
        row->line = limn_value_int(&v[7], 0);
        row->offset = limn_value_int(&v[8], 0);
        row->burst = limn_value_int(&v[9], 0);
        row->burst_at = limn_value_time(&v[10]);
        int r = keep(rows, &v[0], &row->template, NULL);
        if (r == 0)
                r = keep(rows, &v[1], &row->level, NULL);
        return r < 0 ? r : keep(rows, &v[2], &row->text, &row->masked);
}

static int on_note(void *arg, const LimnValue *v, size_t n)
{
        LimnViewRows *rows = arg;
        LimnViewNote *row = limn_view_row(rows, sizeof *row);
        if (!row)
                return -ENOMEM;
        row->source = v[2].type == LIMN_VALUE_NULL
                              ? -1
                              : limn_view_source_index(rows->view, limn_value_int(&v[2], 0));
        row->seen = limn_value_int(&v[3], 0) != 0;
        int r = keep(rows, &v[0], &row->text, NULL);
        return r < 0 ? r : keep(rows, &v[1], &row->kind, NULL);
}

static int on_count(void *arg, const LimnValue *v, size_t n)
{
        LimnViewRows *rows = arg;
        rows->view->hits = limn_value_int(&v[0], 0);
        rows->view->duplicates = limn_value_int(&v[1], 0);
        return 0;
}

int limn_view_load_rest(LimnView *view, const LimnReportInput *input, LimnDiag *diag)
{
        const void *none = NULL;
        size_t n_none = 0;
        const struct {
                const char *sql;
                LimnRowFn fn;
                size_t size;
                const void **ret;
                size_t *ret_n;
        } steps[] = {
                {"SELECT part, sentence, finding, count, start, \"end\", source_id, line, offset,"
                 " text FROM story ORDER BY story_id",
                 on_story, sizeof(LimnViewStory), (const void **)&view->story, &view->n_story},
                {"SELECT text, fetch, finding FROM missing ORDER BY rank", on_missing,
                 sizeof(LimnViewAdvice), (const void **)&view->missing, &view->n_missing},
                {"SELECT u.template, u.level, u.text, u.count,"
                 " u.first + coalesce(c.correction, 0), u.last + coalesce(c.correction, 0),"
                 " u.source_id, u.line, u.offset, u.burst, u.burst_at + coalesce(c.correction, 0)"
                 " FROM unexplained u"
                 " LEFT JOIN clock c USING (source_id) LEFT JOIN source s USING (source_id)"
                 " ORDER BY u.level = 'fatal' DESC, u.count DESC, u.template, s.path, s.sha256",
                 on_unexplained, sizeof(LimnViewUnexplained), (const void **)&view->unexplained,
                 &view->n_unexplained},
                {"SELECT a.text, '', a.source_id, 0 FROM assumption a"
                 " LEFT JOIN source s USING (source_id) ORDER BY s.path, a.text",
                 on_note, sizeof(LimnViewNote), (const void **)&view->assumptions,
                 &view->n_assumptions},
                {"SELECT text, kind, NULL, seen FROM"
                 " (SELECT text, kind, 0 AS seen, note_id AS n FROM note UNION ALL"
                 " SELECT sentence || coalesce(', ' || strftime('%Y-%m-%d %H:%M:%S', t / 1000000,"
                 " 'unixepoch') || ' UTC', '') || ' (' || path || ':' || line || ')', 'attempted', 1,"
                 " action_id FROM v_action) ORDER BY seen, n",
                 on_note,
                 sizeof(LimnViewNote), (const void **)&view->notes, &view->n_notes},
                {"SELECT (SELECT coalesce(sum(n), 0) FROM v_hit),"
                 " (SELECT coalesce(sum(n), 0) FROM hit"
                 " JOIN source_instance si USING (source_id) JOIN source s USING (source_id)"
                 " WHERE si.twin_of IS NOT NULL AND s.superseded_by IS NULL AND s.complete = 1)",
                 on_count, 1, &none, &n_none},
        };
        int r = 0;
        for (size_t i = 0; r == 0 && i < sizeof steps / sizeof *steps; i++)
                r = limn_view_rows(view, input, steps[i].sql, NULL, 0, steps[i].fn, steps[i].size,
                                   steps[i].ret, steps[i].ret_n, diag);
        return r;
}

static int on_fact(void *arg, const LimnValue *v, size_t n)
{
        LimnViewRows *rows = arg;
        LimnViewFact *row = limn_view_row(rows, sizeof *row);
        if (!row)
                return -ENOMEM;
        row->instance_id = limn_value_int(&v[5], -1);
        row->time = limn_value_time(&v[6]);
        row->source = limn_view_source_index(rows->view, limn_value_int(&v[7], -1));
        row->line = limn_value_int(&v[8], 0);
        LimnSlice *to[] = {&row->instance, &row->kind, &row->role, &row->key, &row->value};
        int r = 0;
        for (size_t i = 0; r == 0 && i < 5; i++)
                r = keep(rows, &v[i], to[i], &row->masked);
        if (r == 0 && rows->input->redact && limn_redact_is_secret_name(row->key)) {
                row->value = LIMN_S(LIMN_SECRET_MASK);
                row->masked = true;
                rows->view->masked++;
        }
        return r;
}

int limn_view_facts(LimnView *view, const LimnReportInput *input, const LimnViewFact **ret,
                    size_t *ret_n, LimnDiag *diag)
{
        LimnParam most = {":most", LIMN_VALUE_OF_INT(LIMN_VIEW_FACTS_MAX)};
        return limn_view_rows(view, input,
                              "SELECT i.name, i.kind, i.role, f.key, f.value, f.instance_id,"
                              " f.time, h.source_id, h.line FROM fact f"
                              " LEFT JOIN instance i USING (instance_id)"
                              " LEFT JOIN hit h USING (hit_id) LEFT JOIN source s USING (source_id)"
                              " ORDER BY i.kind, i.name, f.instance_id, f.key, f.time, s.sha256,"
                              " h.offset, f.value LIMIT :most",
                              &most, 1, on_fact, sizeof(LimnViewFact), (const void **)ret, ret_n,
                              diag);
}
