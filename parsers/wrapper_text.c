/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Envelopes that are text before the line.
 *
 *   syslog     <34>Nov 22 07:24:01 host mysqld[801]: line        RFC 3164, or without the number
 *              2026-11-22T07:24:01.123456+00:00 host mysqld[801]: line     rsyslog, journalctl
 *              <34>1 2026-11-22T07:24:01Z host mysqld 801 - - line         RFC 5424
 *   cri        2026-11-22T07:24:01.123456789Z stderr F line      Kubernetes; P: the line goes on
 *   compose    mysql-1  | line, mysql-1 | 2026-11-22T07:24:01.123456789Z line
 *   fluent     [12] tail.0: [1795332241.123456789, {"log"=>"line"}]
 *   pod        [pod/mysql-0/mysql] line                         kubectl logs --prefix
 *   stamped    2026-11-22T07:24:01.123456789Z line     kubectl logs --timestamps, docker logs -t
 *   tail       2026-11-22T07:24:01.123000+00:00 stream line     aws logs tail
 *   stern      mysql-0 mysql line
 */
#include "parsers/text.h"
#include "parsers/wrapper.h"

static LimnSlice take_word(LimnSlice *rest)
{
        size_t n = limn_slice_chr(*rest, ' ');
        LimnSlice word = limn_slice_to(*rest, n);

        *rest = limn_text_blanks(limn_slice_from(*rest, n));
        return word;
}

/* `Nov 22 07:24:01`, a year or a fraction behind it or not. */
static size_t bsd_stamp(LimnSlice s, LimnStamp *ret)
{
        static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
        LimnStamp stamp = {.resolution = LIMN_SECOND};

        if (s.n < 15 || s.p[3] != ' ' || s.p[6] != ' ' || !limn_text_clock(s.p + 7) ||
            s.p[7] == ' ' || !limn_ascii_digit(s.p[5]) ||
            !(s.p[4] == ' ' || limn_ascii_digit(s.p[4])))
                return 0;
        for (int m = 0; m < 12 && !stamp.month; m++)
                if (memcmp(s.p, months + (size_t)m * 3, 3) == 0)
                        stamp.month = m + 1;
        if (!stamp.month)
                return 0;
        stamp.day = (s.p[4] == ' ' ? 0 : s.p[4] - '0') * 10 + s.p[5] - '0';
        stamp.hour = (s.p[7] - '0') * 10 + s.p[8] - '0';
        stamp.minute = (s.p[10] - '0') * 10 + s.p[11] - '0';
        stamp.second = (s.p[13] - '0') * 10 + s.p[14] - '0';
        size_t n = 15;
        if (n + 1 < s.n && s.p[n] == '.' && limn_ascii_digit(s.p[n + 1])) {
                int scale = 100000;
                for (n++; n < s.n && limn_ascii_digit(s.p[n]); n++, scale /= 10)
                        stamp.micros += (s.p[n] - '0') * scale;
                stamp.resolution = 1;
        }
        *ret = stamp;
        return n;
}

static LimnLevel level_of_severity(long long severity)
{
        static const LimnLevel levels[] = {
                LIMN_LEVEL_FATAL,   LIMN_LEVEL_FATAL,  LIMN_LEVEL_FATAL, LIMN_LEVEL_ERROR,
                LIMN_LEVEL_WARNING, LIMN_LEVEL_NOTICE, LIMN_LEVEL_INFO,  LIMN_LEVEL_DEBUG,
        };
        return levels[severity & 7];
}

/* Behind version, stamp and host of RFC 5424: APP PROCID MSGID SD [MSG]. */
static bool rfc5424(LimnSlice rest, LimnWrapped *ret)
{
        ret->program = take_word(&rest);
        ret->writer = ret->program;
        ret->pid = take_word(&rest);
        take_word(&rest); /* the message's kind */
        if (limn_slice_starts(rest, LIMN_S("-"))) {
                rest = limn_slice_from(rest, 1);
        } else {
                while (rest.n && rest.p[0] == '[') {
                        bool quoted = false;
                        size_t i = 1;
                        for (; i < rest.n && (quoted || rest.p[i] != ']'); i++) {
                                if (rest.p[i] == '\\')
                                        i++;
                                else
                                        quoted ^= rest.p[i] == '"';
                        }
                        if (i >= rest.n)
                                return false;
                        rest = limn_slice_from(rest, i + 1);
                }
        }
        if (rest.n && rest.p[0] != ' ')
                return false;
        rest = limn_slice_from(rest, 1);
        ret->text = limn_slice_starts(rest, LIMN_S("\xEF\xBB\xBF")) ? limn_slice_from(rest, 3)
                                                                   : rest;
        return ret->program.n > 0;
}

