/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/term.h"

#include <errno.h>
#include <stdio.h>

#include "core/json_scan.h"
#include "core/limits.h"
#include "core/vec.h"

void limn_rows_done(LimnRows *rows)
{
        free(rows->at);
        *rows = (LimnRows){0};
}

const LimnEntity *limn_scope_entity(const LimnScope *scope, LimnSlice name)
{
        for (size_t i = 0; i < scope->n_entities; i++)
                if (limn_slice_eq(scope->entities[i].name, name))
                        return &scope->entities[i];
        return NULL;
}

/* -- reading rows ------------------------------------------------------------------------- */

typedef struct Reader {
        const LimnObserver *observer;
        const LimnTerm *term;
        const LimnScope *scope;
        LimnRows *rows;
} Reader;

static LimnTime time_of(const LimnValue *v)
{
        if (v->type == LIMN_VALUE_INT)
                return v->i;
        return v->type == LIMN_VALUE_REAL ? (LimnTime)v->d : LIMN_TIME_NONE;
}

static int text_of(LimnArena *arena, const LimnValue *v, LimnSlice *ret)
{
        char number[64];
        LimnSlice text = v->s;
        switch (v->type) {
        case LIMN_VALUE_NULL:
                *ret = LIMN_NONE;
                return 0;
        case LIMN_VALUE_INT:
                snprintf(number, sizeof number, "%lld", (long long)v->i);
                text = limn_slice_str(number);
                break;
        case LIMN_VALUE_REAL:
                snprintf(number, sizeof number, "%.2f", v->d);
                text = limn_slice_str(number);
                break;
        case LIMN_VALUE_TEXT:
                break;
        }
        *ret = limn_arena_dup(arena, text);
        return ret->p ? 0 : -ENOMEM;
}

/* A hit's JSON fields, copied into the arena. */
static int fields_of(LimnArena *arena, LimnSlice json, LimnRow *row)
{
        LimnSlice text = limn_arena_dup(arena, json);
        if (!text.p)
                return -ENOMEM;
        LimnFields fields = {0};
        LimnJsonError error;
        size_t used;
        int r = limn_json_flatten(text, LIMN_S(""), arena, &fields, &used, &error);
        if (r < 0)
                return r;
        /* An empty object comes as one field without a name. */
        if (fields.n == 1 && fields.at[0].name.n == 0)
                fields.n = 0;
        row->fields = fields.at;
        row->n_fields = fields.n;
        return 0;
}

static bool agrees(const LimnTerm *term, const LimnScope *scope, const LimnRow *row)
{
        for (size_t i = 0; i < term->n_same; i++) {
                const LimnEntity *entity = limn_scope_entity(scope, term->same[i]);
                if (!entity)
                        continue;
                bool found = false, has = false;
                for (size_t f = 0; f < row->n_fields; f++) {
                        if (!limn_slice_eq(row->fields[f].name, term->same[i]))
                                continue;
                        has = true;
                        for (size_t v = 0; v < entity->n && !found; v++)
                                found = limn_slice_eq_nocase(entity->values[v],
                                                             row->fields[f].value);
                }
                if (has && !found)
                        return false;
        }
        return true;
}

static int push(LimnRows *rows, LimnRow row)
{
        int r = limn_vec_room(rows);
        if (r < 0)
                return r;
        rows->at[rows->n++] = row;
        return 0;
}

/* Columns: start, end, hit_id, value, instance_id, fields, ambiguous where there is one. */
static int read_hit_row(void *arg, const LimnValue *v, size_t n)
{
        Reader *reader = arg;
        LimnArena *arena = reader->observer->arena;
        LimnRow row = {.start = time_of(&v[0]), .end = time_of(&v[1])};
        if (v[2].type == LIMN_VALUE_INT)
                row.hit = v[2].i;
        if (v[4].type == LIMN_VALUE_INT)
                row.instance = v[4].i;
        row.ambiguous = n > 6 && v[6].type == LIMN_VALUE_INT && v[6].i;
        int r = text_of(arena, &v[3], &row.value);
        if (r >= 0 && v[5].type == LIMN_VALUE_TEXT)
                r = fields_of(arena, v[5].s, &row);
        if (r < 0)
                return r;
        if (!agrees(reader->term, reader->scope, &row))
                return 0;
        return push(reader->rows, row);
}

