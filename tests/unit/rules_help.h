/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the tests of rules share: loading one text, an event from names and values. */
#include <setjmp.h>
#include <stdarg.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "rules/matcher.h"

#define RULE_HEAD "title: t\nname: n\nlogsource: {product: test}\n"

/* All messages as text. The caller limn_buf_done()s. */
static inline LimnBuf messages(const LimnDiag *diag)
{
        LimnBuf out = LIMN_BUF(1 << 20);
        for (size_t i = 0; i < limn_diag_kept(diag); i++)
                limn_diag_render(limn_diag_at(diag, i), &out);
        return out;
}

static inline LimnRules *load_rules(const char *text)
{
        LimnRules *rules = NULL;
        LimnDiag *diag = limn_diag_new();
        LimnRuleText one = {"rule.yml", limn_slice_str(text)};
        if (limn_rules_load(&rules, &one, 1, diag) != 0) {
                LimnBuf out = messages(diag);
                fail_msg("%s", limn_buf_str(&out));
        }
        limn_diag_free(diag);
        return rules;
}

/* Pairs of name and value, ended by NULL; a value "\1" is null. `record` is the bytes. */
static inline LimnEvent event_of(LimnField *fields, const char *const *pairs)
{
        LimnEvent event = {.time = LIMN_TIME_NONE, .fields = fields};
        for (; pairs[0]; pairs += 2) {
                bool null = strcmp(pairs[1], "\1") == 0;
                LimnSlice value = null ? LIMN_NONE : limn_slice_str(pairs[1]);
                if (strcmp(pairs[0], "message") == 0)
                        event.message = value;
                else if (strcmp(pairs[0], "record") == 0)
                        event.record = value;
                else
                        fields[event.n_fields++] = (LimnField){limn_slice_str(pairs[0]), value};
        }
        return event;
}

static inline int count_match(void *arg, const LimnMatch *match)
{
        ++*(size_t *)arg;
        return 0;
}

static inline size_t count_matches(const LimnRules *rules, const LimnEvent *event)
{
        LimnMatcher *matcher;
        size_t n = 0;
        assert_int_equal(limn_matcher_new(&matcher, rules, false), 0);
        const LimnApplicable *a = limn_matcher_applicable(matcher, NULL, "test", NULL);
        assert_non_null(a);
        assert_int_equal(limn_matcher_match(matcher, a, event, NULL, 0, count_match, &n, NULL), 0);
        limn_matcher_free(matcher);
        return n;
}
