/* SPDX-License-Identifier: Apache-2.0 */
/* limn explain: of a detection without hits, the record that came nearest, and which logs could
 * have shown it. */
#include <errno.h>

#include "cli/explain.h"
#include "core/limits.h"
#include "core/vec.h"
#include "parsers/registry.h"

static bool selects(const LimnDetection *d, const LimnFormat *format)
{
        return !d->category.p &&
               (!d->product.p || limn_slice_eq(d->product, limn_slice_str(format->product))) &&
               (!d->service.p || limn_slice_eq(d->service, limn_slice_str(format->service)));
}

typedef struct Log {
        int64_t source;
        LimnDuration correction;
} Log;

typedef struct Search {
        LimnExplain *x;
        const LimnDetection *d;
        LimnTime from, to;
        unsigned indent;
        struct {
                Log *at;
                size_t n, cap;
        } logs;
        const Log *log; /* being searched */
        bool found;
        LimnDistance best;
        int64_t event_id;
        LimnSlice path;
        uint64_t line;
        LimnTime time;
        size_t logs_listed;
} Search;

static const LimnFormat *format_of(Search *s, const LimnValue *name)
{
        char *text = limn_arena_str(s->x->arena, name->s);
        const LimnFormat *format = text ? limn_format_find(text) : NULL;

        return format && selects(s->d, format) ? format : NULL;
}

/* source_id, format, correction */
static int read_log(void *arg, const LimnValue *v, size_t n)
{
        Search *s = arg;

        if (!format_of(s, &v[1]))
                return 0;
        if (limn_vec_room(&s->logs) < 0)
                return -ENOMEM;
        s->logs.at[s->logs.n++] = (Log){v[0].i, v[2].i};
        return 0;
}

enum { ENOUGH = 1 };

static int on_event(void *arg, const LimnStoredEvent *e)
{
        Search *s = arg;
        LimnDistance d;

        if (s->x->looked == LIMN_EXPLAIN_EVENTS_MAX)
                return ENOUGH;
        s->x->looked++;
        d = limn_trace_distance(s->d->condition, e->event, s->x->scratch);
        if (s->found && limn_distance_cmp(&d, &s->best) >= 0)
                return 0;
        if (!s->found || !limn_slice_eq(s->path, e->path)) {
                s->path = limn_arena_dup(s->x->arena, e->path);
                if (!s->path.p)
                        return -ENOMEM;
        }
        s->found = true;
        s->best = d;
        s->event_id = e->event_id;
        s->line = e->line;
        s->time = e->event->time == LIMN_TIME_NONE ? LIMN_TIME_NONE
                                                   : e->event->time + s->log->correction;
        return d.missing == 0 ? ENOUGH : 0;
}

static LimnTime stamped(LimnTime t, LimnDuration correction)
{
        return t == LIMN_TIME_NONE ? t : t - correction;
}

/* path, format, start, end */
static int read_covered(void *arg, const LimnValue *v, size_t n)
{
        Search *s = arg;
        LimnExplain *x = s->x;

        if (!format_of(s, &v[1]) || s->logs_listed++ >= LIMN_EXPLAIN_HITS)
                return 0;
        limn_explain_indent(x, s->indent);
        limn_explain_clean(x, v[0].s);
        limn_buf_add_str(&x->out, ": ");
        limn_explain_span(x, v[2].i, v[3].i);
        return limn_buf_add_char(&x->out, '\n');
}

int limn_explain_logs(LimnExplain *x, const LimnDetection *d, LimnTime from, LimnTime to,
                      unsigned indent, size_t *ret)
{
        Search s = {.x = x, .d = d, .indent = indent};
        const LimnParam params[] = {
                {":from", LIMN_VALUE_OF_INT(from == LIMN_TIME_NONE ? INT64_MIN + 1 : from)},
                {":to", LIMN_VALUE_OF_INT(to == LIMN_TIME_NONE ? INT64_MAX : to)},
        };
        int r = x->query.run(
                x->query.ctx,
                "SELECT path, format, start, \"end\" FROM v_coverage"
                " WHERE start <= :to AND \"end\" >= :from ORDER BY start, path, \"end\"",
                params, 2, read_covered, &s, x->cli->diag);

        if (s.logs_listed > LIMN_EXPLAIN_HITS) {
                limn_explain_indent(x, indent);
                limn_buf_printf(&x->out, "and %zu more\n", s.logs_listed - LIMN_EXPLAIN_HITS);
        }
        *ret = s.logs_listed;
        return r < 0 ? r : 0;
}

