/* SPDX-License-Identifier: Apache-2.0 */
/* minute, hour, day, week, month, year: a part of a stamp, compared as a number. */
#include "core/time.h"
#include "rules/op.h"
#include "rules/part.h"

static int iso_week(const LimnStamp *stamp)
{
        int64_t day = limn_days_from_civil(stamp->year, stamp->month, stamp->day);
        /* 1970-01-01 was a Thursday, and a week belongs to the year of its Thursday. */
        int64_t weekday = ((day + 3) % 7 + 7) % 7;
        int64_t thursday = day - weekday + 3;
        int year, month, in_month;
        limn_civil_from_days(thursday, &year, &month, &in_month);
        return (int)((thursday - limn_days_from_civil(year, 1, 1)) / 7) + 1;
}

bool limn_part(LimnSlice text, int part, LimnNumber *ret)
{
        LimnStamp stamp;
        if (!limn_stamp_iso(text, &stamp) && !limn_stamp_slash(text, &stamp))
                return false;
        switch (part) {
        case LIMN_PART_MINUTE:
                *ret = LIMN_NUMBER_OF(stamp.minute);
                return true;
        case LIMN_PART_HOUR:
                *ret = LIMN_NUMBER_OF(stamp.hour);
                return true;
        case LIMN_PART_DAY:
                *ret = LIMN_NUMBER_OF(stamp.day);
                return true;
        case LIMN_PART_WEEK:
                *ret = LIMN_NUMBER_OF(iso_week(&stamp));
                return true;
        case LIMN_PART_MONTH:
                *ret = LIMN_NUMBER_OF(stamp.month);
                return true;
        case LIMN_PART_YEAR:
                *ret = LIMN_NUMBER_OF(stamp.year);
                return true;
        }
        return false;
}

static int number(LimnItemBuild *build, LimnOperand *operand)
{
        if (operand->type != LIMN_OPERAND_NUMBER)
                return limn_op_error(build, operand, NULL, "needs a number");
        return 0;
}

static int set(LimnItemBuild *build, int part)
{
        if (build->item->part)
                return limn_op_error(build, NULL, NULL, "one part of a stamp at a time");
        build->item->part = part;
        return limn_op_each(build, number);
}

#define PART(id, constant)                                           \
        static int compile_##id(LimnItemBuild *build)                \
        {                                                            \
                return set(build, LIMN_PART_##constant);             \
        }                                                            \
        const LimnOp limn_op_##id = {                                \
                .name = #id,                                         \
                .help = "the " #id " of a stamp, as it is written",  \
                .flags = LIMN_OP_FIRST | LIMN_OP_NO_KEYWORD,         \
                .compile = compile_##id,                             \
        };

PART(minute, MINUTE)
PART(hour, HOUR)
PART(day, DAY)
PART(week, WEEK)
PART(month, MONTH)
PART(year, YEAR)
