/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "core/hash.h"
#include "core/limits.h"
#include "core/vec.h"
#include "rules/condition.h"
#include "rules/extract.h"
#include "rules/loading.h"
#include "rules/meaning.h"
#include "rules/prefilter.h"
#include "rules/repeat.h"
#include "rules/try.h"

static int detection_load(LimnRules *rules, const LimnYamlFile *file, const LimnYaml *doc,
                          LimnDiag *diag)
{
        LimnDetection d = {.path = file->path, .file = file, .document = doc};
        LimnHead head = {0};
        LimnLogsource logsource = {.node = NULL};
        int result = 0;
        TRY(limn_head_load(&head, rules, file, doc, diag));
        d.id = head.id;
        d.name = head.name;
        d.title = head.title;
        d.level = head.level;
        TRY(limn_logsource_load(&logsource, file, doc, "rule", diag));
        d.category = logsource.category;
        d.product = logsource.product;
        d.service = logsource.service;
        TRY(limn_condition_load(&d.condition, rules, file, limn_yaml_get(doc, "detection"), diag));
        TRY(limn_meaning_load(&d, rules, limn_yaml_get(doc, "limn"), diag));
        if (result < 0) {
                TRY(limn_loading_fail(rules, head.name));
                TRY(limn_loading_fail(rules, head.id));
                return result;
        }
        if (rules->loading->detections.n >= LIMN_RULES_MAX)
                return limn_yaml_error(file, doc, diag, NULL, "more than %d rules", LIMN_RULES_MAX);
        if (limn_vec_room(&rules->loading->detections) < 0)
                return -ENOMEM;
        rules->loading->detections.at[rules->loading->detections.n++] = d;
        return 0;
}

/* Is `key` a slip of the pen for `want`: one letter wrong, lacking, or too many, twice at most? */
static bool similar(LimnSlice key, LimnSlice want)
{
        size_t row[32];
        if (key.n >= 32 || want.n >= 32)
                return false;
        for (size_t j = 0; j <= want.n; j++)
                row[j] = j;
        for (size_t i = 1; i <= key.n; i++) {
                size_t diagonal = row[0];
                row[0] = i;
                for (size_t j = 1; j <= want.n; j++) {
                        size_t cost = diagonal + (key.p[i - 1] != want.p[j - 1]);
                        diagonal = row[j];
                        if (row[j] + 1 < cost)
                                cost = row[j] + 1;
                        if (row[j - 1] + 1 < cost)
                                cost = row[j - 1] + 1;
                        row[j] = cost;
                }
        }
        return row[want.n] <= 2;
}

static int unknown_document(const LimnYamlFile *file, const LimnYaml *doc, LimnDiag *diag)
{
        for (const LimnYaml *entry = doc->child; entry; entry = entry->next)
                if (similar(entry->key, LIMN_S("detection")))
                        return limn_yaml_error(file, entry, diag, "did you mean `detection`?",
                                               "rule has no detection");
        return limn_yaml_error(file, doc, diag,
                               "a rule has a key `detection`, `correlation`, `filter` or `finding`",
                               "rule has no detection");
}

static int document_load(LimnRules *rules, const LimnYamlFile *file, const LimnYaml *doc,
                         LimnDiag *diag)
{
        if (doc->type != LIMN_YAML_MAP)
                return limn_yaml_error(file, doc, diag, "it begins with `title: ...`",
                                       "a rule is a map");
        const LimnYaml *detection = limn_yaml_get(doc, "detection");
        for (size_t i = 0; limn_kinds[i]; i++) {
                const LimnYaml *other = limn_yaml_get(doc, limn_kinds[i]->key);
                if (!other)
                        continue;
                if (detection)
                        return limn_yaml_error(file, other, diag, "make it two documents (---)",
                                               "a document is a detection or a %s, not both",
                                               limn_kinds[i]->name);
                return limn_kinds[i]->load(rules, file, doc, rules->arena, diag);
        }
        return detection ? detection_load(rules, file, doc, diag)
                         : unknown_document(file, doc, diag);
}

static int text_load(LimnRules *rules, const LimnRuleText *text, LimnDiag *diag)
{
        LimnYamlFile *file = limn_arena_new_of(rules->arena, LimnYamlFile, 1);
        char *path = limn_arena_str(rules->arena, limn_slice_str(text->path));
        if (!file || !path)
                return -ENOMEM;
        if (text->text.n > LIMN_RULE_FILE_MAX) {
                LimnMessage message = {.severity = LIMN_DIAG_ERROR, .where = path};
                limn_diag_addf(diag, &message, "rule file is larger than %d bytes",
                               LIMN_RULE_FILE_MAX);
                return -EINVAL;
        }
        int result = text->tree.p ? limn_yaml_thaw(file, path, text->text, text->tree, rules->arena)
                                  : limn_yaml_parse(file, path, text->text, rules->arena, diag);
        if (result < 0)
                return result;
        for (size_t i = 0; i < file->n; i++)
                TRY(document_load(rules, file, file->documents[i], diag));
        return result;
}

