/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/mysql_foreign.h"

#include "parsers/text.h"

#define ARROW_MAX 128 /* colours, name, time of day and level stand before Bitnami's arrow */

/* Takes colours (ESC [ ... m) and blanks off. */
static LimnSlice uncoloured(LimnSlice s)
{
        for (;;) {
                s = limn_text_blanks(s);
                if (s.n < 3 || s.p[0] != '\x1b' || s.p[1] != '[')
                        return s;
                size_t n = 2;
                while (n < s.n && (limn_ascii_digit(s.p[n]) || s.p[n] == ';'))
                        n++;
                if (n == s.n || s.p[n] != 'm')
                        return s;
                s = limn_slice_from(s, n + 1);
        }
}

static LimnSlice take_word(LimnSlice *rest)
{
        size_t n = 0;

        *rest = uncoloured(*rest);
        while (n < rest->n && !limn_ascii_space(rest->p[n]) && rest->p[n] != '\x1b')
                n++;
        LimnSlice word = limn_slice_to(*rest, n);
        *rest = uncoloured(limn_slice_from(*rest, n));
        return word;
}

/* `[name] hh:mm:ss.cc LEVEL ==> message`. */
static bool bitnami(LimnSlice line, LimnSlice *ret_name, LimnSlice *ret_clock, LimnSlice *ret_level,
                    LimnSlice *ret_message)
{
        size_t arrow = limn_slice_find(limn_slice_to(line, ARROW_MAX), LIMN_S("==>"));

        if (arrow >= line.n || arrow >= ARROW_MAX)
                return false;
        LimnSlice rest = limn_slice_to(line, arrow);
        *ret_name = LIMN_NONE;
        *ret_clock = take_word(&rest);
        if (ret_clock->n < 8 || !limn_text_clock(ret_clock->p)) {
                *ret_name = *ret_clock;
                *ret_clock = take_word(&rest);
        }
        *ret_level = take_word(&rest);
        *ret_message = uncoloured(limn_slice_from(line, arrow + 3));
        return rest.n == 0 && ret_clock->n >= 8 && limn_text_clock(ret_clock->p) &&
               limn_level_from_word(*ret_level) != LIMN_LEVEL_NONE;
}

static bool is_go(LimnSlice line)
{
        LimnStamp stamp;

        return line.n > 20 && line.p[4] == '/' && line.p[7] == '/' &&
               limn_stamp_slash(line, &stamp) > 0;
}

static bool is_loader(LimnSlice line)
{
        LimnSlice head = limn_slice_to(line, 200);

        return limn_slice_starts(line, LIMN_S("m")) &&
               (limn_slice_find(head, LIMN_S(": symbol lookup error: ")) < head.n ||
                limn_slice_find(head, LIMN_S(": error while loading shared lib")) < head.n);
}

bool limn_mysql_is_foreign(LimnSlice line)
{
        LimnSlice name, clock, level, message;

        if (line.n < 4)
                return false;
        switch (line.p[0]) {
        case '+':
                return line.p[1] == ' ' || (line.p[1] == '+' && line.p[2] == ' ');
        case 'W':
                return limn_slice_starts(line, LIMN_S("WSREP_SST: ["));
        case 'm':
                return is_loader(line) || bitnami(line, &name, &clock, &level, &message);
        case ' ':
        case '\x1b':
                return bitnami(line, &name, &clock, &level, &message);
        default:
                return limn_ascii_digit(line.p[0]) &&
                       (is_go(line) || (line.p[2] == ':' &&
                                        bitnami(line, &name, &clock, &level, &message)));
        }
}

void limn_mysql_foreign(LimnSlice line, const LimnParse *parse, LimnEvent *event,
                        LimnSlice *ret_clock, LimnSlice *ret_message)
{
        LimnSlice name, clock, level, message;
        LimnStamp stamp;

        *ret_clock = LIMN_NONE;
        *ret_message = line;
        if (line.p[0] == '+')
                return;
        if (line.p[0] == 'W') {
                LimnSlice rest = limn_slice_from(line, 12);
                size_t n = limn_slice_chr(rest, ']');
                event->component = limn_slice_to(line, 9);
                event->level_raw = limn_slice_to(rest, n);
                event->level = limn_level_from_word(event->level_raw);
                *ret_message = limn_text_blanks(limn_slice_from(rest, n + 1));
        } else if (bitnami(line, &name, &clock, &level, &message)) {
                event->component = name;
                event->level = limn_level_from_word(level);
                event->level_raw = level;
                *ret_clock = clock;
                *ret_message = message;
        } else if (is_go(line)) {
                size_t n = limn_stamp_slash(line, &stamp);
                limn_event_set_stamp(event, parse, &stamp, limn_slice_to(line, n));
                *ret_message = limn_text_blanks(limn_slice_from(line, n));
        } else {
                event->level = LIMN_LEVEL_ERROR;
        }
}
