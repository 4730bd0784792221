/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What it meant: which tables, how long the reader stood without the source, which updates failed,
 * which changes cannot be read any more, how far the reader fell behind. Each sentence counts what
 * the case holds from the first incident that calls for action on, and has a line that shows it;
 * what the logs do not tell is not told.
 */
#include <inttypes.h>

#include "cli/conclude_private.h"
#include "cli/value.h"
#include "core/limits.h"

/* When it began: NULL where nothing that calls for action has a time. */
#define SINCE                                                                                      \
        "WITH loud AS (SELECT i.*, f.severity FROM incident i JOIN finding f USING (finding)"      \
        " WHERE f.severity IN ('critical', 'high', 'medium')),"                                    \
        " began AS (SELECT min(start) AS t FROM loud)"

enum { TABLES_TOLD = 6 };

/* finding, tables, how many, NULL, NULL, the place that names the first, else what opened it */
static const char tables_sql[] =
        SINCE ", named AS (SELECT DISTINCT l.finding, e.value AS name FROM loud l,"
        "  json_each(l.entities, '$.table') e WHERE l.start IS NOT NULL),"
        " listed AS (SELECT finding, min(name) AS one, count(*) AS n,"
        "  (SELECT group_concat(name, ', ') FROM (SELECT name FROM named m"
        "    WHERE m.finding = n.finding ORDER BY name LIMIT 6)) AS names"
        "  FROM named n GROUP BY finding),"
        " shown AS (SELECT e.*, l.finding, row_number() OVER (PARTITION BY l.finding ORDER BY"
        "   instr(e.text, t.one) = 0, e.time, s.sha256, e.offset, e.evidence_id) AS nth"
        "   FROM evidence e JOIN loud l USING (incident_id) JOIN listed t ON t.finding = l.finding"
        "   JOIN source s USING (source_id) WHERE e.sign = 'for')"
        "SELECT t.finding, t.names, t.n, NULL, NULL, e.source_id, e.line, e.offset, e.length"
        "  FROM listed t JOIN shown e ON e.finding = t.finding AND e.nth = 1 ORDER BY t.finding";

/* instance, kind, how often, for how long, from when to when; the longest one's hit; the last
 * state, if nothing ended it. What it was stopped in good order for at the end is no loss. Only
 * stretches that lie at an incident: another day's restart is not its impact. */
static const char link_sql[] =
        SINCE ", ends AS (SELECT instance_id, max(t) AS t FROM v_hit GROUP BY instance_id),"
        " link AS (SELECT v.*, coalesce(v.\"end\", e.t) AS until, v.\"end\" IS NULL AS open,"
        "   lag(v.state) OVER (PARTITION BY v.instance_id, v.entity ORDER BY v.start,"
        "   v.interval_id) AS before FROM interval v JOIN ends e USING (instance_id)"
        "   WHERE v.kind = 'link' AND v.start IS NOT NULL),"
        " away AS (SELECT k.* FROM link k WHERE state <> 'up' AND NOT (open AND state = 'off')"
        "   AND EXISTS (SELECT 1 FROM loud l WHERE k.until >= l.start - 1000000"
        "                AND k.start <= coalesce(l.\"end\", k.start))),"
        " long AS (SELECT *, row_number() OVER (PARTITION BY instance_id"
        "   ORDER BY until - start DESC, start, interval_id) AS nth FROM away)"
        "SELECT n.name, n.kind, sum(a.before IS NULL OR a.before = 'up'),"
        "       sum(a.until - a.start), min(a.start), CASE WHEN max(a.open) THEN NULL"
        "       ELSE max(a.until) END, h.source_id, h.line, h.offset, h.length,"
        "       (SELECT k.state FROM link k WHERE k.instance_id = a.instance_id AND k.open"
        "         ORDER BY k.start DESC LIMIT 1)"
        "  FROM away a JOIN instance n USING (instance_id)"
        "  JOIN long l ON l.instance_id = a.instance_id AND l.nth = 1"
        "  JOIN hit h ON h.hit_id = l.start_hit"
        " GROUP BY a.instance_id ORDER BY n.kind, n.name, a.instance_id";

/* how many failed, of how many seen, the last one's name, when, how many completed after it; its
 * hit */
static const char updates_sql[] =
        SINCE ", later AS (SELECT v.* FROM interval v, began WHERE v.kind = 'update'"
        "   AND coalesce(v.\"end\", v.start) >= began.t),"
        " failed AS (SELECT *, row_number() OVER (ORDER BY start DESC, interval_id DESC) AS nth"
        "   FROM later WHERE state = 'FAILED')"
        "SELECT (SELECT count(DISTINCT entity) FROM failed),"
        "       (SELECT count(DISTINCT entity) FROM later), f.entity, f.start,"
        "       (SELECT count(DISTINCT entity) FROM later"
        "         WHERE state = 'COMPLETED' AND start > f.start),"
        "       h.source_id, h.line, h.offset, h.length"
        "  FROM failed f JOIN hit h ON h.hit_id = f.start_hit WHERE f.nth = 1";

/* the place asked for, the oldest file that is left, when it was refused; the asking hit */
static const char lost_sql[] =
        "WITH left AS (SELECT base, min(number) AS number FROM v_binary_log GROUP BY base)"
        "SELECT n.file || coalesce(':' || n.pos, ''), b.file, n.refused, h.source_id, h.line,"
        "       h.offset, h.length"
        "  FROM v_needed n JOIN left l ON l.base = n.base AND l.number > n.number"
        "  JOIN v_binary_log b ON b.base = l.base AND b.number = l.number"
        "  JOIN hit h ON h.hit_id = n.hit_id ORDER BY n.t, n.hit_id, b.hit_id LIMIT 1";

