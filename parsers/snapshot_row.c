/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/snapshot_row.h"

#include <errno.h>

#include "parsers/json_event.h"
#include "parsers/mysql_row.h"
#include "parsers/pipeline_event.h"
#include "parsers/text.h"

extern const LimnFormat limn_format_pipeline_events;

static LimnSlice value_of(const LimnFields *row, const char *name)
{
        LimnSlice wanted = limn_slice_str(name);

        for (size_t i = 0; i < row->n; i++)
                if (limn_slice_eq_nocase(row->at[i].name, wanted))
                        return row->at[i].value;
        return LIMN_NONE;
}

static bool has(const LimnFields *row, const char *name)
{
        LimnSlice wanted = limn_slice_str(name);

        for (size_t i = 0; i < row->n; i++)
                if (limn_slice_eq_nocase(row->at[i].name, wanted))
                        return true;
        return false;
}

/* Which statement the row answers, by its columns. */
static LimnSlice kind_of(const LimnFields *row)
{
        LimnSlice first = row->at[0].name;

        if (has(row, "Variable_name") && has(row, "Value")) {
                /* Both SHOW VARIABLES and SHOW STATUS; status counters are capitalised. */
                LimnSlice name = value_of(row, "Variable_name");
                return name.n && limn_ascii_upper(name.p[0]) ? LIMN_S("status")
                                                             : LIMN_S("variables");
        }
        if (has(row, "Slave_IO_State") || has(row, "Replica_IO_State"))
                return LIMN_S("replica_status");
        if (has(row, "Log_name") && (has(row, "File_size") || row->n <= 3))
                return LIMN_S("binary_logs");
        if (has(row, "File") && has(row, "Position"))
                return LIMN_S("master_status");
        if (has(row, "Command") && has(row, "User"))
                return LIMN_S("processlist");
        if (limn_slice_starts(first, LIMN_S("Grants for ")))
                return LIMN_S("grants");
        if (limn_slice_starts(first, LIMN_S("Tables_in_")))
                return LIMN_S("tables");
        if (has(row, "Field") && has(row, "Type"))
                return LIMN_S("describe");
        if (has(row, "name") && has(row, "value") && has(row, "description"))
                return LIMN_S("rds_configuration");
        if (has(row, "Create Table") || has(row, "Create View") ||
            limn_slice_starts(first, LIMN_S("CREATE USER for ")))
                return LIMN_S("create");
        if (has(row, "NOW()") || has(row, "now") || has(row, "UTC_TIMESTAMP()") ||
            has(row, "CURRENT_TIMESTAMP"))
                return LIMN_S("time");
        return limn_slice_starts(first, LIMN_S("@@")) ? LIMN_S("selected") : LIMN_S("other");
}

static int add_table(LimnFields *row, LimnArena *arena)
{
        LimnSlice database = limn_slice_from(row->at[0].name, 10); /* Tables_in_ */
        LimnSlice name = row->at[0].value;
        size_t blank = limn_slice_chr(database, ' '); /* `Tables_in_db (pattern)` */

        database.n = blank;
        if (!name.n)
                return 0;
        char *text = limn_arena_alloc(arena, database.n + 1 + name.n);
        if (!text)
                return -ENOMEM;
        memcpy(text, database.p, database.n);
        text[database.n] = '.';
        memcpy(text + database.n + 1, name.p, name.n);
        int r = limn_text_field(row, arena, LIMN_S("database"), database);
        return r < 0 ? r
                     : limn_text_field(row, arena, LIMN_S("table"),
                                       limn_slice(text, database.n + 1 + name.n));
}

/* Values joined by ` | `, line feeds as blanks. */
static int join(const LimnFields *row, LimnArena *arena, LimnSlice *ret)
{
        size_t n = 0, at = 0;

        for (size_t i = 0; i < row->n; i++)
                n += row->at[i].value.n + 7;
        char *text = limn_arena_alloc(arena, n + 1);
        if (!text)
                return -ENOMEM;
        for (size_t i = 0; i < row->n; i++) {
                LimnSlice value = row->at[i].value;
                if (i) {
                        memcpy(text + at, " | ", 3);
                        at += 3;
                }
                if (!value.p)
                        value = LIMN_S("NULL");
                for (size_t j = 0; j < value.n; j++)
                        if (value.p[j] != '\r')
                                text[at++] = value.p[j] == '\n' ? ' ' : value.p[j];
        }
        *ret = limn_slice_trim(limn_slice(text, at));
        return 0;
}

