/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/snapshot_lines.h"

#include "parsers/text.h"

size_t limn_client_count_tabs(LimnSlice line)
{
        size_t n = 0;

        for (size_t i = limn_slice_chr(line, '\t'); i < line.n;) {
                LimnSlice rest = limn_slice_from(line, i + 1);
                n++;
                i += 1 + limn_slice_chr(rest, '\t');
        }
        return n;
}

bool limn_client_is_border(LimnSlice line)
{
        line = limn_text_blanks(limn_text_chomp(line));
        char corner = line.n && line.p[0] == '|' ? '|' : '+'; /* Markdown's, or the clients' */
        size_t dashes = 0;

        if (line.n < 3 || line.p[0] != corner || line.p[line.n - 1] != corner)
                return false;
        for (size_t i = 1; i < line.n; i++) {
                dashes += line.p[i] == '-';
                if (line.p[i] != '-' && line.p[i] != corner &&
                    (corner == '+' || (line.p[i] != ' ' && line.p[i] != ':')))
                        return false;
        }
        return dashes > 0;
}

bool limn_client_is_row_mark(LimnSlice line)
{
        size_t stars = 0, n;

        line = limn_text_chomp(line);
        while (stars < line.n && line.p[stars] == '*')
                stars++;
        if (stars < 3 || stars == line.n || line.p[stars] != ' ')
                return false;
        line = limn_slice_from(line, stars + 1);
        n = limn_text_digits(line);
        return n && limn_slice_starts(limn_slice_from(line, n), LIMN_S(". row **"));
}

bool limn_client_is_dashes(LimnSlice line)
{
        line = limn_text_chomp(line);
        for (size_t i = 0; i < line.n; i++)
                if (line.p[i] != '-')
                        return false;
        return line.n >= 10;
}

size_t limn_client_prompt(LimnSlice line)
{
        static const LimnSlice shells[] = {{"$ mysql", 7}, {"$ mariadb", 9}, {"# mysql", 7},
                                           {"# mariadb", 9}};
        size_t at;

        size_t blanks = line.n - limn_text_blanks(line).n;
        if (limn_slice_starts(limn_slice_from(line, blanks), LIMN_S("mysql>")))
                return blanks + 6;
        if (limn_slice_starts(line, LIMN_S("MariaDB [")) ||
            limn_slice_starts(line, LIMN_S("MySQL ["))) {
                at = limn_slice_find(line, LIMN_S("]>"));
                return at < line.n ? at + 2 : 0;
        }
        if (limn_slice_starts(limn_text_blanks(line), LIMN_S("MySQL "))) {
                at = limn_slice_find(line, LIMN_S(" SQL >"));
                return at < line.n ? at + 6 : 0;
        }
        for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
                at = limn_slice_find(limn_slice_to(line, 80), shells[i]);
                if (at < limn_slice_to(line, 80).n && (at == 0 || shells[i].p[0] == '$' ||
                                                       line.p[0] == '[' || line.p[0] == 'r'))
                        return at + 2;
        }
        return 0;
}

static bool is_known(LimnSlice first, LimnSlice second)
{
        /* The first column's name and the second's, which may be anything when empty. */
        static const struct {
                LimnSlice first, second;
        } known[] = {
                {{"Variable_name", 13}, {"Value", 5}},
                {{"VARIABLE_NAME", 13}, {"VARIABLE_VALUE", 14}},
                {{"Log_name", 8}, {"", 0}},
                {{"File", 4}, {"Position", 8}},
                {{"Id", 2}, {"User", 4}},
                {{"ID", 2}, {"USER", 4}},
                {{"Field", 5}, {"Type", 4}},
                {{"Table", 5}, {"", 0}},
                {{"Database", 8}, {"", 0}},
                {{"Slave_IO_State", 14}, {"", 0}},
                {{"Replica_IO_State", 16}, {"", 0}},
                {{"Server_id", 9}, {"", 0}},
                {{"Server_Id", 9}, {"", 0}},
                {{"NOW()", 5}, {"", 0}},
                {{"now()", 5}, {"", 0}},
                {{"UTC_TIMESTAMP()", 15}, {"", 0}},
                {{"VERSION()", 9}, {"", 0}},
                {{"Engine", 6}, {"Support", 7}},
                {{"Level", 5}, {"Code", 4}},
                {{"Name", 4}, {"Engine", 6}},
                {{"User", 4}, {"Host", 4}},
                {{"user", 4}, {"host", 4}},
                {{"Host", 4}, {"User", 4}},
                {{"host", 4}, {"user", 4}},
                {{"TABLE_SCHEMA", 12}, {"", 0}},
                {{"name", 4}, {"value", 5}},
        };
        if (limn_slice_starts(first, LIMN_S("Grants for ")) ||
            limn_slice_starts(first, LIMN_S("CREATE USER for ")) ||
            limn_slice_starts(first, LIMN_S("Tables_in_")))
                return true;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
                if (limn_slice_eq(first, known[i].first) &&
                    (known[i].second.n == 0 || limn_slice_eq(second, known[i].second)))
                        return true;
        return false;
}

