/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/conclude_private.h"
#include "cli/value.h"
#include "rules/twins.h"

static int put_instance(LimnCase *c, const LimnTimeline *t, size_t i, LimnDiag *diag)
{
        const LimnInstance *instance = &t->instances->at[i];
        const LimnValue row[] = {
                LIMN_VALUE_OF_INT((int64_t)i + 1), LIMN_VALUE_OF_TEXT(instance->kind),
                LIMN_VALUE_OF_TEXT(instance->name), LIMN_VALUE_OF_TEXT(instance->role)};
        int r = limn_case_insert(c, "instance", "instance_id, kind, name, role", row, 4, NULL,
                                 diag);
        for (size_t k = 0; k < instance->n_keys && r >= 0; k++) {
                const LimnInstanceHas *has = &instance->keys[k];
                const LimnValue key[] = {LIMN_VALUE_OF_INT((int64_t)i + 1),
                                         LIMN_VALUE_OF_TEXT(has->key),
                                         LIMN_VALUE_OF_TEXT(has->value),
                                         LIMN_VALUE_OF_INT(t->sources[has->source].id)};
                r = limn_case_insert(c, "instance_key", "instance_id, key, value, source_id", key,
                                     4, NULL, diag);
        }
        return r;
}

static int put_source(LimnCase *c, const LimnTimeline *t, size_t i, LimnDiag *diag)
{
        uint32_t twin = t->twin_of[i];
        const LimnClock *clock = &t->clocks[i];
        const LimnValue of[] = {LIMN_VALUE_OF_INT(t->sources[i].id),
                                LIMN_VALUE_OF_INT(t->instances->of_source[i]),
                                limn_value_id(twin == LIMN_TWIN_NONE ? 0 : t->sources[twin].id)};
        int r = limn_case_insert(c, "source_instance", "source_id, instance_id, twin_of", of, 3,
                                 NULL, diag);
        if (r < 0)
                return r;
        bool has_reference = clock->reference != LIMN_CLOCK_NO_SOURCE;
        const LimnValue row[] = {
                LIMN_VALUE_OF_INT(t->sources[i].id),
                LIMN_VALUE_OF_INT(clock->zone_offset),
                LIMN_VALUE_OF_TEXT(limn_slice_str(limn_clock_basis_to_string(clock->basis))),
                LIMN_VALUE_OF_INT(clock->skew),
                LIMN_VALUE_OF_INT(clock->moved),
                LIMN_VALUE_OF_INT(clock->correction),
                LIMN_VALUE_OF_INT(clock->uncertainty),
                LIMN_VALUE_OF_INT((int64_t)clock->anchors),
                has_reference ? LIMN_VALUE_OF_TEXT(t->sources[clock->reference].path)
                              : (LimnValue){.type = LIMN_VALUE_NULL},
        };
        return limn_case_insert(c, "clock",
                                "source_id, zone_offset, zone_basis, skew, moved, correction,"
                                " uncertainty, anchors, reference",
                                row, 9, NULL, diag);
}

int limn_conclude_instances(LimnCase *c, const LimnTimeline *t, LimnDiag *diag)
{
        int r = 0;
        for (size_t i = 0; i < t->instances->n && r >= 0; i++)
                r = put_instance(c, t, i, diag);
        for (size_t i = 0; i < t->n_sources && r >= 0; i++)
                if (!t->sources[i].part)
                        r = put_source(c, t, i, diag);
        return r;
}
