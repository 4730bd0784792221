/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * JSON documents: reading whole small ones (a manifest, `rules match` input) as a tree, through
 * jansson. Depth and size are limited, duplicate keys refused. Writing is core/json_write.h.
 */
#include <jansson.h>

#include "core/diag.h"

/* -EINVAL with a message (where: `name`:line:column), -ENOMEM. The caller json_decref()s. */
int limn_json_load(json_t **ret, LimnSlice text, const char *name, LimnDiag *diag);
/* The same, where strings may hold NUL: read them with json_string_length(). */
int limn_json_load_nul(json_t **ret, LimnSlice text, const char *name, LimnDiag *diag);
