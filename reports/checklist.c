/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/checklist.h"

#include <errno.h>
#include <inttypes.h>

#include "reports/escape.h"
#include "reports/text.h"
#include "reports/view_load.h"

#define VALUES_SHOWN 8
#define ERRORS_SHOWN 5

/*
 * Items 1 and 2 are names that hits, facts or incidents carry. Item 5 is facts of servers. The
 * names are those of events and rules (design.md section 5); products are not known here.
 */
static const char SQL_VALUES[] =
        "SELECT DISTINCT v FROM ("
        " SELECT CAST(j.value AS TEXT) AS v FROM v_hit h, json_each(h.fields) j WHERE j.key = :a"
        " UNION SELECT CAST(j.value AS TEXT) FROM v_hit h, json_each(h.fields) j WHERE j.key = :b"
        " UNION SELECT value FROM fact WHERE key IN (:a, :b)"
        " UNION SELECT CAST(e.value AS TEXT) FROM incident n, json_each(n.entities) j,"
        "  json_each(j.value) e WHERE j.key IN (:a, :b)"
        " UNION SELECT value FROM instance_key WHERE key IN (:a, :b))"
        " WHERE v <> '' ORDER BY v LIMIT :most";

typedef struct Values {
        LimnView *view;
        const LimnReportInput *input;
        LimnBuf text;
        size_t n;
} Values;

static int on_value(void *arg, const LimnValue *v, size_t n)
{
        Values *values = arg;
        LimnSlice kept;
        int r = limn_view_keep(values->view, values->input, limn_value_text(&v[0]), &kept, NULL);
        if (r < 0)
                return r;
        if (values->n++ == VALUES_SHOWN) {
                limn_buf_add_str(&values->text, ", ...");
                return 0;
        }
        if (values->n > 1)
                limn_buf_add_str(&values->text, ", ");
        limn_escape_markdown_code(limn_utf8_cut(kept, 200), &values->text);
        return values->text.error;
}

/* Distinct values of either name; *ret_text is the caller's to free. */
static int values_of(LimnView *view, const LimnReportInput *input, const char *a, const char *b,
                     LimnBuf *ret_text, size_t *ret_n, LimnDiag *diag)
{
        Values values = {.view = view, .input = input, .text = LIMN_BUF(LIMN_OUTPUT_MAX)};
        LimnParam params[] = {{":a", LIMN_VALUE_OF_TEXT(limn_slice_str(a))},
                              {":b", LIMN_VALUE_OF_TEXT(limn_slice_str(b))},
                              {":most", LIMN_VALUE_OF_INT(VALUES_SHOWN + 1)}};
        int r = input->query->run(input->query->ctx, SQL_VALUES, params, 3, on_value, &values,
                                  diag);
        if (r < 0) {
                limn_buf_done(&values.text);
                return r;
        }
        *ret_text = values.text;
        *ret_n = values.n;
        return 0;
}

typedef struct List {
        LimnView *view;
        const LimnReportInput *input;
        LimnOut *out;
        LimnDiag *diag;
        bool full;
} List;

static void item(List *l, unsigned n, const char *what, bool filled)
{
        limn_buf_printf(&l->out->buf, "%s- [%c] %u. %s", l->full && n > 1 ? "\n" : "",
                        filled ? 'x' : ' ', n, what);
}

static void missing(List *l, const char *how)
{
        limn_buf_printf(&l->out->buf, ": missing. To fetch it: %s\n", how);
}

static int named(List *l, unsigned n, const char *what, const char *a, const char *b,
                 const char *how)
{
        LimnBuf text = LIMN_BUF(LIMN_OUTPUT_MAX);
        size_t found = 0;
        int r = values_of(l->view, l->input, a, b, &text, &found, l->diag);
        if (r < 0)
                return r;
        item(l, n, what, found > 0);
        if (found)
                limn_buf_printf(&l->out->buf, ": %s\n", limn_buf_str(&text));
        else
                missing(l, how);
        limn_buf_done(&text);
        return l->out->buf.error;
}

