/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The view's SQL, private to reports/view*.c. Each part needs those before it. */
#include "reports/view.h"

int limn_view_load_sources(LimnView *view, const LimnReportInput *input, LimnDiag *diag);
int limn_view_load_findings(LimnView *view, const LimnReportInput *input, LimnDiag *diag);
int limn_view_load_rest(LimnView *view, const LimnReportInput *input, LimnDiag *diag);

/* What a row callback gets: rows are collected in `rows`, a vec of its own type. */
typedef struct LimnViewRows {
        LimnView *view;
        const LimnReportInput *input;
        void *at;
        size_t n, cap;
} LimnViewRows;

/* Runs the statement and moves the rows collected into the arena. */
int limn_view_rows(LimnView *view, const LimnReportInput *input, const char *sql,
                   const LimnParam *params, size_t n_params, LimnRowFn fn, size_t row_size,
                   const void **ret, size_t *ret_n, LimnDiag *diag);
/* A zeroed row at the end, or NULL. */
void *limn_view_row(LimnViewRows *rows, size_t row_size);

/* With its slash; into `first`. Empty when they share none. */
LimnSlice limn_view_common_folder(LimnSlice first, LimnSlice last);
/* Index of a source by its id, or -1. */
int64_t limn_view_source_index(const LimnView *view, int64_t source_id);

static inline LimnSlice limn_value_text(const LimnValue *v)
{
        return v->type == LIMN_VALUE_TEXT ? v->s : LIMN_NONE;
}

static inline int64_t limn_value_int(const LimnValue *v, int64_t otherwise)
{
        return v->type == LIMN_VALUE_INT    ? v->i
               : v->type == LIMN_VALUE_REAL ? (int64_t)v->d
                                            : otherwise;
}

static inline double limn_value_real(const LimnValue *v)
{
        return v->type == LIMN_VALUE_REAL ? v->d : v->type == LIMN_VALUE_INT ? (double)v->i : 0;
}

static inline LimnTime limn_value_time(const LimnValue *v)
{
        return limn_value_int(v, LIMN_TIME_NONE);
}
