/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Envelopes that are a JSON object a line, with the wrapped line as one of its strings.
 *
 *   docker     {"log":"line\n","stream":"stderr","time":"2026-11-22T07:24:01.123456789Z"}
 *   journal    {"__REALTIME_TIMESTAMP":"1795332241123456","_PID":"801","MESSAGE":"line",...}
 *   cloud      exports of CloudWatch (message, logStreamName), Azure Monitor (LogEntry,
 *              LogMessage), Cloud Logging (textPayload) and of log shippers (log, file)
 *   cloud_page the same objects in an array or in a page, {"events": [...]}, pretty-printed or not
 *
 * Read by its brackets alone, without memory of its own: records are cut with it.
 */
#include "core/json_scan.h"
#include "parsers/json_event.h"
#include "parsers/json_page.h"
#include "parsers/text.h"
#include "parsers/wrapper.h"

/* No entry of a journal, printed, is looked for further. */
#define PRINTED_MAX (256 * 1024)

typedef struct Members {
        LimnSlice message, time, stream, host, program, pid, priority;
        bool escaped; /* the message is */
        bool bytes;   /* the message is an array of them */
        bool told;    /* a name that only a wrapper has was there */
        bool log;     /* the message is called so that no log of objects has it as text */
} Members;

enum { DOCKER = 1, JOURNAL = 2, CLOUD = 4 };

static const struct Name {
        LimnSlice name;
        unsigned wrappers;
        bool tells; /* no log of objects calls a member so, only a wrapper does */
        enum { MESSAGE, TIME, STREAM, HOST, PROGRAM, PID, PRIORITY, NONE } role;
} names[] = {
#define NAME(text, wrappers, tells, role) {{text, sizeof(text) - 1}, wrappers, tells, role}
        NAME("log", DOCKER | CLOUD, true, MESSAGE), NAME("MESSAGE", JOURNAL, true, MESSAGE),
        NAME("message", CLOUD, false, MESSAGE), NAME("@message", CLOUD, true, MESSAGE),
        NAME("textPayload", CLOUD, true, MESSAGE), NAME("LogEntry", CLOUD, true, MESSAGE),
        NAME("LogMessage", CLOUD, true, MESSAGE), NAME("time", DOCKER | CLOUD, false, TIME),
        NAME("timestamp", CLOUD, false, TIME), NAME("@timestamp", CLOUD, false, TIME),
        NAME("date", CLOUD, false, TIME), NAME("TimeGenerated", CLOUD, true, TIME),
        NAME("__REALTIME_TIMESTAMP", JOURNAL, true, TIME),
        NAME("stream", DOCKER | CLOUD, false, STREAM),
        NAME("logStreamName", CLOUD, true, STREAM), NAME("@logStream", CLOUD, true, STREAM),
        NAME("logName", CLOUD, true, STREAM), NAME("LogEntrySource", CLOUD, true, STREAM),
        NAME("_HOSTNAME", JOURNAL, true, HOST), NAME("Computer", CLOUD, true, HOST),
        NAME("SYSLOG_IDENTIFIER", JOURNAL, true, PROGRAM),
        NAME("ContainerName", CLOUD, true, PROGRAM), NAME("_PID", JOURNAL, true, PID),
        NAME("PRIORITY", JOURNAL, true, PRIORITY), NAME("ingestionTime", CLOUD, true, NONE),
        NAME("eventId", CLOUD, true, NONE), NAME("kubernetes", CLOUD, true, NONE),
        NAME("severity", CLOUD, false, PRIORITY), NAME("level", CLOUD, false, PRIORITY),
        NAME("error_level", CLOUD, false, PRIORITY), NAME("insertId", CLOUD, true, NONE),
        NAME("_p", CLOUD, true, NONE),
#undef NAME
};

/* The string behind the quote at the start of *rest, which is moved behind its end. Where the line
 * was cut within it, it ends with the line. */
