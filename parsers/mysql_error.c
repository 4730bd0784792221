/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The MySQL server's error log, as text.
 *
 *   8.0 on         2026-11-22T07:24:01.123456Z 8 [Note] [MY-010462] [Repl] message
 *   5.7            2026-11-22T07:24:01.123456Z 8 [Note] message
 *   Aurora         2026-11-22 07:24:01.123456 [Note] [MY-010462] [Repl] message
 *   MariaDB, 5.6   2026-11-22  7:24:01 8 [Note] message
 *   MariaDB 10.1   2026-11-22  7:24:01 140123456789012 [Note] message
 *   5.6, asserts   2026-11-22 07:24:01 7f2c9e7fe700 InnoDB: message
 *   5.5            261122  7:24:01 [Note] message; 261122  7:24:01  InnoDB: message
 *   mysqld_safe    261122 07:24:01 mysqld_safe message (and with the newer stamp)
 *   crash          261122 12:11:13 [ERROR] mysqld got signal 11 ;
 *                  07:24:01 UTC - mysqld got signal 11 ;
 *   notifiers      2026-11-22T07:24:01.123456Z, 8, Warning, message
 *   no stamp       [Note] message: a record, with the time of the one above
 *
 * Other lines without a stamp (the Version line, crash dumps, monitor output) continue the record
 * above, unless another program wrote them (parsers/mysql_foreign.h). A bullet, a quote mark or
 * blanks may stand before the stamp, as pasting leaves them.
 * The speed of all ingest hangs on this file: nothing here searches but for line feeds.
 */
#include "parsers/mysql_foreign.h"
#include "parsers/text.h"

/* No head of a deadlock in the monitor's output is longer. */
#define MONITOR_HEAD_MAX 56
/* Between a line of mysqld_safe and one of the server beside it. */
#define SAFE_DELAY (5 * LIMN_SECOND)

/* The last time seen: the date of crash headers that have only a time of day. A state may come
 * from a case that somebody sent: any bytes are to be survived. */
typedef struct State {
        LimnTime last;
        LimnTime stated;   /* the last stamp that named its zone */
        LimnTime safe;     /* mysqld_safe's last one, which does not */
        LimnDuration zone; /* of mysqld_safe's clock, once the server's told it */
        uint8_t known, stated_known, safe_known, zone_known;
} State;

static bool is_signal_header(LimnSlice line)
{
        return line.n > 12 && line.p[2] == ':' && limn_text_clock(line.p) &&
               limn_slice_find(line, LIMN_S("got signal")) < line.n;
}

/* A stamp at the very start. */
static inline bool is_stamped(LimnSlice line)
{
        if (line.n < 15 || !limn_ascii_digit(line.p[0]))
                return false;
        if (line.p[4] == '-')
                return limn_text_iso_date(line) &&
                       (limn_text_clock(line.p + 11) ||
                        (line.p[12] == ':' && line.p[15] == ':'));
        if (line.p[6] == ' ')
                return limn_text_digits(line) == 6 &&
                       (limn_text_clock(line.p + 7) ||
                        (line.p[8] == ':' && line.p[11] == ':' && limn_ascii_digit(line.p[7])));
        return is_signal_header(line);
}

/* `2026-11-22 07:20:01 0x7f2c9e7fe700` and nothing more, or ` Transaction:`: the head of a deadlock
 * or of a refused key within the monitor's output. `s` begins behind the stamp. */
static bool is_monitor_head(LimnSlice s)
{
        size_t n = s.n > 1 && s.p[1] == 'x' ? 2 : 0;
        size_t from = n;

        while (n < s.n && limn_ascii_hex(s.p[n]) >= 0)
                n++;
        if (n - from < 8)
                return false;
        LimnSlice rest = limn_slice_trim(limn_slice_from(s, n));
        return rest.n == 0 || limn_slice_eq(rest, LIMN_S("Transaction:"));
}

static bool is_server_level(LimnSlice line)
{
        static const LimnSlice levels[] = {
                {"[Note] ", 7}, {"[Warning] ", 10}, {"[ERROR] ", 8}, {"[System] ", 9},
        };
        for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
                if (limn_slice_starts(line, levels[i]))
                        return true;
        return false;
}

