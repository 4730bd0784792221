/* SPDX-License-Identifier: Apache-2.0 */
/* A rule file, a line `>>>`, and a record: whatever they are, loading says what is wrong or loads,
 * and the prefilter changes nothing. */
#include "tests/fuzz/fuzz.h"

#include <errno.h>

#include "rules/matcher.h"

static int note(void *arg, const LimnMatch *match)
{
        LimnBuf *out = arg;
        limn_buf_printf(out, "%u", match->rule->index);
        for (size_t i = 0; i < match->n_fields; i++) {
                PROMISE(match->fields[i].value.p);
                PROMISE(i == 0 ||
                        limn_slice_cmp(match->fields[i - 1].name, match->fields[i].name) < 0);
                limn_buf_add_char(out, ' ');
                limn_buf_add(out, match->fields[i].name);
                limn_buf_add_char(out, '=');
                limn_buf_add(out, match->fields[i].value);
        }
        limn_buf_add_char(out, '\n');
        return 0;
}

static void match(const LimnRules *rules, LimnSlice record, bool prefilter, LimnBuf *out)
{
        LimnMatcher *matcher;
        LimnMarks marks = {0};
        const LimnField fields[] = {{LIMN_S("a.0"), record}, {LIMN_S("none"), LIMN_NONE}};
        LimnEvent event = {.record = record, .message = record, .time = LIMN_TIME_NONE,
                           .fields = fields, .n_fields = 2};
        PROMISE(limn_matcher_new(&matcher, rules, prefilter) == 0);
        PROMISE(limn_matcher_scan(matcher, limn_matcher_all(matcher), record, &marks) == 0);
        for (size_t i = 0; i < marks.n; i++) {
                PROMISE(marks.at[i].end > 0 && marks.at[i].end <= record.n);
                PROMISE(i == 0 || marks.at[i - 1].end <= marks.at[i].end);
        }
        PROMISE(limn_matcher_match(matcher, limn_matcher_all(matcher), &event, marks.at, marks.n,
                                   note, out, NULL) == 0);
        free(marks.at);
        limn_matcher_free(matcher);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        LimnSlice input = limn_slice((const char *)data, size);
        size_t cut = limn_slice_find(input, LIMN_S("\n>>>\n"));
        LimnSlice record = limn_slice_from(input, cut + 5);
        LimnRuleText text = {"rule.yml", limn_slice_to(input, cut + 1)};
        LimnRules *rules = NULL;
        LimnDiag *diag = limn_diag_new();
        PROMISE(diag);
        int r = limn_rules_load(&rules, &text, 1, diag);
        PROMISE(r == 0 || r == -EINVAL || r == -ENOMEM);
        PROMISE((r == -EINVAL) == (limn_diag_count(diag, LIMN_DIAG_ERROR) > 0) || r == -ENOMEM);
        if (r == 0) {
                LimnBuf with = LIMN_BUF(1 << 24), without = LIMN_BUF(1 << 24);
                match(rules, record, true, &with);
                match(rules, record, false, &without);
                PROMISE(limn_slice_eq(limn_buf_slice(&with), limn_buf_slice(&without)));
                limn_buf_done(&with);
                limn_buf_done(&without);
        }
        limn_rules_free(rules);
        limn_diag_free(diag);
        return 0;
}
