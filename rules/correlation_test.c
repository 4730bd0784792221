/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/ascii.h"
#include "core/limits.h"
#include "core/vec.h"
#include "rules/correlate.h"
#include "rules/correlation_test.h"
#include "rules/tuples.h"

typedef struct Test {
        const LimnRules *rules;
        const LimnCorrelation *rule;
        LimnDiag *diag;
        LimnArena *arena;
        LimnTuples sources;
        struct {
                LimnHit *at;
                size_t n, cap;
        } hits;
        struct {
                LimnCovered *at;
                size_t n, cap;
        } covered;
        const LimnYaml *expected; /* the next episode that must come */
        const LimnYaml *node;     /* of the test */
        size_t n_got;
        bool failed;
} Test;

#define BAD(t, node, ...) limn_yaml_error((t)->rule->file, (node), (t)->diag, NULL, __VA_ARGS__)

/* hh:mm:ss, with a fraction or without. */
static bool read_clock(LimnSlice s, LimnTime *ret)
{
        long long part[3];
        double seconds;
        size_t i, n;
        char text[32];
        char *end;

        for (i = 0; i < 2; i++) {
                n = limn_slice_chr(s, ':');
                if (n == s.n || !limn_slice_i64(limn_slice_to(s, n), &part[i]))
                        return false;
                s = limn_slice_from(s, n + 1);
        }
        if (s.n == 0 || s.n >= sizeof text || !limn_ascii_digit(s.p[0]))
                return false;
        memcpy(text, s.p, s.n);
        text[s.n] = '\0';
        seconds = strtod(text, &end);
        if (*end || part[0] < 0 || part[0] > 100000 || part[1] < 0 || part[1] > 59 || seconds >= 60)
                return false;
        *ret = (part[0] * 60 + part[1]) * LIMN_MINUTE + llround(seconds * 1e6);
        return true;
}

static int read_time(Test *t, const LimnYaml *node, LimnTime *ret)
{
        double seconds;

        if (limn_yaml_real(node, &seconds) && fabs(seconds) < 1e12) {
                *ret = llround(seconds * 1e6);
                return 0;
        }
        if (node->type == LIMN_YAML_SCALAR && read_clock(node->scalar, ret))
                return 0;
        return BAD(t, node, "not a time: seconds, or hh:mm:ss");
}

static bool is_key(const LimnYaml *node, const char *key)
{
        return limn_slice_eq(node->key, limn_slice_str(key));
}

static int cmp_field(const void *a, const void *b)
{
        const LimnField *x = a, *y = b;

        return limn_slice_cmp(x->name, y->name);
}

/* One entry of an event: the hit's own, or a field. */
static int read_entry(Test *t, const LimnYaml *entry, LimnHit *hit, LimnField *fields)
{
        const LimnDetection *detection;
        LimnTime seconds;
        long long number;
        int r;

        if (is_key(entry, "t") && limn_yaml_is_null(entry))
                return 0;
        if (is_key(entry, "t"))
                return read_time(t, entry, &hit->time);
        if (entry->type != LIMN_YAML_SCALAR)
                return BAD(t, entry, "not a value");
        if (is_key(entry, "rule")) {
                detection = limn_rules_detection(t->rules, entry->scalar);
                if (!detection)
                        return BAD(t, entry, "there is no rule %.*s", LIMN_FMT(entry->scalar));
                hit->rule = detection->index;
        } else if (is_key(entry, "source")) {
                return limn_tuples_number(&t->sources, &entry->scalar, &hit->source, NULL);
        } else if (is_key(entry, "instance")) {
                if (!limn_yaml_int(entry, &number))
                        return BAD(t, entry, "not a number");
                hit->instance = number;
        } else if (is_key(entry, "uncertainty")) {
                r = read_time(t, entry, &seconds);
                if (r < 0)
                        return r;
                hit->uncertainty = seconds;
        } else {
                fields[hit->n_fields++] = (LimnField){entry->key, entry->scalar};
        }
        return 0;
}

