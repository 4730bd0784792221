/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/jul.h"

#include "parsers/text.h"

/* The longest name of a month has seven bytes. */
#define MONTH_BYTES 12

typedef struct Word {
        LimnSlice text;
        int value;
} Word;

#define WORD(value, text) {{text, sizeof(text) - 1}, value},

static const Word months[] = {
#define MONTH(number, text) WORD(number, text)
#define HALF_DAY(hours, text)
#define LEVEL(level, text)
#include "parsers/jul_words.list"
#undef MONTH
#undef HALF_DAY
#undef LEVEL
};

static const Word halves[] = {
#define MONTH(number, text)
#define HALF_DAY(hours, text) WORD(hours, text)
#define LEVEL(level, text)
#include "parsers/jul_words.list"
#undef MONTH
#undef HALF_DAY
#undef LEVEL
};

static const Word levels[] = {
#define MONTH(number, text)
#define HALF_DAY(hours, text)
#define LEVEL(level, text) WORD(LIMN_LEVEL_##level, text)
#include "parsers/jul_words.list"
#undef MONTH
#undef HALF_DAY
#undef LEVEL
};

static int month_of(LimnSlice word)
{
        for (size_t i = 0; i < sizeof months / sizeof *months; i++)
                if (limn_slice_eq(word, months[i].text))
                        return months[i].value;
        return 0;
}

/* The half of the day at the start, with the blank behind it; 0: none. */
static size_t half_of(LimnSlice s, int *ret)
{
        for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
                size_t n = halves[i].text.n;
                if (n < s.n && s.p[n] == ' ' && limn_slice_starts(s, halves[i].text)) {
                        *ret = halves[i].value;
                        return n + 1;
                }
        }
        return 0;
}

/* A number of `min` to `max` digits with `end` behind it; the bytes taken. */
static size_t number(LimnSlice s, size_t min, size_t max, const char *end, int *ret)
{
        size_t n = limn_text_digits(s);
        LimnSlice behind = limn_slice_str(end);

        if (n < min || n > max || !limn_slice_starts(limn_slice_from(s, n), behind))
                return 0;
        *ret = 0;
        for (size_t i = 0; i < n; i++)
                *ret = *ret * 10 + (s.p[i] - '0');
        return n + behind.n;
}

/* `a.b.Class method`, or a name alone: one word or two, and nothing behind them. */
static bool is_source(LimnSlice s)
{
        size_t blanks = 0;

        if (s.n == 0 || !(limn_ascii_alpha(s.p[0]) || s.p[0] == '_'))
                return false;
        for (size_t i = 0; i < s.n; i++) {
                blanks += s.p[i] == ' ';
                if (!limn_ascii_alnum(s.p[i]) && !memchr("_.$<>- /", s.p[i], 8))
                        return false;
        }
        return blanks < 2;
}

bool limn_jul_head(LimnSlice line, LimnJulHead *ret)
{
        static const struct {
                size_t min, max;
                const char *end;
        } parts[] = {{1, 2, ", "}, {4, 4, " "}, {1, 2, ":"}, {2, 2, ":"}, {2, 2, " "}};
        int value[sizeof parts / sizeof *parts], half = 0;
        size_t at = limn_slice_chr(limn_slice_to(line, MONTH_BYTES), ' ');
        int month;

        if (at == 0 || at >= line.n || line.p[at] != ' ' ||
            !(month = month_of(limn_slice_to(line, at))))
                return false;
        at++;
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
                size_t n = number(limn_slice_from(line, at), parts[i].min, parts[i].max,
                                  parts[i].end, &value[i]);
                if (n == 0)
                        return false;
                at += n;
        }
        size_t n = half_of(limn_slice_from(line, at), &half);
        if (n == 0 || value[2] < 1 || value[2] > 12)
                return false;
        *ret = (LimnJulHead){
                .stamp = {.year = value[1], .month = month, .day = value[0],
                          .hour = value[2] % 12 + half, .minute = value[3], .second = value[4],
                          .resolution = LIMN_SECOND},
                .stamp_raw = limn_slice_to(line, at + n - 1),
                .source = limn_text_chomp(limn_slice_from(line, at + n)),
        };
        return ret->stamp.year > 0 && is_source(ret->source);
}

LimnLevel limn_jul_level(LimnSlice word)
{
        for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
                if (limn_slice_eq(word, levels[i].text))
                        return (LimnLevel)levels[i].value;
        return LIMN_LEVEL_NONE;
}