static LimnSlice take_string(LimnSlice *rest, bool *ret_escaped)
{
        size_t n = 1;

        *ret_escaped = false;
        while (n < rest->n && rest->p[n] != '"') {
                if (rest->p[n] == '\\') {
                        *ret_escaped = true;
                        n++;
                }
                n++;
        }
        if (n > rest->n)
                n = rest->n;
        LimnSlice s = limn_slice(rest->p + 1, n - 1);
        *rest = limn_slice_from(*rest, n + 1);
        return s;
}

static void note(Members *members, unsigned wrapper, LimnSlice name, LimnSlice value, bool escaped)
{
        LimnSlice *const to[] = {
                &members->message, &members->time, &members->stream, &members->host,
                &members->program, &members->pid,  &members->priority,
        };
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
                if (!(names[i].wrappers & wrapper) || !limn_slice_eq(names[i].name, name))
                        continue;
                members->told |= names[i].tells;
                if (names[i].role != NONE && value.p && !to[names[i].role]->p) {
                        *to[names[i].role] = value;
                        if (names[i].role == MESSAGE) {
                                members->escaped = escaped;
                                members->bytes = value.n && value.p[0] == '[' &&
                                                 wrapper == JOURNAL && value.p[-1] != '"';
                                members->log = names[i].tells;
                        }
                }
                return;
        }
}

static bool read_members(LimnSlice line, unsigned wrapper, Members *ret)
{
        LimnSlice rest = limn_text_blanks_and_lines(limn_text_lead(line));

        *ret = (Members){0};
        if (rest.n < 8 || rest.p[0] != '{')
                return false;
        rest = limn_slice_trim(limn_slice_from(rest, 1));
        while (rest.n && rest.p[0] == '"') {
                bool escaped;
                LimnSlice name = take_string(&rest, &escaped), value = LIMN_NONE;
                rest = limn_text_blanks_and_lines(rest);
                if (rest.n == 0 || rest.p[0] != ':')
                        break;
                rest = limn_text_blanks_and_lines(limn_slice_from(rest, 1));
                if (rest.n == 0)
                        break;
                escaped = false;
                if (rest.p[0] == '"') {
                        value = take_string(&rest, &escaped);
                } else if (rest.p[0] == '{' && limn_slice_eq(name, LIMN_S("properties"))) {
                        /* Azure's diagnostic logs: the line is one level deeper. */
                        rest = limn_text_blanks_and_lines(limn_slice_from(rest, 1));
                        ret->told = true;
                        continue;
                } else if (rest.p[0] == '{' || rest.p[0] == '[') {
                        size_t n = limn_json_skip(rest);
                        if (n == 0)
                                break;
                        /* journalctl writes text that is no plain UTF-8 as its bytes. */
                        if (wrapper == JOURNAL && rest.p[0] == '[')
                                value = limn_slice_to(rest, n);
                        rest = limn_slice_from(rest, n);
                } else {
                        size_t n = 0;
                        while (n < rest.n && rest.p[n] != ',' && rest.p[n] != '}')
                                n++;
                        value = limn_slice_trim(limn_slice_to(rest, n));
                        rest = limn_slice_from(rest, n);
                }
                note(ret, wrapper, name, value, escaped);
                rest = limn_text_blanks_and_lines(rest);
                while (rest.n && rest.p[0] == '}')
                        rest = limn_text_blanks_and_lines(limn_slice_from(rest, 1));
                if (rest.n == 0 || rest.p[0] != ',')
                        break;
                rest = limn_text_blanks_and_lines(limn_slice_from(rest, 1));
        }
        return ret->message.p != NULL;
}

static size_t put_utf8(unsigned code, char *out)
{
        if (code < 0x80) {
                out[0] = (char)code;
                return 1;
        }
        if (code < 0x800) {
                out[0] = (char)(0xC0 | (code >> 6));
                out[1] = (char)(0x80 | (code & 0x3F));
                return 2;
        }
        if (code < 0x10000) {
                out[0] = (char)(0xE0 | (code >> 12));
                out[1] = (char)(0x80 | ((code >> 6) & 0x3F));
                out[2] = (char)(0x80 | (code & 0x3F));
                return 3;
        }
        out[0] = (char)(0xF0 | (code >> 18));
        out[1] = (char)(0x80 | ((code >> 12) & 0x3F));
        out[2] = (char)(0x80 | ((code >> 6) & 0x3F));
        out[3] = (char)(0x80 | (code & 0x3F));
        return 4;
}

