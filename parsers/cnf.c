/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Option files: my.cnf, my.ini and other files of `[section]` and `key = value`.
 *
 * One event an option, with the fields section, key and value. The key is as the server's own
 * variable is called: lower case, `-` as `_`, no `loose_`. Comments and blank lines belong to the
 * option above them.
 */
#include <errno.h>

#include "parsers/text.h"

/* Any bytes are to be survived: a state may come from a case that somebody sent. */
typedef struct State {
        uint16_t n;
        char section[128];
} State;

static bool is_comment(LimnSlice line)
{
        return line.n == 0 || line.p[0] == '#' || line.p[0] == ';';
}

static bool starts_record(LimnSlice line)
{
        return !is_comment(limn_slice_trim(limn_text_lead(line)));
}

/* `[name]`; n 0: not a section. */
static LimnSlice section_of(LimnSlice line)
{
        size_t end;

        if (line.n < 3 || line.p[0] != '[')
                return limn_slice_to(line, 0);
        end = limn_slice_chr(line, ']');
        if (end == line.n)
                return limn_slice_to(line, 0);
        /* Behind it nothing but a comment: `[2026-03-04 05:06:07,008] INFO x` is a log's. */
        LimnSlice rest = limn_text_blanks(limn_slice_from(line, end + 1));
        if (rest.n && rest.p[0] != '#' && rest.p[0] != ';')
                return limn_slice_to(line, 0);
        return limn_slice(line.p + 1, end - 1);
}

/* In quotes, else up to a comment's `#` behind a blank. */
static LimnSlice value_of(LimnSlice s)
{
        s = limn_slice_trim(s);
        if (s.n > 1 && (s.p[0] == '"' || s.p[0] == '\'')) {
                size_t end = limn_slice_chr(limn_slice_from(s, 1), s.p[0]);
                if (end + 1 < s.n)
                        return limn_slice(s.p + 1, end);
        }
        for (size_t i = 0; i < s.n; i++)
                if (s.p[i] == '#' && (i == 0 || limn_ascii_space(s.p[i - 1])))
                        return limn_slice_trim(limn_slice_to(s, i));
        return s;
}

static LimnSlice key_of(LimnSlice s, LimnArena *arena)
{
        LimnSlice key = limn_arena_dup(arena, limn_slice_trim(s));
        char *text = (char *)key.p;

        for (size_t i = 0; key.p && i < key.n; i++)
                text[i] = text[i] == '-' ? '_' : limn_ascii_lower(text[i]);
        return limn_slice_starts(key, LIMN_S("loose_")) ? limn_slice_from(key, 6) : key;
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        State *state = parse->state;
        LimnSlice rest, line = limn_slice_trim(limn_text_first(record, &rest));
        LimnSlice section = section_of(line);
        LimnFields fields = {0};
        int r;

        ret->time = LIMN_TIME_NONE;
        ret->component = LIMN_S("cnf");
        ret->message = line;
        if (is_comment(line))
                return LIMN_PARSED;
        if (section.n) {
                state->n = (uint16_t)(section.n < sizeof state->section ? section.n
                                                                        : sizeof state->section);
                memcpy(state->section, section.p, state->n);
        }
        if (state->n > sizeof state->section)
                state->n = 0;
        section = limn_arena_dup(parse->arena, limn_slice(state->section, state->n));
        if (!section.p)
                return -ENOMEM;
        r = limn_fields_add(&fields, parse->arena, LIMN_S("section"), section);
        if (r < 0)
                return r;
        if (line.p[0] != '[' && line.p[0] != '!') {
                size_t equals = limn_slice_chr(line, '=');
                LimnSlice bare = equals < line.n ? limn_slice_to(line, equals) : value_of(line);
                LimnSlice key = key_of(bare, parse->arena);
                if (!key.p)
                        return -ENOMEM;
                r = limn_fields_add(&fields, parse->arena, LIMN_S("key"), key);
                if (r >= 0 && equals < line.n)
                        r = limn_fields_add(&fields, parse->arena, LIMN_S("value"),
                                            value_of(limn_slice_from(line, equals + 1)));
                if (r < 0)
                        return r;
        }
        limn_event_take_fields(ret, &fields);
        return LIMN_PARSED;
}

/* A section, an option, a comment or an include: nothing with blanks inside a key. */
static bool is_option(LimnSlice line)
{
        line = limn_slice_trim(line);
        if (is_comment(line) || section_of(line).n || limn_slice_starts(line, LIMN_S("!include")))
                return true;
        size_t n = 0;
        while (n < line.n && (limn_ascii_alnum(line.p[n]) || line.p[n] == '_' || line.p[n] == '-' ||
                              line.p[n] == '.'))
                n++;
        LimnSlice rest = limn_text_blanks(limn_slice_from(line, n));
        return n && limn_ascii_alpha(line.p[0]) &&
               (rest.n == 0 || rest.p[0] == '=' || rest.p[0] == '#');
}

static bool is_known_section(LimnSlice line)
{
        static const LimnSlice known[] = {
                {"mysqld", 6}, {"mariadb", 7}, {"mariadbd", 8}, {"client", 6}, {"server", 6},
                {"mysqld_safe", 11}, {"mysql", 5}, {"mysqldump", 9}, {"client-server", 13},
                {"galera", 6}, {"embedded", 8}, {"mysqladmin", 10},
        };
        LimnSlice section = section_of(limn_slice_trim(line));

        /* [mysqld-8.0], [mariadb-10.11] */
        for (size_t i = 0; i < section.n; i++)
                if (section.p[i] == '-' && limn_ascii_digit(section.p[section.n - 1]))
                        section.n = i;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
                if (limn_slice_eq(section, known[i]))
                        return true;
        return false;
}

static bool has_value(LimnSlice line)
{
        return is_option(line) && !is_comment(limn_slice_trim(line)) &&
               limn_slice_chr(line, '=') < line.n;
}

static bool is_section(LimnSlice line)
{
        return section_of(limn_slice_trim(line)).n > 0;
}

static LimnBid bid(LimnSlice head, bool whole)
{
        LimnTally options = limn_text_tally(head, is_option);
        size_t values = limn_text_tally(head, has_value).matched;
        size_t sections = limn_text_tally(head, is_section).matched;

        if (values + sections == 0 || options.matched * 10 < options.lines * 9)
                return LIMN_BID_NO;
        if (limn_text_tally(head, is_known_section).matched)
                return LIMN_BID_CERTAIN;
        return sections && values ? LIMN_BID_LIKELY : values ? LIMN_BID_MAYBE : LIMN_BID_NO;
}

const LimnFormat limn_format_cnf = {
        .name = "cnf",
        .title = "option files (my.cnf, my.ini)",
        .version = 1,
        .product = "mysql",
        .service = "snapshot",
        .bid = bid,
        .starts_record = starts_record,
        .state_size = sizeof(State),
        .parse = parse,
};