/* `mysqld[801]: line`: the name has no blank and no bracket. */
static bool tagged(LimnSlice rest, LimnWrapped *ret)
{
        size_t n = 0;

        while (n < rest.n && n < 80 &&
               (limn_ascii_alnum(rest.p[n]) || memchr("-_./@()", rest.p[n], 7)))
                n++;
        if (n == 0 || n == rest.n || limn_text_digits(rest) == n)
                return false;
        ret->program = limn_slice_to(rest, n);
        LimnSlice whole = rest;
        rest = limn_slice_from(rest, n);
        if (rest.p[0] == '[') {
                size_t digits = limn_text_digits(limn_slice_from(rest, 1));
                if (digits == 0 || digits + 1 >= rest.n || rest.p[digits + 1] != ']')
                        return false;
                ret->pid = limn_slice(rest.p + 1, digits);
                rest = limn_slice_from(rest, digits + 2);
        }
        ret->writer = limn_slice_to(whole, whole.n - rest.n);
        if (rest.n == 0 || rest.p[0] != ':')
                return false;
        rest = limn_slice_from(rest, 1);
        ret->text = limn_slice_from(rest, rest.n && rest.p[0] == ' ');
        return true;
}

static bool unwrap_syslog(LimnSlice line, LimnWrapperMemory *memory, LimnRoom *room,
                   LimnWrapped *ret)
{
        LimnSlice rest = limn_text_lead(line);
        bool numbered = false;
        size_t n;

        if (rest.n > 3 && rest.p[0] == '<') {
                long long pri;
                n = limn_slice_chr(limn_slice_to(rest, 6), '>');
                if (n >= rest.n || rest.p[n] != '>' ||
                    !limn_slice_i64(limn_slice(rest.p + 1, n - 1), &pri) || pri < 0 || pri > 191)
                        return false;
                ret->level = level_of_severity(pri);
                rest = limn_slice_from(rest, n + 1);
                numbered = limn_slice_starts(rest, LIMN_S("1 "));
                rest = limn_slice_from(rest, numbered ? 2 : 0);
        }
        n = bsd_stamp(rest, &ret->stamp);
        if (n == 0 && rest.n > 19 && (rest.p[10] == 'T' || ret->level))
                n = limn_stamp_iso(rest, &ret->stamp);
        if (n == 0 || n >= rest.n || rest.p[n] != ' ')
                return false;
        ret->time_raw = limn_slice_to(rest, n);
        rest = limn_text_blanks(limn_slice_from(rest, n));
        ret->host = take_word(&rest);
        if (ret->host.n == 0 || memchr("[({\"'", ret->host.p[0], 5) ||
            limn_slice_chr(ret->host, '/') < ret->host.n)
                return false;
        if (!(numbered ? rfc5424(rest, ret) : tagged(rest, ret)))
                return false;
        ret->sure = ret->level != LIMN_LEVEL_NONE || ret->pid.p;
        return true;
}

static bool unwrap_cri(LimnSlice line, LimnWrapperMemory *memory, LimnRoom *room,
                   LimnWrapped *ret)
{
        LimnSlice rest = limn_text_lead(line);
        size_t n = rest.n > 24 && rest.p[10] == 'T' ? limn_stamp_iso(rest, &ret->stamp) : 0;

        if (n == 0 || n >= rest.n || rest.p[n] != ' ')
                return false;
        ret->time_raw = limn_slice_to(rest, n);
        rest = limn_slice_from(rest, n + 1);
        if (!limn_slice_starts(rest, LIMN_S("stdout ")) &&
            !limn_slice_starts(rest, LIMN_S("stderr ")))
                return false;
        ret->stream = ret->writer = limn_slice_to(rest, 6);
        rest = limn_slice_from(rest, 7);
        if (rest.n == 0 || (rest.p[0] != 'F' && rest.p[0] != 'P') ||
            (rest.n > 1 && rest.p[1] != ' ' && rest.p[1] != ':'))
                return false;
        ret->partial = rest.p[0] == 'P';
        ret->text = limn_slice_from(rest, 1 + limn_slice_chr(rest, ' '));
        ret->sure = true;
        return true;
}