/* -- parameters --------------------------------------------------------------------------- */

/* Every entity of design.md section 5 is a parameter (:table), its first value or NULL. */
static const char *const entity_params[] = {
        ":host", ":ip", ":port", ":user", ":database", ":table", ":binlog_file", ":binlog_pos",
        ":gtid", ":connection_id", ":server_id", ":server_uuid", ":pipeline", ":pipeline_id",
        ":update_id", ":gateway", ":error_class",
};
enum { N_ENTITY_PARAMS = sizeof entity_params / sizeof *entity_params, N_FIXED = 5 };

static LimnValue time_value(LimnTime t)
{
        return t == LIMN_TIME_NONE ? (LimnValue){.type = LIMN_VALUE_NULL} : LIMN_VALUE_OF_INT(t);
}

static size_t fill_params(const LimnTerm *term, const LimnScope *scope,
                          LimnParam params[N_FIXED + N_ENTITY_PARAMS])
{
        LimnTime from = scope->start, to = scope->end;
        if (from != LIMN_TIME_NONE)
                from = term->before == LIMN_TIME_NONE ? LIMN_TIME_NONE : from - term->before;
        if (to != LIMN_TIME_NONE)
                to = term->after == LIMN_TIME_NONE ? LIMN_TIME_NONE : to + term->after;
        size_t n = 0;
        params[n++] = (LimnParam){":start", time_value(scope->start)};
        params[n++] = (LimnParam){":end", time_value(scope->end)};
        params[n++] = (LimnParam){":from", time_value(from)};
        params[n++] = (LimnParam){":to", time_value(to)};
        params[n++] =
                (LimnParam){":instance", scope->instance ? LIMN_VALUE_OF_INT(scope->instance)
                                                         : (LimnValue){.type = LIMN_VALUE_NULL}};
        for (size_t i = 0; i < N_ENTITY_PARAMS; i++) {
                const LimnEntity *entity =
                        limn_scope_entity(scope, limn_slice_str(entity_params[i] + 1));
                params[n++] =
                        (LimnParam){entity_params[i],
                                    entity && entity->n ? LIMN_VALUE_OF_TEXT(entity->values[0])
                                                        : (LimnValue){.type = LIMN_VALUE_NULL}};
        }
        return n;
}

/* `('a', 'b')`, quoted for SQL. */
static int name_list(LimnBuf *sql, const LimnSlice *names, size_t n)
{
        limn_buf_add_char(sql, '(');
        for (size_t i = 0; i < n; i++) {
                limn_buf_add_str(sql, i ? ", '" : "'");
                for (size_t k = 0; k < names[i].n; k++) {
                        if (names[i].p[k] == '\'')
                                limn_buf_add_char(sql, '\'');
                        limn_buf_add_char(sql, names[i].p[k]);
                }
                limn_buf_add_char(sql, '\'');
        }
        return limn_buf_add_char(sql, ')');
}

#define IN_WINDOW(first, last)                                                                   \
        " AND (:from IS NULL OR " last " >= :from) AND (:to IS NULL OR " first " <= :to)"

static int run(const LimnObserver *o, const LimnTerm *term, const LimnScope *scope, LimnRows *rows,
               const char *sql, LimnRowFn fn)
{
        LimnParam params[N_FIXED + N_ENTITY_PARAMS];
        size_t n = fill_params(term, scope, params);
        Reader reader = {o, term, scope, rows};
        return o->query->run(o->query->ctx, sql, params, n, fn, &reader, o->diag);
}

static int add_met(void *arg, const LimnValue *v, size_t n)
{
        LimnObserver *o = arg;
        if (limn_names_find(&o->met, v[0].s))
                return 0;
        LimnSlice name = limn_arena_dup(o->arena, v[0].s);
        return name.p ? limn_names_add(&o->met, (LimnName){.name = name}) : -ENOMEM;
}