static int looks(LimnSlice line);

/* How many bytes stand before a stamp that is not at the very start: what pasting leaves there, or
 * the tabs of a backup tool. 0 too when there is no stamp of this log behind them. */
static size_t pasted_lead(LimnSlice line)
{
        size_t n = 0;

        while (n < line.n && n < 16) {
                if (memchr(" \t>*-\"'`|+", line.p[n], 10))
                        n++;
                else if (limn_slice_starts(limn_slice_from(line, n), LIMN_S("\xE2\x80\xA2")))
                        n += 3;
                else
                        break;
        }
        LimnSlice rest = limn_slice_from(line, n);
        if (n == 0 || (!is_stamped(rest) && !is_server_level(rest)))
                return 0;
        return looks(rest) || is_server_level(rest) ? n : 0;
}

static bool starts_record(LimnSlice line)
{
        line = limn_text_lead(line);
        if (line.n == 0)
                return false;
        if (limn_ascii_digit(line.p[0])) {
                if (line.n < MONITOR_HEAD_MAX && line.n > 28 && line.p[10] == ' ' &&
                    is_stamped(line) && is_monitor_head(limn_slice_from(line, 20)))
                        return false;
                return is_stamped(line) || limn_mysql_is_foreign(line);
        }
        if (limn_ascii_alpha(line.p[0]) && line.p[0] != 'm' && line.p[0] != 'W')
                return false;
        if (line.p[0] == '[')
                return is_server_level(line);
        return pasted_lead(line) > 0 || limn_mysql_is_foreign(line);
}

/* mysqld_safe asks date(1) for `%6N`, which that of BSD and macOS does not know: `.6NZ`. */
static size_t stamp_without_fraction(LimnSlice line, LimnStamp *ret)
{
        size_t n = limn_stamp_iso(limn_slice_to(line, 19), ret);

        if (n != 19)
                return 0;
        ret->has_offset = true;
        return n + 4;
}

/* Takes the stamp off the line; the fast way for the shapes that servers write today. */
static size_t stamp_of(LimnSlice line, LimnStamp *ret)
{
        size_t n = line.p[4] == '-' ? limn_stamp_iso(line, ret) : 0;
        if (n == 21 && limn_slice_starts(limn_slice_from(line, 19), LIMN_S(".6NZ")))
                n = stamp_without_fraction(line, ret);
        return n ? n : limn_stamp_compact(line, ret);
}

static void inherit_time(LimnEvent *event, const State *state)
{
        if (!state->known)
                return;
        event->time = state->last;
        event->time_basis = LIMN_BASIS_INHERITED;
}

static void set_time_of_day(LimnEvent *event, const State *state, LimnSlice line)
{
        long long h = (line.p[0] == ' ' ? 0 : line.p[0] - '0') * 10 + line.p[1] - '0';
        long long m = (line.p[3] - '0') * 10 + line.p[4] - '0';
        long long s = (line.p[6] - '0') * 10 + line.p[7] - '0';
        LimnTime t;

        event->time_raw = limn_slice_to(line, 8);
        if (!state->known || h > 23 || m > 59 || s > 59 || state->last > INT64_MAX / 2 ||
            state->last < INT64_MIN / 2)
                return;
        t = state->last - ((state->last % LIMN_DAY) + LIMN_DAY) % LIMN_DAY +
            ((h * 60 + m) * 60 + s) * LIMN_SECOND;
        /* The moment nearest to the last one: a crash may stand on either side of midnight. */
        if (t < state->last - LIMN_DAY / 2)
                t += LIMN_DAY;
        else if (t > state->last + LIMN_DAY / 2)
                t -= LIMN_DAY;
        event->time = t;
        event->time_basis = LIMN_BASIS_INHERITED;
}

