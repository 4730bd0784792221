/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/matcher.h"

#include <errno.h>

#include "core/limits.h"
#include "core/vec.h"
#include "rules/condition.h"
#include "rules/extract.h"
#include "rules/prefilter.h"

/* So many bytes are looked through before a search is made at all: making it takes as long. Where
 * it is not known how many there will be, less is risked. */
#define FEW_BYTES (8u * 1024 * 1024)
#define FEW_OF_UNKNOWN (2u * 1024 * 1024)

/* A search of their own for the rules of one logsource is worth its making (some milliseconds)
 * behind so many bytes: fewer literals are found faster, and most of others' are not looked at. */
#define OWN_SEARCH_BYTES (16u * 1024 * 1024)

/* Sets of rules are bits, a rule's bit at its index. */
typedef uint64_t Word;
#define WORD_BITS 64

struct LimnApplicable {
        char *category, *product, *service; /* of the source; NULL: not said */
        Word *rules;  /* those that the logsource selects */
        Word *always; /* of these: to be evaluated on every record */
        bool any_always;
        bool every; /* limn_matcher_all() */
        const LimnPrefilterSet *set; /* their literals; NULL: those of all rules do */
        uint64_t scanned;            /* bytes */
};

struct LimnMatcher {
        const LimnRules *rules;
        bool prefilter;
        const LimnPrefilterSet *set; /* literals of all rules; NULL: nothing scanned yet */
        uint64_t few, scanned;       /* bytes to be looked through without a search; that were */
        bool all; /* the last scan could not tell: every record is a candidate of all rules */
        size_t words;
        LimnPrefilterScratch *scan_scratch;
        LimnRegexScratch *regex_scratch;
        LimnArena *arena; /* values of one hit */
        Word *candidates;
        LimnField *fields;
        struct {
                LimnApplicable **at;
                size_t n, cap;
        } applicable;
};

int limn_matcher_new(LimnMatcher **ret, const LimnRules *rules, bool prefilter)
{
        LimnMatcher *m = calloc(1, sizeof *m);
        if (!m)
                return -ENOMEM;
        m->rules = rules;
        m->prefilter = prefilter;
        m->few = FEW_OF_UNKNOWN;
        m->words = rules->n_detections / WORD_BITS + 1;
        size_t most = 1;
        for (size_t i = 0; i < rules->n_detections; i++)
                if (rules->detections[i].n_captures > most)
                        most = rules->detections[i].n_captures;
        m->scan_scratch = limn_prefilter_scratch_new();
        m->regex_scratch = limn_regex_scratch_new();
        m->arena = limn_arena_new(LIMN_RECORD_ARENA_MAX);
        m->candidates = calloc(m->words, sizeof *m->candidates);
        m->fields = calloc(most, sizeof *m->fields);
        if (!m->scan_scratch || !m->regex_scratch || !m->arena || !m->candidates || !m->fields) {
                limn_matcher_free(m);
                return -ENOMEM;
        }
        *ret = m;
        return 0;
}

void limn_matcher_expect(LimnMatcher *m, uint64_t bytes)
{
        m->few = bytes > FEW_BYTES ? 0 : FEW_BYTES;
}

static void applicable_free(LimnApplicable *a)
{
        if (!a)
                return;
        free(a->category);
        free(a->product);
        free(a->service);
        free(a->rules);
        free(a->always);
        free(a);
}

LimnMatcher *limn_matcher_free(LimnMatcher *m)
{
        if (!m)
                return NULL;
        for (size_t i = 0; i < m->applicable.n; i++)
                applicable_free(m->applicable.at[i]);
        free(m->applicable.at);
        limn_prefilter_scratch_free(m->scan_scratch);
        limn_regex_scratch_free(m->regex_scratch);
        limn_arena_free(m->arena);
        free(m->candidates);
        free(m->fields);
        free(m);
        return NULL;
}

static bool same(const char *a, const char *b)
{
        return a == b || (a && b && strcmp(a, b) == 0);
}

/* What a rule asks for, the source must be. */
static bool selects(LimnSlice wanted, const char *is)
{
        return !wanted.p || (is && limn_slice_eq(wanted, limn_slice_str(is)));
}

static bool copy(char **to, const char *from)
{
        *to = from ? strdup(from) : NULL;
        return !from || *to;
}

static LimnApplicable *applicable_new(const LimnMatcher *m, const char *category,
                                      const char *product, const char *service, bool every)
{
        LimnApplicable *a = calloc(1, sizeof *a);
        if (!a)
                return NULL;
        a->rules = calloc(m->words, sizeof *a->rules);
        a->always = calloc(m->words, sizeof *a->always);
        if (!a->rules || !a->always || !copy(&a->category, category) ||
            !copy(&a->product, product) || !copy(&a->service, service)) {
                applicable_free(a);
                return NULL;
        }
        a->every = every;
        /* Snapshots and checkpoints are small, and their names and values are made uniform by the
         * parsers: what a rule looks for need not stand in their bytes. */
        bool all = !m->prefilter || same(service, "snapshot") || same(service, "checkpoint");
        for (size_t i = 0; i < m->rules->n_detections; i++) {
                const LimnDetection *d = &m->rules->detections[i];
                if (!every && (!selects(d->category, category) || !selects(d->product, product) ||
                               !selects(d->service, service)))
                        continue;
                const uint32_t *literals;
                Word bit = (Word)1 << (i % WORD_BITS);
                a->rules[i / WORD_BITS] |= bit;
                if (all ||
                    limn_prefilter_literals(m->rules->prefilter, (uint32_t)i, &literals) == 0) {
                        a->always[i / WORD_BITS] |= bit;
                        a->any_always = true;
                }
        }
        return a;
}

