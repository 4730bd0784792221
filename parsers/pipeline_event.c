/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/pipeline_event.h"

#include <errno.h>

#include "core/json_scan.h"
#include "parsers/json_event.h"
#include "parsers/text.h"

typedef enum Role {
        TIME, LEVEL, MESSAGE, TYPE, PIPELINE, PIPELINE_ID, UPDATE_ID, FLOW, CLUSTER, STATE, CAUSE,
        ERROR_TEXT, NESTED, _ROLES,
} Role;

static const struct {
        LimnSlice name;
        Role role;
        const char *adds; /* the field that the value is added as; NULL: none */
} names[] = {
#define NAME(role, text, adds) {{text, sizeof(text) - 1}, role, adds}
        NAME(TIME, "timestamp", NULL), NAME(TIME, "event_time", NULL),
        NAME(TIME, "period_end_time", NULL), NAME(TIME, "period_start_time", NULL),
        NAME(LEVEL, "level", NULL),
        NAME(MESSAGE, "message", NULL),
        NAME(TYPE, "event_type", NULL),
        NAME(PIPELINE, "origin.pipeline_name", "pipeline"),
        NAME(PIPELINE, "pipeline_name", "pipeline"),
        NAME(PIPELINE_ID, "pipeline_id", NULL),
        NAME(PIPELINE_ID, "origin.pipeline_id", "pipeline_id"),
        NAME(UPDATE_ID, "update_id", NULL),
        NAME(UPDATE_ID, "origin.update_id", "update_id"),
        NAME(FLOW, "flow_name", NULL),
        NAME(FLOW, "origin.flow_name", "flow_name"),
        NAME(CLUSTER, "cluster_id", NULL),
        NAME(CLUSTER, "origin.cluster_id", "cluster_id"),
        NAME(STATE, "details.update_progress.state", "state"),
        NAME(STATE, "details.flow_progress.status", "state"),
        NAME(STATE, "details.operation_progress.status", "state"),
        NAME(STATE, "result_state", "state"),
        NAME(CAUSE, "details.create_update.cause", "cause"),
        NAME(ERROR_TEXT, "error_message", NULL),
        NAME(ERROR_TEXT, "error", NULL),
        NAME(ERROR_TEXT, "error.message", NULL),
        NAME(NESTED, "details", "details."),
        NAME(NESTED, "origin", "origin."),
        NAME(NESTED, "sequence", "sequence."),
        NAME(NESTED, "truncation", "truncation."),
        NAME(NESTED, "details.stream_progress.progress_json", "details.stream_progress.progress."),
#undef NAME
};

enum { N_NAMES = sizeof names / sizeof *names };

typedef struct Found {
        LimnSlice value[_ROLES];
        size_t best[_ROLES]; /* index into names; N_NAMES: not found */
        bool exceptions;     /* there is an error with exceptions */
} Found;

static bool is_exception(LimnSlice name, const char *member)
{
        if (!limn_slice_starts(name, LIMN_S("error.exceptions.")))
                return false;
        name = limn_slice_from(name, 17);
        size_t n = limn_text_digits(name);
        return n && n < name.n && name.p[n] == '.' &&
               limn_slice_eq(limn_slice_from(name, n + 1), limn_slice_str(member));
}

/* A string that holds JSON is read in place of itself. 0 or -ENOMEM. */
static int expand(LimnFields *fields, size_t i, const char *prefix, LimnArena *arena)
{
        LimnSlice text = limn_slice_trim(fields->at[i].value);
        LimnJsonError error;
        size_t used, n = fields->n;
        int r;

        if (text.n < 2 || text.p[0] != '{')
                return 0;
        if (limn_slice_eq(text, LIMN_S("{}")))
                return 0;
        r = limn_json_flatten(text, limn_slice_str(prefix), arena, fields, &used, &error);
        if (r < 0)
                return r;
        if (r == 0)
                fields->at[i].name = LIMN_NONE;
        else
                fields->n = n; /* not JSON after all: the string stays as it is */
        return 0;
}

/* A bit by which most names that are none of ours are told apart. */
static uint64_t bit_of(LimnSlice name)
{
        if (name.n == 0)
                return 0;
        return UINT64_C(1) << ((name.n * 5 + (unsigned char)name.p[0] +
                                7u * (unsigned char)name.p[name.n - 1]) & 63);
}

/* Which part an event's field plays; expands what is JSON in a string. */
static int look(LimnFields *fields, LimnArena *arena, Found *found)
{
        uint64_t ours = 0;

        for (size_t role = 0; role < _ROLES; role++)
                found->best[role] = N_NAMES;
        for (size_t j = 0; j < N_NAMES; j++)
                ours |= bit_of(names[j].name);
        /* Expanding appends, and what it appends is looked at in its turn. */
        for (size_t i = 0; i < fields->n; i++) {
                LimnSlice name = fields->at[i].name;
                for (size_t j = ours & bit_of(name) ? 0 : N_NAMES; j < N_NAMES; j++) {
                        if (name.n != names[j].name.n ||
                            memcmp(name.p, names[j].name.p, name.n) != 0)
                                continue;
                        Role role = names[j].role;
                        int r = 0;
                        if (role == NESTED)
                                r = expand(fields, i, names[j].adds, arena);
                        else if (role == ERROR_TEXT)
                                r = expand(fields, i, "error.", arena);
                        if (r < 0)
                                return r;
                        if (j < found->best[role] && fields->at[i].name.p &&
                            fields->at[i].value.n) {
                                found->best[role] = j;
                                found->value[role] = fields->at[i].value;
                        }
                        break;
                }
                if (name.n > 17 && name.p[6] == 'e')
                        found->exceptions |= is_exception(name, "message");
        }
        return 0;
}