static LimnLevel level_of(LimnSlice word)
{
        if (limn_slice_eq(word, LIMN_S("Note")) || limn_slice_eq(word, LIMN_S("System")))
                return LIMN_LEVEL_INFO;
        if (limn_slice_eq(word, LIMN_S("Warning")))
                return LIMN_LEVEL_WARNING;
        if (limn_slice_eq(word, LIMN_S("ERROR")))
                return LIMN_LEVEL_ERROR;
        return limn_level_from_word(word);
}

/* `[word]` at the start of *rest is taken off, with the blank behind it. */
static bool bracketed(LimnSlice *rest, LimnSlice *ret)
{
        size_t end;

        if (rest->n < 3 || rest->p[0] != '[')
                return false;
        end = limn_slice_chr(limn_slice_to(*rest, 40), ']');
        if (end < 2 || end >= rest->n || rest->p[end] != ']')
                return false;
        *ret = limn_slice(rest->p + 1, end - 1);
        *rest = limn_slice_from(*rest, end + 1);
        return true;
}

/* The name of a start script. */
static bool take_script(LimnEvent *event, LimnSlice *rest)
{
        size_t n = 0;

        while (n < rest->n &&
               (limn_ascii_alnum(rest->p[n]) || rest->p[n] == '_' || rest->p[n] == '-'))
                n++;
        LimnSlice word = limn_slice_to(*rest, n);
        if (!limn_slice_eq(word, LIMN_S("mysqld_safe")) &&
            !limn_slice_eq(word, LIMN_S("mariadbd-safe")) &&
            !limn_slice_eq(word, LIMN_S("mariadb-safe")))
                return false;
        event->component = word;
        *rest = limn_text_blanks(limn_slice_from(*rest, n));
        return true;
}

/* `WSREP_SST: [ERROR] message`, with a stamp before it as the scripts of 5.7 write it. */
static void take_transfer(LimnEvent *event, LimnSlice *rest)
{
        LimnSlice at = limn_slice_from(*rest, 11), word;
        LimnLevel level;

        if (!bracketed(&at, &word) || (level = level_of(word)) == LIMN_LEVEL_NONE)
                return;
        event->component = limn_slice_to(*rest, 9);
        event->level = level;
        event->level_raw = word;
        *rest = limn_text_blanks(at);
}

/* Before the level: a thread id (decimal, hex), or the name of the start script. */
static void take_thread(LimnEvent *event, LimnSlice *rest)
{
        size_t n = limn_text_digits(*rest);

        if (n < rest->n && rest->p[n] != ' ') { /* 0x7f..., 7f2c9e7fe700, mysqld_safe */
                if (take_script(event, rest))
                        return;
                for (n = 0; n < rest->n && limn_ascii_alnum(rest->p[n]);)
                        n++;
                LimnSlice word = limn_slice_to(*rest, n);
                if (n < rest->n && rest->p[n] != ' ')
                        return;
                size_t hex = limn_slice_starts(word, LIMN_S("0x")) ? 2 : 0;
                for (size_t i = hex; i < n; i++)
                        if (limn_ascii_hex(word.p[i]) < 0)
                                return;
                /* Short ones (Windows) only where InnoDB itself writes. */
                if (n < 8 && !limn_slice_starts(limn_text_blanks(limn_slice_from(*rest, n)),
                                                LIMN_S("InnoDB:")))
                        return;
        }
        if (n == 0 || n == rest->n)
                return;
        event->thread = limn_slice_to(*rest, n);
        *rest = limn_text_blanks(limn_slice_from(*rest, n));
        if (rest->n && rest->p[0] == 'm')
                take_script(event, rest); /* MariaDB's writes its process id before its name */
}

/* What writes its name before the message instead of in brackets. */
static LimnSlice named_in(LimnSlice message)
{
        static const LimnSlice names[] = {
                {"InnoDB", 6}, {"WSREP", 5}, {"WSREP-SST", 9}, {"Event Scheduler", 15},
                {"Slave I/O", 9}, {"Slave SQL", 9}, {"Slave", 5},
        };
        if (message.n == 0 || !limn_ascii_upper(message.p[0]))
                return LIMN_NONE;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
                if (message.n > names[i].n && message.p[0] == names[i].p[0] &&
                    message.p[names[i].n] == ':' && limn_slice_starts(message, names[i]))
                        return limn_slice_to(message, names[i].n);
        return LIMN_NONE;
}