static int set_time(LimnFields *row, LimnEvent *event, const LimnParse *parse,
                    LimnSnapshotClock *clock)
{
        static const char *const nows[] = {"NOW()", "NOW(3)", "NOW(6)", "CURRENT_TIMESTAMP()",
                                           "CURRENT_TIMESTAMP", "SYSDATE()", "now"};
        static const char *const utcs[] = {"UTC_TIMESTAMP()", "UTC_TIMESTAMP(3)",
                                           "UTC_TIMESTAMP(6)", "UTC_TIMESTAMP", "utc_now"};
        LimnSlice now = LIMN_NONE, utc = LIMN_NONE;
        LimnStamp stamp;
        int r;

        for (size_t i = 0; !now.p && i < sizeof nows / sizeof *nows; i++)
                now = value_of(row, nows[i]);
        for (size_t i = 0; !utc.p && i < sizeof utcs / sizeof *utcs; i++)
                utc = value_of(row, utcs[i]);
        if (now.p && limn_stamp_iso(now, &stamp) == now.n) {
                limn_event_set_stamp(event, parse, &stamp, now);
                clock->now = event->time;
                clock->quality = event->quality;
                clock->known = event->time != LIMN_TIME_NONE;
        }
        if (!has(row, "now") && (r = limn_text_field(row, parse->arena, LIMN_S("now"), now)) < 0)
                return r;
        return has(row, "utc_now") ? 0
                                   : limn_text_field(row, parse->arena, LIMN_S("utc_now"), utc);
}

void limn_snapshot_inherit(LimnEvent *event, const LimnSnapshotClock *clock)
{
        if (event->time != LIMN_TIME_NONE || clock->known != 1)
                return;
        event->time = clock->now;
        event->time_basis = LIMN_BASIS_INHERITED;
        event->quality |= clock->quality;
}

/* A row of the event log, as a notebook prints tables. */
static int read_pipeline_event(LimnEvent *event, LimnParse *parse, LimnFields *fields)
{
        LimnSlice row = event->message;
        int r = limn_pipeline_read(event, parse, fields, false);

        if (r < 0)
                return r;
        if (!event->message.p)
                event->message = row;
        event->format = &limn_format_pipeline_events;
        return limn_json_event_end(event, parse, fields, NULL);
}

/* information_schema's and performance_schema's names of what SHOW VARIABLES shows, as that does.
 * */
static int rename_variable(LimnFields *row, LimnArena *arena)
{
        if (!has(row, "VARIABLE_NAME") || !has(row, "VARIABLE_VALUE"))
                return 0;
        for (size_t i = 0; i < row->n; i++) {
                LimnField *field = &row->at[i];
                if (limn_slice_eq_nocase(field->name, LIMN_S("VARIABLE_VALUE")))
                        field->name = LIMN_S("Value");
                if (!limn_slice_eq_nocase(field->name, LIMN_S("VARIABLE_NAME")))
                        continue;
                field->name = LIMN_S("Variable_name");
                bool upper = field->value.n > 0;
                for (size_t k = 0; k < field->value.n; k++)
                        upper &= field->value.p[k] < 'a' || field->value.p[k] > 'z';
                char *text = upper ? limn_arena_alloc(arena, field->value.n) : NULL;
                if (upper && !text)
                        return -ENOMEM;
                for (size_t k = 0; upper && k < field->value.n; k++)
                        text[k] = limn_ascii_lower(field->value.p[k]);
                if (upper)
                        field->value = limn_slice(text, field->value.n);
        }
        return 0;
}

/* SELECT @@log_bin, @@global.port: the names alone, too, as SHOW VARIABLES has them. */
static int add_selected(LimnFields *row, LimnArena *arena)
{
        size_t n = row->n;

        for (size_t i = 0; i < n; i++) {
                LimnSlice name = row->at[i].name, value = row->at[i].value;
                size_t dot = limn_slice_chr(name, '.');
                if (!limn_slice_starts(name, LIMN_S("@@")))
                        continue;
                name = limn_slice_from(name, dot < name.n ? dot + 1 : 2);
                if (!name.n)
                        continue;
                name = limn_arena_dup(arena, name);
                if (!name.p)
                        return -ENOMEM;
                for (size_t k = 0; k < name.n; k++)
                        ((char *)name.p)[k] = limn_ascii_lower(name.p[k]);
                int r = limn_text_field(row, arena, name, value);
                if (r < 0)
                        return r;
        }
        return 0;
}

int limn_snapshot_row(LimnEvent *event, LimnParse *parse, LimnFields *fields,
                      LimnSnapshotClock *clock)
{
        int r = rename_variable(fields, parse->arena);

        if (r >= 0)
                r = join(fields, parse->arena, &event->message);
        if (r < 0)
                return r;
        if (has(fields, "event_type") && (has(fields, "timestamp") || has(fields, "event_time")) &&
            (has(fields, "message") || has(fields, "error_message")))
                return read_pipeline_event(event, parse, fields);
        event->component = kind_of(fields);
        if (limn_slice_eq(event->component, LIMN_S("tables"))) {
                r = add_table(fields, parse->arena);
        } else if (limn_slice_eq(event->component, LIMN_S("selected"))) {
                r = add_selected(fields, parse->arena);
        } else if (limn_slice_eq(event->component, LIMN_S("grants"))) {
                LimnSlice grant = fields->at[0].value;
                r = limn_text_field(fields, parse->arena, LIMN_S("grantee"),
                                    limn_slice_from(fields->at[0].name, 11));
                if (r >= 0)
                        r = limn_text_field(fields, parse->arena, LIMN_S("grant"), grant);
        }
        if (r >= 0)
                r = set_time(fields, event, parse, clock);
        if (r < 0)
                return r;
        limn_mysql_row_read(event, parse, fields);
        limn_snapshot_inherit(event, clock);
        limn_event_take_fields(event, fields);
        return LIMN_PARSED;
}
