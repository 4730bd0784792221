/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/prefilter.h"

#include <errno.h>
#include <hs/hs.h>
#include <pthread.h>

#include "core/ascii.h"
#include "core/vec.h"
#include "rules/literal.h"
#include "rules/literal_table.h"

struct LimnPrefilterSet {
        uint64_t *rules; /* NULL: all */
        hs_database_t *database; /* NULL: no literals, or it could not be compiled */
        bool fails;
};

struct LimnPrefilter {
        size_t n_rules;
        pthread_mutex_t lock; /* of `sets` */
        struct {
                LimnPrefilterSet **at;
                size_t n, cap;
        } sets;
        LimnSlice *literals; /* sorted; texts in the rules' arena */
        size_t n_literals;
        LimnLiteralTable *table;
        /* Rows of numbers, one after another: row i of `x_at` is x_first[i] .. x_first[i + 1]. */
        uint32_t *literals_first, *literals_at; /* of each rule */
        uint32_t *rules_first, *rules_at;       /* of each literal */
};

struct LimnPrefilterScratch {
        const LimnPrefilterSet *of; /* for which it is large enough */
        hs_scratch_t *hs;
};

static int by_text(const void *a, const void *b)
{
        return limn_slice_cmp(*(const LimnSlice *)a, *(const LimnSlice *)b);
}

/* All rules' literals, sorted, each once. */
static int collect(LimnPrefilter *p, const LimnLiterals *sets, size_t n_rules)
{
        size_t total = 0;
        for (size_t i = 0; i < n_rules; i++)
                total += sets[i].n;
        p->literals = calloc(total + 1, sizeof *p->literals);
        if (!p->literals)
                return -ENOMEM;
        size_t n = 0;
        for (size_t i = 0; i < n_rules; i++)
                for (size_t k = 0; k < sets[i].n; k++)
                        p->literals[n++] = sets[i].at[k];
        qsort(p->literals, n, sizeof *p->literals, by_text);
        for (size_t i = 0; i < n; i++)
                if (i == 0 || !limn_slice_eq(p->literals[i], p->literals[p->n_literals - 1]))
                        p->literals[p->n_literals++] = p->literals[i];
        return 0;
}

static int connect(LimnPrefilter *p, const LimnLiterals *sets, size_t n_rules)
{
        size_t total = 0;
        for (size_t i = 0; i < n_rules; i++)
                total += sets[i].n;
        p->literals_first = calloc(n_rules + 1, sizeof *p->literals_first);
        p->literals_at = calloc(total + 1, sizeof *p->literals_at);
        p->rules_first = calloc(p->n_literals + 2, sizeof *p->rules_first);
        p->rules_at = calloc(total + 1, sizeof *p->rules_at);
        if (!p->literals_first || !p->literals_at || !p->rules_first || !p->rules_at)
                return -ENOMEM;
        uint32_t n = 0;
        for (size_t i = 0; i < n_rules; i++) {
                p->literals_first[i] = n;
                for (size_t k = 0; k < sets[i].n; k++) {
                        const LimnSlice *found = bsearch(&sets[i].at[k], p->literals, p->n_literals,
                                                         sizeof *found, by_text);
                        p->literals_at[n] = (uint32_t)(found - p->literals);
                        p->rules_first[p->literals_at[n] + 2]++;
                        n++;
                }
        }
        p->literals_first[n_rules] = n;
        /* Counting sort; shifted by one, so that filling leaves the beginnings in place. */
        for (size_t i = 2; i < p->n_literals + 2; i++)
                p->rules_first[i] += p->rules_first[i - 1];
        for (size_t i = 0; i < n_rules; i++)
                for (uint32_t k = p->literals_first[i]; k < p->literals_first[i + 1]; k++)
                        p->rules_at[p->rules_first[p->literals_at[k] + 1]++] = (uint32_t)i;
        return 0;
}

static bool has(const uint64_t *bits, size_t i)
{
        return bits[i / 64] >> (i % 64) & 1;
}

/* The literals of the set's rules, each once: rules of others may share some. */
static int choose(const LimnPrefilter *p, const uint64_t *rules, bool **ret, size_t *ret_n)
{
        bool *chosen = calloc(p->n_literals + 1, sizeof *chosen);
        if (!chosen)
                return -ENOMEM;
        *ret_n = 0;
        for (size_t i = 0; i < p->n_rules; i++) {
                if (rules && !has(rules, i))
                        continue;
                for (uint32_t k = p->literals_first[i]; k < p->literals_first[i + 1]; k++) {
                        *ret_n += !chosen[p->literals_at[k]];
                        chosen[p->literals_at[k]] = true;
                }
        }
        *ret = chosen;
        return 0;
}

