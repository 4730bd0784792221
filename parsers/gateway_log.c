/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs of the ingestion gateway and of other JVM, node and Python programs beside it: a stamp, a
 * level, a logger, a message; stack traces and object dumps run on over the following lines.
 *
 * Only the stamp and the level are asked for when records are cut (log_head.h), so that a line of
 * another log quoted inside a message begins none. The logger stands before the message
 * (`Logger:`, `logger - `, `logger [] - `, `logger : `), behind it (`(logger:57)`, `[logger]`), or
 * in the head's brackets; java.util.logging has it on the first of two lines.
 */
#include <errno.h>

#include "parsers/jul.h"
#include "parsers/log_head.h"
#include "parsers/log_pattern.h"
#include "parsers/text.h"

/* Escape sequences of a terminal (colours) left out, into p; the bytes written. */
static size_t without_colours(LimnSlice line, char *p)
{
        size_t n = 0;

        for (size_t i = 0; i < line.n; i++) {
                if (line.p[i] == '\x1b' && i + 1 < line.n && line.p[i + 1] == '[') {
                        for (i += 2; i < line.n && !limn_ascii_alpha(line.p[i]); i++)
                                ;
                        continue;
                }
                p[n++] = line.p[i];
        }
        return n;
}

static bool starts_record(LimnSlice line)
{
        char plain[512];
        LimnLogPattern pattern;
        LimnLogHead head;

        line = limn_text_lead(line);
        if (line.n < 20 || line.p[0] == ' ' || line.p[0] == '\t')
                return false;
        LimnSlice start = limn_slice_to(line, sizeof plain);
        if (memchr(start.p, '\x1b', start.n))
                line = limn_slice(plain, without_colours(start, plain));
        return limn_log_head(line, &head) || limn_log_pattern(line, &pattern);
}

static size_t word_of(LimnSlice s)
{
        size_t n = 0;

        while (n < s.n && n < 256 && !limn_ascii_space(s.p[n]) && s.p[n] != '[' &&
               s.p[n] != '(' && s.p[n] != ']' && s.p[n] != ')' && s.p[n] != '"' && s.p[n] != '\'')
                n++;
        return n;
}

/* `Class:57`: the line of the program that logged is not the name's. */
static LimnSlice without_line(LimnSlice name)
{
        size_t colon = limn_slice_chr(name, ':');
        LimnSlice number = limn_slice_from(name, colon + 1);

        return colon && number.n && limn_text_digits(number) == number.n
                       ? limn_slice_to(name, colon)
                       : name;
}

/* `a.b.Class(method:57) - message`, `a.b.Class(method):57 - message` */
static bool method_logger(LimnSlice class, LimnSlice rest, LimnEvent *ret)
{
        size_t end = limn_slice_chr(limn_slice_to(rest, 100), ')');

        if (rest.n == 0 || rest.p[0] != '(' || end >= rest.n || rest.p[end] != ')' ||
            limn_slice_chr(limn_slice_to(rest, end), ' ') < end ||
            limn_slice_chr(class, '.') == class.n)
                return false;
        rest = limn_slice_from(rest, end + 1);
        if (rest.n && rest.p[0] == ':')
                rest = limn_slice_from(rest, 1 + limn_text_digits(limn_slice_from(rest, 1)));
        if (!limn_slice_starts(rest, LIMN_S(" - ")))
                return false;
        ret->logger = class;
        ret->message = limn_text_blanks(limn_slice_from(rest, 3));
        return true;
}

