/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs of the ingestion gateway and of other JVM and node programs beside it: a stamp, a level, a
 * logger, a message; stack traces and object dumps run on over the following lines.
 *
 * The shapes are data (below). Only the stamp and the level are asked for when records are cut,
 * so that a line of another log quoted inside a message begins none.
 */
#include "parsers/text.h"

/*
 * %t stamp, %l level (also in brackets), %p [thread], %d number, %c logger (no blanks), %m message
 * (up to the end, or up to the last occurrence of what follows it). A blank stands for any number
 * of them, everything else for itself. The first shape that fits is taken, so narrow ones come
 * first.
 */
static const char *const shapes[] = {
        "%t %l %c: %m",             /* Spark, Databricks driver and gateway */
        "%t %l %p %c: %m",          /* Hadoop, Replicant */
        "%t %l %p %c - %m",         /* logback */
        "%t %l %d --- %p %c : %m",  /* Spring Boot */
        "%t %p %l %c [] - %m",      /* Spark 3.5, log4j2 */
        "%t %p %l %c - %m",         /* logback, canal */
        "%t %p %l %c: %m",
        "%t %l %c - %m",
        "%t %l [%c] %p %m",         /* [logger] [thread] */
        "%t %l %m (%c) %p",         /* Debezium, older images */
        "%t %l %m [%c]",            /* Debezium */
        "%t %l %p %m",
        "%t %p %l %m",
        "%t %l %m",
        "%t - %c - %l - %m",        /* Python */
        "%l %t %p %c - %m",
        "%l %t %p %c: %m",
        "%l %t %c - %m",
        "%l %t %c: %m",
        "%l %t %m",
        "[%t] %l %p %m (%c)",       /* Kafka Connect, inside a connector */
        "[%t] %l %m (%c)",          /* Kafka */
        "[%t] %l %c - %m",          /* log4js */
        "[%t] %l %m",
};

static size_t stamp_of(LimnSlice s, LimnStamp *ret)
{
        size_t n;

        if (s.n < 14 || !limn_ascii_digit(s.p[0]) || !limn_ascii_digit(s.p[1]))
                return 0;
        n = s.p[2] == '/' || s.p[4] == '/' ? limn_stamp_slash(s, ret) : limn_stamp_iso(s, ret);
        return n;
}

/* `INFO` or `[INFO ]`: the length, and the word. */
static size_t level_of(LimnSlice s, LimnLevel *ret, LimnSlice *ret_word)
{
        size_t box = s.n && s.p[0] == '[', n = box;

        while (n < s.n && n < 16 && limn_ascii_alpha(s.p[n]))
                n++;
        *ret_word = limn_slice(s.p + box, n - box);
        if (n - box < 3)
                return 0;
        if (box) {
                while (n < s.n && s.p[n] == ' ')
                        n++;
                if (n == s.n || s.p[n] != ']' || limn_slice_eq(*ret_word, LIMN_S("Note")) ||
                    limn_slice_eq(*ret_word, LIMN_S("System")))
                        return 0; /* the last two are the MySQL server's */
                n++;
        }
        if (n < s.n && s.p[n] != ' ' && s.p[n] != '\t')
                return 0;
        *ret = limn_level_from_word(*ret_word);
        return *ret == LIMN_LEVEL_NONE ? 0 : n;
}

/* The length of `[...]`, brackets within it balanced (thread names hold them). */
static size_t bracketed(LimnSlice s)
{
        size_t depth = 0;

        for (size_t i = 0; i < s.n && i < 256; i++) {
                depth += s.p[i] == '[';
                if (s.p[i] == ']' && --depth == 0)
                        return i + 1;
                if (depth == 0)
                        return 0;
        }
        return 0;
}

static size_t logger_of(LimnSlice s)
{
        size_t n = 0;

        while (n < s.n && n < 256 && !limn_ascii_space(s.p[n]) && s.p[n] != '[' &&
               s.p[n] != '(' && s.p[n] != ']' && s.p[n] != ')' && s.p[n] != '"' && s.p[n] != '\'')
                n++;
        return n;
}