static const LimnApplicable *applicable(LimnMatcher *m, const char *category, const char *product,
                                        const char *service, bool every)
{
        for (size_t i = 0; i < m->applicable.n; i++) {
                LimnApplicable *a = m->applicable.at[i];
                if (a->every == every && same(a->category, category) &&
                    same(a->product, product) && same(a->service, service))
                        return a;
        }
        if (limn_vec_room(&m->applicable) < 0)
                return NULL;
        LimnApplicable *a = applicable_new(m, category, product, service, every);
        if (a)
                m->applicable.at[m->applicable.n++] = a;
        return a;
}

const LimnApplicable *limn_matcher_applicable(LimnMatcher *m, const char *category,
                                              const char *product, const char *service)
{
        return applicable(m, category, product, service, false);
}

const LimnApplicable *limn_matcher_all(LimnMatcher *m)
{
        return applicable(m, NULL, NULL, NULL, true);
}

/* Are all of its rules evaluated on every record? Then there is nothing to look for. */
static bool looks_for_nothing(const LimnMatcher *m, const LimnApplicable *a)
{
        return memcmp(a->rules, a->always, m->words * sizeof *a->rules) == 0;
}

int limn_matcher_scan(LimnMatcher *m, const LimnApplicable *rules, LimnSlice bytes,
                      LimnMarks *marks)
{
        LimnApplicable *a = (LimnApplicable *)(uintptr_t)rules; /* the matcher's own */
        int r = 0;

        marks->n = 0;
        m->all = false;
        if (looks_for_nothing(m, a))
                return 0;
        if (m->scanned + bytes.n <= m->few) {
                m->scanned += bytes.n;
                return limn_prefilter_scan_few(m->rules->prefilter, bytes, marks);
        }
        if (!m->set)
                r = limn_prefilter_set(m->rules->prefilter, NULL, &m->set);
        if (r == 0 && !a->set && (a->scanned += bytes.n) > OWN_SEARCH_BYTES)
                r = limn_prefilter_set(m->rules->prefilter, a->rules, &a->set);
        if (r == 0)
                r = limn_prefilter_scan(a->set ? a->set : m->set, m->scan_scratch, bytes, marks);
        m->all = r == 1;
        return r < 0 ? r : 0;
}

/* Fills m->candidates. False: there are none. */
static bool choose(LimnMatcher *m, const LimnApplicable *a, const LimnEvent *event,
                   const LimnMark *marks, size_t n_marks)
{
        /* What the parser says of a broken record was not written there. */
        bool all = m->all || (event->quality & LIMN_Q_BROKEN) != 0;
        if (n_marks == 0 && !a->any_always && !all)
                return false;
        memcpy(m->candidates, a->always, m->words * sizeof *m->candidates);
        bool any = a->any_always;
        for (size_t i = 0; i < n_marks && !all; i++) {
                const uint32_t *rules;
                if (marks[i].literal == LIMN_LITERAL_ANY) {
                        all = true;
                        break;
                }
                size_t n = limn_prefilter_rules(m->rules->prefilter, marks[i].literal, &rules);
                for (size_t k = 0; k < n; k++) {
                        Word bit = (Word)1 << (rules[k] % WORD_BITS);
                        if (a->rules[rules[k] / WORD_BITS] & bit) {
                                m->candidates[rules[k] / WORD_BITS] |= bit;
                                any = true;
                        }
                }
        }
        if (all)
                memcpy(m->candidates, a->rules, m->words * sizeof *m->candidates);
        return any || all;
}

static int evaluate(LimnMatcher *m, const LimnDetection *rule, const LimnEvent *event,
                    LimnMatchFn fn, void *arg, size_t *unknown)
{
        LimnVerdict verdict = limn_condition_match(rule->condition, event, m->regex_scratch);
        *unknown += verdict == LIMN_UNKNOWN;
        if (verdict != LIMN_YES)
                return 0;
        LimnMatch match = {.rule = rule, .fields = m->fields};
        limn_arena_reset(m->arena);
        int r = limn_extraction_run(rule, event, m->regex_scratch, m->arena, m->fields,
                                    &match.n_fields);
        return r < 0 ? r : fn(arg, &match);
}

int limn_matcher_match(LimnMatcher *m, const LimnApplicable *a, const LimnEvent *event,
                       const LimnMark *marks, size_t n_marks, LimnMatchFn fn, void *arg,
                       size_t *ret_unknown)
{
        size_t unknown = 0;
        int r = 0;
        if (choose(m, a, event, marks, n_marks)) {
                for (size_t w = 0; w < m->words && r == 0; w++) {
                        for (Word bits = m->candidates[w]; bits && r == 0; bits &= bits - 1) {
                                size_t i = w * WORD_BITS + (size_t)__builtin_ctzll(bits);
                                r = evaluate(m, &m->rules->detections[i], event, fn, arg, &unknown);
                        }
                }
        }
        if (ret_unknown)
                *ret_unknown = unknown;
        return r;
}
