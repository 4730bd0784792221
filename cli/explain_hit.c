/* SPDX-License-Identifier: Apache-2.0 */
/* limn explain: a record against the conditions of a detection, one line a comparison. */
#include <errno.h>

#include "cli/explain.h"
#include "cli/rule_text.h"
#include "core/limits.h"

typedef struct Tree {
        LimnExplain *x;
        unsigned indent;
} Tree;

static const char *word(LimnVerdict v)
{
        return v == LIMN_YES ? "yes  " : v == LIMN_NO ? "no   " : "open ";
}

static void value(LimnExplain *x, const LimnTraceStep *step)
{
        const LimnOperand *o = step->operand;

        limn_item_text(&x->out, step->item, o, LIMN_EXPLAIN_VALUE_MAX);
        limn_buf_add_str(&x->out, ": ");
        if (!step->present)
                limn_buf_add_str(&x->out, "absent");
        else if (!step->value.p)
                limn_buf_add_str(&x->out, "null");
        else if (step->item->field.name.p && limn_redact_is_secret_name(step->item->field.name))
                limn_buf_add_str(&x->out, LIMN_SECRET_MASK);
        else
                limn_explain_quote(x, step->value,
                                   step->item->op == &limn_op_equals ? o->pattern.literal
                                                                     : LIMN_NONE);
        if (step->verdict == LIMN_UNKNOWN)
                limn_buf_add_str(&x->out, " (a regex limit was reached)");
}

static int on_step(void *arg, const LimnTraceStep *step)
{
        Tree *t = arg;
        LimnExplain *x = t->x;

        limn_explain_indent(x, t->indent);
        limn_buf_add_str(&x->out, step->kind == LIMN_TRACE_MORE ? "     " : word(step->verdict));
        limn_explain_indent(x, step->depth * 2);
        if (step->search.p) {
                limn_explain_clean(x, step->search);
                limn_buf_add_str(&x->out, ": ");
        }
        switch (step->kind) {
        case LIMN_TRACE_ALL:
                limn_buf_add_str(&x->out, "all of");
                break;
        case LIMN_TRACE_ANY:
                limn_buf_add_str(&x->out, "any of");
                break;
        case LIMN_TRACE_NOT:
                limn_buf_add_str(&x->out, "not");
                break;
        case LIMN_TRACE_VALUE:
                value(x, step);
                break;
        case LIMN_TRACE_MORE:
                limn_buf_printf(&x->out, "and %zu more", step->more);
                break;
        }
        return limn_buf_add_char(&x->out, '\n');
}

int limn_explain_conditions(LimnExplain *x, const LimnDetection *d, const LimnEvent *event,
                            unsigned indent)
{
        Tree t = {x, indent};

        return limn_trace(d->condition, event, x->scratch, on_step, &t);
}

typedef struct Wanted {
        LimnExplain *x;
        const LimnDetection *d;
        unsigned indent;
} Wanted;

static int on_event(void *arg, const LimnStoredEvent *stored)
{
        Wanted *w = arg;

        return limn_explain_conditions(w->x, w->d, stored->event, w->indent);
}

int limn_explain_event(LimnExplain *x, const LimnDetection *d, int64_t event_id, unsigned indent)
{
        Wanted w = {x, d, indent};

        if (x->traced++ >= LIMN_EXPLAIN_TRACED_MAX) {
                limn_explain_indent(x, indent);
                return limn_buf_add_str(&x->out, "(its conditions are left out: there are many)\n");
        }
        return limn_case_event(x->c, event_id, on_event, &w, x->cli->diag);
}
