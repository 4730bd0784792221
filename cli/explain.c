/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/explain.h"

#include <errno.h>

#include "cli/open_case.h"
#include "core/limits.h"
#include "core/printable.h"

int limn_explain_open(LimnExplain *x, LimnCli *cli, const LimnRules *rules)
{
        int r;

        *x = (LimnExplain){.cli = cli,
                           .rules = rules,
                           .out = LIMN_BUF(LIMN_OUTPUT_MAX),
                           .text = LIMN_BUF(LIMN_OUTPUT_MAX)};
        r = limn_redact_new(&x->redact, cli->diag);
        if (r < 0)
                return limn_case_exit(r);
        x->scratch = limn_regex_scratch_new();
        x->arena = limn_arena_new((size_t)LIMN_OUTPUT_MAX);
        if (!x->scratch || !x->arena)
                return limn_case_exit(-ENOMEM);
        r = limn_open_concluded_case(&x->c, cli);
        if (r == LIMN_EXIT_OK)
                x->query = limn_case_query(x->c);
        return r;
}

void limn_explain_done(LimnExplain *x)
{
        limn_case_close(x->c);
        limn_regex_scratch_free(x->scratch);
        limn_redact_free(x->redact);
        limn_arena_free(x->arena);
        limn_buf_done(&x->out);
        limn_buf_done(&x->text);
}

void limn_explain_indent(LimnExplain *x, unsigned n)
{
        while (n--)
                limn_buf_add_char(&x->out, ' ');
}

/* With its secrets masked, before anything is cut or escaped: both could hide one. */
static LimnSlice masked(LimnExplain *x, LimnSlice text)
{
        limn_buf_clear(&x->text);
        if (limn_redact(x->redact, limn_slice_to(text, LIMN_EVIDENCE_TEXT_MAX), &x->text, NULL) < 0)
                return LIMN_S(LIMN_SECRET_MASK);
        return limn_buf_slice(&x->text);
}

void limn_explain_clean(LimnExplain *x, LimnSlice text)
{
        limn_printable(masked(x, text), &x->out);
}

void limn_explain_duration(LimnExplain *x, LimnDuration d)
{
        limn_buf_printf(&x->out, "%.9g s", (double)d / 1e6);
}

void limn_explain_time(LimnExplain *x, LimnTime t)
{
        char text[LIMN_TIME_ISO_MAX];

        limn_buf_add_str(&x->out, limn_time_iso_str(t, text));
}

void limn_explain_span(LimnExplain *x, LimnTime from, LimnTime to)
{
        limn_buf_add_str(&x->out, "from ");
        limn_explain_time(x, from);
        limn_buf_add_str(&x->out, " to ");
        limn_explain_time(x, to);
}

/* Not within a character. */
static size_t boundary(LimnSlice text, size_t i)
{
        while (i > 0 && i < text.n && ((unsigned char)text.p[i] & 0xc0) == 0x80)
                i--;
        return i;
}

void limn_explain_quote(LimnExplain *x, LimnSlice value, LimnSlice of_interest)
{
        LimnSlice text = masked(x, value);
        size_t from = 0, n = text.n;

        if (n > LIMN_EXPLAIN_VALUE_MAX) {
                size_t at = of_interest.n ? limn_slice_find_nocase(text, of_interest) : text.n;

                if (at < text.n && at > LIMN_EXPLAIN_VALUE_MAX / 4)
                        from = boundary(text, at - LIMN_EXPLAIN_VALUE_MAX / 4);
                if (n - from > LIMN_EXPLAIN_VALUE_MAX)
                        n = boundary(text, from + LIMN_EXPLAIN_VALUE_MAX);
        }
        limn_buf_add_str(&x->out, from ? "\"..." : "\"");
        limn_printable(limn_slice(text.p + from, n - from), &x->out);
        limn_buf_add_str(&x->out, n < text.n || value.n > LIMN_EVIDENCE_TEXT_MAX ? "...\"" : "\"");
}
