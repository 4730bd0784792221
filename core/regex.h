/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Regex: PCRE2 with JIT, and with match, depth and heap limits set once, here.
 *
 * A compiled pattern is immutable and may be shared by threads; each thread brings a scratch.
 * Patterns and subjects are bytes: no UTF mode, so invalid UTF-8 is matched like anything else.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/diag.h"

typedef struct LimnRegex LimnRegex;
typedef struct LimnRegexScratch LimnRegexScratch;

enum {
        LIMN_REGEX_NOCASE = 1 << 0,
        LIMN_REGEX_MULTILINE = 1 << 1,
        LIMN_REGEX_DOTALL = 1 << 2,
};

/* -EINVAL with a message (the pattern as snippet, a caret at the fault); -ENOMEM. */
int limn_regex_new(LimnRegex **ret, LimnSlice pattern, unsigned flags, LimnDiag *diag);
LimnRegex *limn_regex_free(LimnRegex *regex);

LimnRegexScratch *limn_regex_scratch_new(void);
LimnRegexScratch *limn_regex_scratch_free(LimnRegexScratch *scratch);

/* Named groups in the order of their numbers. */
size_t limn_regex_names(const LimnRegex *regex);
LimnSlice limn_regex_name(const LimnRegex *regex, size_t i);

enum { LIMN_REGEX_NO = 0, LIMN_REGEX_YES = 1, LIMN_REGEX_LIMIT = 2 };
/* Unanchored. LIMIT: a limit was reached, the answer is unknown. Negative: -ENOMEM. */
int limn_regex_match(const LimnRegex *regex, LimnRegexScratch *scratch, LimnSlice subject);
/* After YES: the i-th named group, p NULL when it took no part; into the subject. */
LimnSlice limn_regex_group(const LimnRegex *regex, const LimnRegexScratch *scratch,
                           LimnSlice subject, size_t i);