/* The logger before the message; takes both off. */
static bool leading_logger(LimnSlice s, const LimnLogHead *head, LimnEvent *ret)
{
        size_t n = word_of(s), gap;
        LimnSlice word = limn_slice_to(s, n), rest = limn_slice_from(s, n), blanks;

        if (n == 0)
                return false;
        /* Spring's loggers hold brackets: `o.a.c.c.C.[.[.[/].[dispatcherServlet]`. */
        if (head->dashes && rest.n && rest.p[0] == '[') {
                n = limn_slice_find(limn_slice_to(s, 256), LIMN_S(" : "));
                if (n < s.n && n < 256) {
                        ret->logger = limn_text_chomp(limn_slice_to(s, n));
                        ret->message = limn_text_blanks(limn_slice_from(s, n + 3));
                        return true;
                }
                n = word.n;
        }
        if (method_logger(word, rest, ret))
                return true;
        blanks = limn_text_blanks(rest);
        gap = rest.n - blanks.n;
        if (n > 1 && word.p[n - 1] == ':' && (gap || rest.n == 0)) {
                ret->logger = without_line(limn_slice_to(word, n - 1));
                ret->message = blanks;
                return true;
        }
        if (!gap)
                return false;
        if (blanks.n && blanks.p[0] == ':' && (blanks.n == 1 || blanks.p[1] == ' ')) {
                ret->logger = word;
                ret->message = limn_text_blanks(limn_slice_from(blanks, 1));
                return true;
        }
        /* log4j2's `[]`, or a context, before the dash. */
        n = limn_log_bracketed(blanks);
        if (n && limn_slice_starts(limn_slice_from(blanks, n), LIMN_S(" - ")))
                blanks = limn_slice_from(blanks, n + 1);
        if (limn_slice_starts(blanks, LIMN_S("- "))) {
                ret->logger = without_line(word);
                ret->message = limn_text_blanks(limn_slice_from(blanks, 2));
                return true;
        }
        /* Tomcat: the class and its method, and no mark behind them. */
        bool named = head->stamp_raw.n > 3 && limn_ascii_alpha(head->stamp_raw.p[3]);
        if (head->n_brackets && named) {
                size_t method = word.n;
                while (method && word.p[method - 1] != '.')
                        method--;
                if (method && limn_log_is_class(limn_slice_to(word, method - 1))) {
                        ret->logger = limn_slice_to(word, method - 1);
                        ret->message = blanks;
                        return true;
                }
        }
        return false;
}

/* The logger behind the message, ` (a.b.Class:57)` or ` [a.b.Class]`, maybe with ` [thread]`. */
static bool trailing_logger(LimnSlice s, bool boxed, LimnEvent *ret)
{
        LimnSlice thread = LIMN_NONE;

        for (unsigned tries = 0; tries < 2; tries++) {
                if (s.n < 4 || (s.p[s.n - 1] != ')' && s.p[s.n - 1] != ']'))
                        return false;
                char open = s.p[s.n - 1] == ')' ? '(' : '[';
                size_t i = s.n - 1;
                while (i > 0 && s.p[i - 1] != open)
                        i--;
                if (i < 2 || s.p[i - 2] != ' ')
                        return false;
                LimnSlice name = limn_slice(s.p + i, s.n - 1 - i);
                LimnSlice class = limn_slice_to(name, limn_slice_chr(name, ':'));
                /* In brackets only a class's full name is one: messages end in them too. */
                bool is = limn_log_is_class(class) ||
                          (boxed && open == '(' && class.n && limn_ascii_alpha(class.p[0]) &&
                           limn_slice_chr(class, '.') < class.n &&
                           limn_slice_chr(class, ' ') == class.n);
                if (is) {
                        ret->logger = class;
                        if (thread.p)
                                ret->thread = thread;
                        ret->message = limn_text_chomp(limn_slice_to(s, i - 1));
                        return true;
                }
                if (open != '[' || thread.p)
                        return false;
                thread = name;
                s = limn_text_chomp(limn_slice_to(s, i - 2));
        }
        return false;
}

/* `4bf92f3577b34da6-00f067aa0ba902b7`, `app,4bf9...,`, `key=value`: context, not a thread. */
static bool is_context(LimnSlice s)
{
        size_t hex = 0, number = s.n;

        /* ZooKeeper: `[QuorumPeer[myid=1]/0:0:0:0:0:0:0:0:2181:Election@774]`. */
        while (number && limn_ascii_digit(s.p[number - 1]))
                number--;
        if (number && number < s.n && s.p[number - 1] == '@')
                return false;
        if (s.n == 0 || limn_slice_chr(s, ',') < s.n || limn_slice_chr(s, '=') < s.n)
                return true;
        while (hex < s.n && (limn_ascii_hex(s.p[hex]) >= 0 || s.p[hex] == '-'))
                hex++;
        return hex == s.n && s.n >= 16;
}