static bool unwrap_compose(LimnSlice line, LimnWrapperMemory *memory, LimnRoom *room,
                   LimnWrapped *ret)
{
        LimnSlice rest = limn_text_lead(line);
        LimnStamp stamp;
        size_t n = 0;

        /* Colours stand around the name when the output was meant for a terminal. */
        if (limn_slice_starts(rest, LIMN_S("\x1b["))) {
                n = limn_slice_chr(limn_slice_to(rest, 12), 'm') + 1;
                rest = limn_slice_from(rest, n);
                n = 0;
        }
        while (n < rest.n && n < 64 &&
               (limn_ascii_alnum(rest.p[n]) || memchr("-_.", rest.p[n], 3)))
                n++;
        if (n == 0 || !limn_ascii_alpha(rest.p[0]))
                return false;
        ret->program = ret->writer = limn_slice_to(rest, n);
        rest = limn_text_blanks(limn_slice_from(rest, n));
        if (limn_slice_starts(rest, LIMN_S("|\x1b[0m"))) {
                rest = limn_slice_from(rest, 5);
        } else if (rest.n && rest.p[0] == '|' && rest.p > ret->program.p + n) {
                rest = limn_slice_from(rest, 1);
        } else {
                return false;
        }
        rest = limn_slice_from(rest, rest.n && rest.p[0] == ' ');
        /* Docker's own stamp has nanoseconds; a server's has at most microseconds. */
        n = rest.n > 30 && rest.p[10] == 'T' && rest.p[29] == 'Z' ? limn_stamp_iso(rest, &stamp)
                                                                  : 0;
        if (n == 30 && rest.p[30] == ' ') {
                ret->stamp = stamp;
                ret->time_raw = limn_slice_to(rest, n);
                rest = limn_slice_from(rest, n + 1);
        }
        ret->text = rest;
        ret->sure = true;
        return true;
}

/* A stamp and a blank at the start, taken off; both to *ret. */
static bool take_stamp(LimnSlice *rest, LimnWrapped *ret)
{
        size_t n = rest->n > 20 && rest->p[10] == 'T' ? limn_stamp_iso(*rest, &ret->stamp) : 0;

        if (n == 0 || n >= rest->n || rest->p[n] != ' ' || !ret->stamp.has_offset)
                return false;
        ret->time_raw = limn_slice_to(*rest, n);
        *rest = limn_slice_from(*rest, n + 1);
        return true;
}

static bool unwrap_stamped(LimnSlice line, LimnWrapperMemory *memory, LimnRoom *room,
                           LimnWrapped *ret)
{
        ret->text = limn_text_lead(line);
        return take_stamp(&ret->text, ret);
}

/* Letters, digits and what names of pods, streams and containers have; the byte behind it. */
static size_t name_of(LimnSlice s, const char *marks)
{
        size_t n = 0;

        while (n < s.n && n < 256 && (limn_ascii_alnum(s.p[n]) || strchr(marks, s.p[n])))
                n++;
        return n;
}

static bool unwrap_tail(LimnSlice line, LimnWrapperMemory *memory, LimnRoom *room,
                        LimnWrapped *ret)
{
        LimnSlice rest = limn_text_lead(line);
        size_t n;

        if (!take_stamp(&rest, ret))
                return false;
        n = name_of(rest, "-_./[]$#:");
        /* Names have letters and digits or dashes; levels have letters alone, threads digits. */
        if (n < 3 || n >= rest.n || rest.p[n] != ' ' || limn_text_digits(rest) == n ||
            limn_level_from_word(limn_slice_to(rest, n)) != LIMN_LEVEL_NONE)
                return false;
        ret->stream = ret->writer = limn_slice_to(rest, n);
        ret->text = limn_slice_from(rest, n + 1);
        return true;
}

static bool unwrap_pod(LimnSlice line, LimnWrapperMemory *memory, LimnRoom *room,
                       LimnWrapped *ret)
{
        LimnSlice rest = limn_text_lead(line);

        if (!limn_slice_starts(rest, LIMN_S("[pod/")))
                return false;
        rest = limn_slice_from(rest, 5);
        size_t n = name_of(rest, "-_./");
        if (n == 0 || n >= rest.n || rest.p[n] != ']')
                return false;
        ret->writer = limn_slice_to(rest, n);
        size_t slash = limn_slice_chr(ret->writer, '/');
        ret->host = limn_slice_to(ret->writer, slash);
        if (slash < n)
                ret->program = limn_slice_from(ret->writer, slash + 1);
        rest = limn_slice_from(rest, n + 1);
        ret->text = limn_slice_from(rest, rest.n && rest.p[0] == ' ');
        LimnSlice text = ret->text;
        /* kubectl's own stamp has nanoseconds; a server's has at most microseconds. */
        if (text.n > 30 && text.p[29] == 'Z' && take_stamp(&text, ret))
                ret->text = text;
        ret->sure = true;
        return true;
}