/* `[MY-010462] [Repl] ` */
static void take_code(LimnEvent *event, LimnSlice *rest)
{
        if (!bracketed(rest, &event->code))
                return;
        *rest = limn_text_blanks(*rest);
        if (bracketed(rest, &event->component))
                *rest = limn_text_blanks(*rest);
}

static void take_level(LimnEvent *event, LimnSlice *rest)
{
        LimnSlice at = *rest, word;
        LimnLevel level;

        if (!bracketed(&at, &word) || (level = level_of(word)) == LIMN_LEVEL_NONE)
                return;
        event->level = level;
        event->level_raw = word;
        *rest = limn_text_blanks(at);
        if (limn_slice_starts(*rest, LIMN_S("[MY-"))) {
                take_code(event, rest);
        } else if (limn_slice_starts(*rest, LIMN_S("[Entrypoint]: "))) {
                event->component = limn_slice(rest->p + 1, 10);
                *rest = limn_slice_from(*rest, 14);
        }
}

/* `, 8, Warning, message` behind a stamp: as notifiers export it. */
static void take_columns(LimnEvent *event, LimnSlice *rest)
{
        LimnSlice at = limn_text_blanks(limn_slice_from(*rest, 1)), word;
        LimnLevel level;
        size_t n = limn_text_digits(at);

        if (n && n < at.n && at.p[n] == ',') {
                event->thread = limn_slice_to(at, n);
                at = limn_text_blanks(limn_slice_from(at, n + 1));
                *rest = at;
        }
        n = limn_slice_chr(limn_slice_to(at, 16), ',');
        word = limn_slice_trim(limn_slice_to(at, n));
        if (word.n > 2 && word.p[0] == '[' && word.p[word.n - 1] == ']')
                word = limn_slice(word.p + 1, word.n - 2);
        level = level_of(word);
        if (n == at.n || at.p[n] != ',' || level == LIMN_LEVEL_NONE)
                return;
        event->level = level;
        event->level_raw = word;
        *rest = limn_text_blanks(limn_slice_from(at, n + 1));
        if (limn_slice_starts(*rest, LIMN_S("[MY-"))) {
                take_code(event, rest);
        } else if (limn_slice_starts(*rest, LIMN_S("MY-"))) {
                n = limn_slice_chr(limn_slice_to(*rest, 16), ',');
                if (n < rest->n && rest->p[n] == ',') {
                        event->code = limn_slice_to(*rest, n);
                        *rest = limn_text_blanks(limn_slice_from(*rest, n + 1));
                }
        }
}

/* `UTC - mysqld got signal 11 ;` behind a stamp: the head of a crash report. */
static void take_signal(LimnEvent *event, LimnSlice *rest)
{
        LimnSlice at = *rest;

        if (limn_slice_starts(at, LIMN_S("UTC ")))
                at = limn_slice_from(at, 4);
        if (!limn_slice_starts(at, LIMN_S("- ")) ||
            limn_slice_find(at, LIMN_S("got signal")) == at.n)
                return;
        *rest = limn_slice_from(at, 2);
        event->level = LIMN_LEVEL_FATAL;
}

static void take_stamped(LimnEvent *event, const LimnParse *parse, LimnSlice line,
                         LimnSlice *ret_rest)
{
        LimnStamp stamp;
        size_t n = stamp_of(line, &stamp);

        *ret_rest = line;
        if (n == 0)
                return;
        limn_event_set_stamp(event, parse, &stamp, limn_slice_to(line, n));
        LimnSlice rest = limn_text_blanks(limn_slice_from(line, n));
        if (rest.n && rest.p[0] == ',') {
                take_columns(event, &rest);
        } else {
                take_thread(event, &rest);
                take_level(event, &rest);
                if (event->level == LIMN_LEVEL_NONE)
                        take_signal(event, &rest);
                if (limn_slice_starts(rest, LIMN_S("WSREP_SST: [")))
                        take_transfer(event, &rest);
        }
        *ret_rest = rest;
}