static bool hex4(LimnSlice s, unsigned *ret)
{
        *ret = 0;
        for (size_t i = 0; i < 4; i++) {
                int digit = i < s.n ? limn_ascii_hex(s.p[i]) : -1;
                if (digit < 0)
                        return false;
                *ret = *ret * 16 + (unsigned)digit;
        }
        return true;
}

/* No escape is shorter than what it stands for, so that the room is never too small. */
static LimnSlice decode(LimnSlice s, LimnRoom *room)
{
        size_t start = room->n;

        for (size_t i = 0; i < s.n && room->n + 4 <= room->cap; i++) {
                char c = s.p[i];
                unsigned code, low;
                if (c != '\\' || i + 1 == s.n) {
                        room->p[room->n++] = c;
                        continue;
                }
                c = s.p[++i];
                if (c == 'u' && hex4(limn_slice_from(s, i + 1), &code)) {
                        i += 4;
                        if (code >= 0xD800 && code < 0xDC00 &&
                            limn_slice_starts(limn_slice_from(s, i + 1), LIMN_S("\\u")) &&
                            hex4(limn_slice_from(s, i + 3), &low) && low >= 0xDC00 &&
                            low < 0xE000) {
                                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                                i += 6;
                        }
                        room->n += put_utf8(code, room->p + room->n);
                        continue;
                }
                c = (char)(c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r'
                         : c == 'b' ? '\b' : c == 'f' ? '\f' : c);
                room->p[room->n++] = c;
        }
        return limn_slice(room->p + start, room->n - start);
}

static void set_time(LimnSlice value, LimnWrapped *ret)
{
        LimnParse parse = {.reference = LIMN_TIME_NONE};
        LimnEvent event = {.time = LIMN_TIME_NONE};

        if (!value.p || !limn_json_event_time(&event, &parse, value))
                return;
        ret->time_raw = value;
        ret->stated = event.time_basis == LIMN_BASIS_STATED;
        ret->time = event.time;
        if (!ret->stated && !limn_stamp_iso(value, &ret->stamp))
                limn_stamp_slash(value, &ret->stamp);
}

/* `[50,48,50,54]` */
static LimnSlice decode_bytes(LimnSlice s, LimnRoom *room)
{
        size_t start = room->n;
        unsigned byte = 0;
        bool any = false;

        for (size_t i = 0; i < s.n && room->n < room->cap; i++) {
                if (limn_ascii_digit(s.p[i])) {
                        byte = byte * 10 + (unsigned)(s.p[i] - '0');
                        any = true;
                } else if (any) {
                        room->p[room->n++] = (char)byte;
                        byte = 0;
                        any = false;
                }
        }
        return limn_slice(room->p + start, room->n - start);
}

static void fill(const Members *members, LimnRoom *room, LimnWrapped *ret)
{
        ret->text = members->escaped ? decode(members->message, room) : members->message;
        if (members->bytes)
                ret->text = decode_bytes(members->message, room);
        set_time(members->time, ret);
        ret->host = members->host;
        ret->program = members->program;
        ret->pid = members->pid;
        ret->stream = members->stream;
        ret->writer = members->program.p ? members->program : members->stream;
}

static bool unwrap_docker(LimnSlice line, LimnWrapperMemory *memory, LimnRoom *room,
                   LimnWrapped *ret)
{
        Members members;

        if (!read_members(line, DOCKER, &members) || !members.time.p || !members.stream.p)
                return false;
        fill(&members, room, ret);
        /* Docker cuts lines at 16 KiB; only a line's last piece has its line feed. */
        ret->partial = ret->text.n >= 16 * 1024 - 4 && ret->text.p[ret->text.n - 1] != '\n';
        if (!ret->partial)
                ret->text = limn_text_chomp(ret->text);
        ret->sure = true;
        return true;
}

