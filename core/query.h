/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Query: read-only SQL over the case's documented views, as a function pointer, so that rules/
 * needs no database header. db/ implements it; cli/ hands it down.
 */
#include <stdint.h>

#include "core/diag.h"
#include "core/slice.h"

typedef enum LimnValueType {
        LIMN_VALUE_NULL,
        LIMN_VALUE_INT,
        LIMN_VALUE_REAL,
        LIMN_VALUE_TEXT,
} LimnValueType;

typedef struct LimnValue {
        LimnValueType type;
        int64_t i;
        double d;
        LimnSlice s;
} LimnValue;

#define LIMN_VALUE_OF_INT(v) ((LimnValue){.type = LIMN_VALUE_INT, .i = (v)})
#define LIMN_VALUE_OF_TEXT(v) ((LimnValue){.type = LIMN_VALUE_TEXT, .s = (v)})

/* A parameter is bound by name (":start"); names the statement does not use are ignored. */
typedef struct LimnParam {
        const char *name;
        LimnValue value;
} LimnParam;

/* One row; values die when the callback returns. Non-zero stops and is returned by the query. */
typedef int (*LimnRowFn)(void *arg, const LimnValue *values, size_t n);

typedef struct LimnQuery {
        void *ctx;
        /* 0, what the row callback returned, or negative with a message (-EINVAL: bad SQL). */
        int (*run)(void *ctx, const char *sql, const LimnParam *params, size_t n_params,
                   LimnRowFn row, void *arg, LimnDiag *diag);
} LimnQuery;