/* `main:QuorumPeerConfig@136`: thread, class and line. */
static void split_thread(LimnSlice s, LimnEvent *ret)
{
        size_t at = s.n, colon;

        while (at && limn_ascii_digit(s.p[at - 1]))
                at--;
        if (at < 2 || at == s.n || s.p[at - 1] != '@')
                return;
        for (colon = --at; colon && s.p[colon - 1] != ':'; colon--)
                ;
        if (colon > 1) {
                ret->logger = limn_slice(s.p + colon, at - colon);
                ret->thread = limn_slice_to(s, colon - 1);
        }
}

/* Which of the head's brackets is the thread, and whether one is the logger. */
static void read_brackets(const LimnLogHead *head, LimnEvent *ret)
{
        LimnSlice threads[LIMN_HEAD_BRACKETS];
        size_t n = 0;

        for (size_t i = 0; i < head->n_brackets; i++)
                if (!is_context(head->bracket[i]))
                        threads[n++] = head->bracket[i];
        if (n == 0) {
                if (head->n_brackets == 1 && head->bracket[0].n)
                        ret->thread = head->bracket[0];
                return;
        }
        /* The logger in brackets: a class's full name, or a name before the node's. */
        bool logger = limn_log_is_class(threads[0]) ||
                      (head->boxed && n > 1 && limn_slice_chr(threads[0], '.') < threads[0].n);
        if (logger && !ret->logger.p) {
                ret->logger = threads[0];
                if (n > 1)
                        ret->thread = threads[1];
        } else {
                ret->thread = head->dashes && n > 1 ? threads[1] : threads[0];
        }
        if (!ret->logger.p)
                split_thread(threads[n - 1], ret);
}

/* `MySQL|harbour|streaming  message`: the context that Debezium puts before a message. */
static LimnSlice take_context(LimnSlice *message)
{
        size_t n = 0, bars = 0;

        while (n < message->n && n < 256 && message->p[n] != ' ')
                bars += message->p[n++] == '|';
        LimnSlice rest = limn_slice_from(*message, n), context = limn_slice_to(*message, n);
        if (bars != 2 || !limn_slice_starts(rest, LIMN_S("  ")))
                return LIMN_NONE;
        *message = limn_text_blanks(rest);
        return n > 2 ? context : LIMN_NONE;
}

/* `message | a.b.Class | thread` or `thread | a.b.Class | message`. */
static void read_bars(LimnSlice s, LimnEvent *ret)
{
        LimnSlice part[3] = {s};
        size_t n = 1;

        for (LimnSlice rest = s; n < 3;) {
                size_t at = limn_slice_find(rest, LIMN_S(" | "));
                if (at == rest.n)
                        break;
                part[n - 1] = limn_slice_to(rest, at);
                part[n++] = rest = limn_slice_from(rest, at + 3);
        }
        ret->message = limn_slice_trim(s);
        if (n < 3)
                return;
        LimnSlice class = limn_slice_trim(part[1]);
        if (limn_log_is_class(class) && limn_slice_chr(limn_slice_trim(part[0]), ' ') ==
                                                limn_slice_trim(part[0]).n) {
                ret->thread = limn_slice_trim(part[0]);
                ret->logger = class;
                ret->message = limn_slice_trim(part[2]);
                return;
        }
        /* From behind: the message may hold bars itself. */
        size_t last = s.n, before;
        while (last >= 3 && memcmp(s.p + last - 3, " | ", 3) != 0)
                last--;
        for (before = last - 3; before >= 3 && memcmp(s.p + before - 3, " | ", 3) != 0; before--)
                ;
        class = limn_slice_trim(limn_slice(s.p + before, last - 3 - before));
        if (before >= 3 && limn_log_is_class(class)) {
                ret->thread = limn_slice_trim(limn_slice_from(s, last));
                ret->logger = class;
                ret->message = limn_slice_trim(limn_slice_to(s, before - 3));
        }
}

/* `io.quarkus`: a name with dots and without blanks. */
static bool is_logger(LimnSlice s)
{
        return limn_slice_chr(s, '.') < s.n && limn_slice_chr(s, ' ') == s.n;
}

/* Kafka's `[Producer clientId=...] ` and TiDB's `["text"]` begin a message; moves *s back to it. */
static void keep_client(LimnLogHead *head, LimnSlice *s)
{
        for (size_t i = 0; head->boxed && i < head->n_brackets; i++) {
                LimnSlice in = head->bracket[i];
                if (in.n == 0 || in.p < head->level_raw.p ||
                    (in.p[0] != '"' && limn_slice_chr(in, '=') == in.n))
                        continue;
                while (in.p[-1] != '[') /* blanks */
                        in.p--;
                *s = limn_slice(in.p - 1, (size_t)(s->p + s->n - in.p) + 1);
                head->n_brackets = i;
                return;
        }
}