/* The exceptions' messages joined, into the arena. */
static int join_messages(const LimnFields *fields, LimnArena *arena, LimnSlice *ret)
{
        size_t n = 0, at = 0;

        for (size_t i = 0; i < fields->n; i++)
                if (is_exception(fields->at[i].name, "message"))
                        n += fields->at[i].value.n + 3;
        char *text = limn_arena_alloc(arena, n);
        if (!text)
                return -ENOMEM;
        for (size_t i = 0; i < fields->n; i++) {
                LimnSlice value = fields->at[i].value;
                if (!is_exception(fields->at[i].name, "message") || !value.n)
                        continue;
                if (at) {
                        memcpy(text + at, " | ", 3);
                        at += 3;
                }
                memcpy(text + at, value.p, value.n);
                at += value.n;
        }
        *ret = limn_slice(text, at);
        return 0;
}

static bool is_class_char(char c)
{
        return limn_ascii_upper(c) || limn_ascii_digit(c) || c == '_';
}

static size_t class_word(LimnSlice s, size_t i, bool *ret_underscore)
{
        size_t n = 0;

        while (i + n < s.n && is_class_char(s.p[i + n])) {
                *ret_underscore |= s.p[i + n] == '_';
                n++;
        }
        return n;
}

/*
 * The first error class in a text: CLASS_NAME or CLASS_NAME.SUB_CLASS, in capitals with an
 * underscore. `[CLASS]` is how the product prints them, so that is asked for first; a name in
 * quotes or with a dot, slash or dash before it is a table's or a file's.
 */
static LimnSlice class_in(LimnSlice s, bool in_brackets)
{
        for (size_t i = 0; i < s.n; i++) {
                char before = i ? s.p[i - 1] : ' ';
                bool underscore = false, unused = false;
                if (!limn_ascii_upper(s.p[i]))
                        continue;
                size_t n = class_word(s, i, &underscore);
                size_t end = i + n;
                bool whole = end == s.n || !limn_ascii_alnum(s.p[end]);
                bool begins = !limn_ascii_alnum(before) && before != '_' &&
                              strchr("'`\"./-@", before) == NULL;
                if (n > 3 && underscore && whole && begins && (before == '[') >= in_brackets) {
                        if (end + 1 < s.n && s.p[end] == '.' && limn_ascii_upper(s.p[end + 1])) {
                                size_t sub = class_word(s, end + 1, &unused);
                                size_t stop = end + 1 + sub;
                                if (sub > 2 && (stop == s.n || !limn_ascii_alnum(s.p[stop])))
                                        end = stop;
                        }
                        return limn_slice(s.p + i, end - i);
                }
                i += n ? n - 1 : 0;
        }
        return LIMN_NONE;
}

static LimnSlice find_class(const LimnEvent *event, const LimnFields *fields, const Found *found)
{
        LimnSlice class;

        for (int brackets = 1; brackets >= 0; brackets--) {
                for (size_t i = 0; found->exceptions && i < fields->n; i++) {
                        LimnSlice name = fields->at[i].name;
                        if (!is_exception(name, "message") && !is_exception(name, "class_name"))
                                continue;
                        class = class_in(fields->at[i].value, brackets);
                        if (class.p)
                                return class;
                }
                class = class_in(found->value[ERROR_TEXT], brackets);
                if (class.p)
                        return class;
                /* States and causes are in capitals too: outside brackets only errors count. */
                if (brackets || event->level >= LIMN_LEVEL_ERROR) {
                        class = class_in(event->message, brackets);
                        if (class.p)
                                return class;
                }
        }
        return LIMN_NONE;
}

static int add_common(LimnEvent *event, LimnFields *fields, LimnArena *arena, Found *found)
{
        LimnSlice text = found->value[ERROR_TEXT];
        int r;

        for (size_t role = PIPELINE; role <= CAUSE; role++) {
                size_t j = found->best[role];
                if (j == N_NAMES || !names[j].adds)
                        continue;
                r = limn_fields_add(fields, arena, limn_slice_str(names[j].adds),
                                    found->value[role]);
                if (r < 0)
                        return r;
        }
        if (found->exceptions) {
                r = join_messages(fields, arena, &text);
                if (r < 0)
                        return r;
        }
        r = limn_text_field(fields, arena, LIMN_S("error_text"), text);
        if (r < 0)
                return r;
        event->code = find_class(event, fields, found);
        return limn_text_field(fields, arena, LIMN_S("error_class"), event->code);
}