static int read_event(Test *t, const LimnYaml *node)
{
        LimnHit hit = {.id = (int64_t)t->hits.n + 1,
                       .rule = UINT32_MAX,
                       .offset = t->hits.n,
                       .time = LIMN_TIME_NONE};
        LimnField *fields = limn_arena_new_of(t->arena, LimnField, node->n + 1);
        const LimnYaml *entry;
        LimnSlice here = LIMN_S("");
        int r = fields ? limn_tuples_number(&t->sources, &here, &hit.source, NULL) : -ENOMEM;

        if (r == 0 && (node->type != LIMN_YAML_MAP || !limn_yaml_get(node, "rule") ||
                       !limn_yaml_get(node, "t")))
                return BAD(t, node, "an event of a test is a map with rule and t");
        for (entry = node->child; entry && r == 0; entry = entry->next)
                r = read_entry(t, entry, &hit, fields);
        if (r < 0)
                return r;
        qsort(fields, hit.n_fields, sizeof *fields, cmp_field);
        hit.fields = fields;
        if (limn_vec_room(&t->hits) < 0)
                return -ENOMEM;
        t->hits.at[t->hits.n++] = hit;
        return 0;
}

/* {from, to, product, service, instance}; without product: every kind of log. */
static int read_covered(Test *t, const LimnYaml *node)
{
        static const char *const known[] = {"from", "to", "product", "service", "instance", NULL};
        const LimnYaml *from = limn_yaml_get(node, "from"), *to = limn_yaml_get(node, "to");
        const LimnYaml *product = limn_yaml_get(node, "product");
        const LimnYaml *service = limn_yaml_get(node, "service");
        const LimnYaml *instance = limn_yaml_get(node, "instance");
        LimnCovered covered = {.product = product ? product->scalar : LIMN_NONE,
                               .service = service ? service->scalar : LIMN_NONE};
        long long number = 0;
        int r;

        if (node->type != LIMN_YAML_MAP || !from || !to)
                return BAD(t, node, "what is covered is a map with from and to");
        r = limn_yaml_known_keys(t->rule->file, node, known, t->diag);
        if (r == 0)
                r = read_time(t, from, &covered.start);
        if (r == 0)
                r = read_time(t, to, &covered.end);
        if (r == 0 && instance && !limn_yaml_int(instance, &number))
                return BAD(t, instance, "not a number");
        covered.instance = number;
        if (r == 0)
                r = limn_vec_room(&t->covered);
        if (r == 0)
                t->covered.at[t->covered.n++] = covered;
        return r;
}

/* Not said: the events are all there was, from the first to the last. */
static int cover_events(Test *t)
{
        LimnCovered all = {.start = INT64_MAX, .end = INT64_MIN};

        for (size_t i = 0; i < t->hits.n; i++) {
                if (t->hits.at[i].time == LIMN_TIME_NONE)
                        continue;
                all.start = t->hits.at[i].time < all.start ? t->hits.at[i].time : all.start;
                all.end = t->hits.at[i].time > all.end ? t->hits.at[i].time : all.end;
        }
        if (all.start > all.end)
                return 0;
        if (limn_vec_room(&t->covered) < 0)
                return -ENOMEM;
        t->covered.at[t->covered.n++] = all;
        return 0;
}

static int differs(Test *t, const LimnYaml *node, const char *what, long long got)
{
        t->failed = true;
        BAD(t, node, "the episode has another %s: %lld", what, got);
        return 0;
}

static int compare_group(Test *t, const LimnYaml *group, const LimnEpisode *episode)
{
        const LimnYaml *want;
        size_t i;

        for (want = group ? group->child : NULL; want; want = want->next) {
                for (i = 0; i < episode->n_group; i++)
                        if (limn_slice_eq(episode->group[i].name, want->key) &&
                            limn_slice_eq(episode->group[i].value, want->scalar))
                                break;
                if (i == episode->n_group) {
                        t->failed = true;
                        BAD(t, want, "the episode has another group");
                }
        }
        return 0;
}

static int compare_time(Test *t, const LimnYaml *episode, const char *key, LimnTime got)
{
        const LimnYaml *node = limn_yaml_get(episode, key);
        LimnTime want;
        int r;

        if (!node)
                return BAD(t, episode, "an episode of a test needs %s", key);
        r = read_time(t, node, &want);
        if (r == 0 && want != got) {
                t->failed = true;
                BAD(t, node, "the episode has another %s: %.6f s", key, (double)got / 1e6);
        }
        return r;
}

