/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Term: is one thing that a diagnosis document asks for met, not met, or not observable, and by
 * which hits. Private to diagnosis.
 */
#include "rules/diagnose.h"
#include "rules/names.h"

/* One piece that meets a term. Everything lives in the observer's arena. */
typedef struct LimnRow {
        LimnTime start, end; /* NONE: no time */
        int64_t hit;         /* hit_id, 0: none */
        int64_t instance;    /* of the hit, 0: none */
        LimnSlice value;     /* of an SQL term; p NULL: none */
        const LimnField *fields; /* of the hit */
        size_t n_fields;
        bool ambiguous; /* of an episode that the clocks could change */
} LimnRow;

typedef struct LimnRows {
        LimnRow *at;
        size_t n, cap;
        bool ambiguous;    /* met, but not without episodes that the clocks could change */
        bool unobservable; /* an SQL term said so, or nothing that was needed covered the window */
} LimnRows;

void limn_rows_done(LimnRows *rows);

/* What a term is asked about. start NONE: no window, everything. */
typedef struct LimnScope {
        LimnTime start, end;
        int64_t instance;
        const LimnEntity *entities;
        size_t n_entities;
} LimnScope;

typedef struct LimnObserver {
        const LimnQuery *query;
        LimnArena *arena;
        LimnDiag *diag;
        LimnNames met; /* rules that the case has a hit or an episode of; the others are not asked
                        * for: compiling a query over the views costs more than all of this */
} LimnObserver;

/* Fills observer->met. 0 or negative. */
int limn_observer_begin(LimnObserver *observer);
void limn_observer_done(LimnObserver *observer);

/*
 * Fills `rows` (sorted by start, hit) with what meets the term within the scope; those of
 * ambiguous episodes stand last. A term is met when rows->n >= term->at_least; a met absence is one
 * row without a hit. 0 or negative.
 */
int limn_term_observe(const LimnObserver *observer, const LimnTerm *term, const LimnScope *scope,
                      LimnRows *rows);

/* The values of an entity in a scope; NULL when it has none. */
const LimnEntity *limn_scope_entity(const LimnScope *scope, LimnSlice name);

/* The term's sentence for a row; {n}, {value} and entities of the scope are known beside the
 * hit's fields; what is missing is shown as "?". */
int limn_term_sentence(const LimnTerm *term, const LimnRow *row, size_t n, const LimnScope *scope,
                       LimnBuf *out);
