/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The condition of a correlation, as comparisons: what it compares, whether it can hold at all,
 * and how it has to be asked.
 */
#include <errno.h>

#include "rules/correlation_read.h"

#define FAIL LIMN_READ_FAIL

static bool lower_bound(LimnCompareOp op)
{
        return op == LIMN_COMPARE_GT || op == LIMN_COMPARE_GTE;
}

static bool upper_bound(LimnCompareOp op)
{
        return op == LIMN_COMPARE_LT || op == LIMN_COMPARE_LTE;
}

static int read_compare(LimnReading *r, const LimnYaml *item)
{
        LimnCorrelation *c = r->ret;
        LimnCompare *compare = &c->compare[c->n_compare];
        size_t op;

        for (op = 0; limn_compare_names[op]; op++)
                if (limn_slice_eq(item->key, limn_slice_str(limn_compare_names[op])))
                        break;
        if (c->n_compare == 2)
                return FAIL(r, item, NULL, "a condition takes one comparison, or two for a range");
        compare->op = (LimnCompareOp)op;
        if (item->type != LIMN_YAML_SCALAR || !limn_amount_parse(item->scalar, &compare->number))
                return FAIL(r, item, NULL, "not a number");
        if (!c->type->numbers && compare->number % LIMN_AMOUNT_ONE)
                return FAIL(r, item, "events, values and rules are counted",
                            "not a whole number");
        c->n_compare++;
        if (c->n_compare == 2 &&
            !(lower_bound(c->compare[0].op) && upper_bound(c->compare[1].op)) &&
            !(upper_bound(c->compare[0].op) && lower_bound(c->compare[1].op)))
                return FAIL(r, item, "a range is one of gt, gte with one of lt, lte",
                            "a condition takes one comparison, or two for a range");
        return 0;
}

static int read_percentile(LimnReading *r, const LimnYaml *map)
{
        const LimnYaml *node = limn_yaml_get(map, "percentile");
        long long number;

        if (!node && r->ret->type->percentile)
                return FAIL(r, map, "such as `{field: duration, percentile: 95, gte: 2}`",
                            "value_percentile needs `percentile` in its condition");
        if (!node)
                return 0;
        if (!r->ret->type->percentile)
                return FAIL(r, node, NULL, "%s takes no percentile", r->ret->type->name);
        if (!limn_yaml_int(node, &number) || number < 0 || number > 100)
                return FAIL(r, node, NULL, "not a whole number from 0 to 100");
        r->ret->percentile = (unsigned)number;
        return 0;
}

/* Counts that decide: what holds beyond the largest number in it holds for all larger ones. */
static void ask_counts(const LimnCorrelation *c, bool *ret_never, bool *ret_always)
{
        LimnAmount edges[8], most = 0;
        size_t n = 0, i;

        edges[n++] = 0;
        for (i = 0; i < c->n_compare; i++) {
                edges[n++] = c->compare[i].number - LIMN_AMOUNT_ONE;
                edges[n++] = c->compare[i].number;
                edges[n++] = c->compare[i].number + LIMN_AMOUNT_ONE;
                if (c->compare[i].number > most)
                        most = c->compare[i].number;
        }
        edges[n++] = most + 2 * LIMN_AMOUNT_ONE;
        if (!c->type->needs_condition) /* rules are counted, and there are no more of them */
                most = (LimnAmount)c->n_rules * LIMN_AMOUNT_ONE;
        else
                most = edges[n - 1];
        *ret_never = *ret_always = true;
        for (i = 0; i < n; i++) {
                if (edges[i] < 0 || edges[i] > most)
                        continue;
                if (limn_corr_compare(c, edges[i], 1))
                        *ret_never = false;
                else
                        *ret_always = false;
        }
        if (limn_corr_compare(c, most, 1))
                *ret_never = false;
        else
                *ret_always = false;
}