static bool starts_record(LimnSlice line)
{
        LimnStamp stamp;
        LimnLevel level;
        LimnSlice word;

        line = limn_text_lead(line);
        if (line.n < 20 || limn_ascii_space(line.p[0]))
                return false;
        bool boxed = line.p[0] == '[';
        LimnSlice rest = limn_slice_from(line, boxed);
        size_t n = stamp_of(rest, &stamp);
        if (n == 0) {
                n = level_of(line, &level, &word);
                return n && stamp_of(limn_text_blanks(limn_slice_from(line, n)), &stamp);
        }
        rest = limn_slice_from(rest, n);
        if (boxed) {
                if (rest.n == 0 || rest.p[0] != ']')
                        return false;
                rest = limn_slice_from(rest, 1);
        }
        rest = limn_text_blanks(rest);
        if (level_of(rest, &level, &word))
                return true;
        if (limn_slice_starts(rest, LIMN_S("- "))) {
                rest = limn_slice_from(rest, 2);
                rest = limn_slice_from(rest, limn_slice_find(rest, LIMN_S(" - ")));
                return rest.n && level_of(limn_slice_from(rest, 3), &level, &word);
        }
        n = boxed ? 0 : bracketed(rest);
        return n && level_of(limn_text_blanks(limn_slice_from(rest, n)), &level, &word);
}

/* Where `s` ends with the tail of a shape (after %m): the last place its first characters stand. */
static bool split_tail(LimnSlice s, const char *tail, size_t *ret)
{
        char open = tail[1]; /* after the blank */

        if (s.n == 0 || (s.p[s.n - 1] != ')' && s.p[s.n - 1] != ']'))
                return false;
        size_t i = s.n;
        if (tail[strlen(tail) - 1] == 'p') { /* " (%c) %p": the thread's bracket first */
                while (i > 0 && s.p[i - 1] != '[')
                        i--;
                if (i < 3)
                        return false;
                i--;
        }
        while (i > 1 && !(s.p[i - 1] == open && s.p[i - 2] == ' '))
                i--;
        if (i < 2)
                return false;
        *ret = i - 2;
        return true;
}

static bool fits(const char *shape, LimnSlice line, LimnEvent *ret, LimnStamp *ret_stamp)
{
        LimnSlice s = line;

        for (const char *c = shape; *c; c++) {
                size_t n;
                if (*c == ' ') {
                        if (s.n == 0 || (s.p[0] != ' ' && s.p[0] != '\t'))
                                return false;
                        s = limn_text_blanks(s);
                        continue;
                }
                if (*c != '%') {
                        if (s.n == 0 || s.p[0] != *c)
                                return false;
                        s = limn_slice_from(s, 1);
                        continue;
                }
                switch (*++c) {
                case 't':
                        n = stamp_of(s, ret_stamp);
                        ret->time_raw = limn_slice_to(s, n);
                        break;
                case 'l':
                        n = level_of(s, &ret->level, &ret->level_raw);
                        break;
                case 'p':
                        n = bracketed(s);
                        ret->thread = n ? limn_slice(s.p + 1, n - 2) : LIMN_NONE;
                        break;
                case 'd':
                        n = limn_text_digits(s);
                        break;
                case 'c':
                        n = logger_of(s);
                        /* `Logger: ` and `(logger:line)`: the colon is not the name's. */
                        if (n > 1 && c[1] == ':' && s.p[n - 1] == ':')
                                n--;
                        ret->logger = limn_slice_to(s, n);
                        /* `Class:57`: the line of the program that logged. */
                        if (c[1] == ' ') {
                                size_t colon = limn_slice_chr(ret->logger, ':');
                                LimnSlice number = limn_slice_from(ret->logger, colon + 1);
                                if (colon && number.n && limn_text_digits(number) == number.n)
                                        ret->logger.n = colon;
                        }
                        /* In brackets only a class's full name is one: messages end in them too. */
                        if (c[1] == ')' || c[1] == ']') {
                                ret->logger.n = limn_slice_chr(ret->logger, ':');
                                if (limn_slice_chr(ret->logger, '.') == ret->logger.n)
                                        return false;
                        }
                        break;
                case 'm':
                        n = s.n;
                        if (c[1] && !split_tail(s, c + 1, &n))
                                return false;
                        ret->message = limn_text_chomp(limn_slice_to(s, n));
                        s = limn_slice_from(s, n);
                        continue;
                default:
                        return false;
                }
                if (n == 0)
                        return false;
                s = limn_slice_from(s, n);
        }
        return s.n == 0;
}

