/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/excerpts.h"

#include <errno.h>
#include <inttypes.h>

#include "reports/escape.h"
#include "reports/text.h"

#define NAME_MAX_BYTES 90 /* a ustar header holds 100 without tricks */

/* folder/NN-name.txt, of characters that every file system takes. */
static void member_name(char out[NAME_MAX_BYTES], const char *folder, size_t number,
                        LimnSlice name)
{
        for (size_t i = name.n; i > 0; i--)
                if (name.p[i - 1] == '/') {
                        name = limn_slice_from(name, i);
                        break;
                }
        int n = snprintf(out, NAME_MAX_BYTES, "%s/%02zu-", folder, number);
        for (size_t i = 0; i < name.n && n < NAME_MAX_BYTES - 5; i++) {
                char c = name.p[i];
                bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
                out[n++] = fine ? c : '_';
        }
        snprintf(out + n, NAME_MAX_BYTES - (size_t)n, ".txt");
}

static void escaped_lines(LimnSlice text, LimnBuf *b)
{
        LimnSlice line;
        while (limn_slice_line(&text, &line)) {
                limn_buf_add_str(b, "    ");
                limn_escape_terminal(line, b);
                limn_buf_add_char(b, '\n');
        }
}

typedef struct Cited {
        const LimnViewFinding *finding;
        const LimnViewEvidence *e;
        size_t nth; /* in the order of the findings and their evidence */
} Cited;

static int by_place(const void *a, const void *b)
{
        const Cited *x = a, *y = b;
        if (x->e->offset != y->e->offset)
                return x->e->offset < y->e->offset ? -1 : 1;
        return x->nth < y->nth ? -1 : x->nth > y->nth;
}

static void record(const LimnViewEvidence *e, LimnBuf *b)
{
        limn_buf_printf(b, "\n-- line %" PRId64 ", byte %" PRId64, e->line, e->offset);
        if (e->time != LIMN_TIME_NONE) {
                limn_buf_add_str(b, ", ");
                limn_text_time(e->time, b);
                limn_buf_add_str(b, " UTC");
        }
        limn_buf_add_str(b, e->masked ? ", masked\n" : "\n");
        LimnSlice cut = limn_utf8_cut(e->text, LIMN_EVIDENCE_TEXT_MAX);
        escaped_lines(cut, b);
        if (cut.n < e->text.n)
                limn_buf_add_str(b, "    [cut here]\n");
}

static void cited_for(const Cited *c, LimnBuf *b)
{
        limn_buf_add_str(b, "   cited by ");
        limn_escape_terminal(c->finding->id, b);
        if (c->e->cause.p) {
                limn_buf_add_str(b, ", ");
                limn_escape_terminal(c->e->sign, b);
                limn_buf_add_char(b, ' ');
                limn_escape_terminal(c->e->cause, b);
        }
        limn_buf_add_str(b, ": ");
        limn_escape_terminal(limn_utf8_cut(c->e->sentence, 600), b);
        limn_buf_add_char(b, '\n');
}

static int evidence(const LimnView *view, size_t source, Cited *cited, size_t n,
                    LimnSpool *spool, LimnDiag *diag)
{
        const LimnViewSource *s = &view->sources[source];
        char name[NAME_MAX_BYTES];
        member_name(name, "evidence", source + 1, s->path);
        LimnOut out;
        int r = limn_spool_begin(spool, name, &out, diag);
        if (r < 0)
                return r;
        LimnBuf *b = &out.buf;
        limn_buf_add_str(b, "source  ");
        limn_escape_terminal(s->path, b);
        limn_buf_add_str(b, "\nSHA-256 ");
        limn_escape_terminal(s->sha256, b);
        limn_buf_printf(b, "\nbytes   %" PRId64 "\ntimes   ", s->bytes);
        LimnBuf clock = LIMN_BUF(LIMN_OUTPUT_MAX);
        limn_text_clock(s, &clock);
        limn_escape_terminal(limn_buf_slice(&clock), b);
        limn_buf_done(&clock);
        limn_buf_add_char(b, '\n');
        for (size_t i = 0; i < n; i++) {
                if (i == 0 || cited[i - 1].e->offset != cited[i].e->offset)
                        record(cited[i].e, b);
                cited_for(&cited[i], b);
                limn_out_spill(&out);
        }
        return limn_spool_end(spool, &out, diag);
}

