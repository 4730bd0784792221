/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Lines of the mysql client's output: which kind each is, given those before it.
 *
 * Framing and parsing both walk over lines with the same small state, so that they agree.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"

typedef enum LimnClientMode {
        LIMN_CLIENT_NONE,     /* between results */
        LIMN_CLIENT_OPEN,     /* a table's upper border was seen: the header follows */
        LIMN_CLIENT_HEAD,     /* its header: the border below it follows */
        LIMN_CLIENT_TABLE,    /* its rows */
        LIMN_CLIENT_VERTICAL, /* \G */
        LIMN_CLIENT_TABS,     /* --batch */
        LIMN_CLIENT_ECHO,     /* a statement between two lines of dashes (-v) */
        LIMN_CLIENT_CSV,      /* as desktop clients export it */
} LimnClientMode;

/* Zero at the start of a source. */
typedef struct LimnClientState {
        uint8_t mode;
        uint8_t separator; /* of LIMN_CLIENT_CSV */
        uint8_t open;      /* within a quoted cell of LIMN_CLIENT_CSV */
        uint16_t columns;  /* of LIMN_CLIENT_TABS and LIMN_CLIENT_CSV */
} LimnClientState;

typedef enum LimnClientLine {
        LIMN_CLIENT_LINE_BLANK,
        LIMN_CLIENT_LINE_BORDER, /* that opens a table */
        LIMN_CLIENT_LINE_HEADER, /* with names of columns */
        LIMN_CLIENT_LINE_ROW,    /* the first line of a row; for \G the line of stars */
        LIMN_CLIENT_LINE_TEXT,   /* a prompt, an ERROR, a statement, anything else */
        LIMN_CLIENT_LINE_MORE,   /* belongs to what is above it: lower borders, cells of several
                                  * lines, `3 rows in set` */
} LimnClientLine;

/* The kind of the first line of `rest` (not empty), and the state behind it. What follows the line
 * in `rest` is looked at: one line is enough. */
LimnClientLine limn_client_line(LimnSlice rest, LimnClientState *state);

/* The same name begins a result by its columns' names: of SHOW statements and their like. */
bool limn_client_known_header(LimnSlice line);
/* The same between bars. */
bool limn_client_bar_header(LimnSlice line);

/* The same in CSV: the separator, or 0. A name alone counts when it is quoted. */
char limn_client_csv_header(LimnSlice line);
/* What a state holds, if it is a separator. */
char limn_client_csv_separator(char kept);
/* Takes the next name off a header in CSV, without its quotes. */
LimnSlice limn_client_csv_name(LimnSlice *line);

/* `+-----+---+`, `|-----|---|` */
bool limn_client_is_border(LimnSlice line);
/* `*** 1. row ***` */
bool limn_client_is_row_mark(LimnSlice line);
/* `3 rows in set (0.00 sec)`, `Empty set`, `Query OK`, and the arrow of a statement's next line. */
bool limn_client_is_footer(LimnSlice line);
/* `--------------` */
bool limn_client_is_dashes(LimnSlice line);
/* `mysql> `, `MariaDB [db]> `, `$ mysql ...`: the length of the prompt, or 0. */
size_t limn_client_prompt(LimnSlice line);

/* Names or cells of a line in one of the three forms. */
size_t limn_client_count_tabs(LimnSlice line);

/* LimnFormat.frame, over a LimnClientState. A record is a row with the header above it, if it is
 * the first. */
size_t limn_client_frame(LimnSlice bytes, bool last, void *state);
