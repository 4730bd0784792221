/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Is a document what a JSON Schema says? As much of the specification as our own schemas use: type,
 * const, enum, pattern, minimum, maximum, required, properties, additionalProperties, items, anyOf
 * and $ref into $defs. Another keyword that constrains is refused, never passed over.
 */
#include "core/buf.h"
#include "core/json.h"

enum { LIMN_SCHEMA_BAD = 1 }; /* `why` says where and in what */
/* 0, LIMN_SCHEMA_BAD, -EINVAL when the schema is at fault, -ENOMEM. */
int limn_schema_check(const json_t *schema, const json_t *document, LimnBuf *why, LimnDiag *diag);