/* Both are needed: what the pipeline is called, and the run of it. */
static int pipeline(List *l)
{
        LimnBuf name = LIMN_BUF(LIMN_OUTPUT_MAX), update = LIMN_BUF(LIMN_OUTPUT_MAX);
        size_t n_name = 0, n_update = 0;
        int r = values_of(l->view, l->input, "pipeline_name", "pipeline", &name, &n_name, l->diag);
        if (r == 0)
                r = values_of(l->view, l->input, "update_id", "update_id", &update, &n_update,
                              l->diag);
        if (r == 0) {
                item(l, 2, "Pipeline name and update_id", n_name && n_update);
                limn_buf_printf(&l->out->buf, ": pipeline %s; update %s\n",
                                n_name ? limn_buf_str(&name) : "missing",
                                n_update ? limn_buf_str(&update) : "missing");
                if (!n_name || !n_update)
                        limn_buf_add_str(
                                &l->out->buf,
                                "  To fetch it: `SELECT origin.pipeline_name, origin.update_id, "
                                "max(timestamp) FROM event_log(\"PIPELINE_ID\") GROUP BY 1, 2`\n");
        }
        limn_buf_done(&name);
        limn_buf_done(&update);
        return r < 0 ? r : l->out->buf.error;
}

static void when(List *l)
{
        LimnBuf *b = &l->out->buf, text = LIMN_BUF(LIMN_OUTPUT_MAX);
        size_t n = 0;
        for (size_t i = 0; i < l->view->n_findings; i++) {
                const LimnViewFinding *f = &l->view->findings[i];
                for (size_t k = 0; limn_text_loud(f) && k < f->n_incidents; k++) {
                        if (f->incidents[k].start == LIMN_TIME_NONE || n == VALUES_SHOWN)
                                continue;
                        limn_buf_add_str(&text, n++ ? "; " : "");
                        limn_text_span(f->incidents[k].start, f->incidents[k].end, &text);
                        limn_buf_add_str(&text, " UTC (");
                        limn_escape_markdown(f->id, &text);
                        limn_buf_add_char(&text, ')');
                }
        }
        item(l, 3, "Timestamp of the occurrence", n > 0);
        if (n)
                limn_buf_printf(b, ": %s\n", limn_buf_str(&text));
        else
                missing(l, "ask when it was first noticed; nothing dated was found");
        limn_buf_done(&text);
}

static void errors(List *l)
{
        LimnBuf *b = &l->out->buf;
        size_t n = 0;
        for (size_t i = 0; i < l->view->n_findings; i++)
                for (size_t k = 0; limn_text_loud(&l->view->findings[i]) &&
                                   k < l->view->findings[i].n_evidence;
                     k++)
                        n += l->view->findings[i].evidence[k].text.n > 0;
        item(l, 4, "Error messages from the logs", n > 0);
        if (n == 0) {
                missing(l, "`SELECT timestamp, error FROM event_log(\"PIPELINE_ID\") WHERE level = "
                           "'ERROR' ORDER BY timestamp DESC`");
                return;
        }
        limn_buf_printf(b, ": %zu records, in evidence/ with source, line and byte offset\n", n);
        size_t shown = 0, most = l->full ? ERRORS_SHOWN : 1;
        LimnSlice last = LIMN_NONE;
        /* What showed that something was wrong, before what explains it. */
        for (size_t i = 0; i < l->view->n_findings && shown < most; i++) {
                const LimnViewFinding *f = &l->view->findings[i];
                const LimnViewEvidence *e;
                size_t at = 0;
                while (limn_text_loud(f) && shown < most &&
                       (e = limn_view_evidence(f, LIMN_NONE, "for", &at))) {
                        LimnSlice text = limn_utf8_cut(limn_slice_trim(e->text), 400);
                        if (text.n == 0 || limn_slice_eq(text, last))
                                continue;
                        last = text;
                        shown++;
                        limn_buf_add_str(b, "  - ");
                        limn_escape_markdown_code(text, b);
                        limn_buf_add_char(b, '\n');
                }
        }
}

