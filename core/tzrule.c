/* SPDX-License-Identifier: Apache-2.0 */
#include "core/tzrule.h"

#include "core/ascii.h"
#include "core/time.h"

/* The parse functions take what they know off the front of *s. */

static bool take(LimnSlice *s, char c)
{
        if (s->n == 0 || s->p[0] != c)
                return false;
        *s = limn_slice_from(*s, 1);
        return true;
}

static bool number(LimnSlice *s, int least, int most, int *ret)
{
        int value = 0;
        size_t n = 0;
        for (; n < s->n && n < 4 && limn_ascii_digit(s->p[n]); n++)
                value = value * 10 + s->p[n] - '0';
        if (n == 0 || value < least || value > most)
                return false;
        *s = limn_slice_from(*s, n);
        *ret = value;
        return true;
}

/* [+-]hh[:mm[:ss]] */
static bool clock_time(LimnSlice *s, int hours_max, int32_t *ret)
{
        bool negative = take(s, '-');
        int hours, minutes = 0, seconds = 0;
        if (!negative)
                take(s, '+');
        if (!number(s, 0, hours_max, &hours))
                return false;
        if (take(s, ':')) {
                if (!number(s, 0, 59, &minutes))
                        return false;
                if (take(s, ':') && !number(s, 0, 59, &seconds))
                        return false;
        }
        *ret = (hours * 3600 + minutes * 60 + seconds) * (negative ? -1 : 1);
        return true;
}

/* An abbreviation, `CET` or `<+0330>`: passed over. */
static bool abbreviation(LimnSlice *s)
{
        size_t n = 0;
        if (take(s, '<')) {
                n = limn_slice_chr(*s, '>');
                if (n == s->n)
                        return false;
                *s = limn_slice_from(*s, n + 1);
                return n > 0;
        }
        while (n < s->n && limn_ascii_alpha(s->p[n]))
                n++;
        *s = limn_slice_from(*s, n);
        return n >= 3;
}

static bool date(LimnSlice *s, LimnTzDate *ret)
{
        LimnTzDate d = {.time = 2 * 3600};
        if (!take(s, ','))
                return false;
        if (take(s, 'M')) {
                d.kind = 'M';
                if (!number(s, 1, 12, &d.month) || !take(s, '.') || !number(s, 1, 5, &d.week) ||
                    !take(s, '.') || !number(s, 0, 6, &d.day))
                        return false;
        } else if (take(s, 'J')) {
                d.kind = 'J';
                if (!number(s, 1, 365, &d.day))
                        return false;
        } else {
                d.kind = 'N';
                if (!number(s, 0, 365, &d.day))
                        return false;
        }
        if (take(s, '/') && !clock_time(s, 167, &d.time))
                return false;
        *ret = d;
        return true;
}

bool limn_tz_rule_parse(LimnSlice s, LimnTzRule *ret)
{
        LimnTzRule rule = {0};
        /* POSIX counts offsets west of Greenwich. */
        if (!abbreviation(&s) || !clock_time(&s, 24, &rule.std))
                return false;
        rule.std = -rule.std;
        if (s.n) {
                if (!abbreviation(&s))
                        return false;
                rule.has_dst = true;
                rule.dst = rule.std + 3600;
                if (s.n && s.p[0] != ',') {
                        if (!clock_time(&s, 24, &rule.dst))
                                return false;
                        rule.dst = -rule.dst;
                }
                if (!date(&s, &rule.start) || !date(&s, &rule.stop) || s.n)
                        return false;
        }
        *ret = rule;
        return true;
}

static int64_t day_of(const LimnTzDate *d, int year)
{
        int64_t january = limn_days_from_civil(year, 1, 1);
        if (d->kind == 'N')
                return january + d->day;
        if (d->kind == 'J') {
                bool leap = limn_days_from_civil(year, 3, 1) - january == 60;
                return january + d->day - 1 + (leap && d->day >= 60);
        }
        int64_t first = limn_days_from_civil(year, d->month, 1);
        int64_t next = d->month == 12 ? limn_days_from_civil(year + 1, 1, 1)
                                      : limn_days_from_civil(year, d->month + 1, 1);
        /* 1970-01-01 was a Thursday; years here are 1970 and later. */
        int64_t weekday = (first + 4) % 7;
        int64_t day = first + (d->day - weekday + 7) % 7 + 7 * (d->week - 1);
        return day >= next ? day - 7 : day; /* the fifth is the last */
}

int64_t limn_tz_rule_start(const LimnTzRule *rule, int year)
{
        return day_of(&rule->start, year) * 86400 + rule->start.time - rule->std;
}

int64_t limn_tz_rule_stop(const LimnTzRule *rule, int year)
{
        return day_of(&rule->stop, year) * 86400 + rule->stop.time - rule->dst;
}
