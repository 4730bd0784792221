/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/wrapped_inner.h"

#include "core/limits.h"
#include "parsers/text.h"

/* How much of an inner line is looked at to see whether it begins a record. */
#define BEGINNING 512

static const LimnFormat *const inners[LIMN_INNERS_N] = {
#define X(with, inner, product, service, steady) &limn_format_##inner,
        LIMN_INNERS(X, _)
#undef X
};

size_t limn_inner_number(const LimnFormat *inner)
{
        size_t i = 0;

        while (i + 1 < LIMN_INNERS_N && inners[i] != inner)
                i++;
        return i;
}

bool limn_inner_is_server(LimnSlice program)
{
        static const LimnSlice names[] = {
                {"mysqld", 6}, {"mariadbd", 8}, {"mariadb", 7}, {"mysql", 5},
        };
        size_t slash = program.n;

        while (slash > 0 && program.p[slash - 1] != '/')
                slash--;
        program = limn_slice_from(program, slash);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
                if (limn_slice_starts(program, names[i]))
                        return true;
        return false;
}

/* Without the stamp that the format looks for, because the envelope has it? */
static bool begins_bare(const LimnFormat *format, const LimnWrapped *wrapped, LimnSlice line)
{
        static const char stamp[] = "2000-01-01T00:00:00.000000Z ";
        char text[sizeof stamp + BEGINNING];
        size_t n = line.n < BEGINNING ? line.n : BEGINNING;

        if (n == 0 || limn_ascii_space(line.p[0]) || !wrapped->time_raw.p)
                return false;
        if (strcmp(format->service, "error") == 0 && !limn_inner_is_server(wrapped->program))
                return false;
        memcpy(text, stamp, sizeof stamp - 1);
        memcpy(text + sizeof stamp - 1, line.p, n);
        return format->starts_record(limn_slice(text, sizeof stamp - 1 + n));
}

static bool is_object(const LimnFormat *format)
{
        return format == &limn_format_json_lines || format == &limn_format_mysql_json;
}

/* Formats of stamp and level own what begins a record of theirs; any stamp begins one of the
 * server's log, and any line an object. */
static bool owns(const LimnFormat *format, LimnSlice line)
{
        if (!format->starts_record(line))
                return false;
        if (format == &limn_format_mysql_error || is_object(format))
                return format->bid(line, true) >= LIMN_BID_LIKELY;
        return format != &limn_format_plain;
}

static const LimnFormat *other(const LimnFormat *main, LimnSlice line)
{
        const LimnFormat *best = NULL;
        LimnBid bid = LIMN_BID_MAYBE;

        if (line.n < 12 || limn_ascii_space(line.p[0]))
                return NULL;
        for (size_t i = 0; i < LIMN_INNERS_N; i++) {
                if (inners[i] == main || !owns(inners[i], line))
                        continue;
                LimnBid is = inners[i]->bid(line, true);
                if (is > bid) {
                        bid = is;
                        best = inners[i];
                }
        }
        return best;
}

const LimnFormat *limn_inner_begins(const LimnFormat *main, const LimnWrapped *wrapped,
                                    bool *ret_bare)
{
        LimnSlice line = limn_slice_to(wrapped->text, LIMN_LINE_HEAD);
        const LimnFormat *format;

        *ret_bare = false;
        line = limn_text_chomp(limn_slice_to(line, limn_slice_chr(line, '\n')));
        if (owns(main, line))
                return main;
        format = other(main, line);
        if (format)
                return format;
        if (main->starts_record(line))
                return main;
        *ret_bare = true;
        if (begins_bare(main, wrapped, line))
                return main;
        if (main != &limn_format_mysql_slow && begins_bare(&limn_format_mysql_error, wrapped, line))
                return &limn_format_mysql_error;
        *ret_bare = false;
        return NULL;
}

bool limn_inner_begins_below(const LimnFormat *main, const LimnFormat *open,
                             const LimnWrapped *wrapped)
{
        bool bare;
        const LimnFormat *format = limn_inner_begins(main, wrapped, &bare);

        if (!format || format == main || format == open)
                return format;
        return !is_object(format) || !open || is_object(open);
}