static int by_name(const void *a, const void *b)
{
        const LimnDetection *x = a, *y = b;
        return limn_slice_cmp(x->name, y->name);
}

static int by_id(const void *a, const void *b, void *arg)
{
        const LimnDetection *at = arg;
        return limn_slice_cmp(at[*(const uint32_t *)a].id, at[*(const uint32_t *)b].id);
}

static int sort_detections(LimnRules *rules)
{
        struct LimnLoading *loading = rules->loading;
        size_t n = loading->detections.n;
        if (n == 0)
                return 0;
        qsort(loading->detections.at, n, sizeof *loading->detections.at, by_name);
        loading->by_id = reallocarray(NULL, n, sizeof *loading->by_id);
        if (!loading->by_id)
                return -ENOMEM;
        for (size_t i = 0; i < n; i++) {
                loading->detections.at[i].index = (uint32_t)i;
                if (loading->detections.at[i].id.p)
                        loading->by_id[loading->n_by_id++] = (uint32_t)i;
        }
        qsort_r(loading->by_id, loading->n_by_id, sizeof *loading->by_id, by_id,
                loading->detections.at);
        rules->detections = loading->detections.at;
        rules->n_detections = n;
        return 0;
}

static int by_path(const void *a, const void *b)
{
        const LimnRuleText *x = *(const LimnRuleText *const *)a;
        const LimnRuleText *y = *(const LimnRuleText *const *)b;
        int c = strcmp(x->path, y->path);
        return c ? c : limn_slice_cmp(x->text, y->text);
}

/* Where the files lie does not count, so that a copy of the pack has the same hash. */
static int hash_texts(LimnRules *rules, const LimnRuleText **sorted, size_t n)
{
        LimnSha256 *sha = limn_sha256_new();
        int r = sha ? 0 : -ENOMEM;
        for (size_t i = 0; i < n && r == 0; i++) {
                char hex[LIMN_SHA256_HEX];
                r = limn_sha256_of(sorted[i]->text, hex);
                if (r == 0)
                        r = limn_sha256_add(sha, limn_slice_str(hex));
        }
        if (r == 0)
                r = limn_sha256_hex(sha, rules->hash);
        limn_sha256_free(sha);
        return r;
}

static int load(LimnRules *rules, const LimnRuleText **sorted, size_t n, LimnDiag *diag)
{
        int result = hash_texts(rules, sorted, n);
        if (result < 0)
                return result;
        for (size_t i = 0; i < n; i++)
                TRY(text_load(rules, sorted[i], diag));
        TRY(sort_detections(rules));
        for (size_t i = 0; limn_kinds[i]; i++)
                if (limn_kinds[i]->link)
                        TRY(limn_kinds[i]->link(rules, rules->arena, diag));
        TRY(limn_repeat_link(rules, diag));
        if (result < 0)
                return result;
        for (size_t i = 0; i < rules->n_detections; i++)
                TRY(limn_extraction_finish(&rules->loading->detections.at[i], rules->arena));
        return limn_prefilter_new(&rules->prefilter, rules);
}

int limn_rules_load(LimnRules **ret, const LimnRuleText *texts, size_t n, LimnDiag *diag)
{
        LimnRules *rules = calloc(1, sizeof *rules);
        const LimnRuleText **sorted = reallocarray(NULL, n + 1, sizeof *sorted);
        int r = -ENOMEM;
        if (rules && sorted) {
                rules->arena = limn_arena_new(LIMN_RULES_ARENA_MAX);
                rules->loading = calloc(1, sizeof *rules->loading);
                for (size_t i = 0; i < n; i++)
                        sorted[i] = &texts[i];
                qsort(sorted, n, sizeof *sorted, by_path);
                if (rules->arena && rules->loading)
                        r = load(rules, sorted, n, diag);
        }
        free(sorted);
        if (r < 0) {
                limn_rules_free(rules);
                return r;
        }
        *ret = rules;
        return 0;
}

LimnRules *limn_rules_free(LimnRules *rules)
{
        if (!rules)
                return NULL;
        limn_prefilter_free(rules->prefilter);
        if (rules->loading)
                limn_loading_done(rules->loading);
        free(rules->loading);
        limn_arena_free(rules->arena);
        free(rules);
        return NULL;
}

const LimnDetection *limn_rules_detection(const LimnRules *rules, LimnSlice name_or_id)
{
        size_t low = 0, high = rules->n_detections;
        while (low < high) {
                size_t middle = low + (high - low) / 2;
                int c = limn_slice_cmp(name_or_id, rules->detections[middle].name);
                if (c == 0)
                        return &rules->detections[middle];
                if (c < 0)
                        high = middle;
                else
                        low = middle + 1;
        }
        low = 0;
        high = rules->loading->n_by_id;
        while (low < high) {
                size_t middle = low + (high - low) / 2;
                const LimnDetection *d = &rules->detections[rules->loading->by_id[middle]];
                int c = limn_slice_cmp(name_or_id, d->id);
                if (c == 0)
                        return d;
                if (c < 0)
                        high = middle;
                else
                        low = middle + 1;
        }
        return NULL;
}
