/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/topology.h"

#include <errno.h>
#include <inttypes.h>

#include "reports/escape.h"
#include "reports/view_load.h"

#define BOX_WIDTH 300
#define BOX_HEIGHT 96
#define ROW 130
#define SHOWN 30 /* instances; more are counted */
#define TEXT_MAX 40

typedef struct Box {
        LimnSlice kind, name, role, hosts, ports;
} Box;

static int on_box(void *arg, const LimnValue *v, size_t n)
{
        LimnViewRows *rows = arg;
        Box *box = limn_view_row(rows, sizeof *box);
        LimnSlice *to[] = {&box->kind, &box->name, &box->role, &box->hosts, &box->ports};
        int r = box ? 0 : -ENOMEM;
        for (size_t i = 0; r == 0 && i < 5; i++)
                r = limn_view_keep(rows->view, rows->input, limn_value_text(&v[i]), to[i], NULL);
        return r;
}

static const char SQL_BOXES[] =
        "SELECT i.kind, i.name, i.role,"
        " (SELECT group_concat(value, ', ') FROM (SELECT DISTINCT value FROM instance_key k"
        "   WHERE k.instance_id = i.instance_id AND k.key IN ('host', 'ip') ORDER BY value LIMIT 4)),"
        " (SELECT group_concat(value, ', ') FROM (SELECT DISTINCT value FROM instance_key k"
        "   WHERE k.instance_id = i.instance_id AND k.key = 'port' ORDER BY value LIMIT 4))"
        " FROM instance i WHERE i.kind <> 'other' ORDER BY i.kind <> 'mysqld', i.role <> 'source',"
        " i.kind, i.name, i.instance_id";

static bool server(const Box *box)
{
        return limn_slice_eq(box->kind, LIMN_S("mysqld"));
}

static bool role(const Box *box, const char *name)
{
        return limn_slice_eq(box->role, limn_slice_str(name));
}

static void text_at(LimnBuf *b, int x, int y, const char *class, const char *before, LimnSlice text)
{
        limn_buf_printf(b, "<text x=\"%d\" y=\"%d\" class=\"%s\">%s", x, y, class, before);
        LimnSlice cut = limn_utf8_cut(text, TEXT_MAX);
        limn_escape_html(cut, b);
        limn_buf_add_str(b, cut.n < text.n ? "...</text>\n" : "</text>\n");
}

static void draw(LimnBuf *b, const Box *box, int x, int y)
{
        limn_buf_printf(b, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n", x, y,
                        BOX_WIDTH, BOX_HEIGHT);
        LimnBuf title = LIMN_BUF(4096);
        limn_buf_add(&title, box->kind);
        if (!role(box, "unknown") && box->role.n) {
                limn_buf_add_str(&title, ", ");
                limn_buf_add(&title, box->role);
        }
        text_at(b, x + 12, y + 24, "kind", "", limn_buf_slice(&title));
        limn_buf_done(&title);
        text_at(b, x + 12, y + 46, "name", "", box->name);
        if (box->hosts.n)
                text_at(b, x + 12, y + 66, "more", "host ", box->hosts);
        if (box->ports.n)
                text_at(b, x + 12, y + 84, "more", "port ", box->ports);
}

static void arrow(LimnBuf *b, int x1, int y1, int x2, int y2)
{
        limn_buf_printf(b, "<path d=\"M%d %d L%d %d\" marker-end=\"url(#to)\"/>\n", x1, y1, x2, y2);
}

int limn_topology(LimnView *view, const LimnReportInput *input, LimnOut *out, LimnDiag *diag)
{
        const Box *boxes = NULL;
        size_t n = 0, left = 0, right = 0, shown;
        int r = limn_view_rows(view, input, SQL_BOXES, NULL, 0, on_box, sizeof(Box),
                               (const void **)&boxes, &n, diag);
        if (r < 0)
                return r;
        shown = n < SHOWN ? n : SHOWN;
        for (size_t i = 0; i < shown; i++)
                *(server(&boxes[i]) ? &left : &right) += 1;
        size_t rows = left > right ? left : right;
        int height = (int)(rows ? rows : 1) * ROW + 60;
        LimnBuf *b = &out->buf;
        limn_buf_printf(b,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 800 %d\" "
                        "width=\"800\" height=\"%d\" role=\"img\">\n<title>Who talks to whom, as "
                        "far as the sources say</title>\n<style>rect{fill:#f4f6fa;stroke:#44546a}"
                        "text{font:14px sans-serif;fill:#1c2430}.kind{font-weight:bold}"
                        ".more{font-size:12px;fill:#44546a}path{stroke:#44546a;fill:none}"
                        "svg{background:#fff}</style>\n<defs><marker id=\"to\" viewBox=\"0 0 8 8\" "
                        "refX=\"8\" refY=\"4\" markerWidth=\"9\" markerHeight=\"9\" orient=\"auto\">"
                        "<path d=\"M0 0 L8 4 L0 8\"/></marker></defs>\n",
                        height, height);
        /* Readers stand on the right of what they read; a replica below its source. */
        int source = -1, reads_from = -1, y = 20, last = -1;
        size_t sources = 0;
        for (size_t i = 0; i < shown; i++) {
                if (!server(&boxes[i]))
                        continue;
                draw(b, &boxes[i], 20, y);
                if (role(&boxes[i], "source") || role(&boxes[i], "unknown")) {
                        sources++;
                        reads_from = y;
                }
                if (role(&boxes[i], "source") && source < 0)
                        source = y;
                if (role(&boxes[i], "replica") && source >= 0 && last >= 0)
                        arrow(b, 60, last + BOX_HEIGHT, 60, y);
                last = y;
                y += ROW;
        }
        y = 20;
        for (size_t i = 0; i < shown; i++) {
                if (server(&boxes[i]))
                        continue;
                draw(b, &boxes[i], 480, y);
                if (sources == 1)
                        arrow(b, 20 + BOX_WIDTH, reads_from + BOX_HEIGHT / 2, 480,
                              y + BOX_HEIGHT / 2);
                y += ROW;
        }
        LimnBuf note = LIMN_BUF(1024);
        if (n > shown)
                limn_buf_printf(&note, "and %zu more", n - shown);
        else if (n == 0)
                limn_buf_add_str(&note, "no server and no reader names itself in the sources");
        else if (sources > 1)
                limn_buf_add_str(&note, "which server a reader reads is not known");
        text_at(b, 20, height - 14, "more", "", limn_buf_slice(&note));
        limn_buf_done(&note);
        limn_buf_add_str(b, "</svg>\n");
        return b->error;
}

int limn_attempted(const LimnView *view, LimnOut *out)
{
        LimnBuf *b = &out->buf;
        size_t n = 0;
        limn_buf_add_str(b, "# What was tried\n\n"
                            "From the logs, and from `limn note --attempted`.\n\n");
        for (size_t i = 0; i < view->n_notes; i++) {
                if (!limn_slice_eq(view->notes[i].kind, LIMN_S("attempted")))
                        continue;
                limn_buf_add_str(b, "- ");
                limn_escape_markdown(view->notes[i].text, b);
                limn_buf_add_char(b, '\n');
                n++;
        }
        if (n == 0)
                limn_buf_add_str(b, "Nothing is known to have been tried.\n");
        return b->error;
}