bool limn_client_known_header(LimnSlice line)
{
        line = limn_text_chomp(line);
        size_t tab = limn_slice_chr(line, '\t');
        LimnSlice first = limn_slice_to(line, tab), rest = limn_slice_from(line, tab + 1);

        return is_known(first, limn_slice_to(rest, limn_slice_chr(rest, '\t')));
}

bool limn_client_bar_header(LimnSlice line)
{
        line = limn_text_blanks(limn_text_chomp(line));
        if (line.n < 4 || line.p[0] != '|')
                return false;
        line = limn_slice_from(line, 1);
        size_t bar = limn_slice_chr(line, '|');
        LimnSlice rest = limn_slice_from(line, bar + 1);
        return is_known(limn_slice_trim(limn_slice_to(line, bar)),
                        limn_slice_trim(limn_slice_to(rest, limn_slice_chr(rest, '|'))));
}

char limn_client_csv_separator(char kept)
{
        return kept == ';' ? ';' : ',';
}

LimnSlice limn_client_csv_name(LimnSlice *line)
{
        bool quoted = line->n > 1 && (line->p[0] == '"' || line->p[0] == '`');
        size_t n = 0;

        if (quoted)
                n = 2 + limn_slice_chr(limn_slice_from(*line, 1), line->p[0]);
        while (n < line->n && line->p[n] != ',' && line->p[n] != ';')
                n++;
        LimnSlice name = limn_slice_trim(limn_slice_to(*line, n));
        *line = limn_slice_from(*line, n + 1);
        if (quoted && name.n > 1 && name.p[name.n - 1] == name.p[0])
                name = limn_slice(name.p + 1, name.n - 2);
        return name;
}

char limn_client_csv_header(LimnSlice line)
{
        LimnSlice rest = line = limn_text_chomp(limn_text_lead(line));
        LimnSlice first = limn_client_csv_name(&rest);
        bool alone = rest.n == 0, quoted = line.n && line.p[0] == '"';
        char separator = alone ? ',' : rest.p[-1];

        if (line.n > 4096 || (alone && !quoted) || limn_slice_chr(line, '\t') < line.n ||
            limn_slice_chr(line, '|') < line.n)
                return 0;
        if (!is_known(first, limn_client_csv_name(&rest)))
                return 0;
        while (rest.n) {
                LimnSlice name = limn_client_csv_name(&rest);
                if (name.n == 0 || !(limn_ascii_alpha(name.p[0]) || name.p[0] == '_'))
                        return 0;
        }
        return separator;
}

/* Separators outside quotes, and whether a quoted cell is left open. */
static size_t csv_cells(LimnSlice line, char separator, bool open, bool *ret_open)
{
        size_t n = 1;

        for (size_t i = 0; i < line.n; i++) {
                open ^= line.p[i] == '"';
                n += !open && line.p[i] == separator;
        }
        *ret_open = open;
        return n;
}

/* A line within CSV, or its header. False: it is neither, and CSV has ended. */
static bool csv_line(LimnSlice line, LimnClientState *state, LimnClientLine *ret)
{
        char separator = limn_client_csv_separator((char)state->separator);
        bool open;

        if (state->mode == LIMN_CLIENT_CSV && state->open == 1) {
                csv_cells(line, separator, true, &open);
                state->open = open;
                *ret = LIMN_CLIENT_LINE_MORE;
                return true;
        }
        char header = limn_client_csv_header(line);
        if (header) {
                state->separator = (uint8_t)header;
                state->open = 0;
                size_t n = csv_cells(line, header, false, &open);
                state->columns = (uint16_t)(n < UINT16_MAX ? n : UINT16_MAX);
                state->mode = LIMN_CLIENT_CSV;
                *ret = LIMN_CLIENT_LINE_HEADER;
                return true;
        }
        if (state->mode != LIMN_CLIENT_CSV)
                return false;
        size_t n = csv_cells(line, separator, false, &open);
        if (n != state->columns && !(open && n < state->columns))
                return false;
        state->open = open;
        *ret = LIMN_CLIENT_LINE_ROW;
        return true;
}