static int judge(LimnReading *r, const LimnYaml *node)
{
        LimnCorrelation *c = r->ret;
        bool monotone = true, never = false, always = false;
        size_t i;

        for (i = 0; i < c->n_compare; i++)
                monotone &= lower_bound(c->compare[i].op);
        if (c->n_compare == 2) {
                const LimnCompare *low = &c->compare[!lower_bound(c->compare[0].op)];
                const LimnCompare *high = &c->compare[lower_bound(c->compare[0].op)];

                never = low->number > high->number ||
                        (low->number == high->number &&
                         (low->op == LIMN_COMPARE_GT || high->op == LIMN_COMPARE_LT));
        }
        if (!c->type->numbers && !never)
                ask_counts(c, &never, &always);
        if (never)
                return FAIL(r, node, NULL, "the condition can never hold");
        if (always)
                return FAIL(r, node, NULL,
                            "a condition that nothing at all would meet says nothing");
        c->whole = c->type->statistic || !monotone;
        c->quiet = !c->type->statistic && limn_corr_compare(c, 0, 1);
        if (c->quiet && monotone)
                return FAIL(r, node, NULL,
                            "a condition that nothing at all would meet says nothing");
        return 0;
}

static int read_map(LimnReading *r, const LimnYaml *node)
{
        static const char *const known[] = {"gt",  "gte",   "lt",         "lte", "eq",
                                            "neq", "field", "percentile", NULL};
        const LimnYaml *item, *field = limn_yaml_get(node, "field");
        LimnCorrelation *c = r->ret;
        int e = limn_yaml_known_keys(r->file, node, known, r->diag);

        for (item = node->child; item && e == 0; item = item->next)
                if (item != field && !limn_slice_eq(item->key, LIMN_S("percentile")))
                        e = read_compare(r, item);
        if (e < 0)
                return e;
        if (c->n_compare == 0)
                return FAIL(r, node, "such as `gte: 3`", "the condition compares nothing");
        if (c->type->values && !field)
                return FAIL(r, node, NULL, "%s needs `field` in its condition", c->type->name);
        if (!c->type->values && field)
                return FAIL(r, field, "value_count counts values of a field",
                            "%s takes no field", c->type->name);
        e = read_percentile(r, node);
        if (e == 0)
                e = limn_read_texts(r, field, "field", &c->fields, &c->n_fields);
        if (e == 0 && c->type->values && c->n_fields == 0)
                return FAIL(r, field, NULL, "%s needs `field` in its condition", c->type->name);
        if (e == 0 && c->type->numbers && c->n_fields > 1)
                return FAIL(r, field, NULL, "%s takes one field", c->type->name);
        return e ? e : judge(r, node);
}

/* Of rules in order only all of them have a meaning. */
static bool asks_for_all(const LimnCorrelation *c)
{
        LimnAmount all = (LimnAmount)c->n_rules * LIMN_AMOUNT_ONE;

        return c->n_compare == 1 && limn_corr_compare(c, all, 1) &&
               !limn_corr_compare(c, all - LIMN_AMOUNT_ONE, 1) && !c->quiet;
}

int limn_read_condition(LimnReading *r)
{
        const LimnYaml *node = limn_yaml_get(r->map, "condition");
        LimnCorrelation *c = r->ret;
        int e;

        if (!node && c->type->needs_condition)
                return FAIL(r, r->map, "such as `condition: {gte: 3}`", "%s needs a condition",
                            c->type->name);
        if (node && node->type == LIMN_YAML_SCALAR && !limn_yaml_is_null(node)) {
                if (c->type->needs_condition)
                        return FAIL(r, node, "such as `condition: {gte: 3}`",
                                    "%s takes a map of comparisons", c->type->name);
                return limn_read_expression(r, node);
        }
        if (node && node->type != LIMN_YAML_MAP)
                return FAIL(r, node, "a map such as `{gte: 3}`, or a text such as `a and not b`",
                            "not a condition");
        if (node) {
                e = read_map(r, node);
                if (e < 0)
                        return e;
        } else {
                c->compare[c->n_compare++] = (LimnCompare){
                        LIMN_COMPARE_GTE, (LimnAmount)c->n_rules * LIMN_AMOUNT_ONE};
        }
        if (!c->type->ordered)
                return 0;
        if (!asks_for_all(c))
                return FAIL(r, node, "leave it out: every rule, in order",
                            "%s takes no condition but all of its rules", c->type->name);
        return limn_read_all_of_them(r);
}
