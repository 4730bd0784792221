/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/compare.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/json_write.h"
#include "core/limits.h"
#include "core/vec.h"
#include "reports/escape.h"

typedef struct Finding {
        LimnSlice id, title, severity, cause, verdict; /* no cause: p NULL */
        int rank;                                      /* of the severity, 4 is critical */
        int64_t incidents;
} Finding;

/* Findings by id. */
struct LimnConcluded {
        const char *name;
        LimnArena *arena;
        Finding *at;
        size_t n, cap;
        LimnBuf rules; /* SHA-256 of those it was concluded with; empty: it never was */
};

static const char query[] =
        "SELECT f.finding, f.title, f.severity, c.cause, c.verdict,"
        "       CASE f.severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2"
        "                       WHEN 'low' THEN 1 ELSE 0 END,"
        "       (SELECT count(*) FROM incident i WHERE i.finding = f.finding)"
        "  FROM finding f LEFT JOIN cause c"
        "    ON c.finding = f.finding AND c.incident_id IS NULL AND c.rank = 1"
        " ORDER BY f.finding";

static LimnSlice keep(LimnConcluded *side, LimnValue value)
{
        return value.type == LIMN_VALUE_TEXT ? limn_arena_dup(side->arena, value.s) : LIMN_NONE;
}

static int take_finding(void *arg, const LimnValue *v, size_t n)
{
        LimnConcluded *side = arg;

        if (limn_vec_room(side) < 0)
                return -ENOMEM;
        Finding f = {.id = keep(side, v[0]),
                     .title = keep(side, v[1]),
                     .severity = keep(side, v[2]),
                     .cause = keep(side, v[3]),
                     .verdict = keep(side, v[4]),
                     .rank = (int)v[5].i,
                     .incidents = v[6].i};
        if (!f.id.p || !f.title.p || !f.severity.p)
                return -ENOMEM;
        side->at[side->n++] = f;
        return 0;
}

int limn_concluded_new(LimnConcluded **ret, LimnCase *c, const char *name, const char *rules,
                       LimnDiag *diag)
{
        LimnConcluded *side = calloc(1, sizeof *side);
        int r, known;

        if (!side)
                return -ENOMEM;
        *side = (LimnConcluded){
                .name = name, .arena = limn_arena_new(LIMN_OUTPUT_MAX), .rules = LIMN_BUF(4096)};
        r = rules ? limn_buf_add_str(&side->rules, rules)
                  : limn_case_meta_get(c, "concluded_sha256", &side->rules, diag);
        known = r == 0 && side->rules.n == 0 ? 1 : r; /* empty: something was read since */
        if (!side->arena)
                r = -ENOMEM;
        if (r >= 0) {
                LimnQuery sql = limn_case_query(c);
                r = sql.run(sql.ctx, query, NULL, 0, take_finding, side, diag);
        }
        if (r < 0) {
                limn_concluded_free(side);
                return r;
        }
        *ret = side;
        return known;
}

LimnConcluded *limn_concluded_free(LimnConcluded *side)
{
        if (!side)
                return NULL;
        limn_buf_done(&side->rules);
        limn_arena_free(side->arena);
        free(side->at);
        free(side);
        return NULL;
}

/* OTHER: as severe and as often, but for another reason, or more or less surely. */
typedef enum Change { NEW, WORSE, OTHER, SAME, BETTER, GONE, N_CHANGES } Change;

static const struct {
        const char *key, *label;
} changes[N_CHANGES] = {{"new", "NEW"},        {"worse", "WORSE"},   {"cause", "OTHER"},
                        {"same", "AS BEFORE"}, {"better", "BETTER"}, {"gone", "GONE"}};

typedef struct Pair {
        const Finding *before, *after; /* one may be NULL */
        Change change;
} Pair;

/* By severity, then by how often. */
static Change change_of(const Finding *before, const Finding *after)
{
        if (!before || !after)
                return after ? NEW : GONE;
        if (before->rank != after->rank)
                return after->rank > before->rank ? WORSE : BETTER;
        if (before->incidents != after->incidents)
                return after->incidents > before->incidents ? WORSE : BETTER;
        return limn_slice_eq(before->cause, after->cause) &&
                               limn_slice_eq(before->verdict, after->verdict)
                       ? SAME
                       : OTHER;
}

static bool same_cause(const Pair *p)
{
        return p->before && p->after && p->before->cause.p &&
               limn_slice_eq(p->before->cause, p->after->cause);
}

/* Both sides are sorted by id; *ret is the caller's to free. */
static int pair_up(const LimnConcluded *a, const LimnConcluded *b, Pair **ret, size_t *ret_n)
{
        Pair *pairs = calloc(a->n + b->n + 1, sizeof *pairs);
        size_t i = 0, k = 0, n = 0;

        if (!pairs)
                return -ENOMEM;
        while (i < a->n || k < b->n) {
                int order = i == a->n   ? 1
                            : k == b->n ? -1
                                        : limn_slice_cmp(a->at[i].id, b->at[k].id);
                Pair *p = &pairs[n++];
                p->before = order <= 0 ? &a->at[i++] : NULL;
                p->after = order >= 0 ? &b->at[k++] : NULL;
                p->change = change_of(p->before, p->after);
        }
        *ret = pairs;
        *ret_n = n;
        return 0;
}

