/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/table.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "core/json_write.h"
#include "core/limits.h"
#include "core/printable.h"
#include "core/vec.h"

enum { ROWS_HELD = 200, WIDTH_MAX = 60, GAP = 2 };

typedef struct Cell {
        size_t start, n, width;
        bool right; /* numbers */
} Cell;

struct LimnTable {
        FILE *out;
        LimnTableStyle style;
        char **names; /* JSON */
        size_t n_columns;
        size_t *widths;
        size_t held; /* rows not printed yet, aligned style */
        bool flowing;
        struct {
                Cell *at;
                size_t n, cap;
        } cells;
        LimnBuf text;
};

LimnTable *limn_table_new(FILE *out, LimnTableStyle style)
{
        LimnTable *table = calloc(1, sizeof *table);

        if (table)
                *table = (LimnTable){.out = out, .style = style, .text = LIMN_BUF(LIMN_OUTPUT_MAX)};
        return table;
}

LimnTable *limn_table_free(LimnTable *table)
{
        if (!table)
                return NULL;
        for (size_t i = 0; table->names && i < table->n_columns; i++)
                free(table->names[i]);
        free(table->names);
        free(table->widths);
        free(table->cells.at);
        limn_buf_done(&table->text);
        free(table);
        return NULL;
}

/* Characters, not bytes: close enough to columns for all but East Asian text. */
static size_t width_of(LimnSlice s)
{
        size_t n = 0;

        for (size_t i = 0; i < s.n; i++)
                n += (s.p[i] & 0xc0) != 0x80;
        return n;
}

static void add_value(LimnBuf *out, const LimnValue *value, const char *null)
{
        switch (value->type) {
        case LIMN_VALUE_INT:
                limn_buf_printf(out, "%lld", (long long)value->i);
                break;
        case LIMN_VALUE_REAL:
                limn_buf_printf(out, "%.15g", value->d);
                break;
        case LIMN_VALUE_TEXT:
                limn_printable(value->s, out);
                break;
        case LIMN_VALUE_NULL:
                limn_buf_add_str(out, null);
                break;
        }
}

static void print_aligned_row(LimnTable *table, const Cell *cells)
{
        for (size_t i = 0; i < table->n_columns; i++) {
                const Cell *cell = &cells[i];
                bool last = i + 1 == table->n_columns;
                size_t pad = cell->width < table->widths[i] ? table->widths[i] - cell->width : 0;

                if (cell->right)
                        fprintf(table->out, "%*s", (int)pad, "");
                fwrite(table->text.p + cell->start, 1, cell->n, table->out);
                if (!last)
                        fprintf(table->out, "%*s", (int)(GAP + (cell->right ? 0 : pad)), "");
        }
        putc('\n', table->out);
}

static void flush_held(LimnTable *table)
{
        for (size_t i = 0; i < table->cells.n; i += table->n_columns)
                print_aligned_row(table, &table->cells.at[i]);
        table->held = table->cells.n = 0;
        limn_buf_clear(&table->text);
}

static int hold_cell(LimnTable *table, size_t column, const LimnValue *value)
{
        size_t start = table->text.n;

        if (limn_vec_room(&table->cells) < 0)
                return -ENOMEM;
        add_value(&table->text, value, "-");
        if (table->text.error)
                return table->text.error;
        Cell cell = {.start = start,
                     .n = table->text.n - start,
                     .right = value->type == LIMN_VALUE_INT || value->type == LIMN_VALUE_REAL};
        cell.width = width_of(limn_slice(limn_buf_str(&table->text) + start, cell.n));
        size_t want = cell.width < WIDTH_MAX ? cell.width : WIDTH_MAX;
        if (!table->flowing && want > table->widths[column])
                table->widths[column] = want;
        table->cells.at[table->cells.n++] = cell;
        return 0;
}

static int aligned_row(LimnTable *table, const LimnValue *values)
{
        for (size_t i = 0; i < table->n_columns; i++) {
                int r = hold_cell(table, i, &values[i]);
                if (r < 0)
                        return r;
        }
        if (++table->held >= ROWS_HELD || table->flowing) {
                flush_held(table);
                table->flowing = true;
        }
        return 0;
}

static int print_text(LimnTable *table)
{
        if (table->text.error)
                return table->text.error;
        limn_buf_add_char(&table->text, '\n');
        fwrite(limn_buf_str(&table->text), 1, table->text.n, table->out);
        limn_buf_clear(&table->text);
        return ferror(table->out) ? -EIO : 0;
}

static int tsv_row(LimnTable *table, const LimnValue *values)
{
        for (size_t i = 0; i < table->n_columns; i++) {
                if (i)
                        limn_buf_add_char(&table->text, '\t');
                add_value(&table->text, &values[i], "");
        }
        return print_text(table);
}

static int json_row(LimnTable *table, const LimnValue *values)
{
        LimnJsonWriter w = LIMN_JSON_WRITER(&table->text, 0);
        char real[40];

        limn_json_object(&w);
        for (size_t i = 0; i < table->n_columns; i++) {
                limn_json_key(&w, table->names[i]);
                switch (values[i].type) {
                case LIMN_VALUE_INT:
                        limn_json_int(&w, values[i].i);
                        break;
                case LIMN_VALUE_REAL:
                        snprintf(real, sizeof real, "%.17g", values[i].d);
                        limn_json_raw(&w, limn_slice_str(isfinite(values[i].d) ? real : "null"));
                        break;
                case LIMN_VALUE_TEXT:
                        limn_json_string(&w, values[i].s);
                        break;
                case LIMN_VALUE_NULL:
                        limn_json_null(&w);
                        break;
                }
        }
        limn_json_end(&w);
        return print_text(table);
}

int limn_table_head(void *arg, const LimnSlice *names, size_t n)
{
        LimnTable *table = arg;
        int r = 0;

        table->n_columns = n;
        table->widths = calloc(n + 1, sizeof *table->widths);
        table->names = calloc(n + 1, sizeof *table->names);
        LimnValue *head = calloc(n + 1, sizeof *head);
        if (!table->widths || !table->names || !head)
                r = -ENOMEM;
        for (size_t i = 0; r == 0 && i < n; i++) {
                head[i] = LIMN_VALUE_OF_TEXT(names[i]);
                table->names[i] = strndup(names[i].p, names[i].n);
                if (!table->names[i])
                        r = -ENOMEM;
        }
        if (r == 0 && table->style != LIMN_TABLE_JSON)
                r = table->style == LIMN_TABLE_TSV ? tsv_row(table, head)
                                                   : aligned_row(table, head);
        free(head);
        return r;
}

int limn_table_row(void *arg, const LimnValue *values, size_t n)
{
        LimnTable *table = arg;

        switch (table->style) {
        case LIMN_TABLE_JSON:
                return json_row(table, values);
        case LIMN_TABLE_TSV:
                return tsv_row(table, values);
        case LIMN_TABLE_ALIGNED:
                return aligned_row(table, values);
        }
        return -EINVAL;
}

int limn_table_end(LimnTable *table)
{
        if (table->n_columns)
                flush_held(table);
        return fflush(table->out) != 0 || ferror(table->out) ? -EIO : 0;
}
