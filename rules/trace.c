/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/trace.h"

#include "core/ascii.h"
#include "core/limits.h"

typedef struct Trace {
        const LimnCondition *condition;
        const LimnEvent *event;
        LimnRegexScratch *scratch;
        LimnTraceFn fn;
        void *arg;
        size_t n;
} Trace;

static LimnVerdict negated(LimnVerdict v)
{
        return v == LIMN_YES ? LIMN_NO : v == LIMN_NO ? LIMN_YES : v;
}

/* -- one comparison ------------------------------------------------------------------------ */

/* The value that decided: the one that met the operand, else the first. */
static void find_value(const Trace *t, LimnTraceStep *step)
{
        LimnItemValues values = LIMN_ITEM_VALUES(step->item, t->event);
        LimnSlice value;

        while (limn_item_value(&values, &value)) {
                bool meets = !step->item->op->match /* exists: any will do */ ||
                             (step->operand->type == LIMN_OPERAND_NULL
                                      ? !value.p
                                      : limn_item_compare(step->item, step->operand, value,
                                                          t->event, t->scratch) == LIMN_YES);
                if (!step->present || meets)
                        step->value = value;
                step->present = true;
                if (meets)
                        return;
        }
}

static int emit(Trace *t, const LimnTraceStep *step)
{
        if (t->n++ >= LIMN_TRACE_STEPS_MAX)
                return 0;
        return t->fn(t->arg, step);
}

/* -- lists of values ----------------------------------------------------------------------- */

static LimnVerdict operand_verdict(const Trace *t, const LimnItem *item, size_t i)
{
        if (!item->op->match) /* exists */
                return limn_item_match(item, t->event, t->scratch);
        return limn_item_operand(item, item->operands[i], t->event, t->scratch);
}

/* Those that decide; where none does, all. Up to the ceiling. */
static int values(Trace *t, const LimnItem *item, unsigned depth, LimnSlice search)
{
        LimnVerdict decides = item->all ? LIMN_NO : LIMN_YES;
        size_t shown = 0, decisive = 0, others, i;
        int r = 0;

        for (i = 0; i < item->n_operands; i++)
                decisive += operand_verdict(t, item, i) == decides;
        others = decisive ? 0 : LIMN_TRACE_VALUES_MAX;
        for (i = 0; i < item->n_operands && r == 0; i++) {
                LimnVerdict v = operand_verdict(t, item, i);
                LimnTraceStep step = {.kind = LIMN_TRACE_VALUE,
                                      .depth = depth,
                                      .verdict = v,
                                      .search = search,
                                      .item = item,
                                      .operand = item->operands[i]};

                if (v == decides ? shown >= LIMN_TRACE_VALUES_MAX : others == 0)
                        continue;
                others -= v != decides;
                shown++;
                find_value(t, &step);
                r = emit(t, &step);
        }
        if (r == 0 && shown < item->n_operands)
                r = emit(t, &(LimnTraceStep){.kind = LIMN_TRACE_MORE,
                                             .depth = depth,
                                             .more = item->n_operands - shown});
        return r;
}

static int item_steps(Trace *t, const LimnItem *item, unsigned depth, LimnSlice search)
{
        LimnVerdict v = limn_item_match(item, t->event, t->scratch);
        int r = 0;

        if (item->negate) {
                r = emit(t, &(LimnTraceStep){.kind = LIMN_TRACE_NOT,
                                             .depth = depth++,
                                             .verdict = v,
                                             .search = search});
                v = negated(v);
                search = LIMN_NONE;
        }
        if (r == 0 && item->n_operands > 1) {
                r = emit(t, &(LimnTraceStep){.kind = item->all ? LIMN_TRACE_ALL : LIMN_TRACE_ANY,
                                             .depth = depth++,
                                             .verdict = v,
                                             .search = search});
                search = LIMN_NONE;
        }
        return r ? r : values(t, item, depth, search);
}

/* -- the tree ------------------------------------------------------------------------------ */

static LimnSlice search_of(const Trace *t, const LimnNode *node)
{
        for (size_t i = 0; i < t->condition->n_searches; i++)
                if (t->condition->searches[i].root == node)
                        return t->condition->searches[i].name;
        return LIMN_NONE;
}

static int steps(Trace *t, const LimnNode *node, unsigned depth, LimnSlice above)
{
        LimnSlice search = search_of(t, node);
        LimnTraceStep step = {.depth = depth};
        int r;

        if (t->n >= LIMN_TRACE_STEPS_MAX)
                return 0;
        search = search.p ? search : above;
        if (node->kind == LIMN_NODE_ITEM)
                return item_steps(t, node->item, depth, search);
        if (node->kind != LIMN_NODE_NOT && node->n == 1)
                return steps(t, node->child[0], depth, search);
        step.kind = node->kind == LIMN_NODE_NOT   ? LIMN_TRACE_NOT
                    : node->kind == LIMN_NODE_AND ? LIMN_TRACE_ALL
                                                  : LIMN_TRACE_ANY;
        step.search = search;
        step.verdict = limn_node_match(node, t->event, t->scratch);
        r = emit(t, &step);
        for (size_t i = 0; i < node->n && r == 0; i++)
                r = steps(t, node->child[i], depth + 1, LIMN_NONE);
        return r;
}