static void logsource(LimnExplain *x, const LimnDetection *d)
{
        const LimnSlice parts[] = {d->category, d->product, d->service};
        bool any = false;

        for (size_t i = 0; i < 3; i++) {
                if (!parts[i].p)
                        continue;
                limn_buf_add_str(&x->out, any ? " " : "");
                limn_explain_clean(x, parts[i]);
                any = true;
        }
        limn_buf_add_str(&x->out, any ? "" : "any kind");
}

/* The nearest record of all logs of the rule. */
static int search(Search *s)
{
        LimnExplain *x = s->x;
        int r = x->query.run(x->query.ctx,
                             "SELECT s.source_id, s.format, coalesce(c.correction, 0)"
                             " FROM source s LEFT JOIN clock c USING (source_id)"
                             " LEFT JOIN source_instance si USING (source_id)"
                             " WHERE s.complete = 1 AND s.superseded_by IS NULL"
                             " AND si.twin_of IS NULL ORDER BY s.sha256",
                             NULL, 0, read_log, s, x->cli->diag);

        for (size_t i = 0; i < s->logs.n && r == 0; i++) {
                s->log = &s->logs.at[i];
                r = limn_case_events(x->c, s->log->source, stamped(s->from, s->log->correction),
                                     stamped(s->to, s->log->correction), on_event, s, x->cli->diag);
        }
        return r < 0 ? r : 0;
}

static int report(Search *s)
{
        LimnExplain *x = s->x;

        limn_explain_indent(x, s->indent);
        if (!s->found) {
                limn_buf_add_str(&x->out, x->looked < LIMN_EXPLAIN_EVENTS_MAX
                                                  ? "no record of these logs lies there\n"
                                                  : "none of these logs' records was looked at\n");
                return 0;
        }
        if (s->best.missing == 0)
                limn_buf_add_str(&x->out, "a record meets it that was left out when it was read "
                                          "(--since, --until):\n");
        else
                limn_buf_printf(&x->out, "the nearest record misses it by %zu condition%s:\n",
                                s->best.missing, s->best.missing == 1 ? "" : "s");
        limn_explain_indent(x, s->indent + 2);
        limn_explain_time(x, s->time);
        limn_buf_add_str(&x->out, "  ");
        limn_explain_clean(x, s->path);
        limn_buf_printf(&x->out, ":%llu\n", (unsigned long long)s->line);
        return limn_explain_event(x, s->d, s->event_id, s->indent + 4);
}

int limn_explain_nearest(LimnExplain *x, const LimnDetection *const *rules, size_t n, LimnTime from,
                         LimnTime to, unsigned indent)
{
        Search best = {.x = x};
        size_t logs, i;
        int r = 0;

        for (i = 0; i < n && r == 0; i++) {
                Search one = {.x = x, .d = rules[i], .from = from, .to = to, .indent = indent};

                r = search(&one);
                free(one.logs.at);
                if (!best.d ||
                    (one.found && (!best.found || limn_distance_cmp(&one.best, &best.best) < 0)))
                        best = one;
        }
        if (r < 0 || !best.d)
                return r;
        limn_explain_indent(x, indent);
        if (n > 1) {
                limn_buf_add_str(&x->out, "nearest of them: ");
                limn_explain_clean(x, best.d->name);
                limn_buf_add_str(&x->out, "; logs of ");
        } else {
                limn_buf_add_str(&x->out, "logs of ");
        }
        logsource(x, best.d);
        limn_buf_add_str(&x->out, ":\n");
        r = limn_explain_logs(x, best.d, from, to, indent + 2, &logs);
        if (r == 0 && logs == 0) {
                limn_explain_indent(x, indent + 2);
                limn_buf_add_str(&x->out, "none covers it: it could not be observed\n");
        }
        if (r == 0 && (logs || best.found))
                r = report(&best);
        if (r == 0 && x->looked == LIMN_EXPLAIN_EVENTS_MAX) {
                limn_explain_indent(x, indent);
                limn_buf_printf(&x->out,
                                "only the first %d records were looked at: --rule with "
                                "--from and --to looks at others\n",
                                LIMN_EXPLAIN_EVENTS_MAX);
        }
        return r;
}