static void read_rest(LimnLogHead *head, LimnEvent *ret)
{
        LimnSlice s = limn_text_chomp(limn_text_blanks(head->rest)), context;

        keep_client(head, &s);
        context = s;
        ret->logger = head->name;
        ret->message = s;
        /* zap: tabs between level, logger and message. */
        size_t tab = limn_slice_chr(limn_slice_to(s, 100), '\t');
        if (s.n && head->level_raw.p + head->level_raw.n < s.p && s.p[-1] == '\t' && tab < s.n &&
            tab < 100 && limn_slice_chr(limn_slice_to(s, tab), ' ') == tab) {
                ret->logger = limn_slice_to(s, tab);
                ret->message = limn_text_blanks(limn_slice_from(s, tab));
                read_brackets(head, ret);
                return;
        }
        if (head->bars) {
                read_bars(s, ret);
                return;
        }
        /* Debezium Server: `[logger] (thread) message` */
        if (s.n && s.p[0] == '(' && head->n_brackets && is_logger(head->bracket[0])) {
                size_t end = limn_slice_chr(s, ')');
                if (end < s.n) {
                        ret->logger = head->bracket[0];
                        ret->thread = limn_slice(s.p + 1, end - 1);
                        ret->message = limn_text_blanks(limn_slice_from(s, end + 1));
                        return;
                }
        }
        take_context(&context);
        bool found = head->name.p;
        if (!found && (head->boxed || context.p != s.p))
                found = trailing_logger(s, head->boxed, ret) || leading_logger(s, head, ret);
        else if (!found)
                found = leading_logger(s, head, ret) || trailing_logger(s, head->boxed, ret);
        LimnSlice thread = ret->thread;
        read_brackets(head, ret);
        if (thread.p)
                ret->thread = thread;
}

/* Kafka's config dumps have the logger on the last of their lines: ` (a.b.Config:370)`. */
static void read_last_line(const LimnLogHead *head, LimnSlice rest, LimnEvent *ret)
{
        LimnEvent last = {0};
        size_t n;

        rest = limn_text_chomp(rest);
        for (n = rest.n; n && rest.p[n - 1] != '\n' && rest.n - n < 256; n--)
                ;
        rest = limn_slice_from(rest, n);
        if (!head->boxed || ret->logger.p || !limn_slice_starts(rest, LIMN_S(" (")))
                return;
        if (trailing_logger(rest, true, &last) && last.message.n == 0)
                ret->logger = last.logger;
}

/* java.util.logging: `LEVEL: message` on the line below the head's. */
static void read_jul(const LimnLogHead *head, LimnEvent *ret, LimnSlice *rest)
{
        LimnSlice below = *rest, line, after = limn_text_blanks(head->rest);
        size_t n = limn_slice_chr(after, ' ');

        ret->logger = limn_slice_to(after, n);
        ret->message = limn_slice_trim(limn_slice_from(after, n));
        if (!limn_slice_line(&below, &line))
                return;
        size_t colon = limn_slice_chr(line, ':');
        LimnSlice word = limn_slice_to(line, colon);
        ret->level = limn_level_from_word(word);
        if (ret->level == LIMN_LEVEL_NONE)
                ret->level = limn_jul_level(word);
        if (colon == line.n || ret->level == LIMN_LEVEL_NONE)
                return;
        ret->level_raw = word;
        ret->message = limn_slice_trim(limn_slice_from(line, colon + 1));
        *rest = below;
}

static int read_pattern(const LimnLogPattern *pattern, LimnParse *parse, LimnSlice rest,
                        LimnEvent *ret)
{
        LimnFields fields = {0};

        ret->level = pattern->level;
        ret->level_raw = pattern->level_raw;
        ret->thread = pattern->thread;
        ret->logger = pattern->logger;
        ret->message = limn_slice_trim(pattern->message);
        if (pattern->stamp_raw.p)
                limn_event_set_stamp(ret, parse, &pattern->stamp, pattern->stamp_raw);
        int r = limn_text_add_trace(&fields, parse->arena, rest, true);
        if (r < 0)
                return r;
        limn_event_take_fields(ret, &fields);
        return LIMN_PARSED;
}