/* The word behind the last ` is ` or ` has `, in capitals: RUNNING, FAILED. */
static LimnSlice state_in(LimnSlice message)
{
        LimnSlice state = LIMN_NONE;

        for (size_t i = 0; i + 4 < message.n; i++) {
                LimnSlice rest = limn_slice_from(message, i);
                size_t n = limn_slice_starts(rest, LIMN_S(" is "))    ? 4
                           : limn_slice_starts(rest, LIMN_S(" has ")) ? 5
                           : limn_slice_starts(rest, LIMN_S(" been ")) ? 6
                                                                       : 0;
                if (n == 0)
                        continue;
                rest = limn_slice_from(rest, n);
                for (n = 0; n < rest.n && (limn_ascii_upper(rest.p[n]) || rest.p[n] == '_'); n++)
                        ;
                if (n > 3)
                        state = limn_slice_to(rest, n);
        }
        return state;
}

/* What stands behind `before`, up to the first of `ends`. */
static LimnSlice between(LimnSlice s, LimnSlice before, const char *ends)
{
        size_t at = limn_slice_find(s, before), n = 0;

        if (at == s.n)
                return LIMN_NONE;
        s = limn_slice_from(s, at + before.n);
        while (n < s.n && !strchr(ends, s.p[n]))
                n++;
        return n ? limn_slice_to(s, n) : LIMN_NONE;
}

/* `Flow NAME is ...`, not `Flow failed`. */
static bool is_sentence(LimnSlice message)
{
        static const LimnSlice verbs[] = {{"is ", 3}, {"has ", 4}, {"defined ", 8}};
        LimnSlice rest = limn_slice_from(message, 5);

        rest = limn_slice_from(rest, limn_slice_chr(rest, ' ') + 1);
        for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
                if (limn_slice_starts(rest, verbs[i]))
                        return true;
        return false;
}

LimnPipelineSaid limn_pipeline_said(LimnSlice component, LimnSlice message)
{
        LimnPipelineSaid said = {0};

        if (limn_slice_eq(component, LIMN_S("create_update")))
                said.cause = between(message, LIMN_S(" started by "), " .");
        else if (limn_slice_eq(component, LIMN_S("update_progress")) ||
                 limn_slice_eq(component, LIMN_S("flow_progress")))
                said.state = state_in(message);
        if (limn_slice_starts(message, LIMN_S("Update ")))
                said.update_id = between(message, LIMN_S("Update "), " .'");
        if (limn_slice_starts(message, LIMN_S("Flow '")))
                said.flow_name = between(message, LIMN_S("Flow '"), "'");
        else if (limn_slice_starts(message, LIMN_S("Flow ")) && is_sentence(message))
                said.flow_name = between(message, LIMN_S("Flow "), " '");
        return said;
}

/* What no member says but the message does: exports without details. */
static int add_said(const LimnEvent *event, LimnFields *fields, LimnArena *arena,
                    const Found *found)
{
        LimnPipelineSaid said = limn_pipeline_said(event->component, event->message);
        const struct {
                Role role;
                LimnSlice name, value;
        } rows[] = {
                {UPDATE_ID, LIMN_S("update_id"), said.update_id},
                {FLOW, LIMN_S("flow_name"), said.flow_name},
                {STATE, LIMN_S("state"), said.state},
                {CAUSE, LIMN_S("cause"), said.cause},
        };

        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                int r = found->best[rows[i].role] == N_NAMES
                                ? limn_text_field(fields, arena, rows[i].name, rows[i].value)
                                : 0;
                if (r < 0)
                        return r;
        }
        return 0;
}

int limn_pipeline_read(LimnEvent *event, LimnParse *parse, LimnFields *fields, bool broken)
{
        Found found = {0};
        int r = look(fields, parse->arena, &found);

        if (r < 0)
                return r;
        if (!found.value[TIME].p && !found.value[TYPE].p && !found.value[MESSAGE].p &&
            !(broken && fields->n))
                return LIMN_PARSE_PLAIN;
        limn_json_event_time(event, parse, found.value[TIME]);
        event->level_raw = found.value[LEVEL];
        event->level = limn_level_from_word(found.value[LEVEL]);
        event->component = found.value[TYPE];
        if (found.value[MESSAGE].p)
                event->message = found.value[MESSAGE];
        r = add_common(event, fields, parse->arena, &found);
        if (r >= 0)
                r = add_said(event, fields, parse->arena, &found);
        if (r < 0)
                return r;
        /* What the event has under the same name is read from there alone. */
        for (size_t i = 0; i < fields->n; i++) {
                LimnSlice name = fields->at[i].name;
                if (limn_slice_eq(name, LIMN_S("message")) || limn_slice_eq(name, LIMN_S("level")))
                        fields->at[i].name = LIMN_NONE;
        }
        return LIMN_PARSED;
}

LimnSlice limn_pipeline_class(LimnSlice text, bool error)
{
        LimnSlice class = class_in(text, true);

        return class.p || !error ? class : class_in(text, false);
}