/* microseconds, when; the hit. A clock that is off makes a lag that is none. */
static const char lag_sql[] =
        SINCE "SELECT CAST(l.lag * 1000000 AS INTEGER), l.t, h.source_id, h.line, h.offset,"
        "       h.length"
        "  FROM v_lag l JOIN hit h USING (hit_id) JOIN source s USING (source_id)"
        " WHERE l.lag > 0 AND NOT EXISTS (SELECT 1 FROM clock WHERE skew <> 0)"
        "   AND EXISTS (SELECT 1 FROM evidence e JOIN loud USING (incident_id)"
        "                WHERE e.source_id = h.source_id AND e.offset = h.offset AND e.sign = 'for')"
        " ORDER BY l.lag DESC, l.t, s.sha256, h.offset LIMIT 1";

typedef struct Impact {
        LimnRowFn add;
        void *arg;
        LimnBuf text;
} Impact;

static const LimnValue none = {.type = LIMN_VALUE_NULL};

/* finding, sentence, count, start, end, source, line, offset, length */
static int tell(Impact *impact, LimnValue finding, LimnValue start, LimnValue end,
                const LimnValue *place)
{
        const LimnValue row[] = {finding,
                                 LIMN_VALUE_OF_TEXT(limn_buf_slice(&impact->text)),
                                 LIMN_VALUE_OF_INT(1),
                                 start,
                                 end,
                                 place[0],
                                 place[1],
                                 place[2],
                                 place[3]};
        int r = impact->text.error ? impact->text.error : impact->add(impact->arg, row, 9);
        limn_buf_clear(&impact->text);
        return r;
}

static int on_tables(void *arg, const LimnValue *v, size_t n)
{
        Impact *impact = arg;

        if (v[2].i == 1)
                limn_buf_add_str(&impact->text, "the table ");
        else
                limn_buf_printf(&impact->text, "%" PRId64 " tables: ", v[2].i);
        limn_buf_add(&impact->text, v[1].s);
        if (v[2].i > TABLES_TOLD)
                limn_buf_printf(&impact->text, " and %" PRId64 " more", v[2].i - TABLES_TOLD);
        limn_buf_add_str(&impact->text, v[2].i == 1 ? " is concerned" : " are concerned");
        return tell(impact, v[0], none, none, &v[5]);
}

static int on_link(void *arg, const LimnValue *v, size_t n)
{
        Impact *impact = arg;
        LimnBuf *b = &impact->text;

        limn_buf_printf(b, "%.*s (%.*s) was without the source for ", LIMN_FMT(v[0].s),
                        LIMN_FMT(v[1].s));
        limn_duration_text(v[3].i, b);
        if (v[2].i > 1)
                limn_buf_printf(b, ", in %" PRId64 " stretches", v[2].i);
        if (v[5].type == LIMN_VALUE_NULL)
                limn_buf_add_str(b, "; at the end of its records it still was");
        else if (v[10].type == LIMN_VALUE_TEXT)
                limn_buf_printf(b, "; at the end of its records it was %s",
                                limn_slice_eq(v[10].s, LIMN_S("off")) ? "stopped" : "connected");
        return tell(impact, none, v[4], v[5], &v[6]);
}

static int on_updates(void *arg, const LimnValue *v, size_t n)
{
        Impact *impact = arg;

        if (v[1].i == 1)
                limn_buf_printf(&impact->text, "update %.*s failed", LIMN_FMT(v[2].s));
        else
                limn_buf_printf(&impact->text,
                                "%" PRId64 " of %" PRId64 " updates failed, the last one %.*s",
                                v[0].i, v[1].i, LIMN_FMT(v[2].s));
        limn_buf_add_str(&impact->text, v[4].i ? "; one completed after it"
                                               : "; none is seen to complete after it");
        return tell(impact, none, v[3], v[3], &v[5]);
}

static int on_lost(void *arg, const LimnValue *v, size_t n)
{
        Impact *impact = arg;

        limn_buf_printf(&impact->text,
                        "what the source wrote after %.*s and before %.*s, the oldest binary log it "
                        "lists, cannot be read any more",
                        LIMN_FMT(v[0].s), LIMN_FMT(v[1].s));
        return tell(impact, none, v[2], v[2], &v[3]);
}

static int on_lag(void *arg, const LimnValue *v, size_t n)
{
        Impact *impact = arg;

        limn_buf_add_str(&impact->text, "the reader was up to ");
        limn_duration_text(v[0].i, &impact->text);
        limn_buf_add_str(&impact->text, " behind the source");
        return tell(impact, none, v[1], v[1], &v[2]);
}

int limn_conclude_impact(LimnCase *c, LimnRowFn add, void *arg, LimnDiag *diag)
{
        static const struct {
                const char *sql;
                LimnRowFn fn;
        } steps[] = {
                {tables_sql, on_tables}, {link_sql, on_link}, {updates_sql, on_updates},
                {lost_sql, on_lost},     {lag_sql, on_lag},
        };
        Impact impact = {.add = add, .arg = arg, .text = LIMN_BUF(LIMN_OUTPUT_MAX)};
        LimnQuery query = limn_case_query(c);
        int r = 0;

        for (size_t i = 0; i < sizeof steps / sizeof *steps && r >= 0; i++)
                r = query.run(query.ctx, steps[i].sql, NULL, 0, steps[i].fn, &impact, diag);
        limn_buf_done(&impact.text);
        return r;
}
