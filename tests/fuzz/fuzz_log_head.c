/* SPDX-License-Identifier: Apache-2.0 */
/* Heads of log lines, found by the scanner or by the table of patterns: all they give points into
 * the line, and a line cut off behind what was read says the same of it. */
#include "tests/fuzz/fuzz.h"

#include "parsers/log_head.h"
#include "parsers/log_pattern.h"

static void part(LimnSlice s, LimnSlice line)
{
        volatile unsigned sum = fuzz_touch(s);

        (void)sum;
        PROMISE(!s.p || fuzz_inside(s, line));
}

static void stamp(const LimnStamp *stamp)
{
        PROMISE(stamp->micros >= 0 && stamp->micros <= 999999);
        PROMISE(stamp->offset_minutes > -1440 && stamp->offset_minutes < 1440);
}

static void head(LimnSlice line)
{
        LimnLogHead head, again;

        part(limn_log_line(line), line);
        if (!limn_log_head(line, &head))
                return;
        part(head.stamp_raw, line);
        part(head.level_raw, line);
        part(head.name, line);
        part(head.rest, line);
        PROMISE(head.n_brackets <= LIMN_HEAD_BRACKETS);
        for (size_t i = 0; i < head.n_brackets; i++)
                part(head.bracket[i], line);
        PROMISE(head.stamp_raw.n);
        PROMISE(head.jul ? head.level == LIMN_LEVEL_NONE : head.level != LIMN_LEVEL_NONE);
        stamp(&head.stamp);
        PROMISE(limn_log_head(line, &again) && limn_slice_eq(again.rest, head.rest));
}

static void pattern(LimnSlice line)
{
        LimnLogPattern pattern;

        if (!limn_log_pattern(line, &pattern))
                return;
        part(pattern.stamp_raw, line);
        part(pattern.level_raw, line);
        part(pattern.thread, line);
        part(pattern.logger, line);
        part(pattern.message, line);
        PROMISE(pattern.level != LIMN_LEVEL_NONE);
        if (pattern.stamp_raw.p)
                stamp(&pattern.stamp);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        LimnSlice line = limn_slice((const char *)data, size), word;
        LimnLevel level;
        LimnStamp at;

        if (limn_slice_chr(line, '\n') < line.n)
                return 0; /* a line has none */
        head(line);
        pattern(line);
        PROMISE(limn_log_stamp(line, &at) <= size);
        PROMISE(limn_log_level(line, &level, &word) <= size);
        PROMISE(limn_log_bracketed(line) <= size);
        limn_log_is_class(line);
        return 0;
}
