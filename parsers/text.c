/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/text.h"

#include <stdint.h>

LimnSlice limn_text_first(LimnSlice record, LimnSlice *ret_rest)
{
        LimnSlice rest = limn_text_lead(record), line;

        if (!limn_slice_line(&rest, &line))
                line = limn_slice_to(record, 0);
        *ret_rest = rest;
        return line;
}

LimnSlice limn_text_trace(LimnSlice rest)
{
        rest = limn_text_chomp(rest);
        for (;;) {
                size_t end = limn_slice_chr(rest, '\n');
                if (end == rest.n || limn_slice_trim(limn_slice_to(rest, end)).n)
                        break;
                rest = limn_slice_from(rest, end + 1);
        }
        return rest.n ? rest : LIMN_NONE;
}

/* `io.debezium.DebeziumException: text`, `Error: text`: a class by its ending, and what it says. */
static bool is_exception(LimnSlice line)
{
        static const LimnSlice endings[] = {
                {"Exception", 9}, {"Error", 5}, {"Failure", 7}, {"Throwable", 9},
        };
        size_t n = 0;

        while (n < line.n && (limn_ascii_alnum(line.p[n]) || line.p[n] == '.' ||
                              line.p[n] == '_' || line.p[n] == '$'))
                n++;
        /* Without a message only the full name of a class is one. */
        if (!limn_slice_starts(limn_slice_from(line, n), LIMN_S(": ")) &&
            (n < line.n || limn_slice_chr(line, '.') == line.n))
                return false;
        for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
                if (limn_slice_ends(limn_slice_to(line, n), endings[i]))
                        return true;
        return false;
}

LimnSlice limn_text_cause(LimnSlice trace)
{
        static const LimnSlice words[] = {
                {"Caused by: ", 11}, {"caused by: ", 11}, {"[cause]: ", 9},
        };
        size_t suppressed = SIZE_MAX; /* depth of the block that is being passed over */
        size_t traceback = SIZE_MAX;  /* depth of a Python traceback that has not ended */
        LimnSlice cause = LIMN_NONE, line;
        bool first = true;

        while (limn_slice_line(&trace, &line)) {
                size_t indent = line.n - limn_text_blanks(line).n;
                line = limn_slice_trim(line);
                /* Python says what it raised at the end, and what came first first. */
                if (limn_slice_starts(line, LIMN_S("Traceback (most recent call last)")))
                        traceback = indent;
                else if (indent == traceback && is_exception(line)) {
                        traceback = SIZE_MAX;
                        if (!cause.p)
                                cause = line;
                }
                if (first && is_exception(line))
                        cause = line;
                first = false;
                if (limn_slice_starts(line, LIMN_S("Suppressed: ")) && indent < suppressed)
                        suppressed = indent;
                else if (indent < suppressed && line.n)
                        suppressed = SIZE_MAX;
                /* What led to an exception that was suppressed stands as deep as it. */
                if (indent >= suppressed)
                        continue;
                for (size_t i = 0; i < sizeof words / sizeof *words; i++)
                        if (limn_slice_starts(line, words[i]))
                                cause = limn_slice_from(line, words[i].n);
        }
        return cause;
}

int limn_text_field(LimnFields *fields, LimnArena *arena, LimnSlice name, LimnSlice value)
{
        return value.p ? limn_fields_add(fields, arena, name, value) : 0;
}

int limn_text_add_trace(LimnFields *fields, LimnArena *arena, LimnSlice rest, bool with_cause)
{
        LimnSlice trace = rest.n ? limn_text_trace(rest) : LIMN_NONE;
        int r;

        if (!trace.p)
                return 0;
        if (with_cause) {
                r = limn_text_field(fields, arena, LIMN_S("cause"), limn_text_cause(trace));
                if (r < 0)
                        return r;
        }
        return limn_fields_add(fields, arena, LIMN_S("trace"), trace);
}

LimnTally limn_text_tally(LimnSlice head, bool (*shape)(LimnSlice line))
{
        LimnTally tally = {0};
        LimnSlice line;

        while (limn_slice_line(&head, &line)) {
                if (limn_slice_trim(line).n == 0)
                        continue;
                tally.lines++;
                tally.matched += shape(line);
        }
        return tally;
}