static int configuration(List *l)
{
        const LimnViewFact *facts = NULL;
        size_t n = 0, servers = 0, versions = 0;
        int r = limn_view_facts(l->view, l->input, &facts, &n, l->diag);
        if (r < 0)
                return r;
        for (size_t i = 0; i < n; i++) {
                servers += limn_slice_eq(facts[i].kind, LIMN_S("mysqld"));
                versions += limn_slice_eq(facts[i].key, LIMN_S("version"));
        }
        item(l, 5, "MySQL version and configuration", servers && versions);
        if (servers)
                limn_buf_printf(&l->out->buf, ": %zu settings%s, in config/\n", servers,
                                versions ? "" : ", but no version");
        if (!servers || !versions)
                limn_buf_add_str(&l->out->buf,
                                 servers ? "  To fetch it: `SELECT VERSION();`\n"
                                         : ": missing. To fetch it: `SELECT NOW(), VERSION(); SHOW "
                                           "GLOBAL VARIABLES; SHOW BINARY LOGS; SHOW MASTER "
                                           "STATUS;`\n");
        return l->out->buf.error;
}

static int network(List *l)
{
        LimnBuf hosts = LIMN_BUF(LIMN_OUTPUT_MAX);
        size_t n = 0;
        int r = values_of(l->view, l->input, "host", "ip", &hosts, &n, l->diag);
        if (r < 0)
                return r;
        item(l, 6, "Network architecture diagram", false);
        if (n)
                limn_buf_printf(&l->out->buf, ": hosts seen are %s. ", limn_buf_str(&hosts));
        else
                limn_buf_add_str(&l->out->buf, ": no hosts were seen. ");
        limn_buf_add_str(&l->out->buf, "To complete it: how the gateway's network reaches the "
                                       "source (peering, private link, firewalls, proxies)\n");
        limn_buf_done(&hosts);
        return l->out->buf.error;
}

static void attempted(List *l)
{
        size_t n = 0;
        for (size_t i = 0; i < l->view->n_notes; i++)
                n += limn_slice_eq(l->view->notes[i].kind, LIMN_S("attempted"));
        item(l, 7, "Steps already attempted", n > 0);
        if (n == 0)
                missing(l, "ask who was on duty; `limn note --attempted \"TEXT\"` records it for "
                           "the next bundle");
        else if (l->full)
                limn_buf_add_str(&l->out->buf, ":\n");
        else
                limn_buf_printf(&l->out->buf, ": %zu, above\n", n);
        for (size_t i = 0; l->full && i < l->view->n_notes; i++) {
                if (!limn_slice_eq(l->view->notes[i].kind, LIMN_S("attempted")))
                        continue;
                limn_buf_add_str(&l->out->buf, "  - ");
                limn_escape_markdown(l->view->notes[i].text, &l->out->buf);
                limn_buf_add_char(&l->out->buf, '\n');
        }
}

int limn_checklist(LimnView *view, const LimnReportInput *input, bool full, LimnOut *out,
                   LimnDiag *diag)
{
        List l = {view, input, out, diag, full};
        int r = named(&l, 1, "Workspace id", "workspace_id", "org_id",
                      "the digits after `o=` in the workspace's URL, or `SELECT DISTINCT "
                      "workspace_id FROM system.lakeflow.pipelines`");
        if (r == 0)
                r = pipeline(&l);
        if (r < 0)
                return r;
        when(&l);
        errors(&l);
        r = configuration(&l);
        if (r == 0)
                r = network(&l);
        if (r < 0)
                return r;
        attempted(&l);
        return out->buf.error;
}
