/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/columns.h"

#include "core/ascii.h"

static size_t size_of(const LimnColumns *columns)
{
        return columns->size < LIMN_COLUMNS_TEXT ? columns->size : LIMN_COLUMNS_TEXT;
}

void limn_columns_add(LimnColumns *columns, LimnSlice name)
{
        size_t size = size_of(columns);

        name = limn_slice_trim(name);
        if (name.n >= 2 && (name.p[0] == '`' || name.p[0] == '"') &&
            name.p[name.n - 1] == name.p[0])
                name = limn_slice(name.p + 1, name.n - 2);
        if (name.n + 1 > LIMN_COLUMNS_TEXT - size)
                return;
        for (size_t i = 0; i < name.n; i++)
                columns->text[size + i] = name.p[i] ? limn_ascii_lower(name.p[i]) : ' ';
        columns->text[size + name.n] = '\0';
        columns->size = (uint16_t)(size + name.n + 1);
        columns->n++;
}

bool limn_columns_next(const LimnColumns *columns, size_t *at, LimnSlice *ret)
{
        LimnSlice rest = limn_slice_from(limn_slice(columns->text, size_of(columns)), *at);

        if (rest.n == 0)
                return false;
        *ret = limn_slice_to(rest, limn_slice_chr(rest, '\0'));
        *at += ret->n + 1;
        return true;
}
