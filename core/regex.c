/* SPDX-License-Identifier: Apache-2.0 */
#include "core/regex.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "core/limits.h"

typedef struct Name {
        uint32_t number;
        LimnSlice name; /* into the compiled pattern */
} Name;

struct LimnRegex {
        pcre2_code *code;
        /* Machine code is made before the first match: most patterns of a rule set never meet a
         * record. Not after some, so that all matches have the same limits. */
        pthread_mutex_t lock;
        bool ready; /* atomic */
        size_t n_names;
        Name names[LIMN_REGEX_GROUPS_MAX];
};

struct LimnRegexScratch {
        pcre2_match_data *data;
        pcre2_match_context *context;
        pcre2_jit_stack *stack;
};

enum { JIT_STACK_FIRST = 32 * 1024, JIT_STACK_MAX = 1024 * 1024 };

LimnRegex *limn_regex_free(LimnRegex *regex)
{
        if (regex) {
                pthread_mutex_destroy(&regex->lock);
                pcre2_code_free(regex->code);
                free(regex);
        }
        return NULL;
}

static int refuse(LimnSlice pattern, size_t at, const char *why, LimnDiag *diag)
{
        LimnBuf snippet = LIMN_BUF(4096);
        limn_snippet(&snippet, pattern, at, 1);
        limn_diag_add(diag, &(LimnMessage){
                                    .severity = LIMN_DIAG_ERROR,
                                    .what = "invalid regular expression",
                                    .snippet = limn_buf_str(&snippet),
                                    .why = why,
                            });
        limn_buf_done(&snippet);
        return -EINVAL;
}

/* The table is sorted by name; ours is by number. */
static bool list_names(LimnRegex *regex)
{
        uint32_t n = 0, size = 0;
        PCRE2_SPTR table = NULL;
        pcre2_pattern_info(regex->code, PCRE2_INFO_NAMECOUNT, &n);
        pcre2_pattern_info(regex->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
        pcre2_pattern_info(regex->code, PCRE2_INFO_NAMETABLE, &table);
        if (n > LIMN_REGEX_GROUPS_MAX)
                return false;
        for (uint32_t i = 0; i < n; i++, table += size) {
                Name name = {(uint32_t)table[0] << 8 | table[1],
                             limn_slice_str((const char *)table + 2)};
                if (name.number > LIMN_REGEX_GROUPS_MAX)
                        return false;
                size_t at = regex->n_names++;
                for (; at > 0 && regex->names[at - 1].number > name.number; at--)
                        regex->names[at] = regex->names[at - 1];
                regex->names[at] = name;
        }
        return true;
}

int limn_regex_new(LimnRegex **ret, LimnSlice pattern, unsigned flags, LimnDiag *diag)
{
        /* Verbs such as (*UTF) must not change what a pattern's bytes mean. */
        uint32_t options = PCRE2_NEVER_UTF | PCRE2_NEVER_UCP;
        options |= flags & LIMN_REGEX_NOCASE ? PCRE2_CASELESS : 0;
        options |= flags & LIMN_REGEX_MULTILINE ? PCRE2_MULTILINE : 0;
        options |= flags & LIMN_REGEX_DOTALL ? PCRE2_DOTALL : 0;
        LimnRegex *regex = calloc(1, sizeof *regex);
        if (!regex)
                return -ENOMEM;
        pthread_mutex_init(&regex->lock, NULL);
        int error;
        PCRE2_SIZE at;
        regex->code = pcre2_compile((PCRE2_SPTR)(pattern.p ? pattern.p : ""), pattern.n, options,
                                    &error, &at, NULL);
        int r = 0;
        if (!regex->code) {
                char why[256];
                pcre2_get_error_message(error, (PCRE2_UCHAR *)why, sizeof why);
                r = error == PCRE2_ERROR_HEAP_FAILED ? -ENOMEM : refuse(pattern, at, why, diag);
        } else if (!list_names(regex)) {
                r = refuse(pattern, 0, "a named group is beyond the 32nd group of the pattern",
                           diag);
        }
        if (r < 0) {
                limn_regex_free(regex);
                return r;
        }
        *ret = regex;
        return 0;
}

LimnRegexScratch *limn_regex_scratch_free(LimnRegexScratch *scratch)
{
        if (scratch) {
                pcre2_match_data_free(scratch->data);
                pcre2_match_context_free(scratch->context);
                pcre2_jit_stack_free(scratch->stack);
                free(scratch);
        }
        return NULL;
}

LimnRegexScratch *limn_regex_scratch_new(void)
{
        LimnRegexScratch *scratch = calloc(1, sizeof *scratch);
        if (!scratch)
                return NULL;
        scratch->data = pcre2_match_data_create(LIMN_REGEX_GROUPS_MAX + 1, NULL);
        scratch->context = pcre2_match_context_create(NULL);
        if (!scratch->data || !scratch->context)
                return limn_regex_scratch_free(scratch);
        pcre2_set_match_limit(scratch->context, LIMN_REGEX_MATCH_MAX);
        pcre2_set_depth_limit(scratch->context, LIMN_REGEX_DEPTH_MAX);
        pcre2_set_heap_limit(scratch->context, LIMN_REGEX_HEAP_KIB_MAX);
        /* Without JIT there is no such stack and none is needed. */
        scratch->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MAX, NULL);
        if (scratch->stack)
                pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
        return scratch;
}

size_t limn_regex_names(const LimnRegex *regex)
{
        return regex->n_names;
}

LimnSlice limn_regex_name(const LimnRegex *regex, size_t i)
{
        return regex->names[i].name;
}

static void make_ready(LimnRegex *regex)
{
        pthread_mutex_lock(&regex->lock);
        if (!regex->ready) {
                /* Where JIT cannot be had the interpreter answers the same. */
                pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE);
                __atomic_store_n(&regex->ready, true, __ATOMIC_RELEASE);
        }
        pthread_mutex_unlock(&regex->lock);
}

int limn_regex_match(const LimnRegex *regex, LimnRegexScratch *scratch, LimnSlice subject)
{
        if (!__atomic_load_n(&regex->ready, __ATOMIC_ACQUIRE))
                make_ready((LimnRegex *)(uintptr_t)regex);
        int r = pcre2_match(regex->code, (PCRE2_SPTR)(subject.p ? subject.p : ""), subject.n, 0, 0,
                            scratch->data, scratch->context);
        if (r >= 0) /* 0: more groups than the scratch keeps; the first ones are kept */
                return LIMN_REGEX_YES;
        if (r == PCRE2_ERROR_NOMATCH)
                return LIMN_REGEX_NO;
        return r == PCRE2_ERROR_NOMEMORY ? -ENOMEM : LIMN_REGEX_LIMIT;
}

LimnSlice limn_regex_group(const LimnRegex *regex, const LimnRegexScratch *scratch,
                           LimnSlice subject, size_t i)
{
        const PCRE2_SIZE *at = pcre2_get_ovector_pointer(scratch->data);
        uint32_t number = regex->names[i].number;
        PCRE2_SIZE start = at[2 * number], end = at[2 * number + 1];
        /* \K inside a lookahead can set a start behind the end. */
        if (start == PCRE2_UNSET || start > end || end > subject.n)
                return LIMN_NONE;
        return limn_slice(subject.p ? subject.p + start : "", end - start);
}