/* A line, or an object over several as `-o json-pretty` prints it: up to a bracket that begins a
 * line. */
static size_t cut_printed(LimnSlice bytes, bool last)
{
        size_t line = limn_slice_chr(bytes, '\n') + 1;

        if (line > bytes.n)
                return last ? bytes.n : 0;
        if (limn_text_chomp(limn_slice_to(bytes, line)).n != 1 || bytes.p[0] != '{')
                return line;
        for (size_t at = line; at < bytes.n && at < PRINTED_MAX;) {
                LimnSlice rest = limn_slice_from(bytes, at);
                size_t n = limn_slice_chr(rest, '\n') + 1;
                if (n > rest.n)
                        return last ? bytes.n : 0;
                at += n;
                if (rest.p[0] == '}')
                        return at;
        }
        return last || bytes.n >= PRINTED_MAX ? line : 0;
}

static bool unwrap_journal(LimnSlice line, LimnWrapperMemory *memory, LimnRoom *room,
                   LimnWrapped *ret)
{
        static const LimnLevel levels[] = {
                LIMN_LEVEL_FATAL,   LIMN_LEVEL_FATAL,  LIMN_LEVEL_FATAL, LIMN_LEVEL_ERROR,
                LIMN_LEVEL_WARNING, LIMN_LEVEL_NOTICE, LIMN_LEVEL_INFO,  LIMN_LEVEL_DEBUG,
        };
        Members members;

        if (!read_members(line, JOURNAL, &members) || !members.time.p)
                return false;
        fill(&members, room, ret);
        if (members.priority.n == 1 && members.priority.p[0] >= '0' && members.priority.p[0] <= '7')
                ret->level = levels[members.priority.p[0] - '0'];
        ret->sure = true;
        return true;
}

static bool unwrap_cloud(LimnSlice line, LimnWrapperMemory *memory, LimnRoom *room,
                   LimnWrapped *ret)
{
        Members members;

        if (!read_members(line, CLOUD, &members) || !members.told)
                return false;
        fill(&members, room, ret);
        ret->text = limn_text_chomp(ret->text);
        ret->level = limn_level_from_word(members.priority);
        ret->sure = members.log;
        return true;
}

static const LimnSlice lists[] = {{"events", 6}, {"entries", 7}, {"results", 7}, {"value", 5},
                                  {"logs", 4}, {NULL, 0}};

static size_t cut_page(LimnSlice bytes, bool last)
{
        return limn_json_page_cut(bytes, lists, last);
}

static bool unwrap_cloud_page(LimnSlice piece, LimnWrapperMemory *memory, LimnRoom *room,
                              LimnWrapped *ret)
{
        LimnSlice object;

        if (!limn_json_page_object(piece, lists, &object))
                return false;
        if (unwrap_cloud(object, memory, room, ret))
                return true;
        /* Brackets, and members of the page beside its events. */
        *ret = (LimnWrapped){.noise = object.n == 0 || piece.p[0] == ']' || piece.p[0] == ','};
        return ret->noise;
}

const LimnWrapper limn_wrapper_docker = {
        .name = "docker",
        .title = "Docker's json-file",
        .keep_json = true,
        .unwrap = unwrap_docker,
};
const LimnWrapper limn_wrapper_journal = {
        .name = "journal",
        .title = "the systemd journal as JSON",
        .cut = cut_printed,
        .unwrap = unwrap_journal,
};
const LimnWrapper limn_wrapper_cloud = {
        .name = "cloud",
        .title = "log lines in JSON of CloudWatch, Azure Monitor, Cloud Logging, fluent-bit",
        .keep_json = true,
        .unwrap = unwrap_cloud,
};
const LimnWrapper limn_wrapper_cloud_page = {
        .name = "cloud_page",
        .title = "pages and arrays of CloudWatch, Azure Monitor, Cloud Logging",
        .keep_json = true,
        .cut = cut_page,
        .unwrap = unwrap_cloud_page,
};
