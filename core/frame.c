/* SPDX-License-Identifier: Apache-2.0 */
#include "core/frame.h"

#include "core/limits.h"

int limn_frame_starts(const LimnFormat *format, LimnSlice bytes, bool last)
{
        LimnSlice head = limn_slice_to(bytes, LIMN_LINE_HEAD);
        size_t end = limn_slice_chr(head, '\n');

        if (end == head.n && head.n < LIMN_LINE_HEAD && !last)
                return -1;
        if (end > 0 && end < head.n && head.p[end - 1] == '\r')
                end--;
        return format->starts_record(limn_slice_to(head, end)) ? 1 : 0;
}

size_t limn_frame_next(const LimnFormat *format, LimnSlice bytes, bool last, void *state)
{
        size_t pos;

        if (bytes.n == 0)
                return 0;
        if (format->frame)
                return format->frame(bytes, last, state);

        pos = limn_slice_chr(bytes, '\n') + 1;
        if (pos > bytes.n)
                return last ? bytes.n : 0;
        /* A line that begins no record and follows none stands alone. */
        if (!format->starts_record || limn_frame_starts(format, bytes, last) == 0)
                return pos;

        while (pos < bytes.n) {
                LimnSlice rest = limn_slice_from(bytes, pos);
                int starts = limn_frame_starts(format, rest, last);
                size_t line;

                if (starts < 0)
                        return 0;
                if (starts)
                        return pos;
                line = limn_slice_chr(rest, '\n') + 1;
                if (line > rest.n)
                        return last ? bytes.n : 0;
                pos += line;
        }
        return last ? bytes.n : 0;
}