static int all_evidence(LimnView *view, LimnSpool *spool, LimnDiag *diag)
{
        size_t all = 0;
        for (size_t i = 0; i < view->n_findings; i++)
                all += view->findings[i].n_evidence;
        Cited *cited = limn_arena_new_of(view->arena, Cited, all + 1);
        if (!cited)
                return -ENOMEM;
        int r = 0;
        for (size_t s = 0; r == 0 && s < view->n_sources; s++) {
                size_t n = 0;
                for (size_t i = 0; i < view->n_findings; i++)
                        for (size_t k = 0; k < view->findings[i].n_evidence; k++) {
                                const LimnViewEvidence *e = &view->findings[i].evidence[k];
                                if (e->source == (int64_t)s && e->text.n)
                                        {
                                        cited[n] = (Cited){&view->findings[i], e, n};
                                        n++;
                                }
                        }
                if (n == 0)
                        continue;
                qsort(cited, n, sizeof *cited, by_place);
                r = evidence(view, s, cited, n, spool, diag);
        }
        return r;
}

static int config(const LimnView *view, const LimnViewFact *facts, size_t n, size_t number,
                  LimnSpool *spool, LimnDiag *diag)
{
        LimnBuf title = LIMN_BUF(4096);
        limn_buf_printf(&title, "%.*s-%.*s", LIMN_FMT(limn_slice_to(facts->kind, 40)),
                        LIMN_FMT(limn_slice_to(facts->instance, 200)));
        for (size_t i = 0; i < title.n; i++)
                if (title.p[i] == '/')
                        title.p[i] = '_';
        char name[NAME_MAX_BYTES];
        member_name(name, "config", number,
                    facts->instance.p ? limn_buf_slice(&title) : LIMN_S("no-instance"));
        limn_buf_done(&title);
        LimnOut out;
        int r = limn_spool_begin(spool, name, &out, diag);
        if (r < 0)
                return r;
        LimnBuf *b = &out.buf, phrase = LIMN_BUF(LIMN_OUTPUT_MAX);
        limn_text_instance(facts->instance, facts->kind, facts->role, &phrase);
        limn_escape_terminal(limn_buf_slice(&phrase), b);
        limn_buf_add_str(b, "\nname = value    when it was so, and where that stands\n\n");
        for (size_t i = 0; i < n; i++) {
                limn_escape_terminal(facts[i].key, b);
                limn_buf_add_str(b, " = ");
                limn_escape_terminal(facts[i].value, b);
                limn_buf_add_str(b, "    # ");
                if (facts[i].time == LIMN_TIME_NONE)
                        limn_buf_add_str(b, "when collected");
                else
                        limn_text_time(facts[i].time, b);
                limn_buf_add_str(b, "; ");
                limn_buf_clear(&phrase);
                limn_text_where(view, facts[i].source, facts[i].line, &phrase);
                limn_escape_terminal(limn_buf_slice(&phrase), b);
                size_t same = i;
                while (same + 1 < n && limn_slice_eq(facts[same + 1].key, facts[i].key) &&
                       limn_slice_eq(facts[same + 1].value, facts[i].value))
                        same++;
                if (same > i)
                        limn_buf_printf(b, "; and %zu times after", same - i);
                i = same;
                limn_buf_add_char(b, '\n');
                limn_out_spill(&out);
        }
        limn_buf_done(&phrase);
        return limn_spool_end(spool, &out, diag);
}

int limn_excerpts(LimnView *view, const LimnReportInput *input, LimnSpool *spool, LimnDiag *diag)
{
        int r = all_evidence(view, spool, diag);
        const LimnViewFact *facts = NULL;
        size_t n = 0, number = 0;
        if (r == 0)
                r = limn_view_facts(view, input, &facts, &n, diag);
        for (size_t i = 0; r == 0 && i < n;) {
                size_t from = i;
                while (i < n && facts[i].instance_id == facts[from].instance_id)
                        i++;
                r = config(view, &facts[from], i - from, ++number, spool, diag);
        }
        return r;
}
