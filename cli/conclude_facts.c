/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/conclude_private.h"
#include "cli/value.h"
#include "core/limits.h"

/* False: a name in it has no value. */
static bool expand(const LimnTemplate *t, const LimnHit *hit, LimnBuf *out)
{
        limn_buf_clear(out);
        return limn_template_expand(t, hit->fields, hit->n_fields, out) && out->error == 0;
}

static int put_facts(LimnCase *c, const LimnMeaning *meaning, const LimnHit *hit, LimnBuf *key,
                     LimnBuf *value, LimnDiag *diag)
{
        for (size_t i = 0; i < meaning->n_facts; i++) {
                if (!expand(&meaning->facts[i].key, hit, key) ||
                    !expand(&meaning->facts[i].value, hit, value))
                        continue;
                for (size_t k = 0; k < key->n; k++) /* MySQL's variable names fold case */
                        key->p[k] = key->p[k] >= 'A' && key->p[k] <= 'Z' ? (char)(key->p[k] | 0x20)
                                                                         : key->p[k];
                const LimnValue row[] = {limn_value_id(hit->instance),
                                         LIMN_VALUE_OF_TEXT(limn_buf_slice(key)),
                                         LIMN_VALUE_OF_TEXT(limn_buf_slice(value)),
                                         limn_value_time(hit->time), LIMN_VALUE_OF_INT(hit->id)};
                int r = limn_case_insert(c, "fact", "instance_id, key, value, time, hit_id", row, 5,
                                         NULL, diag);
                if (r < 0)
                        return r;
        }
        return 0;
}

static int put_anchors(LimnCase *c, const LimnTimeline *t, const LimnMeaning *meaning,
                       const LimnHit *hit, LimnBuf *key, LimnDiag *diag)
{
        for (size_t i = 0; i < meaning->n_anchors && hit->time != LIMN_TIME_NONE; i++) {
                if (!expand(&meaning->anchors[i].key, hit, key))
                        continue;
                const LimnValue row[] = {
                        LIMN_VALUE_OF_TEXT(meaning->anchors[i].name),
                        LIMN_VALUE_OF_TEXT(limn_buf_slice(key)), LIMN_VALUE_OF_INT(hit->source_id),
                        LIMN_VALUE_OF_INT(hit->id),
                        LIMN_VALUE_OF_INT(hit->time - t->clocks[hit->source].correction)};
                int r = limn_case_insert(c, "anchor", "name, key, source_id, hit_id, time", row, 5,
                                         NULL, diag);
                if (r < 0)
                        return r;
        }
        return 0;
}

/* The sentence is the rule's own; where it lacks a value, its title. */
static int put_action(LimnCase *c, const LimnDetection *rule, const LimnHit *hit, LimnBuf *sentence,
                      LimnDiag *diag)
{
        if (!rule->meaning.action.p)
                return 0;
        bool whole = rule->meaning.explain.n && expand(&rule->meaning.explain, hit, sentence);
        const LimnValue row[] = {
                limn_value_id(hit->instance), LIMN_VALUE_OF_TEXT(rule->meaning.action),
                LIMN_VALUE_OF_TEXT(whole ? limn_buf_slice(sentence) : rule->title),
                limn_value_time(hit->time), LIMN_VALUE_OF_INT(hit->id)};
        return limn_case_insert(c, "action", "instance_id, action, sentence, time, hit_id", row, 5,
                                NULL, diag);
}

int limn_conclude_facts(LimnCase *c, const LimnTimeline *t, const LimnRules *rules, LimnDiag *diag)
{
        LimnBuf key = LIMN_BUF(LIMN_RULE_FILE_MAX), value = LIMN_BUF(LIMN_RULE_FILE_MAX);
        int r = 0;
        for (size_t i = 0; i < t->n_hits && r >= 0; i++) {
                const LimnDetection *rule = &rules->detections[t->hits[i].rule];
                const LimnMeaning *meaning = &rule->meaning;
                r = put_facts(c, meaning, &t->hits[i], &key, &value, diag);
                if (r >= 0)
                        r = put_anchors(c, t, meaning, &t->hits[i], &key, diag);
                if (r >= 0)
                        r = put_action(c, rule, &t->hits[i], &value, diag);
        }
        limn_buf_done(&key);
        limn_buf_done(&value);
        return r;
}