static int compile(const LimnPrefilter *p, LimnPrefilterSet *set)
{
        bool *chosen;
        size_t n;
        int r = choose(p, set->rules, &chosen, &n);
        if (r < 0 || n == 0) {
                if (r == 0)
                        free(chosen);
                return r;
        }
        const char **texts = calloc(n, sizeof *texts);
        unsigned *flags = calloc(n, sizeof *flags), *ids = calloc(n, sizeof *ids);
        size_t *lengths = calloc(n, sizeof *lengths);
        r = texts && flags && ids && lengths ? 0 : -ENOMEM;
        for (size_t i = 0, k = 0; i < p->n_literals && r == 0; i++) {
                if (!chosen[i])
                        continue;
                texts[k] = p->literals[i].p;
                lengths[k] = p->literals[i].n;
                flags[k] = HS_FLAG_CASELESS;
                ids[k++] = (unsigned)i;
        }
        if (r == 0) {
                hs_compile_error_t *error = NULL;
                hs_error_t e = hs_compile_lit_multi(texts, flags, ids, lengths, (unsigned)n,
                                                    HS_MODE_BLOCK, NULL, &set->database, &error);
                if (e == HS_NOMEM)
                        r = -ENOMEM;
                else if (e != HS_SUCCESS)
                        set->fails = true; /* every rule is evaluated: slower, not wrong */
                if (e != HS_SUCCESS)
                        set->database = NULL;
                hs_free_compile_error(error);
        }
        free(texts);
        free(flags);
        free(ids);
        free(lengths);
        free(chosen);
        return r;
}

static void set_free(LimnPrefilterSet *set)
{
        if (!set)
                return;
        hs_free_database(set->database);
        free(set->rules);
        free(set);
}

static int set_add(LimnPrefilter *p, const uint64_t *rules, size_t bytes,
                   const LimnPrefilterSet **ret)
{
        LimnPrefilterSet *set = calloc(1, sizeof *set);
        if (!set || (rules && !(set->rules = malloc(bytes))) || limn_vec_room(&p->sets) < 0) {
                set_free(set);
                return -ENOMEM;
        }
        if (rules)
                memcpy(set->rules, rules, bytes);
        int r = compile(p, set);
        if (r < 0) {
                set_free(set);
                return r;
        }
        *ret = p->sets.at[p->sets.n++] = set;
        return 0;
}

static bool is_of(const LimnPrefilterSet *set, const uint64_t *rules, size_t bytes)
{
        return rules && set->rules ? memcmp(set->rules, rules, bytes) == 0 : rules == set->rules;
}

int limn_prefilter_set(LimnPrefilter *p, const uint64_t *rules, const LimnPrefilterSet **ret)
{
        size_t bytes = (p->n_rules / 64 + 1) * sizeof *rules, i = 0;
        int r = 0;
        pthread_mutex_lock(&p->lock);
        while (i < p->sets.n && !is_of(p->sets.at[i], rules, bytes))
                i++;
        if (i < p->sets.n)
                *ret = p->sets.at[i];
        else
                r = set_add(p, rules, bytes, ret);
        pthread_mutex_unlock(&p->lock);
        return r;
}

int limn_prefilter_new(LimnPrefilter **ret, const LimnRules *rules)
{
        LimnPrefilter *p = calloc(1, sizeof *p);
        LimnLiterals *sets = calloc(rules->n_detections + 1, sizeof *sets);
        int r = p && sets ? 0 : -ENOMEM;
        if (p) {
                p->n_rules = rules->n_detections;
                pthread_mutex_init(&p->lock, NULL);
        }
        for (size_t i = 0; i < rules->n_detections && r == 0; i++)
                r = limn_literals_of(&sets[i], rules->detections[i].condition, rules->arena);
        if (r == 0)
                r = collect(p, sets, rules->n_detections);
        if (r == 0)
                r = connect(p, sets, rules->n_detections);
        if (r == 0)
                r = limn_literal_table_new(&p->table, p->literals, p->n_literals);
        free(sets);
        if (r < 0) {
                limn_prefilter_free(p);
                return r;
        }
        *ret = p;
        return 0;
}

