/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/view.h"

#include <errno.h>
#include <stdlib.h>

#include "reports/view_load.h"

/* Everything that is shown lives here; a document of LIMN_OUTPUT_MAX cannot hold more. */
#define VIEW_BYTES LIMN_OUTPUT_MAX

LimnView *limn_view_free(LimnView *view)
{
        if (!view)
                return NULL;
        limn_arena_free(view->arena);
        free(view);
        return NULL;
}

int limn_view_load(LimnView **ret, const LimnReportInput *input, LimnDiag *diag)
{
        LimnView *view = calloc(1, sizeof *view);
        if (!view)
                return -ENOMEM;
        view->first = view->last = LIMN_TIME_NONE;
        view->arena = limn_arena_new(VIEW_BYTES);
        int r = view->arena ? limn_view_load_sources(view, input, diag) : -ENOMEM;
        if (r == 0)
                r = limn_view_load_findings(view, input, diag);
        if (r == 0)
                r = limn_view_load_rest(view, input, diag);
        if (r < 0) {
                limn_view_free(view);
                if (r == -ENOMEM)
                        limn_diag_addf(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR},
                                       "not enough memory for the report");
                return r;
        }
        *ret = view;
        return 0;
}

int limn_view_keep(LimnView *view, const LimnReportInput *input, LimnSlice text, LimnSlice *ret,
                   bool *ret_masked)
{
        if (!text.p) {
                *ret = LIMN_NONE;
                return 0;
        }
        LimnBuf masked = LIMN_BUF(LIMN_OUTPUT_MAX);
        size_t n = 0;
        int r = input->redact ? limn_redact(input->redact, text, &masked, &n) : 0;
        if (r == 0) {
                *ret = limn_arena_dup(view->arena, n ? limn_buf_slice(&masked) : text);
                r = ret->p ? 0 : -ENOMEM;
        }
        if (n && ret_masked)
                *ret_masked = true;
        view->masked += n;
        limn_buf_done(&masked);
        return r;
}

const LimnViewEvidence *limn_view_evidence(const LimnViewFinding *finding, LimnSlice cause,
                                           const char *sign, size_t *at)
{
        while (*at < finding->n_evidence) {
                const LimnViewEvidence *e = &finding->evidence[(*at)++];
                if (!e->cause.p == !cause.p && limn_slice_eq(e->cause, cause) &&
                    limn_slice_eq(e->sign, limn_slice_str(sign)))
                        return e;
        }
        return NULL;
}

static bool says_the_same(const LimnViewEvidence *a, const LimnViewEvidence *b)
{
        return limn_slice_eq(a->sentence, b->sentence) && limn_slice_eq(a->sign, b->sign) &&
               !a->cause.p == !b->cause.p && limn_slice_eq(a->cause, b->cause);
}

bool limn_view_said_before(const LimnViewFinding *finding, const LimnViewEvidence *evidence)
{
        for (const LimnViewEvidence *b = finding->evidence; b < evidence; b++)
                if (says_the_same(b, evidence))
                        return true;
        return false;
}

const LimnViewEvidence *limn_view_quoted(const LimnView *view, int64_t source, int64_t offset,
                                         LimnSlice id, const LimnViewFinding **ret_finding)
{
        const LimnViewEvidence *best = NULL;
        for (size_t i = 0; source >= 0 && i < view->n_findings; i++) {
                const LimnViewFinding *f = &view->findings[i];
                bool preferred = limn_slice_eq(f->id, id);
                if (best && !preferred)
                        continue;
                for (size_t k = 0; k < f->n_evidence; k++) {
                        const LimnViewEvidence *e = &f->evidence[k];
                        if (e->source != source || e->offset != offset || !e->text.n)
                                continue;
                        best = e;
                        *ret_finding = f;
                        break;
                }
                if (best && preferred)
                        break;
        }
        return best;
}

bool limn_view_cause_in(const LimnViewFinding *finding, LimnSlice cause, int64_t incident)
{
        size_t at = 0;
        const LimnViewEvidence *e;
        while ((e = limn_view_evidence(finding, cause, "for", &at)))
                if (e->incident == incident)
                        return true;
        return false;
}

const LimnViewCause *limn_view_cause(const LimnViewFinding *finding, int64_t rank)
{
        for (size_t i = 0; i < finding->n_causes; i++)
                if (finding->causes[i].incident == 0 && finding->causes[i].rank == rank)
                        return &finding->causes[i];
        return NULL;
}
