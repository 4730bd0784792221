/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/pipeline_frame.h"

#include "core/ascii.h"
#include "core/json_scan.h"

enum { TOP, ARRAY, PAGE };

/* Answers of the steps below beside a length. */
#define MORE SIZE_MAX /* more bytes are needed: what limn_json_string_end() says, too */
#define NO 0

static inline bool is_between(char c)
{
        return limn_ascii_space(c) || c == ',' || c == '\x1e';
}

static size_t skip_between(LimnSlice s, size_t i)
{
        while (i < s.n && is_between(s.p[i]))
                i++;
        return i;
}

static size_t skip_space(LimnSlice s, size_t i)
{
        while (i < s.n && limn_ascii_space(s.p[i]))
                i++;
        return i;
}

/* The end of a string, number or word at i; NO when something else stands there. */
static size_t skip_scalar(LimnSlice s, size_t i)
{
        size_t from = i;

        if (i < s.n && s.p[i] == '"')
                return limn_json_string_end(s, i);
        while (i < s.n && (limn_ascii_alnum(s.p[i]) || s.p[i] == '-' || s.p[i] == '+' ||
                           s.p[i] == '.'))
                i++;
        return i == s.n ? MORE : i == from ? NO : i;
}

/*
 * The length of `{"events": [` at the start of s, with up to four plain members before the list
 * (`next_page_token`); NO when it is an event's own brace, MORE when it cannot be said yet.
 */
static size_t page_opening(LimnSlice s)
{
        size_t i = 1;

        for (int members = 0; members < 5; members++) {
                i = skip_space(s, i);
                if (i == s.n)
                        return MORE;
                if (s.p[i] != '"')
                        return NO;
                size_t end = limn_json_string_end(s, i);
                if (end == MORE)
                        return MORE;
                LimnSlice key = limn_slice(s.p + i, end - i);
                i = skip_space(s, end);
                if (i == s.n)
                        return MORE;
                if (s.p[i] != ':')
                        return NO;
                i = skip_space(s, i + 1);
                if (i == s.n)
                        return MORE;
                if (limn_slice_eq(key, LIMN_S("\"events\"")) ||
                    limn_slice_eq(key, LIMN_S("\"events_json\"")))
                        return s.p[i] == '[' ? i + 1 : NO;
                i = skip_scalar(s, i);
                if (i == MORE || i == NO)
                        return i;
                i = skip_space(s, i);
                if (i == s.n)
                        return MORE;
                if (s.p[i++] != ',')
                        return NO;
        }
        return NO;
}

/* Behind the brace that closes a page, from behind its list's bracket. */
static size_t page_closing(LimnSlice s, size_t i)
{
        size_t depth = 1;

        while (i < s.n) {
                char c = s.p[i];
                if (c == '"') {
                        i = limn_json_string_end(s, i);
                        if (i == MORE)
                                return MORE;
                        continue;
                }
                depth += c == '{' || c == '[';
                i++;
                if ((c == '}' || c == ']') && --depth == 0)
                        return i;
        }
        return MORE;
}

/* The end of the object at i, by its brackets; or the line feed at which it is torn. */
static size_t object_end_slow(LimnSlice s, size_t i)
{
        size_t depth = 0;
        bool string = false;
        char before = 0; /* the last character that is no blank */

        for (; i < s.n; i++) {
                char c = s.p[i];
                if (string) {
                        if (c == '\\')
                                i++;
                        else if (c == '"')
                                string = false;
                        else if (c == '\n')
                                return i;
                        continue;
                }
                switch (c) {
                case '"':
                        string = true;
                        break;
                case '{':
                case '[':
                        depth++;
                        break;
                case '}':
                case ']':
                        if (--depth == 0)
                                return i + 1;
                        break;
                case '\n': {
                        size_t next = skip_space(s, i);
                        if (next == s.n)
                                return MORE;
                        if (s.p[next] == '{' && before != ',' && before != ':' && before != '[')
                                return i;
                        break;
                }
                }
                if (!limn_ascii_space(c))
                        before = c;
        }
        return MORE;
}

static size_t object_end(LimnSlice s, size_t i)
{
        /* Most end on the line they begin on, which the fast scanner sees; it does not see tears,
         * and those show at line feeds only. */
        LimnSlice line = limn_slice_from(s, i);
        line.n = limn_slice_chr(line, '\n');
        size_t n = limn_json_skip(line);
        return n ? i + n : object_end_slow(s, i);
}

/* Skips what opens arrays and pages. Returns where a record's content begins, or MORE. */
static size_t opening(LimnSlice s, bool last, uint8_t *place)
{
        size_t i = 0;

        while (i < s.n && s.p[i] == '\0')
                i++;
        if (limn_slice_starts(limn_slice_from(s, i), LIMN_S("\xEF\xBB\xBF")))
                i += 3;
        for (;;) {
                i = skip_between(s, i);
                if (i == s.n)
                        return MORE;
                if (*place == TOP && s.p[i] == '[') {
                        *place = ARRAY;
                        i++;
                } else if (*place == TOP && s.p[i] == '{') {
                        size_t n = page_opening(limn_slice_from(s, i));
                        if (n == MORE && !last)
                                return MORE;
                        if (n == MORE || n == NO)
                                return i;
                        *place = PAGE;
                        i += n;
                } else if (*place != TOP && s.p[i] == ']') {
                        i++;
                        if (*place == PAGE) {
                                i = page_closing(s, i);
                                if (i == MORE)
                                        return MORE;
                        }
                        *place = TOP;
                } else {
                        return i;
                }
        }
}

/* Skips what follows a record's content, up to the next record's. */
static size_t closing(LimnSlice s, size_t i, uint8_t *place)
{
        for (;;) {
                i = skip_between(s, i);
                if (i == s.n)
                        return MORE;
                if (s.p[i] != ']' && s.p[i] != '}')
                        return i;
                i++;
                if (*place == PAGE) {
                        i = page_closing(s, i);
                        if (i == MORE)
                                return MORE;
                }
                *place = TOP;
        }
}

size_t limn_pipeline_frame(LimnSlice bytes, bool last, void *state)
{
        LimnPipelineFrame *frame = state;
        uint8_t place = frame->place;
        size_t i, more = last ? bytes.n : 0;

        i = opening(bytes, last, &place);
        if (i == MORE)
                return more;
        if (bytes.p[i] == '{') {
                i = object_end(bytes, i);
                if (i == MORE)
                        return more;
        } else if (bytes.p[i] == '"' && place != TOP) {
                i = limn_json_string_end(bytes, i);
                if (i == MORE)
                        return more;
        } else {
                i += limn_slice_chr(limn_slice_from(bytes, i), '\n');
        }
        i = closing(bytes, i, &place);
        if (i == MORE)
                return more;
        frame->place = place;
        return i;
}

LimnSlice limn_pipeline_object(LimnSlice record)
{
        uint8_t place = TOP;
        size_t i = opening(record, true, &place);

        if (i == MORE)
                return limn_slice_to(record, 0);
        bool string = record.p[i] == '"' && i + 1 < record.n && record.p[i + 1] == '{';
        if (record.p[i] != '{' && !string)
                return limn_slice_to(record, 0);
        return limn_slice_from(record, i);
}
