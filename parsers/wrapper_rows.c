/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of performance_schema.error_log (8.0.22 on), as tables, batch output or CSV of SELECT *: the
 * server's error log with its parts in columns. A row becomes the line that it was.
 *
 *   | 2026-11-22 07:24:01.123456 | 8 | Note | MY-010462 | Repl | message |
 *   2026-11-22 07:24:01.123456<TAB>8<TAB>Note<TAB>MY-010462<TAB>Repl<TAB>message
 */
#include "parsers/text.h"
#include "parsers/wrapper.h"

static bool put(LimnRoom *room, LimnSlice s)
{
        if (s.n > room->cap - room->n)
                return false;
        memcpy(room->p + room->n, s.p, s.n);
        room->n += s.n;
        return true;
}

/* Takes a cell off the row; quotes and the blanks of tables go. */
static LimnSlice take_cell(LimnSlice *rest, char separator)
{
        size_t n = limn_slice_chr(*rest, separator);
        LimnSlice cell = limn_slice_trim(limn_slice_to(*rest, n));

        *rest = limn_slice_from(*rest, n + 1);
        if (cell.n > 1 && cell.p[0] == '"' && cell.p[cell.n - 1] == '"')
                cell = limn_slice(cell.p + 1, cell.n - 2);
        return cell;
}

/* The message: what remains, its end and its escapes as the kind of export writes them. */
static bool put_message(LimnSlice rest, char separator, LimnRoom *room)
{
        rest = limn_slice_trim(rest);
        if (separator == '|' && rest.n && rest.p[rest.n - 1] == '|')
                rest = limn_text_chomp(limn_slice_to(rest, rest.n - 1));
        bool quoted = separator == ',' && rest.n > 1 && rest.p[0] == '"';
        if (quoted)
                rest = limn_slice(rest.p + 1, rest.n - 1 - (rest.p[rest.n - 1] == '"'));
        for (size_t i = 0; i < rest.n && room->n < room->cap; i++) {
                char c = rest.p[i], next = i + 1 < rest.n ? rest.p[i + 1] : 0;
                if (quoted && c == '"' && next == '"') {
                        i++;
                } else if (separator == '\t' && c == '\\' && next && strchr("nt\\", next)) {
                        c = (char)(next == 'n' ? '\n' : next == 't' ? '\t' : '\\');
                        i++;
                }
                room->p[room->n++] = c;
        }
        return true;
}

static bool unwrap_row(LimnSlice row, char separator, LimnRoom *room, LimnWrapped *ret)
{
        size_t start = room->n;
        LimnStamp unused;
        LimnSlice cells[5];

        for (size_t i = 0; i < 5; i++)
                cells[i] = take_cell(&row, separator);
        if (cells[0].n < 19 || limn_stamp_iso(cells[0], &unused) != cells[0].n ||
            cells[1].n == 0 || limn_text_digits(cells[1]) != cells[1].n ||
            limn_level_from_word(cells[2]) == LIMN_LEVEL_NONE ||
            !limn_slice_starts(cells[3], LIMN_S("MY-")) || cells[4].n == 0)
                return false;
        bool error = limn_slice_eq(cells[2], LIMN_S("Error"));
        if (!put(room, cells[0]) || !put(room, LIMN_S(" ")) || !put(room, cells[1]) ||
            !put(room, LIMN_S(" [")) || !put(room, error ? LIMN_S("ERROR") : cells[2]) ||
            !put(room, LIMN_S("] [")) || !put(room, cells[3]) || !put(room, LIMN_S("] [")) ||
            !put(room, cells[4]) || !put(room, LIMN_S("] ")) ||
            !put_message(row, separator, room))
                return false;
        ret->text = limn_slice(room->p + start, room->n - start);
        return true;
}

static bool unwrap_rows(LimnSlice line, LimnWrapperMemory *memory, LimnRoom *room,
                   LimnWrapped *ret)
{
        LimnSlice rest = limn_text_lead(line);
        bool table = rest.n && rest.p[0] == '|';

        /* What stands around the rows of a result. */
        LimnSlice head = limn_slice_to(rest, 40);
        if (limn_slice_starts(rest, LIMN_S("+-")) || limn_slice_starts(rest, LIMN_S("mysql>")) ||
            limn_slice_find(head, LIMN_S(" in set (")) < head.n) {
                ret->noise = true;
                return true;
        }
        LimnSlice name = limn_slice_trim(limn_slice_from(rest, table));
        if (limn_slice_starts(name, LIMN_S("\"")))
                name = limn_slice_from(name, 1);
        if (limn_slice_starts(name, LIMN_S("LOGGED")) &&
            limn_slice_find(name, LIMN_S("THREAD_ID")) < name.n) {
                ret->noise = true;
                return true;
        }
        return unwrap_row(limn_slice_from(rest, table),
                          table ? '|' : limn_slice_chr(rest, '\t') < rest.n ? '\t' : ',', room,
                          ret);
}

const LimnWrapper limn_wrapper_rows = {
        .name = "rows",
        .title = "rows of performance_schema.error_log",
        .keep_json = true,
        .unwrap = unwrap_rows,
};