static bool is_safe(const LimnEvent *event)
{
        return event->component.n > 5 && limn_slice_ends(event->component, LIMN_S("safe"));
}

/* How far the clock of `naive` is from that of `stated`, if the two were written together. */
static bool zone_between(LimnTime naive, LimnTime stated, LimnDuration *ret)
{
        const LimnDuration quarter = 15 * LIMN_MINUTE;

        if (naive < 0 || stated < 0 || naive > INT64_MAX / 2 || stated > INT64_MAX / 2)
                return false;
        LimnDuration away = naive - stated;
        LimnDuration zone = (away + (away < 0 ? -quarter / 2 : quarter / 2)) / quarter * quarter;
        *ret = zone;
        return zone <= 14 * LIMN_HOUR && zone >= -14 * LIMN_HOUR && away - zone <= SAFE_DELAY &&
               away - zone >= -SAFE_DELAY;
}

/* mysqld_safe writes local time without a zone, into files whose other lines are in UTC. What
 * stands whole quarters of an hour away from the server's line beside it tells the zone. */
static void settle_safe(LimnEvent *event, State *state)
{
        if (event->time_basis == LIMN_BASIS_STATED) {
                if (state->safe_known)
                        state->zone_known |=
                                zone_between(state->safe, event->time, &state->zone);
                state->safe_known = 0;
                state->stated = event->time;
                state->stated_known = 1;
        } else if (event->time_basis == LIMN_BASIS_ASSUMED && is_safe(event)) {
                LimnDuration zone;
                state->safe = event->time;
                state->safe_known = 1;
                if (state->stated_known && zone_between(event->time, state->stated, &zone)) {
                        state->zone = zone;
                        state->zone_known = 1;
                }
                if (state->zone_known && event->time > 0 && event->time < INT64_MAX / 2 &&
                    state->zone < LIMN_DAY && state->zone > -LIMN_DAY) {
                        event->time -= state->zone;
                        event->time_basis = LIMN_BASIS_STATED;
                }
        }
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        State *state = parse->state;
        LimnSlice after, line = limn_text_chomp(limn_text_first(record, &after)), rest;
        LimnFields fields = {0};
        size_t lead = 0;
        int r;

        ret->time = LIMN_TIME_NONE;
        if (!starts_record(line)) {
                ret->message = limn_text_blanks(line);
                return LIMN_PARSE_PLAIN;
        }
        if (!limn_ascii_digit(line.p[0]) && (lead = pasted_lead(line)) > 0) {
                char quote = line.p[lead - 1];
                line = limn_slice_from(line, lead);
                if (line.n && (quote == '"' || quote == '`') && line.p[line.n - 1] == quote)
                        line.n--;
        }
        if (is_server_level(line)) {
                rest = line;
                take_level(ret, &rest);
                inherit_time(ret, state);
        } else if (limn_mysql_is_foreign(line)) {
                LimnSlice clock;
                limn_mysql_foreign(line, parse, ret, &clock, &rest);
                if (clock.p)
                        set_time_of_day(ret, state, clock);
                if (ret->time == LIMN_TIME_NONE)
                        inherit_time(ret, state);
        } else if (line.p[2] == ':') {
                set_time_of_day(ret, state, line);
                rest = limn_text_blanks(limn_slice_from(line, 8));
                take_signal(ret, &rest);
        } else {
                take_stamped(ret, parse, line, &rest);
                if (!ret->time_raw.p) {
                        ret->message = line;
                        return LIMN_PARSE_PLAIN;
                }
        }
        if (ret->time != LIMN_TIME_NONE) {
                settle_safe(ret, state);
                state->last = ret->time;
                state->known = 1;
        }
        /* 8.x begins the messages of deadlock reports with a line feed. */
        while (rest.n == 0 && limn_slice_line(&after, &rest))
                rest = limn_slice_trim(rest);
        ret->message = rest;
        if (!ret->component.p)
                ret->component = named_in(rest);
        if (after.n) {
                r = limn_text_add_trace(&fields, parse->arena, after, false);
                if (r < 0)
                        return r;
                limn_event_take_fields(ret, &fields);
        }
        return LIMN_PARSED;
}