/* `io.debezium.DebeziumException: no such place`, `Caused by: java.io.EOFException`: what is left
 * when somebody cut the line with the stamp off. */
static bool is_exception(LimnSlice line)
{
        LimnSlice name = limn_slice_trim(line);
        size_t dots = 0, n = 0;

        if (limn_slice_starts(name, LIMN_S("Caused by: ")))
                name = limn_slice_from(name, 11);
        while (n < name.n && (limn_ascii_alnum(name.p[n]) || memchr("._$", name.p[n], 3)))
                dots += name.p[n++] == '.';
        if (dots < 2 || (n < name.n && name.p[n] != ':'))
                return false;
        name = limn_slice_to(name, n);
        return limn_slice_ends(name, LIMN_S("Exception")) || limn_slice_ends(name, LIMN_S("Error"));
}

static int parse(LimnSlice record, LimnParse *parse, LimnEvent *ret)
{
        LimnSlice rest, line = limn_text_chomp(limn_text_first(record, &rest)), context;
        LimnFields fields = {0};
        LimnLogPattern pattern;
        LimnLogHead head;
        int r;

        ret->time = LIMN_TIME_NONE;
        if (line.n && memchr(line.p, '\x1b', line.n)) {
                char *plain = limn_arena_alloc(parse->arena, line.n);
                if (!plain)
                        return -ENOMEM;
                line = limn_slice(plain, without_colours(line, plain));
        }
        if (!limn_log_head(line, &head)) {
                if (limn_log_pattern(line, &pattern))
                        return read_pattern(&pattern, parse, rest, ret);
                ret->message = limn_slice_trim(line);
                if (!is_exception(line))
                        return LIMN_PARSE_PLAIN;
                ret->level = LIMN_LEVEL_ERROR;
                r = rest.n ? limn_text_add_trace(&fields, parse->arena, rest, true) : 0;
                if (r < 0)
                        return r;
                limn_event_take_fields(ret, &fields);
                return LIMN_PARSED;
        }
        ret->level = head.level;
        ret->level_raw = head.level_raw;
        if (head.jul)
                read_jul(&head, ret, &rest);
        else
                read_rest(&head, ret);
        /* Stamp and level stand, nothing behind them: the message is on the next line. */
        while (ret->message.n == 0 && limn_slice_line(&rest, &ret->message))
                ret->message = limn_slice_trim(ret->message);
        if (ret->message.n == 0)
                ret->message = LIMN_NONE;
        read_last_line(&head, rest, ret);
        limn_event_set_stamp(ret, parse, &head.stamp, head.stamp_raw);
        context = take_context(&ret->message);
        r = limn_text_field(&fields, parse->arena, LIMN_S("context"), context);
        if (r >= 0 && rest.n)
                r = limn_text_add_trace(&fields, parse->arena, rest, true);
        if (r < 0)
                return r;
        limn_event_take_fields(ret, &fields);
        return LIMN_PARSED;
}

static bool stamped(LimnSlice line)
{
        LimnStamp stamp;
        line = limn_log_line(line);
        return limn_log_stamp(limn_slice_from(line, line.n && line.p[0] == '['), &stamp) > 0;
}

static LimnBid bid(LimnSlice head, bool whole)
{
        LimnTally mine = limn_text_tally(head, starts_record);
        size_t stamps = limn_text_tally(head, stamped).matched;

        if (mine.matched == 0)
                return is_exception(limn_slice_to(head, limn_slice_chr(head, '\n'))) ?
                               LIMN_BID_MAYBE :
                               LIMN_BID_NO;
        return mine.matched * 2 >= stamps && mine.matched * 100 >= mine.lines ? LIMN_BID_LIKELY
                                                                              : LIMN_BID_MAYBE;
}

const LimnFormat limn_format_gateway_log = {
        .name = "gateway_log",
        .title = "gateway, driver, connector logs (log4j, logback, JUL, Spark, Spring, Kafka)",
        .version = 4,
        .product = "databricks",
        .service = "gateway",
        .steady = true,
        .bid = bid,
        .starts_record = starts_record,
        .parse = parse,
};