int limn_observer_begin(LimnObserver *o)
{
        static const char sql[] =
                "SELECT name FROM rule r"
                " WHERE EXISTS (SELECT 1 FROM hit h WHERE h.rule_id = r.rule_id)"
                " OR EXISTS (SELECT 1 FROM episode e WHERE e.rule_id = r.rule_id)";
        return o->query->run(o->query->ctx, sql, NULL, 0, add_met, o, o->diag);
}

void limn_observer_done(LimnObserver *o)
{
        limn_names_done(&o->met);
}

static bool any_met(const LimnObserver *o, const LimnTerm *term)
{
        for (size_t i = 0; i < term->n_names; i++)
                if (limn_names_find(&o->met, term->names[i]))
                        return true;
        return false;
}

static int observe_rule(const LimnObserver *o, const LimnTerm *term, const LimnScope *scope,
                        LimnRows *rows)
{
        LimnBuf sql = LIMN_BUF(LIMN_RULE_FILE_MAX);
        limn_buf_add_str(&sql, "SELECT t, t, hit_id, NULL, instance_id, fields FROM v_hit"
                               " WHERE rule IN ");
        name_list(&sql, term->names, term->n_names);
        limn_buf_add_str(&sql, IN_WINDOW("t", "t") " ORDER BY t, sha256, offset, rule");
        int r = sql.error ? sql.error : run(o, term, scope, rows, limn_buf_str(&sql), read_hit_row);
        limn_buf_done(&sql);
        return r;
}

/* An episode is cited by each of its hits; the row of its first hit carries its span. */
static int observe_episode(const LimnObserver *o, const LimnTerm *term, const LimnScope *scope,
                           LimnRows *rows)
{
        LimnBuf sql = LIMN_BUF(LIMN_RULE_FILE_MAX);
        limn_buf_add_str(&sql, "SELECT e.first, e.last, h.hit_id, NULL, h.instance_id, h.fields,"
                               " e.ambiguous FROM v_episode e JOIN episode_hit eh USING (episode_id)"
                               " JOIN v_hit h USING (hit_id) WHERE e.rule IN ");
        name_list(&sql, term->names, term->n_names);
        limn_buf_add_str(&sql, IN_WINDOW("e.first", "e.last"));
        limn_buf_add_str(&sql, " ORDER BY e.ambiguous, e.first, h.t, h.sha256, h.offset");
        int r = sql.error ? sql.error : run(o, term, scope, rows, limn_buf_str(&sql), read_hit_row);
        limn_buf_done(&sql);
        return r;
}

/* Columns of the document's own SQL: start, end, event, value. */
static int read_sql_row(void *arg, const LimnValue *v, size_t n)
{
        Reader *reader = arg;
        if (n < 4) {
                limn_diag_addf(reader->observer->diag,
                               &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                              .help = "SELECT start, end, event, value ..."},
                               "the SQL of term %.*s gives %zu columns",
                               LIMN_FMT(reader->term->name), n);
                return -EINVAL;
        }
        if (v[2].type == LIMN_VALUE_NULL && v[3].type == LIMN_VALUE_NULL) {
                reader->rows->unobservable = true;
                return 0;
        }
        LimnRow row = {.start = time_of(&v[0]), .end = time_of(&v[1])};
        if (v[2].type == LIMN_VALUE_INT)
                row.hit = v[2].i;
        int r = text_of(reader->observer->arena, &v[3], &row.value);
        return r < 0 ? r : push(reader->rows, row);
}

static int add_fields(void *arg, const LimnValue *v, size_t n)
{
        Reader *reader = arg;
        LimnRow *row = &reader->rows->at[0];
        if (v[0].type == LIMN_VALUE_INT)
                row->instance = v[0].i;
        return v[1].type == LIMN_VALUE_TEXT ? fields_of(reader->observer->arena, v[1].s, row) : 0;
}

static int observe_sql(const LimnObserver *o, const LimnTerm *term, const LimnScope *scope,
                       LimnRows *rows)
{
        int r = run(o, term, scope, rows, term->sql.p, read_sql_row);
        for (size_t i = 0; i < rows->n && r >= 0; i++) {
                if (!rows->at[i].hit)
                        continue;
                LimnRows one = {.at = &rows->at[i], .n = 1};
                Reader reader = {o, term, scope, &one};
                LimnParam param = {":hit", LIMN_VALUE_OF_INT(rows->at[i].hit)};
                r = o->query->run(o->query->ctx,
                                  "SELECT instance_id, fields FROM v_hit WHERE hit_id = :hit",
                                  &param, 1, add_fields, &reader, o->diag);
        }
        return r;
}

