/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Matcher: which detection rules an event meets.
 *
 * Two steps, so that the expensive one runs on few records: limn_matcher_scan() searches a whole
 * segment once for the literals of all rules (libhs) and leaves marks; limn_matcher_match()
 * evaluates only the rules whose marks lie inside the record, and those that have no literal.
 * With the prefilter off all applicable rules are evaluated: equal hits (a test holds that).
 *
 * One matcher a thread; the rules are shared.
 */
#include "rules/rules.h"

typedef struct LimnMatcher LimnMatcher;

typedef struct LimnMark {
        uint32_t end;     /* offset behind the literal's last byte, in the scanned bytes */
        uint32_t literal; /* number within the prefilter */
} LimnMark;

typedef struct LimnMarks {
        LimnMark *at; /* by end, rising */
        size_t n, cap;
} LimnMarks;

/* The rules that a logsource selects; computed once per source. Owned by the matcher. */
typedef struct LimnApplicable LimnApplicable;

/* `prefilter` false: every applicable rule is evaluated on every record. */
int limn_matcher_new(LimnMatcher **ret, const LimnRules *rules, bool prefilter);
LimnMatcher *limn_matcher_free(LimnMatcher *matcher);

/* About so many bytes will be scanned in all: decides how they are searched, never what is
 * found. */
void limn_matcher_expect(LimnMatcher *matcher, uint64_t bytes);

/* NULL: no memory. category may be NULL. */
const LimnApplicable *limn_matcher_applicable(LimnMatcher *matcher, const char *category,
                                              const char *product, const char *service);

/* Every rule, whatever its logsource: for events that come without one. */
const LimnApplicable *limn_matcher_all(LimnMatcher *matcher);

/* Fills *marks anew (its memory is reused), of the literals of these rules; the records in `bytes`
 * are then matched, before the next scan, with the same rules. 0 or -ENOMEM. */
int limn_matcher_scan(LimnMatcher *matcher, const LimnApplicable *rules, LimnSlice bytes,
                      LimnMarks *marks);

typedef struct LimnMatch {
        const LimnDetection *rule;
        /* What the rule extracted and captures, sorted by name; dies with the callback. */
        const LimnField *fields;
        size_t n_fields;
} LimnMatch;
typedef int (*LimnMatchFn)(void *arg, const LimnMatch *match);

/*
 * Calls `fn` for each rule met, in the order of the rules. `marks`: those with
 * start < end <= start + length of the record, i.e. of the literals inside it.
 * *ret_unknown counts rules that a regex limit left undecided (may be NULL). 0, what fn returned
 * if not 0, or -ENOMEM.
 */
int limn_matcher_match(LimnMatcher *matcher, const LimnApplicable *rules, const LimnEvent *event,
                       const LimnMark *marks, size_t n_marks, LimnMatchFn fn, void *arg,
                       size_t *ret_unknown);