static int compare(Test *t, const LimnYaml *want, const LimnEpisode *got)
{
        static const char *const known[] = {"first",     "last",           "n",
                                            "ambiguous", "not_observable", "group", NULL};
        const LimnYaml *n = limn_yaml_get(want, "n");
        const LimnYaml *ambiguous = limn_yaml_get(want, "ambiguous");
        const LimnYaml *unseen = limn_yaml_get(want, "not_observable");
        long long number;
        bool flag;
        int r = limn_yaml_known_keys(t->rule->file, want, known, t->diag);

        if (r == 0)
                r = compare_time(t, want, "first", got->first);
        if (r == 0)
                r = compare_time(t, want, "last", got->last);
        if (r < 0)
                return r;
        if (n && !limn_yaml_int(n, &number))
                return BAD(t, n, "not a number");
        if (ambiguous && !limn_yaml_bool(ambiguous, &flag))
                return BAD(t, ambiguous, "not true or false");
        if (n && number != (long long)got->n_hits)
                differs(t, n, "number of hits", (long long)got->n_hits);
        if (ambiguous && flag != got->ambiguous)
                differs(t, ambiguous, "answer", got->ambiguous);
        if (unseen && !limn_yaml_bool(unseen, &flag))
                return BAD(t, unseen, "not true or false");
        if (unseen && flag != got->not_observable)
                differs(t, unseen, "answer", got->not_observable);
        return compare_group(t, limn_yaml_get(want, "group"), got);
}

static int on_episode(void *arg, const LimnEpisode *episode)
{
        Test *t = arg;
        const LimnYaml *want = t->expected;

        if (episode->rule != t->rule)
                return 0;
        t->n_got++;
        if (!want) {
                t->failed = true;
                BAD(t, t->node, "an episode too many: from %.6f s to %.6f s, %zu hits",
                    (double)episode->first / 1e6, (double)episode->last / 1e6, episode->n_hits);
                return 0;
        }
        t->expected = want->next;
        return compare(t, want, episode);
}

static int run(Test *t, const LimnYaml *test)
{
        static const char *const known[] = {"events", "episodes", "covered", "why", NULL};
        const LimnYaml *events = limn_yaml_get(test, "events"), *event;
        const LimnYaml *episodes = limn_yaml_get(test, "episodes"), *stretch;
        const LimnYaml *covered = limn_yaml_get(test, "covered");
        int r = limn_yaml_known_keys(t->rule->file, test, known, t->diag);

        if (r < 0)
                return r;
        if (covered && covered->type != LIMN_YAML_LIST)
                return BAD(t, covered, "covered is a list");
        if (!events || events->type != LIMN_YAML_LIST || !episodes ||
            episodes->type != LIMN_YAML_LIST)
                return BAD(t, test, "a test of a correlation has events and episodes, as lists");
        t->node = test;
        t->expected = episodes->child;
        for (event = events->child; event && r == 0; event = event->next)
                r = read_event(t, event);
        for (stretch = covered ? covered->child : NULL; stretch && r == 0; stretch = stretch->next)
                r = read_covered(t, stretch);
        if (r == 0 && !covered)
                r = cover_events(t);
        if (r == 0 && t->hits.n)
                qsort(t->hits.at, t->hits.n, sizeof *t->hits.at, limn_hit_cmp);
        if (r == 0)
                r = limn_correlate(t->rules, t->hits.at, t->hits.n, t->covered.at, t->covered.n,
                                   on_episode, t);
        if (r == 0 && t->expected) {
                t->failed = true;
                BAD(t, t->expected, "this episode did not come; %zu did", t->n_got);
        }
        return r;
}

int limn_correlation_test(const LimnRules *rules, const LimnCorrelation *rule, size_t *ret_run,
                          size_t *ret_failed, LimnDiag *diag)
{
        const LimnYaml *test;
        int r = 0;

        *ret_run = *ret_failed = 0;
        if (rule->tests && rule->tests->type != LIMN_YAML_LIST)
                return limn_yaml_error(rule->file, rule->tests, diag, NULL,
                                       "tests of a correlation are a list");
        for (test = rule->tests ? rule->tests->child : NULL; test && r == 0; test = test->next) {
                Test t = {.rules = rules, .rule = rule, .diag = diag, .sources.width = 1};

                t.arena = limn_arena_new(LIMN_RULES_ARENA_MAX);
                r = t.arena ? run(&t, test) : -ENOMEM;
                ++*ret_run;
                *ret_failed += t.failed;
                free(t.hits.at);
                free(t.covered.at);
                limn_tuples_done(&t.sources);
                limn_arena_free(t.arena);
        }
        return r;
}