int limn_trace(const LimnCondition *condition, const LimnEvent *event, LimnRegexScratch *scratch,
               LimnTraceFn fn, void *arg)
{
        Trace t = {condition, event, scratch, fn, arg, 0};
        int r = steps(&t, condition->root, 0, LIMN_NONE);

        if (r == 0 && t.n > LIMN_TRACE_STEPS_MAX)
                r = fn(arg, &(LimnTraceStep){.kind = LIMN_TRACE_MORE,
                                             .more = t.n - LIMN_TRACE_STEPS_MAX});
        return r;
}

/* -- distance ------------------------------------------------------------------------------ */

/* Words of what is asked that stand in the value, of a thousand. */
static size_t words_in(LimnSlice asked, LimnSlice value)
{
        size_t n = 0, there = 0, i = 0;

        while (i < asked.n && n < LIMN_DISTANCE_WORDS_MAX) {
                size_t start = i;

                while (i < asked.n && (limn_ascii_alnum(asked.p[i]) || asked.p[i] == '_'))
                        i++;
                if (i - start >= 2) {
                        n++;
                        there += limn_slice_find_nocase(
                                         value, limn_slice(asked.p + start, i - start)) < value.n;
                }
                i += i == start;
        }
        return n ? there * 1000 / n : 0;
}

static size_t words_of(const Trace *t, const LimnItem *item, const LimnOperand *operand)
{
        LimnItemValues values = LIMN_ITEM_VALUES(item, t->event);
        LimnSlice value;
        size_t best = 0, looked = 0;

        if (operand->type == LIMN_OPERAND_NULL)
                return 0;
        while (looked++ < LIMN_TRACE_VALUES_MAX && limn_item_value(&values, &value)) {
                size_t words = value.p ? words_in(operand->raw,
                                                  limn_slice_to(value, LIMN_DISTANCE_BYTES_MAX))
                                       : 0;

                best = words > best ? words : best;
        }
        return best;
}

/* Of the item without its neq: met, or how far from it. */
static LimnDistance item_plain(const Trace *t, const LimnItem *item, bool want)
{
        LimnDistance d = {0};
        size_t yes = 0, words = 0, nearest = 0, i;

        for (i = 0; i < item->n_operands; i++) {
                if (operand_verdict(t, item, i) == LIMN_YES) {
                        yes++;
                } else if (want && i < LIMN_TRACE_VALUES_MAX) {
                        size_t w = words_of(t, item, item->operands[i]);

                        words += w;
                        nearest = w > nearest ? w : nearest;
                }
        }
        if (item->all && want) {
                d.missing = item->n_operands - yes;
                d.met = yes;
                d.words = words;
        } else if (want) {
                d.missing = yes == 0;
                d.met = yes > 0;
                d.words = yes ? 0 : nearest;
        } else {
                d.missing = item->all ? yes == item->n_operands : yes;
                d.met = d.missing == 0;
        }
        return d;
}

static LimnDistance distance(const Trace *t, const LimnNode *node, bool want)
{
        LimnDistance all = {0}, best = {.missing = SIZE_MAX};

        if (node->kind == LIMN_NODE_NOT)
                return distance(t, node->child[0], !want);
        if (node->kind == LIMN_NODE_ITEM)
                return item_plain(t, node->item, want != node->item->negate);
        for (size_t i = 0; i < node->n; i++) {
                LimnDistance one = distance(t, node->child[i], want);

                all.missing += one.missing;
                all.met += one.met;
                all.words += one.words;
                if (limn_distance_cmp(&one, &best) < 0)
                        best = one;
        }
        return (node->kind == LIMN_NODE_AND) == want ? all : best;
}

LimnDistance limn_trace_distance(const LimnCondition *condition, const LimnEvent *event,
                                 LimnRegexScratch *scratch)
{
        Trace t = {.condition = condition, .event = event, .scratch = scratch};

        return distance(&t, condition->root, true);
}

int limn_distance_cmp(const LimnDistance *a, const LimnDistance *b)
{
        if (a->missing != b->missing)
                return a->missing < b->missing ? -1 : 1;
        if (a->words != b->words)
                return a->words > b->words ? -1 : 1;
        return (a->met < b->met) - (a->met > b->met);
}