/* Cells that may be names of columns: none empty, none a number, NULL, a path or a date. */
static bool may_be_header(LimnSlice line)
{
        for (;;) {
                size_t tab = limn_slice_chr(line, '\t');
                LimnSlice cell = limn_slice_to(line, tab);
                if (cell.n == 0 || limn_slice_eq(cell, LIMN_S("NULL")) ||
                    !(limn_ascii_alpha(cell.p[0]) || cell.p[0] == '@' || cell.p[0] == '_'))
                        return false;
                if (tab == line.n)
                        return true;
                line = limn_slice_from(line, tab + 1);
        }
}

bool limn_client_is_footer(LimnSlice line)
{
        size_t n = limn_text_digits(line);
        LimnSlice rest = limn_slice_from(line, n);

        if (n && (limn_slice_starts(rest, LIMN_S(" row in set")) ||
                  limn_slice_starts(rest, LIMN_S(" rows in set"))))
                return true;
        return limn_slice_starts(line, LIMN_S("Empty set")) ||
               limn_slice_starts(line, LIMN_S("Query OK,")) ||
               limn_slice_starts(limn_text_blanks(line), LIMN_S("-> "));
}

static LimnClientLine set(LimnClientState *state, LimnClientMode mode, LimnClientLine line)
{
        state->mode = (uint8_t)mode;
        return line;
}

static LimnClientLine tabbed(LimnSlice line, LimnClientState *state)
{
        size_t columns = limn_client_count_tabs(line) + 1;
        bool known = limn_client_known_header(line);
        bool inside = state->mode == LIMN_CLIENT_TABS;

        if (columns == 1 && !known)
                return inside && state->columns == 1
                               ? LIMN_CLIENT_LINE_ROW
                               : set(state, LIMN_CLIENT_NONE,
                                     line.p[0] == ' ' || line.p[0] == ')' ? LIMN_CLIENT_LINE_MORE
                                                                          : LIMN_CLIENT_LINE_TEXT);
        if (columns > UINT16_MAX)
                columns = UINT16_MAX;
        if (known || !inside || (columns != state->columns && may_be_header(line))) {
                state->columns = (uint16_t)columns;
                return set(state, LIMN_CLIENT_TABS, LIMN_CLIENT_LINE_HEADER);
        }
        return LIMN_CLIENT_LINE_ROW;
}

/* A table that was pasted as a block of code: what stands before its bars and corners is none of
 * it. */
static LimnSlice not_indented(LimnSlice line)
{
        LimnSlice bare = limn_text_blanks(line), whole = limn_text_chomp(bare);

        return bare.n < line.n && whole.n > 2 &&
                               (limn_client_is_border(whole) ||
                                (whole.p[0] == '|' && whole.p[whole.n - 1] == '|'))
                       ? bare
                       : line;
}