static void side_json(LimnJsonWriter *w, const char *key, const Finding *f)
{
        limn_json_key(w, key);
        if (!f) {
                limn_json_null(w);
                return;
        }
        limn_json_object(w);
        limn_json_key(w, "severity");
        limn_json_string(w, f->severity);
        limn_json_key(w, "incidents");
        limn_json_int(w, f->incidents);
        limn_json_key(w, "cause");
        limn_json_string(w, f->cause);
        limn_json_key(w, "verdict");
        limn_json_string(w, f->verdict);
        limn_json_end(w);
}

static void case_json(LimnJsonWriter *w, const char *key, const LimnConcluded *side)
{
        limn_json_key(w, key);
        limn_json_object(w);
        limn_json_key(w, "case");
        limn_json_str(w, side->name);
        limn_json_key(w, "rules_sha256");
        limn_json_string(w, side->rules.n ? limn_buf_slice(&side->rules) : LIMN_NONE);
        limn_json_end(w);
}

static void print_json(LimnBuf *out, const LimnConcluded *a, const LimnConcluded *b,
                       const Pair *pairs, size_t n)
{
        LimnJsonWriter w = LIMN_JSON_WRITER(out, 2);

        limn_json_object(&w);
        limn_json_key(&w, "schema");
        limn_json_str(&w, "limn.diff/1");
        case_json(&w, "before", a);
        case_json(&w, "after", b);
        limn_json_key(&w, "findings");
        limn_json_array(&w);
        for (int change = 0; change < N_CHANGES; change++)
                for (const Pair *p = pairs; p < pairs + n; p++) {
                        const Finding *f = p->after ? p->after : p->before;
                        if (p->change != (Change)change)
                                continue;
                        limn_json_object(&w);
                        limn_json_key(&w, "change");
                        limn_json_str(&w, changes[change].key);
                        limn_json_key(&w, "id");
                        limn_json_string(&w, f->id);
                        limn_json_key(&w, "title");
                        limn_json_string(&w, f->title);
                        limn_json_key(&w, "same_cause");
                        limn_json_bool(&w, same_cause(p));
                        side_json(&w, "before", p->before);
                        side_json(&w, "after", p->after);
                        limn_json_end(&w);
                }
        limn_json_end(&w);
        limn_json_end(&w);
        limn_buf_add_char(out, '\n');
}

static void put(LimnBuf *out, const char *before, LimnSlice text, const char *after)
{
        limn_buf_add_str(out, before);
        limn_escape_terminal(text, out);
        limn_buf_add_str(out, after);
}

static void print_cause(LimnBuf *out, const char *label, const Finding *f)
{
        if (!f || !f->cause.p)
                return;
        put(out, label, f->cause, " (");
        put(out, "", f->verdict, ")\n");
}

static void print_pair(LimnBuf *out, const Pair *p)
{
        const Finding *a = p->before, *b = p->after, *f = b ? b : a;
        bool both = a && b;

        limn_buf_printf(out, "%-9s ", changes[p->change].label);
        put(out, "", f->id, " ");
        put(out, "", f->title, "\n");
        put(out, "          ", both ? a->severity : f->severity, "");
        if (both && a->rank != b->rank)
                put(out, " -> ", b->severity, "");
        limn_buf_printf(out, ", %" PRId64, both ? a->incidents : f->incidents);
        if (both && a->incidents != b->incidents)
                limn_buf_printf(out, " -> %" PRId64, b->incidents);
        limn_buf_printf(out, " incident%s\n", f->incidents == 1 ? "" : "s");
        if (same_cause(p) && limn_slice_eq(a->verdict, b->verdict)) {
                print_cause(out, "          same cause: ", b);
                return;
        }
        print_cause(out, both ? "          cause before: " : "          cause: ", a);
        print_cause(out, both ? "          cause after: " : "          cause: ", b);
}

static void print_text(LimnBuf *out, const LimnConcluded *a, const LimnConcluded *b,
                       const Pair *pairs, size_t n)
{
        size_t count[N_CHANGES] = {0};

        put(out, "From ", limn_slice_str(a->name), "");
        put(out, " to ", limn_slice_str(b->name), ": ");
        for (const Pair *p = pairs; p < pairs + n; p++)
                count[p->change]++;
        limn_buf_printf(out,
                        "%zu new, %zu worse, %zu other, %zu as before, %zu better,"
                        " %zu gone.\n",
                        count[NEW], count[WORSE], count[OTHER], count[SAME], count[BETTER],
                        count[GONE]);
        if (a->rules.n && b->rules.n &&
            !limn_slice_eq(limn_buf_slice(&a->rules), limn_buf_slice(&b->rules)))
                limn_buf_add_str(out, "They were concluded with different rules: what changed may "
                                      "be these.\n");
        for (int change = 0; change < N_CHANGES; change++)
                for (const Pair *p = pairs; p < pairs + n; p++)
                        if (p->change == (Change)change) {
                                limn_buf_add_char(out, '\n');
                                print_pair(out, p);
                        }
}

int limn_compare(const LimnConcluded *a, const LimnConcluded *b, bool json)
{
        LimnBuf out = LIMN_BUF(LIMN_OUTPUT_MAX);
        Pair *pairs = NULL;
        size_t n = 0;
        int r = pair_up(a, b, &pairs, &n);

        if (r == 0) {
                (json ? print_json : print_text)(&out, a, b, pairs, n);
                r = out.error;
        }
        if (r == 0)
                fwrite(out.p, 1, out.n, stdout); /* main tells when it failed */
        free(pairs);
        limn_buf_done(&out);
        return r;
}