static bool unwrap_stern(LimnSlice line, LimnWrapperMemory *memory, LimnRoom *room,
                         LimnWrapped *ret)
{
        LimnSlice rest = limn_text_lead(line), pod;
        size_t n = name_of(rest, "-.");

        if (n < 3 || n >= rest.n || rest.p[n] != ' ' || !limn_ascii_alpha(rest.p[0]))
                return false;
        pod = limn_slice_to(rest, n);
        /* A pod's name is made of several parts. */
        if (limn_slice_chr(pod, '-') == n)
                return false;
        rest = limn_slice_from(rest, n + 1);
        size_t m = name_of(rest, "-.");
        if (m == 0 || m >= rest.n || rest.p[m] != ' ' || !limn_ascii_alpha(rest.p[0]))
                return false;
        ret->host = pod;
        ret->program = limn_slice_to(rest, m);
        ret->writer = limn_slice(pod.p, n + 1 + m);
        ret->text = limn_slice_from(rest, m + 1);
        return true;
}

static bool unwrap_fluent(LimnSlice line, LimnWrapperMemory *memory, LimnRoom *room,
                   LimnWrapped *ret)
{
        LimnSlice rest = limn_text_lead(line);
        size_t n = limn_text_digits(limn_slice_from(rest, 1)), out = room->n;
        long long seconds, nanos = 0;

        if (n == 0 || rest.p[0] != '[' ||
            !limn_slice_starts(limn_slice_from(rest, n + 1), LIMN_S("] ")))
                return false;
        rest = limn_slice_from(rest, n + 3);
        n = limn_slice_find(limn_slice_to(rest, 300), LIMN_S(": ["));
        if (n >= rest.n || n >= 300)
                return false;
        ret->stream = ret->writer = limn_slice_to(rest, n);
        rest = limn_slice_from(rest, n + 3);
        rest = limn_slice_from(rest, rest.n && rest.p[0] == '[');
        n = limn_text_digits(rest);
        size_t m = limn_text_digits(limn_slice_from(rest, n + 1));
        if (!limn_slice_i64(limn_slice_to(rest, n), &seconds) || seconds > 99999999999LL ||
            (m && (rest.p[n] != '.' || m != 9 ||
                   !limn_slice_i64(limn_slice(rest.p + n + 1, m), &nanos))))
                return false;
        ret->time_raw = limn_slice_to(rest, m ? n + 1 + m : n);
        ret->time = seconds * LIMN_SECOND + nanos / 1000;
        ret->stated = true;
        n = limn_slice_find(rest, LIMN_S("\"log\"=>\""));
        if (n >= rest.n)
                return false;
        for (n += 8; n < rest.n && rest.p[n] != '"' && room->n < room->cap; n++) {
                char c = rest.p[n];
                if (c == '\\' && n + 1 < rest.n) {
                        c = rest.p[++n];
                        c = (char)(c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c);
                }
                room->p[room->n++] = c;
        }
        ret->text = limn_text_chomp(limn_slice(room->p + out, room->n - out));
        ret->sure = true;
        return true;
}

const LimnWrapper limn_wrapper_syslog = {
        .name = "syslog",
        .title = "syslog (RFC 3164, RFC 5424) and journalctl's text",
        .unwrap = unwrap_syslog,
};
const LimnWrapper limn_wrapper_cri = {
        .name = "cri",
        .title = "Kubernetes container log (CRI)",
        .unwrap = unwrap_cri,
};
const LimnWrapper limn_wrapper_compose = {
        .name = "compose",
        .title = "docker compose logs",
        .unwrap = unwrap_compose,
};
const LimnWrapper limn_wrapper_fluent = {
        .name = "fluent",
        .title = "fluent-bit's standard output",
        .unwrap = unwrap_fluent,
};
const LimnWrapper limn_wrapper_pod = {
        .name = "pod",
        .title = "kubectl logs --prefix",
        .unwrap = unwrap_pod,
};
const LimnWrapper limn_wrapper_stamped = {
        .name = "stamped",
        .title = "kubectl logs --timestamps, docker logs -t",
        .needs_inner = true,
        .unwrap = unwrap_stamped,
};
const LimnWrapper limn_wrapper_tail = {
        .name = "tail",
        .title = "aws logs tail",
        .needs_inner = true,
        .unwrap = unwrap_tail,
};
const LimnWrapper limn_wrapper_stern = {
        .name = "stern",
        .title = "stern's lines of several pods",
        .needs_inner = true,
        .unwrap = unwrap_stern,
};