LimnClientLine limn_client_line(LimnSlice rest, LimnClientState *state)
{
        LimnClientMode mode = (LimnClientMode)state->mode;
        LimnSlice line;

        LimnClientLine csv;

        limn_slice_line(&rest, &line);
        line = limn_text_lead(line);
        if (limn_slice_trim(line).n == 0)
                return set(state,
                           mode == LIMN_CLIENT_TABS ||
                                           (mode == LIMN_CLIENT_CSV && state->open != 1)
                                   ? LIMN_CLIENT_NONE
                                   : mode,
                           LIMN_CLIENT_LINE_BLANK);
        if (mode == LIMN_CLIENT_ECHO)
                return set(state, limn_client_is_dashes(line) ? LIMN_CLIENT_NONE : mode,
                           LIMN_CLIENT_LINE_MORE);
        if (mode == LIMN_CLIENT_CSV || mode == LIMN_CLIENT_NONE || mode == LIMN_CLIENT_TABS) {
                if (csv_line(line, state, &csv))
                        return csv;
                if (mode == LIMN_CLIENT_CSV)
                        state->mode = mode = LIMN_CLIENT_NONE;
        }
        line = not_indented(line);
        switch (line.p[0]) {
        case '+':
                if (!limn_client_is_border(line))
                        break;
                if (mode == LIMN_CLIENT_HEAD)
                        return set(state, LIMN_CLIENT_TABLE, LIMN_CLIENT_LINE_MORE);
                if (mode == LIMN_CLIENT_TABLE)
                        return set(state, LIMN_CLIENT_NONE, LIMN_CLIENT_LINE_MORE);
                return set(state, LIMN_CLIENT_OPEN, LIMN_CLIENT_LINE_BORDER);
        case '|':
                if (mode == LIMN_CLIENT_OPEN)
                        return set(state, LIMN_CLIENT_HEAD, LIMN_CLIENT_LINE_HEADER);
                if (limn_client_is_border(line))
                        return set(state, LIMN_CLIENT_TABLE, LIMN_CLIENT_LINE_MORE);
                if (rest.n) {
                        LimnSlice below;
                        limn_slice_line(&rest, &below);
                        below = limn_text_blanks(below);
                        /* Markdown's tables end with their last row, unmarked. */
                        if (limn_client_is_border(below) &&
                            (mode != LIMN_CLIENT_TABLE || below.p[0] == '|'))
                                return set(state, LIMN_CLIENT_HEAD, LIMN_CLIENT_LINE_HEADER);
                }
                return set(state, LIMN_CLIENT_TABLE, LIMN_CLIENT_LINE_ROW);
        case '-':
                if (limn_client_is_dashes(line) && mode != LIMN_CLIENT_TABLE)
                        return set(state, LIMN_CLIENT_ECHO, LIMN_CLIENT_LINE_TEXT);
                if (line.n > 3 && line.p[1] == '-' && line.p[2] == ' ')
                        return set(state, LIMN_CLIENT_NONE, LIMN_CLIENT_LINE_TEXT);
                break;
        case '*':
                if (limn_client_is_row_mark(line))
                        return set(state, LIMN_CLIENT_VERTICAL, LIMN_CLIENT_LINE_ROW);
                break;
        }
        if (limn_slice_starts(line, LIMN_S("ERROR ")) ||
            limn_slice_starts(line, LIMN_S("ERROR: ")) || limn_client_prompt(line))
                return set(state, LIMN_CLIENT_NONE, LIMN_CLIENT_LINE_TEXT);
        if (limn_client_is_footer(line))
                return set(state, LIMN_CLIENT_NONE, LIMN_CLIENT_LINE_MORE);
        if (mode == LIMN_CLIENT_OPEN || mode == LIMN_CLIENT_HEAD || mode == LIMN_CLIENT_TABLE)
                return LIMN_CLIENT_LINE_MORE;
        if (mode == LIMN_CLIENT_VERTICAL && !limn_client_known_header(line))
                return LIMN_CLIENT_LINE_MORE;
        return tabbed(line, state);
}

size_t limn_client_frame(LimnSlice bytes, bool last, void *opaque)
{
        LimnClientState state = *(LimnClientState *)opaque;
        bool said = false;     /* a line that is not blank was seen */
        bool complete = false; /* a row or a text was */

        for (size_t pos = 0; pos < bytes.n;) {
                LimnSlice rest = limn_slice_from(bytes, pos);
                size_t line = limn_slice_chr(rest, '\n') + 1;
                /* The next line is looked at below a row: it must be there. */
                bool whole = line <= rest.n &&
                             limn_slice_chr(limn_slice_from(rest, line), '\n') + line < rest.n;
                if (!whole && !last)
                        return 0;
                LimnClientState before = state;
                LimnClientLine kind = limn_client_line(rest, &state);
                bool begins = kind != LIMN_CLIENT_LINE_MORE && kind != LIMN_CLIENT_LINE_BLANK;
                /* A header waits for its first row, but not for another header. */
                if (said && begins && (complete || kind != LIMN_CLIENT_LINE_ROW) &&
                    !(kind == LIMN_CLIENT_LINE_HEADER && before.mode == LIMN_CLIENT_OPEN)) {
                        *(LimnClientState *)opaque = before;
                        return pos;
                }
                said |= kind != LIMN_CLIENT_LINE_BLANK;
                complete |= kind == LIMN_CLIENT_LINE_ROW || kind == LIMN_CLIENT_LINE_TEXT;
                pos += line < rest.n ? line : rest.n;
        }
        if (last)
                *(LimnClientState *)opaque = state;
        return last ? bytes.n : 0;
}
