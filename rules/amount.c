/* SPDX-License-Identifier: Apache-2.0 */
#include "core/ascii.h"
#include "rules/correlation.h"

const char *const limn_compare_names[] = {"gt", "gte", "lt", "lte", "eq", "neq", NULL};

static const LimnAmount MOST = (LimnAmount)1000000000000000000 * LIMN_AMOUNT_ONE; /* 10^18 */

/* `n` decimal places to the right (left when negative), rounded half away from zero. */
static bool shift(LimnAmount *amount, long n)
{
        for (; n < -1 && *amount; n++)
                *amount /= 10;
        if (n < 0)
                *amount = (*amount + 5) / 10;
        for (; n > 0 && *amount; n--) {
                *amount *= 10;
                if (*amount > MOST)
                        return false;
        }
        return *amount <= MOST;
}

static bool exponent(LimnSlice text, size_t *i, long *ret)
{
        bool negative = false;
        long e = 0;

        if (*i < text.n && (text.p[*i] == '+' || text.p[*i] == '-'))
                negative = text.p[(*i)++] == '-';
        if (*i == text.n)
                return false;
        for (; *i < text.n && limn_ascii_digit(text.p[*i]); ++*i)
                if (e < 10000)
                        e = e * 10 + (text.p[*i] - '0');
        *ret = negative ? -e : e;
        return true;
}

bool limn_amount_parse(LimnSlice text, LimnAmount *ret)
{
        LimnAmount amount = 0;
        bool negative = false, point = false;
        size_t i = 0, digits = 0;
        long places = 9, e = 0; /* still to the right of what was read */

        text = limn_slice_trim(text);
        if (i < text.n && (text.p[i] == '+' || text.p[i] == '-'))
                negative = text.p[i++] == '-';
        for (; i < text.n; i++) {
                if (text.p[i] == '.' && !point) {
                        point = true;
                        continue;
                }
                if (!limn_ascii_digit(text.p[i]))
                        break;
                digits++;
                if (amount > MOST) { /* no more digits fit: only their places count */
                        places += !point;
                        continue;
                }
                amount = amount * 10 + (text.p[i] - '0');
                places -= point;
        }
        if (digits == 0)
                return false;
        if (i < text.n && (text.p[i] | 0x20) == 'e') {
                i++;
                if (!exponent(text, &i, &e))
                        return false;
        }
        if (i != text.n || !shift(&amount, places + e))
                return false;
        *ret = negative ? -amount : amount;
        return true;
}

static bool holds(const LimnCompare *compare, LimnAmount amount, LimnAmount times)
{
        LimnAmount number = compare->number * times;

        switch (compare->op) {
        case LIMN_COMPARE_GT:
                return amount > number;
        case LIMN_COMPARE_GTE:
                return amount >= number;
        case LIMN_COMPARE_LT:
                return amount < number;
        case LIMN_COMPARE_LTE:
                return amount <= number;
        case LIMN_COMPARE_EQ:
                return amount == number;
        case LIMN_COMPARE_NEQ:
                return amount != number;
        }
        return false;
}

bool limn_corr_compare(const LimnCorrelation *rule, LimnAmount amount, LimnAmount times)
{
        for (size_t i = 0; i < rule->n_compare; i++)
                if (!holds(&rule->compare[i], amount, times))
                        return false;
        return true;
}

void limn_amount_text(LimnAmount amount, LimnBuf *out)
{
        unsigned long long whole, part;
        LimnAmount size = amount < 0 ? -amount : amount;
        char digits[16];
        size_t n = 9;

        whole = (unsigned long long)(size / LIMN_AMOUNT_ONE);
        part = (unsigned long long)(size % LIMN_AMOUNT_ONE);
        limn_buf_printf(out, "%s%llu", amount < 0 ? "-" : "", whole);
        if (part == 0)
                return;
        snprintf(digits, sizeof digits, "%09llu", part);
        while (digits[n - 1] == '0')
                n--;
        limn_buf_printf(out, ".%.*s", (int)n, digits);
}

void limn_corr_condition_text(const LimnCorrelation *rule, LimnBuf *out)
{
        size_t i;

        if (rule->expression.p) {
                limn_buf_add(out, rule->expression);
                return;
        }
        for (i = 0; i < rule->n_fields; i++) {
                limn_buf_add_str(out, i ? ", " : "");
                limn_buf_add(out, rule->fields[i]);
        }
        limn_buf_add_str(out, rule->n_fields ? " " : "");
        if (rule->type->percentile)
                limn_buf_printf(out, "percentile %u ", rule->percentile);
        for (i = 0; i < rule->n_compare; i++) {
                limn_buf_printf(out, "%s%s ", i ? " and " : "",
                                limn_compare_names[rule->compare[i].op]);
                limn_amount_text(rule->compare[i].number, out);
        }
}
