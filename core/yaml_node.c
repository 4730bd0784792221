/* SPDX-License-Identifier: Apache-2.0 */
/* What a YAML node means: entries, and plain scalars by YAML 1.2's core schema. */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "core/ascii.h"
#include "core/yaml.h"

const LimnYaml *limn_yaml_get(const LimnYaml *node, const char *key)
{
        if (!node || node->type != LIMN_YAML_MAP)
                return NULL;
        LimnSlice name = limn_slice_str(key);
        for (const LimnYaml *child = node->child; child; child = child->next)
                if (limn_slice_eq(child->key, name))
                        return child;
        return NULL;
}

static bool plain(const LimnYaml *node)
{
        return node && node->type == LIMN_YAML_SCALAR && node->plain;
}

/* word, Word or WORD */
static bool is_word(LimnSlice s, LimnSlice lower)
{
        if (!limn_slice_eq_nocase(s, lower))
                return false;
        bool head = limn_ascii_upper(s.p[0]), second = s.n > 1 && limn_ascii_upper(s.p[1]);
        for (size_t i = 2; i < s.n; i++)
                if (limn_ascii_upper(s.p[i]) != second)
                        return false;
        return head || !second;
}

bool limn_yaml_is_null(const LimnYaml *node)
{
        return !node || (plain(node) && (node->scalar.n == 0 ||
                                         limn_slice_eq(node->scalar, LIMN_S("~")) ||
                                         is_word(node->scalar, LIMN_S("null"))));
}

bool limn_yaml_bool(const LimnYaml *node, bool *ret)
{
        if (!plain(node))
                return false;
        if (is_word(node->scalar, LIMN_S("true")))
                *ret = true;
        else if (is_word(node->scalar, LIMN_S("false")))
                *ret = false;
        else
                return false;
        return true;
}

bool limn_yaml_int(const LimnYaml *node, long long *ret)
{
        if (!plain(node))
                return false;
        LimnSlice s = node->scalar;
        int base = limn_slice_starts(s, LIMN_S("0x"))   ? 16
                   : limn_slice_starts(s, LIMN_S("0o")) ? 8
                                                        : 10;
        if (base == 10)
                return limn_slice_i64(s, ret);
        if (s.n == 2)
                return false;
        long long value = 0;
        for (size_t i = 2; i < s.n; i++) {
                int digit = limn_ascii_hex(s.p[i]);
                if (digit < 0 || digit >= base || value > (LLONG_MAX - digit) / base)
                        return false;
                value = value * base + digit;
        }
        *ret = value;
        return true;
}

static size_t digits(LimnSlice s, size_t *at)
{
        size_t start = *at;
        while (*at < s.n && limn_ascii_digit(s.p[*at]))
                ++*at;
        return *at - start;
}

static bool sign(LimnSlice s, size_t at)
{
        return at < s.n && (s.p[at] == '-' || s.p[at] == '+');
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? and no .inf or .nan: nothing
 * in a rule means them. */
bool limn_yaml_real(const LimnYaml *node, double *ret)
{
        if (!plain(node))
                return false;
        LimnSlice s = node->scalar;
        size_t at = sign(s, 0), n = digits(s, &at);
        if (at < s.n && s.p[at] == '.') {
                at++;
                n += digits(s, &at);
        }
        if (n == 0)
                return false;
        if (at < s.n && (s.p[at] == 'e' || s.p[at] == 'E')) {
                at++;
                at += sign(s, at);
                if (digits(s, &at) == 0)
                        return false;
        }
        if (at != s.n)
                return false;
        double value = strtod(s.p, NULL);
        if (!isfinite(value))
                return false;
        *ret = value;
        return true;
}
