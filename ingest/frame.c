/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/frame.h"

#include "core/limits.h"
#include "core/vec.h"

void limn_cuts_done(LimnCuts *cuts)
{
        if (!cuts)
                return;
        free(cuts->at);
        *cuts = (LimnCuts){0};
}

uint32_t limn_count_lines(LimnSlice bytes)
{
        const char *p = bytes.p, *end = bytes.p + bytes.n;
        uint32_t n = 0;

        while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
                n++;
                p++;
        }
        return n;
}

static inline int add(LimnCuts *cuts, size_t length, uint32_t lines)
{
        if (limn_vec_room(cuts) < 0)
                return -ENOMEM;
        cuts->at[cuts->n++] = (LimnCut){(uint32_t)length, lines};
        cuts->bytes += length;
        cuts->lines += lines;
        return 0;
}

static int frame_values(const LimnFormat *format, LimnSlice bytes, bool last, void *state,
                        size_t max, LimnCuts *ret)
{
        while (ret->n < max && ret->bytes < bytes.n) {
                LimnSlice rest = limn_slice_from(bytes, ret->bytes);
                size_t length = format->frame(rest, last, state);
                uint32_t lines;

                if (length == 0)
                        break;
                if (length > rest.n)
                        length = rest.n;
                lines = limn_count_lines(limn_slice_to(rest, length));
                if (last && length == rest.n && rest.p[length - 1] != '\n')
                        lines++;
                if (add(ret, length, lines) < 0)
                        return -ENOMEM;
        }
        return 0;
}

int limn_frame_all(const LimnFormat *format, LimnSlice bytes, bool last, void *state, size_t max,
                   LimnCuts *ret)
{
        size_t start = 0, pos = 0;   /* of the open record; of the line looked at */
        uint32_t lines = 0;          /* of the open record */
        bool joins = false;          /* the open record takes lines that begin none */

        ret->n = 0;
        ret->bytes = 0;
        ret->lines = 0;
        if (format->frame)
                return frame_values(format, bytes, last, state, max, ret);

        while (pos < bytes.n && ret->n < max) {
                LimnSlice rest = limn_slice_from(bytes, pos);
                const char *feed = memchr(rest.p, '\n', rest.n);
                int starts = 1;

                /* limn_frame_starts(), with the line's end at hand. */
                if (format->starts_record) {
                        size_t end = feed ? (size_t)(feed - rest.p) : rest.n;

                        if (end >= LIMN_LINE_HEAD)
                                end = LIMN_LINE_HEAD;
                        else if (!feed && !last)
                                break;
                        else if (feed && end > 0 && rest.p[end - 1] == '\r')
                                end--;
                        starts = format->starts_record(limn_slice_to(rest, end));
                }
                if (pos > start && (starts || !joins)) {
                        if (add(ret, pos - start, lines) < 0)
                                return -ENOMEM;
                        start = pos;
                        lines = 0;
                }
                if (pos == start)
                        joins = starts && format->starts_record;
                if (!feed && !last)
                        return 0;
                lines++;
                pos += feed ? (size_t)(feed - rest.p) + 1 : rest.n;
        }
        /* A record that takes no further lines is complete with its own. */
        if (pos > start && ret->n < max && (last || !joins))
                return add(ret, pos - start, lines);
        return 0;
}

size_t limn_frame_rest(const LimnFormat *format, LimnSlice bytes, bool last, bool *mid_line,
                       bool *ret_open)
{
        size_t pos = 0;

        *ret_open = !last;
        if (*mid_line) {
                pos = limn_slice_chr(bytes, '\n') + 1;
                if (pos > bytes.n)
                        return bytes.n;
                *mid_line = false;
        }
        while (pos < bytes.n) {
                LimnSlice rest = limn_slice_from(bytes, pos);
                int starts = format->starts_record ? limn_frame_starts(format, rest, last) : 1;
                size_t line;

                if (starts) {
                        *ret_open = starts < 0;
                        return pos;
                }
                line = limn_slice_chr(rest, '\n') + 1;
                if (line > rest.n) {
                        *mid_line = true;
                        return bytes.n;
                }
                pos += line;
        }
        return bytes.n;
}