LimnPrefilter *limn_prefilter_free(LimnPrefilter *p)
{
        if (!p)
                return NULL;
        for (size_t i = 0; i < p->sets.n; i++)
                set_free(p->sets.at[i]);
        free(p->sets.at);
        pthread_mutex_destroy(&p->lock);
        limn_literal_table_free(p->table);
        free(p->literals);
        free(p->literals_first);
        free(p->literals_at);
        free(p->rules_first);
        free(p->rules_at);
        free(p);
        return NULL;
}

LimnPrefilterScratch *limn_prefilter_scratch_new(void)
{
        return calloc(1, sizeof(LimnPrefilterScratch));
}

LimnPrefilterScratch *limn_prefilter_scratch_free(LimnPrefilterScratch *scratch)
{
        if (scratch)
                hs_free_scratch(scratch->hs);
        free(scratch);
        return NULL;
}

static int mark(LimnMarks *marks, size_t end, uint32_t literal)
{
        if (limn_vec_room(marks) < 0)
                return -ENOMEM;
        marks->at[marks->n++] = (LimnMark){(uint32_t)end, literal};
        return 0;
}

static int on_literal(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                      void *arg)
{
        return mark(arg, (size_t)to, id);
}

/* Where a literal may stand in another shape than its bytes. */
static int mark_hidden(LimnSlice bytes, LimnMarks *marks)
{
        int r = 0;
        const char *end = bytes.p + bytes.n, *at = bytes.p;
        while (r == 0 && at < end && (at = memchr(at, '\\', (size_t)(end - at)))) {
                at++;
                if (at < end && *at == 'u')
                        r = mark(marks, (size_t)(at + 1 - bytes.p), LIMN_LITERAL_ANY);
        }
        at = bytes.p;
        while (r == 0 && at < end && (at = memchr(at, '\0', (size_t)(end - at)))) {
                at++;
                r = mark(marks, (size_t)(at - bytes.p), LIMN_LITERAL_ANY);
        }
        return r;
}

static int by_end(const void *a, const void *b)
{
        const LimnMark *x = a, *y = b;
        if (x->end != y->end)
                return x->end < y->end ? -1 : 1;
        return (x->literal > y->literal) - (x->literal < y->literal);
}

static int search(const LimnPrefilterSet *set, LimnPrefilterScratch *scratch, LimnSlice bytes,
                  LimnMarks *marks)
{
        if (scratch->of != set && hs_alloc_scratch(set->database, &scratch->hs) != HS_SUCCESS)
                return -ENOMEM;
        scratch->of = set;
        return hs_scan(set->database, bytes.p, (unsigned)bytes.n, 0, scratch->hs, on_literal,
                       marks) == HS_SUCCESS
                       ? 0
                       : -ENOMEM;
}

static void put_in_order(LimnMarks *marks)
{
        for (size_t i = 1; i < marks->n; i++) {
                if (marks->at[i].end < marks->at[i - 1].end) {
                        qsort(marks->at, marks->n, sizeof *marks->at, by_end);
                        break;
                }
        }
}

int limn_prefilter_scan(const LimnPrefilterSet *set, LimnPrefilterScratch *scratch,
                        LimnSlice bytes, LimnMarks *marks)
{
        marks->n = 0;
        if (bytes.n == 0)
                return 0;
        if (bytes.n > UINT32_MAX)
                return -EINVAL;
        if (set->fails)
                return 1;
        int r = set->database ? search(set, scratch, bytes, marks) : 0;
        if (r == 0)
                r = mark_hidden(bytes, marks);
        if (r == 0)
                put_in_order(marks);
        return r;
}

int limn_prefilter_scan_few(const LimnPrefilter *p, LimnSlice bytes, LimnMarks *marks)
{
        marks->n = 0;
        if (bytes.n > UINT32_MAX)
                return -EINVAL;
        int r = limn_literal_table_scan(p->table, bytes, marks);
        if (r == 0)
                r = mark_hidden(bytes, marks);
        if (r == 0)
                put_in_order(marks);
        return r;
}

size_t limn_prefilter_literals(const LimnPrefilter *p, uint32_t rule, const uint32_t **ret)
{
        *ret = p->literals_at + p->literals_first[rule];
        return p->literals_first[rule + 1] - p->literals_first[rule];
}

LimnSlice limn_prefilter_literal(const LimnPrefilter *p, uint32_t literal)
{
        return p->literals[literal];
}

size_t limn_prefilter_rules(const LimnPrefilter *p, uint32_t literal, const uint32_t **ret)
{
        *ret = p->rules_at + p->rules_first[literal];
        return p->rules_first[literal + 1] - p->rules_first[literal];
}