/* Stamp and level of a line that begins a record and says nothing more. */
static void bare_head(LimnSlice line, LimnEvent *ret, LimnStamp *ret_stamp)
{
        size_t n = level_of(line, &ret->level, &ret->level_raw);
        LimnSlice at = limn_text_blanks(limn_slice_from(line, n));

        at = limn_slice_from(at, at.n && at.p[0] == '[');
        ret->time_raw = limn_slice_to(at, stamp_of(at, ret_stamp));
        if (n)
                return;
        at = limn_slice_from(at, ret->time_raw.n);
        at = limn_text_blanks(limn_slice_from(at, at.n && at.p[0] == ']'));
        if (level_of(at, &ret->level, &ret->level_raw))
                return;
        at = limn_text_blanks(limn_slice_from(at, bracketed(at)));
        level_of(at, &ret->level, &ret->level_raw);
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        LimnSlice rest, line = limn_text_chomp(limn_text_first(record, &rest));
        LimnFields fields = {0};
        LimnStamp stamp;
        size_t i;
        int r;

        ret->time = LIMN_TIME_NONE;
        for (i = 0; i < sizeof shapes / sizeof *shapes; i++) {
                LimnEvent event = {.record = record, .time = LIMN_TIME_NONE};
                /* A shape begins with a stamp, a stamp in brackets, or a level. */
                bool box = line.n && line.p[0] == '[';
                bool digit = line.n && limn_ascii_digit(line.p[0]);
                if (shapes[i][1] == 't' ? !digit : shapes[i][0] == '[' ? !box : digit)
                        continue;
                if (fits(shapes[i], line, &event, &stamp)) {
                        *ret = event;
                        break;
                }
        }
        if (i == sizeof shapes / sizeof *shapes) {
                /* Stamp and level stand, nothing behind them: the message is on the next line. */
                if (!starts_record(line)) {
                        ret->message = limn_slice_trim(line);
                        return LIMN_PARSE_PLAIN;
                }
                bare_head(line, ret, &stamp);
                while (ret->message.n == 0 && limn_slice_line(&rest, &ret->message))
                        ret->message = limn_slice_trim(ret->message);
        }
        limn_event_set_stamp(ret, parse, &stamp, ret->time_raw);
        if (rest.n) {
                r = limn_text_add_trace(&fields, parse->arena, rest, true);
                if (r < 0)
                        return r;
                limn_event_take_fields(ret, &fields);
        }
        return LIMN_PARSED;
}

static bool stamped(LimnSlice line)
{
        LimnStamp stamp;
        return stamp_of(limn_slice_from(line, line.n && line.p[0] == '['), &stamp) > 0;
}

static LimnBid bid(LimnSlice head, bool whole)
{
        LimnTally mine = limn_text_tally(head, starts_record);
        size_t stamps = limn_text_tally(head, stamped).matched;

        if (mine.matched == 0)
                return LIMN_BID_NO;
        return mine.matched * 2 >= stamps && mine.matched * 100 >= mine.lines ? LIMN_BID_LIKELY
                                                                              : LIMN_BID_MAYBE;
}

const LimnFormat limn_format_gateway_log = {
        .name = "gateway_log",
        .title = "gateway, driver, connector logs (log4j, logback, Spark, Kafka Connect, Debezium)",
        .version = 1,
        .product = "databricks",
        .service = "gateway",
        .steady = true,
        .bid = bid,
        .starts_record = starts_record,
        .parse = parse,
};
