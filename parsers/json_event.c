/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/json_event.h"

#include <errno.h>
#include <stdio.h>

#include "core/ascii.h"

/* 1e11 seconds is the year 5138; 1e11 ms is 1973. Between them the unit is told by size. */
static bool from_number(LimnSlice s, LimnTime *ret)
{
        size_t dot = limn_slice_chr(s, '.');
        long long whole;
        LimnDuration unit = LIMN_SECOND, fraction = 0;

        if (!limn_slice_i64(limn_slice_to(s, dot), &whole) || whole < 100000000)
                return false;
        if (whole >= 100000000000000000) {
                *ret = whole / 1000;
                return true;
        }
        if (whole >= 100000000000000)
                unit = 1;
        else if (whole >= 100000000000)
                unit = 1000;
        LimnDuration digit = unit / 10;
        for (size_t i = dot + 1; i < s.n && digit; i++, digit /= 10) {
                if (!limn_ascii_digit(s.p[i]))
                        return false;
                fraction += (s.p[i] - '0') * digit;
        }
        *ret = whole * unit + fraction;
        return true;
}

bool limn_json_event_time(LimnEvent *event, const LimnParse *parse, LimnSlice value)
{
        LimnStamp stamp;
        LimnTime t;
        size_t n;

        if (value.n == 0)
                return false;
        if (from_number(value, &t)) {
                event->time = t;
                event->time_basis = LIMN_BASIS_STATED;
                event->time_raw = value;
                return true;
        }
        if ((n = limn_stamp_iso(value, &stamp)) == 0 &&
            (n = limn_stamp_slash(value, &stamp)) == 0)
                return false;
        limn_event_set_stamp(event, parse, &stamp, value);
        return event->time_basis != LIMN_BASIS_NONE;
}

int limn_json_event_broken(LimnEvent *event, LimnFields *fields, LimnArena *arena,
                           const char *what, size_t at)
{
        char text[24];
        int n = snprintf(text, sizeof text, "%zu", at);
        LimnSlice number = limn_arena_dup(arena, limn_slice(text, (size_t)n));
        int r;

        event->quality |= LIMN_Q_BROKEN;
        if (!number.p)
                return -ENOMEM;
        r = limn_fields_add(fields, arena, LIMN_S("json_error"), limn_slice_str(what));
        return r < 0 ? r : limn_fields_add(fields, arena, LIMN_S("json_error_at"), number);
}

int limn_json_event_end(LimnEvent *event, const LimnParse *parse, LimnFields *fields,
                        const LimnJsonError *error)
{
        int r = error ? limn_json_event_broken(event, fields, parse->arena, error->what, error->at)
                      : 0;
        size_t n = 0;

        if (r < 0)
                return r;
        for (size_t i = 0; i < fields->n; i++)
                if (fields->at[i].name.p)
                        fields->at[n++] = fields->at[i];
        fields->n = n;
        limn_event_take_fields(event, fields);
        return LIMN_PARSED;
}

bool limn_json_has_key(LimnSlice head, const char *quoted)
{
        LimnSlice key = limn_slice_str(quoted);

        for (;;) {
                size_t at = limn_slice_find(head, key);
                if (at == head.n)
                        return false;
                head = limn_slice_from(head, at + key.n);
                LimnSlice after = head;
                while (after.n && limn_ascii_space(after.p[0]))
                        after = limn_slice_from(after, 1);
                if (after.n && after.p[0] == ':')
                        return true;
        }
}

bool limn_json_looks_pipeline(LimnSlice head)
{
        static const char *const more[] = {
                "\"origin\"", "\"maturity_level\"", "\"pipeline_id\"", "\"pipeline_name\"",
                "\"update_id\"", "\"pipeline_event_id\"",
        };
        if (!limn_json_has_key(head, "\"event_type\""))
                return false;
        for (size_t i = 0; i < sizeof more / sizeof *more; i++)
                if (limn_json_has_key(head, more[i]))
                        return true;
        return false;
}
