/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/mysql_row.h"

#include "parsers/text.h"

extern const LimnFormat limn_format_mysql_error;

bool limn_mysql_row_read(LimnEvent *event, const LimnParse *parse, const LimnFields *fields)
{
        LimnSlice logged = LIMN_NONE, thread = LIMN_NONE, prio = LIMN_NONE, code = LIMN_NONE;
        LimnSlice subsystem = LIMN_NONE, data = LIMN_NONE, rest;
        const struct {
                LimnSlice name, *to;
        } names[] = {
                {LIMN_S("logged"), &logged},     {LIMN_S("thread_id"), &thread},
                {LIMN_S("prio"), &prio},         {LIMN_S("error_code"), &code},
                {LIMN_S("subsystem"), &subsystem}, {LIMN_S("data"), &data},
        };
        LimnStamp stamp;

        if (fields->n < 6 || fields->n > 8)
                return false;
        for (size_t i = 0; i < fields->n; i++)
                for (size_t k = 0; k < sizeof names / sizeof *names; k++)
                        if (limn_slice_eq_nocase(fields->at[i].name, names[k].name))
                                *names[k].to = fields->at[i].value;
        LimnLevel level = limn_level_from_word(prio);
        if (!data.p || level == LIMN_LEVEL_NONE || !limn_slice_starts(code, LIMN_S("MY-")) ||
            limn_stamp_iso(logged, &stamp) != logged.n || logged.n == 0)
                return false;
        limn_event_set_stamp(event, parse, &stamp, logged);
        event->level = level;
        event->level_raw = prio;
        event->thread = thread;
        event->code = code;
        event->component = subsystem;
        event->message = limn_text_chomp(limn_text_first(data, &rest));
        event->format = &limn_format_mysql_error;
        return true;
}