/* How much a line looks like this log: 0 not, 1 a stamp and a level in brackets, 2 named. */
static int looks(LimnSlice line)
{
        LimnEvent event = {0};
        LimnStamp stamp;
        size_t n;

        line = limn_text_lead(line);
        if (!is_stamped(line))
                return limn_slice_starts(line, LIMN_S("Version: '")) ? 2 : 0;
        if (line.p[2] == ':')
                return 2;
        n = stamp_of(line, &stamp);
        if (n == 0)
                return 0;
        LimnSlice rest = limn_text_blanks(limn_slice_from(line, n));
        if (rest.n && rest.p[0] == ',') {
                take_columns(&event, &rest);
        } else {
                take_thread(&event, &rest);
                take_level(&event, &rest);
        }
        if (event.code.p || limn_slice_starts(event.component, LIMN_S("m")) ||
            limn_slice_starts(event.component, LIMN_S("Entrypoint")))
                return 2;
        if (named_in(rest).p || limn_slice_starts(rest, LIMN_S("WSREP_SST: [")))
                return 2;
        static const LimnSlice levels[] = {
                {"Note", 4}, {"Warning", 7}, {"ERROR", 5}, {"System", 6},
        };
        /* Other programs write `[ERROR]` behind an ISO stamp too, but no thread between. */
        if (!event.thread.p && line.p[4] == '-' && !limn_slice_eq(event.level_raw, levels[0]))
                return 0;
        for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
                if (limn_slice_eq(event.level_raw, levels[i]))
                        return 1;
        return 0;
}

static LimnBid bid(LimnSlice head, bool whole)
{
        static const LimnSlice names[] = {
                {"mysqld", 6}, {"mariadbd", 8}, {"MariaDB", 7}, {"MySQL", 5}, {"binlog", 6},
                {"Aborted connection", 18}, {"Access denied for user", 22}, {"Plugin '", 8},
        };
        size_t stamped = 0, shaped = 0, named = 0, tabbed = 0;
        LimnSlice rest = head, line;
        LimnStamp stamp;

        while (limn_slice_line(&rest, &line)) {
                size_t lead = line.n && !limn_ascii_digit(line.p[0]) ? pasted_lead(line) : 0;
                LimnSlice own = limn_slice_from(line, lead);
                bool start = is_stamped(limn_text_lead(own));
                int how = looks(own);
                /* The general log's lines, which some servers write between. */
                size_t n = start && how == 0 ? stamp_of(own, &stamp) : 0;
                if (n && n < own.n && own.p[n] == '\t') {
                        tabbed++;
                        continue;
                }
                /* Without a stamp only what no other program writes counts. */
                if (!start && (limn_slice_starts(own, LIMN_S("[Note] ")) ||
                               limn_slice_starts(own, LIMN_S("[System] ")) ||
                               limn_slice_starts(own, LIMN_S("[ERROR] [MY-")) ||
                               limn_slice_starts(own, LIMN_S("[Warning] [MY-"))))
                        start = true, how = 1;
                stamped += start;
                shaped += start && how > 0;
                named += how == 2;
        }
        if (shaped == 0 || shaped * 2 <= stamped || shaped * 2 < tabbed)
                return shaped ? LIMN_BID_MAYBE : LIMN_BID_NO;
        for (size_t i = 0; named == 0 && i < sizeof names / sizeof *names; i++)
                named += limn_slice_find(head, names[i]) < head.n;
        return named ? LIMN_BID_CERTAIN : LIMN_BID_LIKELY;
}

const LimnFormat limn_format_mysql_error = {
        .name = "mysql_error",
        .title = "MySQL error log (5.0 to 9, Percona, Galera, Aurora, MariaDB 5.5 to 11)",
        .version = 4,
        .product = "mysql",
        .service = "error",
        .bid = bid,
        .starts_record = starts_record,
        .state_size = sizeof(State),
        .parse = parse,
};
