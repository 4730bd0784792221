/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The systemd journal as `journalctl -o export` writes it: an entry is a block of fields, ended by
 * an empty line.
 *
 *   __REALTIME_TIMESTAMP=1795332241123456
 *   SYSLOG_IDENTIFIER=mysqld
 *   MESSAGE=line
 *
 * A value of several lines or of other bytes than text stands behind its name's line: its length in
 * eight bytes (the lowest first), then its bytes, then a line feed.
 */
#include "parsers/text.h"
#include "parsers/wrapper.h"

/* No entry of a log line is longer; what claims to be is no export. */
#define ENTRY_MAX (512 * 1024)

typedef struct Field {
        LimnSlice name, value;
} Field;

/* The field at the start of `s`: its length with what ends it; 0: more bytes are needed. A line
 * that is none is taken whole, without a name. */
static size_t take_field(LimnSlice s, bool last, Field *ret)
{
        size_t end = limn_slice_chr(s, '\n'), name = 0;
        uint64_t size = 0;

        *ret = (Field){LIMN_NONE, LIMN_NONE};
        if (end == s.n && !last && s.n < ENTRY_MAX)
                return 0;
        while (name < end && (limn_ascii_upper(s.p[name]) || limn_ascii_digit(s.p[name]) ||
                              s.p[name] == '_'))
                name++;
        if (name && name < end && s.p[name] == '=') {
                *ret = (Field){limn_slice_to(s, name), limn_slice(s.p + name + 1, end - name - 1)};
                return end + (end < s.n);
        }
        if (name == 0 || name != end || end == s.n)
                return end + (end < s.n);
        LimnSlice rest = limn_slice_from(s, end + 1);
        for (size_t i = 0; i < 8 && i < rest.n; i++)
                size |= (uint64_t)(unsigned char)rest.p[i] << (8 * i);
        bool whole = last && rest.n >= 8 && rest.n - 8 == size; /* its line feed was taken off */
        if (!whole && (rest.n < 8 || (size < ENTRY_MAX && rest.n - 8 < size + 1)))
                return last ? end + 1 : 0;
        if (size >= ENTRY_MAX || (!whole && rest.p[8 + size] != '\n'))
                return end + 1;
        *ret = (Field){limn_slice_to(s, name), limn_slice(rest.p + 8, (size_t)size)};
        return end + 1 + 8 + (size_t)size + !whole;
}

static size_t cut_export(LimnSlice bytes, bool last)
{
        size_t pos = 0;
        bool any = false;
        Field field;

        while (pos < bytes.n && pos < ENTRY_MAX) {
                LimnSlice rest = limn_slice_from(bytes, pos);
                size_t n = take_field(rest, last, &field);
                if (n == 0)
                        return 0;
                pos += n;
                bool blank = !field.name.p && limn_slice_trim(limn_slice_to(rest, n)).n == 0;
                if (blank && any)
                        return pos;
                any |= !blank;
        }
        return last || pos >= ENTRY_MAX ? pos : 0;
}

static bool unwrap_export(LimnSlice entry, LimnWrapperMemory *memory, LimnRoom *room,
                          LimnWrapped *ret)
{
        static const LimnLevel levels[] = {
                LIMN_LEVEL_FATAL,   LIMN_LEVEL_FATAL,  LIMN_LEVEL_FATAL, LIMN_LEVEL_ERROR,
                LIMN_LEVEL_WARNING, LIMN_LEVEL_NOTICE, LIMN_LEVEL_INFO,  LIMN_LEVEL_DEBUG,
        };
        LimnSlice message = LIMN_NONE, priority = LIMN_NONE, unit = LIMN_NONE;
        const struct {
                LimnSlice name, *to;
        } names[] = {
                {LIMN_S("MESSAGE"), &message},
                {LIMN_S("__REALTIME_TIMESTAMP"), &ret->time_raw},
                {LIMN_S("PRIORITY"), &priority},
                {LIMN_S("_HOSTNAME"), &ret->host},
                {LIMN_S("SYSLOG_IDENTIFIER"), &ret->program},
                {LIMN_S("CONTAINER_NAME"), &ret->stream},
                {LIMN_S("_PID"), &ret->pid},
                {LIMN_S("_SYSTEMD_UNIT"), &unit},
        };
        long long micros;

        for (LimnSlice rest = entry; rest.n;) {
                Field field;
                rest = limn_slice_from(rest, take_field(rest, true, &field));
                for (size_t i = 0; field.name.p && i < sizeof names / sizeof *names; i++)
                        if (!names[i].to->p && limn_slice_eq(field.name, names[i].name))
                                *names[i].to = field.value;
        }
        /* Line ends of Windows, of an export that was copied. */
        for (size_t i = 1; i < sizeof names / sizeof *names; i++)
                if (names[i].to->p)
                        *names[i].to = limn_text_chomp(*names[i].to);
        if (!message.p || !limn_slice_i64(ret->time_raw, &micros) || micros < 0)
                return false;
        ret->time = micros;
        ret->stated = true;
        if (!ret->program.p)
                ret->program = unit;
        if (priority.n == 1 && priority.p[0] >= '0' && priority.p[0] <= '7')
                ret->level = levels[priority.p[0] - '0'];
        ret->writer = ret->stream.p ? ret->stream : ret->program;
        ret->text = limn_text_chomp(message);
        return true;
}

const LimnWrapper limn_wrapper_journal_export = {
        .name = "journal_export",
        .title = "the systemd journal as journalctl -o export writes it",
        .cut = cut_export,
        .unwrap = unwrap_export,
};
