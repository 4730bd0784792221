/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/fuzz.h"

#include "core/time.h"

#define FIRST_YEAR (-719162 * LIMN_DAY)
#define LAST_YEAR (2932897 * LIMN_DAY)

static void same_again(const LimnStamp *stamp)
{
        LimnTime t, again;
        LimnStamp back;
        char text[LIMN_TIME_ISO_MAX];
        if (!limn_stamp_to_utc(stamp, &t))
                return;
        PROMISE(t != LIMN_TIME_NONE);
        limn_time_iso_str(t, text);
        /* An offset may carry the ends of the calendar beyond it. */
        if (t < FIRST_YEAR || t >= LAST_YEAR)
                return;
        PROMISE(limn_stamp_iso(limn_slice_str(text), &back) == strlen(text));
        PROMISE(back.has_offset && back.offset_minutes == 0 && back.resolution == 1);
        PROMISE(limn_stamp_to_utc(&back, &again) && again == t);
}

static void read(size_t (*fn)(LimnSlice, LimnStamp *), LimnSlice s)
{
        LimnStamp stamp = {.micros = -1}, cut;
        size_t n = fn(s, &stamp);
        PROMISE(n <= s.n);
        PROMISE((n == 0) == (stamp.micros == -1));
        if (n == 0)
                return;
        PROMISE(stamp.resolution >= 1 && stamp.resolution <= LIMN_MINUTE);
        PROMISE(stamp.micros >= 0 && stamp.micros <= 999999);
        PROMISE(stamp.offset_minutes > -1440 && stamp.offset_minutes < 1440);
        PROMISE(stamp.has_offset || stamp.offset_minutes == 0);
        PROMISE(stamp.year != 0);
        /* What was taken stands for itself. */
        PROMISE(fn(limn_slice_to(s, n), &cut) == n);
        PROMISE(cut.second == stamp.second && cut.micros == stamp.micros &&
                cut.offset_minutes == stamp.offset_minutes);
        same_again(&stamp);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        LimnSlice s = {(const char *)data, size};
        LimnDuration d;
        read(limn_stamp_iso, s);
        read(limn_stamp_slash, s);
        read(limn_stamp_compact, s);
        if (limn_duration_parse(s, &d))
                PROMISE(d >= 0);
        if (size >= sizeof(LimnTime)) {
                LimnTime t;
                LimnBuf buf = LIMN_BUF(1000);
                memcpy(&t, data, sizeof t);
                PROMISE(limn_time_iso(t, &buf) == 0 && buf.n < LIMN_TIME_ISO_MAX);
                PROMISE(limn_duration_text(t, &buf) == 0);
                limn_buf_done(&buf);
        }
        return 0;
}