/* -- coverage ----------------------------------------------------------------------------- */

static int found(void *arg, const LimnValue *v, size_t n)
{
        *(bool *)arg = true;
        return 0;
}

/* Did a log of one of the formats (also within a wrapper), of the source side, cover all of the
 * scope, as far as clocks can be compared? The window's margins are not asked for: a log rarely
 * covers an hour before the first trouble. */
static int covered(const LimnObserver *o, const LimnTerm *term, const LimnScope *scope, bool *ret)
{
        *ret = false;
        LimnBuf sql = LIMN_BUF(LIMN_RULE_FILE_MAX);
        limn_buf_add_str(&sql, "SELECT 1 FROM v_coverage WHERE coalesce(role, 'unknown')"
                               " NOT IN ('replica', 'target')"
                               " AND substr(format, instr(format, '+') + 1) IN ");
        name_list(&sql, term->needs, term->n_needs);
        limn_buf_add_str(&sql,
                         " AND (:start IS NULL OR (start <= :start + min(uncertainty, 60000000)"
                         " AND \"end\" >= :end - min(uncertainty, 60000000))) LIMIT 1");
        LimnParam params[N_FIXED + N_ENTITY_PARAMS];
        size_t n = fill_params(term, scope, params);
        int r = sql.error ? sql.error
                          : o->query->run(o->query->ctx, limn_buf_str(&sql), params, n, found, ret,
                                          o->diag);
        limn_buf_done(&sql);
        return r;
}

int limn_term_observe(const LimnObserver *o, const LimnTerm *term, const LimnScope *scope,
                      LimnRows *rows)
{
        int r = 0;
        if (term->kind == LIMN_TERM_SQL)
                r = observe_sql(o, term, scope, rows);
        else if (any_met(o, term))
                r = term->kind == LIMN_TERM_EPISODE ? observe_episode(o, term, scope, rows)
                                                    : observe_rule(o, term, scope, rows);
        if (r < 0)
                return r;
        bool met = rows->n >= term->at_least, enough = true;
        size_t sure = 0;
        while (sure < rows->n && !rows->at[sure].ambiguous)
                sure++;
        rows->ambiguous = met && sure < term->at_least;
        if (!met && term->n_needs) {
                r = covered(o, term, scope, &enough);
                if (r < 0)
                        return r;
                rows->unobservable |= !enough;
        }
        if (term->kind != LIMN_TERM_ABSENCE) {
                if (!met)
                        rows->n = 0;
                return 0;
        }
        rows->n = 0;
        if (met || !enough)
                return 0;
        return push(rows, (LimnRow){.start = scope->start, .end = scope->end});
}

/* -- sentences ---------------------------------------------------------------------------- */

static LimnSlice lookup(const LimnRow *row, const LimnScope *scope, LimnSlice name)
{
        if (limn_slice_eq(name, LIMN_S("value")) && row->value.p)
                return row->value;
        for (size_t i = 0; i < row->n_fields; i++)
                if (limn_slice_eq(row->fields[i].name, name))
                        return row->fields[i].value;
        const LimnEntity *entity = limn_scope_entity(scope, name);
        return entity && entity->n ? entity->values[0] : LIMN_S("?");
}

int limn_term_sentence(const LimnTerm *term, const LimnRow *row, size_t n, const LimnScope *scope,
                       LimnBuf *out)
{
        for (size_t i = 0; i < term->text.n; i++) {
                const struct LimnTemplatePart *part = &term->text.parts[i];
                if (part->literal.n)
                        limn_buf_add(out, part->literal);
                if (!part->name.p)
                        continue;
                if (limn_slice_eq(part->name, LIMN_S("n")))
                        limn_buf_printf(out, "%zu", n);
                else
                        limn_buf_add(out, lookup(row, scope, part->name));
        }
        return out->error;
}
